/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Where in time results are, and what holes, jitter and gaps do to them. */

#include <gst/audio/audio.h>

#include "element-fixture.h"

static void
test_sound (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken a, b, c, utterance;

  fixture_push (fixture, SPEECH, 0);
  a = fixture_find (fixture, "token", "a");
  b = fixture_find (fixture, "token", "b");
  c = fixture_find (fixture, "token", "c");
  utterance = fixture_find (fixture, "utterance", "ab c");

  assert_near (a.timestamp, 2 * LETTER_NS, TOLERANCE_NS);
  assert_near (b.timestamp, 4 * LETTER_NS, TOLERANCE_NS);
  assert_near (c.timestamp, 8 * LETTER_NS, TOLERANCE_NS);
  assert_near (b.duration, LETTER_NS, 2 * TOLERANCE_NS);
  g_assert_cmpuint (a.stream_time, ==, a.timestamp);
  g_assert_cmpuint (a.running_time, ==, a.timestamp);
  g_assert_cmpuint (utterance.timestamp, ==, a.timestamp);
  g_assert_cmpuint (utterance.duration, ==, c.timestamp + c.duration - a.timestamp);
}

static void
test_missing_timestamps (void)
{
  g_autoptr (Fixture) some = fixture_new (NULL, "F32");
  g_autoptr (Fixture) none = fixture_new (NULL, "F32");

  fixture_push_letters (some, "..a", 0);
  fixture_push_letters (some, ".b. .c..........", GST_CLOCK_TIME_NONE);
  assert_like (some, SPEECH);

  fixture_push_segment (
      none, 1.0, 10 * GST_SECOND, GST_CLOCK_TIME_NONE, 3 * GST_SECOND, 5 * GST_SECOND);
  fixture_push_letters (none, SPEECH, GST_CLOCK_TIME_NONE);
  assert_shifted (none, SPEECH, 10 * GST_SECOND, 3 * GST_SECOND, 5 * GST_SECOND);
}

/* A flag alone is no reason to lose state. */
static void
test_discont_without_hole (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);

  for (gsize i = 0; i < n_samples; i += LETTER / 2) {
    GstBuffer *buffer = fixture_buffer (
        fixture, samples + i, LETTER / 2, gst_util_uint64_scale (i, GST_SECOND, RATE));

    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_OK);
  }
  assert_like (fixture, SPEECH);
}

/* Timestamps that shake by less than 40 ms are those of the samples. */
static void
test_jitter (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  static const int jitter_ms[] = { 0, 39, -39, 20, -30, 5 };
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);

  for (guint i = 0; i < n_samples / LETTER; i++)
    fixture_push_samples (fixture, samples + i * LETTER, LETTER,
        i * LETTER_NS + jitter_ms[i % G_N_ELEMENTS (jitter_ms)] * (gint64) GST_MSECOND);
  assert_like (fixture, SPEECH);
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 0);
}

/* What is on time and what is not begins anew after a flush, however near the old time. */
static void
test_jitter_after_flush (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  const GstClockTime near = 4 * LETTER_NS + 30 * GST_MSECOND;

  fixture_push_letters (fixture, "....", 0);
  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 0);
  fixture_push (fixture, "..", near);
  fixture_push (fixture, "a.", near + 2 * LETTER_NS + 30 * GST_MSECOND);
  fixture_push (fixture, "b. .c..........", near + 4 * LETTER_NS);
  assert_shifted (fixture, SPEECH, near, near, near);
}

/* A clock that is 1 % off: nothing is lost or added, and times follow. */
static void
test_drift (void)
{
  static const int drifts_ms[] = { 1, -1 };

  for (guint i = 0; i < G_N_ELEMENTS (drifts_ms); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    g_autoptr (GPtrArray) structures = NULL;
    gsize n_samples;
    g_autofree float *samples = speech_new ("a.", &n_samples);
    guint n_tokens = 0;
    HearkenToken token;

    for (guint j = 0; j < 100; j++) {
      GstClockTime pts = GST_SECOND + 2 * j * (LETTER_NS + drifts_ms[i] * (gint64) GST_MSECOND);
      fixture_push_samples (fixture, samples, n_samples, pts);
    }
    fixture_push_event (fixture, gst_event_new_eos ());

    structures = fixture_structures (fixture);
    for (guint j = 0; j < structures->len; j++) {
      g_assert_true (hearken_token_parse (g_ptr_array_index (structures, j), &token));
      if (g_str_equal (token.level, "token"))
        assert_near (token.timestamp,
            GST_SECOND + 2 * n_tokens++ * (LETTER_NS + drifts_ms[i] * (gint64) GST_MSECOND),
            40 * GST_MSECOND + TOLERANCE_NS);
    }
    g_assert_cmpuint (n_tokens, ==, 100);
    g_assert_cmpuint (token.utterance_id, ==, 0);
    g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 0);
  }
}

