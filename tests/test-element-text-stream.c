/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearkentext as an element: events, caps, tags, queries. */

#include <gst/audio/audio.h>
#include <string.h>

#include "element-fixture.h"
#include "gsthearken.h"
#include "text-fixture.h"

static GstEvent *
get_sticky (TextFixture *fixture, GstEventType type)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (fixture->element, "src");

  return gst_pad_get_sticky_event (pad, type, 0);
}

/* Events */

static void
test_stream_start (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);
  g_autoptr (GstEvent) event = NULL;
  GstEvent *start = gst_event_new_stream_start ("film/audio");
  GstStreamFlags flags;
  guint group_id;
  const char *id;

  gst_event_set_group_id (start, 77);
  gst_event_set_stream_flags (start, GST_STREAM_FLAG_SELECT);
  text_fixture_push_event (fixture, start);
  event = get_sticky (fixture, GST_EVENT_STREAM_START);
  gst_event_parse_stream_start (event, &id);
  gst_event_parse_stream_flags (event, &flags);
  g_assert_cmpstr (id, ==, "film/audio/text");
  g_assert_cmpint (flags, ==, GST_STREAM_FLAG_SELECT | GST_STREAM_FLAG_SPARSE);
  g_assert_true (gst_event_parse_group_id (event, &group_id));
  g_assert_cmpuint (group_id, ==, 77);
}

/* Caps come before the segment, both before text. */
static void
test_order (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "language-code", "en-US", NULL);

  text_fixture_push_event (fixture, gst_event_new_stream_start ("another"));
  text_fixture_segment (fixture, 0);
  text_fixture_say (fixture, "one", 1000);
  assert_told (fixture, "stream-start; segment; tag; 0-1000; 1000-1900 one");
}

static void
test_eos (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_word (fixture, 0, "one", 1000, 1400);
  text_fixture_partial (fixture, 1, "two", 1500, 1900);
  text_fixture_hear (fixture, 2500);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "0-1000; 1000-1900 one two; 1900-2500; eos");
}

/* Where the utterance has ended as it should, the last caption ends with the audio. */
static void
test_eos_after_utterance (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 1500);
  text_fixture_word (fixture, 0, "one", 1000, 1400);
  text_fixture_utterance (fixture, "one", 1000, 1400, "eos");
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "0-1000; 1000-1500 one; eos");
}

static void
test_flush (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_hear (fixture, 3000);
  text_fixture_token (fixture, 2900);
  text_fixture_partial (fixture, 0, "old", 2900, 3000);
  g_free (text_fixture_told (fixture));

  text_fixture_push_event (fixture, gst_event_new_flush_start ());
  text_fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  text_fixture_segment (fixture, 1000);
  text_fixture_word (fixture, 0, "new", 1200, 1400);
  text_fixture_hear (fixture, 5000);
  assert_told (fixture, "segment; 1000-1200; 1200-1400 new; 1400-4000");
}

static void
test_flush_rolling (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "partial-results", "true", NULL);

  text_fixture_hear (fixture, 1000);
  text_fixture_partial (fixture, 0, "old", 500, 1000);
  g_free (text_fixture_told (fixture));

  text_fixture_push_event (fixture, gst_event_new_flush_start ());
  text_fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  text_fixture_segment (fixture, 3000);
  text_fixture_hear (fixture, 3500);
  assert_told (fixture, "segment; 3000-3500");
}

/* Asserts which of the buffers that have left since the last call are DISCONT: @expected: "0" or "1" each */
static void
assert_discont (TextFixture *fixture, const char *expected)
{
  g_autoptr (GString) flags = g_string_new (NULL);

  for (guint i = 0; i < fixture->log->len; i++) {
    gpointer object = g_ptr_array_index (fixture->log, i);

    if (GST_IS_BUFFER (object))
      g_string_append_c (flags, GST_BUFFER_IS_DISCONT (object) ? '1' : '0');
  }
  g_assert_cmpstr (flags->str, ==, expected);
  g_ptr_array_set_size (fixture->log, 0);
}

