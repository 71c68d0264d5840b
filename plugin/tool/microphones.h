/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The microphones of this machine, as GStreamer knows them. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define TOOL_NO_MICROPHONE                                                                         \
  "no microphone: neither a sound server (PulseAudio, PipeWire) nor a sound card that records"

/* Returns: (transfer full) (element-type GstDevice): in the order of the list that people see */
GList *tool_microphones_list (void);

/* Whether the device is what records when nothing is chosen. */
gboolean tool_microphone_is_default (GstDevice *device);

/**
 * tool_microphone_find:
 * @name: a number in the list, from 1; a device's name; or a part of just one device's name
 *
 * Returns: (transfer full) (nullable): %NULL with @error set
 */
GstDevice *tool_microphone_find (const char *name, GError **error);

G_END_DECLS