/* Samples that are missing are silence, exactly as many. */
static void
test_short_hole (void)
{
  static const guint hole_samples[] = { RATE / 25, LETTER, 3 * LETTER, RATE / 2 };

  for (guint i = 0; i < G_N_ELEMENTS (hole_samples); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    g_autoptr (Fixture) whole = fixture_new (NULL, "F32");
    g_auto (GStrv) expected = NULL, actual = NULL;
    gsize n_before, n_after, n_samples;
    g_autofree float *before = speech_new ("..a.", &n_before);
    g_autofree float *after = speech_new ("b. .c..........", &n_after);
    g_autofree float *samples = NULL;

    fixture_push_samples (fixture, before, n_before, 0);
    fixture_push_samples (fixture, after, n_after,
        gst_util_uint64_scale (n_before + hole_samples[i], GST_SECOND, RATE));

    n_samples = n_before + hole_samples[i] + n_after;
    samples = g_new0 (float, n_samples);
    memcpy (samples, before, n_before * sizeof (float));
    memcpy (samples + n_samples - n_after, after, n_after * sizeof (float));
    fixture_push_samples (whole, samples, n_samples, 0);

    expected = fixture_structure_strings (whole);
    actual = fixture_structure_strings (fixture);
    g_assert_cmpstrv (actual, expected);
    assert_heard (fixture, "utterance", "ab c:silence");
    g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, hole_samples[i]);
  }
}

/* A long hole ends the utterance before the buffer that comes after it. */
static void
test_long_hole (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken b;

  fixture_push_letters (fixture, "..a.", 0);
  fixture_clear_log (fixture);
  fixture_push (fixture, "..b..........", 4 * LETTER_NS + 501 * GST_MSECOND);
  assert_heard (fixture, "utterance", "a:gap b:silence");
  g_assert_cmpuint (fixture_find_in_log (fixture, GST_EVENT_CUSTOM_DOWNSTREAM), <,
      fixture_find_in_log (fixture, 0));
  b = fixture_find (fixture, "token", "b");
  assert_near (b.timestamp, 6 * LETTER_NS + 501 * GST_MSECOND, TOLERANCE_NS);
  g_assert_cmpuint (b.utterance_id, ==, 1);
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 0);
}

static void
test_max_gap_fill (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "max-gap-fill", 700, "endpoint-silence", 2000, NULL);
  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_letters (fixture, "b.", 11 * LETTER_NS);
  assert_heard (fixture, "utterance", "");
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 7 * LETTER);

  g_object_set (fixture->element, "max-gap-fill", 0, NULL);
  fixture_push_letters (fixture, "c.", 13 * LETTER_NS + LETTER_NS / 2);
  assert_heard (fixture, "utterance", "ab:gap");
}

/* Time that goes back is a new beginning. */
static void
test_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken b;

  fixture_push_letters (fixture, "..a.", GST_SECOND);
  fixture_push_letters (fixture, "..b..........", GST_SECOND);
  assert_heard (fixture, "utterance", "a:gap b:silence");
  b = fixture_find (fixture, "token", "b");
  assert_near (b.timestamp, GST_SECOND + 2 * LETTER_NS, TOLERANCE_NS);
}

/* What a gap completes comes out before it. */
static void
test_gap_event (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, 3 * LETTER_NS));
  fixture_push_letters (fixture, "b.", 7 * LETTER_NS);
  fixture_clear_log (fixture);
  fixture_push_event (fixture, gst_event_new_gap (9 * LETTER_NS, 20 * LETTER_NS));
  assert_heard (fixture, "utterance", "ab:silence");
  g_assert_cmpuint (fixture_find_in_log (fixture, GST_EVENT_CUSTOM_DOWNSTREAM), <,
      fixture_find_in_log (fixture, GST_EVENT_GAP));
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 23 * LETTER);
}

