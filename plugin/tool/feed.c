/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "feed.h"

#include <gst/audio/audio.h>

typedef struct {
  ToolSamplesFunc take;
  gpointer data; /* of the streaming thread while a pipeline runs */
  GMainLoop *loop;
  GError *error; /* nullable */
} Stream;

static GstPadProbeReturn
push_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Stream *stream = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    stream->take (
        (const float *) map.data, map.size / sizeof (float), GST_BUFFER_PTS (buffer), stream->data);
    gst_buffer_unmap (buffer, &map);
  }
  return GST_PAD_PROBE_OK;
}

/* Returns: (transfer floating): passes on samples as they are wanted, and shows them */
static GstElement *
make_listener (Stream *stream, guint rate_hz)
{
  GstElement *listener = gst_element_factory_make ("capsfilter", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (listener, "src");
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      GST_AUDIO_NE (F32), "layout", G_TYPE_STRING, "interleaved", "channels", G_TYPE_INT, 1, "rate",
      G_TYPE_INT, (int) rate_hz, NULL);

  g_object_set (listener, "caps", caps, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, push_buffer, stream, NULL);
  return listener;
}

static void
heard (const HearkenToken *token, gpointer data)
{
}

static void
warned (const GError *warning, gpointer data)
{
}

static void
ended (const GError *error, gpointer data)
{
  Stream *stream = data;

  stream->error = error ? g_error_copy (error) : NULL;
  g_main_loop_quit (stream->loop);
}

gboolean
tool_decode_span (const char *uri, guint rate_hz, const ToolSpan *span, ToolSamplesFunc take,
    gpointer data, GError **error)
{
  static const ToolPipelineCallbacks callbacks = { heard, warned, ended };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Stream stream = { .take = take, .data = data, .loop = loop };
  g_autoptr (ToolPipeline) pipeline = tool_pipeline_new (
      tool_source_from_uri (uri), make_listener (&stream, rate_hz), &callbacks, &stream);

  tool_pipeline_start (pipeline, span);
  g_main_loop_run (loop);
  if (!stream.error)
    return TRUE;
  g_propagate_error (error, stream.error);
  return FALSE;
}

gboolean
tool_decode (const char *path, guint rate_hz, ToolSamplesFunc take, gpointer data, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);

  return tool_decode_span (uri, rate_hz, NULL, take, data, error);
}

static void
push (const float *samples, gsize n_samples, GstClockTime time, gpointer data)
{
  hearken_recognizer_push (data, samples, n_samples);
}

gboolean
tool_feed (HearkenRecognizer *recognizer, const char *path, guint rate_hz, GError **error)
{
  return tool_decode (path, rate_hz, push, recognizer, error);
}
