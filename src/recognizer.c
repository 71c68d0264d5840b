/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "recognizer.h"

#include <math.h>
#include <string.h>

#include "decoder.h"
#include "graph-internal.h"
#include "kernels.h"
#include "model-internal.h"

#define DEFAULT_ENDPOINT_SILENCE_MS 800
#define DEFAULT_MAX_UTTERANCE_MS 30000
#define DEFAULT_MAX_DELAY_MS 3000
#define DEFAULT_KEYWORD_DEBOUNCE_MS 500
#define DEFAULT_KEYWORD_THRESHOLD 0.5
#define STATE_MAGIC "hearken-state-3"

/* Samples that are checked and handed on at once. */
#define CHUNK_SAMPLES 512

struct _HearkenRecognizer {
  HearkenModel *model;
  HearkenStatePolicy state_policy;

  HearkenFrontendStream *frontend;
  HearkenNetworkStream *network;
  HearkenDecoder *decoder;
  HearkenDecoderSettings settings;
  guint64 n_skipped_steps; /* to come that were decoded when the last utterance was finalised */
  guint64 position_samples;
  guint64 n_bad_samples;
  HearkenTracer *tracer; /* nullable: hears the same */

  float *frames; /* [HEARKEN_MAX_BLOCK][n_features], the first n_frames wait for the network */
  gsize n_frames;
  gsize n_features;
  float *log_probs; /* [HEARKEN_MAX_BLOCK][n_tokens] */
};

GQuark
hearken_state_error_quark (void)
{
  return g_quark_from_static_string ("hearken-state-error-quark");
}

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

/* Rounded up to whole network steps. */
static guint64
ms_to_steps (const HearkenRecognizer *recognizer, guint milliseconds)
{
  const guint64 rate_hz = hearken_model_get_sample_rate_hz (recognizer->model);
  const guint64 step_x1000 = 1000 * (guint64) hearken_model_get_step_samples (recognizer->model);

  return (milliseconds * rate_hz + step_x1000 - 1) / step_x1000;
}

static void
configure (HearkenRecognizer *recognizer)
{
  hearken_decoder_configure (recognizer->decoder, &recognizer->settings);
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
  recognizer->settings = (HearkenDecoderSettings){
    .rules.silence_steps = ms_to_steps (recognizer, DEFAULT_ENDPOINT_SILENCE_MS),
    .rules.max_steps = ms_to_steps (recognizer, DEFAULT_MAX_UTTERANCE_MS),
    .delay_steps = ms_to_steps (recognizer, DEFAULT_MAX_DELAY_MS),
    .debounce_steps = ms_to_steps (recognizer, DEFAULT_KEYWORD_DEBOUNCE_MS),
    .n_best = 1,
    .keyword_threshold = DEFAULT_KEYWORD_THRESHOLD,
  };
  configure (recognizer);
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
hearken_recognizer_set_endpoint_silence_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.rules.silence_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_initial_silence_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.rules.initial_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_max_utterance_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (milliseconds >= 100 && milliseconds <= 600000);

  recognizer->settings.rules.max_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_partial_interval_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.partial_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_max_delay_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.delay_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_keyword_debounce_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.debounce_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_beam_width (HearkenRecognizer *recognizer, guint width)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (width <= 1000);

  recognizer->settings.beam_width = width;
  configure (recognizer);
}

void
hearken_recognizer_set_n_best (HearkenRecognizer *recognizer, guint n_best)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (n_best >= 1 && n_best <= 20);

  recognizer->settings.n_best = n_best;
  configure (recognizer);
}

void
hearken_recognizer_set_rejection_threshold (HearkenRecognizer *recognizer, double threshold)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (threshold >= 0 && threshold <= 1);

  recognizer->settings.rejection_threshold = threshold;
  configure (recognizer);
}

void
hearken_recognizer_set_keyword_threshold (HearkenRecognizer *recognizer, double threshold)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (threshold >= 0 && threshold <= 1);

  recognizer->settings.keyword_threshold = threshold;
  configure (recognizer);
}

void
hearken_recognizer_set_state_policy (HearkenRecognizer *recognizer, HearkenStatePolicy policy)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->state_policy = policy;
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
  recognizer->n_frames = 0;
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
 * streams; when they come in earnest they are left out. */
