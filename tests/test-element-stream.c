/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What comes out when: buffers of any size, order, end, flush, settings. */

#include <math.h>

#include "element-fixture.h"

static void
push_sliced (Fixture *fixture, const float *samples, gsize n_samples, gsize slice)
{
  for (gsize i = 0; i < n_samples; i += slice)
    fixture_push_samples (fixture, samples + i, MIN (slice, n_samples - i),
        gst_util_uint64_scale (i, GST_SECOND, RATE));
}

/* Bursts of noise and silences, 10 s. */
static float *
noise_new (gsize *n_samples)
{
  float *samples = g_new (float, 10 * RATE);

  test_random_floats (7, 0.3f, samples, 10 * RATE);
  for (gsize i = 0; i < 10 * RATE; i++)
    samples[i] *= (i / 700) % 7 * 0.15f * (i / RATE % 4 != 3);
  *n_samples = 10 * RATE;
  return samples;
}

/* Buffers from one sample to 10 s give the same events to the last bit. The first two seconds in
 * single samples are enough. */
static void
check_slicing (const char *model, const float *samples, gsize n_samples)
{
  static const gsize slices[] = { 1, 479, 1600, 16001, 160000 };
  g_auto (GStrv) expected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (slices); i++) {
    g_autoptr (Fixture) fixture = fixture_new (model, "F32");
    g_auto (GStrv) actual = NULL;

    if (slices[i] == 1) {
      push_sliced (fixture, samples, 2 * RATE, 1);
      fixture_push_samples (fixture, samples + 2 * RATE, n_samples - 2 * RATE, 2 * GST_SECOND);
    } else {
      push_sliced (fixture, samples, n_samples, slices[i]);
    }
    fixture_push_event (fixture, gst_event_new_eos ());
    actual = fixture_structure_strings (fixture);
    g_assert_cmpuint (g_strv_length (actual), >, 5);
    if (expected)
      g_assert_cmpstrv (actual, expected);
    else
      expected = g_steal_pointer (&actual);
  }
}

static void
test_slicing_tones (void)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH SPEECH SPEECH SPEECH SPEECH "abcab", &n_samples);

  g_assert_cmpuint (n_samples, ==, 10 * RATE);
  check_slicing (fixture_tones (), samples, n_samples);
}

static void
test_slicing_lstm (void)
{
  gsize n_samples;
  g_autofree float *samples = noise_new (&n_samples);

  check_slicing (fixture_classic (), samples, n_samples);
}

/* Samples in the buffers that left before each event. */
static GArray *
get_samples_before_events (Fixture *fixture)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize position = 0;

  for (guint i = 0; i < fixture->log->len; i++) {
    gpointer object = g_ptr_array_index (fixture->log, i);

    if (GST_IS_BUFFER (object))
      position += gst_buffer_get_size (object) / sizeof (float);
    else if (GST_EVENT_TYPE (object) == GST_EVENT_CUSTOM_DOWNSTREAM)
      g_array_append_val (positions, position);
  }
  return positions;
}

/* An event comes right before the buffer that has the sample which completed it. */
static void
test_order (void)
{
  static const gsize slice = 1000;
  g_autoptr (Fixture) fine = fixture_new (NULL, "F32");
  g_autoptr (Fixture) coarse = fixture_new (NULL, "F32");
  g_autoptr (GArray) completed_by = NULL, before = NULL;
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);

  push_sliced (fine, samples, n_samples, 1);
  push_sliced (coarse, samples, n_samples, slice);
  completed_by = get_samples_before_events (fine);
  before = get_samples_before_events (coarse);

  g_assert_cmpuint (completed_by->len, ==, 9); /* with the start and the end of speech */
  g_assert_cmpuint (before->len, ==, completed_by->len);
  for (guint i = 0; i < before->len; i++)
    g_assert_cmpuint (g_array_index (before, gsize, i), ==,
        g_array_index (completed_by, gsize, i) / slice * slice);
  g_assert_cmpuint (g_array_index (completed_by, gsize, 0), >=, 3 * LETTER);
  g_assert_cmpuint (g_array_index (completed_by, gsize, 0), <, 4 * LETTER);
}

static GstEventType
get_last_event_type (Fixture *fixture)
{
  return GST_EVENT_TYPE (g_ptr_array_index (fixture->log, fixture->log->len - 1));
}

