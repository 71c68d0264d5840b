/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "clean-up.h"

#include <string.h>

typedef enum {
  NO_NUMBER,
  DIGIT,
  TEEN,
  TENS,
  SCALE,   /* multiplies what is before it */
  ORDINAL, /* ends a number; alone, it is a word like others */
} NumberKind;

typedef struct {
  const char *word;
  NumberKind kind;
  guint64 value;
} Number;

static const Number numbers[] = {
  { "zero", DIGIT, 0 },
  { "one", DIGIT, 1 },
  { "two", DIGIT, 2 },
  { "three", DIGIT, 3 },
  { "four", DIGIT, 4 },
  { "five", DIGIT, 5 },
  { "six", DIGIT, 6 },
  { "seven", DIGIT, 7 },
  { "eight", DIGIT, 8 },
  { "nine", DIGIT, 9 },
  { "ten", TEEN, 10 },
  { "eleven", TEEN, 11 },
  { "twelve", TEEN, 12 },
  { "thirteen", TEEN, 13 },
  { "fourteen", TEEN, 14 },
  { "fifteen", TEEN, 15 },
  { "sixteen", TEEN, 16 },
  { "seventeen", TEEN, 17 },
  { "eighteen", TEEN, 18 },
  { "nineteen", TEEN, 19 },
  { "twenty", TENS, 20 },
  { "thirty", TENS, 30 },
  { "forty", TENS, 40 },
  { "fifty", TENS, 50 },
  { "sixty", TENS, 60 },
  { "seventy", TENS, 70 },
  { "eighty", TENS, 80 },
  { "ninety", TENS, 90 },
  { "hundred", SCALE, 100 },
  { "thousand", SCALE, 1000 },
  { "million", SCALE, 1000000 },
  { "billion", SCALE, 1000000000 },
  /* Without "second": more often than not, "twenty second" is a time. */
  { "first", ORDINAL, 1 },
  { "third", ORDINAL, 3 },
  { "fourth", ORDINAL, 4 },
  { "fifth", ORDINAL, 5 },
  { "sixth", ORDINAL, 6 },
  { "seventh", ORDINAL, 7 },
  { "eighth", ORDINAL, 8 },
  { "ninth", ORDINAL, 9 },
  { "tenth", ORDINAL, 10 },
  { "eleventh", ORDINAL, 11 },
  { "twelfth", ORDINAL, 12 },
  { "thirteenth", ORDINAL, 13 },
  { "fourteenth", ORDINAL, 14 },
  { "fifteenth", ORDINAL, 15 },
  { "sixteenth", ORDINAL, 16 },
  { "seventeenth", ORDINAL, 17 },
  { "eighteenth", ORDINAL, 18 },
  { "nineteenth", ORDINAL, 19 },
  { "twentieth", ORDINAL, 20 },
  { "thirtieth", ORDINAL, 30 },
  { "fortieth", ORDINAL, 40 },
  { "fiftieth", ORDINAL, 50 },
  { "sixtieth", ORDINAL, 60 },
  { "seventieth", ORDINAL, 70 },
  { "eightieth", ORDINAL, 80 },
  { "ninetieth", ORDINAL, 90 },
};

static const struct {
  const char *said;
  const char *written;
} capitals[] = {
  { "i", "I" },
  { "monday", "Monday" },
  { "tuesday", "Tuesday" },
  { "wednesday", "Wednesday" },
  { "thursday", "Thursday" },
  { "friday", "Friday" },
  { "saturday", "Saturday" },
  { "sunday", "Sunday" },
  { "january", "January" },
  { "february", "February" },
  { "april", "April" },
  { "june", "June" },
  { "july", "July" },
  { "august", "August" },
  { "september", "September" },
  { "october", "October" },
  { "november", "November" },
  { "december", "December" },
  { "english", "English" },
};

/* The words from some point on. They end with %NULL. */
typedef const char *const *Words;

static gboolean
is_word (const char *word, const char *text)
{
  return word && g_ascii_strcasecmp (word, text) == 0;
}

/* Numbers */

static const Number *
find_number (const char *word)
{
  static const Number none = { NULL, NO_NUMBER, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (is_word (word, numbers[i].word))
      return &numbers[i];
  }
  return &none;
}

/* Below 100: "seven", "seventeen", "seventy", "seventy seven". Each of these returns how many words
 * are the number; 0: there is none. */
