/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Where speech begins and ends; utterances that the application ends or forgets; texts for people. */

#include "element-fixture.h"

/* Activity */

/* What has left the src pad: "start", "ab:silence", "end" … Utterances and activity only. */
static char *
get_course (Fixture *fixture)
{
  GString *course = g_string_new (NULL);

  for (guint i = 0; i < fixture->log->len; i++) {
    gpointer object = g_ptr_array_index (fixture->log, i);
    const GstStructure *structure = GST_IS_EVENT (object) ? gst_event_get_structure (object) : NULL;
    HearkenActivity activity;
    HearkenToken token;

    if (hearken_activity_parse (structure, &activity))
      g_string_append_printf (course, "%s ", activity.state);
    else if (hearken_token_parse (structure, &token) && token.end_reason)
      g_string_append_printf (course, "%s:%s ", token.text, token.end_reason);
  }
  return g_strchomp (g_string_free (course, FALSE));
}

#define assert_course(fixture, expected)                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *course_ = get_course (fixture);                                               \
    g_assert_cmpstr (course_, ==, (expected));                                                     \
  }                                                                                                \
  G_STMT_END

/* The nth speech-activity in the log. */
static HearkenActivity
find_activity (Fixture *fixture, guint n)
{
  HearkenActivity activity = { 0 };

  for (guint i = 0; i < fixture->log->len; i++) {
    gpointer object = g_ptr_array_index (fixture->log, i);

    if (GST_IS_EVENT (object) &&
        hearken_activity_parse (gst_event_get_structure (object), &activity) && n-- == 0)
      return activity;
  }
  g_error ("there is no such speech-activity");
}

static void
test_activity (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenActivity start, end;

  fixture_push (fixture, "..a.b. .c..........a.........", 0);
  assert_course (fixture, "start ab c:silence end start a:silence end");
  start = find_activity (fixture, 0);
  end = find_activity (fixture, 1);
  assert_near (start.timestamp, 2 * LETTER_NS, TOLERANCE_NS);
  assert_near (end.timestamp, 9 * LETTER_NS, TOLERANCE_NS);
  g_assert_cmpuint (start.stream_time, ==, start.timestamp);
  g_assert_cmpuint (end.running_time, ==, end.timestamp);
  g_assert_cmpuint (end.utterance_id, ==, start.utterance_id);
  g_assert_cmpuint (find_activity (fixture, 2).utterance_id, ==, start.utterance_id + 1);
}

/* The first thing that is told of an utterance, and the last. */
static void
test_activity_order (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstMessage) first = NULL;

  fixture_push (fixture, "..a", 0);
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_course (fixture, "start a:eos end");
  g_assert_cmpint (fixture_find_in_log (fixture, GST_EVENT_CUSTOM_DOWNSTREAM), <,
      fixture_find_in_log (fixture, GST_EVENT_EOS));
  first = fixture_pop (fixture, GST_MESSAGE_ELEMENT);
  g_assert_true (gst_message_has_name (first, HEARKEN_ACTIVITY_NAME));
}

static void
test_activity_off (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GPtrArray) structures = NULL;

  gst_util_set_object_arg (G_OBJECT (fixture->element), "levels", "utterance");
  fixture_push (fixture, SPEECH, 0);
  assert_course (fixture, "ab c:silence");
  gst_util_set_object_arg (G_OBJECT (fixture->element), "levels", "activity");
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  assert_course (fixture, "start end");
  structures = fixture_structures (fixture);
  g_assert_cmpuint (structures->len, ==, 0);
}

/* Told once, and again only after there was speech. */
static void
test_initial_silence (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "initial-silence", 500, NULL);
  fixture_push (fixture, "....................", 0);
  assert_course (fixture, "silence");
  assert_near (find_activity (fixture, 0).timestamp, 5 * LETTER_NS, 2 * TOLERANCE_NS);
  fixture_push (fixture, "..a.................", GST_CLOCK_TIME_NONE);
  assert_course (fixture, "silence start a:silence end silence");
}

/* Action signals */

static void
emit (Fixture *fixture, const char *signal)
{
  g_signal_emit_by_name (fixture->element, signal);
}

/* What is said before is one utterance, what is said after another; nothing is lost or told twice. */
static void
test_finalize (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a.b.", 0);
  emit (fixture, "finalize");
  assert_heard (fixture, "utterance", ""); /* the streaming thread does it */
  fixture_push (fixture, ".c", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:manual");
  fixture_push (fixture, "..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:manual c:silence");
  assert_heard (fixture, "token", "a b c");
  assert_near (fixture_find (fixture, "token", "c").timestamp, 7 * LETTER_NS, TOLERANCE_NS);
  g_assert_cmpuint (fixture_find (fixture, "utterance", "c").utterance_id, ==, 1);
}

/* The sound that has not ended yet belongs to the utterance that is ended. */
static void
test_finalize_within_sound (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a.b", 0);
  emit (fixture, "finalize");
  fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:manual");
}

static void
test_finalize_nothing (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  emit (fixture, "finalize"); /* before there is a stream */
  fixture_push (fixture, "...", 0);
  emit (fixture, "finalize");
  fixture_push (fixture, "...", GST_CLOCK_TIME_NONE);
  assert_course (fixture, "");
  fixture_push (fixture, "a", GST_CLOCK_TIME_NONE);
  emit (fixture, "finalize");
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "a:manual");
}

/* Nothing more is told of what was said before; times stay right. */
static void
test_reset (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a.b.", 0);
  emit (fixture, "reset");
  fixture_push (fixture, "..c..........", 6 * LETTER_NS);
  assert_heard (fixture, "utterance", "c:silence");
  assert_near (fixture_find (fixture, "token", "c").timestamp, 8 * LETTER_NS, TOLERANCE_NS);
}

/* Texts */

/* What people read is written as people do; words stay as they were said. */
static void
test_clean_up (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "clean-up", TRUE, NULL);
  fixture_push (fixture, "..a. .b. .c...........b.a..........", 0);
  assert_heard (fixture, "utterance", "ABC:silence Ba:silence");
  assert_heard (fixture, "word", "a b c ba");
  g_assert_cmpuint (fixture_find (fixture, "utterance", "ABC").n_words, ==, 3);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/activity/order", test_activity_order);
  g_test_add_func ("/element/activity/times", test_activity);
  g_test_add_func ("/element/activity/off", test_activity_off);
  g_test_add_func ("/element/activity/initial-silence", test_initial_silence);
  g_test_add_func ("/element/finalize/utterance", test_finalize);
  g_test_add_func ("/element/finalize/within-sound", test_finalize_within_sound);
  g_test_add_func ("/element/finalize/nothing", test_finalize_nothing);
  g_test_add_func ("/element/reset", test_reset);
  g_test_add_func ("/element/clean-up", test_clean_up);
  return fixture_run ();
}
