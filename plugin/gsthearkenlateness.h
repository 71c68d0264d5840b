/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How late audio is by the pipeline's clock, and what the application is told of it. */
#pragma once

#include <gst/gst.h>

#include "gsthearkenstream.h"

/**
 * gst_hearken_lateness_get:
 * @running_time: of a moment in the audio; may be %GST_CLOCK_TIME_NONE
 * @latency: the pipeline's
 *
 * Returns: how far the moment is behind the clock of @element, less @latency; 0 where there is no
 *   clock that runs
 */
GstClockTimeDiff gst_hearken_lateness_get (
    GstElement *element, GstClockTime running_time, GstClockTime latency);

/* Posts a QoS message for audio that was left out; the statistics are in samples. */
void gst_hearken_lateness_report (GstElement *element, const GstSegment *segment,
    GstClockTime timestamp, GstClockTime duration, GstClockTimeDiff lateness,
    const GstHearkenStats *stats);
