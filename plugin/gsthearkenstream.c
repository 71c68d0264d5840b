/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenstream.h"

#include "gsthearken.h"
#include "gsthearkenhandover.h"
#include "gsthearkenstate.h"
#include "gsthearkentimeline.h"
#include "gsthearkentoken.h"

#define GST_CAT_DEFAULT gst_hearken_debug

/* Longer buffers, and silence, are heard in pieces of this size. */
#define PIECE_SAMPLES 2048

/* More silence than this is not listened to: long before, the utterance has ended. */
#define MAX_SILENCE_NS (10 * GST_SECOND)

/* Whether somebody speaks, the statistics but for bad samples, the timeline, the recogniser's state. */
#define STATE_TYPE(timeline, state) "(b(ttttt)" timeline state ")"

struct GstHearkenStream {
  GstObject *owner;
  HearkenRecognizer *recognizer;
  HearkenModel *model; /* the recogniser's */
  HearkenGraph *graph; /* nullable */
  GstHearkenHandover handover;
  gboolean is_speaking; /* somebody, as far as was heard */
  GArray *pending; /* of float: audio that has its place in the timeline, but is not heard yet */
  guint64 chunk_samples; /* how long it may be before it is heard */
  GstHearkenTimeline timeline;
  GstClockTime gap_start; /* of the gap that was heard last; NONE behind audio */
  GQueue structures;      /* (element-type GstStructure): to be pulled */
  GstHearkenStats stats;
  GstHearkenSettings settings;
};

GstHearkenStream *
gst_hearken_stream_new (GstObject *owner, HearkenModel *model)
{
  GstHearkenStream *stream = g_new0 (GstHearkenStream, 1);

  stream->owner = owner;
  stream->model = model;
  stream->recognizer = hearken_recognizer_new (model);
  stream->pending = g_array_new (FALSE, FALSE, sizeof (float));
  stream->gap_start = GST_CLOCK_TIME_NONE;
  gst_hearken_handover_init (&stream->handover);
  gst_hearken_timeline_init (&stream->timeline, hearken_model_get_sample_rate_hz (model));
  g_queue_init (&stream->structures);
  return stream;
}

void
gst_hearken_stream_free (GstHearkenStream *stream)
{
  g_queue_clear_full (&stream->structures, (GDestroyNotify) gst_structure_free);
  gst_hearken_timeline_clear (&stream->timeline);
  g_array_unref (stream->pending);
  hearken_recognizer_free (stream->recognizer);
  gst_hearken_handover_clear (&stream->handover);
  gst_hearken_settings_clear (&stream->settings);
  g_clear_pointer (&stream->graph, hearken_graph_unref);
  g_free (stream);
}

static void
configure (HearkenRecognizer *recognizer, const GstHearkenSettings *settings)
{
  hearken_recognizer_set_endpoint_silence_ms (recognizer, settings->endpoint_silence_ms);
  hearken_recognizer_set_initial_silence_ms (recognizer, settings->initial_silence_ms);
  hearken_recognizer_set_max_utterance_ms (recognizer, settings->max_utterance_ms);
  hearken_recognizer_set_state_policy (recognizer, settings->state_policy);
  hearken_recognizer_set_beam_width (recognizer, settings->beam_width);
  hearken_recognizer_set_n_best (recognizer, settings->n_best);
  hearken_recognizer_set_partial_interval_ms (recognizer, settings->partial_interval_ms);
  hearken_recognizer_set_max_delay_ms (recognizer, settings->max_delay_ms);
  hearken_recognizer_set_rejection_threshold (recognizer, settings->rejection_threshold);
  hearken_recognizer_set_keyword_threshold (recognizer, settings->keyword_threshold);
  hearken_recognizer_set_keyword_debounce_ms (recognizer, settings->keyword_debounce_ms);
}

static void
set_graph (GstHearkenStream *stream, HearkenGraph *graph)
{
  hearken_recognizer_set_graph (stream->recognizer, graph);
  g_clear_pointer (&stream->graph, hearken_graph_unref);
  stream->graph = graph ? hearken_graph_ref (graph) : NULL;
}

void
gst_hearken_stream_set_tracer (GstHearkenStream *stream, HearkenTracer *tracer)
{
  hearken_recognizer_set_tracer (stream->recognizer, tracer);
}

GstClockTimeDiff
gst_hearken_stream_get_origin (const GstHearkenStream *stream)
{
  return stream->timeline.origin_ns;
}

