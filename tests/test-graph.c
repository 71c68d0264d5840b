/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Decoding with what may be said: language models, grammars and keywords, over whole streams. */
#include <glib/gstdio.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "graph-internal.h"
#include "hearken.h"
#include "test-loading.h"
#include "test-models.h"

#define RATE 16000
#define SECONDS 12
#define DEFAULTS .language_weight = NAN, .word_bonus = NAN, .unknown_penalty = NAN

static const char *arpa = "\\data\\\nngram 1=6\n\n\\1-grams:\n"
                          "-1.0 </s>\n-99 <s>\n-0.7 a\n-0.7 ab\n-0.7 bc\n-0.7 c\n\n\\end\\\n";
static const char *jsgf = "#JSGF V1.0;\ngrammar test;\n"
                          "public <command> = (ab {first} | c {second}) bc {last};\n";
static const char *keywords = "ab\nbc /0.3/\n";

typedef struct {
  HearkenModel *model;
  char *directory;
  float *samples; /* [SECONDS * RATE] */
} Fixture;

static char *
write_file (const Fixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestModel) description = test_model_tones (RATE);
  g_autoptr (GError) error = NULL;

  fixture->model = test_load (description);
  fixture->directory = g_dir_make_tmp ("hearken-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->samples = g_new0 (float, SECONDS *RATE);
  g_free (write_file (fixture, "words.arpa", arpa));
  g_free (write_file (fixture, "commands.jsgf", jsgf));
  g_free (write_file (fixture, "keywords.txt", keywords));
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "words.arpa", "commands.jsgf", "keywords.txt", "other.txt",
    "words.lm" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->samples);
  hearken_model_unref (fixture->model);
}

/* Letters and spaces as tones of 100 ms with 30 ms of silence in between, from @seconds on. */
static void
say (Fixture *fixture, double seconds, const char *text)
{
  static const double tones[] = { ['a' - 'a'] = 800, ['b' - 'a'] = 1500, ['c' - 'a'] = 2600 };
  gsize at = seconds * RATE;

  for (; *text != '\0'; text++, at += 13 * RATE / 100)
    test_add_tone (
        fixture->samples, at, at + RATE / 10, *text == ' ' ? 300 : tones[*text - 'a'], RATE);
}

/* @name: of a file of the fixture */
static HearkenGraph *
load_graph (const Fixture *fixture, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;

  if (g_str_has_suffix (name, ".arpa"))
    options.language_model = path;
  else if (g_str_equal (name, "keywords.txt"))
    options.keywords = path;
  else
    options.grammar = path;
  return hearken_graph_new (fixture->model, &options, error);
}

/* @name: NULL for no graph */
static HearkenRecognizer *
new_recognizer (const Fixture *fixture, const char *name)
{
  HearkenRecognizer *recognizer = hearken_recognizer_new (fixture->model);

  hearken_recognizer_set_endpoint_silence_ms (recognizer, 500);
  if (name != NULL) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HearkenGraph) graph = load_graph (fixture, name, &error);

    g_assert_no_error (error);
    hearken_recognizer_set_graph (recognizer, graph);
  }
  return recognizer;
}

/* Appends final words as "word@seconds", utterances as "[text!reason]", rejections as "[!reason]";
 * with @all also the other results, and everything they say to the last bit. */
static void
append_results (GString *log, HearkenRecognizer *recognizer, bool all)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    const char *reason = hearken_end_reason_to_string (result->end_reason);

    if (all)
      g_string_append_printf (log, "%s %u.%u %d %d %a %u+%u %u ",
          hearken_level_to_string (result->level), (guint) result->utterance_id, result->index,
          result->revision, result->is_final, result->confidence, (guint) result->start_samples,
          (guint) result->duration_samples, result->n_alternatives);
    if (all || (result->level == HEARKEN_LEVEL_WORD && result->is_final))
      g_string_append_printf (log, "%s@%.1f ", result->text, (double) result->start_samples / RATE);
    else if (result->level == HEARKEN_LEVEL_UTTERANCE && result->is_final)
      g_string_append_printf (log, "[%s!%s] ", result->text, reason);
    g_assert_true (result->confidence >= 0 && result->confidence <= 1);
    g_assert_true (!result->is_rejected || *result->text == '\0');
    hearken_result_free (result);
  }
}

/* @slice: samples per push; 0: random numbers of them */
static char *
recognize (HearkenRecognizer *recognizer, const Fixture *fixture, double begin, double end,
    gsize slice, bool all)
{
  GString *log = g_string_new (NULL);
  const gsize n_samples = end * RATE;

  for (gsize at = begin * RATE, n_push; at < n_samples; at += n_push) {
    n_push = slice > 0 ? slice : (gsize) g_test_rand_int_range (1, 9000);
    n_push = MIN (n_push, n_samples - at);
    hearken_recognizer_push (recognizer, fixture->samples + at, n_push);
    append_results (log, recognizer, all);
  }
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  append_results (log, recognizer, all);
  return g_string_free (log, FALSE);
}

static void
expect (Fixture *fixture, const char *graph, double seconds, const char *expected)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, graph);
  g_autofree char *log = recognize (recognizer, fixture, 0, seconds, 0, false);

  g_assert_cmpstr (g_strchomp (log), ==, expected);
}

/* The first word after an endpoint and the last one at the end are there. */
static void
test_no_word_is_lost (Fixture *fixture, gconstpointer data)
{
  say (fixture, 0.0, "ab bc");
  say (fixture, 2.0, "c a");
  say (fixture, 3.74, "bc"); /* up to the last sample */
  expect (fixture, "words.arpa", 3.97,
      "ab@0.0 bc@0.4 [ab bc!silence] c@2.0 a@2.3 [c a!silence] bc@3.7 [bc!eos]");
}

/* What the vocabulary does not have is heard as the nearest thing it has, or as nothing. */
static void
test_silence_is_no_word (Fixture *fixture, gconstpointer data)
{
  expect (fixture, "words.arpa", 3, "");
  expect (fixture, "commands.jsgf", 3, "");
  expect (fixture, "keywords.txt", 3, "");
  say (fixture, 1, " ");
  expect (fixture, "words.arpa", 3, "");
}

