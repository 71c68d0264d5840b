/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The state of a stream as bytes: saved, restored in another element or process, refused. */

#include <glib/gstdio.h>
#include <signal.h>

#include "element-fixture.h"

/* Where the process that is killed leaves what it has saved. */
#define FOLDER_VARIABLE "HEARKEN_TEST_STATE_FOLDER"

#define LONG_SPEECH "..ab.c. .a.....bc.ca.. .b. ...........ab .c..a.b.c..........."

static const char *const models[] = { "tones", "classic" };

static const char *
get_model (const char *name)
{
  return g_str_equal (name, "tones") ? fixture_tones () : fixture_classic ();
}

/* Results that are not final, too. */
static Fixture *
start (const char *model, const char *format)
{
  Fixture *fixture = fixture_new (get_model (model), format);

  g_object_set (fixture->element, "partial-interval", 100, "endpoint-silence", 300, "max-utterance",
      900, NULL);
  return fixture;
}

/* Everything that was sent since the log was last cleared, but states, a line each, to the last bit. */
static char *
describe (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < fixture->log->len; i++) {
    GstEvent *event = g_ptr_array_index (fixture->log, i);
    g_autofree char *line = NULL;

    if (!GST_IS_EVENT (event) || GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_DOWNSTREAM ||
        gst_event_has_name (event, "saved-state"))
      continue;
    line = gst_structure_to_string (gst_event_get_structure (event));
    g_string_append_printf (text, "%s\n", line);
  }
  return g_string_free (text, FALSE);
}

/* The state comes before the next buffer, which is one of silence without length. Returns: (transfer
 * full); @timestamp: of the audio that comes next */
static GBytes *
take_state (Fixture *fixture, GstClockTime *timestamp)
{
  GBytes *state = NULL;
  GstMessage *message;

  while ((message = fixture_pop (fixture, GST_MESSAGE_ELEMENT)) != NULL) {
    if (gst_message_has_name (message, "saved-state")) {
      g_clear_pointer (&state, g_bytes_unref);
      gst_structure_get (gst_message_get_structure (message), "state", G_TYPE_BYTES, &state,
          "timestamp", G_TYPE_UINT64, timestamp, NULL);
    }
    gst_message_unref (message);
  }
  g_assert_nonnull (state);
  return state;
}

static GstClockTime
to_time (gsize n_samples)
{
  return gst_util_uint64_scale (n_samples, GST_SECOND, RATE);
}

/* Samples [@from, @to) in buffers of any size, whose timestamps are a little off. */
static void
push_slices (Fixture *fixture, const float *samples, gsize from, gsize to)
{
  for (gsize at = from, n; at < to; at += n) {
    n = g_test_rand_int_range (1, 2500);
    n = MIN (n, to - at);
    fixture_push_samples (fixture, samples + at, n, to_time (at) + at % 7 * GST_MSECOND);
  }
}

/* What is heard behind the save of a stream that is saved at @cut and goes on. @state: (out) */
static char *
hear_on (const char *model, const char *format, const float *samples, gsize n_samples, gsize cut,
    GBytes **state)
{
  g_autoptr (Fixture) fixture = start (model, format);
  GstClockTime timestamp;

  push_slices (fixture, samples, 0, cut);
  fixture_clear_log (fixture);
  g_signal_emit_by_name (fixture->element, "save-state");
  push_slices (fixture, samples, cut, n_samples);
  fixture_push_event (fixture, gst_event_new_eos ());
  *state = take_state (fixture, &timestamp);
  assert_near (timestamp, to_time (cut), 1);
  return describe (fixture);
}

/* Saved anywhere, restored in another element: it hears the same, to the last bit. */
static void
test_anywhere (void)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (LONG_SPEECH, &n_samples);
  guint n_heard = 0;

  for (guint i = 0; i < 20; i++) {
    const char *model = models[i % 2];
    const char *format = i % 4 < 2 ? "F32" : "S16";
    const gsize cut = g_test_rand_int_range (0, n_samples);
    g_autoptr (GBytes) state = NULL;
    g_autofree char *expected = hear_on (model, format, samples, n_samples, cut, &state);
    g_autoptr (Fixture) fixture = start (model, format);
    g_autofree char *heard = NULL;

    if (i % 3 == 0) /* what was heard there before does not matter */
      fixture_push (fixture, "..a.", 0);
    fixture_clear_log (fixture);
    g_signal_emit_by_name (fixture->element, "restore-state", state);
    push_slices (fixture, samples, cut, n_samples);
    fixture_push_event (fixture, gst_event_new_eos ());
    heard = describe (fixture);
    g_assert_cmpstr (heard, ==, expected);
    n_heard += strlen (heard) > 0;
    g_assert_null (fixture_pop (fixture, GST_MESSAGE_WARNING));
  }
  g_assert_cmpuint (n_heard, >, 10); /* some cuts may be behind the last word */
}

