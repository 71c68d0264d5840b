/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What pipelines with the element cost, as one line of JSON: processor time per time of audio,
 * time to PLAYING, memory. Each stream is "appsrc ! ELEMENTS ! fakesink"; audio is a file over and
 * over again. Usage: bench-element [OPTION…] FILE, a raw file of 16-bit mono samples at 16 kHz
 */
#include <gst/app/gstappsrc.h>
#include <stdio.h>
#include <stdlib.h>

#include "usage.h"

#define RATE_HZ 16000
#define CAPS "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved"

static char *elements;
static int n_streams = 1, n_seconds = 60, buffer_ms = 100;
static gboolean is_live;

static const GOptionEntry entries[] = {
  { "elements", 0, 0, G_OPTION_ARG_STRING, &elements, "what each stream goes through; hearken",
      NULL },
  { "streams", 0, 0, G_OPTION_ARG_INT, &n_streams, "side by side", NULL },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &n_seconds, "of audio, in each stream", NULL },
  { "buffer", 0, 0, G_OPTION_ARG_INT, &buffer_ms, "milliseconds of audio in a buffer", NULL },
  { "live", 0, 0, G_OPTION_ARG_NONE, &is_live, "at the audio's own pace", NULL },
  { NULL },
};

static gint is_playing; /* atomic */

/* What a stream is fed from. */
typedef struct {
  const guint8 *audio; /* [n_bytes] */
  gsize n_bytes, position;
  guint64 n_done; /* samples */
} Feed;

static void
push (GstAppSrc *source, guint n_bytes_wanted, gpointer data)
{
  Feed *feed = data;
  const guint64 n_samples = (guint64) buffer_ms * RATE_HZ / 1000;
  const gsize n_bytes = MIN (2 * n_samples, feed->n_bytes);
  GstBuffer *buffer;

  /* One buffer to get to PLAYING with; the time of the others is measured. */
  while (feed->n_done > 0 && !g_atomic_int_get (&is_playing))
    g_usleep (200);
  if (feed->n_done >= (guint64) n_seconds * RATE_HZ) {
    gst_app_src_end_of_stream (source);
    return;
  }
  if (feed->position + n_bytes > feed->n_bytes)
    feed->position = 0;
  buffer = gst_buffer_new_memdup (feed->audio + feed->position, n_bytes);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (feed->n_done, GST_SECOND, RATE_HZ);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n_bytes / 2, GST_SECOND, RATE_HZ);
  feed->position += n_bytes;
  feed->n_done += n_bytes / 2;
  gst_app_src_push_buffer (source, buffer);
}

static GstElement *
make_pipeline (const guint8 *audio, gsize n_bytes)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  g_autofree char *description = g_strdup_printf (
      "appsrc name=source format=time max-bytes=64000 caps=" CAPS " ! %s ! fakesink sync=%s",
      elements != NULL ? elements : "hearken", is_live ? "true" : "false");

  for (int i = 0; i < n_streams; i++) {
    g_autoptr (GError) error = NULL;
    GstElement *stream = gst_parse_bin_from_description (description, FALSE, &error);
    g_autoptr (GstElement) source = NULL;
    Feed *feed = g_new0 (Feed, 1);

    if (error != NULL)
      g_error ("%s", error->message);
    *feed = (Feed){ audio, n_bytes, 0, 0 };
    gst_bin_add (GST_BIN (pipeline), stream);
    source = gst_bin_get_by_name (GST_BIN (stream), "source");
    gst_app_src_set_callbacks (
        GST_APP_SRC (source), &(GstAppSrcCallbacks){ .need_data = push }, feed, g_free);
  }
  return pipeline;
}

/* Until the end or an error. */
static void
wait_for_end (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  while ((message = gst_bus_timed_pop (bus, GST_CLOCK_TIME_NONE)) != NULL) {
    const GstMessageType type = GST_MESSAGE_TYPE (message);
    g_autoptr (GError) error = NULL;

    if (type == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, NULL);
    gst_message_unref (message);
    if (error != NULL)
      g_error ("%s", error->message);
    if (type == GST_MESSAGE_EOS)
      return;
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("FILE");
  g_autoptr (GError) error = NULL;
  g_autofree char *audio = NULL;
  gsize n_bytes;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    g_error ("%s", error != NULL ? error->message : "which file?");
  gst_init (NULL, NULL);
  if (!g_file_get_contents (argv[1], &audio, &n_bytes, &error))
    g_error ("%s", error->message);

  const gint64 begin = g_get_monotonic_time ();
  const double cpu_begin = usage_get_cpu_seconds ();
  GstElement *pipeline = make_pipeline ((const guint8 *) audio, n_bytes);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  const double start_ms = 1e-3 * (double) (g_get_monotonic_time () - begin);
  const double cpu_before = usage_get_cpu_seconds ();
  g_atomic_int_set (&is_playing, TRUE);
  wait_for_end (pipeline);
  printf ("{\"start_ms\": %.2f, \"start_cpu_ms\": %.2f, \"cpu_ms_per_s\": %.4f, \"rss_kib\": %ld, "
          "\"peak_kib\": %ld}\n",
      start_ms, 1e3 * (cpu_before - cpu_begin),
      1e3 * (usage_get_cpu_seconds () - cpu_before) / n_seconds / n_streams,
      usage_get_memory_kib ("VmRSS"), usage_get_memory_kib ("VmHWM"));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return EXIT_SUCCESS;
}
