/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Log-probabilities to results, step by step: which decoder finds the tokens and words, and when an
 * utterance ends. CTC's tokens are always those of the best path; words are joined from them, or
 * found by what the graph asks for. For classification there is one token, the most probable output
 * of the last step.
 */
#pragma once

#include <stdbool.h>

#include "decoder-settings.h"
#include "graph.h"
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

/* Utterances are numbered on from those of @earlier. */
void hearken_decoder_succeed (HearkenDecoder *decoder, const HearkenDecoder *earlier);

/* From the next step on. */
void hearken_decoder_configure (HearkenDecoder *decoder, const HearkenDecoderSettings *settings);
/* @graph: (nullable): a reference is kept; used from the next utterance on, at once if none is
 * open */
void hearken_decoder_set_graph (HearkenDecoder *decoder, HearkenGraph *graph);
/* Returns: (nullable): the one set last */
HearkenGraph *hearken_decoder_get_next_graph (const HearkenDecoder *decoder);
/* Returns: (nullable): the one in use */
HearkenGraph *hearken_decoder_get_graph (const HearkenDecoder *decoder);
/* Of the one in use, 0 if there is none. */
guint64 hearken_decoder_get_graph_digest (const HearkenDecoder *decoder);

/* @log_probs: [n_tokens] of one step. Returns: whether an utterance ended with this step */
bool hearken_decoder_push (HearkenDecoder *decoder, const float *log_probs);
/* Nothing that is told from now on ends behind sample @n_samples: what is pushed is silence to flush
 * the network with, which ends no utterance. Until the stream ends, or is bound otherwise. */
void hearken_decoder_bound (HearkenDecoder *decoder, guint64 n_samples);
/* Ends the open utterance where the latest step ended; @n_samples: of the stream so far. */
void hearken_decoder_finalize (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples);
guint64 hearken_decoder_get_n_steps (const HearkenDecoder *decoder);
/* After the open utterance was ended: the next push is @step again. Returns: whether it is, which it is
 * not if something was heard from there on */
bool hearken_decoder_rewind (HearkenDecoder *decoder, guint64 step);
/* The end of a stream of @n_samples: reports what is open; the next push is step 0 again. */
void hearken_decoder_finish (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples);
/* Drops what is open and what waits; the next push is step 0 again. */
void hearken_decoder_reset (HearkenDecoder *decoder);
/* Returns: (transfer full) (nullable) */
HearkenResult *hearken_decoder_pull (HearkenDecoder *decoder);
bool hearken_decoder_has_results (const HearkenDecoder *decoder);

void hearken_decoder_save (const HearkenDecoder *decoder, HearkenStateWriter *writer);
bool hearken_decoder_restore (HearkenDecoder *decoder, HearkenStateReader *reader);
