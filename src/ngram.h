/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * N-gram language models with back-off (Katz, 1987), orders 1 to 5. Read from ARPA text or from a
 * compiled file, told apart by their first bytes; immutable, shared by any number of streams.
 */
#pragma once

#include <glib.h>

#include "cost.h"
#include "lexicon.h"
#include "word-model.h"
#include "words.h"

typedef struct HearkenNgram HearkenNgram;

/* Errors: HEARKEN_LANGUAGE_ERROR with file, line (ARPA) and reason. Returns: (transfer full) */
HearkenNgram *hearken_ngram_load (const char *path, GError **error);
HearkenNgram *hearken_ngram_new_from_bytes (GBytes *bytes, const char *name, GError **error);
HearkenNgram *hearken_ngram_ref (HearkenNgram *ngram);
void hearken_ngram_unref (HearkenNgram *ngram);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenNgram, hearken_ngram_unref)

/* Its vocabulary: <s>, </s> and <unk> are in it as they are in the file. */
const HearkenWords *hearken_ngram_get_words (const HearkenNgram *ngram);
/* Returns: the word that stands for all others, or %HEARKEN_NO_WORD */
guint32 hearken_ngram_get_unknown (const HearkenNgram *ngram);
guint hearken_ngram_get_order (const HearkenNgram *ngram);
/* Of @word without history, for the search's look-ahead. */
HearkenCost hearken_ngram_get_unigram (const HearkenNgram *ngram, guint32 word);
/* The states of its word model are below this. */
guint32 hearken_ngram_get_n_states (const HearkenNgram *ngram);
/* The word model's self is @ngram: it must live as long. */
HearkenWordModel hearken_ngram_get_word_model (const HearkenNgram *ngram);
/* How its words are said, if it was compiled with that. @origin: a digest of what that comes from.
 * Returns: (nullable): the lexicon, of any tokens; NULL if there is none, or of another origin */
const HearkenLexicon *hearken_ngram_get_lexicon (const HearkenNgram *ngram, guint64 origin);
/* @lexicon: (nullable): how its words are said. Returns: (transfer full): the compiled file */
GBytes *hearken_ngram_compile (
    const HearkenNgram *ngram, const HearkenLexicon *lexicon, guint64 origin);
