/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ngram-file.h"

#include <string.h>

#include "language-error.h"
#include "lexicon-file.h"
#include "ngram-internal.h"

static const char magic[8] = "HKNGRAM\1";

enum { ORDER, N_WORDS, N_TEXT_BYTES, N_CONTEXTS, N_ARCS, N_SIZES };

#define HEADER_BYTES (sizeof (magic) + N_SIZES * sizeof (guint32))
#define CONTEXT_BYTES (3 * sizeof (guint32))

bool
hearken_ngram_file_is (GBytes *bytes)
{
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);

  return n_bytes >= sizeof (magic) - 1 && memcmp (data, magic, sizeof (magic) - 1) == 0;
}

/* Reading */

static guint32
take_u32 (const guint8 **bytes)
{
  guint32 value;

  memcpy (&value, *bytes, sizeof (value));
  *bytes += sizeof (value);
  return GUINT32_FROM_LE (value);
}

static float
take_float (const guint8 **bytes)
{
  const guint32 bits = take_u32 (bytes);
  float value;

  memcpy (&value, &bits, sizeof (value));
  return value;
}

/* Returns: what is wrong; NULL if nothing is */
static const char *
read_header (const guint8 **bytes, gsize n_bytes, guint32 *sizes)
{
  guint64 n_needed = HEADER_BYTES;

  if (n_bytes < HEADER_BYTES)
    return "the file is cut off";
  if (memcmp (*bytes, magic, sizeof (magic)) != 0)
    return "it is of another version";
  *bytes += sizeof (magic);
  for (guint i = 0; i < N_SIZES; i++)
    sizes[i] = take_u32 (bytes);
  if (sizes[ORDER] < 1 || sizes[ORDER] > HEARKEN_NGRAM_MAX_ORDER)
    return "its order is out of range";
  if (sizes[N_WORDS] < 1 || sizes[N_WORDS] > HEARKEN_NGRAM_MAX_WORDS)
    return "its number of words is out of range";
  if (sizes[N_CONTEXTS] < 1 || sizes[N_CONTEXTS] > HEARKEN_NGRAM_MAX_CONTEXTS)
    return "its number of contexts is out of range";
  if (sizes[N_ARCS] < sizes[N_WORDS])
    return "it has fewer n-grams than words";
  n_needed += sizes[N_TEXT_BYTES] + (guint64) sizes[N_CONTEXTS] * CONTEXT_BYTES +
              (guint64) sizes[N_ARCS] * sizeof (HearkenNgramArc);
  return n_bytes < n_needed ? "the file is cut off" : NULL;
}

static const char *
read_words (const guint8 **bytes, const guint32 *sizes, HearkenWords *words)
{
  const char *text = (const char *) *bytes, *end = text + sizes[N_TEXT_BYTES];

  *bytes += sizes[N_TEXT_BYTES];
  if (text == end || end[-1] != '\0')
    return "its words do not end";
  for (guint32 i = 0; i < sizes[N_WORDS]; i++) {
    if (text == end)
      return "it lacks words";
    const gsize length = strlen (text);
    if (length == 0 || length > HEARKEN_NGRAM_MAX_WORD_BYTES ||
        !g_utf8_validate (text, (gssize) length, NULL))
      return "a word is empty, too long or not UTF-8";
    hearken_words_append (
        words, text); /* one that is there twice is found once, and does no harm */
    text += length + 1;
  }
  return text == end ? NULL : "it has more words than it says";
}

/* @depths: [n_contexts], words of each context at most; to back off takes no more steps. */
static const char *
read_contexts (const guint8 **bytes, HearkenNgram *ngram, guint8 *depths)
{
  guint32 n_arcs = 0;

  for (guint32 i = 0; i < ngram->n_contexts; i++) {
    HearkenNgramContext *context = &ngram->contexts[i];
    context->first_arc = take_u32 (bytes);
    context->shorter = take_u32 (bytes);
    context->backoff = take_float (bytes);
    if (context->first_arc < n_arcs || context->first_arc > ngram->n_arcs)
      return "its n-grams are out of order";
    n_arcs = context->first_arc;
    if (i == 0 ? context->shorter != 0 : context->shorter >= i)
      return "a context backs off to one that is not shorter";
    depths[i] = i > 0 ? depths[context->shorter] + 1 : 0;
    if (depths[i] >= ngram->order)
      return "a context is longer than its order";
    if (!isfinite (context->backoff))
      return "a back-off weight is not finite";
  }
  ngram->contexts[ngram->n_contexts] = (HearkenNgramContext){ ngram->n_arcs, 0, 0.0f };
  return NULL;
}

static HearkenNgramArc
take_arc (const guint8 **bytes)
{
  HearkenNgramArc arc;

  memcpy (&arc, *bytes, sizeof (arc));
  *bytes += sizeof (arc);
  return GUINT64_FROM_LE (arc);
}

static const char *
check_arcs (const guint8 *bytes, const HearkenNgram *ngram)
{
  if (ngram->contexts[0].first_arc != 0 || ngram->contexts[1].first_arc != ngram->n_words)
    return "it does not have every word";
  for (guint32 context = 0, i = 0; context < ngram->n_contexts; context++) {
    const guint32 end = ngram->contexts[context + 1].first_arc;
    for (gint64 last = -1; i < end; i++) {
      const HearkenNgramArc arc = take_arc (&bytes);
      const guint32 key = hearken_ngram_arc_get_key (arc);
      const guint32 word = hearken_ngram_key_to_word (key);
      if (word >= ngram->n_words || hearken_ngram_arc_get_next (arc) >= ngram->n_contexts)
        return "an n-gram refers to what is not there";
      if (context == 0 ? word != i : key <= last)
        return "its n-grams are out of order";
      last = key;
    }
  }
  return NULL;
}