/* The last words, whose sound has not ended yet, come before the EOS; then a flush begins anew. */
static void
test_eos (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a.b", 0);
  assert_heard (fixture, "token", "a");
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "token", "a b");
  assert_heard (fixture, "word", "ab");
  assert_heard (fixture, "utterance", "ab:eos");
  g_assert_cmpint (get_last_event_type (fixture), ==, GST_EVENT_EOS);

  fixture_flush (fixture);
  fixture_clear_log (fixture);
  fixture_push (fixture, "..c..........", 0);
  assert_heard (fixture, "utterance", "c:silence");
  g_assert_cmpuint (fixture_find (fixture, "utterance", "c").utterance_id, ==, 1);
}

/* READY is a new beginning too, of the counters as well. */
static void
test_ready (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a", 0);
  fixture_restart (fixture);
  assert_heard (fixture, "token", "");
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 0);

  fixture_push (fixture, "..c..........", 0);
  assert_heard (fixture, "utterance", "c:silence");
  g_assert_cmpuint (fixture_find (fixture, "utterance", "c").utterance_id, ==, 0);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 13 * LETTER);
  g_assert_cmpuint (fixture_stat (fixture, "utterances"), ==, 1);
  g_assert_cmpuint (fixture_stat (fixture, "tokens"), ==, 1);
}

/* What was told once is told again. */
static void
test_ready_complaints (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstCaps) wrong = gst_caps_from_string ("audio/x-raw, rate=8000");
  const float bad[] = { 1e30f };

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GstMessage) warning = NULL, cut = NULL, error = NULL;
    GstBuffer *odd = gst_buffer_new_allocate (NULL, 3, NULL);

    if (i > 0)
      fixture_restart (fixture);
    fixture_push_samples (fixture, bad, 1, 0);
    warning = fixture_pop (fixture, GST_MESSAGE_WARNING);
    g_assert_nonnull (warning);
    g_assert_cmpint (gst_harness_push (fixture->harness, odd), ==, GST_FLOW_OK);
    cut = fixture_pop (fixture, GST_MESSAGE_WARNING);
    g_assert_nonnull (cut);
    gst_pad_push_event (fixture->harness->srcpad, gst_event_new_caps (wrong));
    error = fixture_pop (fixture, GST_MESSAGE_ERROR);
    g_assert_nonnull (error);
  }
}

/* The format is known no longer: from another source, audio without caps is refused. */
static void
test_ready_without_caps (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (fixture->element, "sink");
  g_autoptr (GstPad) source = gst_object_ref_sink (gst_pad_new ("source", GST_PAD_SRC));
  GstSegment segment;

  gst_element_set_state (fixture->element, GST_STATE_READY);
  gst_pad_unlink (fixture->harness->srcpad, sink);
  gst_pad_set_active (source, TRUE);
  g_assert_cmpint (gst_pad_link (source, sink), ==, GST_PAD_LINK_OK);
  gst_element_set_state (fixture->element, GST_STATE_PLAYING);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (source, gst_event_new_stream_start ("raw"));
  gst_pad_push_event (source, gst_event_new_segment (&segment));
  g_assert_cmpint (gst_pad_push (source, gst_buffer_new_allocate (NULL, 400, NULL)), ==,
      GST_FLOW_NOT_NEGOTIATED);
  gst_pad_unlink (source, sink);
  gst_pad_link (fixture->harness->srcpad, sink);
}

/* Nothing comes out after a flush of what went in before. */
static void
test_flush (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (Fixture) fresh = fixture_new (NULL, "F32");
  HearkenToken b;

  fixture_push (fixture, "..a.c", GST_SECOND);
  fixture_clear_log (fixture);
  fixture_flush (fixture);
  fixture_push (fixture, "b..........", 0);
  assert_heard (fixture, "token", "b");
  assert_heard (fixture, "utterance", "b:silence");
  b = fixture_find (fixture, "token", "b");
  g_assert_cmpuint (b.timestamp, <, 30 * GST_MSECOND);

  fixture_push (fresh, "b..........", 0);
  g_assert_cmpfloat (b.confidence, ==, fixture_find (fresh, "token", "b").confidence);
}

