/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "setup.h"

#include "terminal.h"

#define SUFFIX ".safetensors"
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
has_element (void)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("hearken");

  return factory != NULL;
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
  if (build_plugin)
    return load_plugin (build_plugin);
  /* Installed where GStreamer does not look by itself. */
  return has_element () || load_plugin (HEARKEN_PLUGIN_DIR G_DIR_SEPARATOR_S PLUGIN_FILE);
}

/* The places where models are looked up by their short names, the first one first. */
static GStrv
get_model_dirs (void)
{
  g_autoptr (GStrvBuilder) dirs = g_strv_builder_new ();
  g_autofree char *build_plugin = get_build_plugin ();
  const char *user_dir = g_getenv ("HEARKEN_MODEL_DIR");

  if (user_dir && *user_dir)
    g_strv_builder_add (dirs, user_dir);
  if (build_plugin) {
    g_autofree char *relative = g_build_filename (build_plugin, "..", "..", "models", NULL);
    g_autofree char *dir = g_canonicalize_filename (relative, NULL);

    g_strv_builder_add (dirs, dir);
  }
  g_strv_builder_add (dirs, HEARKEN_MODELS_DIR);
  return g_strv_builder_end (dirs);
}

/* Returns: (transfer full) (nullable): the path of the model; %NULL after having complained */
static char *
find_model (const char *name)
{
  g_auto (GStrv) dirs = NULL;
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);
  g_autofree char *looked_in = NULL;

  if (strchr (name, G_DIR_SEPARATOR) || g_str_has_suffix (name, SUFFIX))
    return g_strdup (name);

  dirs = get_model_dirs ();
  for (guint i = 0; dirs[i]; i++) {
    g_autofree char *path = g_build_filename (dirs[i], file, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  if (g_file_test (name, G_FILE_TEST_IS_REGULAR))
    return g_canonicalize_filename (name, NULL);

  looked_in = g_strjoinv (", ", dirs);
  tool_complain ("there is no model \"%s\": no %s in %s", name, file, looked_in);
  return NULL;
}

HearkenModel *
tool_load_model (const char *name, char **path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = find_model (name ? name : TOOL_DEFAULT_MODEL);
  HearkenModel *model;

  if (!found)
    return NULL;
  model = hearken_model_load (found, &error);
  if (!model) {
    tool_complain ("cannot load the model: %s", error->message);
    return NULL;
  }
  if (path)
    *path = g_steal_pointer (&found);
  return model;
}
