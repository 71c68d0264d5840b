/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* N-gram models against numbers worked out by hand, and against the definition of back-off. */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "language-error.h"
#include "language-model.h"
#include "ngram-internal.h"

/* Half a step of the stored costs, and float arithmetic. */
#define TOLERANCE (0.0005 + 1e-5)

static const char small[] = "made for the test\n"
                            "\\data\\\n"
                            "ngram 1=5\n"
                            "ngram 2 = 4\n"
                            "ngram 3=2\n"
                            "\n"
                            "\\1-grams:\n"
                            "-1.5\t</s>\n"
                            "-99\t<s>\t-0.5\n"
                            "-1.0\ta\t-0.25\n"
                            "-2.0\tb\t0.125\n"
                            "-1.25\tc\n"
                            "\n"
                            "\\2-grams:\n"
                            "-0.5\t<s> a\t-0.75\n"
                            "-0.25\ta b\n"
                            "-0.7\tb </s>\n"
                            "-0.3\tb a\t-0.1\r\n"
                            "\n"
                            "\\3-grams:\n"
                            "-0.125\t<s> a b\n"
                            "-0.0625 b  a b \n"
                            "\n"
                            "\\end\\\n";

static HearkenNgram *
read_text (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return hearken_ngram_new_from_bytes (bytes, "test.arpa", error);
}

static HearkenNgram *
read_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  HearkenNgram *ngram = read_text (text, &error);

  g_assert_no_error (error);
  return ngram;
}

/* ln P of each word of @sentence and of its end, after <s>. */
static void
assert_log10 (const HearkenNgram *ngram, const char *sentence, const double *expected)
{
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  g_auto (GStrv) words = g_strsplit (sentence, " ", 0);
  guint32 state = model.start (model.self);
  guint i;

  for (i = 0; words[i] != NULL && *words[i] != '\0'; i++) {
    const guint32 word = hearken_words_find (hearken_ngram_get_words (ngram), words[i]);
    const double ln = model.advance (model.self, state, word, &state);
    if (isinf (expected[i]))
      g_assert_true (ln == -INFINITY);
    else
      g_assert_cmpfloat_with_epsilon (ln, expected[i] * M_LN10, TOLERANCE);
  }
  g_assert_cmpfloat_with_epsilon (
      model.finish (model.self, state), expected[i] * M_LN10, TOLERANCE);
}

static void
assert_small (const HearkenNgram *ngram)
{
  g_assert_cmpuint (hearken_ngram_get_order (ngram), ==, 3);
  g_assert_cmpuint (hearken_words_get_n (hearken_ngram_get_words (ngram)), ==, 5);
  assert_log10 (ngram, "", (double[]){ -0.5 - 1.5 });
  assert_log10 (ngram, "a b", (double[]){ -0.5, -0.125, -0.7 });
  /* "c" after "a b": nothing but P(c), weighted by the history "b" alone. */
  assert_log10 (ngram, "a b c", (double[]){ -0.5, -0.125, 0.125 - 1.25, -1.5 });
  assert_log10 (ngram, "a a b", (double[]){ -0.5, -0.75 - 0.25 - 1.0, -0.25, -0.7 });
  assert_log10 (ngram, "a b a b", (double[]){ -0.5, -0.125, -0.3, -0.0625, -0.7 });
  assert_log10 (ngram, "a b a c", (double[]){ -0.5, -0.125, -0.3, -0.1 - 0.25 - 1.25, -1.5 });
  assert_log10 (ngram, "c <s> c", (double[]){ -0.5 - 1.25, -INFINITY, -0.5 - 1.25, -1.5 });
  g_assert_cmpfloat_with_epsilon (
      hearken_cost_get_log_prob (hearken_ngram_get_unigram (ngram, 4)), -1.25 * M_LN10, TOLERANCE);
}

static void
test_by_hand (void)
{
  g_autoptr (HearkenNgram) ngram = read_good (small);

  assert_small (ngram);
}