/* A flush without a new segment: audio cannot be placed in time. */
static void
test_flush_without_segment (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  float samples[10] = { 0 };

  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  fixture_push_event (fixture, gst_event_new_gap (0, GST_SECOND));
  fixture_push_event (fixture, gst_event_new_eos ());
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 0);
  fixture_push_event (fixture, gst_event_new_stream_start ("again"));
  g_test_expect_message ("GStreamer", G_LOG_LEVEL_WARNING, "*Got data flow before segment event*");
  g_test_expect_message ("GStreamer", G_LOG_LEVEL_WARNING, "*Got data flow before segment event*");
  g_assert_cmpint (gst_harness_push (fixture->harness, fixture_buffer (fixture, samples, 10, 0)),
      ==, GST_FLOW_ERROR);
  g_test_assert_expected_messages ();
}

/* The same stream announced again goes on, another one does not. */
static void
test_stream_start (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_event (fixture, gst_event_new_stream_start ("one"));
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 0);
  fixture_push (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_stream_start ("one"));
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 0);
  fixture_push (fixture, "b.", 4 * LETTER_NS);
  assert_heard (fixture, "utterance", "");

  fixture_push_event (fixture, gst_event_new_stream_start ("two"));
  assert_heard (fixture, "utterance", "ab:segment");
  g_assert_cmpint (get_last_event_type (fixture), ==, GST_EVENT_STREAM_START);
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 0);
  fixture_push (fixture, "c.", 6 * LETTER_NS);
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "ab:segment c:eos");
}

/* The end of a segment that was seeked to, with no EOS. */
static void
test_segment_done (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a.b", 0);
  fixture_push_event (fixture, gst_event_new_segment_done (GST_FORMAT_TIME, 5 * LETTER_NS));
  assert_heard (fixture, "utterance", "ab:segment");
  g_assert_cmpint (get_last_event_type (fixture), ==, GST_EVENT_SEGMENT_DONE);
}

/* The bus has the same structures in the same order. */
static void
test_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GPtrArray) structures = NULL;
  GstMessage *message;

  gst_util_set_object_arg (G_OBJECT (fixture->element), "levels", "token+word+utterance");
  fixture_push (fixture, SPEECH, 0);
  structures = fixture_structures (fixture);
  g_assert_cmpuint (structures->len, ==, 7);
  for (guint i = 0; i < structures->len; i++) {
    message = fixture_pop (fixture, GST_MESSAGE_ELEMENT);
    g_assert_nonnull (message);
    g_assert_true (GST_MESSAGE_SRC (message) == GST_OBJECT (fixture->element));
    g_assert_true (gst_structure_is_equal (
        gst_message_get_structure (message), g_ptr_array_index (structures, i)));
    gst_message_unref (message);
  }
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_ELEMENT));

  g_object_set (fixture->element, "post-messages", FALSE, NULL);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_ELEMENT));
  assert_heard (fixture, "utterance", "ab c:silence ab c:silence");
}

/* Every field, and no other, with its type. */
static void
test_fields (void)
{
  static const struct {
    const char *name;
    GType type;
    gboolean everywhere;
  } fields[] = {
    { "level", G_TYPE_STRING, TRUE },
    { "text", G_TYPE_STRING, TRUE },
    { "utterance-id", G_TYPE_UINT64, TRUE },
    { "index", G_TYPE_UINT, TRUE },
    { "final", G_TYPE_BOOLEAN, TRUE },
    { "revision", G_TYPE_UINT, TRUE },
    { "confidence", G_TYPE_DOUBLE, TRUE },
    { "timestamp", G_TYPE_UINT64, TRUE },
    { "stream-time", G_TYPE_UINT64, TRUE },
    { "running-time", G_TYPE_UINT64, TRUE },
    { "duration", G_TYPE_UINT64, TRUE },
    { "token-id", G_TYPE_UINT, FALSE },
    { "end-reason", G_TYPE_STRING, FALSE },
    { "rejected", G_TYPE_BOOLEAN, FALSE },
    { "words", G_TYPE_UINT, FALSE },
  };
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GPtrArray) structures = NULL;

  fixture_push (fixture, SPEECH, 0);
  structures = fixture_structures (fixture);
  for (guint i = 0; i < structures->len; i++) {
    const GstStructure *structure = g_ptr_array_index (structures, i);
    const char *level = gst_structure_get_string (structure, "level");
    const guint n_more = g_str_equal (level, "token") + 3 * g_str_equal (level, "utterance");
    HearkenToken token;

    g_assert_cmpint (gst_structure_n_fields (structure), ==, 11 + n_more);
    for (guint j = 0; j < G_N_ELEMENTS (fields); j++)
      if (fields[j].everywhere || gst_structure_has_field (structure, fields[j].name))
        g_assert_true (gst_structure_has_field_typed (structure, fields[j].name, fields[j].type));
    g_assert_cmpint (
        gst_structure_has_field (structure, "token-id"), ==, g_str_equal (level, "token"));
    g_assert_true (hearken_token_parse (structure, &token));
    g_assert_true (token.confidence > 0.5 && token.confidence <= 1.0);
    g_assert_true (token.is_final);
  }
  g_assert_cmpuint (fixture_find (fixture, "token", "b").token_id, ==, 3);
  g_assert_cmpuint (fixture_find (fixture, "token", "b").index, ==, 1);
  g_assert_cmpuint (fixture_find (fixture, "word", "c").index, ==, 1);
  g_assert_cmpuint (fixture_find (fixture, "word", "c").token_id, ==, G_MAXUINT);
  g_assert_cmpuint (fixture_find (fixture, "utterance", "ab c").n_words, ==, 2);
}

