/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "language-model.h"

#include <math.h>

#include "graph-internal.h"
#include "ngram.h"

GBytes *
hearken_language_model_compile (
    const char *path, HearkenModel *model, const char *dictionary, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (HearkenNgram) ngram = hearken_ngram_load (path, error);
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;

  if (ngram == NULL || model == NULL)
    return ngram != NULL ? hearken_ngram_compile (ngram, NULL, 0) : NULL;
  options.language_model = path;
  options.dictionary = dictionary;
  g_autoptr (HearkenGraph) graph = hearken_graph_new (model, &options, error);
  return graph != NULL ? hearken_ngram_compile (graph->ngram, graph->lexicon, graph->origin) : NULL;
}

static void
measure_word (const HearkenNgram *ngram, const char *text, guint32 *state, HearkenTextFit *fit)
{
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  const guint32 word = hearken_words_find (hearken_ngram_get_words (ngram), text);
  const float log_prob = model.advance (model.self, *state, word, state);

  if (word == HEARKEN_NO_WORD || isinf (log_prob)) {
    fit->n_unknown++;
    return;
  }
  fit->n_words++;
  fit->log_prob += log_prob;
}

static void
measure_sentence (const HearkenNgram *ngram, const char *sentence, HearkenTextFit *fit)
{
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  g_auto (GStrv) words = g_strsplit_set (sentence, " \t\r\f\v", 0);
  guint32 state = model.start (model.self);
  guint n_words = 0;

  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0')
      continue;
    measure_word (ngram, words[i], &state, fit);
    n_words++;
  }
  if (n_words == 0)
    return;
  fit->n_sentences++;
  fit->log_prob += model.finish (model.self, state);
}

gboolean
hearken_language_model_measure (
    const char *path, const char *text, HearkenTextFit *fit, GError **error)
{
  g_return_val_if_fail (path != NULL && text != NULL && fit != NULL, FALSE);
  g_autoptr (HearkenNgram) ngram = hearken_ngram_load (path, error);
  g_auto (GStrv) sentences = NULL;

  *fit = (HearkenTextFit){ 0 };
  if (ngram == NULL)
    return FALSE;
  sentences = g_strsplit (text, "\n", 0);
  for (guint i = 0; sentences[i] != NULL; i++)
    measure_sentence (ngram, sentences[i], fit);
  return TRUE;
}