static void
test_discont (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_say (fixture, "one two", 0);
  assert_discont (fixture, "10");
  text_fixture_segment (fixture, 7000);
  text_fixture_say (fixture, "three four", 7000);
  assert_discont (fixture, "10");
}

/* What is open leaves in the times that it was spoken in. */
static void
test_segment (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "old", 500, 800);
  fixture->utterance_id++; /* hearken ends it there */
  text_fixture_segment (fixture, 7000);
  text_fixture_word (fixture, 0, "new", 7500, 7800);
  text_fixture_push_event (fixture, gst_event_new_segment_done (GST_FORMAT_TIME, 8 * GST_SECOND));
  assert_told (
      fixture, "0-500; 500-800 old; 800-1000; segment; 7000-7500; 7500-7800 new; segment-done");
}

/* The same once more, later. */
static void
test_loop (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < 2; i++, segment.base += 900 * GST_MSECOND) {
    text_fixture_push_event (fixture, gst_event_new_segment (&segment));
    fixture->heard_ms = 0;
    text_fixture_hear (fixture, 900);
    text_fixture_word (fixture, 0, "one", 500, 800);
    text_fixture_utterance (fixture, "one", 500, 800, "segment");
  }
  assert_told (fixture, "segment; 0-500; 500-800 one; 800-900; segment; 0-500; 500-800 one");
}

/* As from the key frame before the place of a seek on. */
static void
test_before_segment (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_segment (fixture, 5000);
  fixture->heard_ms = 3000;
  text_fixture_hear (fixture, 8000);
  assert_told (fixture, "segment; 5000-7000");
}

/* A stream and a segment that say nothing new, as at a tag change in a radio stream, end nothing. */
static void
test_same_segment (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);
  GstSegment segment;

  text_fixture_push_event (fixture, gst_event_new_stream_start ("radio"));
  text_fixture_segment (fixture, 0);
  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "one", 500, 800);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.position = 900 * GST_MSECOND;
  text_fixture_push_event (fixture, gst_event_new_stream_start ("radio"));
  text_fixture_push_event (fixture, gst_event_new_segment (&segment));
  text_fixture_word (fixture, 1, "two", 900, 1000);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (
      fixture, "stream-start; segment; stream-start; segment; 0-500; 500-1000 one two; eos");
}

/* A second stream begins at 0 again, in a segment like the first. */
static void
test_next_stream (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "one", 500, 800);
  text_fixture_push_event (fixture, gst_event_new_stream_start ("second"));
  text_fixture_segment (fixture, 0);
  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "two", 500, 800);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "0-500; 500-800 one; 800-1000; stream-start; segment; 0-500; "
                        "500-800 two; 800-1000; eos");
}

static void
test_ready (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "old", 500, 800);
  gst_element_set_state (fixture->element, GST_STATE_READY);
  g_object_set (fixture->element, "newline", TRUE, NULL);
  g_free (text_fixture_told (fixture));

  gst_element_set_state (fixture->element, GST_STATE_PLAYING);
  text_fixture_push_event (fixture, gst_event_new_stream_start ("again"));
  text_fixture_segment (fixture, 0);
  text_fixture_word (fixture, 0, "new", 0, 800);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "stream-start; caps; segment; 0-800 new\n; eos");
}

/* Silence upstream goes on downstream, as far as it is known to be silence. */
static void
test_gaps (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_push_event (fixture, gst_event_new_gap (0, 3 * GST_SECOND));
  text_fixture_push_event (fixture, gst_event_new_gap (3 * GST_SECOND, GST_CLOCK_TIME_NONE));
  assert_told (fixture, "0-2000");
}

static void
test_no_timestamps (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("audio/x-raw, format=S16LE, layout=interleaved, channels=1, rate=8000");

  text_fixture_hear (fixture, 1000);
  text_fixture_push_event (fixture, gst_event_new_caps (caps));
  for (guint i = 0; i < 4; i++)
    gst_harness_push (fixture->harness, gst_buffer_new_allocate (NULL, 8000, NULL));
  assert_told (fixture, "0-2000");
}