static void
count (GstHearkenStats *stats, const HearkenResult *result)
{
  if (!result->is_final)
    return;
  stats->n_tokens += result->level == HEARKEN_LEVEL_TOKEN;
  stats->n_utterances += result->level == HEARKEN_LEVEL_UTTERANCE;
}

static void
note_activity (GstHearkenStream *stream, const HearkenResult *result)
{
  if (result->level == HEARKEN_LEVEL_ACTIVITY)
    stream->is_speaking = g_str_equal (result->text, "start");
}

/* Takes the results while the timeline is the one that they were heard in. */
static void
collect (GstHearkenStream *stream)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (stream->recognizer)) != NULL) {
    count (&stream->stats, result);
    note_activity (stream, result);
    if (stream->settings.levels & (1 << result->level)) {
      GstHearkenTimes times;

      gst_hearken_timeline_get_times (
          &stream->timeline, result->start_samples, result->duration_samples, &times);
      g_queue_push_tail (
          &stream->structures, gst_hearken_token_new (result, &times, stream->settings.clean_up));
    }
    hearken_result_free (result);
  }
}

/* The new model goes on where the old one has heard the end of what was said. */
static void
hand_over (GstHearkenStream *stream)
{
  GstHearkenHandover *handover = &stream->handover;
  HearkenRecognizer *old = stream->recognizer;

  stream->model = handover->model;
  stream->recognizer = hearken_recognizer_new (handover->model);
  hearken_recognizer_succeed (stream->recognizer, old);
  hearken_recognizer_free (old);
  configure (stream->recognizer, &stream->settings);
  set_graph (stream, handover->graph);
  gst_hearken_timeline_rebase (&stream->timeline, handover->recent->len);
  g_queue_push_tail (
      &stream->structures, gst_structure_new (GST_HEARKEN_MODEL_CHANGED, "model", G_TYPE_STRING,
                               hearken_model_get_name (stream->model), "language", G_TYPE_STRING,
                               hearken_model_get_language (stream->model), NULL));
  hearken_recognizer_push (
      stream->recognizer, (const float *) handover->recent->data, handover->recent->len);
  collect (stream);
  gst_hearken_handover_offer (handover, NULL, NULL);
}

/* Nothing that was heard counts any more. */
static void
start_anew (GstHearkenStream *stream)
{
  gst_hearken_timeline_stop (&stream->timeline);
  stream->gap_start = GST_CLOCK_TIME_NONE;
  stream->is_speaking = FALSE;
  gst_hearken_handover_hear (&stream->handover, NULL, 0, FALSE);
  if (stream->handover.model)
    hand_over (stream);
}

/* @samples: [n_samples], which the timeline has counted */
static void
hear (GstHearkenStream *stream, const float *samples, gsize n_samples)
{
  hearken_recognizer_push (stream->recognizer, samples, n_samples);
  collect (stream);
  gst_hearken_handover_hear (&stream->handover, samples, n_samples, !stream->is_speaking);
  if (gst_hearken_handover_is_due (&stream->handover, stream->model))
    hand_over (stream);
}

/* Called before anything happens that is not the next audio: results are then as if all audio had been
 * heard when it came. */
void
gst_hearken_stream_hear_pending (GstHearkenStream *stream)
{
  if (stream->pending->len == 0)
    return;
  hear (stream, (const float *) stream->pending->data, stream->pending->len);
  stream->stats.recognized_samples += stream->pending->len;
  g_array_set_size (stream->pending, 0);
}

void
gst_hearken_stream_configure (GstHearkenStream *stream, const GstHearkenSettings *settings)
{
  gst_hearken_stream_hear_pending (stream);
  gst_hearken_settings_copy (&stream->settings, settings);
  stream->chunk_samples = gst_hearken_timeline_time_to_samples (
      &stream->timeline, settings->chunk_duration_ms * GST_MSECOND);
  configure (stream->recognizer, settings);
}

gboolean
gst_hearken_stream_set_vocabulary (
    GstHearkenStream *stream, HearkenModel *model, HearkenGraph *graph)
{
  gboolean is_own, is_other_graph;

  /* Also as long as another model, which has another graph, waits: so that it takes over when it can. */
  if (graph != stream->graph)
    gst_hearken_stream_hear_pending (stream);
  is_own = model == stream->model;
  is_other_graph = is_own && graph != stream->graph;
  gst_hearken_handover_offer (&stream->handover, is_own ? NULL : model, is_own ? NULL : graph);
  if (is_other_graph)
    set_graph (stream, graph);
  else if (!is_own && hearken_recognizer_get_position_samples (stream->recognizer) == 0)
    hand_over (stream);
  return is_other_graph;
}

