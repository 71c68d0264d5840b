/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Dictionaries in CMUdict's format, as people have them, and broken ones. */

#include <glib/gstdio.h>
#include <string.h>

#include "dictionary.h"
#include "language-error.h"
#include "model-internal.h"

static const char *const phones[] = { "<blank>", "AH", "B", "T", "IY0", "IY1", "IY", "ɹ", "k",
  NULL };
static const HearkenModel model = {
  .task = HEARKEN_TASK_CTC, .tokens = (char **) phones, .n_tokens = G_N_ELEMENTS (phones) - 1
};

static HearkenDictionary *
read (const char *text)
{
  g_autoptr (GError) error = NULL;
  HearkenDictionary *dictionary = hearken_dictionary_new_from_text (text, "test", &model, &error);

  g_assert_no_error (error);
  return dictionary;
}

static void
append (const guint16 *tokens, guint n_tokens, gpointer data)
{
  GString *found = data;

  if (found->len > 0)
    g_string_append (found, ", ");
  for (guint i = 0; i < n_tokens; i++)
    g_string_append_printf (found, i > 0 ? " %s" : "%s", phones[tokens[i]]);
}

/* @expected: the pronunciations, with a comma between each two */
static void
assert_pronunciations (const HearkenDictionary *dictionary, const char *word, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_auto (GStrv) all = g_strsplit (expected, ",", -1);

  g_assert_cmpuint (
      hearken_dictionary_look_up (dictionary, word, append, found), ==, g_strv_length (all));
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_words (void)
{
  g_autoptr (HearkenDictionary) dictionary = read (";;; # CMUdict\n"
                                                   "# another comment\n"
                                                   "\n"
                                                   "but B AH T\r\n"
                                                   "BEE\t B  IY \n"
                                                   "  be B IY # a note\n"
                                                   "at AH T");

  assert_pronunciations (dictionary, "but", "B AH T");
  assert_pronunciations (dictionary, "bee", "B IY");
  assert_pronunciations (dictionary, "Be", "B IY");
  assert_pronunciations (dictionary, "AT", "AH T");
  assert_pronunciations (dictionary, "a", "");
  assert_pronunciations (dictionary, "", "");
  assert_pronunciations (dictionary, "note", "");
}

static void
test_pronunciations (void)
{
  g_autoptr (HearkenDictionary) dictionary = read ("a AH\n"
                                                   "a(2) IY\n"
                                                   "b B\n"
                                                   "a(10) AH T\n"
                                                   "a(11) AH\n" /* once more */
                                                   "a T\n"
                                                   "A IY T\n"
                                                   "(2) T\n"
                                                   "b() T\n"
                                                   "b(x) T\n"
                                                   "((3) AH\n");

  assert_pronunciations (dictionary, "a", "AH, IY, AH T, T, IY T");
  assert_pronunciations (dictionary, "b", "B");
  assert_pronunciations (dictionary, "(2)", "T");
  assert_pronunciations (dictionary, "b()", "T");
  assert_pronunciations (dictionary, "b(x)", "T");
  assert_pronunciations (dictionary, "(", "AH");
  assert_pronunciations (dictionary, "a(2)", "");
}

static void
test_stress (void)
{
  g_autoptr (HearkenDictionary) dictionary = read ("a AH0\n"
                                                   "a(2) AH1\n" /* the same without stress */
                                                   "e IY0\n"
                                                   "e(2) IY1\n"
                                                   "e(3) IY2\n");

  assert_pronunciations (dictionary, "a", "AH");
  assert_pronunciations (dictionary, "e", "IY0, IY1, IY");
}

static void
test_case (void)
{
  g_autoptr (HearkenDictionary) dictionary = read ("a ah0\nk K\nÉté ɹ\néTÉ T\n");

  assert_pronunciations (dictionary, "a", "AH");
  assert_pronunciations (dictionary, "K", "k");
  assert_pronunciations (dictionary, "ÉTÉ", "ɹ, T");
}

/* More words than a table of one size serves, each found again. */
static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "w%u %s %s\n", i, i % 2 ? "AH" : "B", i % 3 ? "T" : "k");
  g_autoptr (HearkenDictionary) dictionary = read (text->str);
  for (guint i = 0; i < 20000; i++) {
    g_autofree char *word = g_strdup_printf ("W%u", i);
    g_autofree char *expected = g_strdup_printf ("%s %s", i % 2 ? "AH" : "B", i % 3 ? "T" : "k");
    assert_pronunciations (dictionary, word, expected);
  }
}

