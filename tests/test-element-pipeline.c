/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The element in pipelines as people build them. */

#include <glib/gstdio.h>
#include <gst/audio/audio.h>

#include "element-fixture.h"
#include "pipeline-fixture.h"

/* How the leaks tracer begins to tell of an object that is still alive at the end. */
#define LEAK "object-alive, type-name=(string)Gst"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER TRUE
#else
#define HAS_SANITIZER FALSE
#endif

/* Waits for a message of these types. Returns: (transfer full): what the element @source has posted
 * of this level until then, "text text" */
static char *
wait_for (GstElement *pipeline, GstMessageType types, const char *source, const char *level)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GString *heard = g_string_new (NULL);
  GstMessage *message;
  HearkenToken token;

  while ((message = gst_bus_timed_pop_filtered (
              bus, GST_CLOCK_TIME_NONE, types | GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR)) != NULL) {
    g_assert_cmpint (GST_MESSAGE_TYPE (message), !=, GST_MESSAGE_ERROR);
    if (GST_MESSAGE_TYPE (message) & types)
      break;
    if (g_str_equal (GST_MESSAGE_SRC_NAME (message), source) &&
        hearken_token_parse (gst_message_get_structure (message), &token) &&
        g_str_equal (token.level, level))
      g_string_append_printf (heard, "%s%s", heard->len > 0 ? " " : "", token.text);
    gst_message_unref (message);
  }
  gst_message_unref (message);
  return g_string_free (heard, FALSE);
}

/* To somewhere before the end of what was played: heard from there on, at the right times. */
static void
test_seek (void)
{
  g_autofree char *wav = NULL, *before = NULL, *after = NULL, *again = NULL;
  GstElement *pipeline;

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a..b..c...........");
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! hearken name=h model=\"%s\" "
                           "levels=utterance ! fakesink",
      wav, fixture_tones ());
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  before = wait_for (pipeline, GST_MESSAGE_EOS, "h", "utterance");
  g_assert_cmpstr (before, ==, "abc");

  g_assert_true (gst_element_seek_simple (
      pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 4 * LETTER_NS));
  after = wait_for (pipeline, GST_MESSAGE_EOS, "h", "utterance");
  g_assert_cmpstr (after, ==, "bc");

  /* While something is being heard. */
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  g_assert_true (gst_element_seek_simple (
      pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 0));
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  g_assert_true (gst_element_seek_simple (
      pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, 7 * LETTER_NS));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  again = wait_for (pipeline, GST_MESSAGE_EOS, "h", "utterance");
  g_assert_cmpstr (again, ==, "c");
  close_pipeline (pipeline);
  g_remove (wav);
}

static GstPadProbeReturn
collect_token (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  HearkenToken token;

  if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM &&
      hearken_token_parse (gst_event_get_structure (event), &token) &&
      g_str_equal (token.text, "b"))
    *(HearkenToken *) data = token;
  return GST_PAD_PROBE_OK;
}

/* After a seek, stream time is the position in the file, running time begins at 0. */
static void
test_seek_times (void)
{
  g_autofree char *wav = NULL, *heard = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  GstElement *pipeline;
  HearkenToken b = { 0 };

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a..b..c...........");
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! hearken name=h model=\"%s\" "
                           "levels=token ! fakesink name=sink",
      wav, fixture_tones ());
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, collect_token, &b, NULL);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
  g_assert_true (gst_element_seek (pipeline, 2.0, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE | GST_SEEK_FLAG_SEGMENT, GST_SEEK_TYPE_SET,
      4 * LETTER_NS, GST_SEEK_TYPE_SET, 7 * LETTER_NS));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  heard = wait_for (pipeline, GST_MESSAGE_SEGMENT_DONE, "h", "token");

  g_assert_cmpstr (heard, ==, "b");
  g_assert_cmpuint (b.stream_time, >, 4 * LETTER_NS + LETTER_NS / 2);
  g_assert_cmpuint (b.stream_time, <, 5 * LETTER_NS + LETTER_NS / 2);
  g_assert_cmpuint (b.running_time, ==, (b.stream_time - 4 * LETTER_NS) / 2);
  close_pipeline (pipeline);
  g_remove (wav);
}

/* Converters find out by themselves what to convert to. */
static void
test_negotiation (void)
{
  g_autofree char *heard = NULL;
  GstElement *pipeline;

  if (!have ("audiotestsrc", "audioconvert", "audioresample", NULL))
    return;
  pipeline =
      parse_launch ("audiotestsrc freq=1500 num-buffers=50 "
                    "! audio/x-raw, rate=44100, channels=2, format=S32LE "
                    "! audioconvert ! audioresample ! hearken name=h model=\"%s\" ! fakesink",
          fixture_tones ());
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  heard = wait_for (pipeline, GST_MESSAGE_EOS, "h", "utterance");
  g_assert_cmpstr (heard, ==, "b");
  close_pipeline (pipeline);
}

