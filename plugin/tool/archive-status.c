/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken archive status: how far the tasks are. */

#include <string.h>

#include "archive.h"
#include "command.h"
#include "terminal.h"

#define BAR_COLUMNS 24

typedef struct {
  guint n[TOOL_WORK_DONE + 1]; /* by state */
} Counts;

static const char description[] = "Tells for each shard how many recordings, or parts of "
                                  "recordings, are done, failed and are missing.\n"
                                  "The exit status is 0 if all are done.\n"
                                  "\n"
                                  "  hearken archive status texts";

static void
append_line (GString *out, const char *name, const Counts *counts)
{
  guint n_done = counts->n[TOOL_WORK_DONE], n_failed = counts->n[TOOL_WORK_FAILED],
        n_missing = counts->n[TOOL_WORK_MISSING];
  guint n_all = n_done + n_failed + n_missing;
  guint n_filled = n_all > 0 ? (guint64) (n_done + n_failed) * BAR_COLUMNS / n_all : BAR_COLUMNS;
  char bar[BAR_COLUMNS + 1] = { 0 };

  memset (bar, ' ', BAR_COLUMNS);
  memset (bar, '#', n_filled);
  g_string_append_printf (out, "%-13s %9u %9u %9u  [%s]\n", name, n_done, n_failed, n_missing, bar);
}

/* Returns: whether it could be printed */
static gboolean
print_table (const Counts *shards, guint n_shards, const Counts *all)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_string_append_printf (out, "%-13s %9s %9s %9s\n", "shard", "done", "failed", "missing");
  for (guint i = 0; i < n_shards; i++) {
    g_autofree char *name = g_strdup_printf ("%" TOOL_SHARE_FORMAT, i, n_shards);

    append_line (out, name, &shards[i]);
  }
  append_line (out, "all", all);
  if (tool_print (out->str, &error))
    return TRUE;
  tool_complain ("%s", error->message);
  return FALSE;
}

/* Returns: an exit status */
static int
report (const GPtrArray *list)
{
  guint n_shards = tool_work_list_get_n_shards (list);
  g_autofree Counts *shards = g_new0 (Counts, n_shards); /* [n_shards] */
  Counts all = { 0 };

  for (guint i = 0; i < list->len; i++) {
    const ToolWork *work = g_ptr_array_index (list, i);

    shards[work->shard.index].n[work->state]++;
    all.n[work->state]++;
  }
  return print_table (shards, n_shards, &all) && all.n[TOOL_WORK_DONE] == list->len ? TOOL_OK
                                                                                    : TOOL_FAILED;
}

int
tool_archive_status (int argc, char **argv)
{
  static const GOptionEntry entries[] = { { NULL } };
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  guint n_strangers;

  if (!tool_parse_options (&argc, &argv, entries, NULL, "DIR", description))
    return TOOL_USAGE;
  if (argc != 2)
    return tool_misused ("which archive?");
  list = tool_archive_read (argv[1], &n_strangers, &error);
  if (list)
    return report (list);
  tool_complain ("%s", error->message);
  return TOOL_FAILED;
}
