/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <json-glib/json-glib.h>
#include <string.h>

#include "config.h"
#include "test-frontend-cases.h"
#include "test-golden.h"

char **
test_frontend_list_cases (const HearkenSafetensors *golden)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      json_from_string (hearken_safetensors_get_metadata (golden, "cases"), &error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_assert_no_error (error);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    g_strv_builder_add (names, json_array_get_string_element (json_node_get_array (node), i));
  return g_strv_builder_end (names);
}

HearkenFrontend *
test_frontend_new (const HearkenSafetensors *golden, const char *name)
{
  const char *text = hearken_safetensors_get_metadata (golden, name);
  HearkenConfig config = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_nonnull (text);
  node = hearken_json_parse (text, strlen (text), HEARKEN_MODEL_ERROR_METADATA, &error);
  g_assert_no_error (error);
  hearken_config_read_frontend (&config, node, &error);
  g_assert_no_error (error);
  if (config.mean != NULL) {
    guint n_dims = hearken_frontend_config_get_dim (&config.frontend);
    config.frontend.mean = test_golden_dup (golden, config.mean, n_dims);
    config.frontend.std = test_golden_dup (golden, config.std, n_dims);
  }

  HearkenFrontend *frontend = hearken_frontend_new (&config.frontend);
  g_free (config.mean);
  g_free (config.std);
  return frontend;
}

void
test_frontend_pull_all (
    const HearkenFrontend *frontend, HearkenFrontendStream *stream, GArray *frames)
{
  guint n_dims = hearken_frontend_config_get_dim (hearken_frontend_get_config (frontend));
  g_autofree float *frame = g_new (float, n_dims);

  while (hearken_frontend_stream_pull (stream, frame))
    g_array_append_vals (frames, frame, n_dims);
}

void
test_frontend_push (const HearkenFrontend *frontend, HearkenFrontendStream *stream,
    const float *samples, gsize n_samples, GArray *frames)
{
  while (n_samples > 0) {
    gsize n_taken = hearken_frontend_stream_push (stream, samples, n_samples);

    g_assert_cmpuint (n_taken, >, 0);
    samples += n_taken;
    n_samples -= n_taken;
    test_frontend_pull_all (frontend, stream, frames);
  }
}

GArray *
test_frontend_run (const HearkenFrontend *frontend, const float *samples, gsize n_samples)
{
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  GArray *frames = g_array_new (FALSE, FALSE, sizeof (float));

  test_frontend_push (frontend, stream, samples, n_samples, frames);
  hearken_frontend_stream_drain (stream);
  test_frontend_pull_all (frontend, stream, frames);
  hearken_frontend_stream_free (stream);
  return frames;
}
