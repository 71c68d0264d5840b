/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenstream.h"

#include "gsthearken.h"
#include "gsthearkentimeline.h"
#include "gsthearkentoken.h"

#define GST_CAT_DEFAULT gst_hearken_debug

/* Audio is converted and pushed in pieces of this size, on the stack. */
#define CHUNK_SAMPLES 1024

/* More silence than this is not listened to: long before, the utterance has ended. */
#define MAX_SILENCE_NS (10 * GST_SECOND)

struct GstHearkenStream {
  GstObject *owner;
  HearkenRecognizer *recognizer;
  HearkenGraph *graph; /* nullable */
  GstHearkenTimeline timeline;
  GQueue structures; /* (element-type GstStructure): to be pulled */
  GstHearkenStats stats;

  GstHearkenLevels levels;
  gboolean cleans_up;
  GstClockTime max_gap_fill_ns;
};

GstHearkenStream *
gst_hearken_stream_new (GstObject *owner, HearkenModel *model)
{
  GstHearkenStream *stream = g_new0 (GstHearkenStream, 1);

  stream->owner = owner;
  stream->recognizer = hearken_recognizer_new (model);
  gst_hearken_timeline_init (&stream->timeline, hearken_model_get_sample_rate_hz (model));
  g_queue_init (&stream->structures);
  return stream;
}

void
gst_hearken_stream_free (GstHearkenStream *stream)
{
  g_queue_clear_full (&stream->structures, (GDestroyNotify) gst_structure_free);
  gst_hearken_timeline_clear (&stream->timeline);
  hearken_recognizer_free (stream->recognizer);
  g_clear_pointer (&stream->graph, hearken_graph_unref);
  g_free (stream);
}

void
gst_hearken_stream_configure (GstHearkenStream *stream, const GstHearkenSettings *settings)
{
  HearkenRecognizer *recognizer = stream->recognizer;

  stream->levels = settings->levels;
  stream->cleans_up = settings->clean_up;
  stream->max_gap_fill_ns = settings->max_gap_fill_ms * GST_MSECOND;

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

gboolean
gst_hearken_stream_set_graph (GstHearkenStream *stream, HearkenGraph *graph)
{
  if (graph == stream->graph)
    return FALSE;
  hearken_recognizer_set_graph (stream->recognizer, graph);
  g_clear_pointer (&stream->graph, hearken_graph_unref);
  stream->graph = graph ? hearken_graph_ref (graph) : NULL;
  return TRUE;
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

/* Takes the results while the timeline is the one that they were heard in. */
static void
collect (GstHearkenStream *stream)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (stream->recognizer)) != NULL) {
    count (&stream->stats, result);
    if (stream->levels & (1 << result->level)) {
      GstHearkenTimes times;

      gst_hearken_timeline_get_times (
          &stream->timeline, result->start_samples, result->duration_samples, &times);
      g_queue_push_tail (
          &stream->structures, gst_hearken_token_new (result, &times, stream->cleans_up));
    }
    hearken_result_free (result);
  }
}

static void
listen_to_silence (GstHearkenStream *stream, guint64 n_samples)
{
  hearken_recognizer_push_silence (stream->recognizer, n_samples);
  gst_hearken_timeline_advance (&stream->timeline, n_samples);
  stream->stats.silence_samples += n_samples;
  collect (stream);
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
  gsize sample_bytes = format == GST_AUDIO_FORMAT_F32 ? sizeof (float) : sizeof (gint16);
  float samples[CHUNK_SAMPLES];

  for (guint64 i = 0; i < n_samples; i += CHUNK_SAMPLES) {
    gsize n_chunk = MIN (CHUNK_SAMPLES, n_samples - i);

    convert (format, bytes + i * sample_bytes, n_chunk, samples);
    hearken_recognizer_push (stream->recognizer, samples, n_chunk);
  }
  gst_hearken_timeline_advance (&stream->timeline, n_samples);
  stream->stats.recognized_samples += n_samples;
  collect (stream);
}

/* Finds out where audio is and cuts it to the segment: changes @timestamp and @n_samples. Returns:
 * how many samples are cut off the beginning */
static guint64
locate (GstHearkenStream *stream, GstClockTime *timestamp, guint64 *n_samples)
{
  if (stream->timeline.segment.rate < 0) {
    *n_samples = 0;
    return 0;
  }
  if (!GST_CLOCK_TIME_IS_VALID (*timestamp))
    *timestamp = gst_hearken_timeline_get_next (&stream->timeline);
  return gst_hearken_timeline_clip (&stream->timeline, timestamp, n_samples);
}

/* Makes the recogniser ready for audio at this place: silence for a hole, a new start after a jump. */
static void
move_to (GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples)
{
  GstHearkenTimeline *timeline = &stream->timeline;
  const GstClockTime max_fill = stream->max_gap_fill_ns;
  guint64 n_hole;

  switch (gst_hearken_timeline_place (timeline, timestamp, n_samples, max_fill, &n_hole)) {
  case GST_HEARKEN_FOLLOWS:
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

void
gst_hearken_stream_push_audio (GstHearkenStream *stream, GstClockTime timestamp,
    GstAudioFormat format, gconstpointer data, guint64 n_samples)
{
  gsize sample_bytes = format == GST_AUDIO_FORMAT_F32 ? sizeof (float) : sizeof (gint16);
  guint64 n_cut = locate (stream, &timestamp, &n_samples);

  if (n_samples == 0)
    return;
  move_to (stream, timestamp, n_samples);
  listen_to_audio (stream, format, (const guint8 *) data + n_cut * sample_bytes, n_samples);
}

void
gst_hearken_stream_push_silence (
    GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples)
{
  guint64 n_max = gst_hearken_timeline_time_to_samples (&stream->timeline, MAX_SILENCE_NS);
  guint64 n_heard;

  locate (stream, &timestamp, &n_samples);
  if (n_samples == 0)
    return;
  n_heard = MIN (n_samples, n_max);
  move_to (stream, timestamp, n_heard);
  listen_to_silence (stream, n_heard);
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
  locate (stream, &timestamp, &n_samples);
  if (n_samples == 0)
    return;
  gst_hearken_stream_finish (stream, HEARKEN_END_REASON_GAP);
  gst_hearken_timeline_start (&stream->timeline,
      timestamp + gst_hearken_timeline_samples_to_time (&stream->timeline, n_samples));
  stream->stats.dropped_samples += n_samples;
}

void
gst_hearken_stream_set_segment (GstHearkenStream *stream, const GstSegment *segment)
{
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
  return gst_hearken_timeline_get_next (&stream->timeline);
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
  if (hearken_recognizer_get_position_samples (stream->recognizer) > 0) {
    hearken_recognizer_drain (stream->recognizer, reason);
    collect (stream);
  }
  gst_hearken_timeline_stop (&stream->timeline);
}

void
gst_hearken_stream_finalize (GstHearkenStream *stream)
{
  hearken_recognizer_finalize (stream->recognizer);
  collect (stream);
}

void
gst_hearken_stream_reset (GstHearkenStream *stream)
{
  hearken_recognizer_reset (stream->recognizer);
  gst_hearken_timeline_stop (&stream->timeline);
}

void
gst_hearken_stream_flush (GstHearkenStream *stream)
{
  gst_hearken_stream_reset (stream);
  gst_segment_init (&stream->timeline.segment, GST_FORMAT_UNDEFINED);
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
