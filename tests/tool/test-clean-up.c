/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Words as they are written. */
#include "clean-up.h"

static void
check (const char *said, const char *expected)
{
  g_autofree char *written = hearken_clean_up_text (said);

  g_assert_cmpstr (written, ==, expected);
}

static void
test_numbers (void)
{
  check ("zero", "Zero");
  check ("no one has two of them", "No one has two of them");
  check ("ten", "10");
  check ("it is twenty five", "It is 25");
  check ("twenty", "20");
  check ("seventeen or seventy seven", "17 or 77");
  check ("one hundred", "100");
  check ("one hundred and five years", "105 years");
  check ("two hundred twenty two", "222");
  check ("nineteen hundred", "1900");
  check ("one thousand two hundred and thirty four", "1234");
  check ("two million three hundred thousand and one", "2300001");
  check ("two thousand and twelve", "2012");
  check ("five billion", "5000000000");
  check ("a hundred and more", "A hundred and more");
  check ("a hundred thousand", "100000");
  check ("a hundred and twenty thousand men", "120000 men");
  check ("he had a hundred twenty", "He had 120");
  check ("a thousand five hundred", "1500");
  check ("A HUNDRED AND TEN", "110");
  check ("at ten a hundred and five men came", "At 10 105 men came");
  check ("a hundred and twenty first", "121st");
  check ("In A hundred and more", "In A hundred and more");
  check ("ten and twenty", "10 and 20");
  check ("one hundred and", "100 and");
  check ("one hundred and zero", "100 and zero");
  check ("between one hundred and two hundred people", "Between 100 and 200 people");
  check ("one hundred and two thousand", "102000");
  check ("one thousand and two thousand", "1000 and 2000");
  check ("one thousand and two million", "1000 and 2000000");
  check ("two thousand three thousand", "2000 3000");
  check ("one thousand nineteen hundred", "1000 1900");
  check ("one thousand two million", "1000 2000000");
  check ("two hundred three hundred four hundred", "200 300 400");
}

static void
test_ordinals (void)
{
  check ("the first of may", "The first of may");
  check ("the twenty first century", "The 21st century");
  check ("the twenty third and the twenty fifth", "The 23rd and the 25th");
  check ("one hundred and first", "101st");
  check ("two hundred and twenty ninth", "229th");
  check ("one hundred and twentieth", "120th");
  check ("one thousand twelfth", "1012th");
  check ("a twenty second delay", "A 20 second delay");
  check ("ten fifth graders", "10 fifth graders");
  check ("twenty tenth", "20 tenth");
  check ("ten and twenty and third", "10 and 20 and third");
}

static void
test_digits (void)
{
  check ("six eight three five zero four one", "6835041");
  check ("nineteen eighty four", "1984");
  check ("nineteen oh five", "1905");
  check ("twenty zero", "200");
  check ("oh five", "Oh five");
  check ("three point one four", "3.14");
  check ("zero point five", "0.5");
  check ("three point five million people", "3.5 million people");
  check ("ninety eight point seventy five", "98.75");
  check ("three point oh five", "3.05");
  check ("eight oh oh five five five", "800555");
  check ("ten oh oh", "10 oh oh");
  check ("one eight hundred five five five one two", "180055512");
  check ("two hundred five point three", "205.3");
  check ("ten point", "10 point");
  check ("the point ten", "The point 10");
}

static void
test_dates (void)
{
  check ("october eight nineteen sixty two", "October 8 1962");
  check ("on november twenty two nineteen sixty three he", "On November 22 1963 he");
  check ("june sixteen eighteen oh six", "June 16 1806");
  check ("may one two thousand and four", "May 1 2004");
  check ("july four nineteen hundred", "July 4 1900");
  check ("july four seventeen seventy six", "July 4 1776");
  check ("july twenty twenty twenty", "July 20 2020");
  check ("june six nineteen people", "June 619 people");
  check ("june six nineteen five", "June 6195");
  check ("june zero nineteen sixty three", "June 01963"); /* no day */
  check ("five five five nineteen sixty two", "5551962");
  check ("forty nineteen sixty two", "401962");
  check ("a n eight nineteen sixty two", "AN81962");
}

