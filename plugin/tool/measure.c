/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "measure.h"

#include <gst/pbutils/pbutils.h>

#include "inputs.h"
#include "terminal.h"

#define TIMEOUT (30 * GST_SECOND)
#define PROGRESS_STEP 50 /* recordings */

static void
measure (GstDiscoverer *discoverer, ToolInput *input)
{
  g_autoptr (GstDiscovererInfo) info = gst_discoverer_discover_uri (discoverer, input->uri, NULL);
  GstClockTime duration = info ? gst_discoverer_info_get_duration (info) : GST_CLOCK_TIME_NONE;

  if (!info || gst_discoverer_info_get_result (info) != GST_DISCOVERER_OK)
    return;
  if (GST_CLOCK_TIME_IS_VALID (duration))
    input->seconds = (double) duration / GST_SECOND;
  input->is_unseekable = !gst_discoverer_info_get_seekable (info);
}

gboolean
tool_measure (const GPtrArray *inputs, gboolean shows_progress, GError **error)
{
  g_autoptr (GstDiscoverer) discoverer = gst_discoverer_new (TIMEOUT, error);

  if (!discoverer)
    return FALSE;
  for (guint i = 0; i < inputs->len; i++) {
    ToolInput *input = g_ptr_array_index (inputs, i);

    if (shows_progress && i % PROGRESS_STEP == 0)
      tool_progress_show (i, inputs->len, input->label);
    if (input->seconds <= 0)
      measure (discoverer, input);
  }
  tool_progress_clear ();
  return TRUE;
}
