/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenmodels.h"

#include "gsthearken.h"

#define GST_CAT_DEFAULT gst_hearken_debug

#define SUFFIX ".safetensors"

/* Returns: (transfer full) (nullable): the models' directory of the build tree that the plugin was
 * loaded from */
static char *
get_build_dir (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPlugin) plugin = NULL;
  const char *filename;

  plugin = factory ? gst_plugin_feature_get_plugin (GST_PLUGIN_FEATURE (factory)) : NULL;
  filename = plugin ? gst_plugin_get_filename (plugin) : NULL;
  if (!filename)
    return NULL;

  g_autofree char *dir = g_path_get_dirname (filename);
  g_autofree char *models_dir = g_build_filename (dir, "..", "models", NULL);
  return g_canonicalize_filename (models_dir, NULL);
}

/* Where short names are looked up, the first directory first. */
static GPtrArray *
get_dirs (GstElement *element)
{
  GPtrArray *dirs = g_ptr_array_new_with_free_func (g_free);
  const char *user_dir = g_getenv ("HEARKEN_MODEL_DIR");
  char *build_dir = get_build_dir (element);

  if (user_dir && *user_dir)
    g_ptr_array_add (dirs, g_strdup (user_dir));
  if (build_dir)
    g_ptr_array_add (dirs, build_dir);
  g_ptr_array_add (dirs, g_strdup (HEARKEN_MODELS_DIR));
  return dirs;
}

/* Returns: (transfer full) (nullable): the model's path; %NULL, with the directories in @looked_in,
 * if there is no model of this name */
static char *
find (GstElement *element, const char *name, char **looked_in)
{
  g_autoptr (GPtrArray) dirs = NULL;

  if (strchr (name, G_DIR_SEPARATOR) || g_str_has_suffix (name, SUFFIX))
    return g_strdup (name);

  g_autofree char *base_name = g_strconcat (name, SUFFIX, NULL);
  dirs = get_dirs (element);
  for (guint i = 0; i < dirs->len; i++) {
    g_autofree char *path = g_build_filename (g_ptr_array_index (dirs, i), base_name, NULL);

    GST_DEBUG_OBJECT (element, "looking for %s", path);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  /* After the directories, so that a folder "an4" somewhere does not hide the model. */
  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return g_strdup (name);

  g_ptr_array_add (dirs, NULL);
  *looked_in = g_strjoinv (", ", (char **) dirs->pdata);
  return NULL;
}

/* @text, @advice: (transfer full) */
static void
post_error (GstElement *element, GstResourceError code, char *text, char *advice)
{
  gst_element_message_full (element, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR, code, text, advice,
      __FILE__, GST_FUNCTION, __LINE__);
}

static void
post_not_found (GstElement *element, const char *name, const char *looked_in)
{
  post_error (element, GST_RESOURCE_ERROR_NOT_FOUND,
      g_strdup_printf (
          "There is no speech model \"%s\": no %s" SUFFIX " in %s.", name, name, looked_in),
      g_strdup ("Set the property \"model\" to the path of a " SUFFIX " file, or the environment "
                "variable HEARKEN_MODEL_DIR to the directory that has the models."));
}

static void
post_not_loaded (GstElement *element, const char *path, const GError *error)
{
  GstResourceError code = GST_RESOURCE_ERROR_READ;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    code = GST_RESOURCE_ERROR_NOT_FOUND;
  else if (g_error_matches (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_IO))
    code = GST_RESOURCE_ERROR_OPEN_READ;

  post_error (element, code, g_strdup_printf ("Cannot load the speech model: %s", error->message),
      g_strdup ("Set the property \"model\" to a " SUFFIX " file that Hearken can run; its "
                "docs/model-format.md says what such a file is."));
}

HearkenModel *
gst_hearken_models_load (GstElement *element, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *looked_in = NULL;
  g_autofree char *path = NULL;
  HearkenModel *model;

  if (!name)
    name = GST_HEARKEN_DEFAULT_MODEL;

  path = find (element, name, &looked_in);
  if (!path) {
    post_not_found (element, name, looked_in);
    return NULL;
  }
  model = hearken_model_load (path, &error);
  if (!model) {
    post_not_loaded (element, path, error);
    return NULL;
  }
  GST_INFO_OBJECT (element, "loaded \"%s\" from %s: %u Hz, %u tokens, %s kernels",
      hearken_model_get_name (model), path, hearken_model_get_sample_rate_hz (model),
      hearken_model_get_n_tokens (model), hearken_get_kernels_name ());
  return model;
}
