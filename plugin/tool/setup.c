/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "setup.h"

#include "model-path.h"
#include "terminal.h"

#define PLUGIN_FILE "libgsthearken.so"

/* Returns: (transfer full) (nullable): the directory that this program is run from */
static char *
get_program_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program ? g_path_get_dirname (program) : NULL;
}

/* Returns: (transfer full) (nullable): this build tree's plugin; %NULL if the program is installed */
static char *
get_build_plugin (void)
{
  g_autofree char *dir = get_program_dir ();
  g_autofree char *up = dir ? g_path_get_dirname (dir) : NULL;
  g_autofree char *path = up ? g_build_filename (up, PLUGIN_FILE, NULL) : NULL;

  return path && g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

static gboolean
has_element (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);

  return factory != NULL;
}

/* Returns: %FALSE after having complained */
static gboolean
has_base_elements (void)
{
  static const char *const names[] = { "uridecodebin", "audioconvert", "audioresample" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (!has_element (names[i])) {
      tool_complain (
          "GStreamer has no element %s here (Debian: gstreamer1.0-plugins-base)", names[i]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load_plugin (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPlugin) plugin = gst_plugin_load_file (path, &error);

  if (!plugin)
    tool_complain ("cannot load the GStreamer plugin: %s", error->message);
  return plugin != NULL;
}

gboolean
tool_setup_gstreamer (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *build_plugin = get_build_plugin ();

  if (!gst_init_check (NULL, NULL, &error)) {
    tool_complain ("GStreamer does not start: %s", error->message);
    return FALSE;
  }
  if (!has_base_elements ())
    return FALSE;
  if (build_plugin)
    return load_plugin (build_plugin);
  /* Installed where GStreamer does not look by itself. */
  return has_element ("hearken") || load_plugin (HEARKEN_PLUGIN_DIR G_DIR_SEPARATOR_S PLUGIN_FILE);
}

HearkenModel *
tool_load_model (const char *name, char **path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *build_plugin = get_build_plugin ();
  g_autofree char *looked_in = NULL;
  g_autofree char *found = NULL;
  HearkenModel *model;

  if (!name)
    name = HEARKEN_DEFAULT_MODEL;
  found = hearken_model_path_find (name, build_plugin, &looked_in);
  if (!found) {
    tool_complain (
        "there is no model \"%s\": no %s" HEARKEN_MODEL_SUFFIX " in %s", name, name, looked_in);
    return NULL;
  }
  model = hearken_model_load (found, &error);
  if (!model) {
    tool_complain ("cannot load the model: %s", error->message);
    return NULL;
  }
  if (path)
    *path = g_steal_pointer (&found);
  return model;
}
