/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Audio that is collected and heard at once: chunk-duration. */

#include <glib/gstdio.h>

#include "element-fixture.h"

#define MS (RATE / 1000)      /* samples */
#define BUFFER (10 * MS)      /* of a live source */
#define N_ACTIONS 400         /* of a story */
#define FOREVER_MS 10000      /* longer than what is said here */
#define LATE (5 * GST_SECOND) /* too late for the default max-lateness */

/* Descriptions, to the last bit */

static void
describe_structure (GString *text, const GstStructure *structure)
{
  GBytes *state = NULL;
  g_autoptr (GstStructure) rest = gst_structure_copy (structure);
  g_autofree char *line = NULL;

  if (gst_structure_get (structure, "state", G_TYPE_BYTES, &state, NULL)) {
    g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, state);

    g_string_append_printf (text, "%s ", digest);
    gst_structure_remove_field (rest, "state");
    g_bytes_unref (state);
  }
  line = gst_structure_to_string (rest);
  g_string_append_printf (text, "%s\n", line);
}

/* The events that were sent, among themselves. Returns: (transfer full) */
static char *
describe_events (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < fixture->log->len; i++) {
    GstEvent *event = g_ptr_array_index (fixture->log, i);

    if (!GST_IS_EVENT (event))
      continue;
    if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM)
      describe_structure (text, gst_event_get_structure (event));
    else
      g_string_append_printf (text, "%s\n", GST_EVENT_TYPE_NAME (event));
  }
  return g_string_free (text, FALSE);
}

/* Results and whatever else is told, such as QoS. Returns: (transfer full) */
static char *
describe_messages (Fixture *fixture)
{
  GString *text = g_string_new (NULL);
  GstMessage *message;

  while ((message = fixture_pop (
              fixture, GST_MESSAGE_ELEMENT | GST_MESSAGE_QOS | GST_MESSAGE_WARNING)) != NULL) {
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
      g_string_append (text, "warning\n");
    else
      describe_structure (text, gst_message_get_structure (message));
    gst_message_unref (message);
  }
  return g_string_free (text, FALSE);
}

static char *
describe_stats (Fixture *fixture)
{
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (fixture->element, "stats", &stats, NULL);
  return gst_structure_to_string (stats);
}

/* A story: whatever can happen to a stream. The same seed gives the same one. */

typedef struct {
  Fixture *fixture;
  GRand *rand;
  const float *samples; /* [n_samples] */
  gsize n_samples;
  gsize position;
  GstClockTime next; /* timestamp */
  GstClockTime now;  /* of the clock */
  GBytes *state;     /* nullable: the last one that was saved */
} Story;

static gint
pick (Story *story, gint end)
{
  return g_rand_int_range (story->rand, 0, end);
}

static GstClockTime
pick_ms (Story *story, gint end)
{
  return pick (story, end) * GST_MSECOND;
}

