/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearkentranscriber: audio in, text out, live and not. */

#include <glib/gstdio.h>
#include <gst/audio/audio.h>
#include <string.h>

#include "element-fixture.h"
#include "pipeline-fixture.h"
#include "test-loading.h"

#define SAID "..a.b. .c..........."

/* Returns: (transfer full): in NULL */
static GstElement *
make_transcriber (void)
{
  GstElement *transcriber = gst_element_factory_make ("hearkentranscriber", NULL);

  g_assert_nonnull (transcriber);
  gst_object_ref_sink (transcriber);
  g_object_set (transcriber, "model", fixture_tones (), NULL);
  return transcriber;
}

static void
free_transcriber (GstElement *transcriber)
{
  gst_element_set_state (transcriber, GST_STATE_NULL);
  gst_object_unref (transcriber);
}

/* What an appsink named "sink" gets until the end: "start-end text; …", times in letters. */
static char *
get_text (GstElement *pipeline)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GString *told = g_string_new (NULL);
  GstSample *sample;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (g_signal_emit_by_name (sink, "pull-sample", &sample), sample != NULL) {
    GstBuffer *buffer = gst_sample_get_buffer (sample);
    GstClockTime end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
    char text[100] = "";

    gst_buffer_extract (buffer, 0, text, sizeof text - 1);
    g_string_append_printf (told, "%s%u-%u %s", told->len > 0 ? "; " : "",
        (guint) ((GST_BUFFER_PTS (buffer) + LETTER_NS / 2) / LETTER_NS),
        (guint) ((end + LETTER_NS / 2) / LETTER_NS), text);
    gst_sample_unref (sample);
  }
  return g_string_free (told, FALSE);
}

/* Not live: whatever the audio's format, as fast as it goes. */
static void
test_file (void)
{
  g_autofree char *wav = NULL, *text = NULL;
  GstElement *pipeline;

  if (!have ("wavparse", "audioconvert", "audioresample", "appsink", NULL))
    return;
  wav = write_wav (SAID);
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! audioconvert ! audioresample "
                           "! audio/x-raw, rate=44100, channels=2, format=F64LE "
                           "! hearkentranscriber model=\"%s\" granularity=word "
                           "! appsink name=sink sync=false",
      wav, fixture_tones ());
  text = get_text (pipeline);
  g_assert_cmpstr (text, ==, "2-5 ab; 8-9 c");
  close_pipeline (pipeline);
  g_remove (wav);
}

/* Three microphones, then one. */
static void
test_array (void)
{
  g_autofree char *wav = NULL, *array_wav = NULL, *text = NULL;
  GstElement *pipeline;

  if (!have ("wavparse", "appsink", NULL))
    return;
  wav = write_wav (SAID);
  array_wav = write_array_wav (SAID, 3);
  pipeline = parse_launch ("concat name=both ! hearkentranscriber model=\"%s\" granularity=word "
                           "! appsink name=sink sync=false "
                           "filesrc location=\"%s\" ! wavparse ! both. "
                           "filesrc location=\"%s\" ! wavparse ! both.",
      fixture_tones (), array_wav, wav);
  text = get_text (pipeline);
  g_assert_cmpstr (text, ==, "2-5 ab; 8-9 c; 2-5 ab; 8-9 c");
  close_pipeline (pipeline);
  g_remove (array_wav);
  g_remove (wav);
}

static GstPadProbeReturn
note_samples (GstPad *pad, GstPadProbeInfo *info, gpointer shares)
{
  float share;

  for (gsize i = 0; gst_buffer_extract (info->data, i * sizeof share, &share, sizeof share) > 0;
       i++)
    g_string_append_printf (shares, "%.3f ", share);
  return GST_PAD_PROBE_OK;
}