static void
test_grammar (Fixture *fixture, gconstpointer data)
{
  say (fixture, 0.5, "c bc");
  say (fixture, 2.5, "a");
  say (fixture, 4.5, "ab bc");
  expect (fixture, "commands.jsgf", 6,
      "c@0.5 bc@0.8 [c bc!silence] [!silence] ab@4.5 bc@4.9 [ab bc!silence]");
}

/* A sentence that has to be said, but does not sound like it, is not sure, and nor is any of its words. */
static void
test_match (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = NULL;
  guint n_results = 0;
  HearkenResult *result;

  g_free (write_file (fixture, "other.txt", "a bc\n"));
  recognizer = new_recognizer (fixture, "other.txt");
  hearken_recognizer_set_rejection_threshold (recognizer, 0);
  say (fixture, 0.5, "c bc");
  hearken_recognizer_push (recognizer, fixture->samples, 3 * RATE);
  for (; (result = hearken_recognizer_pull (recognizer)) != NULL; hearken_result_free (result))
    if (result->level == HEARKEN_LEVEL_WORD || result->level == HEARKEN_LEVEL_UTTERANCE) {
      g_test_message ("%s %g", result->text, result->confidence);
      g_assert_cmpfloat (result->confidence, <, 0.5);
      n_results++;
    }
  g_assert_cmpuint (n_results, ==, 3);
}

static void
test_tags_and_confidence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "commands.jsgf");
  guint n_utterances = 0;
  HearkenResult *result;

  say (fixture, 0.5, "c bc");
  hearken_recognizer_set_n_best (recognizer, 3);
  hearken_recognizer_push (recognizer, fixture->samples, 3 * RATE);
  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    if (result->level == HEARKEN_LEVEL_UTTERANCE) {
      g_assert_cmpuint (g_strv_length (result->tags), ==, 2);
      g_assert_cmpstr (result->tags[0], ==, "second");
      g_assert_cmpstr (result->tags[1], ==, "last");
      g_assert_cmpuint (result->n_alternatives, >=, 1);
      g_assert_cmpstr (result->alternatives[0].text, ==, "c bc");
      g_assert_cmpfloat (result->confidence, >, 0.8);
      n_utterances++;
    }
    hearken_result_free (result);
  }
  g_assert_cmpuint (n_utterances, ==, 1);
}

/* Once for each time it is said, from the first to the last. */
static void
test_keywords (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    say (fixture, 0.5 + 2 * i, "ab");
  say (fixture, 9, "ca");
  expect (fixture, "keywords.txt", 11,
      "ab@0.5 [ab!silence] ab@2.5 [ab!silence] ab@4.5 [ab!silence] ab@6.5 [ab!silence]");
}

/* A word late in the stream is where it is said. */
static void
test_times_do_not_drift (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "words.arpa");
  g_autoptr (GString) log = g_string_new (NULL);

  say (fixture, 0.5, "ab");
  for (guint i = 0; i < 20; i++) {
    g_string_truncate (log, 0);
    hearken_recognizer_push_silence (recognizer, 50 * RATE);
    hearken_recognizer_push (recognizer, fixture->samples, 10 * RATE);
    append_results (log, recognizer, false);
  }
  g_assert_cmpstr (log->str, ==, "ab@1190.5 [ab!silence] ");
}

static const char *const graphs[] = { NULL, "words.arpa", "commands.jsgf", "keywords.txt" };

static HearkenRecognizer *
new_talkative (const Fixture *fixture, gsize graph)
{
  HearkenRecognizer *recognizer = new_recognizer (fixture, graphs[graph]);

  hearken_recognizer_set_partial_interval_ms (recognizer, 100);
  hearken_recognizer_set_n_best (recognizer, 3);
  hearken_recognizer_set_max_delay_ms (recognizer, 300);
  hearken_recognizer_set_max_utterance_ms (recognizer, 2000);
  hearken_recognizer_set_initial_silence_ms (recognizer, 700);
  return recognizer;
}

static void
say_a_lot (Fixture *fixture)
{
  say (fixture, 0.5, "c bc");
  say (fixture, 3, "ab c a bc ab bc ab a c bc");
  say (fixture, 7.4, "bc");
}

static void
test_slicing_invariance (Fixture *fixture, gconstpointer data)
{
  static const gsize slices[] = { 100, 4096, 0, 0 };

  say_a_lot (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (graphs); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_talkative (fixture, i);
    g_autofree char *whole = recognize (recognizer, fixture, 0, 8, SECONDS * RATE, true);

    g_assert_cmpstr (whole, !=, "");
    for (gsize j = 0; j < G_N_ELEMENTS (slices); j++) {
      g_autoptr (HearkenRecognizer) sliced = new_talkative (fixture, i);
      g_autofree char *log = recognize (sliced, fixture, 0, 8, slices[j], true);

      g_assert_cmpstr (log, ==, whole);
    }
  }
}

static void
test_save_and_restore (Fixture *fixture, gconstpointer data)
{
  say_a_lot (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (graphs); i++)
    for (double cut = 0.7; cut < 7.5; cut += 0.83) {
      g_autoptr (HearkenRecognizer) first = new_talkative (fixture, i);
      g_autoptr (HearkenRecognizer) other = new_talkative (fixture, i);
      g_autoptr (GString) head = g_string_new (NULL);
      g_autoptr (GBytes) state = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *expected = NULL, *restored = NULL;

      hearken_recognizer_push (first, fixture->samples, (gsize) (cut * RATE));
      append_results (head, first, true);
      state = hearken_recognizer_save (first);
      expected = recognize (first, fixture, cut, 8, 0, true);
      hearken_recognizer_restore (other, state, &error);
      g_assert_no_error (error);
      restored = recognize (other, fixture, cut, 8, 0, true);
      g_assert_cmpstr (restored, ==, expected);
    }
}

static void
test_states_know_their_graph (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) words = new_recognizer (fixture, "words.arpa");
  g_autoptr (HearkenRecognizer) commands = new_recognizer (fixture, "commands.jsgf");
  g_autoptr (GBytes) state = hearken_recognizer_save (words);
  g_autoptr (GError) error = NULL;

  g_assert_false (hearken_recognizer_restore (commands, state, &error));
  g_assert_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_GRAPH);
}