/* Often as a live source has them, sometimes a little off, which adds up. */
static void
push_audio (Story *story)
{
  gsize n = pick (story, 3) ? BUFFER : (gsize) pick (story, 2500);
  GstClockTime pts = story->next;
  GstBuffer *buffer;

  if (story->position + n > story->n_samples)
    story->position = 0;
  if (pick (story, 20) == 0)
    pts = GST_CLOCK_TIME_NONE;
  else if (pick (story, 4) == 0)
    pts += pick_ms (story, 12);
  if (pick (story, 3) == 0)
    story->next += pick_ms (story, 6);
  buffer = fixture_buffer (story->fixture, story->samples + story->position, n, pts);
  if (pick (story, 40) == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  g_assert_cmpint (gst_harness_push (story->fixture->harness, buffer), ==, GST_FLOW_OK);
  story->position += n;
  story->next += gst_util_uint64_scale (n, GST_SECOND, RATE);
}

static void
change_caps (Story *story)
{
  Fixture *fixture = story->fixture;
  g_autofree char *caps = NULL;

  fixture->format = g_str_equal (fixture->format, "F32") ? "S16" : "F32";
  caps = g_strdup_printf (
      "audio/x-raw, format=%sLE, layout=interleaved, channels=1, rate=%d", fixture->format, RATE);
  gst_harness_set_src_caps_str (fixture->harness, caps);
}

static void
change_setting (Story *story)
{
  static const struct {
    const char *name;
    gint end;
  } settings[] = { { "endpoint-silence", 500 }, { "partial-interval", 200 }, { "levels", 16 },
    { "max-delay", 3000 }, { "clean-up", 2 }, { "initial-silence", 900 }, { "max-gap-fill", 900 },
    { "state-policy", 2 }, { "late-policy", 2 } };
  const guint i = pick (story, G_N_ELEMENTS (settings));

  g_object_set (story->fixture->element, settings[i].name, pick (story, settings[i].end), NULL);
}

static void
push_segment (Story *story)
{
  const GstClockTime start = pick (story, 2) ? story->next : pick_ms (story, 3000);

  fixture_push_segment (
      story->fixture, 1.0, start, GST_CLOCK_TIME_NONE, start, pick (story, 2) ? start : 0);
  story->next = start;
}

static void
take_state (Story *story)
{
  for (guint i = story->fixture->log->len; i > 0; i--) {
    GstEvent *event = g_ptr_array_index (story->fixture->log, i - 1);

    if (!GST_IS_EVENT (event) || !gst_event_has_name (event, "saved-state"))
      continue;
    g_clear_pointer (&story->state, g_bytes_unref);
    gst_structure_get (gst_event_get_structure (event), "state", G_TYPE_BYTES, &story->state, NULL);
    return;
  }
}

static void
ask (Story *story)
{
  static const char *const signals[] = { "finalize", "reset", "save-state", "save-state" };

  take_state (story);
  if (story->state && pick (story, 4) == 0)
    g_signal_emit_by_name (story->fixture->element, "restore-state", story->state);
  else
    g_signal_emit_by_name (story->fixture->element, signals[pick (story, G_N_ELEMENTS (signals))]);
}

/* What is pushed next may be late. */
static void
let_time_pass (Story *story)
{
  const GstClockTime now = story->next + pick (story, 2) * LATE;

  story->now = MAX (story->now, now);
  gst_harness_set_time (story->fixture->harness, story->now);
}

static void
do_anything (Story *story)
{
  switch (pick (story, 200)) {
  case 0:
    push_segment (story);
    break;
  case 1:
    fixture_push_event (story->fixture, gst_event_new_segment_done (GST_FORMAT_TIME, story->next));
    break;
  case 2:
    fixture_push_event (story->fixture, gst_event_new_stream_start ("another"));
    push_segment (story);
    break;
  case 3:
    fixture_push_event (story->fixture, gst_event_new_gap (story->next, pick_ms (story, 300)));
    break;
  case 4:
    change_caps (story);
    break;
  case 5:
    story->next += pick_ms (story, 900); /* a hole, or a jump */
    break;
  case 6:
    story->next = pick_ms (story, 5000);
    break;
  case 7:
    let_time_pass (story);
    break;
  case 8:
  case 9:
    change_setting (story);
    break;
  case 10:
  case 11:
    ask (story);
    break;
  default:
    push_audio (story);
    break;
  }
}

typedef struct {
  char *events;
  char *messages;
  char *stats;
} Heard;

static void
heard_clear (Heard *heard)
{
  g_free (heard->events);
  g_free (heard->messages);
  g_free (heard->stats);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Heard, heard_clear)

static Heard
tell_story (const char *model, guint32 seed, gboolean in_chunks)
{
  g_autoptr (Fixture) fixture = fixture_new (model, "F32");
  Story story = { .fixture = fixture, .rand = g_rand_new_with_seed (seed) };
  g_autofree float *samples =
      speech_new ("..ab.c. .a.....bc.ca.. .b. ....ab .c..", &story.n_samples);

  story.samples = samples;
  gst_harness_use_testclock (fixture->harness);
  g_object_set (fixture->element, "partial-interval", 100, "endpoint-silence", 300, NULL);
  for (guint i = 0; i < N_ACTIONS; i++) {
    if (in_chunks && i % 50 == 0)
      g_object_set (fixture->element, "chunk-duration", g_test_rand_int_range (0, 400), NULL);
    do_anything (&story);
  }
  fixture_push_event (fixture, gst_event_new_eos ());
  g_rand_free (story.rand);
  g_clear_pointer (&story.state, g_bytes_unref);
  return (
      Heard){ describe_events (fixture), describe_messages (fixture), describe_stats (fixture) };
}

/* The first line that differs is all one wants to read. */
static void
assert_same_lines (const char *actual, const char *expected)
{
  g_auto (GStrv) lines = g_strsplit (actual, "\n", -1);
  g_auto (GStrv) expected_lines = g_strsplit (expected, "\n", -1);

  for (guint i = 0; lines[i] && expected_lines[i]; i++)
    g_assert_cmpstr (lines[i], ==, expected_lines[i]);
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (expected_lines));
}

/* Whatever happens: the same results, states, counts and warnings, in the same order among the other
 * events. */
static void
test_same (void)
{
  gsize length = 0;

  for (guint i = 0; i < 40; i++) {
    const char *model = i % 2 ? fixture_classic () : fixture_tones ();
    const guint32 seed = g_test_rand_int ();
    g_auto (Heard) expected = tell_story (model, seed, FALSE);
    g_auto (Heard) heard = tell_story (model, seed, TRUE);

    assert_same_lines (heard.events, expected.events);
    assert_same_lines (heard.messages, expected.messages);
    g_assert_cmpstr (heard.stats, ==, expected.stats);
    length += strlen (expected.events);
  }
  g_assert_cmpuint (length, >, 40000);
}