/* At once: its results come out before the gap. */
static void
listen_to_silence (GstHearkenStream *stream, guint64 n_samples)
{
  static const float silence[PIECE_SAMPLES];

  gst_hearken_stream_hear_pending (stream);
  for (guint64 i = 0; i < n_samples; i += PIECE_SAMPLES) {
    const gsize n_piece = MIN (PIECE_SAMPLES, n_samples - i);

    gst_hearken_timeline_advance (&stream->timeline, n_piece);
    hear (stream, silence, n_piece);
  }
  stream->stats.silence_samples += n_samples;
}

/* Full scale is 1. */
static void
convert (GstAudioFormat format, const guint8 *bytes, gsize n_samples, float *samples)
{
  if (format == GST_AUDIO_FORMAT_F32) {
    memcpy (samples, bytes, n_samples * sizeof (float));
    return;
  }
  for (gsize i = 0; i < n_samples; i++) {
    gint16 value;

    memcpy (&value, bytes + i * sizeof (value), sizeof (value));
    samples[i] = value / 32768.0f;
  }
}

static void
listen_to_audio (
    GstHearkenStream *stream, GstAudioFormat format, const guint8 *bytes, guint64 n_samples)
{
  const gsize sample_bytes = format == GST_AUDIO_FORMAT_F32 ? sizeof (float) : sizeof (gint16);
  GArray *pending = stream->pending;

  for (guint64 i = 0; i < n_samples; i += PIECE_SAMPLES) {
    const gsize n_before = pending->len, n_piece = MIN (PIECE_SAMPLES, n_samples - i);

    g_array_set_size (pending, n_before + n_piece);
    convert (format, bytes + i * sample_bytes, n_piece, &g_array_index (pending, float, n_before));
    gst_hearken_timeline_advance (&stream->timeline, n_piece);
    if (pending->len >= stream->chunk_samples)
      gst_hearken_stream_hear_pending (stream);
  }
}

guint64
gst_hearken_stream_locate (
    const GstHearkenStream *stream, GstClockTime *timestamp, guint64 *n_samples)
{
  if (stream->timeline.segment.rate < 0) {
    *n_samples = 0;
    return 0;
  }
  if (!GST_CLOCK_TIME_IS_VALID (*timestamp))
    *timestamp = gst_hearken_stream_get_next (stream);
  return gst_hearken_timeline_clip (&stream->timeline, timestamp, n_samples);
}

/* Makes the recogniser ready for audio at this place: silence for a hole, a new start after a jump. */
static void
move_to (GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples)
{
  GstHearkenTimeline *timeline = &stream->timeline;
  const GstClockTime max_fill = stream->settings.max_gap_fill_ms * GST_MSECOND;
  guint64 n_hole;

  switch (gst_hearken_timeline_place (timeline, timestamp, n_samples, max_fill, &n_hole)) {
  case GST_HEARKEN_FOLLOWS:
    break;
  case GST_HEARKEN_CREEPS:
    gst_hearken_stream_hear_pending (stream); /* in the times that it came in */
    gst_hearken_timeline_follow (timeline, timestamp);
    break;
  case GST_HEARKEN_HOLE:
    GST_DEBUG_OBJECT (stream->owner,
        "hole of %" G_GUINT64_FORMAT " samples before %" GST_TIME_FORMAT ": heard as silence",
        n_hole, GST_TIME_ARGS (timestamp));
    listen_to_silence (stream, n_hole);
    break;
  case GST_HEARKEN_JUMP:
    GST_DEBUG_OBJECT (stream->owner,
        "time jumps from %" GST_TIME_FORMAT " to %" GST_TIME_FORMAT ": starting anew",
        GST_TIME_ARGS (gst_hearken_timeline_get_next (timeline)), GST_TIME_ARGS (timestamp));
    gst_hearken_stream_finish (stream, HEARKEN_END_REASON_GAP);
    gst_hearken_timeline_place (timeline, timestamp, n_samples, max_fill, &n_hole);
    break;
  }
}