static guint
read_small (Words words, guint64 *value)
{
  const Number *number = find_number (words[0]);
  const Number *next;

  if (number->kind != DIGIT && number->kind != TEEN && number->kind != TENS)
    return 0;
  *value = number->value;
  if (number->kind != TENS)
    return 1;
  next = find_number (words[1]);
  if (next->kind != DIGIT || next->value == 0)
    return 1;
  *value += next->value;
  return 2;
}

/* What follows on a scale and is less than it: "five", or "and five". In "one hundred and two hundred"
 * nothing does, whereas "one hundred and two thousand" is one number. */
static guint
read_rest (Words words, guint64 scale, guint64 *value)
{
  guint n_and = is_word (words[0], "and");
  guint n = read_small (words + n_and, value);
  const Number *after = find_number (n > 0 ? words[n_and + n] : NULL);

  if (n == 0 || *value == 0)
    return 0;
  if (n_and == 0 && *value < 10 && after->kind == DIGIT) /* "one eight hundred five five five" */
    return 0;
  return after->kind == SCALE && (scale > 100 || after->value == 100) ? 0 : n_and + n;
}

/* Below 1000, or as "nineteen hundred" is: "one hundred and five". */
static guint
read_hundreds (Words words, guint64 *value)
{
  guint n = read_small (words, value);
  guint64 rest;
  guint n_rest;

  if (n == 0 || *value == 0 || !is_word (words[n], "hundred"))
    return n;
  *value *= 100;
  n++;
  n_rest = read_rest (words + n, 100, &rest);
  if (n_rest > 0)
    *value += rest;
  return n + n_rest;
}

/* The scale, of thousand and beyond, that stands there; 0: none. */
static guint64
read_scale (const char *word)
{
  const Number *number = find_number (word);

  return number->kind == SCALE && number->value >= 1000 ? number->value : 0;
}

/* Any: "two million three hundred thousand and one". */
static guint
read_cardinal (Words words, guint64 *value)
{
  guint64 below = G_MAXUINT64, part, scale;
  guint n = 0, n_part;

  *value = 0;
  while ((n_part = read_hundreds (words + n, &part)) > 0) {
    scale = read_scale (words[n + n_part]);
    if (scale == 0 || scale >= below || part == 0)
      break;
    *value += part * scale;
    n += n_part + 1;
    below = scale;
  }
  if (n > 0 && is_word (words[n], "and"))
    n_part = read_rest (words + n, below, &part);
  if (n_part == 0 || (n > 0 && (part == 0 || part >= below || read_scale (words[n + n_part]) > 0)))
    return n;
  *value += part;
  return n + n_part;
}

static guint
count_ohs (Words words)
{
  guint n = 0;

  while (is_word (words[n], "oh") || is_word (words[n], "o"))
    n++;
  return n;
}

/* "Oh" for zero, with a number behind it: "oh five", "oh oh seven". */
static guint
read_zeros (Words words, GString *digits)
{
  guint64 value;
  guint n = count_ohs (words);

  if (n == 0 || read_small (words + n, &value) == 0)
    return 0;
  for (guint i = 0; i < n; i++)
    g_string_append_c (digits, '0');
  return n;
}

/* Numbers one after the other are written as one: "six eight three", "nineteen eighty four",
 * "nineteen oh five"; but not those with a scale each: "two hundred three hundred". */
static guint
read_digits (Words words, GString *digits)
{
  guint n = 0, n_more;
  guint64 value, last = 0;

  while ((n_more = read_cardinal (words + n, &value)) > 0 && (last < 100 || value < 100)) {
    g_string_append_printf (digits, "%" G_GUINT64_FORMAT, value);
    last = value;
    n += n_more;
    n += read_zeros (words + n, digits);
  }
  return n;
}

/* What is behind a decimal point: "one four", "oh five", "seventy five". */
static guint
read_decimals (Words words, GString *digits)
{
  guint n = read_zeros (words, digits), n_more;
  guint64 value;

  while ((n_more = read_small (words + n, &value)) > 0) {
    g_string_append_printf (digits, "%" G_GUINT64_FORMAT, value);
    n += n_more;
    n += read_zeros (words + n, digits);
  }
  return n;
}

/* With a decimal point: "three point one four"; "three point five million" is "3.5 million". */
static guint
read_decimal (Words words, GString *digits)
{
  guint n = read_digits (words, digits);
  gsize length = digits->len;
  guint n_decimals;

  if (n == 0 || !is_word (words[n], "point"))
    return n;
  g_string_append_c (digits, '.');
  n_decimals = read_decimals (words + n + 1, digits);
  if (n_decimals > 0)
    return n + 1 + n_decimals;
  g_string_truncate (digits, length);
  return n;
}