/* Two processes */

static char *
in_folder (const char *name)
{
  return g_build_filename (g_getenv (FOLDER_VARIABLE), name, NULL);
}

static void
write_state (Fixture *fixture)
{
  GstClockTime timestamp;
  g_autoptr (GBytes) state = take_state (fixture, &timestamp);
  g_autofree char *state_path = in_folder ("state");
  g_autofree char *log_path = in_folder ("log");
  g_autofree char *time_path = in_folder ("time");
  g_autofree char *time = g_strdup_printf ("%" G_GUINT64_FORMAT, timestamp);
  g_autofree char *log = describe (fixture);

  g_assert_true (g_file_set_contents (
      state_path, g_bytes_get_data (state, NULL), (gssize) g_bytes_get_size (state), NULL));
  g_assert_true (g_file_set_contents (time_path, time, -1, NULL));
  g_assert_true (g_file_set_contents (log_path, log, -1, NULL));
}

/* The process that is killed: saves every 300 ms, and dies in the middle of the word "bc". */
static void
test_victim (void)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (LONG_SPEECH, &n_samples);
  g_autoptr (Fixture) fixture = NULL;

  if (!g_test_subprocess ())
    return;
  fixture = start ("classic", "F32");
  for (gsize letter = 0; letter < 17; letter++) {
    if (letter % 3 == 0)
      g_signal_emit_by_name (fixture->element, "save-state");
    fixture_push_samples (fixture, samples + letter * LETTER, LETTER, letter * LETTER_NS);
    if (letter == 15) /* which was saved before it */
      write_state (fixture);
  }
  raise (SIGKILL);
}

/* Every event of the first process until it saved, then those of the second, are those of a stream that
 * nothing has happened to. */
static void
test_killed (void)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (LONG_SPEECH, &n_samples);
  g_autofree char *folder = g_dir_make_tmp ("hearken-state-XXXXXX", NULL);
  g_autofree char *state = NULL, *log = NULL, *time = NULL, *after = NULL, *all = NULL;
  g_autofree char *expected = NULL;
  g_autoptr (Fixture) whole = start ("classic", "F32");
  g_autoptr (Fixture) fixture = start ("classic", "F32");
  g_autoptr (GBytes) bytes = NULL;
  gsize n_bytes;
  guint letter;

  g_setenv (FOLDER_VARIABLE, folder, TRUE);
  g_test_trap_subprocess ("/element/state/victim", 0, 0);
  g_assert_false (g_test_trap_has_passed ());
  for (guint i = 0; i < 3; i++) {
    static const char *const names[] = { "state", "log", "time" };
    char **const texts[] = { &state, &log, &time };
    g_autofree char *path = in_folder (names[i]);

    g_assert_true (g_file_get_contents (path, texts[i], i == 0 ? &n_bytes : NULL, NULL));
    g_remove (path);
  }
  g_rmdir (folder);

  letter = g_ascii_strtoull (time, NULL, 10) / LETTER_NS;
  g_assert_cmpuint (letter, ==, 15);
  bytes = g_bytes_new (state, n_bytes);
  g_signal_emit_by_name (fixture->element, "restore-state", bytes);
  for (gsize i = 0; i < n_samples / LETTER; i++) {
    fixture_push_samples (whole, samples + i * LETTER, LETTER, i * LETTER_NS);
    if (i >= letter)
      fixture_push_samples (fixture, samples + i * LETTER, LETTER, i * LETTER_NS);
  }
  after = describe (fixture);
  all = g_strconcat (log, after, NULL);
  expected = describe (whole);
  g_assert_cmpstr (log, !=, "");
  g_assert_cmpstr (after, !=, "");
  g_assert_cmpstr (all, ==, expected);
}

/* Other circumstances */

static GBytes *
save_after (const char *pattern)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GstClockTime timestamp;

  if (*pattern)
    fixture_push (fixture, pattern, 0);
  g_signal_emit_by_name (fixture->element, "save-state");
  fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  return take_state (fixture, &timestamp);
}

