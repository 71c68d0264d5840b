/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "pipeline-fixture.h"

#include <math.h>

#include "element-fixture.h"

gboolean
have (const char *first, ...)
{
  gboolean found = TRUE;
  va_list names;

  va_start (names, first);
  for (const char *name = first; name && found; name = va_arg (names, const char *)) {
    GstElementFactory *factory = gst_element_factory_find (name);

    found = factory != NULL;
    if (!found) {
      g_autofree char *reason = g_strdup_printf ("the element %s is not installed", name);

      g_test_skip (reason);
    }
    g_clear_pointer (&factory, gst_object_unref);
  }
  va_end (names);
  return found;
}

char *
write_array_wav (const char *pattern, guint n_channels)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (pattern, &n_samples);
  const guint32 n_bytes = n_samples * n_channels * 2;
  g_autofree guint8 *wav = g_malloc (44 + n_bytes);
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *name = g_strdup_printf ("speech-%u.wav", n_channels);
  char *path = g_build_filename (dir, name, NULL);

  memcpy (wav, "RIFF....WAVEfmt \x10\0\0\0\1\0............\x10\0data....", 44);
  GST_WRITE_UINT32_LE (wav + 4, 36 + n_bytes);
  GST_WRITE_UINT16_LE (wav + 22, n_channels);
  GST_WRITE_UINT32_LE (wav + 24, RATE);
  GST_WRITE_UINT32_LE (wav + 28, RATE * n_channels * 2);
  GST_WRITE_UINT16_LE (wav + 32, n_channels * 2);
  GST_WRITE_UINT32_LE (wav + 40, n_bytes);
  for (gsize i = 0; i < n_samples * n_channels; i++)
    GST_WRITE_UINT16_LE (wav + 44 + 2 * i, (guint16) lrintf (samples[i / n_channels] * 32767));
  g_assert_true (g_file_set_contents (path, (const char *) wav, 44 + n_bytes, NULL));
  return path;
}

char *
write_wav (const char *pattern)
{
  return write_array_wav (pattern, 1);
}

GstElement *
parse_launch (const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  GstElement *pipeline;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  pipeline = gst_parse_launch (line, &error);
  g_assert_no_error (error);
  return pipeline;
}

void
close_pipeline (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}
