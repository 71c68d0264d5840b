/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Words as numbers: the texts of a vocabulary, each once, numbered from 0 in order of addition. */
#pragma once

#include <glib.h>

#define HEARKEN_NO_WORD G_MAXUINT32

typedef struct HearkenWords HearkenWords;

HearkenWords *hearken_words_new (void);
/* Upper and lower case are the same: a word is found in any, and has the text first added. */
HearkenWords *hearken_words_new_ignoring_case (void);
void hearken_words_free (HearkenWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenWords, hearken_words_free)

/* Returns: the number of the word, a new one if it was not there */
guint32 hearken_words_add (HearkenWords *words, const char *text);
/* The same for a word that is not there, which is not looked for: where all words come this way, there is no
 * table of them until one is looked for. If it is there after all, the first is found. Not where case is
 * ignored. */
guint32 hearken_words_append (HearkenWords *words, const char *text);
/* Returns: the word's number, or %HEARKEN_NO_WORD */
guint32 hearken_words_find (const HearkenWords *words, const char *text);
/* Returns: its text, until a word is added */
const char *hearken_words_get (const HearkenWords *words, guint32 word);
guint32 hearken_words_get_n (const HearkenWords *words);
/* Of all texts, in order; @seed: as hearken_digest() has it. */
guint64 hearken_words_digest (const HearkenWords *words, guint64 seed);
