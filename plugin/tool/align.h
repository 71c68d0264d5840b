/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The fewest errors that turn what was said into what was heard (Levenshtein distance), counted as
 * NIST's sclite does: a substitution costs 4, a deletion and an insertion 3 each, and of two
 * alignments that cost the same, each step prefers substitution, then insertion, then deletion.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint n_said; /* words, or letters */
  guint n_substitutions;
  guint n_deletions;
  guint n_insertions;
} ToolErrors;

/* @said: [n_said], @heard: [n_heard]: equal numbers for equal words or letters */
ToolErrors tool_align (const guint32 *said, guint n_said, const guint32 *heard, guint n_heard);

/* Words are what is between white space. */
ToolErrors tool_align_words (const char *said, const char *heard);
/* Letters are Unicode characters other than white space. */
ToolErrors tool_align_letters (const char *said, const char *heard);

void tool_errors_add (ToolErrors *errors, const ToolErrors *other);
guint tool_errors_count (const ToolErrors *errors);
/* Errors per word or letter said, in percent. */
double tool_errors_get_percent (const ToolErrors *errors);

G_END_DECLS
