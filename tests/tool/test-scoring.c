/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Counting errors: alignment, normalisation, what is read, what is reported. */
#include <string.h>

#include <glib/gstdio.h>

#include "align.h"
#include "manifest.h"
#include "normalize.h"
#include "scores.h"

static void
check_words (const char *said, const char *heard, guint n_said, guint n_substitutions,
    guint n_deletions, guint n_insertions)
{
  ToolErrors errors = tool_align_words (said, heard);

  g_assert_cmpuint (errors.n_said, ==, n_said);
  g_assert_cmpuint (errors.n_substitutions, ==, n_substitutions);
  g_assert_cmpuint (errors.n_deletions, ==, n_deletions);
  g_assert_cmpuint (errors.n_insertions, ==, n_insertions);
}

static void
test_words (void)
{
  check_words ("", "", 0, 0, 0, 0);
  check_words ("a b c", " a  b\tc ", 3, 0, 0, 0);
  check_words ("a b c", "", 3, 0, 3, 0);
  check_words ("", "a b", 0, 0, 0, 2);
  check_words ("a b c", "a x c", 3, 1, 0, 0);
  check_words ("a b c d", "x a b e", 4, 1, 1, 1);
  check_words ("the the", "The the", 2, 1, 0, 0);
}

/* Equally cheap alignments, counted as sclite counts them. */
static void
test_ties (void)
{
  check_words ("a c f d d b", "e e a a b", 6, 4, 1, 0);
  check_words ("f a e a a c b e", "d c d f b a", 8, 5, 2, 0);
  check_words ("b c b a a c c c b b c", "a a b b b c c a a c b", 11, 4, 2, 2);
}

static void
test_letters (void)
{
  ToolErrors errors = tool_align_letters ("für uns", "fur  u n");

  g_assert_cmpuint (errors.n_said, ==, 6);
  g_assert_cmpuint (errors.n_substitutions, ==, 1);
  g_assert_cmpuint (errors.n_deletions, ==, 1);
  g_assert_cmpuint (errors.n_insertions, ==, 0);
}

/* The same by the whole table: cost, substitutions, deletions, insertions. */
static ToolErrors
align_slowly (const guint32 *said, guint n_said, const guint32 *heard, guint n_heard)
{
  typedef struct {
    guint cost, sub, del, ins;
  } Cell;
  g_autofree Cell *table = g_new0 (Cell, (n_said + 1) * (n_heard + 1));

  for (guint i = 0; i <= n_said; i++)
    for (guint j = i == 0; j <= n_heard; j++) {
      Cell *cell = &table[i * (n_heard + 1) + j];
      const Cell *above = cell - (n_heard + 1), *left = cell - 1, *diagonal = above - 1;
      const gboolean is_equal = i > 0 && j > 0 && said[i - 1] == heard[j - 1];

      cell->cost = G_MAXUINT;
      if (i > 0 && j > 0)
        *cell = (Cell){ diagonal->cost + (is_equal ? 0 : 4), diagonal->sub + !is_equal,
          diagonal->del, diagonal->ins };
      if (j > 0 && left->cost + 3 < cell->cost)
        *cell = (Cell){ left->cost + 3, left->sub, left->del, left->ins + 1 };
      if (i > 0 && above->cost + 3 < cell->cost)
        *cell = (Cell){ above->cost + 3, above->sub, above->del + 1, above->ins };
    }
  const Cell last = table[(n_said + 1) * (n_heard + 1) - 1];
  return (ToolErrors){ n_said, last.sub, last.del, last.ins };
}