void
hearken_recognizer_finalize (HearkenRecognizer *recognizer)
{
  g_autoptr (GByteArray) state = g_byte_array_new ();
  HearkenStateReader reader;
  guint64 n_steps;

  g_return_if_fail (recognizer != NULL);

  hearken_frontend_stream_save (recognizer->frontend, state);
  hearken_network_stream_save (recognizer->network, state);
  hearken_decoder_bound (recognizer->decoder, recognizer->position_samples);
  n_steps = drain_look_ahead (recognizer);
  hearken_decoder_finalize (
      recognizer->decoder, HEARKEN_END_REASON_MANUAL, recognizer->position_samples);
  hearken_decoder_bound (recognizer->decoder, G_MAXUINT64);
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

GBytes *
hearken_recognizer_save (const HearkenRecognizer *recognizer)
{
  HearkenStateWriter *writer;

  g_return_val_if_fail (recognizer != NULL, NULL);
  g_return_val_if_fail (!hearken_decoder_has_results (recognizer->decoder), NULL);

  writer = g_byte_array_new ();
  hearken_state_put_string (writer, STATE_MAGIC);
  hearken_state_put_u64 (writer, recognizer->model->digest);
  hearken_state_put_u64 (writer, hearken_decoder_get_graph_digest (recognizer->decoder));
  hearken_state_put_u64 (writer, recognizer->position_samples);
  hearken_state_put_u64 (writer, recognizer->n_bad_samples);
  hearken_state_put_u64 (writer, recognizer->n_skipped_steps);
  hearken_frontend_stream_save (recognizer->frontend, writer);
  hearken_network_stream_save (recognizer->network, writer);
  hearken_decoder_save (recognizer->decoder, writer);
  hearken_state_put_checksum (writer);
  return g_byte_array_free_to_bytes (writer);
}

/* A stream that is drained is over: it would take no samples any more. */
static bool
restore_streams (HearkenRecognizer *recognizer, HearkenStateReader *reader)
{
  return hearken_state_get_u64 (reader, G_MAXINT64, &recognizer->position_samples) &&
         hearken_state_get_u64 (reader, G_MAXINT64, &recognizer->n_bad_samples) &&
         hearken_state_get_u64 (reader, G_MAXINT64, &recognizer->n_skipped_steps) &&
         hearken_frontend_stream_restore (recognizer->frontend, reader) &&
         !hearken_frontend_stream_is_drained (recognizer->frontend) &&
         hearken_network_stream_restore (recognizer->network, reader) &&
         hearken_decoder_restore (recognizer->decoder, reader) && reader->n_bytes == 0;
}

static bool
check_header (const HearkenRecognizer *recognizer, HearkenStateReader *reader, GError **error)
{
  g_autofree char *magic = NULL;
  guint64 digest;

  if (!hearken_state_take_checksum (reader)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "not a saved state, or one that is damaged or cut short");
    return false;
  }
  if (!hearken_state_get_string (reader, strlen (STATE_MAGIC), &magic) ||
      !g_str_equal (magic, STATE_MAGIC) || !hearken_state_get_u64 (reader, G_MAXUINT64, &digest)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "not a saved state of this version of Hearken");
    return false;
  }
  if (digest != recognizer->model->digest) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_MODEL,
        "the state was saved with another model than “%s”", recognizer->model->name);
    return false;
  }
  return true;
}

/* Gives @restored the graph that the state was saved with: the recogniser's own, or that which it will
 * use from the next utterance on. */
static bool
find_graph (const HearkenRecognizer *recognizer, HearkenRecognizer *restored,
    HearkenStateReader *reader, GError **error)
{
  HearkenGraph *const graphs[] = { hearken_decoder_get_graph (recognizer->decoder),
    hearken_decoder_get_next_graph (recognizer->decoder) };
  guint64 digest;

  if (!hearken_state_get_u64 (reader, G_MAXUINT64, &digest)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "the saved state does not say what may be said");
    return false;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (graphs); i++) {
    hearken_decoder_set_graph (restored->decoder, graphs[i]);
    if (digest == hearken_decoder_get_graph_digest (restored->decoder))
      return true;
  }
  g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_GRAPH,
      "the state was saved with another graph: dictionary, language model, grammar or lists");
  return false;
}

/* Puts the restored streams in the place of the recogniser's own; its settings stay. */
static void
adopt_streams (HearkenRecognizer *recognizer, HearkenRecognizer *restored)
{
  const HearkenRecognizer old = *recognizer;

  *recognizer = *restored;
  *restored = old;
  recognizer->state_policy = old.state_policy;
  recognizer->tracer = old.tracer;
}

gboolean
hearken_recognizer_restore (HearkenRecognizer *recognizer, GBytes *state, GError **error)
{
  g_autoptr (HearkenRecognizer) restored = NULL;
  HearkenStateReader reader = { 0 };

  g_return_val_if_fail (recognizer != NULL && state != NULL, FALSE);

  reader.bytes = g_bytes_get_data (state, &reader.n_bytes);
  if (!check_header (recognizer, &reader, error))
    return FALSE;
  restored = hearken_recognizer_new (recognizer->model);
  restored->settings = recognizer->settings;
  configure (restored);
  if (!find_graph (recognizer, restored, &reader, error))
    return FALSE;
  if (!restore_streams (restored, &reader)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "the saved state has values that cannot be");
    return FALSE;
  }
  hearken_decoder_set_graph (
      restored->decoder, hearken_decoder_get_next_graph (recognizer->decoder));
  adopt_streams (recognizer, restored);
  return TRUE;
}

const char *
hearken_get_kernels_name (void)
{
  return hearken_kernels_get ()->name;
}