static guint64
digest_graph (const Fixture *fixture, HearkenGraphOptions options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenGraph) graph = hearken_graph_new (fixture->model, &options, &error);

  g_assert_no_error (error);
  return graph->digest;
}

#define LANGUAGE_MODEL(n_bigrams, bigrams)                                                         \
  "\\data\\\nngram 1=2\nngram 2=" n_bigrams "\n\\1-grams:\n-1 ab\n-1 c\n\\2-grams:\n" bigrams      \
  "\\end\\\n"

/* The same words with other weights, boosts, letters or pronunciations are another graph. */
static void
test_graphs_of_the_same_words (Fixture *fixture, gconstpointer data)
{
  g_autofree char *words = g_build_filename (fixture->directory, "words.arpa", NULL);
  g_autofree char *list = g_build_filename (fixture->directory, "keywords.txt", NULL);
  g_autofree char *commands = g_build_filename (fixture->directory, "commands.jsgf", NULL);
  g_autofree char *file = write_file (fixture, "other.txt", "ab c\n");
  const HearkenGraphOptions grammar = { .grammar = file, DEFAULTS };
  const HearkenGraphOptions hotwords = { .language_model = words, .hotwords = file, DEFAULTS };
  const HearkenGraphOptions keyword_list = { .keywords = list, .dictionary = file, DEFAULTS };
  const HearkenGraphOptions keywords_themselves = { .keywords = file, DEFAULTS };
  const HearkenGraphOptions said = { .grammar = commands, .dictionary = file, DEFAULTS };
  const HearkenGraphOptions model = { .language_model = file, DEFAULTS };
  HearkenGraphOptions heavier = model, spelled = model;
  const struct {
    const HearkenGraphOptions *options;
    const char *first, *second; /* contents of the file */
  } cases[] = {
    { &hotwords, "ab c\n", "ab c /3/\n" },
    { &hotwords, "ab c\n", "c ab\n" },
    { &grammar, "#JSGF V1.0; grammar g; public <s> = ab | c;",
        "#JSGF V1.0; grammar g; public <s> = /3/ ab | c;" },
    { &grammar, "ab\nc\n", "Ab\nc\n" },
    { &keyword_list, "ab a b\nbc b c\n", "ab b a\nbc b c\n" },
    { &keywords_themselves, "ab\n", "ab /0.2/\n" },
    { &said, "ab a\nbc b\nc c\n", "ab b\nbc a\nc c\n" },
    { &model, LANGUAGE_MODEL ("0", ""), LANGUAGE_MODEL ("1", "-0.2 ab c\n") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_free (write_file (fixture, "other.txt", cases[i].first));
    const guint64 first = digest_graph (fixture, *cases[i].options);
    g_free (write_file (fixture, "other.txt", cases[i].second));
    g_assert_cmphex (digest_graph (fixture, *cases[i].options), !=, first);
  }
  heavier.language_weight = 100; /* the most */
  spelled.unknown_penalty = 0;
  g_assert_cmphex (digest_graph (fixture, heavier), !=, digest_graph (fixture, model));
  g_assert_cmphex (digest_graph (fixture, spelled), !=, digest_graph (fixture, model));
}

/* All that was said so far comes at once; then the stream goes on, and nothing comes twice. */
static void
test_finalize (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "words.arpa");
  g_autoptr (GString) log = g_string_new (NULL);

  say (fixture, 0.5, "ab c");
  say (fixture, 1.2, "bc");
  hearken_recognizer_push (recognizer, fixture->samples, (gsize) (1.0 * RATE));
  append_results (log, recognizer, false);
  hearken_recognizer_finalize (recognizer);
  hearken_recognizer_finalize (recognizer);
  append_results (log, recognizer, false);
  g_assert_cmpstr (log->str, ==, "ab@0.5 c@0.9 [ab c!manual] ");
  g_string_truncate (log, 0);
  hearken_recognizer_push (recognizer, fixture->samples + RATE, 2 * RATE);
  append_results (log, recognizer, false);
  g_assert_cmpstr (log->str, ==, "bc@1.2 [bc!silence] ");
}

/* What is said right after a keyword, for which another graph was set, loses nothing to the silence that
 * its utterance is flushed with. */
static void
test_finalize_before_speech (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestModel) description = test_model_tones (RATE);

  test_model_set (description, "hearken.decoding", "{\"flush_ms\": 300}");
  hearken_model_unref (fixture->model);
  fixture->model = test_load (description);
  say (fixture, 0.5, "bc");
  say (fixture, 0.9, "ab bc");
  for (gsize i = 0; i < 2 * (G_N_ELEMENTS (graphs) - 1); i++) {
    const char *before = i % 2 == 0 ? "keywords.txt" : "words.arpa", *after = graphs[1 + i / 2];
    g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, before);
    g_autoptr (HearkenGraph) graph = load_graph (fixture, after, NULL);
    g_autoptr (GString) log = g_string_new (NULL);
    g_autofree char *rest = NULL;

    hearken_recognizer_push (recognizer, fixture->samples, (gsize) (0.85 * RATE));
    hearken_recognizer_set_graph (recognizer, graph);
    hearken_recognizer_finalize (recognizer);
    append_results (log, recognizer, false);
    g_assert_cmpstr (log->str, ==, "bc@0.5 [bc!manual] ");
    rest = recognize (recognizer, fixture, 0.85, 3, 0, false);
    g_assert_cmpstr (rest, ==, "ab@0.9 bc@1.3 [ab bc!silence] ");
  }
}

static void
test_graph_changes_between_utterances (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "words.arpa");
  g_autoptr (HearkenGraph) graph = load_graph (fixture, "commands.jsgf", NULL);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GBytes) state = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *log = NULL;

  say (fixture, 0.5, "a a");
  say (fixture, 2.5, "a a");
  hearken_recognizer_push (recognizer, fixture->samples, (gsize) (0.75 * RATE));
  hearken_recognizer_set_graph (recognizer, graph);
  append_results (head, recognizer, false);
  state = hearken_recognizer_save (recognizer); /* with the graph that is still in use */
  hearken_recognizer_restore (recognizer, state, &error);
  g_assert_no_error (error);
  log = recognize (recognizer, fixture, 0.75, 4, 0, false);
  g_assert_cmpstr (log, ==, "a@0.5 a@0.8 [a a!silence] [!silence] ");
}

