/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "pipeline.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gsthearkenchannels.h"

#define NO_AUDIO_TEXT "it has no audio"
#define NO_AUDIO "hearken-no-audio" /* an application message: the source has no audio stream */

struct ToolPipeline {
  GstElement *bin;
  GstElement *convert; /* where the source is linked to */
  GstElement *listener;
  GstElement *sink;
  ToolSpan span;
  gboolean is_seeking; /* to where the span begins; what is heard before does not count */
  const ToolPipelineCallbacks *callbacks;
  gpointer data;
  gboolean has_ended;
  char *missing_plugin; /* nullable: what GStreamer says it has no plugin for */
};

/* Returns: the named pipe, opened for reading; -1 if the URI is of something else or it cannot be */
static int
open_pipe (const char *uri)
{
  g_autofree char *path = g_filename_from_uri (uri, NULL, NULL);
  struct stat status;

  if (!path || stat (path, &status) != 0 || !S_ISFIFO (status.st_mode))
    return -1;
  /* Who writes into it may be late. */
  return open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static void
close_pipe (gpointer pipe)
{
  close (GPOINTER_TO_INT (pipe));
}

GstElement *
tool_source_from_uri (const char *uri)
{
  GstElement *source = gst_element_factory_make ("uridecodebin", NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");
  g_autofree char *pipe_uri = NULL;
  int pipe;

  if (!source)
    return NULL;
  /* filesrc would open a pipe twice, and what is written in between would be lost. */
  pipe = open_pipe (uri);
  if (pipe >= 0) {
    pipe_uri = g_strdup_printf ("fd://%d", pipe);
    g_object_set_data_full (G_OBJECT (source), "hearken-pipe", GINT_TO_POINTER (pipe), close_pipe);
  }
  g_object_set (
      source, "uri", pipe_uri ? pipe_uri : uri, "caps", caps, "expose-all-streams", FALSE, NULL);
  return source;
}

/* Pads of the source, from its streaming threads. */

static gboolean
is_audio (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_query_caps (pad, NULL);

  return !gst_caps_is_empty (caps) && !gst_caps_is_any (caps) &&
         g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)), "audio/");
}

/* The first audio stream is the one that is heard. */
static void
pad_added (GstElement *source, GstPad *pad, gpointer data)
{
  ToolPipeline *pipeline = data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (pipeline->convert, "sink");

  if (!gst_pad_is_linked (sink) && is_audio (pad))
    gst_pad_link (pad, sink);
}

static void
no_more_pads (GstElement *source, gpointer data)
{
  ToolPipeline *pipeline = data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (pipeline->convert, "sink");

  if (!gst_pad_is_linked (sink))
    gst_element_post_message (source,
        gst_message_new_application (GST_OBJECT (source), gst_structure_new_empty (NO_AUDIO)));
}

/* Messages */

static void
end (ToolPipeline *pipeline, const GError *error)
{
  if (pipeline->has_ended)
    return;
  pipeline->has_ended = TRUE;
  pipeline->callbacks->ended (error, pipeline->data);
}

/* The line that the element has added, which GStreamer puts last; "" if there is none. */
static const char *
get_last_line (const char *debug)
{
  const char *newline = debug ? strrchr (debug, '\n') : NULL;

  return newline ? newline + 1 : "";
}

/* Returns: (transfer full): the failure, in words that help more than GStreamer's where those do
 * not say what is wrong with the recording */
static GError *
explain (ToolPipeline *pipeline, GError *error, const char *debug)
{
  if (pipeline->missing_plugin)
    return g_error_new (error->domain, error->code, "GStreamer has no plugin here for: %s",
        pipeline->missing_plugin);
  /* Streams are left alone that are not audio, and then nothing is left. */
  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    return g_error_new (error->domain, error->code, NO_AUDIO_TEXT);
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND))
    return g_error_new (error->domain, error->code, "it is not there");
  if (error->domain == GST_STREAM_ERROR && *get_last_line (debug))
    return g_error_new (
        error->domain, error->code, "%s (%s)", error->message, get_last_line (debug));
  return g_error_copy (error);
}

static void
fail (ToolPipeline *pipeline, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) explained = NULL;
  g_autofree char *debug = NULL;

  gst_message_parse_error (message, &error, &debug);
  explained = explain (pipeline, error, debug);
  end (pipeline, explained);
}

static void
warn (ToolPipeline *pipeline, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  /* An error follows, unless there is another stream of audio. */
  if (!g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND))
    pipeline->callbacks->warned (error, pipeline->data);
}

static void
take_element_message (ToolPipeline *pipeline, const GstStructure *structure)
{
  HearkenToken token;

  if (hearken_token_parse (structure, &token) && !pipeline->is_seeking)
    pipeline->callbacks->heard (&token, pipeline->data);
  else if (gst_structure_has_name (structure, "missing-plugin") && !pipeline->missing_plugin)
    pipeline->missing_plugin = g_strdup (gst_structure_get_string (structure, "name"));
}

static void
end_without_audio (ToolPipeline *pipeline)
{
  g_autoptr (GError) error =
      g_error_new (GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE, NO_AUDIO_TEXT);

  end (pipeline, error);
}