/* With an ordinal at the end: "twenty first", "one hundred and fifth". */
static guint
write_ordinal (Words words, GString *text)
{
  guint64 value = 0;
  guint n = read_cardinal (words, &value);
  guint n_and = value > 0 && value % 100 == 0 && is_word (words[n], "and");
  const Number *last = find_number (n > 0 ? words[n + n_and] : NULL);
  guint64 room = value % 100 == 0 ? 100 : value % 10 == 0 && value % 100 > 10 ? 10 : 0;

  if (last->kind != ORDINAL || value == 0 || last->value >= room)
    return 0;
  g_string_append_printf (text, "%" G_GUINT64_FORMAT "%s", value + last->value,
      last->word + strlen (last->word) - strlen ("th"));
  return n + n_and + 1;
}

/* "Nineteen sixty two", "eighteen oh six", "two thousand four". */
static gboolean
is_year (Words words)
{
  guint64 century, rest;
  guint n = read_cardinal (words, &century);

  if (n > 1)
    return century >= 1000;
  if (n == 0 || century < 17 || century > 20)
    return FALSE;
  n += count_ohs (words + n);
  return read_small (words + n, &rest) > 0 && (n > 1 || rest >= 10);
}

/* Of "november twenty two nineteen sixty three": no number of six digits. */
static guint
write_day (Words words, GString *text)
{
  guint64 day;
  guint n = read_small (words, &day);

  if (n == 0 || day < 1 || day > 31 || !is_year (words + n))
    return 0;
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, day);
  return n;
}

/* A digit alone is a word like others: "no one", "two of them". */
static guint
write_number (Words words, GString *text)
{
  guint n = read_decimal (words, text);

  if (n == 1 && find_number (words[0])->kind == DIGIT)
    n = 0;
  return n;
}

/* "A hundred" are words like others, but "a hundred and twenty" is a number as a whole. */
static guint
write_one (Words words, GString *text)
{
  const gsize n_words = g_strv_length ((GStrv) words);
  g_autofree const char **counted = NULL;
  guint64 value;
  guint n;

  if (!is_word (words[0], "a") || find_number (words[1])->kind != SCALE)
    return 0;
  counted = g_memdup2 (words, (n_words + 1) * sizeof (char *));
  counted[0] = "one";
  if (read_cardinal (counted, &value) == 2)
    return 0;
  n = write_ordinal (counted, text);
  return n > 0 ? n : write_number (counted, text);
}

/* Letters */

/* Returns: the letter that the word is, "b" or "b."; 0: it is none */
static char
get_letter (const char *word)
{
  gboolean is_letter =
      word && g_ascii_isalpha (word[0]) && (word[1] == '\0' || (word[1] == '.' && word[2] == '\0'));

  return is_letter ? word[0] : 0;
}

/* Whether the letter alone is a word. */
static gboolean
is_ambiguous (const char *word)
{
  return word[1] == '\0' && strchr ("aAiIoO", word[0]) != NULL;
}

/* Letters, and numbers between them or behind: "a n four", "b two". @n_clear: how many of the letters
 * are no words */
static guint
read_spelling (Words words, GString *text, guint *n_clear)
{
  guint n = 0, n_more;

  *n_clear = 0;
  do {
    n_more = get_letter (words[n]) != 0;
    if (n_more > 0) {
      g_string_append_c (text, g_ascii_toupper (get_letter (words[n])));
      *n_clear += !is_ambiguous (words[n]);
    } else if (n > 0) {
      n_more = read_digits (words + n, text);
    }
    n += n_more;
  } while (n_more > 0);
  return n;
}

static guint
write_spelling (Words words, GString *text)
{
  guint n_clear;
  guint n = read_spelling (words, text, &n_clear);

  if (n_clear > 0)
    return n > 1 ? n : 0;
  /* "AI" is spelled, "am i a" and "a ten i think" are not. */
  return n > 1 && is_word (words[0], "a") && get_letter (words[1]) ? n : 0;
}

/* Words */

