/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Lists of keywords: what is read of them, and what is refused, with file, line and reason. */
#include <math.h>
#include <string.h>

#include "keywords.h"
#include "language-error.h"
#include "phrase-list.h"

/* Every letter is a token; there is no "q". */
static bool
spell_letters (
    const char *phrase, GPtrArray *spellings, G_GNUC_UNUSED gpointer data, GError **error)
{
  GArray *spelling = g_array_new (FALSE, FALSE, sizeof (guint16));

  g_ptr_array_add (spellings, spelling);
  for (const char *letter = phrase; *letter != '\0'; letter++) {
    if (*letter == 'q') {
      g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_WORD, "no “q”");
      return false;
    }
    g_array_append_val (spelling, (guint16){ (guint8) *letter });
  }
  return true;
}

static void
test_list (void)
{
  static const char text[] = "# wake words\n"
                             "computer\r\n"
                             "\n"
                             "  smart \t mirror   /0.75/   # in the hall\n"
                             "c# /1e-3/\n"
                             "and/or";
  static const char *const phrases[] = { "computer", "smart mirror", "c#", "and/or" };
  static const float thresholds[] = { NAN, 0.75f, 1e-3f, NAN };
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenKeywords) keywords =
      hearken_keywords_new_from_text (text, "words", spell_letters, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hearken_keywords_get_n (keywords), ==, G_N_ELEMENTS (phrases));
  for (guint i = 0; i < G_N_ELEMENTS (phrases); i++) {
    const GPtrArray *spellings = hearken_keywords_get_spellings (keywords, i);
    const float threshold = hearken_keywords_get_threshold (keywords, i);

    g_assert_cmpstr (hearken_keywords_get_phrase (keywords, i), ==, phrases[i]);
    g_assert_cmpuint (spellings->len, ==, 1);
    g_assert_cmpuint (((GArray *) g_ptr_array_index (spellings, 0))->len, ==, strlen (phrases[i]));
    g_assert_true (isnan (thresholds[i]) ? isnan (threshold) : threshold == thresholds[i]);
  }
}

typedef struct {
  const char *name;
  const char *text;
  const char *message;
} BadCase;

static const BadCase bad_cases[] = {
  { "empty", "", "list:1: no phrases" },
  { "only-comments", "# yes\n\n  # no\n", "list:4: no phrases" },
  { "number-alone", "yes\n/0.5/\n", "list:2: a number without a phrase" },
  { "no-number", "yes /high/", "list:1: “high” is not a number" },
  { "nothing-between", "yes //", "list:1: “” is not a number" },
  { "trailing", "yes /0.5x/", "list:1: “0.5x” is not a number" },
  { "one-slash", "yes 0.5/", "list:1: a number between slashes was expected" },
  { "zero", "yes /0/", "list:1: 0 is not above 0 and at most 1" },
  { "too-high", "a\nyes /1.5/", "list:2: 1.5 is not above 0 and at most 1" },
  { "negative", "yes /-1/", "list:1: -1 is not above 0 and at most 1" },
  { "not-a-number", "yes /nan/", "list:1: nan is not above 0 and at most 1" },
  { "twice", "yes\nno\nyes  /0.5/", "list:3: “yes” is there already, in line 1" },
  { "latin-1", "yes\nn\xe9", "list:2: not UTF-8" },
  { "unspeakable", "yes\nquit", "list:2: no “q”" },
};

static void
test_bad (gconstpointer data)
{
  const BadCase *test = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (hearken_keywords_new_from_text (test->text, "list", spell_letters, NULL, &error));
  g_assert_true (error->domain == HEARKEN_LANGUAGE_ERROR);
  g_assert_cmpstr (error->message, ==, test->message);
}

static void
assert_refused (const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hearken_keywords_new_from_text (text, "list", spell_letters, NULL, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_limits (void)
{
  g_autofree char *long_line = g_strnfill (HEARKEN_PHRASE_MAX_BYTES + 1, 'a');
  g_autoptr (GString) long_list = g_string_new (NULL);

  assert_refused (long_line, "list:1: longer than 1000 bytes");
  long_line[HEARKEN_PHRASE_MAX_BYTES] = '\0';
  g_autoptr (HearkenKeywords) longest =
      hearken_keywords_new_from_text (long_line, "list", spell_letters, NULL, NULL);
  g_assert_nonnull (longest);
  for (guint i = 0; i <= HEARKEN_PHRASES_MAX; i++)
    g_string_append_printf (long_list, "%u\n", i);
  assert_refused (long_list->str, "list:10001: more than 10000 phrases");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keywords/list", test_list);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/keywords/bad/%s", bad_cases[i].name);

    g_test_add_data_func (path, &bad_cases[i], test_bad);
  }
  g_test_add_func ("/keywords/limits", test_limits);
  return g_test_run ();
}
