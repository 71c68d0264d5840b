/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Another model while audio flows, and what people do to the files of models that are in use. */

#include <glib/gstdio.h>
#include <unistd.h>

#include "element-fixture.h"
#include "test-loading.h"

/* A model like fixture_tones(), which calls the tones x, y, z. Returns: (transfer full): its path */
static char *
write_other (const char *base_name)
{
  g_autoptr (TestModel) model = test_model_tones (RATE);

  test_model_set (model, "hearken.tokens", "[\"<blank>\", \" \", \"x\", \"y\", \"z\"]");
  test_model_set (model, "hearken.name", "other tones");
  return test_model_to_file (model, base_name);
}

/* The bytes of one model in a file for another. Returns: (transfer full): as g_file_get_contents() */
static char *
read_model (const char *path, gsize *n_bytes)
{
  char *bytes;

  g_assert_true (g_file_get_contents (path, &bytes, n_bytes, NULL));
  return bytes;
}

/* What is pushed, in the old model's letters, and how far it is. */
typedef struct {
  Fixture *fixture;
  GString *pattern;
  gboolean has_changed;
} Story;

static void
take_messages (Story *story)
{
  GstMessage *message;

  while ((message = fixture_pop (story->fixture, GST_MESSAGE_ELEMENT | GST_MESSAGE_WARNING))) {
    g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_ELEMENT);
    if (gst_message_has_name (message, "model-changed")) {
      g_assert_false (story->has_changed);
      g_assert_cmpstr (gst_structure_get_string (gst_message_get_structure (message), "model"), ==,
          "other tones");
      story->has_changed = TRUE;
    }
    gst_message_unref (message);
  }
}

static void
tell (Story *story, const char *pattern)
{
  fixture_push (story->fixture, pattern, story->pattern->len * LETTER_NS);
  g_string_append (story->pattern, pattern);
  take_messages (story);
}

/* Letters and pauses of any length. */
static void
tell_anything (Story *story)
{
  static const char *const pieces[] = { "a.", "b", ".", "c", " .", "...", "...............",
    "ab.c" };

  tell (story, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
}

/* The utterances in the old model's letters. */
static char *
get_utterances (Fixture *fixture)
{
  char *heard = fixture_heard (fixture, "utterance");

  for (char *letter = heard; *letter; letter++) {
    if (*letter >= 'x' && *letter <= 'z')
      *letter += 'a' - 'x';
  }
  return heard;
}

static void
assert_same_places (Fixture *fixture, Fixture *plain)
{
  g_autoptr (GPtrArray) structures = fixture_structures (fixture);
  g_autoptr (GPtrArray) expected = fixture_structures (plain);

  g_assert_cmpuint (structures->len, ==, expected->len);
  for (guint i = 0; i < structures->len; i++) {
    HearkenToken token, other;

    g_assert_true (hearken_token_parse (g_ptr_array_index (structures, i), &token));
    g_assert_true (hearken_token_parse (g_ptr_array_index (expected, i), &other));
    g_assert_cmpstr (token.level, ==, other.level);
    g_assert_cmpuint (token.utterance_id, ==, other.utterance_id);
    g_assert_cmpuint (token.index, ==, other.index);
    assert_near (token.running_time, other.running_time, TOLERANCE_NS);
    assert_near (token.duration, other.duration, 2 * TOLERANCE_NS);
  }
}

/* Whatever is said while the model changes, every word comes once, in its place. */
static void
test_no_word_lost (void)
{
  char *other = write_other ("other.safetensors");

  for (guint i = 0; i < 15; i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    g_autoptr (Fixture) plain = fixture_new (NULL, "F32");
    Story story = { fixture, g_string_new (NULL), FALSE };
    g_autofree char *heard = NULL, *utterances = NULL, *expected = NULL;

    for (guint j = g_test_rand_int_range (0, 6); j > 0; j--)
      tell_anything (&story);
    g_object_set (fixture->element, "model", other, NULL);
    while (!story.has_changed)
      tell_anything (&story);
    tell (&story, "ab.c. .a..........");

    fixture_push (plain, story.pattern->str, 0);
    heard = fixture_heard (fixture, "utterance");
    g_assert_nonnull (strstr (heard, "xyz x:silence"));
    utterances = get_utterances (fixture);
    expected = fixture_heard (plain, "utterance");
    g_assert_cmpstr (utterances, ==, expected);
    assert_same_places (fixture, plain);
    g_string_free (story.pattern, TRUE);
  }
  test_remove_file (other);
}

/* Flushes the fixture and goes on where it was. */
static void
save_and_restore (Fixture *fixture)
{
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GBytes) state = NULL;

  g_signal_emit_by_name (fixture->element, "save-state");
  fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  do {
    gst_clear_message (&message);
    message = fixture_pop (fixture, GST_MESSAGE_ELEMENT);
  } while (!gst_message_has_name (message, "saved-state"));
  gst_structure_get (gst_message_get_structure (message), "state", G_TYPE_BYTES, &state, NULL);
  fixture_flush (fixture);
  g_signal_emit_by_name (fixture->element, "restore-state", state);
}

