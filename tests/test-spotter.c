/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Keywords in streams made by hand: what is heard, when, how often, and with which confidence. */
#include <math.h>
#include <string.h>

#include "spotter.h"

#define N_OUTPUTS 6
#define GAP_KEPT 0.98
#define END_KEPT 0.8

/* A phrase is a text of digits, its tokens; "22+3" has the two spellings 22 and 3. */
static bool
spell_digits (const char *phrase, GPtrArray *spellings, G_GNUC_UNUSED gpointer data,
    G_GNUC_UNUSED GError **error)
{
  g_auto (GStrv) texts = g_strsplit (phrase, "+", -1);

  for (guint i = 0; texts[i] != NULL; i++) {
    GArray *spelling = g_array_new (FALSE, FALSE, sizeof (guint16));

    for (const char *digit = texts[i]; *digit != '\0'; digit++)
      g_array_append_val (spelling, (guint16){ g_ascii_digit_value (*digit) });
    g_ptr_array_add (spellings, spelling);
  }
  return true;
}

static HearkenSpotter *
make_spotter (const char *list)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenKeywords) keywords =
      hearken_keywords_new_from_text (list, "list", spell_digits, NULL, &error);

  g_assert_no_error (error);
  return hearken_spotter_new (keywords, 0);
}

/* One step: @prob for one output, the rest for all others alike. */
static void
push_winner (HearkenSpotter *spotter, guint winner, float prob)
{
  float log_probs[N_OUTPUTS];

  for (guint i = 0; i < N_OUTPUTS; i++)
    log_probs[i] = logf (i == winner ? prob : (1 - prob) / (N_OUTPUTS - 1));
  hearken_spotter_push (spotter, log_probs);
}

static void
push (HearkenSpotter *spotter, const char *winners)
{
  for (; *winners != '\0'; winners++)
    push_winner (spotter, g_ascii_digit_value (*winners), 0.96f);
}

/* All that waits to be pulled, as "keyword@start+steps". */
static char *
pull_all (HearkenSpotter *spotter)
{
  g_autoptr (GString) line = g_string_new (NULL);
  HearkenSpotting spotting;

  while (hearken_spotter_pull (spotter, &spotting)) {
    g_string_append_printf (line, "%s%u@%u+%u", line->len > 0 ? " " : "", spotting.keyword,
        (guint) spotting.start_step, (guint) (spotting.end_step - spotting.start_step));
    g_assert_cmpfloat (spotting.confidence, >, 0.0f);
    g_assert_cmpfloat (spotting.confidence, <=, 1.0f);
  }
  return g_strdup (line->str);
}

typedef struct {
  const char *name;
  const char *keywords;
  guint64 debounce_steps;
  const char *winners; /* then end of stream */
  const char *expected;
} SpotterCase;

static const SpotterCase spotter_cases[] = {
  { "nothing", "2", 0, "", "" },
  { "silence", "2", 0, "00000000", "" },
  { "a-word", "2", 0, "0002200000", "0@3+2" },
  { "another-word", "2", 0, "0003300000", "" },
  { "again-and-again", "2", 0, "0220000000220000000220000000", "0@1+2 0@10+2 0@19+2" },
  { "a-long-word-is-one", "2", 0, "02222222222222222222220000", "0@1+3" },
  { "a-word-that-falters-is-one", "2", 0, "0220220200000", "0@1+2" },
  { "within-debounce-it-is-one", "2", 15, "02200000002200000000000022000000", "0@1+2 0@24+2" },
  { "side-by-side", "2\n3", 0, "022330000000", "0@1+2 1@3+2" },
  { "at-the-very-end", "2", 0, "0000002", "0@6+1" },
  { "at-the-very-beginning", "2", 0, "2000000", "0@0+1" },
  { "two-words", "2\n3", 0, "02200330000", "0@1+2 1@5+2" },
  { "letters", "234", 0, "0220003344400000", "0@1+10" },
  { "other-letters", "234", 0, "0220003354400000", "" },
  { "letters-without-an-end", "234", 0, "02200033500000", "" },
  { "a-letter-twice", "223", 0, "02203000022023000000", "0@9+5" },
  { "a-double-letter-needs-a-blank", "22", 0, "02222200000", "" },
  { "spellings", "22+3", 0, "0330000000220200000", "0@1+2 0@10+4" },
  { "the-end-of-a-phrase-is-hidden", "3\n23", 0, "0220330000000033000000", "1@1+5 0@14+2" },
  { "the-beginning-of-a-phrase-is-not", "2\n23", 0, "02200000033000000", "0@1+2 1@1+10" },
  { "its-own-threshold", "2 /0.999/\n3 /0.9/", 0, "02000300000", "1@5+1" },
};

