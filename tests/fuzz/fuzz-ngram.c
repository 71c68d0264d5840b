/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The input is a language model, as ARPA text or compiled. One that is taken can be looked up in from
 * every state, and compiled. */

#include <math.h>

#include "fuzz.h"
#include "ngram-internal.h"

#define MAX_LOOKUPS 20000

static void
look_up (const HearkenNgram *ngram)
{
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  const guint32 n_words = hearken_words_get_n (hearken_ngram_get_words (ngram));
  guint n_lookups = 0;

  g_assert (model.start (model.self) < ngram->n_contexts);
  for (guint32 state = 0; state < ngram->n_contexts && n_lookups < MAX_LOOKUPS; state++) {
    g_assert (!isnan (model.finish (model.self, state)));
    for (guint32 word = 0; word <= n_words; word++, n_lookups++) {
      guint32 next;
      g_assert (!isnan (model.advance (model.self, state, word, &next)));
      g_assert (next < ngram->n_contexts);
    }
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenNgram) ngram = hearken_ngram_new_from_bytes (bytes, "fuzz", &error);

  g_assert ((ngram == NULL) == (error != NULL));
  if (ngram == NULL)
    return 0;
  look_up (ngram);
  g_autoptr (GBytes) compiled =
      hearken_ngram_compile (ngram, ngram->lexicon, ngram->lexicon_origin);
  g_autoptr (HearkenNgram) again = hearken_ngram_new_from_bytes (compiled, "fuzz", &error);
  g_assert_no_error (error);
  g_assert (again->n_arcs == ngram->n_arcs);
  return 0;
}
