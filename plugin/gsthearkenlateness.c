/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenlateness.h"

GstClockTimeDiff
gst_hearken_lateness_get (GstElement *element, GstClockTime running_time, GstClockTime latency)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (element);
  GstClockTime now;

  if (!clock || GST_STATE (element) != GST_STATE_PLAYING || !GST_CLOCK_TIME_IS_VALID (running_time))
    return 0;
  now = gst_clock_get_time (clock) - gst_element_get_base_time (element);
  return GST_CLOCK_DIFF (running_time + latency, now);
}

void
gst_hearken_lateness_report (GstElement *element, const GstSegment *segment, GstClockTime timestamp,
    GstClockTime duration, GstClockTimeDiff lateness, const GstHearkenStats *stats)
{
  GstMessage *message = gst_message_new_qos (GST_OBJECT (element), FALSE,
      gst_segment_to_running_time (segment, GST_FORMAT_TIME, timestamp),
      gst_segment_to_stream_time (segment, GST_FORMAT_TIME, timestamp), timestamp, duration);

  gst_message_set_qos_values (message, lateness, 1.0, 1000000);
  gst_message_set_qos_stats (message, GST_FORMAT_DEFAULT,
      stats->recognized_samples + stats->silence_samples, stats->dropped_samples);
  gst_element_post_message (element, message);
}
