/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The parts of a graph, for the modules that decode with it. */
#pragma once

#include "cache.h"
#include "grammar.h"
#include "graph.h"
#include "keywords.h"
#include "ngram.h"
#include "search.h"

/* Immutable. Words are searched for, keywords spotted, or neither. */
struct _HearkenGraph {
  HearkenCached cached;
  HearkenModel *model;
  guint64 digest; /* tells graphs apart, in saved states; 0 for the one in which all is possible */

  HearkenKeywords *keywords; /* nullable */

  const HearkenWords *words;     /* nullable; of the language model, the grammar or the hotwords */
  HearkenWords *own_words;       /* nullable; of hotwords alone */
  HearkenNgram *ngram;           /* nullable */
  HearkenGrammar *grammar;       /* nullable */
  HearkenHotwords *hotwords;     /* nullable */
  const HearkenLexicon *lexicon; /* nullable; the language model's, or: */
  HearkenLexicon *own_lexicon;   /* nullable */
  guint64 origin;                /* a digest of what words are said by: tokens, dictionary */
  double *factors;               /* nullable; [HEARKEN_N_COSTS] */
  guint8 *pieces;                /* nullable; [n_tokens], what the search can spell with */
  HearkenSearchSpace space;      /* of the parts above */
};
