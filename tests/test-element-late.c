/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Audio that is later than the clock: late-policy. */

#include "element-fixture.h"

static GstHarness *
use_clock (Fixture *fixture, const char *policy)
{
  gst_harness_use_testclock (fixture->harness);
  gst_util_set_object_arg (G_OBJECT (fixture->element), "late-policy", policy);
  return fixture->harness;
}

static void
test_late_drop (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstHarness *harness = use_clock (fixture, "drop");
  HearkenToken c;

  fixture_push (fixture, "..a.", 0);
  gst_harness_set_time (harness, 20 * GST_SECOND);
  fixture_push (fixture, "..b.", 4 * LETTER_NS);
  assert_heard (fixture, "utterance", "a:gap");
  fixture_push (fixture, "..b.", GST_CLOCK_TIME_NONE);
  g_assert_cmpuint (gst_harness_buffers_in_queue (harness), ==, 3);
  g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, 8 * LETTER);

  fixture_push (fixture, "..c..........", 20 * GST_SECOND);
  assert_heard (fixture, "utterance", "a:gap c:silence");
  c = fixture_find (fixture, "token", "c");
  g_assert_cmpuint (c.timestamp, >, 20 * GST_SECOND + LETTER_NS);
  g_assert_cmpuint (c.timestamp, <, 20 * GST_SECOND + 3 * LETTER_NS);
}

/* Audio without timestamps goes on after what was dropped. */
static void
test_late_without_timestamps (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstHarness *harness = use_clock (fixture, "drop");
  HearkenToken c;

  gst_harness_set_time (harness, 20 * GST_SECOND);
  fixture_push (fixture, "..b.", GST_CLOCK_TIME_NONE);
  g_object_set (fixture->element, "max-lateness", 60000, NULL);
  fixture_push (fixture, "..c..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "c:silence");
  c = fixture_find (fixture, "token", "c");
  g_assert_cmpuint (c.timestamp, >, 5 * LETTER_NS);
  g_assert_cmpuint (c.timestamp, <, 7 * LETTER_NS);
}

/* The message tells what was left out. */
static void
test_late_qos (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstHarness *harness = use_clock (fixture, "drop");
  g_autoptr (GstMessage) message = NULL;
  GstClockTime running_time, stream_time, timestamp, duration;
  GstFormat format;
  guint64 processed, dropped;
  gint64 jitter;

  fixture_push_segment (
      fixture, 1.0, 10 * GST_SECOND, GST_CLOCK_TIME_NONE, 3 * GST_SECOND, 5 * GST_SECOND);
  fixture_push (fixture, "..a", 10 * GST_SECOND);
  fixture_push_event (fixture, gst_event_new_gap (10 * GST_SECOND + 3 * LETTER_NS, LETTER_NS));
  gst_harness_set_time (harness, 20 * GST_SECOND);
  fixture_push (fixture, "..b.", 10 * GST_SECOND + 4 * LETTER_NS);

  message = fixture_pop (fixture, GST_MESSAGE_QOS);
  g_assert_nonnull (message);
  gst_message_parse_qos (message, NULL, &running_time, &stream_time, &timestamp, &duration);
  g_assert_cmpuint (timestamp, ==, 10 * GST_SECOND + 4 * LETTER_NS);
  g_assert_cmpuint (stream_time, ==, 3 * GST_SECOND + 4 * LETTER_NS);
  g_assert_cmpuint (running_time, ==, 5 * GST_SECOND + 4 * LETTER_NS);
  g_assert_cmpuint (duration, ==, 4 * LETTER_NS);
  gst_message_parse_qos_stats (message, &format, &processed, &dropped);
  g_assert_cmpint (format, ==, GST_FORMAT_DEFAULT);
  g_assert_cmpuint (processed, ==, 4 * LETTER);
  g_assert_cmpuint (dropped, ==, 4 * LETTER);
  gst_message_parse_qos_values (message, &jitter, NULL, NULL);
  g_assert_cmpint (jitter, ==, 20 * GST_SECOND - 5 * GST_SECOND - 8 * LETTER_NS);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_QOS));
}

