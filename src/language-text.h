/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Text that dictionaries, grammars and lists are read from: UTF-8, lines counted from 1. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "language-error.h"
#include "language-file.h"

/* May be at the beginning of a file, and is no part of the text. */
#define HEARKEN_BYTE_ORDER_MARK "\xef\xbb\xbf"

/* What a file has in it, without a byte order mark. Errors: HEARKEN_LANGUAGE_ERROR_IO; _SYNTAX, with
 * file and line, where it is not UTF-8 or has control characters. Returns: (transfer full) */
char *hearken_language_text_read (const HearkenModelFile *file, GError **error);
/* The same of a regular file of at most @max_bytes. */
char *hearken_language_text_load (const char *path, guint64 max_bytes, GError **error);
/* Returns: whether @text is UTF-8 without control characters but white space; false with @error set
 * (HEARKEN_LANGUAGE_ERROR_SYNTAX) */
bool hearken_language_text_check (
    const char *text, gsize n_bytes, const char *name, GError **error);
/* Returns: the number of the line that @end, in the text from @begin on, is in */
guint hearken_language_text_get_line (const char *begin, const char *end);
/* Sets @error to "NAME:LINE: " and the reason. */
void hearken_language_text_fail (GError **error, HearkenLanguageError code, const char *name,
    guint line, const char *format, ...) G_GNUC_PRINTF (5, 6);