/* What is set in the middle of a stream tells the stream's times; after a reset it waits for nothing. */
static void
test_graph_in_the_middle (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 1; i < G_N_ELEMENTS (graphs); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, NULL);
    g_autoptr (HearkenGraph) graph = load_graph (fixture, graphs[i], NULL);
    g_autofree char *log = NULL, *again = NULL;

    memset (fixture->samples, 0, 4 * RATE * sizeof (float));
    say (fixture, 1.5, "ab bc");
    hearken_recognizer_push (recognizer, fixture->samples, RATE);
    hearken_recognizer_set_graph (recognizer, graph);
    log = recognize (recognizer, fixture, 1, 4, 0, false);
    g_assert_cmpstr (log, ==, "ab@1.5 bc@1.9 [ab bc!silence] ");
    hearken_recognizer_push (recognizer, fixture->samples, 1.7 * RATE);
    hearken_recognizer_set_graph (recognizer, NULL); /* for the next utterance, but there is none */
    hearken_recognizer_reset (recognizer);
    memset (fixture->samples, 0, 4 * RATE * sizeof (float));
    say (fixture, 0.5, "cc");
    again = recognize (recognizer, fixture, 0, 4, 0, false);
    g_assert_cmpstr (again, ==, "cc@0.5 [cc!silence] ");
  }
}

/* A word that is joined from tokens ends with its utterance where a graph for the next one waits. */
static void
test_graph_after_a_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, NULL);
  g_autoptr (HearkenGraph) graph = load_graph (fixture, "words.arpa", NULL);
  g_autofree char *log = NULL;

  say (fixture, 0.5, "a ab");
  say (fixture, 2, "bc");
  hearken_recognizer_set_max_utterance_ms (recognizer, 450);
  hearken_recognizer_push (recognizer, fixture->samples, (gsize) (0.7 * RATE));
  hearken_recognizer_set_graph (recognizer, graph);
  log = recognize (recognizer, fixture, 0.7, 4, 0, false);
  g_assert_cmpstr (log, ==, "a@0.5 ab@0.8 [a ab!max-length] bc@2.0 [bc!max-length] ");
}

/* Drafts have rising revisions, and the last one of each is final. */
static void
test_drafts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "commands.jsgf");
  guint n_drafts = 0, n_utterances = 0, next_revision[3] = { 0 };
  bool is_final[3] = { false }, has_begun = false;
  HearkenResult *result;

  say (fixture, 0.5, "c bc");
  say (fixture, 3, "c bc"); /* the same again, and told anew */
  hearken_recognizer_set_partial_interval_ms (recognizer, 50);
  hearken_recognizer_push (recognizer, fixture->samples, 6 * RATE);
  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    const guint index = result->level == HEARKEN_LEVEL_WORD ? result->index : 2;

    if (result->level == HEARKEN_LEVEL_ACTIVITY)
      has_begun = g_str_equal (result->text, "start");
    if (result->level == HEARKEN_LEVEL_WORD || result->level == HEARKEN_LEVEL_UTTERANCE) {
      g_assert_true (has_begun);
      g_assert_cmpuint (index, <, 3);
      g_assert_false (is_final[index]);
      g_assert_cmpuint (result->revision, ==, next_revision[index]++);
      is_final[index] = result->is_final;
      n_drafts += !result->is_final;
    }
    hearken_result_free (result);
    if (is_final[2]) { /* the utterance */
      g_assert_true (is_final[0] && is_final[1]);
      g_assert_cmpuint (n_drafts, >=, 3);
      memset (is_final, 0, sizeof (is_final));
      memset (next_revision, 0, sizeof (next_revision));
      n_drafts = 0;
      n_utterances++;
    }
  }
  g_assert_cmpuint (n_utterances, ==, 2);
}

static void
test_activity (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, NULL);
  g_autoptr (GString) log = g_string_new (NULL);
  HearkenResult *result;

  say (fixture, 2, "a");
  hearken_recognizer_set_initial_silence_ms (recognizer, 1000);
  hearken_recognizer_push (recognizer, fixture->samples, 6 * RATE);
  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    g_string_append_printf (log, "%s:%s@%.1f ", hearken_level_to_string (result->level),
        result->text, (double) result->start_samples / RATE);
    hearken_result_free (result);
  }
  g_assert_cmpstr (log->str, ==,
      "activity:silence@1.0 activity:start@2.0 token:a@2.0 word:a@2.0 utterance:a@2.0 "
      "activity:end@2.1 activity:silence@3.6 ");
}

/* What the model is known to be off is put right, and what it hears as noise is not told. */
static void
test_offsets_and_fillers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestModel) description = test_model_tones (RATE);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (HearkenRecognizer) recognizer = NULL;

  test_model_set (
      description, "hearken.token-offsets", "[[0,0],[0,0],[-100,100],[-300,300],[0,0]]");
  test_model_set (description, "hearken.fillers", "[4]");
  hearken_model_unref (fixture->model);
  fixture->model = test_load (description);
  recognizer = new_recognizer (fixture, "words.arpa");
  say (fixture, 0.5, "a ab");
  say (fixture, 2.5, "c");
  say (fixture, 4.0, "cac");
  hearken_recognizer_push (recognizer, fixture->samples, 6 * RATE);
  append_results (log, recognizer, false);
  g_assert_cmpstr (log->str, ==, "a@0.4 ab@0.7 [a ab!silence] a@4.0 [a!silence] ");
}

