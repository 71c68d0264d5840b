/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "score-stream.h"

#include <gst/audio/audio.h>

#include "pipeline.h"
#include "recognizer.h"

typedef struct {
  HearkenRecognizer *recognizer; /* of the streaming thread while a pipeline runs */
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
    hearken_recognizer_push (
        stream->recognizer, (const float *) map.data, map.size / sizeof (float));
    gst_buffer_unmap (buffer, &map);
  }
  return GST_PAD_PROBE_OK;
}

/* Returns: (transfer floating): passes on what the recogniser takes, and gives it to it */
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

static void
push_clip (Stream *stream, const char *path, guint rate_hz)
{
  static const ToolPipelineCallbacks callbacks = { heard, warned, ended };
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);
  g_autoptr (ToolPipeline) pipeline = tool_pipeline_new (
      tool_source_from_uri (uri), make_listener (stream, rate_hz), &callbacks, stream);

  tool_pipeline_start (pipeline);
  g_main_loop_run (stream->loop);
}

/* Takes the words that are there; @ends: [n_ends]: where in the stream each recording's turn ends */
static void
collect_words (Stream *stream, const guint64 *ends, guint n_ends, GString **texts)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (stream->recognizer)) != NULL) {
    guint64 middle = result->start_samples + result->duration_samples / 2;
    guint index = 0;

    while (index + 1 < n_ends && middle >= ends[index])
      index++;
    if (result->level == HEARKEN_LEVEL_WORD)
      g_string_append_printf (texts[index], "%s%s", texts[index]->len > 0 ? " " : "", result->text);
    hearken_result_free (result);
  }
}

double
tool_score_stream (HearkenModel *model, const GPtrArray *clips, guint silence_ms, GString **texts,
    void (*failed) (guint index, const GError *error, gpointer data), gpointer data)
{
  guint rate_hz = hearken_model_get_sample_rate_hz (model);
  guint64 n_silence = (guint64) silence_ms * rate_hz / 1000;
  guint64 n_samples;
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree guint64 *ends = g_new0 (guint64, clips->len); /* [clips->len] */
  Stream stream = { .recognizer = recognizer, .loop = loop };

  for (guint i = 0; i < clips->len; i++) {
    push_clip (&stream, ((ToolClip *) g_ptr_array_index (clips, i))->path, rate_hz);
    if (stream.error)
      failed (i, stream.error, data);
    g_clear_error (&stream.error);
    ends[i] = hearken_recognizer_get_position_samples (recognizer) + n_silence / 2;
    hearken_recognizer_push_silence (recognizer, n_silence);
    collect_words (&stream, ends, i + 1, texts);
  }
  n_samples = hearken_recognizer_get_position_samples (recognizer);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  collect_words (&stream, ends, clips->len, texts);
  return (double) n_samples / rate_hz;
}