static void
test_compiled (void)
{
  g_autoptr (HearkenNgram) ngram = read_good (small);
  g_autoptr (GBytes) file = hearken_ngram_compile (ngram, NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenNgram) compiled = hearken_ngram_new_from_bytes (file, "test.lm", &error);

  g_assert_no_error (error);
  assert_small (compiled);
  g_autoptr (GBytes) again = hearken_ngram_compile (compiled, NULL, 0);
  g_assert_true (g_bytes_equal (file, again));
}

/* A history whose words no longer n-gram begins with is the same state as a shorter one: the fewer
 * states, the more hypotheses can be told to be equal. */
static void
test_states (void)
{
  g_autoptr (HearkenNgram) ngram = read_good (small);
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  guint32 begin = model.start (model.self), after_a, after_ab, after_b, after_c;

  model.advance (model.self, begin, 2, &after_a);
  model.advance (model.self, after_a, 3, &after_ab);
  model.advance (model.self, begin, 3, &after_b);
  model.advance (model.self, begin, 4, &after_c);
  g_assert_cmpuint (after_ab, ==, after_b);
  g_assert_cmpuint (after_c, ==, 0);
  g_assert_cmpuint (after_a, !=, after_b);
}

static void
test_unknown (void)
{
  static const char *const spellings[] = { "<unk>", "<UNK>" };
  const char *format = "\\data\\\nngram 1=3\nngram 2=1\n\\1-grams:\n-1 %s\n-2 a -0.5\n-3 b\n"
                       "\\2-grams:\n-0.25 a %s\n\\end\\\n";
  g_autoptr (HearkenNgram) closed = read_good (small);
  HearkenWordModel model = hearken_ngram_get_word_model (closed);
  guint32 state = 5;

  g_assert_true (model.advance (model.self, 0, HEARKEN_NO_WORD, &state) == -INFINITY);
  g_assert_cmpuint (state, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++) {
    g_autofree char *text = g_strdup_printf (format, spellings[i], spellings[i]);
    g_autoptr (HearkenNgram) open = read_good (text);
    model = hearken_ngram_get_word_model (open);
    g_assert_cmpuint (model.start (model.self), ==, 0);
    g_assert_cmpfloat_with_epsilon (
        model.advance (model.self, 0, HEARKEN_NO_WORD, &state), -M_LN10, TOLERANCE);
    model.advance (model.self, 0, 1, &state);
    g_assert_cmpfloat_with_epsilon (
        model.advance (model.self, state, 77, &state), -0.25 * M_LN10, TOLERANCE);
    g_assert_true (model.finish (model.self, state) == 0.0f);
  }
}

/* What nothing depends on, some tools write, and others read: a back-off weight of the highest order,
 * a byte order mark. */
static void
test_idle (void)
{
  g_autoptr (HearkenNgram) ngram = read_good ("\xef\xbb\xbf\\data\\\nngram 1=2\nngram 2=1\n"
                                              "\\1-grams:\n-1 a -0.5\n-2 b 0\n"
                                              "\\2-grams:\n-0.25 a b -3\n\\end\\\n");
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  guint32 state;

  model.advance (model.self, 0, 0, &state);
  g_assert_cmpfloat_with_epsilon (
      model.advance (model.self, state, 1, &state), -0.25 * M_LN10, TOLERANCE);
  g_assert_cmpfloat_with_epsilon (model.advance (model.self, state, 0, &state), -M_LN10, TOLERANCE);
}