/* Whether it is what the filter of a resampler still had when a gap came, which overtakes it. Its place is
 * gone, and time does not go back for it. */
static gboolean
is_overtaken (const GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples)
{
  const GstClockTime gap_start = stream->gap_start;

  return GST_CLOCK_TIME_IS_VALID (gap_start) && timestamp < gap_start &&
         gap_start - timestamp < GST_HEARKEN_JITTER_NS &&
         gst_hearken_stream_samples_to_time (stream, n_samples) < GST_HEARKEN_JITTER_NS;
}

void
gst_hearken_stream_push_audio (GstHearkenStream *stream, GstClockTime timestamp,
    GstAudioFormat format, gconstpointer data, guint64 n_samples)
{
  gsize sample_bytes = format == GST_AUDIO_FORMAT_F32 ? sizeof (float) : sizeof (gint16);
  guint64 n_cut = gst_hearken_stream_locate (stream, &timestamp, &n_samples);

  if (n_samples == 0 || is_overtaken (stream, timestamp, n_samples))
    return;
  stream->gap_start = GST_CLOCK_TIME_NONE;
  move_to (stream, timestamp, n_samples);
  listen_to_audio (stream, format, (const guint8 *) data + n_cut * sample_bytes, n_samples);
}

void
gst_hearken_stream_push_silence (
    GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples)
{
  guint64 n_max = gst_hearken_timeline_time_to_samples (&stream->timeline, MAX_SILENCE_NS);
  guint64 n_heard;

  gst_hearken_stream_locate (stream, &timestamp, &n_samples);
  if (n_samples == 0)
    return;
  n_heard = MIN (n_samples, n_max);
  move_to (stream, timestamp, n_heard);
  listen_to_silence (stream, n_heard);
  stream->gap_start = MIN (stream->gap_start, timestamp); /* of several, the first */
  if (n_samples > n_heard) {
    GST_DEBUG_OBJECT (stream->owner, "long silence: starting anew after it");
    gst_hearken_stream_finish (stream, HEARKEN_END_REASON_GAP);
    gst_hearken_timeline_start (&stream->timeline,
        timestamp + gst_hearken_timeline_samples_to_time (&stream->timeline, n_samples));
  }
}

void
gst_hearken_stream_skip (GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples)
{
  gst_hearken_stream_finish (stream, HEARKEN_END_REASON_GAP);
  gst_hearken_timeline_start (&stream->timeline,
      timestamp + gst_hearken_timeline_samples_to_time (&stream->timeline, n_samples));
  stream->stats.dropped_samples += n_samples;
}

void
gst_hearken_stream_set_segment (GstHearkenStream *stream, const GstSegment *segment)
{
  gst_hearken_stream_hear_pending (stream);
  if (gst_hearken_timeline_continues (&stream->timeline, segment)) {
    GST_DEBUG_OBJECT (stream->owner, "%" GST_SEGMENT_FORMAT " goes on: state is kept", segment);
  } else {
    GST_DEBUG_OBJECT (stream->owner, "%" GST_SEGMENT_FORMAT ": starting anew", segment);
    gst_hearken_stream_finish (stream, HEARKEN_END_REASON_SEGMENT);
  }
  gst_hearken_timeline_set_segment (&stream->timeline, segment);
}

const GstSegment *
gst_hearken_stream_get_segment (const GstHearkenStream *stream)
{
  const GstSegment *segment = &stream->timeline.segment;

  return segment->format == GST_FORMAT_TIME ? segment : NULL;
}

GstClockTime
gst_hearken_stream_get_next (const GstHearkenStream *stream)
{
  /* Before the segment it would never be heard: nothing would go on. */
  return MAX (gst_hearken_timeline_get_next (&stream->timeline), stream->timeline.segment.start);
}

GstClockTime
gst_hearken_stream_samples_to_time (const GstHearkenStream *stream, guint64 n_samples)
{
  return gst_hearken_timeline_samples_to_time (&stream->timeline, n_samples);
}

guint64
gst_hearken_stream_time_to_samples (const GstHearkenStream *stream, GstClockTime time)
{
  return gst_hearken_timeline_time_to_samples (&stream->timeline, time);
}

void
gst_hearken_stream_finish (GstHearkenStream *stream, HearkenEndReason reason)
{
  gst_hearken_stream_hear_pending (stream);
  if (hearken_recognizer_get_position_samples (stream->recognizer) > 0) {
    hearken_recognizer_drain (stream->recognizer, reason);
    collect (stream);
  }
  start_anew (stream);
}

