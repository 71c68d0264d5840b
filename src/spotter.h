/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Keywords heard anywhere in a stream of log-probabilities.
 *
 * The outputs of the steps taken as independent, as CTC does, the probability that the last tokens
 * said are those of a spelling is a sum over all alignments that the forward recursion of CTC gives
 * (Graves et al., 2006, section 4.1), with a start that is possible at every step: what came before
 * may have been anything. That sum, and not the best alignment alone, because a model spreads a token
 * over some steps; and it needs no filler to compare with, because what else could have been said is
 * what is missing to 1. Two things are not CTC's: the confidence is the geometric mean per token, so
 * that one threshold serves words of any length, and paths lose weight between tokens and after the
 * last, so that traces of a token in a long silence do not add up.
 *
 * A keyword is told of when its confidence has not risen by a hundredth for HEARKEN_SPOTTER_PATIENCE
 * steps, and HEARKEN_SPOTTER_LONGEST_WAIT steps after it reached the threshold at the latest. It is
 * told of again when its confidence has been below half of its threshold in between, and the debounce
 * time is over. Of keywords that overlap and wait at the same time the one with more tokens is told
 * of, else the more confident: "view glass" hides "glass", whereas "view" is told of before it. One
 * that would give way waits until it is known whether the better one gives way to a third.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "keywords.h"
#include "state.h"

#define HEARKEN_SPOTTER_PATIENCE 2
#define HEARKEN_SPOTTER_LONGEST_WAIT 6

/* One stream. */
typedef struct HearkenSpotter HearkenSpotter;

typedef struct {
  guint keyword;
  float confidence; /* 0 … 1 */
  guint64 start_step;
  guint64 end_step; /* the step after its last */
  guint16 first_token;
  guint16 last_token;
} HearkenSpotting;

/* Tokens of the spellings and @blank are outputs, below @n_tokens. Keeps a reference to @keywords. */
HearkenSpotter *hearken_spotter_new (HearkenKeywords *keywords, guint blank);
void hearken_spotter_free (HearkenSpotter *spotter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenSpotter, hearken_spotter_free)
/* @threshold: for keywords that have none of their own, 0 … 1; @debounce_steps: from one hearing
 * of a keyword to the next. */
void hearken_spotter_configure (HearkenSpotter *spotter, float threshold, guint64 debounce_steps);
/* @log_probs: of one step, for every output; fillers count as what they are given as, so their mass
 * belongs to the blank. */
void hearken_spotter_push (HearkenSpotter *spotter, const float *log_probs);
/* Returns: whether one was heard, in the order in which they were decided; each is told once */
bool hearken_spotter_pull (HearkenSpotter *spotter, HearkenSpotting *spotting);
/* The end of an utterance: tells of those that wait. */
void hearken_spotter_finish (HearkenSpotter *spotter);
/* Between two utterances: as if only @n_steps had been pushed. */
void hearken_spotter_rewind (HearkenSpotter *spotter, guint64 n_steps);
/* Drops what waits and what was not pulled; the next push is step 0 again. */
void hearken_spotter_reset (HearkenSpotter *spotter);
/* What was not pulled is not saved. */
void hearken_spotter_save (const HearkenSpotter *spotter, HearkenStateWriter *writer);
bool hearken_spotter_restore (HearkenSpotter *spotter, HearkenStateReader *reader);