/* Late by max-lateness is not too late; the pipeline's latency does not count. */
static void
test_late_limit (void)
{
  static const struct {
    GstClockTime latency, excess;
    guint64 dropped;
  } cases[] = { { 0, 0, 0 }, { 0, 1, 4 * LETTER }, { GST_SECOND, GST_SECOND, 0 },
    { GST_SECOND, GST_SECOND + 1, 4 * LETTER } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    GstHarness *harness = use_clock (fixture, "drop");

    g_object_set (fixture->element, "max-lateness", 2000, NULL);
    /* What was learned before READY is forgotten. */
    gst_harness_push_upstream_event (harness, gst_event_new_latency (3600 * GST_SECOND));
    fixture_restart (fixture);
    gst_harness_push_upstream_event (harness, gst_event_new_latency (cases[i].latency));
    gst_element_set_base_time (fixture->element, 7 * GST_SECOND);
    gst_harness_set_time (
        harness, 7 * GST_SECOND + 4 * LETTER_NS + 2 * GST_SECOND + cases[i].excess);
    fixture_push (fixture, "..a.", 0);
    g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, cases[i].dropped);
  }
}

/* As where it is put into a pipeline that plays: it asks what the latency is, and until it is told, nothing
 * is known to be late. */
static void
test_late_unknown (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstHarness *harness = use_clock (fixture, "drop");
  g_autoptr (GstMessage) question = NULL, again = NULL;

  fixture_restart (fixture);
  gst_harness_set_time (harness, 3600 * GST_SECOND);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_LATENCY));
  fixture_push (fixture, "..a.", 0);
  fixture_push (fixture, "..b.", 4 * LETTER_NS);
  question = fixture_pop (fixture, GST_MESSAGE_LATENCY);
  g_assert_nonnull (question);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_LATENCY));
  g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, 0);

  gst_harness_push_upstream_event (harness, gst_event_new_latency (2 * GST_SECOND));
  fixture_push (fixture, "..c.", 8 * LETTER_NS);
  assert_heard (fixture, "utterance", "ab:gap");
  g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, 4 * LETTER);

  fixture_restart (fixture);
  fixture_push (fixture, "..a.", 0);
  again = fixture_pop (fixture, GST_MESSAGE_LATENCY);
  g_assert_nonnull (again);
}

/* Unless asked to, nothing is left out; nor while the clock stands. */
static void
test_late_block (void)
{
  static const char *policies[] = { "block", "drop" };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    GstHarness *harness = use_clock (fixture, policies[i]);

    if (g_str_equal (policies[i], "drop"))
      gst_element_set_state (fixture->element, GST_STATE_PAUSED);
    gst_harness_set_time (harness, 3600 * GST_SECOND);
    fixture_push (fixture, "..a..........", 0);
    assert_heard (fixture, "utterance", "a:silence");
    g_assert_null (fixture_pop (fixture, GST_MESSAGE_QOS));
  }
}

/* The end of a buffer that reaches beyond the segment is late, too; also where that ends within a sample. */
static void
test_late_at_stop (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstHarness *harness = use_clock (fixture, "drop");

  fixture_push_segment (fixture, 1.0, 0, 3 * LETTER_NS - 20 * GST_USECOND, 0, 0);
  gst_harness_set_time (harness, 20 * GST_SECOND);
  fixture_push (fixture, "..a.", 0);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 0);
  g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, 3 * LETTER);
}

/* What is not heard in any case is not left out. */
static void
test_late_backwards (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstHarness *harness = use_clock (fixture, "drop");

  fixture_push_segment (fixture, -1.0, 0, GST_SECOND, 0, 0);
  gst_harness_set_time (harness, 20 * GST_SECOND);
  fixture_push (fixture, "..a.", 0);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_QOS));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/late/drop", test_late_drop);
  g_test_add_func ("/element/late/without-timestamps", test_late_without_timestamps);
  g_test_add_func ("/element/late/qos", test_late_qos);
  g_test_add_func ("/element/late/limit", test_late_limit);
  g_test_add_func ("/element/late/unknown", test_late_unknown);
  g_test_add_func ("/element/late/block", test_late_block);
  g_test_add_func ("/element/late/stop", test_late_at_stop);
  g_test_add_func ("/element/late/backwards", test_late_backwards);
  return fixture_run ();
}
