/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Plays a plan to a pipeline again and again, as fast as it takes it, and prints a line of JSON after
 * each round: what the process has taken, and which words were heard. Usage: soak ELEMENTS PLAN ROUNDS
 * ELEMENTS end in `hearken`. A plan is made of lines:
 *
 *   caps CAPS      what is played from here on
 *   play FILE      raw audio with these caps, in buffers of 100 ms
 *   gap SECONDS    a GAP event
 *   hole SECONDS   nothing, but time goes on
 *   discont        the next buffer has the flag
 *   flush          as a seek to where the stream is
 */
#include <gst/audio/audio.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>

#include "hearken-token.h"
#include "usage.h"

typedef struct {
  GstElement *pipeline;
  GstBus *bus;
  GstPad *pad; /* that everything is pushed from */
  GstAudioInfo info;
  GHashTable *files; /* path to GBytes */
  GstClockTime now;
  gboolean is_discont;
  GString *words; /* of this round */
} Player;

static void
push_event (Player *player, GstEvent *event)
{
  if (!gst_pad_push_event (player->pad, event))
    g_error ("an event was refused");
}

static void
push_segment (Player *player)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  push_event (player, gst_event_new_segment (&segment));
}

static void
set_caps (Player *player, const char *description)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (description);

  if (!caps || !gst_audio_info_from_caps (&player->info, caps))
    g_error ("no caps of audio: %s", description);
  push_event (player, gst_event_new_caps (caps));
}

static void
flush (Player *player)
{
  push_event (player, gst_event_new_flush_start ());
  push_event (player, gst_event_new_flush_stop (TRUE));
  push_segment (player);
}

static GstClockTime
parse_seconds (const char *text)
{
  return (GstClockTime) (g_ascii_strtod (text, NULL) * GST_SECOND);
}

static void
send_gap (Player *player, GstClockTime duration)
{
  push_event (player, gst_event_new_gap (player->now, duration));
  player->now += duration;
}

static void
push_audio (Player *player, gconstpointer data, gsize n_bytes)
{
  GstBuffer *buffer = gst_buffer_new_memdup (data, n_bytes);

  GST_BUFFER_PTS (buffer) = player->now;
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n_bytes, GST_SECOND,
      GST_AUDIO_INFO_BPF (&player->info) * GST_AUDIO_INFO_RATE (&player->info));
  player->now += GST_BUFFER_DURATION (buffer);
  if (player->is_discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  player->is_discont = FALSE;
  if (gst_pad_push (player->pad, buffer) != GST_FLOW_OK)
    g_error ("a buffer was refused");
}

static GBytes *
read_file (Player *player, const char *path)
{
  GBytes *bytes = g_hash_table_lookup (player->files, path);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize n_bytes;

  if (bytes)
    return bytes;
  if (!g_file_get_contents (path, &data, &n_bytes, &error))
    g_error ("%s", error->message);
  bytes = g_bytes_new_take (data, n_bytes);
  g_hash_table_insert (player->files, g_strdup (path), bytes);
  return bytes;
}

/* Takes the words from the bus. */
static void
hear (Player *player)
{
  GstMessage *message;
  HearkenToken token;

  while ((message = gst_bus_pop (player->bus)) != NULL) {
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
      g_error ("the pipeline has failed");
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
        hearken_token_parse (gst_message_get_structure (message), &token) &&
        g_str_equal (token.level, "word") && token.is_final)
      g_string_append_printf (player->words, "%s%s", player->words->len ? " " : "", token.text);
    gst_message_unref (message);
  }
}

static void
play (Player *player, const char *path)
{
  const guint n_buffer =
      GST_AUDIO_INFO_BPF (&player->info) * (GST_AUDIO_INFO_RATE (&player->info) / 10);
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (read_file (player, path), &n_bytes);

  for (gsize at = 0; at < n_bytes; at += n_buffer) {
    push_audio (player, data + at, MIN (n_buffer, n_bytes - at));
    hear (player);
  }
}

