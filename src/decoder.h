/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Log-probabilities to tokens, step by step. For CTC the best path (Graves et al., 2006, section
 * 3.2): the most probable output of every step, repeats collapsed, blanks dropped. For
 * classification the most probable output of the last step.
 */
#pragma once

#include <stdbool.h>

#include "model.h"
#include "result.h"
#include "state.h"

/* Which audio a network step stands for: samples [offset + k * step, offset + (k + 1) * step). */
typedef struct {
  gint64 offset_samples; /* may be negative: the window of frame 0 can begin before the stream */
  guint step_samples;
} HearkenStepClock;

typedef struct HearkenDecoder HearkenDecoder;

HearkenDecoder *hearken_decoder_new (const HearkenModel *model, HearkenStepClock clock);
void hearken_decoder_free (HearkenDecoder *decoder);

/* Steps without a token after which an utterance ends (0: never), and steps since its first token
 * at which it ends in any case (> 0). */
void hearken_decoder_set_endpoint_steps (
    HearkenDecoder *decoder, guint64 silence_steps, guint64 max_steps);
void hearken_decoder_get_endpoint_steps (
    const HearkenDecoder *decoder, guint64 *silence_steps, guint64 *max_steps);

/* @log_probs: [n_tokens] of one step. Returns: whether an utterance ended with this step */
bool hearken_decoder_push (HearkenDecoder *decoder, const float *log_probs);
/* The end of a stream of @n_samples: reports what is open; the next push is step 0 again. */
void hearken_decoder_finish (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples);
/* Drops what is open and what waits; the next push is step 0 again. */
void hearken_decoder_reset (HearkenDecoder *decoder);
/* Returns: (transfer full) (nullable) */
HearkenResult *hearken_decoder_pull (HearkenDecoder *decoder);
bool hearken_decoder_has_results (const HearkenDecoder *decoder);

void hearken_decoder_save (const HearkenDecoder *decoder, HearkenStateWriter *writer);
bool hearken_decoder_restore (HearkenDecoder *decoder, HearkenStateReader *reader);
