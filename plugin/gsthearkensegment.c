/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkensegment.h"

static GstClockTimeDiff
with_sign (int sign, guint64 value)
{
  return sign * (GstClockTimeDiff) MIN (value, G_MAXINT64);
}

GstClockTimeDiff
gst_hearken_segment_to_stream_time (const GstSegment *segment, GstClockTime timestamp)
{
  guint64 value;
  int sign = gst_segment_to_stream_time_full (segment, GST_FORMAT_TIME, timestamp, &value);

  return sign ? with_sign (sign, value) : with_sign (1, timestamp);
}

GstClockTimeDiff
gst_hearken_segment_to_running_time (const GstSegment *segment, GstClockTime timestamp)
{
  guint64 value;
  int sign = gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, timestamp, &value);

  return with_sign (sign, value);
}