/* In a pipeline that counts from 0, the times of a word that had begun go on from there. */
static void
test_other_times (void)
{
  g_autoptr (GBytes) state = save_after ("...........a");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken a, b;

  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_push (fixture, ".b..........", 0);
  assert_heard (fixture, "utterance", "ab:silence");
  a = fixture_find (fixture, "word", "ab");
  g_assert_cmpuint (a.timestamp, ==, 0);
  b = fixture_find (fixture, "token", "b");
  assert_near (b.timestamp, LETTER_NS, TOLERANCE_NS);
}

/* Without timestamps, times go on as they were. */
static void
test_no_times (void)
{
  g_autoptr (GBytes) state = save_after ("...........a");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_push (fixture, ".b..........", GST_CLOCK_TIME_NONE);
  assert_like (fixture, "...........a.b..........");
}

/* Before any audio, and at the end of it; the statistics go on. */
static void
test_edges (void)
{
  g_autoptr (GBytes) empty = save_after ("");
  g_autoptr (GBytes) open = save_after ("..a.b");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_signal_emit_by_name (fixture->element, "restore-state", empty);
  fixture_push (fixture, "..a.", 5 * GST_SECOND);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 4 * LETTER);
  fixture_push (fixture, "..b", 20 * GST_SECOND);
  assert_heard (fixture, "utterance", "a:gap");
  g_signal_emit_by_name (fixture->element, "restore-state", open);
  fixture_clear_log (fixture);
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "ab:eos");
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 5 * LETTER);
  g_assert_cmpuint (fixture_stat (fixture, "utterances"), ==, 1);
}

/* A flush or a reset forgets what was restored; what is to be restored waits for audio, through READY, too. */
static void
test_order (void)
{
  g_autoptr (GBytes) state = save_after ("..a.b");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  gst_element_set_state (fixture->element, GST_STATE_READY);
  g_signal_emit_by_name (fixture->element, "save-state");
  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_restart (fixture);
  fixture_flush (fixture);
  fixture_push (fixture, ".c..........", 5 * LETTER_NS);
  assert_heard (fixture, "utterance", "abc:silence");

  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_push (fixture, ".", 5 * LETTER_NS);
  fixture_flush (fixture);
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");

  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_restart (fixture);
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");

  g_signal_emit_by_name (fixture->element, "restore-state", state);
  g_signal_emit_by_name (fixture->element, "reset");
  fixture_push (fixture, "..a.", 30 * GST_SECOND);
  fixture_push (fixture, "..........", 30 * GST_SECOND + 6 * LETTER_NS);
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 2 * LETTER);
}

/* Bytes that do not fit */

/* Restores them in the middle of a word. @why: part of the warning */
static void
check_refused (Fixture *fixture, GBytes *state, const char *why)
{
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  message = fixture_pop (fixture, GST_MESSAGE_WARNING);
  g_assert_nonnull (message);
  gst_message_parse_warning (message, &error, NULL);
  g_assert_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE);
  if (!strstr (error->message, why))
    g_error ("\"%s\" does not say \"%s\"", error->message, why);
}

/* The same of another version, whole. */
static GBytes *
make_other_version (GBytes *state)
{
  g_autoptr (GVariant) packed =
      g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("(ssay)"), state, FALSE));
  g_autoptr (GVariant) checksum = g_variant_get_child_value (packed, 1);
  g_autoptr (GVariant) content = g_variant_get_child_value (packed, 2);
  g_autoptr (GVariant) other =
      g_variant_ref_sink (g_variant_new ("(s@s@ay)", "hearken-stream-0", checksum, content));

  return g_variant_get_data_as_bytes (other);
}

static GBytes *
damage (GBytes *state)
{
  GByteArray *bytes = g_bytes_unref_to_array (g_bytes_ref (state));

  bytes->data[g_test_rand_int_range (0, bytes->len)] ^= 1 << g_test_rand_int_range (0, 8);
  return g_byte_array_free_to_bytes (bytes);
}

/* Each is told, and the stream goes on as if nothing had been. */
static void
test_refused (void)
{
  g_autoptr (GBytes) state = save_after ("..a.b");
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) text = g_bytes_new_static ("state", 5);
  g_autoptr (GBytes) other_version = make_other_version (state);
  g_autoptr (GString) pattern = g_string_new ("..a");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "endpoint-silence", 0, NULL); /* it is long */
  fixture_push (fixture, pattern->str, 0);
  check_refused (fixture, nothing, "not a saved state");
  check_refused (fixture, text, "not a saved state");
  check_refused (fixture, other_version, "of this version");
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GBytes) damaged = damage (state);
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (
        state, 0, g_test_rand_int_range (0, (gint32) g_bytes_get_size (state)));

    check_refused (fixture, damaged, "damaged");
    check_refused (fixture, cut, "damaged");
  }
  fixture_push (fixture, "b", GST_CLOCK_TIME_NONE);
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "ab:eos");
}