/* A sentence of a grammar is rejected as a whole, however sure one of its words is. */
static void
test_doubtful_sentence (Fixture *fixture, gconstpointer data)
{
  double thresholds[2] = { 0, 0 }, confidence = 0;

  g_free (write_file (fixture, "other.txt", "a bc\nc bc\n"));
  say (fixture, 0.5, "a bc");
  say (fixture, 0.5, "c"); /* at once with the first word, which so may be either */
  for (gsize i = 0; i < G_N_ELEMENTS (thresholds); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "other.txt");
    double surest_word = 0;
    HearkenResult *result;

    hearken_recognizer_set_rejection_threshold (recognizer, thresholds[i]);
    hearken_recognizer_push (recognizer, fixture->samples, 3 * RATE);
    while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
      if (result->level == HEARKEN_LEVEL_WORD)
        surest_word = MAX (surest_word, result->confidence);
      if (result->level == HEARKEN_LEVEL_UTTERANCE) {
        g_assert_cmpint (result->is_rejected, ==, i == 1);
        g_assert_true (i == 1 || result->confidence < surest_word);
        g_assert_true (i == 0 || fabs (result->confidence - confidence) < 1e-6);
        confidence = result->confidence;
        g_assert_cmpfloat_with_epsilon ((double) result->start_samples / RATE, 0.5, 0.05);
        g_assert_cmpuint (result->duration_samples, >, RATE / 3);
        thresholds[1] = (result->confidence + surest_word) / 2;
      }
      hearken_result_free (result);
    }
  }
}

/* Of an utterance without a word that is sure enough nothing is told, whatever is saved between. */
static void
test_doubtful_utterances (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *confidence;
    double threshold;
    const char *heard;
  } cases[] = {
    { "[-5,0]", 0.1, "[!silence] [!silence] " },
    { "[-5,0]", 0, "a@0.5 ab@0.8 [a ab!silence] c@2.5 [c!silence] " },
    { "[2,0]", 0.1, "a@0.5 ab@0.8 [a ab!silence] c@2.5 [c!silence] " },
  };

  say (fixture, 0.5, "a ab");
  say (fixture, 2.5, "c");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TestModel) description = test_model_tones (RATE);
    g_autoptr (GString) log = g_string_new (NULL);
    g_autoptr (GBytes) state = NULL;

    test_model_set (description, "hearken.decoding", "{\"rejection_threshold\":0.5}");
    test_model_set (description, "hearken.confidence", cases[i].confidence);
    hearken_model_unref (fixture->model);
    fixture->model = test_load (description);
    for (gsize tenth = 0; tenth < 10; tenth++) {
      g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, "words.arpa");

      hearken_recognizer_set_rejection_threshold (recognizer, cases[i].threshold);
      g_assert_true (state == NULL || hearken_recognizer_restore (recognizer, state, NULL));
      hearken_recognizer_push (recognizer, fixture->samples + tenth * 4 * RATE / 10, 4 * RATE / 10);
      if (tenth == 4) /* between the two */
        hearken_recognizer_finalize (recognizer);
      append_results (log, recognizer, false);
      g_clear_pointer (&state, g_bytes_unref);
      state = hearken_recognizer_save (recognizer);
    }
    g_assert_cmpstr (log->str, ==, cases[i].heard);
  }
}

/* Nor is anything told of one that is cut for its length, or that is so faint that the search alone hears it. */
static void
test_doubt_without_pauses (Fixture *fixture, gconstpointer data)
{
  static const struct {
    float loudness;
    guint max_utterance_ms;
    const char *heard;
  } cases[] = {
    { 1, 60000, "[!eos] " },
    { 1, 3000, "[!max-length] " },
    { 0.05f, 60000, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TestModel) description = test_model_tones (RATE);
    g_autoptr (HearkenRecognizer) recognizer = NULL;
    g_autoptr (GString) log = g_string_new (NULL);

    test_model_set (
        description, "hearken.decoding", "{\"rejection_threshold\":0.5,\"blank_bias\":-20}");
    test_model_set (description, "hearken.confidence", "[-5,0]");
    hearken_model_unref (fixture->model);
    fixture->model = test_load (description);
    memset (fixture->samples, 0, 4 * RATE * sizeof (float));
    say (fixture, 0.5, "a ab");
    for (gsize k = 0; k < 4 * RATE; k++)
      fixture->samples[k] *= cases[i].loudness;
    recognizer = new_recognizer (fixture, "words.arpa");
    hearken_recognizer_set_rejection_threshold (recognizer, 0.1);
    hearken_recognizer_set_endpoint_silence_ms (recognizer, 60000);
    hearken_recognizer_set_max_delay_ms (recognizer, 300);
    hearken_recognizer_set_max_utterance_ms (recognizer, cases[i].max_utterance_ms);
    hearken_recognizer_push (recognizer, fixture->samples, 4 * RATE);
    hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
    append_results (log, recognizer, false);
    g_assert_cmpstr (log->str, ==, cases[i].heard);
  }
}

/* A word that is open where its utterance is cut is not lost, though nothing is said after the cut. */
static void
test_end_after_a_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenRecognizer) recognizer = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GBytes) state = NULL;
  HearkenResult *result;

  /* After its sound, "ab" is still less probable than the beginning of "abc". */
  g_free (write_file (fixture, "words.arpa",
      "\\data\\\nngram 1=5\n\n\\1-grams:\n-1 </s>\n-99 <s>\n-0.7 c\n-2 ab\n-0.1 abc\n\n\\end\\\n"));
  say (fixture, 0.5, "c ab");
  recognizer = new_recognizer (fixture, "words.arpa");
  hearken_recognizer_set_max_utterance_ms (recognizer, 600);
  hearken_recognizer_set_initial_silence_ms (recognizer, 1000);
  hearken_recognizer_push (recognizer, fixture->samples, 1.2 * RATE);
  append_results (log, recognizer, false);
  state = hearken_recognizer_save (recognizer); /* it knows of the cut */
  g_assert_true (hearken_recognizer_restore (recognizer, state, NULL));
  hearken_recognizer_push (recognizer, fixture->samples + (gsize) (1.2 * RATE), 0.2 * RATE);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  append_results (log, recognizer, false);
  g_assert_cmpstr (log->str, ==, "c@0.5 [c!max-length] ab@0.8 [ab!eos] ");
  g_string_truncate (log, 0);
  hearken_recognizer_push (recognizer, fixture->samples, 2 * RATE);
  append_results (log, recognizer, false);
  g_assert_cmpstr (log->str, ==, "c@0.5 [c!max-length] ab@0.8 [ab!silence] ");
  hearken_recognizer_push_silence (recognizer, 2 * RATE); /* which is over once for all */
  result = hearken_recognizer_pull (recognizer);
  g_assert_nonnull (result);
  g_assert_cmpstr (result->text, ==, "silence");
  hearken_result_free (result);
  g_assert_null (hearken_recognizer_pull (recognizer));
}

