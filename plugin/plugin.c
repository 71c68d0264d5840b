/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <gst/gst.h>

#include "gsthearken.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  return GST_ELEMENT_REGISTER (hearken, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, hearken,
    "Streaming speech recognition by a stateful LSTM", plugin_init, PACKAGE_VERSION, "GPL",
    "Hearken", "Unknown package origin")