static void
set_state (ToolPipeline *pipeline, GstState state)
{
  /* Elements tell on the bus why they fail; this is for those that do not. */
  if (gst_element_set_state (pipeline->bin, state) == GST_STATE_CHANGE_FAILURE)
    GST_ELEMENT_ERROR (pipeline->bin, CORE, STATE_CHANGE, ("it cannot be played"), (NULL));
}

/* The beginning has come to the sink. */
static void
seek (ToolPipeline *pipeline)
{
  const ToolSpan *span = &pipeline->span;
  GstSeekType stop = GST_CLOCK_TIME_IS_VALID (span->stop) ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE;

  if (!pipeline->is_seeking)
    return;
  pipeline->is_seeking = FALSE;
  if (gst_element_seek (pipeline->bin, 1, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET, span->start, stop,
          span->stop))
    set_state (pipeline, GST_STATE_PLAYING);
  else
    GST_ELEMENT_ERROR (
        pipeline->bin, STREAM, FAILED, ("it cannot be read from the middle"), (NULL));
}

/* The last thing done with a message: @data may be gone afterwards. */
static gboolean
take_message (GstBus *bus, GstMessage *message, gpointer data)
{
  ToolPipeline *pipeline = data;

  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ELEMENT:
    take_element_message (pipeline, gst_message_get_structure (message));
    break;
  case GST_MESSAGE_WARNING:
    warn (pipeline, message);
    break;
  case GST_MESSAGE_APPLICATION:
    if (gst_message_has_name (message, NO_AUDIO))
      end_without_audio (pipeline);
    break;
  case GST_MESSAGE_ASYNC_DONE:
    seek (pipeline);
    break;
  case GST_MESSAGE_LATENCY:
    gst_bin_recalculate_latency (GST_BIN (pipeline->bin));
    break;
  case GST_MESSAGE_EOS:
    end (pipeline, NULL);
    break;
  case GST_MESSAGE_ERROR:
    fail (pipeline, message);
    break;
  default:
    break;
  }
  return G_SOURCE_CONTINUE;
}

/* Life */

static void
link_source (ToolPipeline *pipeline, GstElement *source)
{
  if (gst_element_link (source, pipeline->convert))
    return;
  g_signal_connect (source, "pad-added", G_CALLBACK (pad_added), pipeline);
  g_signal_connect (source, "no-more-pads", G_CALLBACK (no_more_pads), pipeline);
}

ToolPipeline *
tool_pipeline_new (
    GstElement *source, GstElement *listener, const ToolPipelineCallbacks *callbacks, gpointer data)
{
  ToolPipeline *pipeline = g_new0 (ToolPipeline, 1);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  g_autoptr (GstBus) bus = NULL;

  pipeline->callbacks = callbacks;
  pipeline->data = data;
  pipeline->bin = gst_pipeline_new (NULL);
  pipeline->convert = gst_element_factory_make ("audioconvert", NULL);
  gst_hearken_channels_mix_unplaced (pipeline->convert);
  pipeline->listener = listener;
  pipeline->sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (pipeline->sink, "sync", FALSE, "async", FALSE, NULL);

  gst_bin_add_many (GST_BIN (pipeline->bin), source, pipeline->convert, resample,
      pipeline->listener, pipeline->sink, NULL);
  gst_element_link_many (pipeline->convert, resample, pipeline->listener, pipeline->sink, NULL);
  link_source (pipeline, source);

  bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline->bin));
  gst_bus_add_watch (bus, take_message, pipeline);
  return pipeline;
}

void
tool_pipeline_free (ToolPipeline *pipeline)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline->bin));

  gst_bus_remove_watch (bus);
  gst_element_set_state (pipeline->bin, GST_STATE_NULL);
  gst_object_unref (pipeline->bin);
  g_free (pipeline->missing_plugin);
  g_free (pipeline);
}

void
tool_pipeline_start (ToolPipeline *pipeline, const ToolSpan *span)
{
  if (!span) {
    set_state (pipeline, GST_STATE_PLAYING);
    return;
  }
  pipeline->span = *span;
  pipeline->is_seeking = TRUE;
  g_object_set (pipeline->sink, "async", TRUE, NULL);
  set_state (pipeline, GST_STATE_PAUSED);
}

void
tool_pipeline_finish (ToolPipeline *pipeline)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (pipeline->listener, "sink");

  if (pipeline->has_ended)
    return;
  if (gst_pad_has_current_caps (pad))
    gst_pad_send_event (pad, gst_event_new_eos ());
  else
    end (pipeline, NULL);
}

double
tool_pipeline_get_progress (ToolPipeline *pipeline)
{
  gint64 position, duration;

  if (!gst_element_query_position (pipeline->bin, GST_FORMAT_TIME, &position) ||
      !gst_element_query_duration (pipeline->bin, GST_FORMAT_TIME, &duration) || duration <= 0)
    return 0;
  return CLAMP ((double) position / duration, 0, 1);
}

double
tool_pipeline_get_seconds (ToolPipeline *pipeline, guint rate_hz)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 n_recognized = 0, n_silence = 0;

  g_object_get (pipeline->listener, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, "recognized-samples", &n_recognized);
  gst_structure_get_uint64 (stats, "silence-samples", &n_silence);
  return (double) (n_recognized + n_silence) / rate_hz;
}