static void
act (Player *player, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 2);
  const char *action = parts[0];

  if (g_strcmp0 (action, "caps") == 0)
    set_caps (player, parts[1]);
  else if (g_strcmp0 (action, "play") == 0)
    play (player, parts[1]);
  else if (g_strcmp0 (action, "gap") == 0)
    send_gap (player, parse_seconds (parts[1]));
  else if (g_strcmp0 (action, "hole") == 0)
    player->now += parse_seconds (parts[1]);
  else if (g_strcmp0 (action, "discont") == 0)
    player->is_discont = TRUE;
  else if (g_strcmp0 (action, "flush") == 0)
    flush (player);
  else if (action != NULL)
    g_error ("the plan says \"%s\"", line);
}

/* One round. */
static void
report (Player *player, GstClockTime began, double cpu_began)
{
  const double seconds = (double) (player->now - began) / GST_SECOND;

  printf ("{\"seconds\": %.1f, \"cpu_ms_per_s\": %.4f, \"rss_kib\": %ld, \"files\": %u, "
          "\"words\": \"%s\"}\n",
      seconds, 1e3 * (usage_get_cpu_seconds () - cpu_began) / seconds,
      usage_get_memory_kib ("VmRSS"), usage_count_files (), player->words->str);
  fflush (stdout);
  g_string_truncate (player->words, 0);
}

static void
open_pipeline (Player *player, const char *elements)
{
  g_autofree char *description = g_strdup_printf ("%s ! fakesink async=false", elements);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPad) sink = NULL;

  player->pipeline = gst_parse_launch (description, &error);
  if (error)
    g_error ("%s", error->message);
  sink = gst_bin_find_unlinked_pad (GST_BIN (player->pipeline), GST_PAD_SINK);
  player->bus = gst_element_get_bus (player->pipeline);
  player->pad = gst_pad_new ("src", GST_PAD_SRC);
  if (gst_pad_link_full (player->pad, sink, GST_PAD_LINK_CHECK_NOTHING) != GST_PAD_LINK_OK ||
      gst_element_set_state (player->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    g_error ("the pipeline does not start: %s", description);
  gst_pad_set_active (player->pad, TRUE);
  push_event (player, gst_event_new_stream_start ("soak"));
}

static void
close_pipeline (Player *player)
{
  push_event (player, gst_event_new_eos ());
  gst_element_set_state (player->pipeline, GST_STATE_NULL);
  gst_pad_set_active (player->pad, FALSE);
  gst_object_unref (player->pad);
  gst_object_unref (player->bus);
  gst_object_unref (player->pipeline);
}

int
main (int argc, char **argv)
{
  Player player = { .words = g_string_new (NULL),
    .files =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref) };
  g_autoptr (GError) error = NULL;
  g_autofree char *plan = NULL;
  g_auto (GStrv) lines = NULL;

  gst_init (&argc, &argv);
  if (argc != 4)
    g_error ("Usage: soak ELEMENTS PLAN ROUNDS");
  if (!g_file_get_contents (argv[2], &plan, NULL, &error))
    g_error ("%s", error->message);
  lines = g_strsplit (plan, "\n", -1);
  open_pipeline (&player, argv[1]);
  for (int round = 0; round < atoi (argv[3]); round++) {
    const GstClockTime began = player.now;
    const double cpu_began = usage_get_cpu_seconds ();

    for (guint i = 0; lines[i] != NULL; i++) {
      act (&player, lines[i]);
      /* Caps come before the segment. */
      if (began == 0 && i == 0)
        push_segment (&player);
    }
    hear (&player);
    report (&player, began, cpu_began);
  }
  close_pipeline (&player);
  g_hash_table_unref (player.files);
  g_string_free (player.words, TRUE);
  return EXIT_SUCCESS;
}