static void
test_case (gconstpointer data)
{
  const SpotterCase *test = data;
  g_autoptr (HearkenSpotter) spotter = make_spotter (test->keywords);
  g_autofree char *heard = NULL;

  hearken_spotter_configure (spotter, 0.5f, test->debounce_steps);
  push (spotter, test->winners);
  hearken_spotter_finish (spotter);
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, test->expected);
}

/* Whether a path of outputs says the tokens of @spelling last, and how much its pauses cost. */
static double
weigh_path (const guint *path, guint n_steps, const char *spelling)
{
  guint i = strlen (spelling), step = n_steps;
  double weight = 1;

  while (i-- > 0) {
    const guint token = g_ascii_digit_value (spelling[i]);
    const bool is_last = spelling[i + 1] == '\0';

    for (; step > 0 && path[step - 1] == 0; step--)
      weight *= is_last ? END_KEPT : GAP_KEPT;
    if (step == 0 || path[step - 1] != token)
      return 0;
    for (; step > 0 && path[step - 1] == token; step--)
      continue;
  }
  return weight;
}

/* The confidence by its definition: the sum over every path there is. */
static double
sum_paths (float probs[][3], guint n_steps, const char *spelling)
{
  double sum = 0;
  guint n_paths = 1;

  for (guint i = 0; i < n_steps; i++)
    n_paths *= 3;
  for (guint i = 0; i < n_paths; i++) {
    guint path[6], rest = i;
    double prob = 1;

    for (guint j = 0; j < n_steps; j++, rest /= 3) {
      path[j] = rest % 3;
      prob *= probs[j][path[j]];
    }
    sum += prob * weigh_path (path, n_steps, spelling);
  }
  return pow (sum, 1.0 / strlen (spelling));
}

/* The highest confidence of a stream is a threshold that is just reached. */
static void
test_all_paths (void)
{
  static const char *const spellings[] = { "1", "12", "11", "121", "1221" };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint round = 0; round < 60; round++) {
    const char *spelling = spellings[round % G_N_ELEMENTS (spellings)];
    float probs[6][3];
    double highest = 0;

    for (guint i = 0; i < 6; i++) {
      float sum = 0;

      for (guint j = 0; j < 3; j++)
        sum += probs[i][j] = powf ((float) g_rand_double (random), 3) + 1e-3f;
      for (guint j = 0; j < 3; j++)
        probs[i][j] /= sum;
      highest = MAX (highest, sum_paths (probs, i + 1, spelling));
    }
    for (int above = 0; above < 2; above++) {
      g_autoptr (HearkenSpotter) spotter = make_spotter (spelling);
      HearkenSpotting spotting;

      hearken_spotter_configure (spotter, (float) (highest * (above ? 1.0001 : 0.9999)), 0);
      for (guint i = 0; i < 6; i++) {
        float log_probs[3];

        for (guint j = 0; j < 3; j++)
          log_probs[j] = logf (probs[i][j]);
        hearken_spotter_push (spotter, log_probs);
      }
      hearken_spotter_finish (spotter);
      g_assert_true (hearken_spotter_pull (spotter, &spotting) == !above);
      if (!above)
        g_assert_cmpfloat_with_epsilon (spotting.confidence, highest, 1e-4);
    }
  }
}

/* A decision does not wait for longer than it says. */
static void
test_decides_soon (void)
{
  g_autoptr (HearkenSpotter) certain = make_spotter ("2");
  g_autoptr (HearkenSpotter) rising = make_spotter ("2");
  HearkenSpotting spotting;

  push (certain, "000022");
  g_assert_false (hearken_spotter_pull (certain, &spotting));
  push (certain, "0");
  g_assert_true (hearken_spotter_pull (certain, &spotting));

  for (guint i = 0; i <= HEARKEN_SPOTTER_LONGEST_WAIT; i++) {
    g_assert_false (hearken_spotter_pull (rising, &spotting));
    push_winner (rising, 2, 0.55f + 0.05f * i);
  }
  g_assert_true (hearken_spotter_pull (rising, &spotting));
}