/* Nor is the first word of an utterance lost that is cut within its last sound, of which what is left is
 * no utterance, unless more is said. */
static void
test_cut_in_a_sound (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "words.arpa", "other.txt" };

  g_free (write_file (fixture, "other.txt", "ab\nbc\nc\n"));
  say (fixture, 0.5, "ab");
  say (fixture, 2, "bc");
  say (fixture, 3.2, "c");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, names[i]);
    g_autofree char *log = NULL;

    hearken_recognizer_set_max_utterance_ms (recognizer, 200);
    log = recognize (recognizer, fixture, 0, 4, 0, false);
    g_assert_cmpstr (
        log, ==, "ab@0.5 [ab!max-length] bc@2.0 [bc!max-length] c@3.2 [c!max-length] ");
  }
}

static void
test_files_are_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HearkenGraph) one = load_graph (fixture, "commands.jsgf", NULL);
  g_autoptr (HearkenGraph) same = load_graph (fixture, "commands.jsgf", NULL);
  g_autoptr (HearkenGraph) other = NULL;
  g_autofree char *path = write_file (fixture, "commands.jsgf", "ab\nbc\n");

  g_assert_true (one == same);
  other = load_graph (fixture, "commands.jsgf", NULL);
  g_assert_nonnull (other);
  g_assert_true (one != other);
}

/* A model's own files are found wherever the process has gone since. */
static void
test_other_directory (Fixture *fixture, gconstpointer data)
{
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
  g_autoptr (TestModel) description = test_model_tones (RATE);
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *grammar = g_build_filename (fixture->directory, "commands.jsgf", NULL);
  g_autofree char *path = NULL, *directory = NULL, *own = NULL;
  g_autoptr (HearkenModel) model = NULL;
  g_autoptr (HearkenGraph) graph = NULL, instead = NULL;
  g_autoptr (GError) error = NULL;

  test_model_set (description, "hearken.decoding", "{\"language_model\":\"own.arpa\"}");
  path = test_model_to_file (description, "relative.safetensors");
  directory = g_path_get_dirname (path);
  own = g_build_filename (directory, "own.arpa", NULL);
  g_assert_true (g_file_set_contents (own, arpa, -1, NULL));

  g_assert_cmpint (g_chdir (directory), ==, 0);
  model = hearken_model_load ("relative.safetensors", &error);
  g_assert_cmpint (g_chdir (here), ==, 0);
  g_assert_no_error (error);
  options.unknown_penalty = 1; /* which goes only with a language model */
  graph = hearken_graph_new (model, &options, &error);
  g_assert_no_error (error);
  g_unlink (own); /* a grammar takes its place, and does not miss it */
  options = (HearkenGraphOptions){ .grammar = grammar, DEFAULTS };
  instead = hearken_graph_new (model, &options, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (directory);
}

static void
expect_fault (Fixture *fixture, HearkenGraphOptions options, int code, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hearken_graph_new (fixture->model, &options, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, code);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, reason);
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lm = g_build_filename (fixture->directory, "words.arpa", NULL);
  g_autofree char *list = write_file (fixture, "other.txt", "ab\nxyz\nuvw\n");
  g_autofree char *missing = g_build_filename (fixture->directory, "missing.arpa", NULL);

  expect_fault (fixture, (HearkenGraphOptions){ .language_model = missing, DEFAULTS },
      HEARKEN_LANGUAGE_ERROR_IO, "missing.arpa");
  expect_fault (fixture, (HearkenGraphOptions){ .language_model = lm, .grammar = list, DEFAULTS },
      HEARKEN_LANGUAGE_ERROR_OPTIONS, "exclude");
  expect_fault (fixture, (HearkenGraphOptions){ .keywords = list, .grammar = list, DEFAULTS },
      HEARKEN_LANGUAGE_ERROR_OPTIONS, "exclude");
  expect_fault (fixture, (HearkenGraphOptions){ .language_model = lm, .language_weight = -1 },
      HEARKEN_LANGUAGE_ERROR_OPTIONS, "language weight");
  expect_fault (fixture, (HearkenGraphOptions){ .language_model = lm, .word_bonus = 1000 },
      HEARKEN_LANGUAGE_ERROR_OPTIONS, "word bonus");
  expect_fault (fixture, (HearkenGraphOptions){ .language_model = lm, .unknown_penalty = -1 },
      HEARKEN_LANGUAGE_ERROR_OPTIONS, "unknown words");
  expect_fault (fixture, (HearkenGraphOptions){ .grammar = list, .unknown_penalty = 1 },
      HEARKEN_LANGUAGE_ERROR_OPTIONS, "unknown words");
  expect_fault (fixture, (HearkenGraphOptions){ .hotwords = list, DEFAULTS },
      HEARKEN_LANGUAGE_ERROR_WORD, "xyz");
  expect_fault (fixture, (HearkenGraphOptions){ .grammar = list, DEFAULTS },
      HEARKEN_LANGUAGE_ERROR_WORD, "xyz");
  expect_fault (fixture, (HearkenGraphOptions){ .language_model = lm, .hotwords = list, DEFAULTS },
      HEARKEN_LANGUAGE_ERROR_WORD, "xyz");
}

/* @unknown_penalty: NaN for none */
static void
expect_words (Fixture *fixture, bool has_language_model, const char *hotwords,
    double unknown_penalty, const char *expected)
{
  g_autofree char *lm = g_build_filename (fixture->directory, "words.arpa", NULL);
  g_autofree char *list = hotwords != NULL ? write_file (fixture, "other.txt", hotwords) : NULL;
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, NULL);
  g_autoptr (HearkenGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *log = NULL;
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;

  options.language_model = has_language_model ? lm : NULL;
  options.hotwords = list;
  options.unknown_penalty = unknown_penalty;
  graph = hearken_graph_new (fixture->model, &options, &error);
  g_assert_no_error (error);
  hearken_recognizer_set_graph (recognizer, graph);
  log = recognize (recognizer, fixture, 0, 6, 0, false);
  g_assert_cmpstr (g_strchomp (log), ==, expected);
}