static void
test_gap_event_times (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, 3 * LETTER_NS));
  fixture_push_letters (fixture, "b. .c..........", 7 * LETTER_NS);
  assert_like (fixture, "..a....b. .c..........");
}

/* audioresample sends what its filter still has of the audio before a gap after it: as where packets are lost,
 * which must not cut the utterance. */
static void
test_gap_event_overtakes (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  static const float tail[RATE / 500] = { 0 };

  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, LETTER_NS));
  fixture_push_event (fixture, gst_event_new_gap (5 * LETTER_NS, 2 * LETTER_NS));
  fixture_push_samples (fixture, tail, G_N_ELEMENTS (tail), 4 * LETTER_NS - 2 * GST_MSECOND);
  fixture_push_letters (fixture, "b. ", 7 * LETTER_NS);
  fixture_push_event (fixture, gst_event_new_gap (10 * LETTER_NS, LETTER_NS));
  fixture_push_samples (fixture, tail, G_N_ELEMENTS (tail), 10 * LETTER_NS - 2 * GST_MSECOND);
  fixture_push_letters (fixture, "c..........", 11 * LETTER_NS);
  assert_like (fixture, "..a....b. .c..........");
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 18 * LETTER);

  /* Elsewhere, and where a whole buffer goes back, it is audio like any other. */
  fixture_push_event (fixture, gst_event_new_gap (22 * LETTER_NS, LETTER_NS));
  fixture_flush (fixture);
  fixture_push_samples (fixture, tail, G_N_ELEMENTS (tail), 22 * LETTER_NS - 2 * GST_MSECOND);
  g_assert_cmpuint (
      fixture_stat (fixture, "recognized-samples"), ==, 18 * LETTER + G_N_ELEMENTS (tail));
  fixture_clear_log (fixture);
  fixture_push_event (fixture, gst_event_new_gap (22 * LETTER_NS, LETTER_NS));
  fixture_push_letters (fixture, "b..........", 22 * LETTER_NS - 20 * GST_MSECOND);
  assert_heard (fixture, "utterance", "b:silence");
}

/* A gap of unknown length is nothing that could be heard. */
static void
test_gap_event_without_duration (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, GST_CLOCK_TIME_NONE));
  fixture_push_letters (fixture, "b. .c..........", 4 * LETTER_NS);
  assert_like (fixture, SPEECH);
}

/* An hour of silence ends an utterance as a second does, and takes no time. */
static void
test_endless_gap (void)
{
  const GstClockTime hour = 3600 * GST_SECOND;
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken b;

  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, hour));
  assert_heard (fixture, "utterance", "a:silence");
  fixture_push_letters (fixture, "..b.", 4 * LETTER_NS + hour);
  b = fixture_find (fixture, "token", "b");
  assert_near (b.timestamp, hour + 6 * LETTER_NS, TOLERANCE_NS);
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 10 * RATE);

  g_object_set (fixture->element, "endpoint-silence", 0, NULL);
  fixture_push_event (fixture, gst_event_new_gap (8 * LETTER_NS + hour, hour));
  fixture_push_letters (fixture, "..c.", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "a:silence b:gap");
  assert_near (
      fixture_find (fixture, "token", "c").timestamp, 2 * hour + 10 * LETTER_NS, TOLERANCE_NS);
}

/* Durations and timestamps that make no sense are survived. */
static void
test_absurd_gap (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_letters (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, G_MAXINT64));
  fixture_push_event (fixture, gst_event_new_gap (G_MAXINT64 - 1, 1));
  fixture_push_event (fixture, gst_event_new_gap (4 * LETTER_NS, 0));
  assert_heard (fixture, "utterance", "a:silence");
  fixture_push_letters (fixture, "..b..........", GST_SECOND);
  assert_heard (fixture, "utterance", "a:silence b:silence");
  assert_near (
      fixture_find (fixture, "token", "b").timestamp, GST_SECOND + 2 * LETTER_NS, TOLERANCE_NS);
}

/* A buffer that says it is silent is, whatever is in it; it passes untouched. */
static void
test_gap_flag (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  gsize n_samples;
  g_autofree float *samples = speech_new ("ccc", &n_samples);
  GstBuffer *gap = fixture_buffer (fixture, samples, n_samples, 4 * LETTER_NS);
  gpointer last;

  GST_BUFFER_FLAG_SET (gap, GST_BUFFER_FLAG_GAP);
  fixture_push_letters (fixture, "..a.", 0);
  g_assert_cmpint (gst_harness_push (fixture->harness, gap), ==, GST_FLOW_OK);
  last = g_ptr_array_index (fixture->log, fixture->log->len - 1);
  g_assert_true (last == gap);
  fixture_push_letters (fixture, "b. .c..........", 7 * LETTER_NS);
  assert_like (fixture, "..a....b. .c..........");
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 3 * LETTER);
}