static void
test_custom_events (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_push_event (fixture,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty ("another")));
  assert_told (fixture, "custom-downstream");
  text_fixture_token (fixture, 0);
  text_fixture_push_event (fixture, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
                                        gst_structure_new_empty (HEARKEN_TOKEN_NAME)));
  text_fixture_word (fixture, 0, "nowhere", G_MAXUINT64, 0);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "eos");
}

/* Backwards nothing is recognised: all is a gap. */
static void
test_backwards (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);
  g_autoptr (GstEvent) event = NULL;
  GstSegment segment;
  const GstSegment *own;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = 5 * GST_SECOND;
  text_fixture_push_event (fixture, gst_event_new_segment (&segment));
  text_fixture_hear (fixture, 5000);
  text_fixture_push_event (fixture, gst_event_new_gap (0, GST_CLOCK_TIME_NONE));
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "segment; 0-5000; eos");
  event = get_sticky (fixture, GST_EVENT_SEGMENT);
  gst_event_parse_segment (event, &own);
  g_assert_cmpuint (own->stop, ==, segment.stop); /* it is where it begins */
}

/* A sink that wants no more ends the audio, too. */
static void
test_flow (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "latency", "100", NULL);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 32000, NULL);

  text_fixture_word (fixture, 0, "one", 0, 400);
  gst_pad_set_active (fixture->harness->sinkpad, FALSE);
  GST_BUFFER_PTS (buffer) = 0;
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_FLUSHING);
}

/* Tags */

static void
push_tags (TextFixture *fixture, GstTagScope scope)
{
  GstTagList *tags = gst_tag_list_new (
      GST_TAG_TITLE, "A talk", GST_TAG_AUDIO_CODEC, "Opus", GST_TAG_LANGUAGE_CODE, "de", NULL);

  gst_tag_list_set_scope (tags, scope);
  text_fixture_push_event (fixture, gst_event_new_tag (tags));
}

/* Returns: the value of a tag that was sent, or "" */
static char *
get_tag (TextFixture *fixture, const char *tag)
{
  char *value = NULL;

  for (guint i = 0; i < fixture->log->len; i++) {
    gpointer object = g_ptr_array_index (fixture->log, i);

    if (GST_IS_EVENT (object) && GST_EVENT_TYPE (object) == GST_EVENT_TAG) {
      GstTagList *tags;

      gst_event_parse_tag (object, &tags);
      g_clear_pointer (&value, g_free);
      gst_tag_list_get_string (tags, tag, &value);
    }
  }
  return value ? value : g_strdup ("");
}

#define assert_tag(fixture, tag, expected)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *tag_ = get_tag (fixture, tag);                                                \
    g_assert_cmpstr (tag_, ==, expected);                                                          \
  }                                                                                                \
  G_STMT_END

static void
test_tags (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  push_tags (fixture, GST_TAG_SCOPE_STREAM);
  assert_tag (fixture, GST_TAG_AUDIO_CODEC, "");
  assert_tag (fixture, GST_TAG_TITLE, "");
  assert_tag (fixture, GST_TAG_LANGUAGE_CODE, "de");
  push_tags (fixture, GST_TAG_SCOPE_GLOBAL);
  assert_tag (fixture, GST_TAG_TITLE, "A talk");
}

static void
check_language (const char *code)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "language-code", code, NULL);

  text_fixture_push_event (fixture, gst_event_new_stream_start ("another"));
  push_tags (fixture, GST_TAG_SCOPE_STREAM);
  assert_tag (fixture, GST_TAG_LANGUAGE_CODE, "");
  text_fixture_segment (fixture, 0);
  text_fixture_hear (fixture, 2000);
  assert_tag (fixture, GST_TAG_LANGUAGE_CODE, "en");
}

static void
test_language (void)
{
  check_language ("en-US");
  check_language ("en_US");
}

/* As where the next model tells none. */
static void
test_language_of_none (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "language-code", "en", NULL);

  g_object_set (fixture->element, "language-code", NULL, NULL);
  text_fixture_push_event (fixture, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
                                        gst_structure_new_empty (GST_HEARKEN_MODEL_CHANGED)));
  text_fixture_hear (fixture, 2000);
  assert_told (fixture, "custom-downstream; 0-1000");
}

/* Caps */

