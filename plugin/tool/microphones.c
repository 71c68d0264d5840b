/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "microphones.h"

#include <string.h>

#include <gio/gio.h>

GList *
tool_microphones_list (void)
{
  g_autoptr (GstDeviceMonitor) monitor = gst_device_monitor_new ();
  GList *devices;

  gst_device_monitor_add_filter (monitor, "Audio/Source", NULL);
  if (!gst_device_monitor_start (monitor))
    return NULL;
  devices = gst_device_monitor_get_devices (monitor);
  gst_device_monitor_stop (monitor);
  return devices;
}

gboolean
tool_microphone_is_default (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  gboolean is_default = FALSE;

  if (properties)
    gst_structure_get_boolean (properties, "is-default", &is_default);
  return is_default;
}

static gboolean
is_named (GstDevice *device, const char *name, gboolean exactly)
{
  g_autofree char *device_name = gst_device_get_display_name (device);
  g_autofree char *folded_name = g_utf8_casefold (device_name, -1);
  g_autofree char *folded = g_utf8_casefold (name, -1);

  return exactly ? g_str_equal (device_name, name) : strstr (folded_name, folded) != NULL;
}

/* Returns: (transfer none) (nullable): the only device of that name; @n: how many there are */
static GstDevice *
find_named (GList *devices, const char *name, gboolean exactly, guint *n)
{
  GstDevice *found = NULL;

  *n = 0;
  for (GList *item = devices; item; item = item->next) {
    if (is_named (item->data, name, exactly)) {
      found = item->data;
      (*n)++;
    }
  }
  return found;
}

static GstDevice *
find (GList *devices, const char *name, GError **error)
{
  guint64 number;
  GstDevice *device;
  guint n;

  if (g_ascii_string_to_unsigned (name, 10, 1, G_MAXUINT, &number, NULL) &&
      (device = g_list_nth_data (devices, (guint) number - 1)) != NULL)
    return device;
  if ((device = find_named (devices, name, TRUE, &n)) != NULL)
    return device;
  device = find_named (devices, name, FALSE, &n);
  if (n == 1)
    return device;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
      n == 0 ? "there is no microphone \"%s\" (hearken devices lists them)"
             : "\"%s\" is part of the names of several microphones (hearken devices lists them)",
      name);
  return NULL;
}

GstDevice *
tool_microphone_find (const char *name, GError **error)
{
  GList *devices = tool_microphones_list ();
  GstDevice *device = find (devices, name, error);

  if (device)
    gst_object_ref (device);
  g_list_free_full (devices, gst_object_unref);
  return device;
}
