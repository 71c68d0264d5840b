/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What may be said: the decoding graph of a model. A lexicon over the model's tokens with a language
 * model or a grammar, hotwords, keywords. Everything that is read from files and can be wrong is
 * read and checked here, on any thread; immutable then, and shared by any number of recognisers.
 */
#pragma once

#include <math.h>

#include <glib.h>

#include "language-error.h"
#include "model.h"
#include "visibility.h"

G_BEGIN_DECLS

/**
 * HearkenGraphOptions:
 * @dictionary: pronunciations in CMUdict's format; %NULL: the model's own, or spelling by its tokens
 * @language_model: ARPA or compiled n-grams; %NULL: the model's own, if it has one and no grammar
 *   is given; "": none
 * @grammar: JSGF, or phrases one a line; excludes @language_model
 * @keywords: phrases one a line with thresholds; excludes the two above
 * @hotwords: phrases one a line with boosts, of words that the language model or the grammar has;
 *   with neither, over all words that the model can spell, of its letters or subwords
 * @language_weight: of the language model's log-probabilities; NaN: the model's own, or 1
 * @word_bonus: added for every word; NaN: the model's own, or 0
 * @unknown_penalty: words that are not in the vocabulary are spelled in the model's letters or
 *   subwords, for this much off per word (natural logarithm, 0 or more); NaN: there are none
 *
 * Paths are in the encoding of the file system.
 */
typedef struct {
  const char *dictionary;
  const char *language_model;
  const char *grammar;
  const char *keywords;
  const char *hotwords;
  double language_weight;
  double word_bonus;
  double unknown_penalty;
} HearkenGraphOptions;

/* Without names, which C++ knows only since C++20. */
#define HEARKEN_GRAPH_OPTIONS_INIT                                                                 \
  {                                                                                                \
    NULL, NULL, NULL, NULL, NULL, NAN, NAN, NAN                                                    \
  }

typedef struct _HearkenGraph HearkenGraph;

/**
 * hearken_graph_new:
 *
 * What was loaded before from the same unchanged files in this process is shared.
 *
 * Returns: (transfer full) (nullable): the graph; %NULL with @error set. Without any option, and
 *   for a model that brings nothing of its own, a graph in which every token is possible: the best
 *   path (greedy decoding)
 */
HEARKEN_API HearkenGraph *hearken_graph_new (
    HearkenModel *model, const HearkenGraphOptions *options, GError **error);
HEARKEN_API HearkenGraph *hearken_graph_ref (HearkenGraph *graph);
HEARKEN_API void hearken_graph_unref (HearkenGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenGraph, hearken_graph_unref)

G_END_DECLS
