/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "recognizer-internal.h"

#include <math.h>

#include "graph-internal.h"
#include "kernels.h"

/* Samples that are checked and handed on at once. */
#define CHUNK_SAMPLES 512

/* Network step k stands for the frames around its centre, a hop of audio around each one's own. */
static HearkenStepClock
get_step_clock (const HearkenModel *model)
{
  const gint64 hop = hearken_frontend_get_config (model->frontend)->hop_samples;
  const gint64 step = hearken_model_get_step_samples (model);
  const gint64 centre_x2 = 2 * (gint64) hearken_frontend_get_centre_samples (model->frontend) +
                           hop * hearken_network_get_centre_x2 (&model->network);

  return (HearkenStepClock){ .offset_samples = (centre_x2 - step) / 2, .step_samples = step };
}

HearkenRecognizer *
hearken_recognizer_new (HearkenModel *model)
{
  HearkenRecognizer *recognizer;

  g_return_val_if_fail (model != NULL, NULL);

  recognizer = g_new0 (HearkenRecognizer, 1);
  recognizer->model = hearken_model_ref (model);
  recognizer->frontend = hearken_frontend_stream_new (model->frontend);
  recognizer->network = hearken_network_stream_new (&model->network);
  recognizer->decoder = hearken_decoder_new (model, get_step_clock (model));
  recognizer->n_features = hearken_network_get_n_inputs (&model->network);
  recognizer->frames = g_new0 (float, HEARKEN_MAX_BLOCK * recognizer->n_features);
  recognizer->log_probs = g_new0 (float, HEARKEN_MAX_BLOCK * model->n_tokens);
  hearken_recognizer_init_settings (recognizer);
  return recognizer;
}

void
hearken_recognizer_free (HearkenRecognizer *recognizer)
{
  if (recognizer == NULL)
    return;
  hearken_frontend_stream_free (recognizer->frontend);
  hearken_network_stream_free (recognizer->network);
  hearken_decoder_free (recognizer->decoder);
  g_free (recognizer->frames);
  g_free (recognizer->log_probs);
  hearken_model_unref (recognizer->model);
  g_free (recognizer);
}

void
hearken_recognizer_set_graph (HearkenRecognizer *recognizer, HearkenGraph *graph)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (graph == NULL || graph->model == recognizer->model);
  hearken_decoder_set_graph (recognizer->decoder, graph);
}

void
hearken_recognizer_set_tracer (HearkenRecognizer *recognizer, HearkenTracer *tracer)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (recognizer->position_samples == 0);
  recognizer->tracer = tracer;
}

void
hearken_recognizer_succeed (HearkenRecognizer *recognizer, const HearkenRecognizer *earlier)
{
  g_return_if_fail (recognizer != NULL && earlier != NULL);
  recognizer->n_bad_samples = earlier->n_bad_samples;
  hearken_decoder_succeed (recognizer->decoder, earlier->decoder);
}

/* A classifier's sequences are independent of each other. */
static bool
resets_on_endpoint (const HearkenRecognizer *recognizer)
{
  return recognizer->state_policy == HEARKEN_STATE_POLICY_RESET_ON_ENDPOINT ||
         recognizer->model->task == HEARKEN_TASK_CLASSIFY;
}

/* A reset must fall between two steps, so then they cannot be computed together. */
static gsize
get_block_size (const HearkenRecognizer *recognizer)
{
  return resets_on_endpoint (recognizer) ? 1 : HEARKEN_MAX_BLOCK;
}

static void
decode_steps (HearkenRecognizer *recognizer, gsize n_steps)
{
  for (gsize step = 0; step < n_steps; step++) {
    const float *log_probs = recognizer->log_probs + step * recognizer->model->n_tokens;

    if (recognizer->n_skipped_steps > 0)
      recognizer->n_skipped_steps--;
    else if (hearken_decoder_push (recognizer->decoder, log_probs) &&
             resets_on_endpoint (recognizer))
      hearken_network_stream_reset_recurrence (recognizer->network);
  }
}

