/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What segments do to what is heard and to its times. */

#include "element-fixture.h"

/* The three times are not the same thing. */
static void
test_segment_with_offset (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_segment (
      fixture, 1.0, 10 * GST_SECOND, GST_CLOCK_TIME_NONE, 3 * GST_SECOND, 5 * GST_SECOND);
  fixture_push_letters (fixture, SPEECH, 10 * GST_SECOND);
  assert_shifted (fixture, SPEECH, 10 * GST_SECOND, 3 * GST_SECOND, 5 * GST_SECOND);
}

static void
test_double_speed (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken c;

  fixture_push_segment (
      fixture, 2.0, 10 * GST_SECOND, GST_CLOCK_TIME_NONE, 3 * GST_SECOND, 5 * GST_SECOND);
  fixture_push_letters (fixture, SPEECH, 10 * GST_SECOND);
  c = fixture_find (fixture, "token", "c");
  assert_near (c.timestamp, 10 * GST_SECOND + 8 * LETTER_NS, TOLERANCE_NS);
  g_assert_cmpuint (c.stream_time, ==, c.timestamp - 7 * GST_SECOND);
  g_assert_cmpuint (c.running_time, ==, 5 * GST_SECOND + (c.timestamp - 10 * GST_SECOND) / 2);
}

/* A segment that gives the audio the same times changes nothing. */
static void
test_segment_that_continues (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  const GstClockTime t = 5 * LETTER_NS; /* within the letter b */
  GstClockTime half = LETTER_NS / 2;
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);

  fixture_push_samples (fixture, samples, 4 * LETTER + LETTER / 2, 0);
  fixture_push_segment (fixture, 1.0, t - half, GST_CLOCK_TIME_NONE, t - half, t - half);
  fixture_push_samples (
      fixture, samples + 4 * LETTER + LETTER / 2, n_samples - 4 * LETTER - LETTER / 2, t - half);
  assert_like (fixture, SPEECH);
}

/* Nor does one that only counts timestamps from elsewhere. */
static void
test_segment_that_restamps (void)
{
  static const GstClockTime starts[] = { 100 * GST_SECOND, 50 * GST_MSECOND };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    g_autoptr (Fixture) plain = fixture_new (NULL, "F32");
    HearkenToken c, plain_c;

    fixture_push_letters (fixture, "..a.", 0);
    fixture_push_segment (
        fixture, 1.0, starts[i], GST_CLOCK_TIME_NONE, 4 * LETTER_NS, 4 * LETTER_NS);
    /* Jitter there is jitter. */
    fixture_push_letters (fixture, "b.", starts[i] + 10 * GST_MSECOND);
    fixture_push_letters (fixture, " .c..........", starts[i] + 2 * LETTER_NS);
    fixture_push (plain, SPEECH, 0);

    assert_heard (fixture, "utterance", "ab c:silence");
    g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 0);
    c = fixture_find (fixture, "token", "c");
    plain_c = fixture_find (plain, "token", "c");
    assert_near (c.stream_time, plain_c.stream_time, 10 * GST_MSECOND);
    assert_near (c.running_time, plain_c.running_time, 10 * GST_MSECOND);
    assert_near (c.timestamp - starts[i], plain_c.timestamp - 4 * LETTER_NS, 10 * GST_MSECOND);
  }
}

/* Also what comes out before there is audio in it. */
static void
test_segment_that_restamps_nothing (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (Fixture) plain = fixture_new (NULL, "F32");
  HearkenToken a, plain_a;

  fixture_push_letters (fixture, "..a", 0);
  fixture_push_segment (
      fixture, 1.0, GST_SECOND, GST_CLOCK_TIME_NONE, 3 * LETTER_NS, 3 * LETTER_NS);
  fixture_push_event (fixture, gst_event_new_eos ());
  fixture_push_letters (plain, "..a", 0);
  fixture_push_event (plain, gst_event_new_eos ());

  a = fixture_find (fixture, "token", "a");
  plain_a = fixture_find (plain, "token", "a");
  g_assert_cmpuint (a.stream_time, ==, plain_a.stream_time);
  g_assert_cmpuint (a.running_time, ==, plain_a.running_time);
  g_assert_cmpuint (a.timestamp, ==, plain_a.timestamp + GST_SECOND - 3 * LETTER_NS);
}

