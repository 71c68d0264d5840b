/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "trace.h"

#include <math.h>

#include "kernels.h"
#include "model-internal.h"
#include "recognizer.h"

#define CHUNK_SAMPLES 512

enum { SAMPLES, FEATURES, POSTERIORS, INPUT_GATE, FORGET_GATE, OUTPUT_GATE, CELL, N_TRACKS };

static const gsize track_offsets[N_TRACKS] = {
  G_STRUCT_OFFSET (HearkenTrace, samples),
  G_STRUCT_OFFSET (HearkenTrace, features),
  G_STRUCT_OFFSET (HearkenTrace, posteriors),
  G_STRUCT_OFFSET (HearkenTrace, input_gate),
  G_STRUCT_OFFSET (HearkenTrace, forget_gate),
  G_STRUCT_OFFSET (HearkenTrace, output_gate),
  G_STRUCT_OFFSET (HearkenTrace, cell),
};

struct _HearkenTracer {
  HearkenModel *model;
  HearkenFrontendStream *frontend;
  HearkenNetworkStream *network;
  float *frame;     /* [n_features] */
  float *log_probs; /* [HEARKEN_MAX_BLOCK][n_tokens] */
  gsize layer;      /* whose gates are watched */
  gsize n_cells;    /* of it; 0: none is watched */
  float *state;     /* [n_cells]: c of the step before */

  GArray *values[N_TRACKS]; /* of float */
  HearkenTrace trace; /* their tracks; n_steps and values are filled in when it is asked for */
};

static HearkenTrack *
get_track (HearkenTracer *tracer, guint which)
{
  return G_STRUCT_MEMBER_P (&tracer->trace, track_offsets[which]);
}

static void
append (HearkenTracer *tracer, guint which, float value)
{
  g_array_append_val (tracer->values[which], value);
}

static float
sigmoid (float x)
{
  return 1.0f / (1.0f + expf (-x));
}

/* The equations of lstm.c once more, from the gates on. */
static void
take_gates (const float *gates, size_t n_steps, size_t n_padded, void *data)
{
  HearkenTracer *tracer = data;

  for (gsize step = 0; step < n_steps; step++, gates += 4 * n_padded) {
    for (gsize i = 0; i < tracer->n_cells; i++) {
      const float input = sigmoid (gates[i]);
      const float forget = sigmoid (gates[n_padded + i]);

      tracer->state[i] = forget * tracer->state[i] + input * tanhf (gates[2 * n_padded + i]);
      append (tracer, INPUT_GATE, input);
      append (tracer, FORGET_GATE, forget);
      append (tracer, OUTPUT_GATE, sigmoid (gates[3 * n_padded + i]));
      append (tracer, CELL, tracer->state[i]);
    }
  }
}

static void
take_log_probs (HearkenTracer *tracer, gsize n_steps)
{
  for (gsize i = 0; i < n_steps * tracer->model->n_tokens; i++)
    append (tracer, POSTERIORS, expf (tracer->log_probs[i]));
}

static void
take_frames (HearkenTracer *tracer)
{
  const guint n_features = hearken_network_get_n_inputs (&tracer->model->network);

  while (hearken_frontend_stream_pull (tracer->frontend, tracer->frame)) {
    g_array_append_vals (tracer->values[FEATURES], tracer->frame, n_features);
    take_log_probs (
        tracer, hearken_network_stream_push (tracer->network, tracer->frame, 1, tracer->log_probs));
  }
}

/* Returns: the index of LSTM layer @lstm, counted from 1 */
static gsize
find_lstm (const HearkenNetwork *network, guint lstm)
{
  gsize layer = 0;

  for (guint n_seen = 0; layer < network->n_layers; layer++) {
    if (network->layers[layer].type == HEARKEN_LAYER_LSTM && ++n_seen == lstm)
      break;
  }
  return layer;
}

/* @n_layers: what the values have gone through, which decides when they are */
static void
start_track (HearkenTracer *tracer, guint which, gsize n_layers, gsize n_values)
{
  const HearkenNetwork passed = { n_layers, tracer->model->network.layers };
  const guint hop = hearken_frontend_get_config (tracer->model->frontend)->hop_samples;

  g_array_set_size (tracer->values[which], 0);
  *get_track (tracer, which) = (HearkenTrack){
    .n_values = n_values,
    .step_samples = hop * hearken_network_get_stride (&passed),
    .first_samples = hearken_frontend_get_centre_samples (tracer->model->frontend) +
                     0.5 * hop * hearken_network_get_centre_x2 (&passed),
  };
}

static void
start_tracks (HearkenTracer *tracer)
{
  const HearkenNetwork *network = &tracer->model->network;

  g_array_set_size (tracer->values[SAMPLES], 0);
  tracer->trace.samples = (HearkenTrack){ .n_values = 1, .step_samples = 1 };
  start_track (tracer, FEATURES, 0, hearken_network_get_n_inputs (network));
  start_track (tracer, POSTERIORS, network->n_layers, tracer->model->n_tokens);
  for (guint which = INPUT_GATE; which <= CELL; which++)
    start_track (tracer, which, tracer->layer, tracer->n_cells);
}

static void
watch (HearkenTracer *tracer, guint lstm)
{
  tracer->layer = find_lstm (&tracer->model->network, lstm);
  tracer->n_cells = tracer->model->network.layers[tracer->layer].lstm.n_hidden;
  tracer->state = g_new0 (float, tracer->n_cells);
  hearken_network_stream_watch (tracer->network, tracer->layer, take_gates, tracer);
}

