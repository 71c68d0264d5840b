/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkentimeline.h"

#include "gsthearkensegment.h"

void
gst_hearken_timeline_init (GstHearkenTimeline *timeline, guint rate_hz)
{
  *timeline = (GstHearkenTimeline){ .rate_hz = rate_hz };
  gst_segment_init (&timeline->segment, GST_FORMAT_UNDEFINED);
  timeline->align = gst_audio_stream_align_new (rate_hz, GST_HEARKEN_JITTER_NS, 0);
}

void
gst_hearken_timeline_clear (GstHearkenTimeline *timeline)
{
  g_clear_pointer (&timeline->align, gst_audio_stream_align_free);
}

void
gst_hearken_timeline_stop (GstHearkenTimeline *timeline)
{
  gst_hearken_timeline_rebase (timeline, 0);
  timeline->is_running = FALSE;
  timeline->is_restored = FALSE;
  gst_audio_stream_align_mark_discont (timeline->align);
}

void
gst_hearken_timeline_start (GstHearkenTimeline *timeline, GstClockTime timestamp)
{
  timeline->is_running = TRUE;
  timeline->origin_ns = timestamp;
  timeline->n_samples = 0;
  timeline->own_end_ns = timestamp;
}

GstClockTime
gst_hearken_timeline_samples_to_time (const GstHearkenTimeline *timeline, guint64 n_samples)
{
  return gst_util_uint64_scale_round (n_samples, GST_SECOND, timeline->rate_hz);
}

guint64
gst_hearken_timeline_time_to_samples (const GstHearkenTimeline *timeline, GstClockTime time)
{
  return gst_util_uint64_scale_round (time, timeline->rate_hz, GST_SECOND);
}

/* The timestamp of a sample of the recogniser's, with its sign. */
static GstClockTimeDiff
get_timestamp (const GstHearkenTimeline *timeline, guint64 sample)
{
  return timeline->origin_ns + gst_hearken_timeline_samples_to_time (timeline, sample);
}

GstClockTime
gst_hearken_timeline_get_next (const GstHearkenTimeline *timeline)
{
  return get_timestamp (timeline, timeline->n_samples);
}

/* Whether two times differ by no more than jitter; they can be so absurd that their difference does
 * not fit. */
static gboolean
is_near (GstClockTimeDiff a, GstClockTimeDiff b)
{
  guint64 distance = a > b ? (guint64) a - (guint64) b : (guint64) b - (guint64) a;

  return distance < GST_HEARKEN_JITTER_NS;
}

/* Whether two timestamps, each in its segment, are the same moment. */
static gboolean
is_same_moment (const GstSegment *a, GstClockTime in_a, const GstSegment *b, GstClockTime in_b)
{
  return is_near (gst_hearken_segment_to_stream_time (a, in_a),
             gst_hearken_segment_to_stream_time (b, in_b)) &&
         is_near (gst_hearken_segment_to_running_time (a, in_a),
             gst_hearken_segment_to_running_time (b, in_b));
}

/* Whether the new segment gives the next sample's timestamp the times that the old one does. */
static gboolean
keeps_timestamps (const GstHearkenTimeline *timeline, const GstSegment *segment)
{
  GstClockTime next = gst_hearken_timeline_get_next (timeline);

  return is_same_moment (&timeline->segment, next, segment, next);
}

gboolean
gst_hearken_timeline_continues (const GstHearkenTimeline *timeline, const GstSegment *segment)
{
  GstClockTime next = gst_hearken_timeline_get_next (timeline);

  /* What was said before another speed would get times as if it had been said at that. */
  if (!timeline->is_running || timeline->segment.rate != segment->rate ||
      timeline->segment.applied_rate != segment->applied_rate)
    return FALSE;
  return keeps_timestamps (timeline, segment) ||
         is_same_moment (&timeline->segment, next, segment, segment->start);
}

/* The recogniser's next sample has this timestamp. */
static void
set_next (GstHearkenTimeline *timeline, GstClockTime timestamp)
{
  timeline->origin_ns =
      timestamp - gst_hearken_timeline_samples_to_time (timeline, timeline->n_samples);
}

void
gst_hearken_timeline_set_segment (GstHearkenTimeline *timeline, const GstSegment *segment)
{
  if (!timeline->is_running || !keeps_timestamps (timeline, segment)) {
    set_next (timeline, segment->start);
    timeline->own_end_ns = segment->start;
  }
  gst_segment_copy_into (segment, &timeline->segment);
}

