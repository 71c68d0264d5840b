/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How phrases are said in models of whole words, letters, pieces of words and phones. */
#include "language-error.h"
#include "model-internal.h"
#include "phrase-spelling.h"

static const char *const words[] = { "_", "<filler>", "▁yes", "▁view", "▁view glass", "▁no", NULL };
static const char *const letters[] = { "_", " ", "a", "b", "c", "d", NULL };
static const char *const pieces[] = { "_", "▁", "▁view", "▁g", "l", "ass", NULL };
static const char *const phones[] = { "_", "R", "EH", "IY", "D", "AH", NULL };

#define DICTIONARY "read R EH D\nread(2) R IY D\na AH\na(2) EH\nr AH R\n"

typedef struct {
  const char *const *tokens; /* 6 */
  bool with_dictionary;
  const char *phrase;
  const char *expected; /* spellings as digits; an error in brackets */
} SpellingCase;

static const SpellingCase cases[] = {
  { words, false, "yes", "2" },
  { words, false, "YES", "2" },
  { words, false, "view glass", "4" },
  { words, false, "view", "3" },
  { words, false, "yes no", "25" },
  { words, false, "glass", "[the model cannot spell “glass”]" },
  { words, false, "yes <filler>", "[the model cannot spell “<filler>”]" },
  { letters, false, "ab", "23" },
  { letters, false, "ab cad", "231425" },
  { letters, false, "ab xy", "[the model cannot spell “xy”]" },
  { pieces, false, "view glass", "2345" },
  { pieces, false, "view ass", "215" },
  { phones, true, "read", "124 134" },
  { phones, true, "a read", "5124 5134 2124 2134" },
  { phones, true, "R EH D", "124" },
  { phones, true, "r", "51" },
  { phones, true, "R _", "[the dictionary does not have “_”]" },
  { phones, true, "red", "[the dictionary does not have “red”]" },
};

static void
test_case (gconstpointer data)
{
  const SpellingCase *test = data;
  bool is_filler[6] = { false, test->tokens == words };
  const HearkenModel model = { .task = HEARKEN_TASK_CTC,
    .n_tokens = 6,
    .tokens = (char **) test->tokens,
    .decoding.is_filler = is_filler };
  g_autoptr (HearkenSpeller) speller = hearken_speller_new (&model);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenDictionary) dictionary =
      test->with_dictionary
          ? hearken_dictionary_new_from_text (DICTIONARY, "dictionary", &model, &error)
          : NULL;
  HearkenPhraseSpeller phrase_speller = { &model, speller, dictionary };
  g_autoptr (GPtrArray) spellings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GString) line = g_string_new (NULL);

  g_assert_no_error (error);
  if (!hearken_phrase_spell (test->phrase, spellings, &phrase_speller, &error)) {
    g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_WORD);
    g_string_printf (line, "[%s]", error->message);
    g_ptr_array_set_size (spellings, 0);
  }
  for (guint i = 0; i < spellings->len; i++) {
    const GArray *spelling = g_ptr_array_index (spellings, i);

    g_string_append (line, i > 0 ? " " : "");
    for (guint j = 0; j < spelling->len; j++)
      g_string_append_printf (line, "%u", g_array_index (spelling, guint16, j));
  }
  g_assert_cmpstr (line->str, ==, test->expected);
}

/* The combinations of many pronunciations are cut, not followed for ever. */
static void
test_many (void)
{
  const HearkenModel model = {
    .task = HEARKEN_TASK_CTC, .n_tokens = 6, .tokens = (char **) phones
  };
  g_autoptr (HearkenSpeller) speller = hearken_speller_new (&model);
  g_autoptr (HearkenDictionary) dictionary =
      hearken_dictionary_new_from_text (DICTIONARY, "dictionary", &model, NULL);
  HearkenPhraseSpeller phrase_speller = { &model, speller, dictionary };
  g_autoptr (GPtrArray) spellings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  g_assert_true (hearken_phrase_spell (
      "a a a a a a a a a a a a a a a a a a a a a a a", spellings, &phrase_speller, NULL));
  g_assert_cmpuint (spellings->len, ==, HEARKEN_PHRASE_MAX_SPELLINGS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/phrase-spelling/case/%u", (guint) i);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/phrase-spelling/many", test_many);
  return g_test_run ();
}