static char *
get_output_caps (TextFixture *fixture)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (fixture->harness->sinkpad);

  return caps ? gst_caps_to_string (caps) : g_strdup ("none");
}

#define assert_caps(fixture, expected)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *caps_ = get_output_caps (fixture);                                            \
    g_assert_cmpstr (caps_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_caps (void)
{
  const char *any = "application/x-json; text/x-raw, format={ pango-markup, utf8 }";
  g_autoptr (TextFixture) plain = text_fixture_new (any, NULL);
  g_autoptr (TextFixture) marked = text_fixture_new (any, "mark-confidence", "0.5", NULL);
  g_autoptr (TextFixture) json = text_fixture_new ("application/x-json", NULL);
  g_autoptr (TextFixture) utf8 = text_fixture_new (TEXT_CAPS, "mark-confidence", "0.5", NULL);

  assert_caps (plain, "text/x-raw, format=(string)utf8");
  assert_caps (marked, "text/x-raw, format=(string)pango-markup");
  assert_caps (json, "application/x-json");
  assert_caps (utf8, "text/x-raw, format=(string)utf8");
}

static void
test_wrong_caps (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new ("text/x-raw, format=utf16", NULL);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 64000, NULL);

  GST_BUFFER_PTS (buffer) = 0;
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_NOT_NEGOTIATED);
  assert_told (fixture, "");
}

/* A flush can come before downstream has been asked: its answer is then none. */
static void
test_caps_while_flushing (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new ("text/x-raw, format=utf16", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (fixture->element, "src");
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 64000, NULL);

  gst_harness_set_sink_caps_str (fixture->harness, TEXT_CAPS);
  gst_pad_set_active (pad, FALSE);
  GST_BUFFER_PTS (buffer) = 0;
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_FLUSHING);
}

/* Downstream changes its mind. */
static void
test_reconfigure (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_word (fixture, 0, "<", 0, 400);
  gst_harness_set_sink_caps_str (fixture->harness, "text/x-raw, format=pango-markup");
  gst_harness_push_upstream_event (fixture->harness, gst_event_new_reconfigure ());
  text_fixture_word (fixture, 1, "<", 500, 900);
  assert_told (fixture, "0-400 <; caps; 400-500; 500-900 &lt;");
}

/* Queries */

static void
check_latency (const char *rolling, const char *latency, guint64 expected_ms)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (
      TEXT_CAPS, "partial-results", rolling, "latency", latency, "lateness", "700", NULL);
  g_autoptr (GstQuery) query = gst_query_new_latency ();
  GstClockTime min, max;
  gboolean is_live;

  gst_harness_set_upstream_latency (fixture->harness, 20 * GST_MSECOND);
  g_assert_true (gst_pad_peer_query (fixture->harness->sinkpad, query));
  gst_query_parse_latency (query, &is_live, &min, &max);
  g_assert_true (is_live);
  g_assert_cmpuint (min, ==, (20 + expected_ms) * GST_MSECOND);
}

static void
test_latency (void)
{
  check_latency ("false", "8000", 8000);
  check_latency ("false", "100", 100);
  check_latency ("true", "8000", 500);
  check_latency ("true", "100", 100);
}

/* Seeks go up, complaints about lateness do not. */
static void
test_upstream_events (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);
  g_autoptr (GstEvent) event = NULL;

  g_assert_true (gst_harness_push_upstream_event (
      fixture->harness, gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 1, GST_SECOND, 0)));
  gst_harness_push_upstream_event (
      fixture->harness, gst_event_new_seek (1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                            GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1));
  do {
    g_clear_pointer (&event, gst_event_unref);
    event = gst_harness_pull_upstream_event (fixture->harness);
    g_assert_cmpint (GST_EVENT_TYPE (event), !=, GST_EVENT_QOS);
  } while (GST_EVENT_TYPE (event) != GST_EVENT_SEEK);
}

/* With hearken itself */