/* The utterance that is open, also in a state that is restored, is the old model's to its end. What is set
 * holds for both. */
static void
test_open_utterance (void)
{
  char *other = write_other ("other.safetensors");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  Story story = { fixture, g_string_new (NULL), FALSE };
  guint n_letters = 0;

  g_object_set (fixture->element, "endpoint-silence", 0, NULL); /* however long it takes to load */
  tell (&story, "..a.b");
  save_and_restore (fixture);
  g_object_set (fixture->element, "model", other, NULL);
  g_object_set (fixture->element, "language-weight", 2.0, NULL); /* while it is being loaded */
  for (guint i = 0; i < 50; i++) {
    g_usleep (1000);
    tell (&story, ".");
  }
  g_assert_false (story.has_changed);
  tell (&story, "c.");
  g_signal_emit_by_name (fixture->element, "finalize");
  for (; !story.has_changed; n_letters++)
    tell (&story, ".");
  g_assert_cmpuint (n_letters, >=, 5); /* in which the old one might still tell of a word */
  tell (&story, "..a..........");
  fixture_push_event (fixture, gst_event_new_eos ());
  assert_heard (fixture, "utterance", "abc:manual x:eos");
  g_string_free (story.pattern, TRUE);
  test_remove_file (other);
}

/* Returns: what was recognised last */
static HearkenToken
get_last (Fixture *fixture)
{
  g_autoptr (GPtrArray) structures = fixture_structures (fixture);
  HearkenToken token;

  g_assert_true (hearken_token_parse (g_ptr_array_index (structures, structures->len - 1), &token));
  return token;
}

/* From READY on; and where an utterance is cut short or what was heard is forgotten, sooner or later. */
static void
test_new_start (void)
{
  static const char *const expected[] = { "a:gap b:silence a:silence", "a:silence", "a:silence",
    "a:silence" };
  char *other = write_other ("other.safetensors");
  g_autoptr (Fixture) ready = fixture_new (NULL, "F32");

  gst_element_set_state (ready->element, GST_STATE_READY);
  g_object_set (ready->element, "model", other, NULL);
  fixture_restart (ready);
  fixture_push (ready, SPEECH, 0);
  assert_heard (ready, "utterance", "xy z:silence");

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    g_autofree char *utterances = NULL;

    fixture_push (fixture, i < 3 ? "..a" : "...", 0);
    g_object_set (fixture->element, "model", other, NULL);
    g_usleep (20000); /* it is loaded by then, or it is not */
    if (i == 3)
      fixture_push (fixture, ".", 3 * LETTER_NS);
    if (i == 0)
      fixture_push (fixture, "b..........", 20 * GST_SECOND);
    else if (i == 1)
      fixture_flush (fixture);
    else
      g_signal_emit_by_name (fixture->element, "reset");
    fixture_push (fixture, "..a..........", 40 * GST_SECOND);
    utterances = get_utterances (fixture);
    g_assert_cmpstr (utterances, ==, expected[i]);
    assert_near (get_last (fixture).timestamp, 40 * GST_SECOND + 2 * LETTER_NS, TOLERANCE_NS);
  }
  test_remove_file (other);
}

/* Where nothing was heard yet, it takes over before the first audio is heard. */
static void
test_nothing_heard (void)
{
  char *other = write_other ("other.safetensors");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  Story story = { fixture, NULL, FALSE };

  g_object_set (fixture->element, "model", other, NULL);
  while (!story.has_changed) {
    fixture_flush (fixture);
    take_messages (&story);
    g_assert_false (story.has_changed);
    fixture_push (fixture, "a", 0);
    take_messages (&story);
  }
  test_remove_file (other);
}

/* A word that was cut off by a flush is over: nobody speaks in the silence behind it. */
static void
test_flushed_word (void)
{
  char *other = write_other ("other.safetensors");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  Story story = { fixture, g_string_new (NULL), FALSE };

  fixture_push (fixture, "..a.", 0);
  fixture_flush (fixture);
  tell (&story, ".");
  g_object_set (fixture->element, "model", other, NULL);
  for (guint i = 0; i < 1000 && !story.has_changed; i++) {
    g_usleep (1000); /* while it is loaded */
    tell (&story, ".");
  }
  g_assert_true (story.has_changed);
  g_string_free (story.pattern, TRUE);
  test_remove_file (other);
}

/* Models that cannot take over */

