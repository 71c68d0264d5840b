/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How late audio is by the pipeline's clock, and what the application is told of it. */
#pragma once

#include <gst/gst.h>

#include "gsthearkenstream.h"

typedef struct {
  /* Guarded by the element's object lock. */
  GstClockTime latency_ns; /* of the whole pipeline; NONE before it was told */

  /* Of the streaming thread. */
  gboolean has_asked; /* for the latency */
} GstHearkenLateness;

void gst_hearken_lateness_init (GstHearkenLateness *self, GstElement *element);
/* @event: LATENCY */
void gst_hearken_lateness_set_latency (
    GstHearkenLateness *self, GstElement *element, GstEvent *event);

/* @running_time: of a moment in the audio; may be %GST_CLOCK_TIME_NONE. Returns: how far it is behind the
 * clock of @element, less the latency; 0 where there is no clock that runs, or no latency was told yet,
 * which is then asked for */
GstClockTimeDiff gst_hearken_lateness_get (
    GstHearkenLateness *self, GstElement *element, GstClockTime running_time);

/* Posts a QoS message for audio that was left out; the statistics are in samples. */
void gst_hearken_lateness_report (GstElement *element, const GstSegment *segment,
    GstClockTime timestamp, GstClockTime duration, GstClockTimeDiff lateness,
    const GstHearkenStats *stats);
