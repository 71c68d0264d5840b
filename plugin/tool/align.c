/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "align.h"

enum { SUBSTITUTION_COST = 4, GAP_COST = 3 };

#define MIN_WIDTH 64

/* The best alignment of a beginning of what was said with a beginning of what was heard. */
typedef struct {
  guint cost;
  guint n_substitutions;
} Cell;

static const Cell none = { G_MAXUINT / 2, 0 };

static Cell
substitute (Cell cell, gboolean is_equal)
{
  cell.cost += is_equal ? 0 : SUBSTITUTION_COST;
  cell.n_substitutions += !is_equal;
  return cell;
}

/* An insertion or a deletion. */
static Cell
gap (Cell cell)
{
  cell.cost += GAP_COST;
  return cell;
}

static Cell
better (Cell cell, Cell other)
{
  return other.cost < cell.cost ? other : cell;
}

/* The best of the alignments that at no place have more than @width insertions or deletions that others
 * must make up for. @row: [n_heard + 1]: j heard, i said; scratch */
static Cell
align_within (
    guint width, const guint32 *said, guint n_said, const guint32 *heard, guint n_heard, Cell *row)
{
  const gint64 drift = (gint64) n_heard - n_said;
  const gint64 ahead = MAX (drift, 0) + width, behind = MAX (-drift, 0) + width;

  for (guint j = 0; j <= n_heard; j++)
    row[j] = j <= ahead ? (Cell){ j * GAP_COST, 0 } : none;
  for (guint i = 1; i <= n_said; i++) {
    const guint begin = MAX (i - behind, 1), end = MIN (i + ahead, n_heard);
    Cell diagonal = row[begin - 1]; /* of the row above */

    row[begin - 1] = i <= behind ? gap (row[0]) : none;
    for (guint j = begin; j <= end; j++) {
      const Cell above = row[j];
      const Cell best = substitute (diagonal, said[i - 1] == heard[j - 1]);

      row[j] = better (better (best, gap (row[j - 1])), gap (above));
      diagonal = above;
    }
  }
  return row[n_heard];
}

/* The time is that of the errors times the length (Ukkonen, 1985): an alignment that leaves the width
 * has gaps enough to cost more than one that was found within it. */
ToolErrors
tool_align (const guint32 *said, guint n_said, const guint32 *heard, guint n_heard)
{
  const guint drift = MAX (n_said, n_heard) - MIN (n_said, n_heard);
  g_autofree Cell *row = g_new (Cell, n_heard + 1);
  guint width = 0, wanted = MIN_WIDTH, n_gaps;
  Cell best;

  while (width < wanted) {
    width = MIN (wanted, MAX (MIN_WIDTH, 4 * width));
    best = align_within (width, said, n_said, heard, n_heard, row);
    wanted = (best.cost - drift * GAP_COST) / (2 * GAP_COST);
  }
  n_gaps = (best.cost - best.n_substitutions * SUBSTITUTION_COST) / GAP_COST;
  return (ToolErrors){
    .n_said = n_said,
    .n_substitutions = best.n_substitutions,
    .n_deletions = (n_gaps + n_said - n_heard) / 2,
    .n_insertions = (n_gaps + n_heard - n_said) / 2,
  };
}

/* @numbers: word → its number, from 1. Returns: (element-type guint32) */
static GArray *
number_words (const char *text, GHashTable *numbers)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);

  for (guint i = 0; words[i]; i++) {
    guint32 number;

    if (*words[i] == '\0')
      continue;
    number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, words[i]));
    if (number == 0) {
      number = g_hash_table_size (numbers) + 1;
      g_hash_table_insert (numbers, g_strdup (words[i]), GUINT_TO_POINTER (number));
    }
    g_array_append_val (result, number);
  }
  return result;
}

ToolErrors
tool_align_words (const char *said, const char *heard)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) a = number_words (said, numbers);
  g_autoptr (GArray) b = number_words (heard, numbers);

  return tool_align ((guint32 *) a->data, a->len, (guint32 *) b->data, b->len);
}

/* Returns: (element-type guint32) */
static GArray *
get_letters (const char *text)
{
  GArray *letters = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (const char *c = text; *c; c = g_utf8_next_char (c)) {
    guint32 letter = g_utf8_get_char (c);

    if (!g_unichar_isspace (letter))
      g_array_append_val (letters, letter);
  }
  return letters;
}

ToolErrors
tool_align_letters (const char *said, const char *heard)
{
  g_autoptr (GArray) a = get_letters (said);
  g_autoptr (GArray) b = get_letters (heard);

  return tool_align ((guint32 *) a->data, a->len, (guint32 *) b->data, b->len);
}

void
tool_errors_add (ToolErrors *errors, const ToolErrors *other)
{
  errors->n_said += other->n_said;
  errors->n_substitutions += other->n_substitutions;
  errors->n_deletions += other->n_deletions;
  errors->n_insertions += other->n_insertions;
}

guint
tool_errors_count (const ToolErrors *errors)
{
  return errors->n_substitutions + errors->n_deletions + errors->n_insertions;
}

double
tool_errors_get_percent (const ToolErrors *errors)
{
  return errors->n_said > 0 ? 100.0 * tool_errors_count (errors) / errors->n_said : 0;
}