static void
test_refused_elsewhere (void)
{
  g_autoptr (GBytes) state = save_after ("..a.b");
  g_autoptr (Fixture) other_model = fixture_new (fixture_classic (), "F32");
  g_autoptr (Fixture) other_graph = fixture_new (NULL, "F32");
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *list = g_build_filename (dir, "list.txt", NULL);

  check_refused (other_model, state, "another model");
  g_assert_true (g_file_set_contents (list, "ab c\n", -1, NULL));
  gst_element_set_state (other_graph->element, GST_STATE_READY);
  g_object_set (other_graph->element, "grammar", list, NULL);
  fixture_restart (other_graph);
  check_refused (other_graph, state, "another graph");
  g_remove (list);
}

/* A stream that ends before its first segment, as that of a file without audio does, has no times. */
static void
test_no_segment (void)
{
  g_autoptr (GBytes) state = save_after ("..a.b");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  g_signal_emit_by_name (fixture->element, "restore-state", state);
  g_signal_emit_by_name (fixture->element, "save-state");
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "");
}

/* What is asked for is done in that order: one stream is put away, another is taken up. */
static void
test_exchange (void)
{
  g_autoptr (GBytes) b = save_after ("..b");
  g_autoptr (GBytes) a = NULL;
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (Fixture) other = fixture_new (NULL, "F32");
  GstClockTime timestamp;

  fixture_push (fixture, "..a", 0);
  g_signal_emit_by_name (fixture->element, "save-state");
  g_signal_emit_by_name (fixture->element, "restore-state", b);
  fixture_push (fixture, ".c..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "bc:silence");

  a = take_state (fixture, &timestamp);
  g_signal_emit_by_name (other->element, "restore-state", a);
  fixture_push (other, ".c..........", GST_CLOCK_TIME_NONE);
  assert_heard (other, "utterance", "ac:silence");
}

/* As with results, the timestamps are the stream time of a segment that has none. */
static void
test_no_stream_time (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstMessage) message = NULL;
  guint64 stream_time;

  fixture_push_segment (
      fixture, 1.0, GST_SECOND, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, 5 * GST_SECOND);
  fixture_push (fixture, "..a", GST_SECOND);
  g_signal_emit_by_name (fixture->element, "save-state");
  fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  message = fixture_pop (fixture, GST_MESSAGE_ELEMENT);
  g_assert_true (gst_message_has_name (message, "saved-state"));
  g_assert_true (
      gst_structure_get_uint64 (gst_message_get_structure (message), "stream-time", &stream_time));
  g_assert_cmpuint (stream_time, ==, GST_SECOND + 3 * LETTER_NS);
}

/* Without timestamps, in a segment that is elsewhere, times go on from its start. */
static void
test_no_times_elsewhere (void)
{
  g_autoptr (GBytes) state = save_after ("...........a");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push_segment (fixture, 1.0, 100 * GST_SECOND, GST_CLOCK_TIME_NONE, 0, 0);
  g_signal_emit_by_name (fixture->element, "restore-state", state);
  fixture_push (fixture, ".b..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:silence");
  assert_near (
      fixture_find (fixture, "token", "b").timestamp, 100 * GST_SECOND + LETTER_NS, TOLERANCE_NS);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/state/anywhere", test_anywhere);
  g_test_add_func ("/element/state/victim", test_victim);
  g_test_add_func ("/element/state/killed", test_killed);
  g_test_add_func ("/element/state/other-times", test_other_times);
  g_test_add_func ("/element/state/no-times", test_no_times);
  g_test_add_func ("/element/state/edges", test_edges);
  g_test_add_func ("/element/state/order", test_order);
  g_test_add_func ("/element/state/refused", test_refused);
  g_test_add_func ("/element/state/refused-elsewhere", test_refused_elsewhere);
  g_test_add_func ("/element/state/no-segment", test_no_segment);
  g_test_add_func ("/element/state/exchange", test_exchange);
  g_test_add_func ("/element/state/no-stream-time", test_no_stream_time);
  g_test_add_func ("/element/state/no-times-elsewhere", test_no_times_elsewhere);
  return fixture_run ();
}
