/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <gst/gst.h>

#include "gsthearken.h"
#include "gsthearkenscope.h"
#include "gsthearkentext.h"
#include "gsthearkentranscriber.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean is_registered;

  GST_DEBUG_CATEGORY_INIT (gst_hearken_debug, "hearken", 0, "speech recognition");

  is_registered = GST_ELEMENT_REGISTER (hearken, plugin);
  is_registered |= GST_ELEMENT_REGISTER (hearkentext, plugin);
  is_registered |= GST_ELEMENT_REGISTER (hearkentranscriber, plugin);
#ifdef HAVE_SCOPE
  is_registered |= GST_ELEMENT_REGISTER (hearkenscope, plugin);
#endif
  return is_registered;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, hearken,
    "Streaming speech recognition by a stateful LSTM", plugin_init, PACKAGE_VERSION, "GPL",
    "Hearken", "Unknown package origin")