static void
test_extremes (void)
{
  g_autoptr (HearkenNgram) ngram = read_good ("\\data\\\nngram 1=5\n\\1-grams:\n"
                                              "0 sure\n-0 minus\n-98 hardly\n-inf never\n-100 no\n"
                                              "\\end\\\n");

  g_assert_cmpuint (hearken_ngram_get_unigram (ngram, 0), ==, 0);
  g_assert_cmpuint (hearken_ngram_get_unigram (ngram, 1), ==, 0);
  /* What is stored ends at ln P = -64. */
  g_assert_cmpuint (hearken_ngram_get_unigram (ngram, 2), ==, HEARKEN_COST_IMPOSSIBLE - 1);
  g_assert_cmpuint (hearken_ngram_get_unigram (ngram, 3), ==, HEARKEN_COST_IMPOSSIBLE);
  g_assert_cmpuint (hearken_ngram_get_unigram (ngram, 4), ==, HEARKEN_COST_IMPOSSIBLE);
}

/* Random models of every order, against the definition of back-off over n-grams as texts. */

#define N_RANDOM_WORDS 6

typedef struct {
  double log_prob, backoff;
} Numbers;

static char *
join (const guint *words, guint n_words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_words; i++)
    g_string_append_printf (text, i > 0 ? " w%u" : "w%u", words[i]);
  return g_string_free (text, FALSE);
}

/* All n-grams of @n words that continue one that is there, each with a chance of a half. */
static void
add_random (GHashTable *all, GString *lines, guint n, guint order, guint *count, GRand *random)
{
  const guint n_possible = (guint) pow (N_RANDOM_WORDS, n);
  const guint offset = (guint) g_rand_int_range (random, 0, (gint32) n_possible);

  for (guint k = 0; k < n_possible; k++) {
    guint words[HEARKEN_NGRAM_MAX_ORDER], code = (k + offset) % n_possible;
    for (guint i = 0; i < n; i++, code /= N_RANDOM_WORDS)
      words[i] = code % N_RANDOM_WORDS;
    g_autofree char *history = join (words, n - 1);
    if (n > 1 && (!g_hash_table_contains (all, history) || g_rand_boolean (random)))
      continue;
    Numbers *numbers = g_new0 (Numbers, 1);
    char *text = join (words, n);
    numbers->log_prob = -g_rand_double_range (random, 0, 4);
    g_string_append_printf (lines, "%.9f\t%s", numbers->log_prob, text);
    if (n < order && g_rand_int_range (random, 0, 4) > 0) {
      numbers->backoff = g_rand_double_range (random, -2, 0.5);
      g_string_append_printf (lines, "\t%.9f", numbers->backoff);
    }
    g_string_append_c (lines, '\n');
    g_hash_table_insert (all, text, numbers);
    (*count)++;
  }
}

static char *
make_random (GHashTable *all, guint order, GRand *random)
{
  g_autoptr (GString) header = g_string_new ("\\data\\\n");
  GString *text = g_string_new (NULL);

  for (guint n = 1; n <= order; n++) {
    guint count = 0;
    g_string_append_printf (text, "\\%u-grams:\n", n);
    add_random (all, text, n, order, &count, random);
    g_string_append_printf (header, "ngram %u=%u\n", n, count);
  }
  g_string_append (text, "\\end\\\n");
  g_string_prepend (text, header->str);
  return g_string_free (text, FALSE);
}

static double
get_expected (GHashTable *all, const guint *words, guint n_words)
{
  g_autofree char *text = join (words, n_words);
  g_autofree char *history = join (words, n_words - 1);
  const Numbers *numbers = g_hash_table_lookup (all, text);

  if (numbers != NULL)
    return numbers->log_prob;
  numbers = g_hash_table_lookup (all, history);
  return (numbers != NULL ? numbers->backoff : 0.0) + get_expected (all, words + 1, n_words - 1);
}