/* Returns: (transfer full): each channel's share of @mono, the pad where they are one. @harness: is freed */
static char *
get_shares (GstHarness *harness, GstPad *mono, guint n_channels, const char *placed)
{
  static const float one = 1;
  const gsize n_bytes = n_channels * n_channels * sizeof one;
  GstBuffer *buffer = gst_buffer_new_wrapped (g_malloc0 (n_bytes), n_bytes);
  GString *shares = g_string_new (NULL);
  g_autofree char *caps =
      g_strdup_printf ("audio/x-raw, format=%s, layout=interleaved, rate=16000, channels=%u%s",
          GST_AUDIO_NE (F32), n_channels, placed);

  for (guint i = 0; i < n_channels; i++) /* one after the other */
    gst_buffer_fill (buffer, i * (n_channels + 1) * sizeof one, &one, sizeof one);
  GST_BUFFER_PTS (buffer) = 0;
  gst_pad_add_probe (mono, GST_PAD_PROBE_TYPE_BUFFER, note_samples, shares, NULL);
  gst_harness_set_src_caps_str (harness, caps);
  g_assert_cmpint (gst_harness_push (harness, buffer), ==, GST_FLOW_OK);
  gst_harness_teardown (harness);
  return g_string_free (shares, FALSE);
}

/* @expected: (nullable): audioconvert's own shares. @placed: where the channels are, if caps tell */
static void
check_shares (guint n_channels, const char *placed, const char *expected)
{
  GstElement *transcriber = make_transcriber ();
  g_autoptr (GstElement) hearken = gst_bin_get_by_name (GST_BIN (transcriber), "hearken");
  g_autoptr (GstPad) mono = gst_element_get_static_pad (hearken, "sink");
  GstHarness *harness = gst_harness_new_with_element (transcriber, "sink", "src");
  g_autofree char *shares = NULL, *own = NULL;

  gst_harness_set_sink_caps_str (harness, "text/x-raw, format=utf8");
  shares = get_shares (harness, mono, n_channels, placed);
  if (!expected) {
    harness = gst_harness_new ("audioconvert");
    gst_harness_set_sink_caps_str (harness, "audio/x-raw, channels=1");
    expected = own = get_shares (harness, harness->sinkpad, n_channels, placed);
  }
  g_assert_cmpstr (shares, ==, expected);
  free_transcriber (transcriber);
}

/* Channels of which nobody says where they are count alike. */
static void
test_shares (void)
{
  check_shares (2, "", "0.500 0.500 ");
  check_shares (3, "", "0.333 0.333 0.333 ");
  check_shares (6, "", "0.167 0.167 0.167 0.167 0.167 0.167 ");
  check_shares (6, ", channel-mask=(bitmask)0x3f", NULL);
}

/* One property for captions and messages. */
static void
test_clean_up (void)
{
  g_autofree char *wav = NULL, *text = NULL;
  GstElement *pipeline;

  if (!have ("wavparse", "audioconvert", "audioresample", "appsink", NULL))
    return;
  wav = write_wav ("..a. .b. .c...........");
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! hearkentranscriber model=\"%s\" "
                           "clean-up=true ! appsink name=sink sync=false",
      wav, fixture_tones ());
  text = get_text (pipeline);
  g_assert_cmpstr (text, ==, "2-12 ABC");
  close_pipeline (pipeline);
  g_remove (wav);
}

static void
test_lateness (void)
{
  g_autofree char *wav = NULL, *text = NULL;
  GstElement *pipeline;

  if (!have ("wavparse", "audioconvert", "audioresample", "appsink", NULL))
    return;
  wav = write_wav (SAID);
  pipeline = parse_launch ("filesrc location=\"%s\" ! wavparse ! hearkentranscriber model=\"%s\" "
                           "granularity=word lateness=1000 ! appsink name=sink sync=false",
      wav, fixture_tones ());
  text = get_text (pipeline);
  g_assert_cmpstr (text, ==, "12-15 ab; 18-19 c");
  close_pipeline (pipeline);
  g_remove (wav);
}

/* What a sink adds to the latency by itself. */
#define SINK_NS (20 * GST_MSECOND)