/* Traces of a word add up neither in silence nor between its letters. */
static void
test_traces (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("1\n234");
  float log_probs[N_OUTPUTS];
  HearkenSpotting spotting;

  for (guint i = 0; i < N_OUTPUTS; i++)
    log_probs[i] = logf (i == 0 ? 0.9f : 0.02f);
  for (guint i = 0; i < 20000; i++)
    hearken_spotter_push (spotter, log_probs);
  hearken_spotter_finish (spotter);
  g_assert_false (hearken_spotter_pull (spotter, &spotting));
}

/* The debounce time is that of the stream, not of an utterance. */
static void
test_debounce_outlasts_utterances (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2");
  g_autofree char *heard = NULL;

  hearken_spotter_configure (spotter, 0.5f, 15);
  for (guint i = 0; i < 4; i++) {
    push (spotter, "02200000");
    hearken_spotter_finish (spotter);
  }
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "0@1+2 0@25+2");
}

/* It goes on from there, too, where a keyword was told in steps that were taken back. */
static void
test_debounce_outlasts_rewinding (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2");
  g_autofree char *heard = NULL;

  hearken_spotter_configure (spotter, 0.5f, 15);
  push (spotter, "02200000");
  hearken_spotter_finish (spotter);
  hearken_spotter_rewind (spotter, 1);
  push (spotter, "220000000000000000220000");
  hearken_spotter_finish (spotter);
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "0@1+2 0@19+2");
}

/* What was said before the end of an utterance neither helps nor hinders what comes after it. */
static void
test_utterances_are_apart (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2\n34");
  g_autofree char *heard = NULL;

  push (spotter, "02");
  hearken_spotter_finish (spotter);
  push (spotter, "20033");
  hearken_spotter_finish (spotter);
  push (spotter, "4400");
  hearken_spotter_finish (spotter);
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "0@1+1 0@2+1");
}

static void
test_again_for_ever (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("23");
  guint n_heard = 0;
  HearkenSpotting spotting;

  hearken_spotter_configure (spotter, 0.5f, 20);
  for (guint i = 0; i < 1000; i++) {
    push (spotter, "0022003300000000000000000000000");
    n_heard += hearken_spotter_pull (spotter, &spotting);
    g_assert_cmpuint (n_heard, ==, i + 1);
    g_assert_cmpuint (spotting.start_step, ==, 31 * i + 2);
  }
}

/* The more confident of two words that are alike, and one of them only. */
static void
test_one_of_two (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2\n3");
  const float probs[N_OUTPUTS] = { 0.05f, 0.0125f, 0.35f, 0.5625f, 0.0125f, 0.0125f };
  float log_probs[N_OUTPUTS];
  g_autofree char *heard = NULL;

  hearken_spotter_configure (spotter, 0.3f, 0);
  for (guint i = 0; i < N_OUTPUTS; i++)
    log_probs[i] = logf (probs[i]);
  push (spotter, "0000");
  hearken_spotter_push (spotter, log_probs);
  hearken_spotter_push (spotter, log_probs);
  push (spotter, "000000");
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "1@4+2");
}

/* One that gives way to a better one is told of where that gives way to a third. */
static void
test_three_in_a_row (void)
{
  static const char *const ends[] = { "", "000000" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (HearkenSpotter) spotter = make_spotter ("12\n234\n451");
    g_autofree char *heard = NULL;

    push (spotter, "012");
    push_winner (spotter, 3, 0.8f);
    push (spotter, "451");
    push (spotter, ends[i]);
    hearken_spotter_finish (spotter);
    heard = pull_all (spotter);
    g_assert_cmpstr (heard, ==, "2@4+3 0@1+2");
  }
}

/* A threshold of nothing is a low one, and does not keep a keyword from being heard again. */
static void
test_threshold_of_nothing (gconstpointer list)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter (list);
  g_autofree char *heard = NULL;

  hearken_spotter_configure (spotter, 0, 0);
  for (guint i = 0; i < 200; i++)
    push_winner (spotter, i % 100 == 10 ? 2 : 0, i % 100 == 10 ? 0.3f : 1);
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "0@10+1 0@110+1");
}

