/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What targets have in common that end in transcripts. */
#pragma once

#include "transcript.h"

/* Fails unless it is JSON. @text: NUL-terminated */
void fuzz_check_json (const char *text);
/* Writes a transcript of one utterance in every format; JSON must be JSON, and all is UTF-8 without control
 * characters. */
void fuzz_write_transcripts (const ToolUtterance *utterance);