/* Texts that are alike, or not, and differ in length; some with a piece that is elsewhere. */
static void
test_shortcuts (void)
{
  for (guint trial = 0; trial < 200; trial++) {
    enum { MOST = 700 };
    guint32 said[MOST], heard[2 * MOST];
    const guint n_said = g_test_rand_int_range (0, MOST), n_letters = g_test_rand_int_range (2, 30);
    const guint n_moved = n_said > 0 && trial % 2 ? g_test_rand_int_range (0, n_said) : 0;
    const double doubt = g_test_rand_double_range (0, trial % 3 ? 0.1 : 0.7);
    guint n_heard = 0;

    for (guint i = 0; i < n_said; i++)
      said[i] = g_test_rand_int_range (0, n_letters);
    for (guint i = 0; i < n_said; i++) {
      const guint32 letter = said[(i + n_moved) % n_said];

      if (g_test_rand_double () >= doubt)
        heard[n_heard++] = letter;
      else
        for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
          heard[n_heard++] = g_test_rand_int_range (0, n_letters);
    }
    const ToolErrors errors = tool_align (said, n_said, heard, n_heard);
    const ToolErrors expected = align_slowly (said, n_said, heard, n_heard);
    g_assert_cmpmem (&errors, sizeof (errors), &expected, sizeof (expected));
  }
}

/* Where little is wrong, the length of a text hardly matters. */
static void
test_long_text (void)
{
  enum { LENGTH = 200000 };
  g_autofree guint32 *said = g_new (guint32, LENGTH);
  g_autofree guint32 *heard = g_new (guint32, LENGTH);
  guint n_heard = 0;

  for (guint i = 0; i < LENGTH; i++) {
    said[i] = i * i % 1009 % 26;
    if (i % 10000 != 5000)
      heard[n_heard++] = i % 10000 == 7000 ? 99 : said[i];
  }
  const ToolErrors errors = tool_align (said, LENGTH, heard, n_heard);
  g_assert_cmpuint (errors.n_substitutions, ==, LENGTH / 10000);
  g_assert_cmpuint (errors.n_deletions, ==, LENGTH / 10000);
  g_assert_cmpuint (errors.n_insertions, ==, 0);
}

static void
test_normalize (void)
{
  static const char *const texts[][2] = {
    { "", "" },
    { "  ?! ", "" },
    { "Don't stop-now,\tÉTÉ.", "dont stop now été" },
    { "twenty\u2013one \u2014 no", "twenty one no" },
    { "E\u0301te\u0301", "été" },
    { "-a-", "a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *normal = tool_normalize (texts[i][0]);

    g_assert_cmpstr (normal, ==, texts[i][1]);
  }
}

/* Files */

/* Returns: (transfer full): the path of a file with this text */
static char *
write_file (const char *text)
{
  g_autoptr (GError) error = NULL;
  char *path;
  int fd = g_file_open_tmp ("hearken-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL) && g_file_set_contents (path, text, -1, NULL));
  return path;
}

static GPtrArray *
read_manifest (const char *text, GPtrArray *problems, GError **error)
{
  g_autofree char *path = write_file (text);
  GPtrArray *clips = tool_manifest_read (path, "/", problems, error);

  g_unlink (path);
  return clips;
}

static void
test_manifest (void)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) clips = read_manifest ("\xef\xbb\xbftext\tspeaker\tpath\r\n"
                                               "Yes, no\tann\tdev/null\r\n"
                                               "\n"
                                               "no\tbob\tno/such/file\n"
                                               "\tbob\tdev/null\n"
                                               "no\n"
                                               "no\t\t/dev/null",
      problems, &error);
  const ToolClip *clip;

  g_assert_no_error (error);
  g_assert_cmpuint (clips->len, ==, 2);
  clip = g_ptr_array_index (clips, 0);
  g_assert_cmpstr (clip->id, ==, "dev/null");
  g_assert_cmpstr (clip->path, ==, "/dev/null");
  g_assert_cmpstr (clip->speaker, ==, "ann");
  g_assert_cmpstr (clip->text, ==, "Yes, no");
  clip = g_ptr_array_index (clips, 1);
  g_assert_cmpstr (clip->path, ==, "/dev/null");
  g_assert_null (clip->speaker);

  g_assert_cmpuint (problems->len, ==, 3);
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 0), ":4: /no/such/file: "));
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 1), ":5: dev/null: no text"));
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 2), ":6: no path"));
}

static void
test_no_manifest (void)
{
  static const char *const texts[] = { "", "path text\na b\n", "path\tseconds\n",
    "path\ttext\n\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) error = NULL;

    g_assert_null (read_manifest (texts[i], problems, &error));
    g_assert_nonnull (error);
  }
}