static void
test_no_numbers (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2\n234");
  const float bad[4][N_OUTPUTS] = {
    { NAN, NAN, NAN, NAN, NAN, NAN },
    { -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY },
    { -1e30f, NAN, -1e30f, NAN, -INFINITY, -1e30f },
    { -1e-30f, -1e30f, -1e30f, -1e30f, -1e30f, -1e30f },
  };
  g_autofree char *heard = NULL;

  for (guint i = 0; i < 40; i++)
    hearken_spotter_push (spotter, bad[i % 4]);
  push (spotter, "00220000");
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "0@42+2");
}

static void
test_reset (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2");
  g_autofree char *heard = NULL;

  push (spotter, "002200002");
  hearken_spotter_reset (spotter);
  push (spotter, "0002200000");
  heard = pull_all (spotter);
  g_assert_cmpstr (heard, ==, "0@3+2");
}

/* Saved and restored after every step, a stream is heard as without. */
static void
test_saved (void)
{
  static const char winners[] = "0022000330003302200000440220003344400002203002023000000";
  static const char list[] = "2\n3 /0.8/\n23\n234\n223+44";
  g_autoptr (HearkenSpotter) whole = make_spotter (list);
  g_autoptr (GString) pieces = g_string_new (NULL);
  g_autoptr (GByteArray) state = g_byte_array_new ();
  g_autofree char *expected = NULL;

  push (whole, winners);
  expected = pull_all (whole);
  hearken_spotter_reset (whole);
  hearken_spotter_save (whole, state);
  for (guint i = 0; winners[i] != '\0'; i++) {
    g_autoptr (HearkenSpotter) spotter = make_spotter (list);
    HearkenStateReader reader = { state->data, state->len };
    g_autofree char *heard = NULL;

    g_assert_true (hearken_spotter_restore (spotter, &reader));
    g_assert_cmpuint (reader.n_bytes, ==, 0);
    push (spotter, (char[]){ winners[i], '\0' });
    heard = pull_all (spotter);
    if (*heard != '\0')
      g_string_append_printf (pieces, "%s%s", pieces->len > 0 ? " " : "", heard);
    g_byte_array_set_size (state, 0);
    hearken_spotter_save (spotter, state);
  }
  g_assert_cmpstr (pieces->str, ==, expected);
  g_assert_cmpstr (expected, !=, "");
}

static void
test_damaged (void)
{
  g_autoptr (HearkenSpotter) spotter = make_spotter ("2\n23");
  g_autoptr (GByteArray) state = g_byte_array_new ();

  push (spotter, "000220033");
  hearken_spotter_save (spotter, state);
  for (gsize length = 0; length < state->len; length++) {
    HearkenStateReader reader = { state->data, length };

    g_assert_false (hearken_spotter_restore (spotter, &reader));
  }
  for (gsize i = 0; i < state->len; i++) {
    HearkenStateReader reader = { state->data, state->len };

    state->data[i] ^= 0xff;
    if (hearken_spotter_restore (spotter, &reader))
      push (spotter, "0022003300");
    state->data[i] ^= 0xff;
    hearken_spotter_reset (spotter);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (spotter_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/spotter/%s", spotter_cases[i].name);

    g_test_add_data_func (path, &spotter_cases[i], test_case);
  }
  g_test_add_func ("/spotter/all-paths", test_all_paths);
  g_test_add_func ("/spotter/decides-soon", test_decides_soon);
  g_test_add_func ("/spotter/traces", test_traces);
  g_test_add_func ("/spotter/debounce-outlasts-utterances", test_debounce_outlasts_utterances);
  g_test_add_func ("/spotter/debounce-outlasts-rewinding", test_debounce_outlasts_rewinding);
  g_test_add_func ("/spotter/utterances-are-apart", test_utterances_are_apart);
  g_test_add_func ("/spotter/again-for-ever", test_again_for_ever);
  g_test_add_func ("/spotter/one-of-two", test_one_of_two);
  g_test_add_func ("/spotter/three-in-a-row", test_three_in_a_row);
  g_test_add_data_func ("/spotter/threshold-of-nothing", "2", test_threshold_of_nothing);
  g_test_add_data_func (
      "/spotter/threshold-of-next-to-nothing", "2 /1e-53/", test_threshold_of_nothing);
  g_test_add_func ("/spotter/no-numbers", test_no_numbers);
  g_test_add_func ("/spotter/reset", test_reset);
  g_test_add_func ("/spotter/saved", test_saved);
  g_test_add_func ("/spotter/damaged", test_damaged);
  return g_test_run ();
}