/* Live: the pipeline waits as long as is asked for, and the queue holds what comes early. */
static void
test_live (void)
{
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  g_autofree char *text = NULL;
  GstElement *pipeline;
  GstClockTime min, max;
  gboolean is_live;

  if (!have ("audiotestsrc", "audioconvert", "audioresample", "appsink", NULL))
    return;
  pipeline =
      parse_launch ("audiotestsrc is-live=true freq=1500 samplesperbuffer=160 num-buffers=60 "
                    "! audio/x-raw, rate=16000 ! hearkentranscriber model=\"%s\" latency=700 "
                    "! appsink name=sink sync=true",
          fixture_tones ());
  text = get_text (pipeline);
  g_assert_true (g_str_has_suffix (text, " b")); /* when it begins, the clock decides */

  g_assert_true (gst_element_query (pipeline, query));
  gst_query_parse_latency (query, &is_live, &min, &max);
  g_assert_true (is_live);
  g_assert_cmpuint (min, ==, (10 + 700) * GST_MSECOND + SINK_NS);
  g_assert_cmpuint (max, >=, min);
  close_pipeline (pipeline);
}

/* With its properties the bin is at home where one of GStreamer's transcribers is. */
static void
test_conventions (void)
{
  GstElement *transcriber = make_transcriber ();
  guint latency, lateness;
  g_autofree char *language = NULL;

  g_object_get (
      transcriber, "latency", &latency, "lateness", &lateness, "language-code", &language, NULL);
  g_assert_cmpuint (latency, ==, 8000);
  g_assert_cmpuint (lateness, ==, 0);
  g_assert_null (language);
  g_assert_cmpstr (
      gst_element_get_metadata (transcriber, GST_ELEMENT_METADATA_KLASS), ==, "Audio/Text/Filter");
  free_transcriber (transcriber);
}

/* Each property of the elements within is one of the bin. */
static void
test_properties (void)
{
  GstElement *transcriber = make_transcriber ();
  const char *inner[] = { "hearken", "hearkentext" };

  for (guint i = 0; i < G_N_ELEMENTS (inner); i++) {
    g_autoptr (GstElement) element = gst_bin_get_by_name (GST_BIN (transcriber), inner[i]);
    guint n_pspecs;
    g_autofree GParamSpec **pspecs =
        g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);

    for (guint j = 0; j < n_pspecs; j++) {
      if (pspecs[j]->owner_type == G_OBJECT_TYPE (element) && pspecs[j]->flags & G_PARAM_WRITABLE)
        g_assert_nonnull (
            g_object_class_find_property (G_OBJECT_GET_CLASS (transcriber), pspecs[j]->name));
    }
  }
  free_transcriber (transcriber);
}

static void
test_forwarding (void)
{
  GstElement *transcriber = make_transcriber ();
  g_autoptr (GstElement) hearken = gst_bin_get_by_name (GST_BIN (transcriber), "hearken");
  g_autoptr (GstElement) text = gst_bin_get_by_name (GST_BIN (transcriber), "hearkentext");
  guint endpoint_silence, line_length, value;

  g_object_set (transcriber, "endpoint-silence", 123, "line-length", 45, NULL);
  g_object_get (hearken, "endpoint-silence", &endpoint_silence, NULL);
  g_object_get (text, "line-length", &line_length, NULL);
  g_assert_cmpuint (endpoint_silence, ==, 123);
  g_assert_cmpuint (line_length, ==, 45);

  gst_child_proxy_set (GST_CHILD_PROXY (transcriber), "hearkentext::line-length", 46, NULL);
  g_object_get (transcriber, "line-length", &value, NULL);
  g_assert_cmpuint (value, ==, 46);
  free_transcriber (transcriber);
}

/* Waits until what was set has been loaded in vain, for a little while. */
static void
wait_for_warning (GObject *object, GParamSpec *pspec, gpointer data)
{
  g_autoptr (GstMessage) message =
      gst_bus_timed_pop_filtered (data, 200 * GST_MSECOND, GST_MESSAGE_WARNING);

  g_assert_null (message);
}