/* Times are not negative, wherever timestamps have moved. */
static void
test_times_before_zero (void)
{
  g_autoptr (Fixture) restamped = fixture_new (NULL, "F32");
  g_autoptr (Fixture) drifting = fixture_new (NULL, "F32");
  HearkenToken a;

  fixture_push_letters (restamped, "..a", 0);
  fixture_push_segment (restamped, 1.0, 0, GST_CLOCK_TIME_NONE, 3 * LETTER_NS, 3 * LETTER_NS);
  fixture_push_event (restamped, gst_event_new_eos ());
  g_assert_cmpuint (fixture_find (restamped, "token", "a").timestamp, ==, 0);

  /* Until the first sample is before the segment. */
  fixture_push_segment (drifting, 1.0, GST_SECOND, GST_CLOCK_TIME_NONE, 0, 0);
  for (guint i = 0; i < 4; i++)
    fixture_push (drifting, "a", GST_SECOND + i * (LETTER_NS - 15 * GST_MSECOND));
  fixture_push_event (drifting, gst_event_new_eos ());
  a = fixture_find (drifting, "token", "a");
  g_assert_cmpuint (a.timestamp, <, GST_SECOND);
  g_assert_cmpuint (a.stream_time, ==, 0);
  g_assert_cmpuint (a.running_time, ==, 0);
}

/* A segment that does not know where in the stream it is. */
static void
test_segment_without_stream_time (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_segment (
      fixture, 1.0, GST_SECOND, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, 5 * GST_SECOND);
  fixture_push_letters (fixture, SPEECH, GST_SECOND);
  assert_shifted (fixture, SPEECH, GST_SECOND, GST_SECOND, 5 * GST_SECOND);
}

/* One that jumps ends the utterance, in the times of the old segment, before it is announced. */
static void
test_segment_that_jumps (void)
{
  static const struct {
    GstClockTime start, time, base;
  } jumps[] = {
    { 0, 0, 4 * LETTER_NS },                             /* stream time goes back */
    { 4 * LETTER_NS, 4 * LETTER_NS, 9 * LETTER_NS },     /* a pause in running time */
    { 60 * GST_SECOND, 60 * GST_SECOND, 4 * LETTER_NS }, /* forward */
  };

  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    HearkenToken a, b;

    fixture_push_letters (fixture, "..a.", 0);
    fixture_clear_log (fixture);
    fixture_push_segment (
        fixture, 1.0, jumps[i].start, GST_CLOCK_TIME_NONE, jumps[i].time, jumps[i].base);
    assert_heard (fixture, "utterance", "a:segment");
    g_assert_cmpuint (fixture_find_in_log (fixture, GST_EVENT_CUSTOM_DOWNSTREAM), <,
        fixture_find_in_log (fixture, GST_EVENT_SEGMENT));
    a = fixture_find (fixture, "utterance", "a");
    assert_near (a.running_time, 2 * LETTER_NS, TOLERANCE_NS);

    fixture_push_letters (fixture, "..b..........", jumps[i].start);
    b = fixture_find (fixture, "utterance", "b");
    g_assert_cmpstr (b.end_reason, ==, "silence");
    assert_near (b.timestamp, jumps[i].start + 2 * LETTER_NS, TOLERANCE_NS);
    assert_near (b.stream_time, jumps[i].time + 2 * LETTER_NS, TOLERANCE_NS);
    assert_near (b.running_time, jumps[i].base + 2 * LETTER_NS, TOLERANCE_NS);
  }
}

static void
test_segment_in_bytes (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstMessage) message = NULL;
  GstSegment segment;
  float samples[100] = { 0 };

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (fixture->harness, gst_event_new_segment (&segment));
  g_assert_cmpint (gst_harness_push (fixture->harness,
                       fixture_buffer (fixture, samples, G_N_ELEMENTS (samples), 0)),
      <, GST_FLOW_OK);
  message = fixture_pop (fixture, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_ERROR));
}