/* Words that the vocabulary does not have are spelled, if that is asked for. */
static void
test_unknown_words (Fixture *fixture, gconstpointer data)
{
  say (fixture, 0.5, "ab cab bc");
  say (fixture, 3.0, "bcb");
  expect_words (
      fixture, true, NULL, 3, "ab@0.5 cab@0.9 bc@1.4 [ab cab bc!silence] bcb@3.0 [bcb!silence]");
  expect_words (fixture, false, "ab\n", NAN,
      "ab@0.5 cab@0.9 bc@1.4 [ab cab bc!silence] bcb@3.0 [bcb!silence]");
  expect_words (fixture, true, NULL, 60,
      "ab@0.5 c@0.9 ab@1.0 bc@1.4 [ab c ab bc!silence] bc@3.0 [bc!silence]");
}

/* A word that is spelled is as long as all of its pieces, and as sure as the least sure of them. */
static void
test_spelled_word (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestModel) description = test_model_tones (RATE);
  g_autofree char *file = write_file (fixture, "other.txt", "abc\n");
  const HearkenGraphOptions options = { .hotwords = file, DEFAULTS };
  guint n_words = 0;
  HearkenResult *result;

  test_model_set (description, "hearken.token-offsets", "[[0,0],[0,0],[0,0],[0,200],[0,0]]");
  hearken_model_unref (fixture->model);
  fixture->model = test_load (description);
  say (fixture, 0.5, "cab");
  for (gsize i = RATE / 2; i < 6 * RATE / 10; i++)
    fixture->samples[i] *= 0.13f; /* hardly to be heard */
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, NULL);
  g_autoptr (HearkenGraph) graph = hearken_graph_new (fixture->model, &options, NULL);
  hearken_recognizer_set_graph (recognizer, graph);
  hearken_recognizer_push (recognizer, fixture->samples, 3 * RATE);
  for (; (result = hearken_recognizer_pull (recognizer)) != NULL; hearken_result_free (result)) {
    if (result->level != HEARKEN_LEVEL_WORD)
      continue;
    n_words++;
    g_test_message ("%s %g", result->text, result->confidence);
    g_assert_cmpuint (strlen (result->text), ==, 3);
    g_assert_cmpfloat (result->confidence, <, 0.9);
    g_assert_cmpfloat_with_epsilon ((double) result->start_samples / RATE, 0.5, 0.02);
    g_assert_cmpfloat_with_epsilon ((double) result->duration_samples / RATE, 0.36 + 0.2, 0.02);
  }
  g_assert_cmpuint (n_words, ==, 1);
}

/* A mark of a word's beginning that nothing follows is no word. */
static void
test_lone_marks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestModel) description = test_model_tones (RATE);

  hearken_model_unref (fixture->model);
  test_model_set (
      description, "hearken.tokens", "[\"<blank>\", \"\u2581\", \"a\", \"b\", \"\u2581c\"]");
  fixture->model = test_load (description);
  say (fixture, 0.5, " ca cb ");
  say (fixture, 3.0, "  ab");
  say (fixture, 4.5, " ");
  say (fixture, 5.74, " c");
  expect_words (fixture, false, "cab\n", NAN,
      "ca@0.6 cb@1.0 [ca cb!silence] ab@3.1 [ab!silence] c@5.9 [c!eos]");
}

/* A word of the vocabulary can be spelled, too: that is not another sentence. */
static void
test_spelled_alternatives (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lm = g_build_filename (fixture->directory, "words.arpa", NULL);
  g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, NULL);
  g_autoptr (HearkenGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
  guint n_utterances = 0;
  HearkenResult *result;

  say (fixture, 0.5, "ab bc");
  options.language_model = lm;
  options.unknown_penalty = 1;
  graph = hearken_graph_new (fixture->model, &options, &error);
  g_assert_no_error (error);
  hearken_recognizer_set_graph (recognizer, graph);
  hearken_recognizer_set_n_best (recognizer, 4);
  hearken_recognizer_push (recognizer, fixture->samples, 3 * RATE);
  for (; (result = hearken_recognizer_pull (recognizer)) != NULL; hearken_result_free (result)) {
    double sum = 0;

    if (result->level != HEARKEN_LEVEL_UTTERANCE)
      continue;
    n_utterances++;
    g_assert_cmpuint (result->n_alternatives, >, 0);
    g_assert_cmpstr (result->alternatives[0].text, ==, result->text);
    for (guint i = 0; i < result->n_alternatives; i++) {
      g_test_message ("%s %f", result->alternatives[i].text, result->alternatives[i].confidence);
      sum += result->alternatives[i].confidence;
      for (guint j = 0; j < i; j++)
        g_assert_cmpstr (result->alternatives[i].text, !=, result->alternatives[j].text);
    }
    g_assert_cmpfloat (sum, <=, 1 + 1e-6);
  }
  g_assert_cmpuint (n_utterances, ==, 1);
}

/* Where the sound leaves a choice, a boost decides it: a "c" that is hardly to be heard. */
static void
test_hotwords (Fixture *fixture, gconstpointer data)
{
  const gsize at = 0.76 * RATE;

  test_add_tone (fixture->samples, at, at + RATE / 10, 2600, RATE);
  for (gsize i = 0; i < RATE / 10; i++)
    fixture->samples[at + i] *= 0.1f;
  say (fixture, 0.5, "ab");
  expect_words (fixture, false, "ab /5/\n", NAN, "ab@0.5 [ab!silence]");
  expect_words (fixture, false, "abc /5/\n", NAN, "abc@0.5 [abc!silence]");
}

static HearkenGraph *
load_compiled (const Fixture *fixture, const char *dictionary, GBytes *compiled)
{
  g_autofree char *path = g_build_filename (fixture->directory, "words.lm", NULL);
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (
      path, g_bytes_get_data (compiled, NULL), (gssize) g_bytes_get_size (compiled), &error);
  g_assert_no_error (error);
  options.language_model = path;
  options.dictionary = dictionary;
  HearkenGraph *graph = hearken_graph_new (fixture->model, &options, &error);
  g_assert_no_error (error);
  return graph;
}