/* Two at once, in threads of their own. */
static void
test_two_elements (void)
{
  g_autofree char *wav = NULL, *first = NULL, *second = NULL;
  GstElement *pipelines[2];

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a.b. .c..........a.. .b");
  for (guint i = 0; i < 2; i++) {
    pipelines[i] = parse_launch ("filesrc location=\"%s\" ! wavparse ! tee name=t "
                                 "t. ! queue ! hearken name=one model=\"%s\" ! fakesink "
                                 "t. ! queue ! hearken name=two model=\"%s\" ! fakesink",
        wav, fixture_tones (), fixture_tones ());
    gst_element_set_state (pipelines[i], GST_STATE_PLAYING);
  }
  first = wait_for (pipelines[0], GST_MESSAGE_EOS, "one", "utterance");
  second = wait_for (pipelines[1], GST_MESSAGE_EOS, "two", "utterance");
  g_assert_cmpstr (first, ==, "ab c a b");
  g_assert_cmpstr (second, ==, "ab c a b");
  close_pipeline (pipelines[0]);
  close_pipeline (pipelines[1]);
  g_remove (wav);
}

/* Stopped in the middle of anything. */
static void
test_stop_while_streaming (void)
{
  if (!have ("audiotestsrc", NULL))
    return;
  for (guint i = 0; i < 20; i++) {
    GstElement *pipeline =
        parse_launch ("audiotestsrc ! hearken name=h model=\"%s\" ! fakesink", fixture_tones ());

    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    if (i % 2)
      gst_element_get_state (pipeline, NULL, NULL, GST_CLOCK_TIME_NONE);
    close_pipeline (pipeline);
  }
}

/* The main job: words from a recording, with no property set. */
static void
check_clip (const char *path)
{
  g_autofree char *words = NULL;
  GstElement *pipeline = parse_launch ("filesrc location=\"%s\" ! decodebin ! audioconvert "
                                       "! audioresample ! hearken name=h ! fakesink",
      path);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  words = wait_for (pipeline, GST_MESSAGE_EOS, "h", "word");
  g_test_message ("%s: %s", path, words);
  g_assert_cmpstr (words, !=, "");
  close_pipeline (pipeline);
}

static void
test_clips (void)
{
  g_autofree char *dir_path = g_test_build_filename (G_TEST_DIST, "..", "models", "clips", NULL);
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  guint n_clips = 0;
  const char *name;

  if (!have ("decodebin", "oggdemux", "opusdec", "audioconvert", "audioresample", NULL))
    return;
  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (dir_path, name, NULL);

    if (g_str_has_suffix (name, ".opus")) {
      check_clip (path);
      n_clips++;
    }
  }
  if (n_clips == 0)
    g_test_skip ("there are no recordings in models/clips");
}

static void
push_speech (GstHarness *harness, const char *pattern, GstClockTime pts)
{
  gsize n_samples;
  float *samples = speech_new (pattern, &n_samples);
  GstBuffer *buffer = gst_buffer_new_wrapped (samples, n_samples * sizeof (float));

  GST_BUFFER_PTS (buffer) = pts;
  g_assert_cmpint (gst_harness_push (harness, buffer), ==, GST_FLOW_OK);
}

/* Returns: (transfer full): hearken elements and a hearkentext, which tells words */
static GstHarness *
text_harness_new (const char *hearkens)
{
  g_autofree char *line = g_strdup_printf ("%s ! hearkentext granularity=word", hearkens);
  GstHarness *harness = gst_harness_new_parse (line);

  gst_harness_set_sink_caps_str (harness, "text/x-raw, format=utf8");
  gst_harness_set_src_caps_str (harness,
      "audio/x-raw, format=" GST_AUDIO_NE (F32) ", layout=interleaved, channels=1, rate=16000");
  return harness;
}

/* Ends the stream, and frees the harness. @expected: all words of text, each with a space behind it */
static void
check_text (GstHarness *harness, const char *expected)
{
  g_autoptr (GString) told = g_string_new (NULL);
  GstBuffer *buffer;

  gst_harness_push_event (harness, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (harness)) != NULL) {
    char text[10] = "";

    gst_buffer_extract (buffer, 0, text, sizeof text - 1);
    g_string_append_printf (told, "%s ", text);
    gst_buffer_unref (buffer);
  }
  g_assert_cmpstr (told->str, ==, expected);
  gst_harness_teardown (harness);
}