/* What is set with one call is loaded together. */
static void
test_set_together (void)
{
  GstElement *transcriber = make_transcriber ();
  g_autoptr (GstElement) hearken = gst_bin_get_by_name (GST_BIN (transcriber), "hearken");
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *list = g_build_filename (dir, "list.txt", NULL);

  g_assert_true (g_file_set_contents (list, "ab c\n", -1, NULL));
  g_object_set (transcriber, "keywords", list, NULL);
  gst_element_set_state (transcriber, GST_STATE_READY);
  gst_element_set_bus (hearken, bus);
  g_signal_connect (hearken, "notify::grammar", G_CALLBACK (wait_for_warning), bus);
  g_object_set (transcriber, "grammar", list, "keywords", NULL, NULL);
  gst_element_set_bus (hearken, NULL);
  free_transcriber (transcriber);
  g_remove (list);
}

/* @wish: (nullable). Returns: how many warnings there are on the way to READY */
static guint
count_warnings (GstElement *transcriber, const char *wish)
{
  g_autoptr (GstBus) bus = gst_bus_new ();
  guint n_warnings = 0;
  GstMessage *message;

  gst_element_set_bus (transcriber, bus);
  g_object_set (transcriber, "language-code", wish, NULL);
  g_assert_cmpint (
      gst_element_set_state (transcriber, GST_STATE_READY), ==, GST_STATE_CHANGE_SUCCESS);
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING)) != NULL) {
    gst_message_unref (message);
    n_warnings++;
  }
  gst_element_set_state (transcriber, GST_STATE_NULL);
  gst_element_set_bus (transcriber, NULL);
  return n_warnings;
}

/* A model of tones in this language. Returns: (transfer full): its path */
static char *
write_model_of (const char *language)
{
  g_autoptr (TestModel) model = test_model_tones (RATE);

  test_model_set (model, "hearken.language", language);
  return test_model_to_file (model, "tones.safetensors");
}

/* The language is the model's: a wish for another is told to be in vain, none is taken as it. */
static void
test_language (void)
{
  GstElement *transcriber = make_transcriber ();
  g_autofree char *language = NULL;
  char *path = write_model_of ("en");

  g_assert_cmpuint (count_warnings (transcriber, "de-DE"), ==, 0); /* the model tells none */
  g_object_set (transcriber, "model", path, NULL);
  g_assert_cmpuint (count_warnings (transcriber, "en-US"), ==, 0);
  g_assert_cmpuint (count_warnings (transcriber, "EN"), ==, 0);
  g_assert_cmpuint (count_warnings (transcriber, "de-DE"), ==, 1);
  g_assert_cmpuint (count_warnings (transcriber, ""), ==, 0);

  g_object_set (transcriber, "language-code", NULL, NULL);
  gst_element_set_state (transcriber, GST_STATE_READY);
  g_object_get (transcriber, "language-code", &language, NULL);
  g_assert_cmpstr (language, ==, "en");
  g_clear_pointer (&language, g_free);
  gst_element_set_state (transcriber, GST_STATE_NULL);
  g_object_get (transcriber, "language-code", &language, NULL);
  g_assert_null (language);
  free_transcriber (transcriber);
  test_remove_file (path);
}

/* What the application has set stays, and what it has not is not left behind. */
static void
test_language_of_another (void)
{
  GstElement *transcriber = make_transcriber ();
  g_autofree char *language = NULL;
  char *path = write_model_of ("en");

  g_object_set (transcriber, "model", path, "grammar", "/no/such.jsgf", NULL);
  g_assert_cmpint (
      gst_element_set_state (transcriber, GST_STATE_READY), ==, GST_STATE_CHANGE_FAILURE);
  g_object_get (transcriber, "language-code", &language, NULL);
  g_assert_cmpstr (language, ==, NULL);

  g_object_set (transcriber, "grammar", NULL, NULL);
  gst_element_set_state (transcriber, GST_STATE_READY);
  g_object_set (transcriber, "language-code", "en-GB", NULL);
  gst_element_set_state (transcriber, GST_STATE_NULL);
  g_object_get (transcriber, "language-code", &language, NULL);
  g_assert_cmpstr (language, ==, "en-GB");
  free_transcriber (transcriber);
  test_remove_file (path);
}