/* Empty buffers are nothing, even if they claim a time; as a gap they last as long as they say, if they do. */
static void
test_empty_buffers (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstBuffer *empty = gst_buffer_new ();
  GstBuffer *gap = gst_buffer_new ();
  GstBuffer *endless = gst_buffer_new ();

  GST_BUFFER_PTS (empty) = 60 * GST_SECOND;
  GST_BUFFER_PTS (gap) = 4 * LETTER_NS;
  GST_BUFFER_DURATION (gap) = 6 * LETTER_NS;
  GST_BUFFER_FLAG_SET (gap, GST_BUFFER_FLAG_GAP);
  GST_BUFFER_FLAG_SET (endless, GST_BUFFER_FLAG_GAP);

  fixture_push_letters (fixture, "..a.", 0);
  g_assert_cmpint (gst_harness_push (fixture->harness, empty), ==, GST_FLOW_OK);
  g_assert_cmpint (gst_harness_push (fixture->harness, endless), ==, GST_FLOW_OK);
  g_assert_cmpint (gst_harness_push (fixture->harness, gap), ==, GST_FLOW_OK);
  fixture_push_letters (fixture, "b. .c..........", 10 * LETTER_NS);
  assert_like (fixture, "..a.......b. .c..........");
}

/* A new start is none for timestamps: audio without them goes on where it was. */
static void
test_missing_after_new_start (void)
{
  g_autoptr (Fixture) reset = fixture_new (NULL, "F32");
  g_autoptr (Fixture) caps = fixture_new (NULL, "F32");
  g_autoptr (GstCaps) s16 =
      gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (S16), "layout",
          G_TYPE_STRING, "interleaved", "channels", G_TYPE_INT, 1, "rate", G_TYPE_INT, RATE, NULL);

  fixture_push_letters (reset, "..a.", 0);
  g_signal_emit_by_name (reset->element, "reset");
  fixture_push_letters (reset, ".b..........", GST_CLOCK_TIME_NONE);
  assert_near (fixture_find (reset, "token", "b").timestamp, 5 * LETTER_NS, TOLERANCE_NS);

  fixture_push_letters (caps, "..a.", 0);
  fixture_push_event (caps, gst_event_new_caps (s16));
  caps->format = "S16";
  fixture_clear_log (caps);
  fixture_push_letters (caps, ".b..........", GST_CLOCK_TIME_NONE);
  assert_near (fixture_find (caps, "token", "b").timestamp, 5 * LETTER_NS, TOLERANCE_NS);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/time/sound", test_sound);
  g_test_add_func ("/element/time/missing-timestamps", test_missing_timestamps);
  g_test_add_func ("/element/discont/without-hole", test_discont_without_hole);
  g_test_add_func ("/element/discont/jitter", test_jitter);
  g_test_add_func ("/element/discont/jitter-after-flush", test_jitter_after_flush);
  g_test_add_func ("/element/discont/drift", test_drift);
  g_test_add_func ("/element/discont/short-hole", test_short_hole);
  g_test_add_func ("/element/discont/long-hole", test_long_hole);
  g_test_add_func ("/element/discont/max-gap-fill", test_max_gap_fill);
  g_test_add_func ("/element/discont/back", test_back);
  g_test_add_func ("/element/gap/event", test_gap_event);
  g_test_add_func ("/element/gap/event-times", test_gap_event_times);
  g_test_add_func ("/element/gap/event-overtakes", test_gap_event_overtakes);
  g_test_add_func ("/element/gap/event-without-duration", test_gap_event_without_duration);
  g_test_add_func ("/element/gap/endless", test_endless_gap);
  g_test_add_func ("/element/gap/absurd", test_absurd_gap);
  g_test_add_func ("/element/gap/flag", test_gap_flag);
  g_test_add_func ("/element/gap/empty-buffers", test_empty_buffers);
  g_test_add_func ("/element/time/missing-after-new-start", test_missing_after_new_start);
  return fixture_run ();
}
