/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What was recognised: one token, word or utterance; or that speech began or ended. */
#pragma once

#include <glib.h>

#include "visibility.h"

G_BEGIN_DECLS

/**
 * HearkenLevel:
 * @HEARKEN_LEVEL_TOKEN: one unit of the model: a letter, a phone, a word, a class
 * @HEARKEN_LEVEL_WORD: a word of the vocabulary, or the tokens between word boundaries
 * @HEARKEN_LEVEL_UTTERANCE: all words up to an endpoint
 * @HEARKEN_LEVEL_ACTIVITY: speech begins ("start"), speech has ended ("end"), or nobody spoke for
 *   the time set as initial silence ("silence"). Start comes before what was said, end after its
 *   utterance; both have no duration
 */
typedef enum {
  HEARKEN_LEVEL_TOKEN,
  HEARKEN_LEVEL_WORD,
  HEARKEN_LEVEL_UTTERANCE,
  HEARKEN_LEVEL_ACTIVITY,
} HearkenLevel;

/**
 * HearkenEndReason:
 *
 * Why an utterance ended. The recogniser itself finds the silences and too long utterances; the
 * other reasons are given to hearken_recognizer_drain().
 */
typedef enum {
  HEARKEN_END_REASON_NONE, /* not an utterance, or not ended */
  HEARKEN_END_REASON_SILENCE,
  HEARKEN_END_REASON_MAX_LENGTH,
  HEARKEN_END_REASON_EOS,
  HEARKEN_END_REASON_GAP,
  HEARKEN_END_REASON_SEGMENT,
  HEARKEN_END_REASON_CAPS,
  HEARKEN_END_REASON_MANUAL,
} HearkenEndReason;

/* The schema's names: "token", "word", "utterance", "activity"; "silence", "max-length", "eos", … (static). */
HEARKEN_API const char *hearken_level_to_string (HearkenLevel level);
HEARKEN_API const char *hearken_end_reason_to_string (HearkenEndReason reason);

/**
 * HearkenAlternative:
 * @text: UTF-8, never %NULL
 * @confidence: 0 … 1, its share of the probability of all sentences still thought possible
 */
typedef struct {
  char *text;
  double confidence;
} HearkenAlternative;

/**
 * HearkenResult:
 * @level: token, word, utterance or speech activity
 * @text: UTF-8, never %NULL; owned by the result
 * @token: the network's output index (level token only, else 0)
 * @utterance_id: counts the utterances of a recogniser that had any token, from 0
 * @index: position within the utterance at this level, from 0; 0 for an utterance
 * @revision: 0 at first; higher where it replaces an earlier result of equal level, @utterance_id
 *   and @index
 * @is_final: whether no later revision can come
 * @confidence: 0 … 1. Token: the highest posterior that the network gave it in its steps. Word of a
 *   vocabulary: the posterior that it was said, see docs/decoding.md; other words: the geometric
 *   mean over their tokens. Utterance: the geometric mean over its words, without a vocabulary over all
 *   their tokens. Rejected utterance: of the best sentence that was refused, 0 if there was none
 * @start_samples: where the sound begins, in samples since the start of the stream
 * @duration_samples: how long it lasts
 * @end_reason: for a final utterance, why it ended; else %HEARKEN_END_REASON_NONE
 * @is_rejected: a final utterance in which nothing was said that may be said: @text is empty, and
 *   words that were told of it hold no longer
 * @alternatives: (array length=n_alternatives): of a final utterance, if more than one sentence was
 *   asked for: the most probable first, which is @text
 * @tags: (nullable) (array zero-terminated=1): of a final utterance heard with a grammar: the
 *   grammar's tags, in order
 */
typedef struct {
  HearkenLevel level;
  char *text;
  guint token;
  guint64 utterance_id;
  guint index;
  guint revision;
  gboolean is_final;
  double confidence;
  guint64 start_samples;
  guint64 duration_samples;
  HearkenEndReason end_reason;
  gboolean is_rejected;
  HearkenAlternative *alternatives;
  guint n_alternatives;
  char **tags;
} HearkenResult;

HEARKEN_API void hearken_result_free (HearkenResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenResult, hearken_result_free)

G_END_DECLS