guint
hearken_trace_get_n_lstms (const HearkenModel *model)
{
  guint n_lstms = 0;

  g_return_val_if_fail (model != NULL, 0);

  for (gsize i = 0; i < model->network.n_layers; i++)
    n_lstms += model->network.layers[i].type == HEARKEN_LAYER_LSTM;
  return n_lstms;
}

HearkenTracer *
hearken_tracer_new (HearkenModel *model, guint lstm)
{
  HearkenTracer *tracer;
  HearkenFeatures features;

  g_return_val_if_fail (model != NULL, NULL);
  g_return_val_if_fail (lstm <= hearken_trace_get_n_lstms (model), NULL);

  features = hearken_frontend_get_config (model->frontend)->features;
  tracer = g_new0 (HearkenTracer, 1);
  tracer->model = hearken_model_ref (model);
  tracer->frontend = hearken_frontend_stream_new (model->frontend);
  tracer->network = hearken_network_stream_new (&model->network);
  tracer->frame = g_new0 (float, hearken_network_get_n_inputs (&model->network));
  tracer->log_probs = g_new0 (float, HEARKEN_MAX_BLOCK * model->n_tokens);
  for (guint which = 0; which < N_TRACKS; which++)
    tracer->values[which] = g_array_new (FALSE, FALSE, sizeof (float));
  tracer->trace.features_name = features == HEARKEN_FEATURES_KALDI_FBANK ? "log-mel" : "MFCC";
  tracer->trace.blank = model->task == HEARKEN_TASK_CTC ? (int) model->blank : -1;
  if (lstm > 0)
    watch (tracer, lstm);
  start_tracks (tracer);
  return tracer;
}

void
hearken_tracer_free (HearkenTracer *tracer)
{
  if (tracer == NULL)
    return;
  for (guint which = 0; which < N_TRACKS; which++)
    g_array_unref (tracer->values[which]);
  hearken_frontend_stream_free (tracer->frontend);
  hearken_network_stream_free (tracer->network);
  g_free (tracer->frame);
  g_free (tracer->log_probs);
  g_free (tracer->state);
  hearken_model_unref (tracer->model);
  g_free (tracer);
}

void
hearken_tracer_push (HearkenTracer *tracer, const float *samples, gsize n_samples)
{
  float chunk[CHUNK_SAMPLES];

  g_return_if_fail (tracer != NULL);
  g_return_if_fail (samples != NULL || n_samples == 0);
  g_return_if_fail (!hearken_frontend_stream_is_drained (tracer->frontend));

  for (gsize start = 0, n_chunk; start < n_samples; start += n_chunk) {
    n_chunk = MIN (CHUNK_SAMPLES, n_samples - start);
    for (gsize i = 0; i < n_chunk; i++) /* NaN is not audio either */
      chunk[i] = fabsf (samples[start + i]) <= HEARKEN_MAX_AMPLITUDE ? samples[start + i] : 0.0f;
    g_array_append_vals (tracer->values[SAMPLES], chunk, (guint) n_chunk);
    for (gsize taken = 0; taken < n_chunk; take_frames (tracer))
      taken += hearken_frontend_stream_push (tracer->frontend, chunk + taken, n_chunk - taken);
  }
}

void
hearken_tracer_drain (HearkenTracer *tracer)
{
  gsize n_steps;

  g_return_if_fail (tracer != NULL);

  hearken_frontend_stream_drain (tracer->frontend);
  take_frames (tracer);
  while ((n_steps = hearken_network_stream_drain (
              tracer->network, HEARKEN_MAX_BLOCK, tracer->log_probs)) > 0)
    take_log_probs (tracer, n_steps);
}

void
hearken_tracer_reset (HearkenTracer *tracer)
{
  g_return_if_fail (tracer != NULL);

  hearken_frontend_stream_reset (tracer->frontend);
  hearken_network_stream_reset (tracer->network);
  for (gsize i = 0; i < tracer->n_cells; i++)
    tracer->state[i] = 0;
  start_tracks (tracer);
}

void
hearken_tracer_forget (HearkenTracer *tracer, guint64 start_samples)
{
  g_return_if_fail (tracer != NULL);

  for (guint which = 0; which < N_TRACKS; which++) {
    HearkenTrack *track = get_track (tracer, which);
    const double n_before = ceil ((start_samples - track->first_samples) / track->step_samples);
    const guint n_steps = track->n_values > 0 ? tracer->values[which]->len / track->n_values : 0;
    const guint n_dropped = (guint) CLAMP (n_before, 0, n_steps);

    g_array_remove_range (tracer->values[which], 0, n_dropped * track->n_values);
    track->first_samples += (double) n_dropped * track->step_samples;
  }
}

const HearkenTrace *
hearken_tracer_get_trace (HearkenTracer *tracer)
{
  g_return_val_if_fail (tracer != NULL, NULL);

  for (guint which = 0; which < N_TRACKS; which++) {
    HearkenTrack *track = get_track (tracer, which);

    track->values = (float *) tracer->values[which]->data;
    track->n_steps = track->n_values > 0 ? tracer->values[which]->len / track->n_values : 0;
  }
  return &tracer->trace;
}
