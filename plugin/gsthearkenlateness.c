/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenlateness.h"

void
gst_hearken_lateness_init (GstHearkenLateness *self, GstElement *element)
{
  GST_OBJECT_LOCK (element);
  self->latency_ns = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (element);
  self->has_asked = FALSE;
}

void
gst_hearken_lateness_set_latency (GstHearkenLateness *self, GstElement *element, GstEvent *event)
{
  GST_OBJECT_LOCK (element);
  gst_event_parse_latency (event, &self->latency_ns);
  GST_OBJECT_UNLOCK (element);
}

/* Only applications distribute the latency anew where an element comes into a pipeline that plays. */
static void
ask_latency (GstHearkenLateness *self, GstElement *element)
{
  if (self->has_asked)
    return;
  self->has_asked = TRUE;
  gst_element_post_message (element, gst_message_new_latency (GST_OBJECT (element)));
}

GstClockTimeDiff
gst_hearken_lateness_get (GstHearkenLateness *self, GstElement *element, GstClockTime running_time)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (element);
  GstClockTime latency, now;

  if (!clock || GST_STATE (element) != GST_STATE_PLAYING || !GST_CLOCK_TIME_IS_VALID (running_time))
    return 0;
  GST_OBJECT_LOCK (element);
  latency = self->latency_ns;
  GST_OBJECT_UNLOCK (element);
  if (!GST_CLOCK_TIME_IS_VALID (latency)) {
    ask_latency (self, element);
    return 0;
  }
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
