/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ledger.h"

struct ToolLedger {
  GHashTable *works; /* (element-type ToolWork): by recording and part */
  guint n_strangers;
  gboolean has_first; /* of what is done */
  char *by;           /* nullable: what that was recognised with */
};

static guint
hash_work (gconstpointer data)
{
  const ToolWork *work = data;

  return g_str_hash (work->input->label) + work->part.index;
}

static gboolean
is_same_work (gconstpointer a, gconstpointer b)
{
  const ToolWork *left = a, *right = b;

  return left->part.index == right->part.index && left->part.count == right->part.count &&
         g_str_equal (left->input->label, right->input->label);
}

ToolLedger *
tool_ledger_new (const GPtrArray *list)
{
  ToolLedger *ledger = g_new0 (ToolLedger, 1);

  ledger->works = g_hash_table_new (hash_work, is_same_work);
  for (guint i = 0; i < list->len; i++)
    g_hash_table_add (ledger->works, g_ptr_array_index (list, i));
  return ledger;
}

void
tool_ledger_free (ToolLedger *ledger)
{
  g_hash_table_unref (ledger->works);
  g_free (ledger->by);
  g_free (ledger);
}

/* Whether the record is of other options than the first. */
static gboolean
is_otherwise (ToolLedger *ledger, const ToolRecord *head)
{
  if (!ledger->has_first)
    ledger->by = g_strdup (head->by);
  ledger->has_first = TRUE;
  return g_strcmp0 (head->by, ledger->by) != 0;
}

void
tool_ledger_add (const ToolRecord *head, gint64 start, gpointer data)
{
  ToolLedger *ledger = data;
  ToolInput input = { .label = head->file };
  const ToolWork key = { .input = &input, .part = head->part };
  ToolWork *work = g_hash_table_lookup (ledger->works, &key);
  gboolean is_done = head->error == NULL;

  if (!work) {
    ledger->n_strangers++;
    return;
  }
  if (work->state == TOOL_WORK_DONE && is_done && work->size == head->size &&
      work->mtime == head->mtime)
    work->is_double = TRUE;
  work->state = is_done ? TOOL_WORK_DONE : TOOL_WORK_FAILED;
  work->size = head->size;
  work->mtime = head->mtime;
  work->start = start;
  work->is_otherwise = is_done && is_otherwise (ledger, head);
}

guint
tool_ledger_get_n_strangers (const ToolLedger *ledger)
{
  return ledger->n_strangers;
}
