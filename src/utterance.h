/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Tokens become words, words an utterance; results queue up here until they are pulled.
 *
 * Word boundaries are marked in the tokens' text as in SentencePiece: a token that begins with "▁"
 * (U+2581) begins a word; a token that is "▁", " " or "|" alone separates words; any other goes on
 * with the word. In a model without any such mark every token is a word.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "model.h"
#include "result.h"
#include "state.h"

typedef struct {
  guint64 start_samples;
  guint64 end_samples;
  float log_prob; /* summed over n_tokens */
  guint n_tokens;
} HearkenSpan;

typedef struct {
  const HearkenModel *model;
  bool has_boundaries;    /* some token marks a word boundary */
  bool has_continuations; /* some token can go on with a word */
  GQueue results;         /* of HearkenResult */

  guint64 id;
  guint n_tokens; /* reported in this utterance */
  guint n_words;
  GString *word; /* the open word; empty if none is open */
  HearkenSpan word_span;
  GString *text; /* the words that are complete */
  HearkenSpan span;
} HearkenUtterance;

void hearken_utterance_init (HearkenUtterance *utterance, const HearkenModel *model);
void hearken_utterance_clear (HearkenUtterance *utterance);

/* Whether it has a token. */
bool hearken_utterance_is_open (const HearkenUtterance *utterance);
/* @log_prob: of the token's posterior. A separator where no word is open is no news, and dropped. */
void hearken_utterance_add (HearkenUtterance *utterance, guint token, float log_prob,
    guint64 start_samples, guint64 end_samples);
/* Reports the last word and the utterance, if it is open, and begins the next. */
void hearken_utterance_close (HearkenUtterance *utterance, HearkenEndReason reason);
/* Drops the results that wait and the open utterance, and begins the next. */
void hearken_utterance_discard (HearkenUtterance *utterance);
/* Returns: (transfer full) (nullable) */
HearkenResult *hearken_utterance_pull (HearkenUtterance *utterance);

/* Results that wait are not saved. */
void hearken_utterance_save (const HearkenUtterance *utterance, HearkenStateWriter *writer);
bool hearken_utterance_restore (HearkenUtterance *utterance, HearkenStateReader *reader);