void
gst_hearken_stream_finalize (GstHearkenStream *stream)
{
  gst_hearken_stream_hear_pending (stream);
  hearken_recognizer_finalize (stream->recognizer);
  collect (stream);
}

void
gst_hearken_stream_reset (GstHearkenStream *stream)
{
  gst_hearken_stream_hear_pending (stream);
  hearken_recognizer_reset (stream->recognizer);
  start_anew (stream);
}

void
gst_hearken_stream_flush (GstHearkenStream *stream)
{
  g_array_set_size (stream->pending, 0);
  gst_hearken_stream_reset (stream);
  gst_segment_init (&stream->timeline.segment, GST_FORMAT_UNDEFINED);
}

GstStructure *
gst_hearken_stream_save (GstHearkenStream *stream)
{
  gst_hearken_stream_hear_pending (stream);

  const GstHearkenStats *stats = &stream->stats;
  g_autoptr (GBytes) recognizer = hearken_recognizer_save (stream->recognizer);
  g_autoptr (GBytes) state = gst_hearken_state_pack (
      g_variant_new (STATE_TYPE ("@" GST_HEARKEN_TIMELINE_STATE, "@ay"), stream->is_speaking,
          stats->recognized_samples, stats->silence_samples, stats->dropped_samples,
          stats->n_tokens, stats->n_utterances, gst_hearken_timeline_save (&stream->timeline),
          g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, recognizer, TRUE)));
  GstHearkenTimes times;

  gst_hearken_timeline_get_times (&stream->timeline, stream->timeline.n_samples, 0, &times);
  return gst_structure_new (GST_HEARKEN_SAVED_STATE,   //
      "state", G_TYPE_BYTES, state,                    //
      "timestamp", G_TYPE_UINT64, times.timestamp,     //
      "stream-time", G_TYPE_UINT64, times.stream_time, //
      "running-time", G_TYPE_UINT64, times.running_time, NULL);
}

gboolean
gst_hearken_stream_restore (GstHearkenStream *stream, GBytes *state, GError **error)
{
  g_autoptr (GVariant) content =
      gst_hearken_state_unpack (state, STATE_TYPE (GST_HEARKEN_TIMELINE_STATE, "ay"), error);
  g_autoptr (GVariant) timeline = NULL, recognizer = NULL;
  g_autoptr (GBytes) recognizer_state = NULL;
  GstHearkenStats stats = { 0 };
  gboolean is_speaking;

  if (!content)
    return FALSE;
  gst_hearken_stream_hear_pending (stream);
  g_variant_get (content, STATE_TYPE ("@" GST_HEARKEN_TIMELINE_STATE, "@ay"), &is_speaking,
      &stats.recognized_samples, &stats.silence_samples, &stats.dropped_samples, &stats.n_tokens,
      &stats.n_utterances, &timeline, &recognizer);
  recognizer_state = g_variant_get_data_as_bytes (recognizer);
  if (!hearken_recognizer_restore (stream->recognizer, recognizer_state, error))
    return FALSE;
  gst_hearken_timeline_restore (&stream->timeline, timeline);
  stream->is_speaking = is_speaking;
  stream->stats = stats;
  return TRUE;
}

GstStructure *
gst_hearken_stream_pull (GstHearkenStream *stream)
{
  return g_queue_pop_head (&stream->structures);
}

void
gst_hearken_stream_get_stats (const GstHearkenStream *stream, GstHearkenStats *stats)
{
  *stats = stream->stats;
  stats->bad_samples = hearken_recognizer_get_n_bad_samples (stream->recognizer);
}

GstStructure *
gst_hearken_stats_to_structure (const GstHearkenStats *stats)
{
  return gst_structure_new ("hearken-stats",                          //
      "recognized-samples", G_TYPE_UINT64, stats->recognized_samples, //
      "silence-samples", G_TYPE_UINT64, stats->silence_samples,       //
      "dropped-samples", G_TYPE_UINT64, stats->dropped_samples,       //
      "bad-samples", G_TYPE_UINT64, stats->bad_samples,               //
      "tokens", G_TYPE_UINT64, stats->n_tokens,                       //
      "utterances", G_TYPE_UINT64, stats->n_utterances, NULL);
}
