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

typedef struct {
  GstElement *audioconvert;
  int n_mixed; /* 0: audioconvert's own way */
} Mix;

/* Nothing changes for audio that needs no mix: audioconvert would negotiate anew. */
static void
mix_set (Mix *mix, int n_channels)
{
  GValue rows = G_VALUE_INIT, row = G_VALUE_INIT, weight = G_VALUE_INIT;

  if (n_channels == mix->n_mixed)
    return;
  mix->n_mixed = n_channels;
  gst_value_array_init (&rows, 1);
  if (n_channels > 0) {
    gst_value_array_init (&row, n_channels);
    g_value_init (&weight, G_TYPE_FLOAT);
    g_value_set_float (&weight, 1.0f / n_channels);
    for (int i = 0; i < n_channels; i++)
      gst_value_array_append_value (&row, &weight);
    gst_value_array_append_and_take_value (&rows, &row);
  }
  g_object_set_property (G_OBJECT (mix->audioconvert), "mix-matrix", &rows);
  g_value_unset (&rows);
}

/* Returns: (transfer full): the same, with the channels said to be anywhere. To say nothing of them, as
 * wavparse does, is an error. */
static GstEvent *
place_anywhere (const GstCaps *caps)
{
  g_autoptr (GstCaps) placed = gst_caps_copy (caps);

  gst_caps_set_simple (placed, "channel-mask", GST_TYPE_BITMASK, (guint64) 0, NULL);
  return gst_event_new_caps (placed);
}

static GstPadProbeReturn
look_at_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstCaps *caps;
  int n_channels;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  n_channels = count_unplaced (caps);
  mix_set (data, n_channels);
  if (n_channels > 0) {
    GST_PAD_PROBE_INFO_DATA (info) = place_anywhere (caps);
    gst_event_unref (event);
  }
  return GST_PAD_PROBE_OK;
}

void
gst_hearken_channels_mix_unplaced (GstElement *audioconvert)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (audioconvert, "sink");
  Mix *mix = g_new (Mix, 1);

  *mix = (Mix){ audioconvert, 0 };
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, look_at_event, mix, g_free);
}
