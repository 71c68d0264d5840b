/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Words as they are said to words as they are written, in English: numbers in digits ("twenty five"
 * becomes "25"), spelled letters joined ("a n four": "AN4"), names with a capital, a capital at the
 * beginning. For people to read; what programs act on stays as it was said.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A word as it is written, and which of the words said it stands for. */
typedef struct {
  char *text;
  guint first;
  guint n_words;   /* at least 1 */
  guint n_awaited; /* so many words behind these could yet change it */
} HearkenCleanWord;

/**
 * hearken_clean_up_words:
 * @words: (array length=n_words): UTF-8; of one utterance, in order
 * @is_beginning: whether the utterance begins with them, and so with a capital
 *
 * Returns: (transfer full) (element-type HearkenCleanWord): in order; each word said is in just one
 */
GPtrArray *hearken_clean_up_words (const char *const *words, guint n_words, gboolean is_beginning);

/* Returns: (transfer full): the same for words with blanks between, as in an utterance's text */
char *hearken_clean_up_text (const char *text);

G_END_DECLS