static guint
write_word (Words words, GString *text)
{
  const char *rest = words[0] + strcspn (words[0], "'"); /* "i'm", "sunday's" */

  g_string_append_len (text, words[0], rest - words[0]);
  for (guint i = 0; i < G_N_ELEMENTS (capitals); i++)
    if (g_str_equal (text->str, capitals[i].said))
      g_string_assign (text, capitals[i].written);
  g_string_append (text, rest);
  return 1;
}

/* The first rule that applies. Each writes the text for some words, and says for how many. */
static guint (*const rules[]) (Words words, GString *text) = {
  write_spelling,
  write_one,
  write_ordinal,
  write_day,
  write_number,
  write_word,
};

static void
capitalize (HearkenCleanWord *word)
{
  g_autofree char *old = word->text;
  char first[7] = { 0 };

  if (*old == '\0') {
    word->text = g_steal_pointer (&old);
    return;
  }
  g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (old)), first);
  word->text = g_strconcat (first, g_utf8_next_char (old), NULL);
}

/* Models that write everything in capitals say nothing by them.
 * Returns: (transfer full): [n_words + 1], %NULL at the end */
static GStrv
copy_words (Words words, guint n_words)
{
  GStrv copies = g_new0 (char *, n_words + 1);
  gboolean has_lower = FALSE;

  for (guint i = 0; i < n_words; i++)
    for (const char *c = words[i]; *c; c = g_utf8_next_char (c))
      has_lower |= g_unichar_islower (g_utf8_get_char (c));
  for (guint i = 0; i < n_words; i++)
    copies[i] = has_lower ? g_strdup (words[i]) : g_utf8_strdown (words[i], -1);
  return copies;
}

static void
clean_word_free (gpointer data)
{
  HearkenCleanWord *word = data;

  g_free (word->text);
  g_free (word);
}

/* Returns: how many words behind the first @n_words could belong to them: one, but behind a number also
 * what joins more to it, "and", "oh", "point", and behind a letter alone what it may be spelled with */
static guint
count_awaited (Words words, guint n_words)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = n_words, n_clear;
  const char *last;

  if (n == 1 && get_letter (words[0]))
    n = read_spelling (words, text, &n_clear);
  if (is_word (words[n - 1], "a"))
    n += find_number (words[n])->kind == SCALE;
  last = words[n - 1];
  if (find_number (last)->kind == SCALE)
    n += is_word (words[n], "and");
  if (find_number (last)->kind == NO_NUMBER)
    return n - n_words + 1;
  n += is_word (words[n], "point");
  n += count_ohs (words + n);
  return n - n_words + 1;
}

/* Writes the first words. Returns: (transfer full) */
static HearkenCleanWord *
take_word (Words words)
{
  HearkenCleanWord *clean = g_new0 (HearkenCleanWord, 1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; clean->n_words == 0; i++) {
    g_string_truncate (text, 0);
    clean->n_words = rules[i](words, text);
  }
  clean->text = g_string_free (text, FALSE);
  clean->n_awaited = count_awaited (words, clean->n_words);
  return clean;
}

GPtrArray *
hearken_clean_up_words (const char *const *words, guint n_words, gboolean is_beginning)
{
  g_auto (GStrv) copies = copy_words (words, n_words);
  GPtrArray *cleaned = g_ptr_array_new_with_free_func (clean_word_free);
  guint next = 0;

  while (next < n_words) {
    HearkenCleanWord *clean = take_word ((Words) copies + next);

    clean->first = next;
    next += clean->n_words;
    g_ptr_array_add (cleaned, clean);
  }
  if (is_beginning && cleaned->len > 0)
    capitalize (g_ptr_array_index (cleaned, 0));
  return cleaned;
}

/* Returns: (transfer container): the parts of @text, which is cut up, between blanks */
static GPtrArray *
split (char *text)
{
  GPtrArray *words = g_ptr_array_new ();
  char *rest = NULL;

  for (char *word = strtok_r (text, " ", &rest); word; word = strtok_r (NULL, " ", &rest))
    g_ptr_array_add (words, word);
  return words;
}

char *
hearken_clean_up_text (const char *text)
{
  g_autofree char *copy = g_strdup (text);
  g_autoptr (GPtrArray) words = split (copy);
  g_autoptr (GPtrArray) cleaned =
      hearken_clean_up_words ((const char *const *) words->pdata, words->len, TRUE);
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < cleaned->len; i++) {
    const HearkenCleanWord *word = g_ptr_array_index (cleaned, i);

    g_string_append_printf (line, "%s%s", i > 0 ? " " : "", word->text);
  }
  return g_string_free (line, FALSE);
}
