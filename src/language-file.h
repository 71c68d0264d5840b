/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The files that dictionaries, language models, grammars and lists are read from: what model-file
 * does, its errors as HEARKEN_LANGUAGE_ERROR_IO. */
#pragma once

#include "model-file.h"

/* A regular file of at most @max_bytes. Returns: (transfer full) */
HearkenModelFile *hearken_language_file_open (const char *path, guint64 max_bytes, GError **error);
/* To be called once. Returns: (transfer full): the contents; a zero follows them */
GBytes *hearken_language_file_read (const HearkenModelFile *file, GError **error);
/* Makes *@digest that of a file of at most @max_bytes; what it was before is the seed. */
bool hearken_language_file_digest (
    const char *path, guint64 max_bytes, guint64 *digest, GError **error);