/* What "hearken ! hearkentext" makes of speech in buffers of @n_samples. */
static char *
transcribe (guint n_samples)
{
  g_autofree char *line =
      g_strdup_printf ("hearken model=\"%s\" ! hearkentext granularity=word", fixture_tones ());
  GstHarness *harness = gst_harness_new_parse (line);
  GString *told = g_string_new (NULL);
  gsize n_all;
  g_autofree float *samples = speech_new (SPEECH "a.b ..........", &n_all);
  GstBuffer *buffer;

  gst_harness_set_src_caps_str (harness,
      "audio/x-raw, format=" GST_AUDIO_NE (F32) ", layout=interleaved, channels=1, rate=16000");
  for (gsize i = 0; i < n_all; i += n_samples) {
    gsize n = MIN (n_samples, n_all - i);

    buffer = gst_buffer_new_memdup (samples + i, n * sizeof (float));
    GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (i, GST_SECOND, RATE);
    g_assert_cmpint (gst_harness_push (harness, buffer), ==, GST_FLOW_OK);
  }
  gst_harness_push_event (harness, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (harness)) != NULL) {
    char text[100] = "";

    gst_buffer_extract (buffer, 0, text, sizeof text - 1);
    g_string_append_printf (told, "%" GST_TIME_FORMAT "+%" GST_TIME_FORMAT " %s; ",
        GST_TIME_ARGS (GST_BUFFER_PTS (buffer)), GST_TIME_ARGS (GST_BUFFER_DURATION (buffer)),
        text);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
  return g_string_free (told, FALSE);
}

/* Text and times are the same however the audio is cut. */
static void
test_slicing (void)
{
  g_autofree char *whole = transcribe (RATE * 10);

  g_assert_nonnull (strstr (whole, " ab; "));
  for (guint n_samples = 37; n_samples < RATE; n_samples = n_samples * 3 + 1) {
    g_autofree char *sliced = transcribe (n_samples);

    g_assert_cmpstr (sliced, ==, whole);
  }
}

/* Also where it says so when a word is told, which is an event and has no result of its own. The audio is told
 * once, and not of what was before a flush. */
static void
test_flow_of_words (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 640, NULL);

  gst_pad_set_active (fixture->harness->sinkpad, FALSE);
  text_fixture_word (fixture, 0, "one", 0, 400);
  GST_BUFFER_PTS (buffer) = 0;
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_FLUSHING);

  text_fixture_word (fixture, 1, "two", 500, 900);
  gst_pad_set_active (fixture->harness->sinkpad, TRUE);
  text_fixture_push_event (fixture, gst_event_new_flush_start ());
  text_fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  text_fixture_segment (fixture, 0);
  text_fixture_hear (fixture, 20);

  gst_pad_set_active (fixture->harness->sinkpad, FALSE);
  text_fixture_word (fixture, 0, "one", 0, 400);
  buffer = gst_buffer_new_allocate (NULL, 640, NULL);
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_FLUSHING);
  gst_pad_set_active (fixture->harness->sinkpad, TRUE);
  text_fixture_hear (fixture, 40);
}

/* hearken goes on in a segment that continues: words that have left are not told again when their
 * utterance ends. */
static void
test_segment_within_utterance (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);
  GstSegment segment;

  text_fixture_hear (fixture, 2000);
  text_fixture_word (fixture, 0, "one", 500, 800);
  text_fixture_word (fixture, 1, "two", 900, 1200);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = segment.base = 2 * GST_SECOND;
  text_fixture_push_event (fixture, gst_event_new_segment (&segment));
  text_fixture_hear (fixture, 2400);
  text_fixture_utterance (fixture, "one two", 500, 1200, "silence");
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "0-1000; 1000-1200 one two; 1200-2000; segment; 2000-2400; eos");
}

/* Text can be shown after the last of the audio: where that is wanted, or if it rolls. */
static void
check_stop (const char *property, const char *value, const char *expected)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, property, value, NULL);
  g_autoptr (GstEvent) event = NULL;
  GstSegment segment;
  const GstSegment *own;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.stop = 2 * GST_SECOND;
  text_fixture_push_event (fixture, gst_event_new_segment (&segment));
  text_fixture_hear (fixture, 2000);
  text_fixture_word (fixture, 0, "one", 1000, 1500);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, expected);
  event = get_sticky (fixture, GST_EVENT_SEGMENT);
  gst_event_parse_segment (event, &own);
  g_assert_true (
      gst_segment_clip (own, GST_FORMAT_TIME, 2 * GST_SECOND, 4 * GST_SECOND, NULL, NULL));
}