/* The words of a language model that was compiled for a model and a dictionary need not be looked up;
 * but only if it was these, whatever the file says. */
static void
test_compiled_lexicon (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "words.arpa", NULL);
  g_autofree char *dictionary = write_file (fixture, "other.txt", "a a\nab b a\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenGraph) built = load_graph (fixture, "words.arpa", &error);
  g_autoptr (GBytes) spelled = hearken_language_model_compile (path, fixture->model, NULL, &error);
  g_autoptr (GBytes) said =
      hearken_language_model_compile (path, fixture->model, dictionary, &error);

  g_assert_no_error (error);
  g_autoptr (HearkenGraph) loaded = load_compiled (fixture, NULL, spelled);
  g_assert_null (loaded->own_lexicon);
  g_assert_cmphex (loaded->digest, ==, built->digest);
  g_autoptr (HearkenGraph) other = load_compiled (fixture, dictionary, spelled);
  g_assert_nonnull (other->own_lexicon);
  g_assert_cmphex (other->digest, !=, built->digest);
  g_autoptr (HearkenGraph) same = load_compiled (fixture, dictionary, said);
  g_assert_null (same->own_lexicon);
  g_assert_cmphex (same->digest, ==, other->digest);
  g_free (write_file (fixture, "other.txt", "a b\nab b a\n"));
  g_autoptr (HearkenGraph) changed = load_compiled (fixture, dictionary, said);
  g_assert_nonnull (changed->own_lexicon);
  g_autoptr (TestModel) description = test_model_tones (RATE);
  test_model_set (description, "hearken.tokens", "[\"<blank>\", \" \", \"b\", \"a\", \"c\"]");
  hearken_model_unref (fixture->model);
  fixture->model = test_load (description);
  g_autoptr (HearkenGraph) other_tokens = load_compiled (fixture, NULL, spelled);
  g_assert_nonnull (other_tokens->own_lexicon);
}

/* A file that claims to be compiled for a model, with a token that this does not have. */
static void
test_forged_lexicon (Fixture *fixture, gconstpointer data)
{
  const guint16 tokens[] = { 5, 0 };
  g_autoptr (HearkenGraph) built = load_graph (fixture, "words.arpa", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++) {
    HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();

    hearken_lexicon_builder_add (builder, 2, 1, &tokens[i], 1);
    g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);
    g_autoptr (GBytes) forged = hearken_ngram_compile (built->ngram, lexicon, built->origin);
    g_autoptr (HearkenGraph) loaded = load_compiled (fixture, NULL, forged);
    g_assert_nonnull (loaded->own_lexicon);
    g_assert_cmphex (loaded->digest, ==, built->digest);
  }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

/* Weights that are too large for float32 make no sense, and no harm. */
static void
test_overflow (Fixture *fixture, gconstpointer data)
{
  static const float weight[5][8] = { { 3e38f, -3e38f }, { -3e38f, 3e38f }, { 3e38f, 3e38f } };
  g_autoptr (TestModel) description = test_model_tones (RATE);

  test_model_add_floats (description, "fc.weight", 5, 8, &weight[0][0]);
  hearken_model_unref (fixture->model);
  fixture->model = test_load (description);
  say (fixture, 0.5, "ab");
  for (gsize i = 0; i < G_N_ELEMENTS (graphs); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_recognizer (fixture, graphs[i]);
    g_autoptr (GError) error = NULL;
    g_autofree char *log = recognize (recognizer, fixture, 0, 2, 0, true);

    hearken_recognizer_push (recognizer, fixture->samples, RATE);
    hearken_recognizer_finalize (recognizer);
    g_free (recognize (recognizer, fixture, 0, 1, 0, true));
    g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);
    hearken_recognizer_restore (recognizer, state, &error);
    g_assert_no_error (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/graph/no-word-is-lost", test_no_word_is_lost);
  add ("/graph/silence-is-no-word", test_silence_is_no_word);
  add ("/graph/grammar", test_grammar);
  add ("/graph/match", test_match);
  add ("/graph/tags-and-confidence", test_tags_and_confidence);
  add ("/graph/keywords", test_keywords);
  add ("/graph/times-do-not-drift", test_times_do_not_drift);
  add ("/graph/slicing-invariance", test_slicing_invariance);
  add ("/graph/save-and-restore", test_save_and_restore);
  add ("/graph/states-know-their-graph", test_states_know_their_graph);
  add ("/graph/graphs-of-the-same-words", test_graphs_of_the_same_words);
  add ("/graph/finalize", test_finalize);
  add ("/graph/finalize-before-speech", test_finalize_before_speech);
  add ("/graph/graph-changes-between-utterances", test_graph_changes_between_utterances);
  add ("/graph/graph-in-the-middle", test_graph_in_the_middle);
  add ("/graph/graph-after-a-cut", test_graph_after_a_cut);
  add ("/graph/drafts", test_drafts);
  add ("/graph/activity", test_activity);
  add ("/graph/offsets-and-fillers", test_offsets_and_fillers);
  add ("/graph/doubtful-sentence", test_doubtful_sentence);
  add ("/graph/doubtful-utterances", test_doubtful_utterances);
  add ("/graph/doubt-without-pauses", test_doubt_without_pauses);
  add ("/graph/files-are-shared", test_files_are_shared);
  add ("/graph/other-directory", test_other_directory);
  add ("/graph/compiled-lexicon", test_compiled_lexicon);
  add ("/graph/forged-lexicon", test_forged_lexicon);
  add ("/graph/end-after-a-cut", test_end_after_a_cut);
  add ("/graph/cut-in-a-sound", test_cut_in_a_sound);
  add ("/graph/unknown-words", test_unknown_words);
  add ("/graph/spelled-word", test_spelled_word);
  add ("/graph/lone-marks", test_lone_marks);
  add ("/graph/spelled-alternatives", test_spelled_alternatives);
  add ("/graph/hotwords", test_hotwords);
  add ("/graph/faults", test_faults);
  add ("/graph/overflow", test_overflow);
  return g_test_run ();
}
