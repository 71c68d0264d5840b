/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The clock of the samples. The recogniser counts samples, buffers have timestamps, segments map
 * those to stream time and running time; the timeline knows where each sample is in all of them,
 * and judges whether audio follows on what came before.
 */
#pragma once

#include <gst/audio/audio.h>
#include <gst/gst.h>

/* Of a timeline as a value, which leaves out the segment. */
#define GST_HEARKEN_TIMELINE_STATE "(bxtxtt)"

/* Timestamps that are off by less than this are jitter. */
#define GST_HEARKEN_JITTER_NS (40 * GST_MSECOND)

typedef struct {
  guint rate_hz;
  GstSegment segment; /* the one that audio is in; format UNDEFINED before the first */
  GstAudioStreamAlign *align;

  GstClockTimeDiff origin_ns;  /* timestamp of the recogniser's sample 0; can be before 0 where a
                                  segment has set the timestamps back */
  gboolean is_running;         /* whether it has heard any, and the fields below hold */
  gboolean is_restored;        /* the next audio follows, whatever its timestamp */
  guint64 n_samples;           /* since then */
  GstClockTimeDiff own_end_ns; /* the end of the last audio by its own timestamp */
} GstHearkenTimeline;

/* Where a result is; never GST_CLOCK_TIME_NONE. */
typedef struct {
  GstClockTime timestamp;
  GstClockTime stream_time;
  GstClockTime running_time;
  GstClockTime duration;
} GstHearkenTimes;

typedef enum {
  GST_HEARKEN_FOLLOWS, /* on the audio before, or is the first */
  GST_HEARKEN_CREEPS,  /* follows, but its time has moved away step by step */
  GST_HEARKEN_HOLE,    /* comes a little late: samples are missing */
  GST_HEARKEN_JUMP,    /* is elsewhere */
} GstHearkenPlace;

void gst_hearken_timeline_init (GstHearkenTimeline *timeline, guint rate_hz);
void gst_hearken_timeline_clear (GstHearkenTimeline *timeline);

/* Nothing is known any more of what came before, but when it ended; the segment stays. */
void gst_hearken_timeline_stop (GstHearkenTimeline *timeline);
/* The recogniser's next sample is its sample 0, and should have this timestamp. */
void gst_hearken_timeline_start (GstHearkenTimeline *timeline, GstClockTime timestamp);

/* Whether time goes on in @segment (format TIME) where it is now, at the same speed. */
gboolean gst_hearken_timeline_continues (
    const GstHearkenTimeline *timeline, const GstSegment *segment);
/* @segment: format TIME; continues, or the timeline is stopped */
void gst_hearken_timeline_set_segment (GstHearkenTimeline *timeline, const GstSegment *segment);

/* The timestamp that the next sample should have. */
GstClockTime gst_hearken_timeline_get_next (const GstHearkenTimeline *timeline);

/* Cuts audio to the segment: moves @timestamp and takes from @n_samples. Returns: how many samples
 * are cut off the beginning */
guint64 gst_hearken_timeline_clip (
    const GstHearkenTimeline *timeline, GstClockTime *timestamp, guint64 *n_samples);

/* Where @n_samples of audio with this timestamp are; starts the timeline there if it is not
 * running. @max_hole_ns: the longest hole that is not a jump. @hole_samples: out, for
 * %GST_HEARKEN_HOLE. */
GstHearkenPlace gst_hearken_timeline_place (GstHearkenTimeline *timeline, GstClockTime timestamp,
    guint64 n_samples, GstClockTime max_hole_ns, guint64 *hole_samples);

/* The recogniser's sample 0 is now what comes @n_kept samples before the next one. */
void gst_hearken_timeline_rebase (GstHearkenTimeline *timeline, guint64 n_kept);

/* All but the segment. Returns: (transfer floating) */
GVariant *gst_hearken_timeline_save (const GstHearkenTimeline *timeline);
/* The next audio follows on that before the save. If its timestamp does, too, it has the times that it
 * would have had then; if not, as in a pipeline that counts from 0 again, times go on from its own. */
void gst_hearken_timeline_restore (GstHearkenTimeline *timeline, GVariant *state);

/* The next sample has this timestamp; no sample is left out for it. */
void gst_hearken_timeline_follow (GstHearkenTimeline *timeline, GstClockTime timestamp);

/* @n_samples were taken for the recogniser. */
void gst_hearken_timeline_advance (GstHearkenTimeline *timeline, guint64 n_samples);

GstClockTime gst_hearken_timeline_samples_to_time (
    const GstHearkenTimeline *timeline, guint64 n_samples);
guint64 gst_hearken_timeline_time_to_samples (
    const GstHearkenTimeline *timeline, GstClockTime time);

/* The times of something that the recogniser heard; also before the segment's start. */
void gst_hearken_timeline_get_times (const GstHearkenTimeline *timeline, guint64 start_samples,
    guint64 duration_samples, GstHearkenTimes *times);