/* By way of READY the recogniser alone begins anew, within an utterance: text goes on. */
static void
test_ready_before_text (void)
{
  g_autofree char *line = g_strdup_printf ("hearken name=hearken model=\"%s\"", fixture_tones ());
  GstHarness *harness = text_harness_new (line);
  g_autoptr (GstElement) hearken = gst_bin_get_by_name (GST_BIN (harness->element), "hearken");

  push_speech (harness, "..a.b. .c. ..", 0);
  gst_element_set_state (hearken, GST_STATE_READY);
  gst_element_set_state (hearken, GST_STATE_PLAYING);
  push_speech (harness, "..b.b. .a. ..........", 13 * LETTER_NS);
  check_text (harness, "ab c bb a ");
}

/* As to spot keywords and have captions, too: text is what the nearest of them hears. */
static void
test_series (void)
{
  g_autofree char *line = g_strdup_printf (
      "hearken model=\"%s\" ! hearken model=\"%s\"", fixture_tones (), fixture_tones ());
  GstHarness *harness = text_harness_new (line);

  push_speech (harness, "..a.b. .c. ...", 0);
  check_text (harness, "ab c ");
}

/* Runs gst-launch-1.0 with the leaks tracer on everything. Returns: whether it is there */
static gboolean
launch (const char *line, char **out, char **err, int *status)
{
  g_autofree char *program = g_find_program_in_path ("gst-launch-1.0");
  g_autofree char *command = g_strdup_printf ("%s -m %s", program, line);
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) envp = g_get_environ ();
  g_autoptr (GError) error = NULL;

  if (!program) {
    g_test_skip ("gst-launch-1.0 is not installed");
    return FALSE;
  }
  if (HAS_SANITIZER) {
    g_test_skip ("gst-launch-1.0 cannot load what a sanitizer is in");
    return FALSE;
  }
  envp = g_environ_setenv (envp, "GST_TRACERS", "leaks", TRUE);
  envp = g_environ_setenv (envp, "GST_DEBUG", "GST_TRACER:7", TRUE);
  envp = g_environ_setenv (envp, "GST_DEBUG_NO_COLOR", "1", TRUE);
  envp = g_environ_unsetenv (envp, "GST_DEBUG_FILE");
  g_assert_true (g_shell_parse_argv (command, NULL, &argv, &error));
  g_assert_true (g_spawn_sync (NULL, argv, envp, 0, NULL, NULL, out, err, status, &error));
  return TRUE;
}

static void
test_gst_launch (void)
{
  g_autofree char *wav = NULL, *line = NULL, *out = NULL, *err = NULL;
  int status;

  if (!have ("wavparse", NULL))
    return;
  wav = write_wav ("..a.b. .c");
  line = g_strdup_printf ("filesrc location=\"%s\" ! wavparse ! hearken model=\"%s\" ! fakesink",
      wav, fixture_tones ());
  if (!launch (line, &out, &err, &status))
    return;
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (out, "recognized-token, level=(string)word, text=(string)ab,"));
  g_assert_nonnull (strstr (out, "text=(string)\"ab\\ c\""));
  g_assert_nonnull (strstr (out, "end-reason=(string)eos"));
  g_assert_null (strstr (err, LEAK));
  g_remove (wav);
}

/* A model that fails to load fails the pipeline, and leaks nothing. */
static void
test_gst_launch_without_model (void)
{
  g_autofree char *out = NULL, *err = NULL;
  int status;

  if (!launch (
          "fakesrc ! hearken model=/no/such/model.safetensors ! fakesink", &out, &err, &status))
    return;
  g_assert_cmpint (status, !=, 0);
  g_assert_nonnull (strstr (err, "/no/such/model.safetensors"));
  g_assert_null (strstr (err, LEAK));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/pipeline/seek", test_seek);
  g_test_add_func ("/element/pipeline/seek-times", test_seek_times);
  g_test_add_func ("/element/pipeline/negotiation", test_negotiation);
  g_test_add_func ("/element/pipeline/two-elements", test_two_elements);
  g_test_add_func ("/element/pipeline/stop-while-streaming", test_stop_while_streaming);
  g_test_add_func ("/element/pipeline/clips", test_clips);
  g_test_add_func ("/element/pipeline/ready-before-text", test_ready_before_text);
  g_test_add_func ("/element/pipeline/series", test_series);
  g_test_add_func ("/element/pipeline/gst-launch", test_gst_launch);
  g_test_add_func ("/element/pipeline/gst-launch-without-model", test_gst_launch_without_model);
  return fixture_run ();
}