/* @arcs: of which the first are those of no words, one for each */
static const char *
read_lexicon (const guint8 *bytes, const guint8 *end, const guint8 *arcs, HearkenNgram *ngram)
{
  g_autofree HearkenCost *costs = g_new (HearkenCost, ngram->n_words);
  const char *reason;

  if (bytes == end)
    return NULL;
  if ((gsize) (end - bytes) < sizeof (ngram->lexicon_origin))
    return "its lexicon is cut off";
  memcpy (&ngram->lexicon_origin, bytes, sizeof (ngram->lexicon_origin));
  ngram->lexicon_origin = GUINT64_FROM_LE (ngram->lexicon_origin);
  bytes += sizeof (ngram->lexicon_origin);
  for (guint32 word = 0; word < ngram->n_words; word++)
    costs[word] = hearken_ngram_arc_get_cost (take_arc (&arcs));
  ngram->lexicon = hearken_lexicon_file_read (bytes, end - bytes, costs, ngram->n_words, &reason);
  return reason;
}

/* Returns: (transfer full) (nullable): a model without its arcs, which begin at @arcs; NULL with @reason
 * set */
static HearkenNgram *
read_all (const guint8 *bytes, gsize n_bytes, const guint8 **arcs, const char **reason)
{
  const guint8 *end = bytes + n_bytes;
  guint32 sizes[N_SIZES];
  g_autoptr (HearkenWords) words = hearken_words_new ();
  g_autoptr (HearkenNgram) ngram = NULL;
  g_autofree guint8 *depths = NULL;

  if ((*reason = read_header (&bytes, n_bytes, sizes)) != NULL ||
      (*reason = read_words (&bytes, sizes, words)) != NULL)
    return NULL;
  depths = g_new (guint8, sizes[N_CONTEXTS]);
  ngram =
      hearken_ngram_new (sizes[ORDER], g_steal_pointer (&words), sizes[N_CONTEXTS], sizes[N_ARCS]);
  if ((*reason = read_contexts (&bytes, ngram, depths)) != NULL ||
      (*reason = check_arcs (bytes, ngram)) != NULL)
    return NULL;
  *arcs = bytes;
  bytes += (gsize) ngram->n_arcs * sizeof (HearkenNgramArc);
  *reason = read_lexicon (bytes, end, *arcs, ngram);
  return *reason == NULL ? g_steal_pointer (&ngram) : NULL;
}

/* Most of a file are its arcs: they stay in the memory that it was read into, moved to the beginning, so
 * that there is never a second of them. @bytes: (transfer full) */
static HearkenNgramArc *
keep_arcs (GBytes *bytes, gsize offset, guint32 n_arcs)
{
  const gsize size = n_arcs * sizeof (HearkenNgramArc);
  gsize n_bytes;
  guint8 *data = g_bytes_unref_to_data (bytes, &n_bytes);
  HearkenNgramArc *arcs;

  memmove (data, data + offset, size);
  arcs = g_realloc (data, size);
  for (guint32 i = 0; i < n_arcs; i++)
    arcs[i] = GUINT64_FROM_LE (arcs[i]);
  return arcs;
}

HearkenNgram *
hearken_ngram_file_read (GBytes *bytes, const char *name, GError **error)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes), *arcs;
  const char *reason;
  HearkenNgram *ngram = read_all (data, n_bytes, &arcs, &reason);

  if (ngram == NULL) {
    g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX,
        "%s: the compiled language model is damaged: %s", name, reason);
    g_bytes_unref (bytes);
    return NULL;
  }
  ngram->arcs = keep_arcs (bytes, (gsize) (arcs - data), ngram->n_arcs);
  return hearken_ngram_seal (ngram);
}

/* Writing */

static void
put_u32 (GByteArray *file, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (file, (const guint8 *) &value, sizeof (value));
}

static void
put_float (GByteArray *file, float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof (bits));
  put_u32 (file, bits);
}

static void
put_header (GByteArray *file, const HearkenNgram *ngram)
{
  guint32 n_text_bytes = 0;

  for (guint32 i = 0; i < ngram->n_words; i++)
    n_text_bytes += (guint32) strlen (hearken_words_get (ngram->words, i)) + 1;
  g_byte_array_append (file, (const guint8 *) magic, sizeof (magic));
  put_u32 (file, ngram->order);
  put_u32 (file, ngram->n_words);
  put_u32 (file, n_text_bytes);
  put_u32 (file, ngram->n_contexts);
  put_u32 (file, ngram->n_arcs);
}

GBytes *
hearken_ngram_file_write (const HearkenNgram *ngram, const HearkenLexicon *lexicon, guint64 origin)
{
  GByteArray *file = g_byte_array_new ();

  put_header (file, ngram);
  for (guint32 i = 0; i < ngram->n_words; i++) {
    const char *text = hearken_words_get (ngram->words, i);
    g_byte_array_append (file, (const guint8 *) text, (guint) strlen (text) + 1);
  }
  for (guint32 i = 0; i < ngram->n_contexts; i++) {
    put_u32 (file, ngram->contexts[i].first_arc);
    put_u32 (file, ngram->contexts[i].shorter);
    put_float (file, ngram->contexts[i].backoff);
  }
  for (guint32 i = 0; i < ngram->n_arcs; i++) {
    const HearkenNgramArc arc = GUINT64_TO_LE (ngram->arcs[i]);
    g_byte_array_append (file, (const guint8 *) &arc, sizeof (arc));
  }
  if (lexicon != NULL) {
    origin = GUINT64_TO_LE (origin);
    g_byte_array_append (file, (const guint8 *) &origin, sizeof (origin));
    hearken_lexicon_file_write (lexicon, file);
  }
  return g_byte_array_free_to_bytes (file);
}
