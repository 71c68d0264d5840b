/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The times of a timestamp, also where its segment does not reach, and before 0. */
#pragma once

#include <gst/gst.h>

/**
 * gst_hearken_segment_to_stream_time:
 * @segment: of format TIME; if it has no stream time, that is taken to be the timestamp
 *
 * Returns: in ns
 */
GstClockTimeDiff gst_hearken_segment_to_stream_time (
    const GstSegment *segment, GstClockTime timestamp);

/**
 * gst_hearken_segment_to_running_time:
 * @segment: of format TIME
 *
 * Returns: in ns
 */
GstClockTimeDiff gst_hearken_segment_to_running_time (
    const GstSegment *segment, GstClockTime timestamp);