static void
check_transcript (
    const GPtrArray *clips, guint index, const char *id, const char *speaker, const char *text)
{
  const ToolClip *clip = g_ptr_array_index (clips, index);

  g_assert_cmpstr (clip->id, ==, id);
  g_assert_cmpstr (clip->speaker, ==, speaker);
  g_assert_cmpstr (clip->text, ==, text);
}

static void
test_transcript (void)
{
  g_autofree char *path = write_file ("yes no (ann-1-2)\n"
                                      "(b_c-1)\n"
                                      "\n"
                                      "b_2 yes (no)  \n"
                                      "c_3\n"
                                      "d4 (laughs out) yes\n"
                                      "e5 yes (laughs out)\n"
                                      "c_3 no\n"
                                      "c_3 yes\n");
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) clips = tool_transcript_read (path, problems, &error);

  g_unlink (path);
  g_assert_no_error (error);
  g_assert_cmpuint (clips->len, ==, 6);
  check_transcript (clips, 0, "ann-1-2", "ann", "yes no");
  check_transcript (clips, 1, "b_c-1", "b_c", "");
  check_transcript (clips, 2, "no", NULL, "b_2 yes");
  check_transcript (clips, 3, "c_3", "c", "");
  check_transcript (clips, 4, "d4", NULL, "(laughs out) yes");
  check_transcript (clips, 5, "e5", NULL, "yes (laughs out)");
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 0), ":8: c_3 is there already"));
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 1), ":9: c_3 is there already"));
}

/* Reports */

static void
test_report (void)
{
  g_autoptr (ToolScores) scores = tool_scores_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  tool_scores_add (scores, "bob", "a b c d", "a b c d");
  tool_scores_add (scores, "ann", "a b", "a");
  tool_scores_add (scores, "bob", "a b", "x b c");
  tool_scores_append_report (scores, out);
  g_assert_nonnull (strstr (out->str,
      "\nann                       1       2      0      1      0    50.00    50.00"
      "\nbob                       2       6      1      0      1    33.33    33.33"
      "\nall                       3       8      1      1      1    37.50    37.50"
      "\n"));
  g_assert_nonnull (strstr (out->str, "\nWER 37.50 %\n"));
  g_assert_nonnull (strstr (out->str, "33.33 … 50.00 % (bootstrap over 2 speakers)\n"));
}

/* Speakers that are all alike leave nothing to chance; without names, each recording is one. */
static void
test_interval (void)
{
  g_autoptr (ToolScores) scores = tool_scores_new ();
  double low, high;

  tool_scores_add (scores, NULL, "a b", "a");
  g_assert_cmpuint (tool_scores_get_interval (scores, &low, &high), ==, 0);
  for (guint i = 0; i < 9; i++)
    tool_scores_add (scores, NULL, "a b", "a");
  g_assert_cmpuint (tool_scores_get_interval (scores, &low, &high), ==, 10);
  g_assert_cmpfloat (low, ==, 50);
  g_assert_cmpfloat (high, ==, 50);

  /* 10 right and 10 wrong of one word: a binomial distribution, 95 % of which is 30 … 70 %. */
  g_autoptr (ToolScores) halves = tool_scores_new ();
  for (guint i = 0; i < 20; i++)
    tool_scores_add (halves, NULL, "a", i % 2 ? "a" : "b");
  tool_scores_get_interval (halves, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 30, 1e-9);
  g_assert_cmpfloat_with_epsilon (high, 70, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/align/words", test_words);
  g_test_add_func ("/align/ties", test_ties);
  g_test_add_func ("/align/letters", test_letters);
  g_test_add_func ("/align/shortcuts", test_shortcuts);
  g_test_add_func ("/align/long-text", test_long_text);
  g_test_add_func ("/normalize", test_normalize);
  g_test_add_func ("/manifest", test_manifest);
  g_test_add_func ("/manifest/bad", test_no_manifest);
  g_test_add_func ("/transcript", test_transcript);
  g_test_add_func ("/scores/report", test_report);
  g_test_add_func ("/scores/interval", test_interval);
  return g_test_run ();
}
