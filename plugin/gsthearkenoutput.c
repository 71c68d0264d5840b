/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenoutput.h"

#include <string.h>

/* As the pad's, in another order of preference. */
#define MARKUP_FIRST_CAPS "text/x-raw, format = (string) { pango-markup, utf8 }; application/x-json"

void
gst_hearken_output_init (
    GstHearkenOutput *output, GstPad *pad, const GstHearkenTextSettings *settings)
{
  *output = (GstHearkenOutput){ .pad = pad, .settings = settings, .is_discont = TRUE };
}

/* Caps */

/* Marks can only be seen in markup: it comes first where they are wanted. */
static GstCaps *
get_own_caps (GstHearkenOutput *output)
{
  if (output->settings->mark_confidence > 0)
    return gst_caps_from_string (MARKUP_FIRST_CAPS);
  return gst_pad_get_pad_template_caps (output->pad);
}

static GstHearkenTextFormat
get_format (const GstStructure *structure)
{
  if (gst_structure_has_name (structure, "application/x-json"))
    return GST_HEARKEN_TEXT_JSON;
  return g_strcmp0 (gst_structure_get_string (structure, "format"), "pango-markup") == 0
             ? GST_HEARKEN_TEXT_PANGO
             : GST_HEARKEN_TEXT_UTF8;
}

static gboolean
negotiate (GstHearkenOutput *output)
{
  g_autoptr (GstCaps) own = get_own_caps (output);
  g_autoptr (GstCaps) theirs = gst_pad_peer_query_caps (output->pad, own);
  g_autoptr (GstCaps) common = gst_caps_intersect_full (own, theirs, GST_CAPS_INTERSECT_FIRST);

  output->is_negotiated = FALSE;
  if (gst_caps_is_empty (common))
    return FALSE;
  common = gst_caps_fixate (g_steal_pointer (&common));
  output->format = get_format (gst_caps_get_structure (common, 0));
  output->is_negotiated = gst_pad_push_event (output->pad, gst_event_new_caps (common));
  return output->is_negotiated;
}

/* Asks downstream which text it takes, if that is not known. Returns: whether it takes any */
static gboolean
prepare (GstHearkenOutput *output)
{
  if ((gst_pad_check_reconfigure (output->pad) || !output->is_negotiated) && !negotiate (output))
    return FALSE;
  if (output->segment)
    gst_pad_push_event (output->pad, g_steal_pointer (&output->segment));
  return TRUE;
}

void
gst_hearken_output_set_segment (GstHearkenOutput *output, GstEvent *segment)
{
  gst_hearken_output_forget_segment (output);
  output->segment = segment;
  prepare (output);
}

void
gst_hearken_output_forget_segment (GstHearkenOutput *output)
{
  gst_clear_event (&output->segment);
}

/* Text */

static GstClockTime
get_lateness (GstHearkenOutput *output)
{
  return output->settings->lateness_ms * GST_MSECOND;
}

/* Returns: (transfer full) */
static GstBuffer *
make_buffer (GstHearkenOutput *output, const GstHearkenCaption *caption, const GstSegment *segment)
{
  const GstHearkenTextSettings *settings = output->settings;
  const GstHearkenTextStyle style = { output->format, settings->mark_confidence,
    settings->mark_color, settings->newline, segment };
  char *text = gst_hearken_caption_write (caption, &style);
  GstBuffer *buffer = gst_buffer_new_wrapped (text, strlen (text));

  GST_BUFFER_PTS (buffer) = caption->start + get_lateness (output);
  GST_BUFFER_DURATION (buffer) = caption->end - caption->start;
  if (output->is_discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  output->is_discont = FALSE;
  return buffer;
}

static void
push_language (GstHearkenOutput *output)
{
  g_auto (GStrv) subtags = g_strsplit_set (output->settings->language_code, "-_", 2);

  gst_pad_push_event (
      output->pad, gst_event_new_tag (gst_tag_list_new (GST_TAG_LANGUAGE_CODE, subtags[0], NULL)));
  output->needs_tags = FALSE;
}

/* Returns: whether something can be pushed */
static gboolean
begin_push (GstHearkenOutput *output)
{
  if (!prepare (output))
    output->flow = GST_PAD_IS_FLUSHING (output->pad) ? GST_FLOW_FLUSHING : GST_FLOW_NOT_NEGOTIATED;
  else if (output->needs_tags)
    push_language (output);
  return output->flow == GST_FLOW_OK;
}

void
gst_hearken_output_push_gap (
    GstHearkenOutput *output, GstClockTime timestamp, GstClockTime duration)
{
  if (begin_push (output))
    gst_pad_push_event (output->pad, gst_event_new_gap (timestamp, duration));
}

void
gst_hearken_output_push (
    GstHearkenOutput *output, const GstHearkenCaption *caption, const GstSegment *segment)
{
  const GstClockTime duration = caption->end - caption->start;

  if (caption->words->len == 0)
    gst_hearken_output_push_gap (output, caption->start + get_lateness (output), duration);
  else if (begin_push (output))
    output->flow = gst_pad_push (output->pad, make_buffer (output, caption, segment));
}
