/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What was recognised: one token, word or utterance. */
#pragma once

#include <glib.h>

#include "visibility.h"

G_BEGIN_DECLS

/**
 * HearkenLevel:
 * @HEARKEN_LEVEL_TOKEN: one unit of the model: a letter, a phone, a word, a class
 * @HEARKEN_LEVEL_WORD: tokens between word boundaries
 * @HEARKEN_LEVEL_UTTERANCE: all words up to an endpoint
 */
typedef enum {
  HEARKEN_LEVEL_TOKEN,
  HEARKEN_LEVEL_WORD,
  HEARKEN_LEVEL_UTTERANCE,
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

/* The schema's names: "token", "word", "utterance"; "silence", "max-length", "eos", … (static). */
HEARKEN_API const char *hearken_level_to_string (HearkenLevel level);
HEARKEN_API const char *hearken_end_reason_to_string (HearkenEndReason reason);

/**
 * HearkenResult:
 * @level: token, word or utterance
 * @text: UTF-8, never %NULL; owned by the result
 * @token: the network's output index (level token only, else 0)
 * @utterance_id: counts the utterances of a recogniser that had any token, from 0
 * @index: position within the utterance at this level, from 0; 0 for an utterance
 * @revision: 0 at first; higher where it replaces an earlier result of equal level, @utterance_id
 *   and @index
 * @is_final: whether no later revision can come
 * @confidence: 0 … 1. Token: the highest posterior that the network gave it in its steps. Word and
 *   utterance: the geometric mean over their tokens
 * @start_samples: where the sound begins, in samples since the start of the stream
 * @duration_samples: how long it lasts
 * @end_reason: for a final utterance, why it ended; else %HEARKEN_END_REASON_NONE
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
} HearkenResult;

HEARKEN_API void hearken_result_free (HearkenResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenResult, hearken_result_free)

G_END_DECLS
