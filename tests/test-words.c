/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Words as numbers, looked for at once, later, or never. */

#include "words.h"

#define N_WORDS 5000
#define N_THREADS 4

/* Returns: (transfer full) */
static char *
name (guint32 i)
{
  return g_strdup_printf ("word%u", i);
}

static void
assert_all_found (const HearkenWords *words)
{
  g_assert_cmpuint (hearken_words_get_n (words), ==, N_WORDS);
  for (guint32 i = 0; i < N_WORDS; i++) {
    g_autofree char *text = name (i);

    g_assert_cmpuint (hearken_words_find (words, text), ==, i);
    g_assert_cmpstr (hearken_words_get (words, i), ==, text);
  }
  g_assert_cmpuint (hearken_words_find (words, "word"), ==, HEARKEN_NO_WORD);
}

static void
test_add (void)
{
  g_autoptr (HearkenWords) words = hearken_words_new ();

  g_assert_cmpuint (hearken_words_find (words, "word0"), ==, HEARKEN_NO_WORD);
  for (guint round = 0; round < 2; round++) {
    for (guint32 i = 0; i < N_WORDS; i++) {
      g_autofree char *text = name (i);

      g_assert_cmpuint (hearken_words_add (words, text), ==, i);
    }
  }
  assert_all_found (words);
}

static void
test_case (void)
{
  g_autoptr (HearkenWords) words = hearken_words_new_ignoring_case ();

  g_assert_cmpuint (hearken_words_add (words, "Ab"), ==, 0);
  g_assert_cmpuint (hearken_words_add (words, "aB"), ==, 0);
  g_assert_cmpuint (hearken_words_find (words, "AB"), ==, 0);
  g_assert_cmpstr (hearken_words_get (words, 0), ==, "Ab");
}

static gpointer
find_all (gpointer words)
{
  assert_all_found (words);
  return NULL;
}

/* Several threads look for the first word at once. */
static void
test_append (void)
{
  g_autoptr (HearkenWords) words = hearken_words_new ();
  GThread *threads[N_THREADS];

  for (guint32 i = 0; i < N_WORDS; i++) {
    g_autofree char *text = name (i);

    g_assert_cmpuint (hearken_words_append (words, text), ==, i);
  }
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, find_all, words);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (hearken_words_add (words, "another"), ==, N_WORDS);
  g_assert_cmpuint (hearken_words_find (words, "another"), ==, N_WORDS);
}

static void
test_append_twice (void)
{
  g_autoptr (HearkenWords) words = hearken_words_new ();

  hearken_words_append (words, "a");
  hearken_words_append (words, "b");
  hearken_words_append (words, "a");
  g_assert_cmpuint (hearken_words_find (words, "a"), ==, 0);
  g_assert_cmpuint (hearken_words_find (words, "b"), ==, 1);
  g_assert_cmpuint (hearken_words_get_n (words), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/add", test_add);
  g_test_add_func ("/words/case", test_case);
  g_test_add_func ("/words/append", test_append);
  g_test_add_func ("/words/append-twice", test_append_twice);
  return g_test_run ();
}
