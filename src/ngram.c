/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ngram.h"

#include "arpa.h"
#include "language-file.h"
#include "ngram-file.h"
#include "ngram-internal.h"

#define MAX_FILE_BYTES (G_GUINT64_CONSTANT (1) << 30)

static HearkenCache cache;

/* Life */

HearkenNgram *
hearken_ngram_new (guint order, HearkenWords *words, guint32 n_contexts, guint32 n_arcs)
{
  HearkenNgram *ngram = g_new0 (HearkenNgram, 1);

  ngram->cached.ref_count = 1;
  ngram->order = order;
  ngram->words = words;
  ngram->n_words = hearken_words_get_n (words);
  ngram->n_contexts = n_contexts;
  ngram->n_arcs = n_arcs;
  ngram->contexts = g_new (HearkenNgramContext, (gsize) n_contexts + 1);
  return ngram;
}

/* A look at all of them is less than what the table of a large vocabulary takes. */
static guint32
find_special (const HearkenWords *words, const char *text)
{
  for (guint32 i = 0; i < hearken_words_get_n (words); i++)
    if (g_str_equal (hearken_words_get (words, i), text))
      return i;
  return HEARKEN_NO_WORD;
}

HearkenNgram *
hearken_ngram_seal (HearkenNgram *ngram)
{
  const guint32 begin = find_special (ngram->words, "<s>");

  ngram->begin = begin != HEARKEN_NO_WORD ? hearken_ngram_arc_get_next (ngram->arcs[begin]) : 0;
  ngram->end = find_special (ngram->words, "</s>");
  ngram->unknown = find_special (ngram->words, "<unk>");
  if (ngram->unknown == HEARKEN_NO_WORD)
    ngram->unknown = find_special (ngram->words, "<UNK>");
  return ngram;
}

guint32
hearken_ngram_get_unknown (const HearkenNgram *ngram)
{
  return ngram->unknown;
}

HearkenNgram *
hearken_ngram_ref (HearkenNgram *ngram)
{
  g_atomic_int_inc (&ngram->cached.ref_count);
  return ngram;
}

void
hearken_ngram_unref (HearkenNgram *ngram)
{
  if (ngram == NULL || !hearken_cache_unref (&cache, &ngram->cached))
    return;
  hearken_words_free (ngram->words);
  g_free (ngram->contexts);
  g_free (ngram->arcs);
  hearken_lexicon_free (ngram->lexicon);
  g_free (ngram);
}

/* @bytes: (transfer full) */
static HearkenNgram *
read_bytes (GBytes *bytes, const char *name, GError **error)
{
  HearkenNgram *ngram;

  if (hearken_ngram_file_is (bytes))
    return hearken_ngram_file_read (bytes, name, error);
  ngram = hearken_arpa_read (bytes, name, error);
  g_bytes_unref (bytes);
  return ngram;
}

HearkenNgram *
hearken_ngram_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  return read_bytes (g_bytes_ref (bytes), name, error);
}

static HearkenNgram *
load (const HearkenModelFile *file, GError **error)
{
  GBytes *bytes = hearken_language_file_read (file, error);
  HearkenNgram *ngram, *earlier;

  if (bytes == NULL)
    return NULL;
  ngram = read_bytes (bytes, file->name, error);
  if (ngram == NULL)
    return NULL;
  earlier = hearken_cache_insert (&cache, file->identity, &ngram->cached);
  if (earlier == NULL)
    return ngram;
  hearken_ngram_unref (ngram);
  return earlier;
}

HearkenNgram *
hearken_ngram_load (const char *path, GError **error)
{
  g_autoptr (HearkenModelFile) file = hearken_language_file_open (path, MAX_FILE_BYTES, error);
  HearkenNgram *ngram;

  if (file == NULL)
    return NULL;
  ngram = hearken_cache_lookup (&cache, file->identity);
  return ngram != NULL ? ngram : load (file, error);
}

/* Scores */

/* Returns: the arc of @key among the @n at @arcs; NULL if there is none */
static const HearkenNgramArc *
find_arc (const HearkenNgramArc *arcs, guint32 n, guint32 key)
{
  const HearkenNgramArc least = (HearkenNgramArc) key << 44;
  guint32 i = (guint32) ((guint64) key * n / HEARKEN_NGRAM_MAX_WORDS);

  while (i > 0 && arcs[i - 1] >= least)
    i--;
  while (i < n && arcs[i] < least)
    i++;
  return i < n && hearken_ngram_arc_get_key (arcs[i]) == key ? &arcs[i] : NULL;
}

HearkenNgramArc
hearken_ngram_find (const HearkenNgram *ngram, guint32 context, guint32 word, float *backoff)
{
  const guint32 key = hearken_ngram_word_to_key (word);

  while (context != 0) {
    const HearkenNgramContext *c = &ngram->contexts[context];
    const HearkenNgramArc *arc =
        find_arc (ngram->arcs + c->first_arc, c[1].first_arc - c->first_arc, key);
    if (arc != NULL)
      return *arc;
    *backoff += c->backoff;
    context = c->shorter;
  }
  return ngram->arcs[word];
}

static float
advance (gconstpointer self, guint32 state, guint32 word, guint32 *next)
{
  const HearkenNgram *ngram = self;
  float backoff = 0.0f;

  if (word >= ngram->n_words)
    word = ngram->unknown;
  if (word == HEARKEN_NO_WORD) {
    *next = 0;
    return -INFINITY;
  }
  const HearkenNgramArc arc = hearken_ngram_find (ngram, state, word, &backoff);
  *next = hearken_ngram_arc_get_next (arc);
  return backoff + hearken_cost_get_log_prob (hearken_ngram_arc_get_cost (arc));
}

static guint32
start (gconstpointer self)
{
  const HearkenNgram *ngram = self;

  return ngram->begin;
}

/* A model without </s> lets an utterance end anywhere. */
static float
finish (gconstpointer self, guint32 state)
{
  const HearkenNgram *ngram = self;
  guint32 next;

  return ngram->end != HEARKEN_NO_WORD ? advance (ngram, state, ngram->end, &next) : 0.0f;
}

HearkenWordModel
hearken_ngram_get_word_model (const HearkenNgram *ngram)
{
  return (HearkenWordModel){ ngram, start, advance, finish };
}

guint32
hearken_ngram_get_n_states (const HearkenNgram *ngram)
{
  return ngram->n_contexts;
}

HearkenCost
hearken_ngram_get_unigram (const HearkenNgram *ngram, guint32 word)
{
  return hearken_ngram_arc_get_cost (ngram->arcs[word]);
}

const HearkenWords *
hearken_ngram_get_words (const HearkenNgram *ngram)
{
  return ngram->words;
}

guint
hearken_ngram_get_order (const HearkenNgram *ngram)
{
  return ngram->order;
}

const HearkenLexicon *
hearken_ngram_get_lexicon (const HearkenNgram *ngram, guint64 origin)
{
  return ngram->lexicon_origin == origin ? ngram->lexicon : NULL;
}

GBytes *
hearken_ngram_compile (const HearkenNgram *ngram, const HearkenLexicon *lexicon, guint64 origin)
{
  return hearken_ngram_file_write (ngram, lexicon, origin);
}