/* Returns: (transfer full): the text of the warning */
static char *
await_warning (Fixture *fixture)
{
  g_autoptr (GstMessage) message =
      gst_bus_timed_pop_filtered (fixture->bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  g_assert_cmpuint (error->domain, ==, GST_RESOURCE_ERROR);
  return g_strdup (error->message);
}

/* They are told, with the reason, and the old one goes on, in the middle of a word. */
static void
test_refused (void)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *broken = g_build_filename (dir, "broken.safetensors", NULL);
  const char *const cases[][2] = {
    { "/no/such/model.safetensors", "/no/such/model.safetensors" },
    { "klingon", "There is no speech model \"klingon\"" },
    { broken, "broken.safetensors" },
    { fixture_tones_8k (), "it takes audio at 8000 Hz, not at 16000 Hz" },
  };
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_assert_true (g_file_set_contents (broken, "nonsense", -1, NULL));
  fixture_push (fixture, "..a", 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = NULL;

    g_object_set (fixture->element, "model", cases[i][0], NULL);
    text = await_warning (fixture);
    if (!strstr (text, cases[i][1]))
      g_error ("\"%s\" does not say \"%s\"", text, cases[i][1]);
    fixture_push (fixture, ".", GST_CLOCK_TIME_NONE);
  }
  /* What is loaded later is loaded for the model that is in use. */
  g_object_set (fixture->element, "language-weight", 2.0, NULL);
  fixture_push (fixture, "b..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:silence");
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_ERROR));
  g_remove (broken);
}

/* Files that change */

/* A new file under the old name: the old model goes on, until the property is set again. */
static void
test_replaced (void)
{
  char *path = write_other ("model.safetensors");
  char *other = write_other ("other.safetensors");
  g_autoptr (Fixture) fixture = NULL;
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  Story story = { NULL, g_string_new (NULL), FALSE };

  bytes = read_model (fixture_tones (), &n_bytes);
  g_assert_true (g_file_set_contents (path, bytes, n_bytes, NULL));
  story.fixture = fixture = fixture_new (path, "F32");
  tell (&story, "..a");
  g_assert_cmpint (g_rename (other, path), ==, 0);
  tell (&story, ".b..........");
  assert_heard (fixture, "utterance", "ab:silence");
  g_object_set (fixture->element, "model", path, NULL);
  while (!story.has_changed)
    tell (&story, ".");
  tell (&story, SPEECH);
  assert_heard (fixture, "utterance", "ab:silence xy z:silence");
  g_string_free (story.pattern, TRUE);
  test_remove_file (other);
  test_remove_file (path);
}

/* A file that shrinks under a model in use: nobody notices before it is loaded again. */
static void
test_truncated (void)
{
  char *path = write_other ("model.safetensors");
  g_autoptr (Fixture) fixture = fixture_new (path, "F32");
  g_autofree char *text = NULL;
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  fixture_push (fixture, "..a", 0);
  g_assert_cmpint (truncate (path, 100), ==, 0);
  fixture_push (fixture, ".b..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "xy:silence");
  g_assert_cmpint (truncate (path, 0), ==, 0);
  g_object_set (fixture->element, "model", path, NULL);
  text = await_warning (fixture);
  g_assert_nonnull (strstr (text, path));
  fixture_push (fixture, "..c..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "xy:silence z:silence");

  gst_element_set_state (fixture->element, GST_STATE_NULL);
  g_assert_cmpint (
      gst_element_set_state (fixture->element, GST_STATE_PLAYING), ==, GST_STATE_CHANGE_FAILURE);
  bytes = read_model (fixture_tones (), &n_bytes);
  g_assert_true (g_file_set_contents (path, bytes, n_bytes, NULL));
  fixture_restart (fixture);
  fixture_clear_log (fixture);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");
  test_remove_file (path);
}

/* The files of words are read, too, and not mapped. */
static void
test_truncated_vocabulary (void)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *list = g_build_filename (dir, "list.txt", NULL);
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_assert_true (g_file_set_contents (list, "ab c\nb a\n", -1, NULL));
  gst_element_set_state (fixture->element, GST_STATE_READY);
  g_object_set (fixture->element, "grammar", list, NULL);
  fixture_restart (fixture);
  fixture_push (fixture, "..a", 0);
  g_assert_cmpint (truncate (list, 0), ==, 0);
  fixture_push (fixture, ".b. .c..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab c:silence");
  g_remove (list);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/model-change/no-word-lost", test_no_word_lost);
  g_test_add_func ("/element/model-change/open-utterance", test_open_utterance);
  g_test_add_func ("/element/model-change/new-start", test_new_start);
  g_test_add_func ("/element/model-change/nothing-heard", test_nothing_heard);
  g_test_add_func ("/element/model-change/flushed-word", test_flushed_word);
  g_test_add_func ("/element/model-change/refused", test_refused);
  g_test_add_func ("/element/model-change/replaced", test_replaced);
  g_test_add_func ("/element/model-change/truncated", test_truncated);
  g_test_add_func ("/element/model-change/truncated-vocabulary", test_truncated_vocabulary);
  return fixture_run ();
}
