/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The lines of the input are values of metadata keys. A description that is taken must make a front
 * end that runs, and finite features.
 */

#include <math.h>
#include <string.h>

#include "config.h"
#include "fuzz.h"

static const char *const keys[] = { "hearken.frontend", "hearken.layers", "hearken.tokens",
  "hearken.task", "hearken.blank", "hearken.name" };

static void
run (HearkenFrontendConfig *config)
{
  const guint dim = hearken_frontend_config_get_dim (config);
  HearkenFrontend *frontend = hearken_frontend_new (config);
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  g_autofree float *frame = g_new (float, dim);
  const float click[100] = { [50] = 1.0f };

  for (gsize n_taken = 0; n_taken < G_N_ELEMENTS (click);) {
    n_taken += hearken_frontend_stream_push (stream, click + n_taken, 100 - n_taken);
    while (hearken_frontend_stream_pull (stream, frame))
      for (guint i = 0; i < dim; i++)
        g_assert (isfinite (frame[i]));
  }
  hearken_frontend_stream_free (stream);
  hearken_frontend_free (frontend);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", G_N_ELEMENTS (keys));
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (metadata, (char *) "hearken.format", (char *) "1");
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_hash_table_insert (metadata, (char *) keys[i], lines[i]);
  g_autoptr (HearkenConfig) config = hearken_config_new (metadata, &error);
  g_assert ((config == NULL) == (error != NULL));
  if (config != NULL)
    run (&config->frontend);
  return 0;
}