/* What is not a complete recognized-token is not taken for one. */
static void
test_parse_others (void)
{
  g_autoptr (GstStructure) other = gst_structure_new_empty ("something-else");
  g_autoptr (GstStructure) incomplete = gst_structure_new (
      HEARKEN_TOKEN_NAME, "level", G_TYPE_STRING, "word", "text", G_TYPE_STRING, "a", NULL);
  HearkenActivity activity;
  HearkenToken token;

  g_assert_false (hearken_token_parse (NULL, &token));
  g_assert_false (hearken_token_parse (other, &token));
  g_assert_false (hearken_token_parse (incomplete, &token));
  g_assert_false (hearken_activity_parse (other, &activity));

  /* Numbers that are none, times that cannot be added, lists of something else. */
  for (guint i = 0; i < 6; i++) {
    g_autoptr (GstStructure) odd =
        gst_structure_from_string ("recognized-token, level=word, text=a, utterance-id=(guint64)0, "
                                   "index=(uint)0, final=true, revision=(uint)0, confidence=1.0, "
                                   "timestamp=(guint64)1, stream-time=(guint64)1, "
                                   "running-time=(guint64)1, duration=(guint64)2",
            NULL);

    if (i == 1)
      gst_structure_set (odd, "confidence", G_TYPE_DOUBLE, (double) NAN, NULL);
    else if (i == 2)
      gst_structure_set (odd, "stream-time", G_TYPE_UINT64, G_MAXINT64 - 1, NULL);
    else if (i == 3)
      gst_structure_set (odd, "duration", G_TYPE_UINT64, G_MAXUINT64, NULL);
    else if (i == 4)
      gst_structure_set (odd, "alternatives", G_TYPE_STRING, "a", NULL);
    else if (i == 5) {
      g_autoptr (GstStructure) textless = gst_structure_from_string (
          "odd, alternatives=(structure)<[alternative, confidence=1.0]>", NULL);

      gst_structure_set_value (
          odd, "alternatives", gst_structure_get_value (textless, "alternatives"));
    }
    g_assert_cmpint (hearken_token_parse (odd, &token), ==, i == 0 || i > 3);
    if (i > 3)
      g_assert_cmpuint (token.n_alternatives, ==, 0);
  }
}

/* A speech-activity is one by its name and times, too. */
static void
test_parse_activities (void)
{
  g_autoptr (GstStructure) structure =
      gst_structure_from_string ("another, state=start, utterance-id=(guint64)0, "
                                 "timestamp=(guint64)1, stream-time=(guint64)1, "
                                 "running-time=(guint64)1",
          NULL);
  HearkenActivity activity;

  g_assert_false (hearken_activity_parse (structure, &activity));
  gst_structure_set_name (structure, HEARKEN_ACTIVITY_NAME);
  g_assert_true (hearken_activity_parse (structure, &activity));
  gst_structure_set (structure, "timestamp", G_TYPE_UINT64, GST_CLOCK_TIME_NONE, NULL);
  g_assert_false (hearken_activity_parse (structure, &activity));
}