static void
compare_random (HearkenNgram *ngram, GHashTable *all, GRand *random)
{
  const HearkenWordModel model = hearken_ngram_get_word_model (ngram);
  const HearkenWords *words = hearken_ngram_get_words (ngram);
  guint said[HEARKEN_NGRAM_MAX_ORDER], n_said = 0;
  guint32 state = model.start (model.self);

  for (guint i = 0; i < 3000; i++) {
    if (n_said == ngram->order)
      memmove (said, said + 1, --n_said * sizeof (guint));
    said[n_said++] = (guint) g_rand_int_range (random, 0, N_RANDOM_WORDS);
    g_autofree char *text = join (said + n_said - 1, 1);
    const float ln = model.advance (model.self, state, hearken_words_find (words, text), &state);
    g_assert_cmpfloat_with_epsilon (ln, get_expected (all, said, n_said) * M_LN10, TOLERANCE);
  }
}

static void
test_random (gconstpointer data)
{
  const guint order = GPOINTER_TO_UINT (data);
  g_autoptr (GRand) random = g_rand_new_with_seed (order);

  for (guint i = 0; i < 4; i++) {
    g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *text = make_random (all, order, random);
    g_autoptr (HearkenNgram) ngram = read_good (text);
    g_autoptr (GBytes) file = hearken_ngram_compile (ngram, NULL, 0);
    g_autoptr (HearkenNgram) compiled = hearken_ngram_new_from_bytes (file, "test.lm", NULL);
    compare_random (ngram, all, random);
    compare_random (compiled, all, random);
  }
}

/* Files */

#define HEAD "\\data\\\nngram 1=2\nngram 2=1\n\n\\1-grams:\n-1 a -1\n-1 b\n"

static const struct {
  const char *name;
  const char *text;
  guint line;
  const char *reason;
} bad_texts[] = {
  { "empty", "", 0, "no line \\data\\" },
  { "no data", "hello\nyou\n", 2, "no line \\data\\" },
  { "gzipped", "\x1f\x8b\x08", 0, "compressed by gzip" },
  { "no text", "\\data\\\nngram 1=1\n\xff\xfe\n", 3, "UTF-8" },
  { "no counts", "\\data\\\n\\1-grams:\n", 2, "no counts" },
  { "no equals sign", "\\data\\\nngram 1:2\n", 2, "not ngram ORDER=COUNT" },
  { "negative count", "\\data\\\nngram 1=-2\n", 2, "not ngram ORDER=COUNT" },
  { "no count", "\\data\\\nngram 1=2x\n", 2, "no count" },
  { "order 2 first", "\\data\\\nngram 2=2\n", 2, "orders" },
  { "order twice", "\\data\\\nngram 1=2\nngram 1=2\n", 3, "orders" },
  { "order 6", "\\data\\\nngram 1=1\nngram 2=1\nngram 3=1\nngram 4=1\nngram 5=1\nngram 6=1\n", 7,
      "highest order" },
  { "only counts", "\\data\\\nngram 1=2\n", 2, "ends before \\end\\" },
  { "no words", "\\data\\\nngram 1=0\n\\1-grams:\n\\end\\\n", 4, "no words" },
  { "too few", "\\data\\\nngram 1=3\n\\1-grams:\n-1 a\n\\end\\\n", 5, "there are 1 1-grams, not" },
  { "too many", HEAD "-1 c\n", 8, "more 1-grams than the 2" },
  { "section lacks", HEAD "\\end\\\n", 8, "is not \\2-grams:" },
  { "another section", HEAD "\\3-grams:\n", 8, "is not \\2-grams:" },
  { "no end", HEAD "\\2-grams:\n-1 a b\n", 9, "ends before \\end\\" },
  { "section too many", HEAD "\\2-grams:\n-1 a b\n\\3-grams:\n", 10, "is not \\end\\" },
  { "cut off", HEAD "\\2-grams:\n-1 a", 9, "no 2-gram" },
  { "no number", HEAD "\\2-grams:\nx a b\n", 9, "'x' is no number" },
  { "half a number", HEAD "\\2-grams:\n-1,5 a b\n", 9, "'-1,5' is no number" },
  { "not a number", HEAD "\\2-grams:\nnan a b\n", 9, "'nan' is no number" },
  { "positive", HEAD "\\2-grams:\n0.1 a b\n", 9, "0.1 is positive" },
  { "back-off no number", "\\data\\\nngram 1=1\nngram 2=0\n\\1-grams:\n-1 a b\n", 5, "'b' is no" },
  { "back-off infinite", "\\data\\\nngram 1=1\nngram 2=0\n\\1-grams:\n-1 a -inf\n", 5, "range" },
  { "back-off of the highest no number", HEAD "\\2-grams:\n-1 a b a\n", 9, "'a' is no number" },
  { "too many words", HEAD "\\2-grams:\n-1 a b a -1\n", 9, "no 2-gram" },
  { "too many words of the highest order",
      "\\data\\\nngram 1=1\nngram 2=0\nngram 3=0\nngram 4=0\nngram 5=1\n\\1-grams:\n-1 a\n"
      "\\2-grams:\n\\3-grams:\n\\4-grams:\n\\5-grams:\n-1 a a a a a a -1\n",
      13, "no 5-gram" },
  { "unknown word", HEAD "\\2-grams:\n-1 a c\n", 9, "'c' is not among" },
  { "word twice", "\\data\\\nngram 1=2\n\\1-grams:\n-1 a\n-1 a\n", 5, "'a' is given twice" },
  { "2-gram twice",
      "\\data\\\nngram 1=2\nngram 2=3\n\\1-grams:\n-1 a\n-1 b\n\\2-grams:\n"
      "-1 a b\n-1 b a\n-2 a b\n\\end\\\n",
      10, "'a b' is given twice" },
  { "no history",
      "\\data\\\nngram 1=2\nngram 2=1\nngram 3=1\n\\1-grams:\n-1 a\n-1 b\n\\2-grams:\n"
      "-1 a b\n\\3-grams:\n-1 b a b\n",
      11, "no 2-gram 'b a' for it to begin with" },
};