/* Returns: (transfer full) (nullable): the language that the stream of text is tagged with */
static char *
get_tagged_language (GstHarness *harness)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (harness->sinkpad, GST_EVENT_TAG, 0);
  GstTagList *tags;
  char *language = NULL;

  if (event) {
    gst_event_parse_tag (event, &tags);
    gst_tag_list_get_string (tags, GST_TAG_LANGUAGE_CODE, &language);
  }
  return language;
}

/* Plays silence until the text is tagged with a language, for some seconds at most. */
static void
await_language (GstHarness *harness, const char *expected)
{
  g_autofree char *language = NULL;

  for (guint i = 0; i < 5000 && g_strcmp0 (language, expected) != 0; i++) {
    GstBuffer *buffer = gst_buffer_new_wrapped (g_malloc0 (LETTER * 4), LETTER * 4);

    GST_BUFFER_PTS (buffer) = i * LETTER_NS;
    g_assert_cmpint (gst_harness_push (harness, buffer), ==, GST_FLOW_OK);
    g_usleep (1000); /* for the queue, and for what is being loaded */
    g_free (language);
    language = get_tagged_language (harness);
  }
  g_assert_cmpstr (language, ==, expected);
}

/* Returns: (transfer full): plays, with another model set in READY */
static GstHarness *
play_model_of_ready (GstElement *transcriber, const char *model)
{
  GstHarness *harness;

  gst_element_set_state (transcriber, GST_STATE_READY);
  g_object_set (transcriber, "model", model, NULL);
  harness = gst_harness_new_with_element (transcriber, "sink", "src");
  gst_harness_set_sink_caps_str (harness, "text/x-raw, format=utf8");
  gst_harness_set_src_caps_str (harness,
      "audio/x-raw, format=" GST_AUDIO_NE (F32) ", layout=interleaved, channels=1, rate=16000");
  return harness;
}

/* The text is tagged with the language of whichever model is heard with. */
static void
test_language_of_next (void)
{
  GstElement *transcriber = make_transcriber ();
  char *english = write_model_of ("en"), *german = write_model_of ("de-AT");
  GstHarness *harness;

  g_object_set (transcriber, "model", english, NULL);
  harness = play_model_of_ready (transcriber, german);
  await_language (harness, "de");
  g_object_set (transcriber, "model", english, NULL);
  await_language (harness, "en");
  gst_harness_teardown (harness);
  free_transcriber (transcriber);
  test_remove_file (english);
  test_remove_file (german);
}

/* A wish stays, and is told to be in vain where the next model is of another language. */
static void
test_wish_of_next (void)
{
  GstElement *transcriber = make_transcriber ();
  g_autoptr (GstBus) bus = gst_bus_new ();
  char *english = write_model_of ("en"), *german = write_model_of ("de-AT");
  GstHarness *harness;
  GstMessage *message;

  gst_element_set_bus (transcriber, bus);
  g_object_set (transcriber, "model", english, "language-code", "en-GB", NULL);
  harness = play_model_of_ready (transcriber, german);
  await_language (harness, "en");
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  gst_message_unref (message);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING));
  gst_element_set_bus (transcriber, NULL);
  gst_harness_teardown (harness);
  free_transcriber (transcriber);
  test_remove_file (english);
  test_remove_file (german);
}

