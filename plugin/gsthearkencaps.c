/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkencaps.h"

#include <gst/audio/audio.h>

#define CAPS                                                                                       \
  "audio/x-raw, format = (string) { " GST_AUDIO_NE (F32) ", " GST_AUDIO_NE (                       \
      S16) " }, "                                                                                  \
           "layout = (string) interleaved, channels = (int) 1, rate = (int) [ 1, max ]"

GstStaticPadTemplate gst_hearken_sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));
GstStaticPadTemplate gst_hearken_src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));

GstCaps *
gst_hearken_caps_get (const HearkenModel *model)
{
  GstCaps *caps =
      gst_caps_make_writable (gst_static_pad_template_get_caps (&gst_hearken_sink_template));

  if (model)
    gst_caps_set_simple (
        caps, "rate", G_TYPE_INT, (int) hearken_model_get_sample_rate_hz (model), NULL);
  return caps;
}

/* Returns: what to put something in front of */
static const char *
get_kind (GstElement *element)
{
  return gst_plugin_feature_get_name (GST_PLUGIN_FEATURE (gst_element_get_factory (element)));
}

static void
refuse_caps (GstElement *element, const HearkenModel *model, const GstCaps *caps)
{
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, caps)) {
    GST_ELEMENT_ERROR (element, STREAM, WRONG_TYPE,
        ("The caps of the audio say too little: they need format, rate, channels and "
         "layout=interleaved."),
        ("the audio is %" GST_PTR_FORMAT, caps));
    return;
  }
  GST_ELEMENT_ERROR (element, STREAM, WRONG_TYPE,
      ("The speech model \"%s\" takes mono audio at %u Hz. Put audioconvert ! audioresample in "
       "front of %s.",
          hearken_model_get_name (model), hearken_model_get_sample_rate_hz (model),
          get_kind (element)),
      ("the audio is %" GST_PTR_FORMAT, caps));
}

static void
refuse_segment (GstElement *element, const GstSegment *segment)
{
  GST_ELEMENT_ERROR (element, STREAM, FORMAT,
      ("Audio comes without times: its segment is in %s, not in time. Put a parser, such as "
       "rawaudioparse, in front of %s.",
          gst_format_get_name (segment->format), get_kind (element)),
      ("%" GST_SEGMENT_FORMAT, segment));
}

void
gst_hearken_caps_check (
    GstElement *element, GstHearkenLoader *loader, GstEvent *event, gboolean *has_refused)
{
  g_autoptr (HearkenModel) model = NULL;
  g_autoptr (GstCaps) own = NULL;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return;
  model = gst_hearken_loader_get (loader, NULL);
  own = gst_hearken_caps_get (model);
  gst_event_parse_caps (event, &caps);
  if (!model || gst_caps_is_subset (caps, own))
    return;
  if (!*has_refused)
    refuse_caps (element, model, caps);
  *has_refused = TRUE;
}

gboolean
gst_hearken_caps_check_segment (
    GstElement *element, const GstSegment *segment, gboolean *has_refused)
{
  if (segment->format == GST_FORMAT_TIME)
    return TRUE;
  if (!*has_refused)
    refuse_segment (element, segment);
  *has_refused = TRUE;
  return FALSE;
}
