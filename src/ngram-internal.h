/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * An n-gram model as an automaton. A context is a history that changes what follows: one that has
 * successors or a back-off weight. Its number is the search's state. Its arcs, one for each word
 * that was seen after it, lie side by side. All other words follow by way of the longest shorter
 * context; that of no words, 0, has an arc for every word, in order of their numbers.
 *
 * The arcs of the others are in order of their keys: the words' numbers, scattered evenly. So the
 * place of an arc can be told from its key, but for a few steps, and looking up costs one or two
 * cache misses however many arcs there are.
 */
#pragma once

#include "cache.h"
#include "cost.h"
#include "ngram.h"

#define HEARKEN_NGRAM_MAX_ORDER 5
#define HEARKEN_NGRAM_MAX_WORDS (1u << 20)
#define HEARKEN_NGRAM_MAX_CONTEXTS (1u << 28)
#define HEARKEN_NGRAM_MAX_WORD_BYTES 255

/* From the high to the low bits: key (20), the context after it (28), its cost (16): one lookup gives
 * all. */
typedef guint64 HearkenNgramArc;

typedef struct {
  guint32 first_arc;
  guint32 shorter; /* the context to back off to, of a lower number; of context 0: itself */
  float backoff;   /* ln */
} HearkenNgramContext;

struct HearkenNgram {
  HearkenCached cached;
  guint order;
  HearkenWords *words;
  guint32 n_words;
  guint32 begin;   /* the context after <s>, 0 if there is no <s> */
  guint32 end;     /* </s>, or HEARKEN_NO_WORD */
  guint32 unknown; /* <unk>, or HEARKEN_NO_WORD */
  guint32 n_contexts;
  guint32 n_arcs;
  HearkenNgramContext
      *contexts;           /* [n_contexts + 1]: the last one ends the arcs of the one before */
  HearkenNgramArc *arcs;   /* [n_arcs] */
  HearkenLexicon *lexicon; /* nullable; of its words */
  guint64 lexicon_origin;
};

/* A permutation of 20 bits, and its inverse: the factors are inverses modulo 2^20. */
static inline guint32
hearken_ngram_word_to_key (guint32 word)
{
  return word * 0x9e375u & (HEARKEN_NGRAM_MAX_WORDS - 1);
}

static inline guint32
hearken_ngram_key_to_word (guint32 key)
{
  return key * 0xb94ddu & (HEARKEN_NGRAM_MAX_WORDS - 1);
}

static inline guint32
hearken_ngram_arc_get_key (HearkenNgramArc arc)
{
  return (guint32) (arc >> 44);
}

static inline guint32
hearken_ngram_arc_get_next (HearkenNgramArc arc)
{
  return (guint32) (arc >> 16) & (HEARKEN_NGRAM_MAX_CONTEXTS - 1);
}

static inline HearkenCost
hearken_ngram_arc_get_cost (HearkenNgramArc arc)
{
  return (HearkenCost) arc;
}

static inline HearkenNgramArc
hearken_ngram_arc_new (guint32 word, guint32 next, double log_prob)
{
  return (guint64) hearken_ngram_word_to_key (word) << 44 | (guint64) next << 16 |
         hearken_cost_new (log_prob);
}

/* Finds the arc of @word at @context or, failing that, at the shorter ones.
 * @backoff: what backing off costs is added to it */
HearkenNgramArc hearken_ngram_find (
    const HearkenNgram *ngram, guint32 context, guint32 word, float *backoff);

/* A new model of @words (transfer full), its contexts uninitialised, its arcs still to be had. */
HearkenNgram *hearken_ngram_new (
    guint order, HearkenWords *words, guint32 n_contexts, guint32 n_arcs);
/* Once the arrays are filled: finds <s>, </s> and <unk>. Returns: @ngram */
HearkenNgram *hearken_ngram_seal (HearkenNgram *ngram);