static void
test_stop (void)
{
  check_stop ("lateness", "2000", "segment; 2000-3000; 3000-3500 one; 3500-4000; eos");
  check_stop ("partial-results", "true", "segment; 0-2000; 2000-3000 one; eos");
}

/* Where a clock is set back, text is where the audio is, not where it was. */
static void
test_back (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 20000);
  text_fixture_word (fixture, 0, "one", 19100, 19500);
  text_fixture_utterance (fixture, "one", 19100, 19500, "gap");
  assert_told (fixture, "0-19100; 19100-19500 one");

  fixture->heard_ms = 3000;
  text_fixture_hear (fixture, 3020);
  assert_told (fixture, "19500-20000");
  text_fixture_hear (fixture, 5000);
  text_fixture_word (fixture, 0, "two", 4100, 4500);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "3000-4100; 4100-4500 two; 4500-5000; eos");
}

/* Timestamps that go back by less than a second begin nothing anew, and take back no time. */
static void
test_a_little_back (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 1000);
  fixture->heard_ms = 500;
  text_fixture_hear (fixture, 520);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "0-1000; eos");
}

/* Where downstream takes no text at first, the segment waits for the caps. */
static void
test_caps_later (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new ("text/x-raw, format=utf16", NULL);

  text_fixture_segment (fixture, 0);
  gst_harness_set_sink_caps_str (fixture->harness, TEXT_CAPS);
  gst_harness_push_upstream_event (fixture->harness, gst_event_new_reconfigure ());
  text_fixture_hear (fixture, 3000);
  assert_told (fixture, "caps; segment; 0-2000");
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/text/stream/stream-start", test_stream_start);
  g_test_add_func ("/text/stream/order", test_order);
  g_test_add_func ("/text/stream/eos", test_eos);
  g_test_add_func ("/text/stream/eos-after-utterance", test_eos_after_utterance);
  g_test_add_func ("/text/stream/flush", test_flush);
  g_test_add_func ("/text/stream/flush-rolling", test_flush_rolling);
  g_test_add_func ("/text/stream/segment", test_segment);
  g_test_add_func ("/text/stream/discont", test_discont);
  g_test_add_func ("/text/stream/loop", test_loop);
  g_test_add_func ("/text/stream/before-segment", test_before_segment);
  g_test_add_func ("/text/stream/same-segment", test_same_segment);
  g_test_add_func ("/text/stream/next-stream", test_next_stream);
  g_test_add_func ("/text/stream/ready", test_ready);
  g_test_add_func ("/text/stream/gaps", test_gaps);
  g_test_add_func ("/text/stream/no-timestamps", test_no_timestamps);
  g_test_add_func ("/text/stream/custom-events", test_custom_events);
  g_test_add_func ("/text/stream/backwards", test_backwards);
  g_test_add_func ("/text/stream/flow", test_flow);
  g_test_add_func ("/text/stream/slicing", test_slicing);
  g_test_add_func ("/text/tags/scope", test_tags);
  g_test_add_func ("/text/tags/language", test_language);
  g_test_add_func ("/text/tags/language-of-none", test_language_of_none);
  g_test_add_func ("/text/caps/preferred", test_caps);
  g_test_add_func ("/text/caps/wrong", test_wrong_caps);
  g_test_add_func ("/text/caps/while-flushing", test_caps_while_flushing);
  g_test_add_func ("/text/caps/reconfigure", test_reconfigure);
  g_test_add_func ("/text/query/latency", test_latency);
  g_test_add_func ("/text/query/upstream-events", test_upstream_events);
  g_test_add_func ("/text/stream/flow-of-words", test_flow_of_words);
  g_test_add_func ("/text/stream/segment-within-utterance", test_segment_within_utterance);
  g_test_add_func ("/text/stream/stop", test_stop);
  g_test_add_func ("/text/stream/back", test_back);
  g_test_add_func ("/text/stream/a-little-back", test_a_little_back);
  g_test_add_func ("/text/caps/later", test_caps_later);
  return fixture_run ();
}
