/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenchannels.h"

/* Returns: how many channels without a position there are; 0 if they have some, or need none */
static int
count_unplaced (const GstCaps *caps)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  guint64 mask = 0;
  int n_channels = 0;

  gst_structure_get (structure, "channel-mask", GST_TYPE_BITMASK, &mask, NULL);
  gst_structure_get_int (structure, "channels", &n_channels);
  return n_channels > 2 && mask == 0 ? n_channels : 0;
}

/* @n_channels: 0 for audioconvert's own way */
static void
set_mix (GstElement *audioconvert, int n_channels)
{
  GValue rows = G_VALUE_INIT, row = G_VALUE_INIT, weight = G_VALUE_INIT;

  gst_value_array_init (&rows, 1);
  if (n_channels > 0) {
    gst_value_array_init (&row, n_channels);
    g_value_init (&weight, G_TYPE_FLOAT);
    g_value_set_float (&weight, 1.0f / n_channels);
    for (int i = 0; i < n_channels; i++)
      gst_value_array_append_value (&row, &weight);
    gst_value_array_append_and_take_value (&rows, &row);
  }
  g_object_set_property (G_OBJECT (audioconvert), "mix-matrix", &rows);
  g_value_unset (&rows);
}

static GstPadProbeReturn
look_at_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstElement *audioconvert = data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstCaps) placed = NULL;
  GstCaps *caps;
  int n_channels;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  n_channels = count_unplaced (caps);
  set_mix (audioconvert, n_channels);
  if (n_channels > 0) {
    placed = gst_caps_copy (caps);
    /* Not to say anything, as wavparse does, is an error. */
    gst_caps_set_simple (placed, "channel-mask", GST_TYPE_BITMASK, (guint64) 0, NULL);
    GST_PAD_PROBE_INFO_DATA (info) = gst_event_new_caps (placed);
    gst_event_unref (event);
  }
  return GST_PAD_PROBE_OK;
}

void
gst_hearken_channels_mix_unplaced (GstElement *audioconvert)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (audioconvert, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, look_at_event, audioconvert, NULL);
}