/* What a hearken in front has heard is not mixed with what is heard here. */
static void
test_events_of_another (void)
{
  static const char *const names[] = { HEARKEN_TOKEN_NAME, HEARKEN_ACTIVITY_NAME, "model-changed",
    "saved-state" };
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_clear_log (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fixture_push_event (fixture,
        gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty (names[i])));
  g_assert_cmpuint (fixture->log->len, ==, 0);
  fixture_push_event (fixture,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty ("another")));
  g_assert_cmpuint (fixture->log->len, ==, 1);
}

static void
test_levels (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  gst_util_set_object_arg (G_OBJECT (fixture->element), "levels", "word");
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "token", "");
  assert_heard (fixture, "word", "ab c");
  assert_heard (fixture, "utterance", "");

  gst_util_set_object_arg (G_OBJECT (fixture->element), "levels", "token+utterance");
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "token", "a b   c");
  assert_heard (fixture, "word", "");
  assert_heard (fixture, "utterance", "ab c:silence");

  gst_util_set_object_arg (G_OBJECT (fixture->element), "levels", "0");
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "");
  g_assert_cmpuint (fixture_stat (fixture, "utterances"), ==, 3);
}

/* Settings hold from the next buffer on. */
static void
test_endpoints (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "endpoint-silence", 0, NULL);
  fixture_push (fixture, "..a..........................", 0);
  assert_heard (fixture, "utterance", "");
  g_object_set (fixture->element, "endpoint-silence", 300, NULL);
  fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "a:silence");

  g_object_set (fixture->element, "max-utterance", 500, NULL);
  fixture_clear_log (fixture);
  fixture_push (fixture, "abababab.....", GST_CLOCK_TIME_NONE);
  g_assert_cmpstr (fixture_find (fixture, "utterance", "abab").end_reason, ==, "max-length");
}

/* What the network remembers of an utterance colours the next one only if it may. */
static void
test_state_policy (void)
{
  g_autoptr (Fixture) persist = fixture_new (fixture_classic (), "F32");
  g_autoptr (Fixture) reset = fixture_new (fixture_classic (), "F32");
  gsize n_samples;
  g_autofree float *samples = noise_new (&n_samples);
  g_auto (GStrv) persisted = NULL, after_reset = NULL;

  g_object_set (persist->element, "max-utterance", 500, NULL);
  g_object_set (reset->element, "max-utterance", 500, NULL);
  gst_util_set_object_arg (G_OBJECT (reset->element), "state-policy", "reset-on-endpoint");
  fixture_push_samples (persist, samples, n_samples, 0);
  fixture_push_samples (reset, samples, n_samples, 0);
  persisted = fixture_structure_strings (persist);
  after_reset = fixture_structure_strings (reset);
  g_assert_cmpstr (persisted[0], ==, after_reset[0]);
  g_assert_false (
      g_strv_equal ((const char *const *) persisted, (const char *const *) after_reset));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/slicing/tones", test_slicing_tones);
  g_test_add_func ("/element/slicing/lstm", test_slicing_lstm);
  g_test_add_func ("/element/events/order", test_order);
  g_test_add_func ("/element/events/messages", test_messages);
  g_test_add_func ("/element/events/fields", test_fields);
  g_test_add_func ("/element/events/parse-others", test_parse_others);
  g_test_add_func ("/element/events/parse-activities", test_parse_activities);
  g_test_add_func ("/element/events/of-another", test_events_of_another);
  g_test_add_func ("/element/events/levels", test_levels);
  g_test_add_func ("/element/stream/eos", test_eos);
  g_test_add_func ("/element/stream/ready", test_ready);
  g_test_add_func ("/element/stream/ready-complaints", test_ready_complaints);
  g_test_add_func ("/element/stream/ready-without-caps", test_ready_without_caps);
  g_test_add_func ("/element/stream/flush", test_flush);
  g_test_add_func ("/element/stream/flush-without-segment", test_flush_without_segment);
  g_test_add_func ("/element/stream/start", test_stream_start);
  g_test_add_func ("/element/stream/segment-done", test_segment_done);
  g_test_add_func ("/element/settings/endpoints", test_endpoints);
  g_test_add_func ("/element/settings/state-policy", test_state_policy);
  return fixture_run ();
}