static void
assert_refused (GBytes *bytes, const char *place, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenNgram) ngram = hearken_ngram_new_from_bytes (bytes, "test.arpa", &error);

  g_assert_null (ngram);
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX);
  g_assert_true (g_str_has_prefix (error->message, place));
  if (strstr (error->message, reason) == NULL)
    g_error ("'%s' says nothing of '%s'", error->message, reason);
}

static void
test_bad_text (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = g_bytes_new (bad_texts[i].text, strlen (bad_texts[i].text));
  g_autofree char *place = g_strdup_printf ("test.arpa:%u: ", bad_texts[i].line);

  assert_refused (bytes, place, bad_texts[i].reason);
}

/* To the last byte that is allowed, and one further. */
static void
test_long (void)
{
  for (guint is_too_long = 0; is_too_long < 2; is_too_long++) {
    g_autofree char *word = g_strnfill (255 + is_too_long, 'x');
    g_autofree char *line = g_strnfill (4095 + is_too_long - strlen ("-1 b"), ' ');
    g_autofree char *words =
        g_strdup_printf ("\\data\\\nngram 1=1\n\\1-grams:\n-1 %s\n\\end\\\n", word);
    g_autofree char *lines =
        g_strdup_printf ("\\data\\\nngram 1=2\n\\1-grams:\n-1 a\n-1%s b\n\\end\\\n", line);
    g_autoptr (GBytes) long_word = g_bytes_new (words, strlen (words));
    g_autoptr (GBytes) long_line = g_bytes_new (lines, strlen (lines));

    if (is_too_long) {
      assert_refused (long_word, "test.arpa:4: ", "longer than 255 bytes");
      assert_refused (long_line, "test.arpa:5: ", "too long");
    } else {
      g_autoptr (HearkenNgram) with_word = read_good (words), with_line = read_good (lines);
      g_assert_cmpuint (hearken_words_get_n (hearken_ngram_get_words (with_line)), ==, 2);
    }
  }
}

