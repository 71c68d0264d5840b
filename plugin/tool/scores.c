/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_DRAWS 10000

struct ToolScores {
  GPtrArray *speakers; /* (element-type ToolScore): in order of appearance */
  GHashTable *by_name; /* name → ToolScore */
};

static void
score_free (ToolScore *score)
{
  g_free (score->name);
  g_free (score);
}

ToolScores *
tool_scores_new (void)
{
  ToolScores *scores = g_new (ToolScores, 1);

  scores->speakers = g_ptr_array_new_with_free_func ((GDestroyNotify) score_free);
  scores->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return scores;
}

void
tool_scores_free (ToolScores *scores)
{
  g_hash_table_unref (scores->by_name);
  g_ptr_array_unref (scores->speakers);
  g_free (scores);
}

static ToolScore *
get_score (ToolScores *scores, const char *speaker)
{
  ToolScore *score = speaker ? g_hash_table_lookup (scores->by_name, speaker) : NULL;

  if (score)
    return score;
  score = g_new0 (ToolScore, 1);
  score->name = g_strdup (speaker);
  g_ptr_array_add (scores->speakers, score);
  if (speaker)
    g_hash_table_insert (scores->by_name, score->name, score);
  return score;
}

static void
add (ToolScore *score, const ToolScore *other)
{
  score->n_clips += other->n_clips;
  tool_errors_add (&score->words, &other->words);
  tool_errors_add (&score->letters, &other->letters);
}

void
tool_scores_add (ToolScores *scores, const char *speaker, const char *said, const char *heard)
{
  const ToolScore clip = {
    .n_clips = 1,
    .words = tool_align_words (said, heard),
    .letters = tool_align_letters (said, heard),
  };

  add (get_score (scores, speaker), &clip);
}

static ToolScore
sum_up (const ToolScores *scores)
{
  ToolScore all = { 0 };

  for (guint i = 0; i < scores->speakers->len; i++)
    add (&all, g_ptr_array_index (scores->speakers, i));
  return all;
}

guint
tool_scores_get_n_clips (const ToolScores *scores)
{
  return sum_up (scores).n_clips;
}

/* The interval */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* @sorted: [n]; between two values, linearly */
static double
get_quantile (const double *sorted, guint n, double quantile)
{
  double position = quantile * (n - 1);
  guint below = (guint) floor (position);
  guint above = MIN (below + 1, n - 1);

  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/* The error rate of as many speakers, drawn with replacement. */
static double
draw (const ToolScores *scores, GRand *random)
{
  ToolErrors errors = { 0 };

  for (guint i = 0; i < scores->speakers->len; i++) {
    const ToolScore *score = g_ptr_array_index (
        scores->speakers, g_rand_int_range (random, 0, (gint32) scores->speakers->len));

    tool_errors_add (&errors, &score->words);
  }
  return tool_errors_get_percent (&errors);
}

guint
tool_scores_get_interval (const ToolScores *scores, double *low, double *high)
{
  guint n_speakers = scores->speakers->len;
  g_autofree double *rates = g_new (double, N_DRAWS); /* [N_DRAWS] */
  GRand *random;

  if (n_speakers < 2)
    return 0;
  random = g_rand_new_with_seed (1); /* the same numbers give the same interval */
  for (guint i = 0; i < N_DRAWS; i++)
    rates[i] = draw (scores, random);
  g_rand_free (random);
  qsort (rates, N_DRAWS, sizeof (*rates), compare_doubles);
  *low = get_quantile (rates, N_DRAWS, 0.025);
  *high = get_quantile (rates, N_DRAWS, 0.975);
  return n_speakers;
}

/* The report */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const ToolScore *const *) a)->name, (*(const ToolScore *const *) b)->name);
}

static void
append_row (GString *out, const char *name, const ToolScore *score)
{
  g_string_append_printf (out, "%-20s %6u %7u %6u %6u %6u %8.2f %8.2f\n", name, score->n_clips,
      score->words.n_said, score->words.n_substitutions, score->words.n_deletions,
      score->words.n_insertions, tool_errors_get_percent (&score->words),
      tool_errors_get_percent (&score->letters));
}

/* The table is of the speakers that are known by name. */
static void
append_table (const ToolScores *scores, const ToolScore *all, GString *out)
{
  g_autoptr (GPtrArray) named = g_ptr_array_new ();

  for (guint i = 0; i < scores->speakers->len; i++) {
    ToolScore *score = g_ptr_array_index (scores->speakers, i);

    if (score->name)
      g_ptr_array_add (named, score);
  }
  g_ptr_array_sort (named, compare_names);
  g_string_append_printf (out, "%-20s %6s %7s %6s %6s %6s %8s %8s\n", "Speaker", "Clips", "Words",
      "Sub", "Del", "Ins", "WER %", "CER %");
  for (guint i = 0; i < named->len; i++) {
    const ToolScore *score = g_ptr_array_index (named, i);

    append_row (out, score->name, score);
  }
  append_row (out, "all", all);
}

static void
append_counts (GString *out, const char *what, const ToolErrors *errors)
{
  g_string_append_printf (out, "%s: %u said, %u substituted, %u deleted, %u inserted\n", what,
      errors->n_said, errors->n_substitutions, errors->n_deletions, errors->n_insertions);
}

void
tool_scores_append_report (const ToolScores *scores, GString *out)
{
  ToolScore all = sum_up (scores);
  double low, high;
  guint n_speakers = tool_scores_get_interval (scores, &low, &high);

  append_table (scores, &all, out);
  g_string_append_c (out, '\n');
  append_counts (out, "Words", &all.words);
  append_counts (out, "Characters", &all.letters);
  g_string_append_printf (out, "WER %.2f %%\n", tool_errors_get_percent (&all.words));
  g_string_append_printf (out, "CER %.2f %%\n", tool_errors_get_percent (&all.letters));
  if (n_speakers > 0)
    g_string_append_printf (out,
        "95 %% interval of the WER: %.2f … %.2f %% (bootstrap over %u %s)\n", low, high, n_speakers,
        g_hash_table_size (scores->by_name) > 0 ? "speakers" : "recordings");
}