/* Backwards, audio only passes, with a warning; forwards again it is recognised again. */
static void
test_reverse (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstMessage) message = NULL;

  fixture_push_letters (fixture, "..a.", 0);
  /* From here, so that neither stream time nor running time jumps. */
  fixture_push_segment (fixture, -1.0, 0, 4 * LETTER_NS, 0, 4 * LETTER_NS);
  assert_heard (fixture, "utterance", "a:segment");
  message = fixture_pop (fixture, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);

  fixture_clear_log (fixture);
  fixture_push (fixture, "b.", 2 * LETTER_NS);
  fixture_push (fixture, ".b", 0);
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 8 * LETTER_NS);
  assert_heard (fixture, "token", "");
  g_assert_cmpuint (fixture->log->len, ==, 3);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 4 * LETTER);

  fixture_push_letters (fixture, "..c..........", 0);
  assert_heard (fixture, "utterance", "c:silence");
}

/* Audio outside the segment is not heard, but passes. */
static void
test_clipping (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken b;

  fixture_push_segment (
      fixture, 1.0, 3 * LETTER_NS + LETTER_NS / 2, 7 * LETTER_NS, 3 * LETTER_NS + LETTER_NS / 2, 0);
  fixture_clear_log (fixture);
  fixture_push (fixture, "..a..b..c.", 0);
  fixture_push_letters (fixture, "a.", 10 * LETTER_NS);
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "b:eos");
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 3 * LETTER + LETTER / 2);
  b = fixture_find (fixture, "token", "b");
  assert_near (b.stream_time, 5 * LETTER_NS, TOLERANCE_NS);
  assert_near (b.running_time, LETTER_NS + LETTER_NS / 2, TOLERANCE_NS);
  g_assert_cmpuint (gst_harness_buffers_in_queue (fixture->harness), ==, 3);
}

/* What was said before the speed changed has the running time that it was played at: another speed
 * ends the utterance, although time goes on. */
static void
test_change_of_speed (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstSegment segment;
  HearkenToken a, b;

  fixture_push_letters (fixture, "..a.......", 0);
  fixture_push_segment (
      fixture, 2.0, 10 * LETTER_NS, GST_CLOCK_TIME_NONE, 10 * LETTER_NS, 10 * LETTER_NS);
  fixture_push_letters (fixture, "b..........", 10 * LETTER_NS);
  a = fixture_find (fixture, "word", "a");
  assert_near (a.running_time, 2 * LETTER_NS, TOLERANCE_NS);
  b = fixture_find (fixture, "word", "b");
  assert_near (b.running_time, 10 * LETTER_NS, TOLERANCE_NS);

  /* And stream time, where it was made faster before it came here. */
  fixture_push_letters (fixture, "c.", 21 * LETTER_NS);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = segment.applied_rate = 2.0;
  segment.start = segment.time = 23 * LETTER_NS;
  segment.base = 16 * LETTER_NS + LETTER_NS / 2;
  fixture_push_event (fixture, gst_event_new_segment (&segment));
  assert_heard (fixture, "utterance", "a:segment b:silence c:segment");
}

/* Audio without timestamps is never before its segment, where it would not be heard. */
static void
test_missing_timestamps_before_start (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  const GstClockTime start = 4 * LETTER_NS + 30 * GST_MSECOND;
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);

  fixture_push_samples (fixture, samples, 4 * LETTER, 0);
  fixture_push_segment (fixture, 1.0, start, GST_CLOCK_TIME_NONE, start, start);
  for (gsize i = 4 * LETTER; i < n_samples; i += LETTER / 5)
    fixture_push_samples (fixture, samples + i, LETTER / 5, GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab c:silence");
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/segment/offset", test_segment_with_offset);
  g_test_add_func ("/element/segment/double-speed", test_double_speed);
  g_test_add_func ("/element/segment/continues", test_segment_that_continues);
  g_test_add_func ("/element/segment/restamps", test_segment_that_restamps);
  g_test_add_func ("/element/segment/restamps-nothing", test_segment_that_restamps_nothing);
  g_test_add_func ("/element/segment/before-zero", test_times_before_zero);
  g_test_add_func ("/element/segment/without-stream-time", test_segment_without_stream_time);
  g_test_add_func ("/element/segment/jumps", test_segment_that_jumps);
  g_test_add_func ("/element/segment/bytes", test_segment_in_bytes);
  g_test_add_func ("/element/segment/reverse", test_reverse);
  g_test_add_func ("/element/segment/clipping", test_clipping);
  g_test_add_func ("/element/segment/change-of-speed", test_change_of_speed);
  g_test_add_func (
      "/element/segment/missing-timestamps-before-start", test_missing_timestamps_before_start);
  return fixture_run ();
}
