/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Again and again: nothing accumulates. With "-m slow", a thousand times. tests/bench/soak.py plays a day of
 * audio.
 */

#include <glib/gstdio.h>

#include "element-fixture.h"
#include "pipeline-fixture.h"

static guint
get_n_rounds (void)
{
  return g_test_slow () ? 1000 : 100;
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n_entries = 0;

  while (dir && g_dir_read_name (dir))
    n_entries++;
  return n_entries;
}

/* Until the end; an error fails. Returns: (transfer full): the utterances on the way, "text text" */
static char *
play_to_end (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GString *heard = g_string_new (NULL);
  gboolean is_over = FALSE;

  while (!is_over) {
    GstMessage *message = gst_bus_timed_pop_filtered (
        bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
    HearkenToken token;

    g_assert_cmpint (GST_MESSAGE_TYPE (message), !=, GST_MESSAGE_ERROR);
    is_over = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
    if (!is_over && hearken_token_parse (gst_message_get_structure (message), &token) &&
        g_str_equal (token.level, "utterance"))
      g_string_append_printf (heard, "%s%s", heard->len > 0 ? " " : "", token.text);
    gst_message_unref (message);
  }
  return g_string_free (heard, FALSE);
}

/* NULL to PLAYING and back, with speech, now to its end, now not. */
static void
test_cycles (void)
{
  g_autofree char *wav = NULL;
  GstElement *pipeline;
  guint n_files = 0;

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a.b");
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! hearken model=\"%s\" ! fakesink",
      wav, fixture_tones ());
  for (guint i = 0; i < get_n_rounds (); i++) {
    g_assert_cmpint (
        gst_element_set_state (pipeline, GST_STATE_PLAYING), !=, GST_STATE_CHANGE_FAILURE);
    if (i % 2 == 0) {
      g_autofree char *heard = play_to_end (pipeline);

      g_assert_cmpstr (heard, ==, "ab");
    }
    gst_element_set_state (pipeline, GST_STATE_NULL);
    g_assert_cmpint (count_holders (fixture_tones ()), ==, 0);
    if (i == 2)
      n_files = count_entries ("/proc/self/fd");
  }
  g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, n_files);
  close_pipeline (pipeline);
  g_remove (wav);
}

/* To anywhere, while it plays: what is heard at the end is what comes behind the last one. */
static void
test_seeks (void)
{
  g_autofree char *wav = NULL;
  GstElement *pipeline;
  guint n_files = 0;

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a..........b..........c..........");
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! hearken model=\"%s\" ! fakesink",
      wav, fixture_tones ());
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  for (guint i = 0; i < get_n_rounds (); i++) {
    g_assert_true (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, g_test_rand_int_range (0, 35) * LETTER_NS));
    if (i == 2)
      n_files = count_entries ("/proc/self/fd");
  }
  g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, n_files);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  g_assert_true (gst_element_seek_simple (
      pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 5 * LETTER_NS));
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  {
    g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
    g_autofree char *heard = NULL;

    gst_bus_set_flushing (bus, TRUE); /* what was heard between the seeks */
    gst_bus_set_flushing (bus, FALSE);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    heard = play_to_end (pipeline);
    g_assert_true (g_str_has_suffix (heard, "c"));
  }
  close_pipeline (pipeline);
  g_remove (wav);
}

#define N_ELEMENTS 64

/* Side by side on one model: each hears all, and the weights are in memory once. */
static void
test_many_elements (void)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *wav = NULL, *heard = NULL;
  GstElement *pipeline;
  const char *text;
  guint n_heard = 0;

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a.b. .c..........a");
  g_string_append_printf (line, "filesrc location=\"%s\" ! wavparse ! tee name=t", wav);
  for (guint i = 0; i < N_ELEMENTS; i++)
    g_string_append_printf (
        line, " t. ! queue ! hearken model=%s levels=utterance ! fakesink", fixture_tones ());
  pipeline = parse_launch ("%s", line->str);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_assert_cmpint (count_holders (fixture_tones ()), >=, N_ELEMENTS);
  heard = play_to_end (pipeline);
  for (text = heard; (text = strstr (text, "ab c")) != NULL; text++)
    n_heard++;
  g_assert_cmpuint (n_heard, ==, N_ELEMENTS);
  close_pipeline (pipeline);
  g_assert_cmpint (count_holders (fixture_tones ()), ==, 0);
  g_remove (wav);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/endurance/cycles", test_cycles);
  g_test_add_func ("/element/endurance/seeks", test_seeks);
  g_test_add_func ("/element/endurance/many-elements", test_many_elements);
  return fixture_run ();
}