/* Returns: the number of steps decoded */
static gsize
process_waiting_frames (HearkenRecognizer *recognizer)
{
  const gsize n_steps = hearken_network_stream_push (
      recognizer->network, recognizer->frames, recognizer->n_frames, recognizer->log_probs);

  recognizer->n_frames = 0;
  decode_steps (recognizer, n_steps);
  return n_steps;
}

/* Returns: the number of steps decoded */
static gsize
pull_frames (HearkenRecognizer *recognizer)
{
  gsize n_steps = 0;

  while (hearken_frontend_stream_pull (
      recognizer->frontend, recognizer->frames + recognizer->n_frames * recognizer->n_features)) {
    recognizer->n_frames++;
    if (recognizer->n_frames >= get_block_size (recognizer))
      n_steps += process_waiting_frames (recognizer);
  }
  return n_steps;
}

/* @samples: finite */
static void
push_checked (HearkenRecognizer *recognizer, const float *samples, gsize n_samples)
{
  recognizer->position_samples += n_samples;
  if (recognizer->tracer)
    hearken_tracer_push (recognizer->tracer, samples, n_samples);
  while (n_samples > 0) {
    const gsize n_taken = hearken_frontend_stream_push (recognizer->frontend, samples, n_samples);

    samples += n_taken;
    n_samples -= n_taken;
    pull_frames (recognizer);
  }
}

void
hearken_recognizer_push (HearkenRecognizer *recognizer, const float *samples, gsize n_samples)
{
  float chunk[CHUNK_SAMPLES];

  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (samples != NULL || n_samples == 0);

  for (gsize start = 0; start < n_samples; start += CHUNK_SAMPLES) {
    const gsize n_chunk = MIN (CHUNK_SAMPLES, n_samples - start);

    for (gsize i = 0; i < n_chunk; i++) {
      const float sample = samples[start + i];
      const bool is_audio = fabsf (sample) <= HEARKEN_MAX_AMPLITUDE; /* false for NaN */

      chunk[i] = is_audio ? sample : 0.0f;
      recognizer->n_bad_samples += !is_audio;
    }
    push_checked (recognizer, chunk, n_chunk);
  }
  process_waiting_frames (recognizer);
}

void
hearken_recognizer_push_silence (HearkenRecognizer *recognizer, guint64 n_samples)
{
  static const float silence[CHUNK_SAMPLES];

  g_return_if_fail (recognizer != NULL);

  while (n_samples > 0) {
    const gsize n_chunk = MIN (CHUNK_SAMPLES, n_samples);

    push_checked (recognizer, silence, n_chunk);
    n_samples -= n_chunk;
  }
  process_waiting_frames (recognizer);
}

HearkenResult *
hearken_recognizer_pull (HearkenRecognizer *recognizer)
{
  g_return_val_if_fail (recognizer != NULL, NULL);
  return hearken_decoder_pull (recognizer->decoder);
}

static void
start_stream (HearkenRecognizer *recognizer)
{
  hearken_frontend_stream_reset (recognizer->frontend);
  hearken_network_stream_reset (recognizer->network);
  recognizer->n_skipped_steps = 0;
  recognizer->position_samples = 0;
  if (recognizer->tracer)
    hearken_tracer_reset (recognizer->tracer);
}

/* Silence, for what the network says late; no part of the stream. Returns: how many steps were
 * decoded */
static guint64
push_flush (HearkenRecognizer *recognizer)
{
  static const float silence[CHUNK_SAMPLES];
  guint64 n_samples = (guint64) recognizer->model->decoding.flush_ms *
                      hearken_model_get_sample_rate_hz (recognizer->model) / 1000;
  guint64 n_steps = 0;

  while (n_samples > 0) {
    n_samples -= hearken_frontend_stream_push (
        recognizer->frontend, silence, MIN (CHUNK_SAMPLES, n_samples));
    n_steps += pull_frames (recognizer);
  }
  return n_steps;
}

