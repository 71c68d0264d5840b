/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What may be said: grammars, keywords, and how they are loaded and changed while audio flows. */

#include <glib/gstdio.h>

#include "element-fixture.h"

/* Files */

/* The path of a file that is there as long as the variable. */
typedef char TempFile;

static void
temp_file_free (TempFile *path)
{
  g_remove (path);
  g_free (path);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempFile, temp_file_free)

/* Returns: (transfer full) */
static TempFile *
write_file (const char *name, const char *text)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  char *path = g_build_filename (dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* Messages */

static void
assert_contains (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("\"%s\" does not contain \"%s\"", text, part);
}

/* Waits for the warning that a vocabulary cannot be loaded. Returns: (transfer full): its text */
static char *
await_warning (Fixture *fixture)
{
  g_autoptr (GstMessage) message =
      gst_bus_timed_pop_filtered (fixture->bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  return g_strdup (error->message);
}

static void
push_silence (Fixture *fixture, gsize n_samples)
{
  g_autofree float *silence = g_new0 (float, n_samples); /* [n_samples] */

  fixture_push_samples (fixture, silence, n_samples, GST_CLOCK_TIME_NONE);
}

/* Goes on with silence, a millisecond at a time, until another vocabulary counts. Returns: how many
 * warnings there were until then */
static guint
await_vocabulary (Fixture *fixture)
{
  gboolean has_changed = FALSE;
  guint n_warnings = 0;

  while (!has_changed) {
    GstMessage *message = fixture_pop (fixture, GST_MESSAGE_ELEMENT | GST_MESSAGE_WARNING);

    if (!message)
      push_silence (fixture, RATE / 1000);
    else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
      n_warnings++;
    else
      has_changed = gst_message_has_name (message, "vocabulary-changed");
    g_clear_pointer (&message, gst_message_unref);
  }
  return n_warnings;
}

static void
change (Fixture *fixture, const char *property, const char *value)
{
  g_object_set (fixture->element, property, value, NULL);
  g_assert_cmpuint (await_vocabulary (fixture), ==, 0);
}

/* Files that are wrong */

/* From NULL to READY. Returns: (transfer full): the text of the one error */
static char *
fail_to_load (const char *property, const char *path)
{
  GstElement *element = gst_element_factory_make ("hearken", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_element_set_bus (element, bus);
  g_object_set (element, "model", fixture_tones (), property, path, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==, GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));

  /* It is not broken for good. */
  g_object_set (element, property, NULL, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==, GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
  return g_strdup (error->message);
}

static const char *const file_properties[] = { "dictionary", "language-model", "grammar",
  "keywords" };

static void
test_missing_files (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (file_properties); i++) {
    g_autofree char *text = fail_to_load (file_properties[i], "/no/such/file");

    assert_contains (text, "/no/such/file");
  }
}

/* What excludes each other, is out of range, or has words that nobody can say. */
static void
test_refused (void)
{
  g_autoptr (TempFile) unsayable = write_file ("unsayable.txt", "ab c\nhello\n");
  g_autoptr (TempFile) empty = write_file ("empty.txt", "# nothing\n");
  g_autofree char *word = fail_to_load ("grammar", unsayable);
  g_autofree char *nothing = fail_to_load ("grammar", empty);
  g_autofree char *keyword = fail_to_load ("keywords", unsayable);
  g_autofree char *alone = fail_to_load ("hotwords", unsayable);

  assert_contains (word, "hello");
  assert_contains (nothing, "empty.txt");
  assert_contains (keyword, "unsayable.txt:2");
  assert_contains (alone, "the model cannot spell");
}

/* It is told, with the line; what was recognised with before stays, and can be changed again. */
static void
test_bad_file_while_playing (void)
{
  g_autoptr (TempFile) bad =
      write_file ("bad.gram", "#JSGF V1.0;\ngrammar g;\npublic <s> = <nix>;\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autofree char *text = NULL, *missing = NULL;

  fixture_push (fixture, "..a", 0);
  g_object_set (fixture->element, "grammar", bad, NULL);
  text = await_warning (fixture);
  assert_contains (text, "bad.gram:3");
  fixture_push (fixture, ".b..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:silence");

  g_object_set (fixture->element, "grammar", "/no/such/file", NULL);
  missing = await_warning (fixture);
  assert_contains (missing, "/no/such/file");
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab:silence ab c:silence");
}

/* Vocabularies */

#define JSGF                                                                                       \
  "#JSGF V1.0;\ngrammar g;\npublic <s> = ab {first} c {second} | <other> {third};\n<other> = b "   \
  "a;\n"

#define ARPA                                                                                       \
  "\\data\\\nngram 1=6\n\n\\1-grams:\n-99 <s>\n-0.7 </s>\n-0.7 a\n-0.7 b\n-0.7 ab\n-0.7 "          \
  "c\n\n\\end\\\n"

/* The last utterance in the log. */
static HearkenToken
get_last_utterance (Fixture *fixture)
{
  g_autoptr (GPtrArray) structures = fixture_structures (fixture);
  HearkenToken token, last = { 0 };

  for (guint i = 0; i < structures->len; i++) {
    g_assert_true (hearken_token_parse (g_ptr_array_index (structures, i), &token));
    if (g_str_equal (token.level, "utterance"))
      last = token;
  }
  g_assert_nonnull (last.structure);
  return last;
}

static void
test_grammar (void)
{
  g_autoptr (TempFile) grammar = write_file ("g.gram", JSGF);
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken token;

  change (fixture, "grammar", grammar);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_cmpstr (token.text, ==, "ab c");
  g_assert_false (token.is_rejected);
  g_assert_cmpuint (token.n_tags, ==, 2);
  g_assert_cmpstr (hearken_token_get_tag (&token, 0), ==, "first");
  g_assert_cmpstr (hearken_token_get_tag (&token, 1), ==, "second");
  assert_heard (fixture, "word", "ab c");
}

/* What is no sentence of the grammar comes out as none of them. */
static void
test_rejection (void)
{
  g_autoptr (TempFile) grammar = write_file ("g.gram", JSGF);
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken token;

  change (fixture, "grammar", grammar);
  fixture_push (fixture, "..c.a.c...........", GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_cmpstr (token.text, ==, "");
  g_assert_true (token.is_rejected);
  g_assert_cmpstr (token.end_reason, ==, "silence");
  g_assert_cmpuint (token.n_tags, ==, 0);

  fixture_push (fixture, "..b. .a...........", GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_cmpstr (token.text, ==, "b a");
  g_assert_cmpstr (hearken_token_get_tag (&token, 0), ==, "third");
}

/* The nearest sentence is none of what was said; without a threshold it comes out all the same. */
static void
test_rejection_threshold (void)
{
  g_autoptr (TempFile) grammar = write_file ("g.gram", JSGF);
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken token;

  change (fixture, "grammar", grammar);
  g_object_set (fixture->element, "rejection-threshold", 0.0, NULL);
  fixture_push (fixture, "..c.a.c...........", GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_cmpstr (token.text, ==, "ab c");
  g_assert_cmpfloat (token.confidence, <, 0.01);
  g_object_set (fixture->element, "rejection-threshold", 1.0, NULL);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_true (token.is_rejected);
  g_assert_cmpfloat (token.confidence, >, 0.5);
}

/* A list of sentences is a grammar, too. From NULL on, and unset again. */
static void
test_sentences (void)
{
  g_autoptr (TempFile) list = write_file ("list.txt", "ab c\nb a\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  gst_element_set_state (fixture->element, GST_STATE_NULL);
  g_object_set (fixture->element, "grammar", list, NULL);
  fixture_restart (fixture);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");
  fixture_push (fixture, "..b.........", GST_CLOCK_TIME_NONE);
  g_assert_true (get_last_utterance (fixture).is_rejected);
  change (fixture, "grammar", NULL);
  fixture_push (fixture, "..b.........", GST_CLOCK_TIME_NONE);
  g_assert_cmpstr (get_last_utterance (fixture).text, ==, "b");
}

/* What is set in READY holds for the first word, however long it takes to load. */
static void
test_ready (void)
{
  g_autofree char *lines = g_strnfill (100000, '\n'); /* which take a while */
  g_autofree char *text = g_strconcat ("ab c\n", lines, NULL);
  g_autoptr (TempFile) list = write_file ("list.txt", text);
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  gst_element_set_state (fixture->element, GST_STATE_READY);
  g_object_set (fixture->element, "grammar", list, NULL);
  fixture_restart (fixture);
  fixture_push (fixture, "..b.........", 0);
  g_assert_true (get_last_utterance (fixture).is_rejected);
}

/* An utterance is heard to its end with what was loaded when it began. */
static void
test_next_utterance (void)
{
  g_autoptr (TempFile) list = write_file ("list.txt", "b a\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "endpoint-silence", 0, NULL); /* however long it takes to load */
  fixture_push (fixture, "..a.b", 0);
  change (fixture, "grammar", list);
  fixture_push (fixture, ". .c", GST_CLOCK_TIME_NONE);
  g_object_set (fixture->element, "endpoint-silence", 800, NULL);
  fixture_push (fixture, "..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab c:silence");
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  g_assert_true (get_last_utterance (fixture).is_rejected);
  fixture_push (fixture, "..b. .a..........", GST_CLOCK_TIME_NONE);
  g_assert_cmpstr (get_last_utterance (fixture).text, ==, "b a");
}

static void
test_alternatives (void)
{
  g_autoptr (TempFile) list = write_file ("list.txt", "ab c\nab\nb c\nc\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  HearkenToken token;
  double confidence, next;

  change (fixture, "grammar", list);
  g_object_set (fixture->element, "n-best", 3, NULL);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_cmpuint (token.n_alternatives, >=, 1);
  g_assert_cmpuint (token.n_alternatives, <=, 3);
  g_assert_cmpstr (hearken_token_get_alternative (&token, 0, &confidence), ==, "ab c");
  g_assert_cmpfloat (confidence, <=, 1);
  for (guint i = 1; i < token.n_alternatives; i++) {
    g_assert_cmpstr (hearken_token_get_alternative (&token, i, &next), !=, "ab c");
    g_assert_cmpfloat (next, <=, confidence);
    confidence = next;
  }

  g_object_set (fixture->element, "clean-up", TRUE, NULL);
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  token = get_last_utterance (fixture);
  g_assert_cmpstr (hearken_token_get_alternative (&token, 0, &confidence), ==, "Ab c");
}

static void
test_language_model (void)
{
  g_autoptr (TempFile) arpa = write_file ("lm.arpa", ARPA);
  g_autoptr (TempFile) hotwords = write_file ("hotwords.txt", "ab /2/\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  change (fixture, "language-model", arpa);
  change (fixture, "hotwords", hotwords);
  fixture_push (fixture, "..a.b. .c. .a...........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab c a:silence");
  assert_heard (fixture, "word", "ab c a");

  g_object_set (fixture->element, "hotwords", NULL, "word-bonus", -100.0, NULL);
  await_vocabulary (fixture);
  fixture_push (fixture, "..a.b. .c...........", GST_CLOCK_TIME_NONE);
  g_assert_cmpstr (get_last_utterance (fixture).text, ==, "");
}

/* A word that the language model does not have is spelled, if it may be. */
static void
test_unknown_word (void)
{
  g_autoptr (TempFile) arpa = write_file ("lm.arpa", ARPA);
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  g_object_set (fixture->element, "language-model", arpa, "unknown-penalty", 1.0, NULL);
  g_assert_cmpuint (await_vocabulary (fixture), ==, 0);
  fixture_push (fixture, "..c.a.b. .a.b...........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "cab ab:silence");
}

/* What belongs together is set together: neither alone could be loaded. */
static void
test_set_together (void)
{
  g_autoptr (TempFile) arpa = write_file ("lm.arpa", ARPA);
  g_autoptr (TempFile) list = write_file ("list.txt", "b a\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  change (fixture, "language-model", arpa);
  g_object_set (fixture->element, "grammar", list, "language-model", NULL, NULL);
  g_assert_cmpuint (await_vocabulary (fixture), ==, 0);
  fixture_push (fixture, "..b. .a..........", GST_CLOCK_TIME_NONE);
  g_assert_cmpstr (get_last_utterance (fixture).text, ==, "b a");
}

/* Only keywords, each once for one utterance of it, and again for the next. */
static void
test_keywords (void)
{
  g_autoptr (TempFile) list = write_file ("keywords.txt", "ab /0.3/\nc\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  change (fixture, "keywords", list);
  fixture_push (fixture, "..a.b.........b.a.......a.b..........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "word", "ab ab");
  g_object_set (fixture->element, "keyword-debounce", 3000, NULL);
  fixture_clear_log (fixture);
  fixture_push (
      fixture, "..c....c....c..............................c.........", GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "word", "c c");
}

/* A result replaces the one before of its index by a higher revision, and none comes after the final
 * one. @last: the one before, or zeroed */
static void
check_revision (const HearkenToken *token, HearkenToken *last)
{
  if (last->structure) {
    g_assert_false (last->is_final);
    g_assert_cmpuint (token->revision, >, last->revision);
  }
  *last = *token;
}

/* "ab c" in pieces, with results that are not final. */
static void
check_partials (const char *property, const char *path)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GPtrArray) structures = NULL;
  HearkenToken utterance = { 0 }, words[20] = { 0 };
  guint n_partial = 0;

  change (fixture, property, path);
  g_object_set (fixture->element, "partial-interval", 100, NULL);
  fixture_push_letters (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  structures = fixture_structures (fixture);
  for (guint i = 0; i < structures->len; i++) {
    HearkenToken token;

    g_assert_true (hearken_token_parse (g_ptr_array_index (structures, i), &token));
    if (g_str_equal (token.level, "utterance"))
      check_revision (&token, &utterance);
    else if (g_str_equal (token.level, "word"))
      check_revision (&token, &words[token.index]);
    n_partial += !token.is_final;
  }
  g_assert_true (utterance.is_final && words[0].is_final && words[1].is_final);
  g_assert_cmpstr (utterance.text, ==, "ab c");
  g_assert_cmpuint (n_partial, >=, 2);
}

/* Text that is shown while it is said is replaced, then final, and then never touched again. */
static void
test_partials (void)
{
  g_autoptr (TempFile) list = write_file ("list.txt", "ab c\nab\na\nb c a\n");
  g_autoptr (TempFile) arpa = write_file ("lm.arpa", ARPA);

  check_partials ("grammar", list);
  check_partials ("language-model", arpa);
}

/* The thread that loads */

/* Where a test holds it up. */
static struct {
  GMutex lock;
  GCond cond;
  enum { FREE, WAITING, RELEASED } state;
} gate;

static void
set_gate (guint state)
{
  g_mutex_lock (&gate.lock);
  gate.state = state;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.lock);
}

static void
await_gate (guint state)
{
  g_mutex_lock (&gate.lock);
  while (gate.state != state)
    g_cond_wait (&gate.cond, &gate.lock);
  g_mutex_unlock (&gate.lock);
}

/* It tells of a bad file here. */
static GstBusSyncReply
wait_at_gate (GstBus *bus, GstMessage *message, gpointer data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING) {
    set_gate (WAITING);
    await_gate (RELEASED);
    set_gate (FREE);
  }
  return GST_BUS_PASS;
}

/* Sets a file that there is not, and waits until that is being told. */
static void
close_gate (Fixture *fixture)
{
  gst_bus_set_sync_handler (fixture->bus, wait_at_gate, NULL, NULL);
  g_object_set (fixture->element, "grammar", "/no/such/file", NULL);
  await_gate (WAITING);
}

static void
open_gate (Fixture *fixture)
{
  gst_bus_set_sync_handler (fixture->bus, NULL, NULL, NULL);
  set_gate (RELEASED);
  await_gate (FREE);
}

/* The stream goes on meanwhile; of several requests the latest is loaded. */
static void
test_latest_request (void)
{
  g_autoptr (TempFile) one = write_file ("one.txt", "b a\n");
  g_autoptr (TempFile) two = write_file ("two.txt", "ab c\n");
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  close_gate (fixture);
  g_object_set (fixture->element, "grammar", one, NULL);
  g_object_set (fixture->element, "grammar", "/no/such/file/either", NULL);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");
  g_object_set (fixture->element, "grammar", two, NULL);
  open_gate (fixture);
  g_assert_cmpuint (await_vocabulary (fixture), ==, 1); /* the gate's own */
  fixture_push (fixture, SPEECH, GST_CLOCK_TIME_NONE);
  assert_heard (fixture, "utterance", "ab c:silence ab c:silence");
  g_assert_false (get_last_utterance (fixture).is_rejected);
}

/* To NULL and back while something is being loaded: that is dropped, what is set then counts. */
static void
test_stop_while_loading (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  close_gate (fixture);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  g_object_set (fixture->element, "grammar", NULL, NULL);
  fixture_restart (fixture);
  open_gate (fixture);
  fixture_push (fixture, SPEECH, 0);
  assert_heard (fixture, "utterance", "ab c:silence");
}

static gpointer
keep_changing (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 500; i++) {
    g_object_set (fixture->element, "language-weight", i % 10 / 10.0, "beam-width", i, "grammar",
        i % 3 ? NULL : "/no/such/file", NULL);
    g_signal_emit_by_name (fixture->element, i % 7 ? "finalize" : "reset");
  }
  return NULL;
}

/* All of it changes all the time, and the element stops in the middle of that. */
static void
test_threads (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GThread *thread = g_thread_new ("change", keep_changing, fixture);

  for (guint i = 0; i < 100; i++)
    fixture_push (fixture, "a.", 2 * i * LETTER_NS);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  g_thread_join (thread);
  g_object_set (fixture->element, "grammar", NULL, NULL);
  fixture_restart (fixture);
  fixture_clear_log (fixture);
  fixture_push (fixture, "..a..........", 0);
  assert_heard (fixture, "utterance", "a:silence");
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/vocabulary/missing", test_missing_files);
  g_test_add_func ("/element/vocabulary/refused", test_refused);
  g_test_add_func ("/element/vocabulary/stop-while-loading", test_stop_while_loading);
  g_test_add_func ("/element/vocabulary/latest-request", test_latest_request);
  g_test_add_func ("/element/vocabulary/threads", test_threads);
  g_test_add_func ("/element/vocabulary/bad-file-while-playing", test_bad_file_while_playing);
  g_test_add_func ("/element/vocabulary/grammar", test_grammar);
  g_test_add_func ("/element/vocabulary/rejection", test_rejection);
  g_test_add_func ("/element/vocabulary/rejection-threshold", test_rejection_threshold);
  g_test_add_func ("/element/vocabulary/sentences", test_sentences);
  g_test_add_func ("/element/vocabulary/ready", test_ready);
  g_test_add_func ("/element/vocabulary/next-utterance", test_next_utterance);
  g_test_add_func ("/element/vocabulary/alternatives", test_alternatives);
  g_test_add_func ("/element/vocabulary/language-model", test_language_model);
  g_test_add_func ("/element/vocabulary/unknown-word", test_unknown_word);
  g_test_add_func ("/element/vocabulary/set-together", test_set_together);
  g_test_add_func ("/element/vocabulary/keywords", test_keywords);
  g_test_add_func ("/element/vocabulary/partials", test_partials);
  return fixture_run ();
}
