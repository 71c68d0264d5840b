/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Hotwords: what is granted word by word adds up to the boosts of the phrases said. */
#include <math.h>

#include "hotwords.h"
#include "language-error.h"

static HearkenWords *
make_vocabulary (void)
{
  HearkenWords *words = hearken_words_new ();

  for (char letter = 'a'; letter <= 'e'; letter++)
    hearken_words_add (words, (char[]){ letter, '\0' });
  return words;
}

static HearkenHotwords *
make_hotwords (const char *list)
{
  HearkenWords *words = make_vocabulary ();
  g_autoptr (GError) error = NULL;
  HearkenHotwords *hotwords = hearken_hotwords_new_from_text (list, "list", words, &error);

  hearken_words_free (words);
  g_assert_no_error (error);
  return hotwords;
}

/* Letters are words, numbered from 0. */
static float
walk (const HearkenHotwords *hotwords, const char *said, guint32 *state)
{
  float sum = 0;

  for (; *said != '\0'; said++)
    sum += hearken_hotwords_advance (hotwords, *state, *said - 'a', state);
  return sum;
}

typedef struct {
  const char *list;
  const char *said;
  float so_far; /* granted after these words */
  float total;  /* and at the end */
} HotwordCase;

static const HotwordCase hotword_cases[] = {
  { "a", "", 0, 0 },
  { "a", "b", 0, 0 },
  { "a", "a", 2, 2 },
  { "a /3/", "abaa", 9, 9 },
  { "a b c /3/", "a", 1, 0 },
  { "a b c /3/", "ab", 2, 0 },
  { "a b c /3/", "abc", 3, 3 },
  { "a b c /3/", "abd", 0, 0 },
  { "a b c /3/", "aba", 1, 0 },
  { "a b c /3/", "ababc", 3, 3 },
  { "a b c /3/", "abcabc", 6, 6 },
  { "a b /2/\na b c /6/", "ab", 6, 2 },
  { "a b /2/\na b c /6/", "abc", 8, 8 },
  { "a b c d /4/\nb c /2/", "abc", 5, 2 },
  { "a b c d /4/\nb c /2/", "abce", 2, 2 },
  { "a b c /3/\nb d /10/", "ab", 5, 0 },
  { "a b c /6/\na d /2/", "a", 2, 0 },
  { "a b c /3/\nb d /10/", "abd", 10, 10 },
  { "a a /2/", "aaaa", 7, 6 },
  { "a b a b a /5/", "ababababa", 18, 15 },
};

static void
test_case (gconstpointer data)
{
  const HotwordCase *test = data;
  g_autoptr (HearkenHotwords) hotwords = make_hotwords (test->list);
  guint32 state = HEARKEN_HOTWORDS_START;
  const float so_far = walk (hotwords, test->said, &state);

  g_assert_cmpfloat_with_epsilon (so_far, test->so_far, 1e-5);
  g_assert_cmpfloat_with_epsilon (
      so_far + hearken_hotwords_finish (hotwords, state), test->total, 1e-5);
}

/* How often a phrase, without its blanks, is in what was said; overlapping ones count. */
static guint
count (const char *phrase, const char *said)
{
  g_auto (GStrv) letters = g_strsplit (phrase, " ", -1);
  g_autofree char *joined = g_strjoinv ("", letters);
  guint n = 0;

  for (; *said != '\0'; said++)
    n += g_str_has_prefix (said, joined);
  return n;
}

static void
test_random_walks (void)
{
  static const char *const phrases[] = { "a", "a b", "b a b", "c c", "c c c d", "d a b c",
    "b c c" };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree char *list = g_strjoin ("\n", phrases[0], phrases[1], phrases[2], phrases[3],
      phrases[4], phrases[5], phrases[6], NULL);
  g_autoptr (HearkenHotwords) hotwords = make_hotwords (list);

  for (guint round = 0; round < 500; round++) {
    char said[30] = "";
    guint32 state = HEARKEN_HOTWORDS_START;
    float sum, expected = 0;

    for (guint i = 0; i < sizeof (said) - 1; i++)
      said[i] = 'a' + g_rand_int_range (random, 0, 5);
    for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
      expected += 2.0f * count (phrases[i], said);
    sum = walk (hotwords, said, &state);
    sum += hearken_hotwords_finish (hotwords, state);
    g_assert_cmpfloat_with_epsilon (sum, expected, 1e-4);
  }
}

/* Names are written with a capital, by some; a vocabulary may be in one case, or have them so. */
static void
test_case_of_letters (void)
{
  g_autoptr (GError) error = NULL;
  HearkenWords *words = hearken_words_new ();
  g_autoptr (HearkenHotwords) hotwords = NULL;
  static const char *const texts[] = { "anna", "BERLIN", "Polish", "polish", "Öl", "McKay" };
  static const float boosts[] = { 1, 2, 3, 0, 4, 5 };
  guint32 state;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    hearken_words_add (words, texts[i]);
  hotwords = hearken_hotwords_new_from_text (
      "Anna /1/\nBerlin /2/\nPolish /3/\nöl /4/\nMCKAY /5/", "list", words, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpfloat (
        hearken_hotwords_advance (hotwords, HEARKEN_HOTWORDS_START, i, &state), ==, boosts[i]);
  hearken_words_free (words);
}

static void
assert_refused (const char *list, HearkenLanguageError code, const char *message)
{
  HearkenWords *words = make_vocabulary ();
  g_autoptr (GError) error = NULL;

  g_assert_null (hearken_hotwords_new_from_text (list, "list", words, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, (gint) code);
  g_assert_cmpstr (error->message, ==, message);
  hearken_words_free (words);
}

static void
test_bad (void)
{
  assert_refused ("", HEARKEN_LANGUAGE_ERROR_SYNTAX, "list:1: no phrases");
  assert_refused (
      "a\na b f\n", HEARKEN_LANGUAGE_ERROR_WORD, "list:2: “f” is not in the vocabulary");
  assert_refused (
      "a /101/", HEARKEN_LANGUAGE_ERROR_SYNTAX, "list:1: 101 is not above 0 and at most 100");
  assert_refused ("a\na", HEARKEN_LANGUAGE_ERROR_SYNTAX, "list:2: “a” is there already, in line 1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (hotword_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/hotwords/case/%u", (guint) i);

    g_test_add_data_func (path, &hotword_cases[i], test_case);
  }
  g_test_add_func ("/hotwords/random-walks", test_random_walks);
  g_test_add_func ("/hotwords/case-of-letters", test_case_of_letters);
  g_test_add_func ("/hotwords/bad", test_bad);
  return g_test_run ();
}
