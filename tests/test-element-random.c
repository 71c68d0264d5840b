/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Anything that can happen to a stream, in any order. */

#include "element-fixture.h"

/* A timestamp that is often plausible. */
static GstClockTime
random_time (GstClockTime next)
{
  switch (g_test_rand_int_range (0, 8)) {
  case 0:
    return GST_CLOCK_TIME_NONE;
  case 1:
    return next + g_test_rand_int_range (0, 2000) * GST_MSECOND;
  case 2:
    return g_test_rand_int_range (0, 20000) * GST_MSECOND;
  case 3:
    return G_MAXINT64 - (guint64) g_test_rand_int ();
  default:
    return next;
  }
}

static GstEvent *
random_segment (void)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = g_test_rand_int_range (0, 3000) * GST_MSECOND;
  segment.time = g_test_rand_int_range (0, 3000) * GST_MSECOND;
  segment.base = g_test_rand_int_range (0, 3000) * GST_MSECOND;
  segment.rate = g_test_rand_int_range (0, 4) ? 1.0 : g_test_rand_double_range (-2.0, 2.0);
  if (g_test_rand_bit ())
    segment.stop = segment.start + g_test_rand_int_range (0, 9000) * GST_MSECOND;
  return gst_event_new_segment (&segment);
}

static void
push_random_event (Fixture *fixture, GstClockTime next)
{
  switch (g_test_rand_int_range (0, 5)) {
  case 0:
    fixture_push_event (fixture, random_segment ());
    break;
  case 1:
    fixture_flush (fixture);
    break;
  case 2:
    fixture_push_event (fixture, gst_event_new_segment_done (GST_FORMAT_TIME, next));
    break;
  case 3:
    fixture_push_event (fixture, gst_event_new_stream_start ("random"));
    fixture_push_event (fixture, random_segment ());
    break;
  default:
    fixture_push_event (fixture,
        gst_event_new_gap (g_test_rand_int_range (0, 20000) * GST_MSECOND, random_time (next)));
    break;
  }
}

/* Returns: how many samples it has */
static gsize
push_random_buffer (Fixture *fixture, const float *samples, gsize n_samples, GstClockTime next)
{
  const gsize n = g_test_rand_int_range (0, g_test_rand_bit () ? 50 : 5000);
  const gsize start = g_test_rand_int_range (0, n_samples - n);
  GstBuffer *buffer = fixture_buffer (fixture, samples + start, n, random_time (next));

  if (g_test_rand_int_range (0, 10) == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_OK);
  g_assert_true (g_ptr_array_index (fixture->log, fixture->log->len - 1) == (gpointer) buffer);
  return n;
}

/* Whatever comes, buffers pass, results are whole, and then plain speech is heard as ever. */
static void
test_random (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);
  g_autoptr (GPtrArray) structures = NULL;
  GstClockTime next = 0;

  for (guint i = 0; i < 2000; i++) {
    if (g_test_rand_int_range (0, 10) == 0)
      push_random_event (fixture, next);
    else
      next += gst_util_uint64_scale (
          push_random_buffer (fixture, samples, n_samples, next), GST_SECOND, RATE);
  }
  structures = fixture_structures (fixture);
  g_assert_cmpuint (structures->len, >, 10);
  for (guint i = 0; i < structures->len; i++) {
    HearkenToken token;

    g_assert_true (hearken_token_parse (g_ptr_array_index (structures, i), &token));
    g_assert_true (GST_CLOCK_TIME_IS_VALID (token.timestamp) &&
                   GST_CLOCK_TIME_IS_VALID (token.stream_time) &&
                   GST_CLOCK_TIME_IS_VALID (token.running_time));
  }

  fixture_flush (fixture);
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/random", test_random);
  return fixture_run ();
}