/* The moment of results */

static void
push_live (Fixture *fixture, const char *pattern)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (pattern, &n_samples);

  for (gsize i = 0; i < n_samples; i += BUFFER)
    fixture_push_samples (fixture, samples + i, BUFFER, GST_CLOCK_TIME_NONE);
}

/* Returns: how many buffers had left before the first result, or in all if there is none */
static guint
count_buffers_before (Fixture *fixture)
{
  guint n = 0;

  for (guint i = 0; i < fixture->log->len; i++) {
    GstEvent *event = g_ptr_array_index (fixture->log, i);

    if (GST_IS_EVENT (event) && gst_event_has_name (event, HEARKEN_TOKEN_NAME))
      break;
    n += GST_IS_BUFFER (event);
  }
  return n;
}

/* Results come later, by less than a chunk; audio does not wait. */
static void
test_moment (void)
{
  static const guint chunks_ms[] = { 0, 10, 80, 240 };
  guint at_once = 0;

  for (guint i = 0; i < G_N_ELEMENTS (chunks_ms); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "S16");
    const guint n_chunk = MAX (1, chunks_ms[i] / 10);
    guint n_before;

    g_object_set (fixture->element, "levels", 1, "chunk-duration", chunks_ms[i], NULL);
    push_live (fixture, SPEECH);
    n_before = count_buffers_before (fixture);
    if (i == 0)
      at_once = n_before;
    g_assert_cmpuint (n_before % n_chunk, ==, n_chunk - 1);
    g_assert_cmpuint (n_before, >=, at_once);
    g_assert_cmpuint (n_before, <, at_once + n_chunk);
    g_assert_cmpuint (
        gst_harness_buffers_in_queue (fixture->harness), ==, strlen (SPEECH) * LETTER / BUFFER);
  }
}

/* A change holds from the next buffer on. */
static void
test_change (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "chunk-duration", FOREVER_MS, NULL);
  push_live (fixture, "..a.");
  assert_heard (fixture, "token", "");
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 0);
  g_object_set (fixture->element, "chunk-duration", 0, NULL);
  push_live (fixture, ".");
  assert_heard (fixture, "token", "a");
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 5 * LETTER);
}

/* What has not been heard when a flush comes is as if it had never come. */
static void
test_flush (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "chunk-duration", FOREVER_MS, NULL);
  push_live (fixture, "..a.b.");
  fixture_flush (fixture);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, 0);
  fixture_push (fixture, SPEECH, 0);
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "ab c:silence");
  assert_like (fixture, SPEECH);
}

/* To READY: likewise. */
static void
test_ready (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "chunk-duration", FOREVER_MS, NULL);
  push_live (fixture, "..a.b.");
  fixture_restart (fixture);
  push_live (fixture, "..c.");
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "c:eos");
}

/* Takes the messages up to the one that another vocabulary counts. Returns: whether it has come */
static gboolean
take_messages (Fixture *fixture, guint *n_results)
{
  gboolean has_changed = FALSE;
  GstMessage *message;

  while (!has_changed && (message = fixture_pop (fixture, GST_MESSAGE_ELEMENT)) != NULL) {
    *n_results += gst_message_has_name (message, HEARKEN_TOKEN_NAME);
    has_changed = gst_message_has_name (message, "vocabulary-changed");
    gst_message_unref (message);
  }
  return has_changed;
}

/* Another vocabulary counts for nothing that came before it, whenever it is loaded. */
static void
test_vocabulary (void)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *list = g_build_filename (dir, "list", NULL);

  g_assert_true (g_file_set_contents (list, "b c\n", -1, NULL));
  for (guint i = 0; i < 20; i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    guint n_said = 0, n_heard = 0;

    g_object_set (fixture->element, "chunk-duration", FOREVER_MS, "levels", 1, NULL);
    push_live (fixture, "..a.");
    g_object_set (fixture->element, "grammar", list, NULL);
    g_usleep (i % 2 ? 20000 : 0); /* it is loaded by then, or it is not */
    for (; !take_messages (fixture, &n_heard); n_said++)
      push_live (fixture, "..a.");
    g_assert_cmpuint (n_heard, >=, n_said);
    g_assert_cmpuint (n_heard, <=, n_said + 1);
  }
  g_assert_cmpint (g_remove (list), ==, 0);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/chunk/same", test_same);
  g_test_add_func ("/element/chunk/moment", test_moment);
  g_test_add_func ("/element/chunk/change", test_change);
  g_test_add_func ("/element/chunk/flush", test_flush);
  g_test_add_func ("/element/chunk/ready", test_ready);
  g_test_add_func ("/element/chunk/vocabulary", test_vocabulary);
  return fixture_run ();
}