guint64
gst_hearken_timeline_clip (
    const GstHearkenTimeline *timeline, GstClockTime *timestamp, guint64 *n_samples)
{
  GstClockTime end = *timestamp + gst_hearken_timeline_samples_to_time (timeline, *n_samples);
  guint64 clip_start, clip_end, n_cut;

  if (!gst_segment_clip (
          &timeline->segment, GST_FORMAT_TIME, *timestamp, end, &clip_start, &clip_end)) {
    *n_samples = 0;
    return 0;
  }
  n_cut = gst_hearken_timeline_time_to_samples (timeline, clip_start - *timestamp);
  *n_samples = gst_hearken_timeline_time_to_samples (timeline, clip_end - *timestamp) - n_cut;
  *timestamp = clip_start;
  return n_cut;
}

void
gst_hearken_timeline_rebase (GstHearkenTimeline *timeline, guint64 n_kept)
{
  timeline->origin_ns = get_timestamp (timeline, timeline->n_samples - n_kept);
  timeline->n_samples = n_kept;
}

GVariant *
gst_hearken_timeline_save (const GstHearkenTimeline *timeline)
{
  return g_variant_new (GST_HEARKEN_TIMELINE_STATE, timeline->is_running, timeline->origin_ns,
      timeline->n_samples, timeline->own_end_ns,
      gst_audio_stream_align_get_timestamp_at_discont (timeline->align),
      gst_audio_stream_align_get_samples_since_discont (timeline->align));
}

void
gst_hearken_timeline_restore (GstHearkenTimeline *timeline, GVariant *state)
{
  GstClockTime timestamp;
  guint64 n_samples;

  g_variant_get (state, GST_HEARKEN_TIMELINE_STATE, &timeline->is_running, &timeline->origin_ns,
      &timeline->n_samples, &timeline->own_end_ns, &timestamp, &n_samples);
  timeline->is_restored = timeline->is_running;
  gst_audio_stream_align_mark_discont (timeline->align);
  if (GST_CLOCK_TIME_IS_VALID (timestamp))
    gst_audio_stream_align_process (timeline->align, TRUE, timestamp, n_samples, NULL, NULL, NULL);
}

/* What was restored goes on at @timestamp. */
static void
settle (GstHearkenTimeline *timeline, GstClockTime timestamp)
{
  if (!is_near (gst_hearken_timeline_get_next (timeline), timestamp))
    set_next (timeline, timestamp);
  timeline->is_restored = FALSE;
}

GstHearkenPlace
gst_hearken_timeline_place (GstHearkenTimeline *timeline, GstClockTime timestamp, guint64 n_samples,
    GstClockTime max_hole_ns, guint64 *hole_samples)
{
  GstClockTimeDiff offset;
  gboolean is_off, is_step;

  if (timeline->is_running && timeline->is_restored)
    settle (timeline, timestamp);
  is_off = gst_audio_stream_align_process (
      timeline->align, FALSE, timestamp, n_samples, NULL, NULL, NULL);
  if (!timeline->is_running)
    gst_hearken_timeline_start (timeline, timestamp);
  is_step = is_near (timeline->own_end_ns, timestamp);
  offset = GST_CLOCK_DIFF (get_timestamp (timeline, timeline->n_samples), timestamp);
  timeline->own_end_ns = timestamp + gst_hearken_timeline_samples_to_time (timeline, n_samples);

  if (!is_off)
    return GST_HEARKEN_FOLLOWS;
  if (is_step) /* as where the source's clock drifts */
    return GST_HEARKEN_CREEPS;
  if (offset < 0)
    return GST_HEARKEN_JUMP;
  *hole_samples = gst_hearken_timeline_time_to_samples (timeline, offset);
  return *hole_samples <= gst_hearken_timeline_time_to_samples (timeline, max_hole_ns)
             ? GST_HEARKEN_HOLE
             : GST_HEARKEN_JUMP;
}

void
gst_hearken_timeline_follow (GstHearkenTimeline *timeline, GstClockTime timestamp)
{
  set_next (timeline, timestamp);
}

void
gst_hearken_timeline_advance (GstHearkenTimeline *timeline, guint64 n_samples)
{
  timeline->n_samples += n_samples;
}

/* The nearest time at which a sound can begin and end after its duration. */
static GstClockTime
bound (GstClockTimeDiff time, GstClockTime duration)
{
  return CLAMP (time, 0, (GstClockTimeDiff) (G_MAXINT64 - duration));
}

void
gst_hearken_timeline_get_times (const GstHearkenTimeline *timeline, guint64 start_samples,
    guint64 duration_samples, GstHearkenTimes *times)
{
  const GstSegment *segment = &timeline->segment;
  const GstClockTime duration = gst_hearken_timeline_samples_to_time (timeline, duration_samples);
  const GstClockTime timestamp = bound (get_timestamp (timeline, start_samples), duration);

  times->timestamp = timestamp;
  times->duration = duration;
  times->stream_time = bound (gst_hearken_segment_to_stream_time (segment, timestamp), duration);
  times->running_time = bound (gst_hearken_segment_to_running_time (segment, timestamp), duration);
}
