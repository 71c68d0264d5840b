/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Texts made comparable. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tool_normalize() does, for people. */
#define TOOL_NORMALIZATION                                                                         \
  "lower case; hyphens and dashes are spaces; other punctuation and symbols are left out"

/* @text: UTF-8. Returns: (transfer full): words in lower case with a space between */
char *tool_normalize (const char *text);

G_END_DECLS
