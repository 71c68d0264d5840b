/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "align.h"

enum { SUBSTITUTION_COST = 4, GAP_COST = 3 };

/* The best alignment of a beginning of what was said with a beginning of what was heard. */
typedef struct {
  guint cost;
  ToolErrors errors;
} Cell;

static Cell
substitute (Cell cell, gboolean is_equal)
{
  cell.cost += is_equal ? 0 : SUBSTITUTION_COST;
  cell.errors.n_substitutions += !is_equal;
  return cell;
}

static Cell
insert (Cell cell)
{
  cell.cost += GAP_COST;
  cell.errors.n_insertions++;
  return cell;
}

static Cell delete (Cell cell)
{
  cell.cost += GAP_COST;
  cell.errors.n_deletions++;
  return cell;
}

static Cell
better (Cell cell, Cell other)
{
  return other.cost < cell.cost ? other : cell;
}

ToolErrors
tool_align (const guint32 *said, guint n_said, const guint32 *heard, guint n_heard)
{
  g_autofree Cell *row = g_new0 (Cell, n_heard + 1); /* [n_heard + 1]: j heard, i said */

  for (guint j = 1; j <= n_heard; j++)
    row[j] = insert (row[j - 1]);
  for (guint i = 1; i <= n_said; i++) {
    Cell diagonal = row[0]; /* of the row above */

    row[0] = delete (row[0]);
    for (guint j = 1; j <= n_heard; j++) {
      Cell above = row[j];
      Cell best = substitute (diagonal, said[i - 1] == heard[j - 1]);

      best = better (best, insert (row[j - 1]));
      row[j] = better (best, delete (above));
      diagonal = above;
    }
  }
  row[n_heard].errors.n_said = n_said;
  return row[n_heard].errors;
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
