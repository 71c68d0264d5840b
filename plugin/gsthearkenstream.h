/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What the element hears: audio with its timestamps goes in, `recognized-token` and
 * `speech-activity` structures come out. It decides what holes, gaps and jumps in time mean for the
 * recogniser, which knows nothing of them, and when another model takes over. Audio may be collected
 * before it is heard (`chunk_duration_ms`), which changes no result, as all else that is done to the
 * stream has what was collected heard first. It belongs to the streaming thread. Pull after every
 * other call.
 */
#pragma once

#include <gst/audio/audio.h>
#include <gst/gst.h>

#include "gsthearkensettings.h"
#include "model.h"

typedef struct GstHearkenStream GstHearkenStream;

/* All since the stream was created, times in samples. */
typedef struct {
  guint64 recognized_samples;
  guint64 silence_samples; /* recognised as silence where there was no audio */
  guint64 dropped_samples; /* not recognised, because they were late */
  guint64 bad_samples;     /* not a number, infinite or absurdly loud */
  guint64 n_tokens;
  guint64 n_utterances;
} GstHearkenStats;

/* @owner: in whose name things are logged; outlives the stream. */
GstHearkenStream *gst_hearken_stream_new (GstObject *owner, HearkenModel *model);
void gst_hearken_stream_free (GstHearkenStream *stream);

/* The settings hold from the next audio on. */
void gst_hearken_stream_configure (GstHearkenStream *stream, const GstHearkenSettings *settings);
/* What may be said, from the next utterance on; with another model, which takes over as soon as nobody
 * speaks: `model-changed` is then among the structures. @model: of the same rate. Returns: whether it
 * is another graph of the model in use than before */
gboolean gst_hearken_stream_set_vocabulary (
    GstHearkenStream *stream, HearkenModel *model, HearkenGraph *graph);

/* Ends the open utterance first, if time jumps. @segment: format TIME. */
void gst_hearken_stream_set_segment (GstHearkenStream *stream, const GstSegment *segment);
/* %NULL before the first segment. */
const GstSegment *gst_hearken_stream_get_segment (const GstHearkenStream *stream);

/* Hears what the stream hears; outlives it. To be set before the first audio. */
void gst_hearken_stream_set_tracer (GstHearkenStream *stream, HearkenTracer *tracer);
/* The timestamp of what is sample 0 for the recogniser and its tracer; can be before 0. */
GstClockTimeDiff gst_hearken_stream_get_origin (const GstHearkenStream *stream);

/* In each: @timestamp may be %GST_CLOCK_TIME_NONE, the audio then follows on what came before. */

/* Finds out where audio is and cuts it to the segment: changes @timestamp and @n_samples, which is 0 if
 * it would not be heard. Returns: how many samples are cut off the beginning */
guint64 gst_hearken_stream_locate (
    const GstHearkenStream *stream, GstClockTime *timestamp, guint64 *n_samples);
/* @data: @n_samples of @format (F32 or S16, native endian), of any alignment. */
void gst_hearken_stream_push_audio (GstHearkenStream *stream, GstClockTime timestamp,
    GstAudioFormat format, gconstpointer data, guint64 n_samples);
void gst_hearken_stream_push_silence (
    GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples);
/* Leaves audio out that has been located: it ends the open utterance like a hole. */
void gst_hearken_stream_skip (GstHearkenStream *stream, GstClockTime timestamp, guint64 n_samples);

/* Hears what was collected, as all else does but the flush. */
void gst_hearken_stream_hear_pending (GstHearkenStream *stream);

/* The timestamp that audio without one would have. */
GstClockTime gst_hearken_stream_get_next (const GstHearkenStream *stream);
GstClockTime gst_hearken_stream_samples_to_time (const GstHearkenStream *stream, guint64 n_samples);
guint64 gst_hearken_stream_time_to_samples (const GstHearkenStream *stream, GstClockTime time);

/* Ends the open utterance for @reason; what comes next is new. */
void gst_hearken_stream_finish (GstHearkenStream *stream, HearkenEndReason reason);
/* Ends the open utterance by hand; the stream goes on. */
void gst_hearken_stream_finalize (GstHearkenStream *stream);
/* Forgets everything that was heard. */
void gst_hearken_stream_reset (GstHearkenStream *stream);
/* The same, without having heard what was collected, and forgets the segment, too. */
void gst_hearken_stream_flush (GstHearkenStream *stream);

/* Returns: (transfer full): a structure `saved-state`: the state as bytes, and when the audio comes that
 * has not been heard yet */
GstStructure *gst_hearken_stream_save (GstHearkenStream *stream);
/* Goes on from a state of the same model and graph, in place of all that was heard; the next audio
 * follows on it. @state: any bytes. Returns: %FALSE with @error set if they do not fit; the stream is
 * then as it was */
gboolean gst_hearken_stream_restore (GstHearkenStream *stream, GBytes *state, GError **error);

/* Returns: (transfer full) (nullable): the next structure to be sent */
GstStructure *gst_hearken_stream_pull (GstHearkenStream *stream);

void gst_hearken_stream_get_stats (const GstHearkenStream *stream, GstHearkenStats *stats);
/* Returns: (transfer full): as the property `stats` shows them */
GstStructure *gst_hearken_stats_to_structure (const GstHearkenStats *stats);