static void
test_no_model (void)
{
  GstElement *transcriber = make_transcriber ();
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (transcriber, bus);
  g_object_set (transcriber, "model", "/no/such.safetensors", NULL);
  g_assert_cmpint (
      gst_element_set_state (transcriber, GST_STATE_READY), ==, GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
  gst_element_set_bus (transcriber, NULL);
  free_transcriber (transcriber);
}

static void
note_full (GstElement *queue, gpointer is_full)
{
  g_atomic_int_set ((int *) is_full, TRUE);
}

static GstPadProbeReturn
note_eos (GstPad *pad, GstPadProbeInfo *info, gpointer is_over)
{
  if (GST_EVENT_TYPE (info->data) == GST_EVENT_EOS)
    g_atomic_int_set ((int *) is_over, TRUE);
  return GST_PAD_PROBE_OK;
}

/* Text that is shown later waits in the queue, not in the audio's way. */
static void
test_live_lateness (void)
{
  g_autoptr (GstElement) source = NULL, transcriber = NULL, queue = NULL;
  g_autoptr (GstPad) pad = NULL;
  GstElement *pipeline;
  int is_full = FALSE, is_over = FALSE;

  if (!have ("audiotestsrc", "audioconvert", "audioresample", "fakesink", NULL))
    return;
  pipeline = parse_launch (
      "audiotestsrc name=source is-live=true freq=1500 samplesperbuffer=160 num-buffers=300 "
      "! audio/x-raw, rate=16000 ! hearkentranscriber name=transcriber model=\"%s\" "
      "latency=0 lateness=4000 ! fakesink sync=true",
      fixture_tones ());
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  transcriber = gst_bin_get_by_name (GST_BIN (pipeline), "transcriber");
  queue = gst_bin_get_by_name (GST_BIN (transcriber), "queue");
  g_signal_connect (queue, "overrun", G_CALLBACK (note_full), &is_full);
  pad = gst_element_get_static_pad (transcriber, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, note_eos, &is_over, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  /* A tone now and then. The source's own wave of ticks has samples that were never written. */
  for (guint i = 0; !g_atomic_int_get (&is_over); i++) {
    g_object_set (source, "volume", i % 100 < 10 ? 0.8 : 0.0, NULL);
    g_usleep (10000);
  }
  close_pipeline (pipeline);
  g_assert_false (is_full);
}

/* Backwards there is no text, but nobody waits for it. */
static void
test_backwards (void)
{
  GstElement *pipeline;

  if (!have ("audiotestsrc", "audioconvert", "audioresample", "tee", "queue", "fakesink", NULL))
    return;
  pipeline = parse_launch ("audiotestsrc wave=silence ! audio/x-raw, rate=16000 ! tee name=t "
                           "t. ! queue max-size-time=10000000000 max-size-bytes=0 "
                           "max-size-buffers=0 ! fakesink sync=true "
                           "t. ! queue ! hearkentranscriber model=\"%s\" ! fakesink sync=true",
      fixture_tones ());
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  g_assert_cmpint (
      gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND), ==, GST_STATE_CHANGE_SUCCESS);
  g_assert_true (gst_element_seek (pipeline, -1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
      GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 60 * GST_SECOND));
  g_assert_cmpint (
      gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND), ==, GST_STATE_CHANGE_SUCCESS);
  close_pipeline (pipeline);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/transcriber/file", test_file);
  g_test_add_func ("/transcriber/array", test_array);
  g_test_add_func ("/transcriber/shares", test_shares);
  g_test_add_func ("/transcriber/clean-up", test_clean_up);
  g_test_add_func ("/transcriber/lateness", test_lateness);
  g_test_add_func ("/transcriber/live", test_live);
  g_test_add_func ("/transcriber/conventions", test_conventions);
  g_test_add_func ("/transcriber/properties", test_properties);
  g_test_add_func ("/transcriber/forwarding", test_forwarding);
  g_test_add_func ("/transcriber/set-together", test_set_together);
  g_test_add_func ("/transcriber/language", test_language);
  g_test_add_func ("/transcriber/language-of-another", test_language_of_another);
  g_test_add_func ("/transcriber/language-of-next", test_language_of_next);
  g_test_add_func ("/transcriber/wish-of-next", test_wish_of_next);
  g_test_add_func ("/transcriber/no-model", test_no_model);
  g_test_add_func ("/transcriber/live-lateness", test_live_lateness);
  g_test_add_func ("/transcriber/backwards", test_backwards);
  return fixture_run ();
}