/* Where things are in "small", compiled: 5 words, in 15 bytes, 6 contexts and 11 arcs. */
enum { ORDER = 8, N_WORDS = 12, N_TEXT_BYTES = 16, N_CONTEXTS = 20, N_ARCS = 24, TEXT = 28 };
#define FIRST_ARC(context) (TEXT + 15 + 12 * (context))
#define SHORTER(context) (FIRST_ARC (context) + 4)
#define BACKOFF(context) (FIRST_ARC (context) + 8)
#define NEXT(arc) (FIRST_ARC (6) + 8 * (arc)) /* in the upper half; below it is the cost */
#define KEY(arc) (NEXT (arc) + 4)             /* in the upper 20 bits */

static const struct {
  const char *name;
  guint at;
  guint32 value;
  const char *reason;
} bad_files[] = {
  { "version", 4, 0x024d4152, "another version" },
  { "order 0", ORDER, 0, "order is out of range" },
  { "order 6", ORDER, 6, "order is out of range" },
  { "order 2", ORDER, 2, "longer than its order" },
  { "no words", N_WORDS, 0, "number of words" },
  { "too many words", N_WORDS, HEARKEN_NGRAM_MAX_WORDS + 1, "number of words" },
  { "a word too few", N_WORDS, 6, "lacks words" },
  { "a word too many", N_WORDS, 4, "more words than it says" },
  { "an empty word", TEXT, 0, "empty" },
  { "no text", N_TEXT_BYTES, 0, "words do not end" },
  { "half a word", N_TEXT_BYTES, 14, "words do not end" },
  { "no contexts", N_CONTEXTS, 0, "number of contexts" },
  { "too many contexts", N_CONTEXTS, HEARKEN_NGRAM_MAX_CONTEXTS + 1, "number of contexts" },
  { "an arc too few", N_ARCS, 4, "fewer n-grams than words" },
  { "an arc too many", N_ARCS, 12, "cut off" },
  { "no arcs of no words", FIRST_ARC (0), 1, "does not have every word" },
  { "not all arcs of no words", FIRST_ARC (1), 4, "does not have every word" },
  { "arcs before those before", FIRST_ARC (2), 4, "out of order" },
  { "arcs beyond the last", FIRST_ARC (5), 12, "out of order" },
  { "no words are shorter", SHORTER (0), 1, "not shorter" },
  { "shorter than itself", SHORTER (3), 3, "not shorter" },
  { "infinite back-off", BACKOFF (2), 0x7f800000, "not finite" },
  { "another word's arc", KEY (0), 1 << 12, "refers to what is not there" },
  { "arcs of no words out of order", KEY (1), 0, "out of order" },
  { "an arc twice", KEY (8), 0, "out of order" },
  { "an arc to nowhere", NEXT (5), 6 << 16, "refers to what is not there" },
};

static void
test_bad_file (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (HearkenNgram) ngram = read_good (small);
  GByteArray *file = g_bytes_unref_to_array (hearken_ngram_compile (ngram, NULL, 0));
  const guint32 value = GUINT32_TO_LE (bad_files[i].value);

  g_assert_cmpuint (file->len, ==, NEXT (11));
  memcpy (file->data + bad_files[i].at, &value, sizeof (value));
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (file);
  assert_refused (bytes, "test.arpa: ", bad_files[i].reason);
}

