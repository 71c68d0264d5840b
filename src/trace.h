/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What goes on in a model while it hears audio, kept to be looked at: samples, features, posteriors
 * and the gates of an LSTM layer. For explanation only; nothing is recognised here.
 */
#pragma once

#include <glib.h>

#include "model.h"
#include "visibility.h"

G_BEGIN_DECLS

/**
 * HearkenTrack:
 * @n_steps: how many vectors there are; 0 if too little was heard, or this was not asked for
 * @n_values: length of a vector
 * @step_samples: time from each to the next
 * @first_samples: the middle of what the first stands for, since the start of the stream
 * @values: [n_steps][n_values]
 */
typedef struct {
  guint n_steps;
  guint n_values;
  guint step_samples;
  double first_samples;
  float *values;
} HearkenTrack;

/**
 * HearkenTrace:
 * @samples: one value a step; full scale ±1
 * @features_name: "log-mel" or "MFCC" (static)
 * @features: as the network gets them, normalised and with deltas where the model has these
 * @posteriors: of all tokens, 0 … 1
 * @blank: the output that means no token, or -1
 * @input_gate: how much is written into each cell, 0 … 1; docs/lstm.md has the equations
 * @forget_gate: how much of each cell stays, 0 … 1
 * @output_gate: how much of each cell is shown, 0 … 1
 * @cell: what each cell holds
 */
typedef struct {
  HearkenTrack samples;
  const char *features_name;
  HearkenTrack features;
  HearkenTrack posteriors;
  int blank;
  HearkenTrack input_gate;
  HearkenTrack forget_gate;
  HearkenTrack output_gate;
  HearkenTrack cell;
} HearkenTrace;

/* The model's LSTM layers, as hearken_tracer_new() counts them. */
HEARKEN_API guint hearken_trace_get_n_lstms (const HearkenModel *model);

/* One stream of audio, heard from zero state, which is then carried on. */
typedef struct _HearkenTracer HearkenTracer;

/**
 * hearken_tracer_new:
 * @model: a reference is kept
 * @lstm: the LSTM layer whose gates are kept, from 1, or 0 for none
 *
 * Returns: (transfer full)
 */
HEARKEN_API HearkenTracer *hearken_tracer_new (HearkenModel *model, guint lstm);
HEARKEN_API void hearken_tracer_free (HearkenTracer *tracer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenTracer, hearken_tracer_free)

/**
 * hearken_tracer_push:
 * @samples: (array length=n_samples): mono audio at the model's rate, full scale ±1
 *
 * What is no audio is taken as silence, as hearken_recognizer_push() does. Everything is kept until
 * it is forgotten: an hour of audio takes gigabytes.
 */
HEARKEN_API void hearken_tracer_push (HearkenTracer *tracer, const float *samples, gsize n_samples);
/* The stream ends: what the look-ahead held back is computed. Then only a reset may follow. */
HEARKEN_API void hearken_tracer_drain (HearkenTracer *tracer);
/* Forgets everything; the next push starts a new stream at sample 0. */
HEARKEN_API void hearken_tracer_reset (HearkenTracer *tracer);
/* Drops the steps whose middle is before @start_samples, counted from the start of the stream. */
HEARKEN_API void hearken_tracer_forget (HearkenTracer *tracer, guint64 start_samples);

/* Returns: (transfer none): what is kept; it holds until the next call for @tracer */
HEARKEN_API const HearkenTrace *hearken_tracer_get_trace (HearkenTracer *tracer);

G_END_DECLS