static void
assert_refused (const char *text, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hearken_dictionary_new_from_text (text, "test", &model, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused (void)
{
  g_autoptr (GString) many = g_string_new ("a");

  assert_refused (
      "a AH\nb ZZ\n", HEARKEN_LANGUAGE_ERROR_WORD, "test:2: the model has no phone \"ZZ\"");
  assert_refused ("a AHX\n", HEARKEN_LANGUAGE_ERROR_WORD, "test:1: the model has no phone \"AHX\"");
  assert_refused ("a AH 1\n", HEARKEN_LANGUAGE_ERROR_WORD, "test:1: the model has no phone \"1\"");
  assert_refused (
      "a <blank>\n", HEARKEN_LANGUAGE_ERROR_WORD, "test:1: the model has no phone \"<blank>\"");
  assert_refused ("a AH\n\nb\n", HEARKEN_LANGUAGE_ERROR_SYNTAX, "test:3: a word without phones");
  assert_refused ("b # AH\n", HEARKEN_LANGUAGE_ERROR_SYNTAX, "test:1: a word without phones");
  assert_refused ("", HEARKEN_LANGUAGE_ERROR_SYNTAX, "test: a dictionary without a word");
  assert_refused (";;; a\n", HEARKEN_LANGUAGE_ERROR_SYNTAX, "test: a dictionary without a word");
  assert_refused ("a AH\n\xff AH\n", HEARKEN_LANGUAGE_ERROR_SYNTAX, "test:2: not UTF-8");
  assert_refused ("a AH\nb\033 AH\n", HEARKEN_LANGUAGE_ERROR_SYNTAX, "test:2: a control character");
  for (guint i = 0; i < 1001; i++)
    g_string_append (many, " AH");
  assert_refused (
      many->str, HEARKEN_LANGUAGE_ERROR_SYNTAX, "test:1: a word of more than 1000 phones");
  g_string_truncate (many, many->len - 3);
  g_autoptr (HearkenDictionary) dictionary = read (many->str);
  g_assert_cmpuint (hearken_dictionary_look_up (dictionary, "a", append, many), ==, 1);
}

static void
test_too_many_pronunciations (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 256; i++) {
    g_string_append (text, "a");
    for (guint bit = 0; bit < 8; bit++)
      g_string_append (text, i >> bit & 1 ? " AH" : " B");
    g_string_append_c (text, '\n');
  }
  assert_refused (
      text->str, HEARKEN_LANGUAGE_ERROR_SYNTAX, "test:256: more than 255 pronunciations of \"a\"");
}

static void
test_files (void)
{
  static const char with_nul[] = "a AH\nb\0 AH\n";
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("hearken-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "dict", NULL);
  g_autofree char *expected = g_strdup_printf ("%s:2: a NUL, which is no text", path);

  g_assert_true (g_file_set_contents (path,
      "\xef\xbb\xbf"
      "a AH\n",
      -1, NULL));
  g_autoptr (HearkenDictionary) dictionary = hearken_dictionary_load (path, &model, &error);
  g_assert_no_error (error);
  assert_pronunciations (dictionary, "a", "AH");

  g_assert_true (g_file_set_contents (path, with_nul, sizeof (with_nul) - 1, NULL));
  g_assert_null (hearken_dictionary_load (path, &model, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==, expected);
  g_clear_error (&error);

  g_assert_null (hearken_dictionary_load (directory, &model, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_IO);
  g_remove (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dictionary/words", test_words);
  g_test_add_func ("/dictionary/pronunciations", test_pronunciations);
  g_test_add_func ("/dictionary/stress", test_stress);
  g_test_add_func ("/dictionary/case", test_case);
  g_test_add_func ("/dictionary/many", test_many);
  g_test_add_func ("/dictionary/refused", test_refused);
  g_test_add_func ("/dictionary/too-many-pronunciations", test_too_many_pronunciations);
  g_test_add_func ("/dictionary/files", test_files);
  return g_test_run ();
}