/* Each change of one byte of a compiled model is refused, or makes a model that can be used. */
static void
test_damage (void)
{
  g_autoptr (HearkenNgram) ngram = read_good (small);
  g_autoptr (GBytes) file = hearken_ngram_compile (ngram, NULL, 0);
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (file, &n_bytes);
  guint n_refused = 0;

  for (gsize i = 0; i < n_bytes * 3; i++) {
    static const guint8 changes[] = { 1, 0x80, 0xff };
    g_autofree guint8 *changed = g_memdup2 (data, n_bytes);
    changed[i / 3] ^= changes[i % 3];
    g_autoptr (GBytes) bytes = g_bytes_new (changed, n_bytes);
    g_autoptr (HearkenNgram) read = hearken_ngram_new_from_bytes (bytes, "test.lm", NULL);
    n_refused += read == NULL;
    for (guint32 state = 0; read != NULL && state < read->n_contexts; state++) {
      const HearkenWordModel model = hearken_ngram_get_word_model (read);
      guint32 next;
      g_assert_false (isnan (model.advance (model.self, state, 3, &next)));
      g_assert_cmpuint (next, <, read->n_contexts);
    }
  }
  g_assert_cmpuint (n_refused, >, n_bytes / 3);
  for (gsize length = 8; length <= n_bytes + 1; length++) {
    g_autofree guint8 *part = g_malloc0 (length);
    memcpy (part, data, MIN (length, n_bytes));
    g_autoptr (GBytes) bytes = g_bytes_new (part, length);
    if (length != n_bytes)
      assert_refused (bytes, "test.arpa: ", "cut off");
  }
}

/* Lines without words are no sentences; of words that cannot be said, only their number counts. */
static void
assert_fit (const char *path)
{
  HearkenTextFit fit;

  g_assert_true (hearken_language_model_measure (path, "a  b\n\n \t\nc x <s>\tc\r\n", &fit, NULL));
  g_assert_cmpuint (fit.n_sentences, ==, 2);
  g_assert_cmpuint (fit.n_words, ==, 4);
  g_assert_cmpuint (fit.n_unknown, ==, 2);
  g_assert_cmpfloat_with_epsilon (
      fit.log_prob, (-0.5 - 0.125 - 0.7 + -0.5 - 1.25 - 0.5 - 1.25 - 1.5) * M_LN10, 8 * TOLERANCE);
}

/* The same file twice is one model; once changed, it is another. */
static void
test_shared (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("hearken-test-XXXXXX", &error);
  g_autofree char *path = g_build_filename (directory, "test.arpa", NULL);

  g_assert_true (g_file_set_contents (path, small, -1, &error));
  g_autoptr (HearkenNgram) first = hearken_ngram_load (path, &error);
  g_autoptr (HearkenNgram) second = hearken_ngram_load (path, &error);
  g_assert_no_error (error);
  g_assert_true (first == second);
  g_assert_true (g_file_set_contents (path, small + 5, -1, &error));
  g_autoptr (HearkenNgram) third = hearken_ngram_load (path, &error);
  g_assert_nonnull (third);
  g_assert_true (third != first);
  assert_fit (path);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_null (hearken_ngram_load (path, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "test.arpa"));
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ngram/by-hand", test_by_hand);
  g_test_add_func ("/ngram/compiled", test_compiled);
  g_test_add_func ("/ngram/states", test_states);
  g_test_add_func ("/ngram/unknown", test_unknown);
  g_test_add_func ("/ngram/idle", test_idle);
  g_test_add_func ("/ngram/extremes", test_extremes);
  for (guint order = 1; order <= HEARKEN_NGRAM_MAX_ORDER; order++) {
    g_autofree char *name = g_strdup_printf ("/ngram/random/%u", order);
    g_test_add_data_func (name, GUINT_TO_POINTER (order), test_random);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad_texts); i++) {
    g_autofree char *name = g_strdup_printf ("/ngram/bad/%s", bad_texts[i].name);
    g_test_add_data_func (name, GUINT_TO_POINTER (i), test_bad_text);
  }
  g_test_add_func ("/ngram/bad/long", test_long);
  for (guint i = 0; i < G_N_ELEMENTS (bad_files); i++) {
    g_autofree char *name = g_strdup_printf ("/ngram/bad-file/%s", bad_files[i].name);
    g_test_add_data_func (name, GUINT_TO_POINTER (i), test_bad_file);
  }
  g_test_add_func ("/ngram/damage", test_damage);
  g_test_add_func ("/ngram/shared", test_shared);
  return g_test_run ();
}