/* Decodes what waits for samples and frames to come. Returns: how many steps those were */
static guint64
drain_look_ahead (HearkenRecognizer *recognizer)
{
  guint64 n_all = push_flush (recognizer);
  gsize n_steps;

  hearken_frontend_stream_drain (recognizer->frontend);
  n_all += pull_frames (recognizer);
  n_all += process_waiting_frames (recognizer);
  while ((n_steps = hearken_network_stream_drain (
              recognizer->network, get_block_size (recognizer), recognizer->log_probs)) > 0) {
    decode_steps (recognizer, n_steps);
    n_all += n_steps;
  }
  return n_all;
}

void
hearken_recognizer_drain (HearkenRecognizer *recognizer, HearkenEndReason reason)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (reason > HEARKEN_END_REASON_NONE && reason <= HEARKEN_END_REASON_MANUAL);

  hearken_decoder_bound (recognizer->decoder, recognizer->position_samples);
  drain_look_ahead (recognizer);
  hearken_decoder_finish (recognizer->decoder, reason, recognizer->position_samples);
  start_stream (recognizer);
}

/* A model whose weights are absurd has made numbers of its stream that are none, and cannot be taken
 * back: it begins afresh. */
static void
forget_overflow (HearkenRecognizer *recognizer)
{
  hearken_frontend_stream_reset (recognizer->frontend);
  hearken_network_stream_reset (recognizer->network);
  recognizer->n_skipped_steps = 0;
}

/* The steps that wait in the look-ahead are decoded as if the stream ended, from copies of the
 * streams; when they come in earnest they are left out if something was heard in them, or just before in
 * those of another call, lest it is heard again. */
void
hearken_recognizer_finalize (HearkenRecognizer *recognizer)
{
  g_autoptr (GByteArray) state = g_byte_array_new ();
  HearkenStateReader reader;
  guint64 first_step, n_steps;
  bool was_heard;

  g_return_if_fail (recognizer != NULL);

  first_step = hearken_decoder_get_n_steps (recognizer->decoder);
  was_heard = recognizer->n_skipped_steps > 0;
  hearken_frontend_stream_save (recognizer->frontend, state);
  hearken_network_stream_save (recognizer->network, state);
  hearken_decoder_bound (recognizer->decoder, recognizer->position_samples);
  n_steps = drain_look_ahead (recognizer);
  hearken_decoder_finalize (
      recognizer->decoder, HEARKEN_END_REASON_MANUAL, recognizer->position_samples);
  hearken_decoder_bound (recognizer->decoder, G_MAXUINT64);
  if (was_heard || !hearken_decoder_rewind (recognizer->decoder, first_step))
    recognizer->n_skipped_steps = n_steps;
  reader = (HearkenStateReader){ state->data, state->len };
  if (!hearken_frontend_stream_restore (recognizer->frontend, &reader) ||
      !hearken_network_stream_restore (recognizer->network, &reader))
    forget_overflow (recognizer);
  if (resets_on_endpoint (recognizer))
    hearken_network_stream_reset_recurrence (recognizer->network);
}

void
hearken_recognizer_reset (HearkenRecognizer *recognizer)
{
  g_return_if_fail (recognizer != NULL);
  start_stream (recognizer);
  hearken_decoder_reset (recognizer->decoder);
}

guint64
hearken_recognizer_get_position_samples (const HearkenRecognizer *recognizer)
{
  g_return_val_if_fail (recognizer != NULL, 0);
  return recognizer->position_samples;
}

guint64
hearken_recognizer_get_n_bad_samples (const HearkenRecognizer *recognizer)
{
  g_return_val_if_fail (recognizer != NULL, 0);
  return recognizer->n_bad_samples;
}

const char *
hearken_get_kernels_name (void)
{
  return hearken_kernels_get ()->name;
}
