/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenmodels.h"

#include "gsthearken.h"
#include "model-path.h"

#define GST_CAT_DEFAULT gst_hearken_debug

/* Returns: (transfer full) (nullable): the file that the element's plugin was loaded from */
static char *
get_plugin_path (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GstPlugin) plugin =
      factory ? gst_plugin_feature_get_plugin (GST_PLUGIN_FEATURE (factory)) : NULL;

  return plugin ? g_strdup (gst_plugin_get_filename (plugin)) : NULL;
}

/* @text, @advice: (transfer full) */
static void
post (GstElement *element, GstMessageType type, GstResourceError code, char *text, char *advice)
{
  gst_element_message_full (
      element, type, GST_RESOURCE_ERROR, code, text, advice, __FILE__, GST_FUNCTION, __LINE__);
}

static void
post_not_found (GstElement *element, GstMessageType type, const char *name, const char *looked_in)
{
  post (element, type, GST_RESOURCE_ERROR_NOT_FOUND,
      g_strdup_printf ("There is no speech model \"%s\": no %s" HEARKEN_MODEL_SUFFIX " in %s.",
          name, name, looked_in),
      g_strdup ("Set the property \"model\" to the path of a " HEARKEN_MODEL_SUFFIX
                " file, or the environment "
                "variable HEARKEN_MODEL_DIR to the directory that has the models."));
}

static void
post_not_loaded (GstElement *element, GstMessageType type, const char *path, const GError *error)
{
  GstResourceError code = GST_RESOURCE_ERROR_READ;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    code = GST_RESOURCE_ERROR_NOT_FOUND;
  else if (g_error_matches (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_IO))
    code = GST_RESOURCE_ERROR_OPEN_READ;

  post (element, type, code, g_strdup_printf ("Cannot load the speech model: %s", error->message),
      g_strdup (
          "Set the property \"model\" to a " HEARKEN_MODEL_SUFFIX " file that Hearken can run; its "
          "docs/model-format.md says what such a file is."));
}

HearkenModel *
gst_hearken_models_load (GstElement *element, const char *name, GstMessageType type)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *plugin_path = get_plugin_path (element);
  g_autofree char *looked_in = NULL;
  g_autofree char *path = NULL;
  HearkenModel *model;

  if (!name)
    name = HEARKEN_DEFAULT_MODEL;

  path = hearken_model_path_find (name, plugin_path, &looked_in);
  if (!path) {
    post_not_found (element, type, name, looked_in);
    return NULL;
  }
  model = hearken_model_load (path, &error);
  if (!model) {
    post_not_loaded (element, type, path, error);
    return NULL;
  }
  GST_INFO_OBJECT (element, "loaded \"%s\" from %s: %u Hz, %u tokens, %s kernels",
      hearken_model_get_name (model), path, hearken_model_get_sample_rate_hz (model),
      hearken_model_get_n_tokens (model), hearken_get_kernels_name ());
  return model;
}