static void
test_spelling (void)
{
  check ("p i t t s b u r g h", "PITTSBURGH");
  check ("the a n four corpus", "The AN4 corpus");
  check ("a. n. four", "AN4");
  check ("ten a.m. i go", "10 a.m. I go");
  check ("plan b two", "Plan B2");
  check ("h two o", "H2O");
  check ("a four year plan", "A four year plan");
  check ("i saw a man", "I saw a man");
  check ("am i a man", "Am I a man");
  check ("i i think", "I I think");
  check ("o i see", "O I see");
  check ("it is an a i", "It is an AI");
  check ("i b m", "IBM");
  check ("it was a ten i think", "It was a 10 I think");
  check ("go to b now", "Go to b now");
}

static void
test_casing (void)
{
  check ("so i'm here on monday", "So I'm here on Monday");
  check ("and i'd say sunday's child", "And I'd say Sunday's child");
  check ("at six o'clock i'll go", "At six o'clock I'll go");
  check ("HELLO WORLD I AM", "Hello world I am");
  check ("meet Anna in BERLIN", "Meet Anna in BERLIN");
  check ("übung", "Übung");
  check ("ǆ", "ǅ");
}

static void
test_odd_texts (void)
{
  check ("", "");
  check (" ", "");
  check ("  two   words ", "Two words");
  check ("and", "And");
  check ("hundred thousand", "Hundred thousand");
  check ("zero hundred", "Zero hundred");
  check ("zero thousand", "Zero thousand");
  check ("point", "Point");

  g_autoptr (GPtrArray) empty = hearken_clean_up_words ((const char *[]){ "" }, 1, TRUE);
  g_assert_cmpuint (empty->len, ==, 1);
  g_assert_cmpstr (((const HearkenCleanWord *) empty->pdata[0])->text, ==, "");
}

/* Each word said is in one word written: captions take the times from there. */
static void
test_words (void)
{
  static const char *words[] = { "say", "a", "n", "four", "and", "twenty", "five", "now" };
  static const struct {
    const char *text;
    guint first;
    guint n_words;
  } expected[] = { { "Say", 0, 1 }, { "AN4", 1, 3 }, { "and", 4, 1 }, { "25", 5, 2 },
    { "now", 7, 1 } };
  g_autoptr (GPtrArray) cleaned = hearken_clean_up_words (words, G_N_ELEMENTS (words), TRUE);

  g_assert_cmpuint (cleaned->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < cleaned->len; i++) {
    const HearkenCleanWord *word = g_ptr_array_index (cleaned, i);

    g_assert_cmpstr (word->text, ==, expected[i].text);
    g_assert_cmpuint (word->first, ==, expected[i].first);
    g_assert_cmpuint (word->n_words, ==, expected[i].n_words);
  }
}

/* What goes on in the middle of an utterance has no capital. */
static void
test_rest (void)
{
  static const char *words[] = { "words", "in", "june" };
  g_autoptr (GPtrArray) cleaned = hearken_clean_up_words (words, G_N_ELEMENTS (words), FALSE);

  g_assert_cmpstr (((const HearkenCleanWord *) cleaned->pdata[0])->text, ==, "words");
  g_assert_cmpstr (((const HearkenCleanWord *) cleaned->pdata[2])->text, ==, "June");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clean-up/numbers", test_numbers);
  g_test_add_func ("/clean-up/ordinals", test_ordinals);
  g_test_add_func ("/clean-up/digits", test_digits);
  g_test_add_func ("/clean-up/dates", test_dates);
  g_test_add_func ("/clean-up/spelling", test_spelling);
  g_test_add_func ("/clean-up/casing", test_casing);
  g_test_add_func ("/clean-up/odd-texts", test_odd_texts);
  g_test_add_func ("/clean-up/words", test_words);
  g_test_add_func ("/clean-up/rest", test_rest);
  return g_test_run ();
}
