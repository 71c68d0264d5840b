/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken archive: what comes before, during and after the tasks that transcribe an archive. */

#include "archive.h"

#include <stdio.h>

#include "command.h"
#include "ledger.h"
#include "shard-file.h"

static const struct {
  const char *name;
  const char *full_name;
  ToolCommandFunc run;
  const char *parameters;
  const char *summary;
} commands[] = {
  { "plan", "archive plan", tool_archive_plan, "[OPTION…] FILE|DIR …",
      "how long it will take, and how to share it" },
  { "status", "archive status", tool_archive_status, "DIR", "what is done, what failed" },
  { "merge", "archive merge", tool_archive_merge, "[OPTION…] DIR", "one transcript of all shards" },
};

GPtrArray *
tool_archive_read (const char *dir, guint *n_strangers, GError **error)
{
  g_autoptr (GPtrArray) list = tool_work_list_read (dir, NULL, error);
  g_autoptr (ToolLedger) ledger = NULL;
  guint n_shards;

  if (!list)
    return NULL;
  ledger = tool_ledger_new (list);
  n_shards = tool_work_list_get_n_shards (list);
  for (guint i = 0; i < n_shards; i++) {
    g_autofree char *path = tool_shard_file_get_path (dir, (ToolShare){ i, n_shards });

    if (tool_shard_file_scan (path, tool_ledger_add, ledger, error) < 0)
      return NULL;
  }
  *n_strangers = tool_ledger_get_n_strangers (ledger);
  return g_steal_pointer (&list);
}

static void
print_help (FILE *file)
{
  fputs ("Usage:\n", file);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (file, "  hearken %-14s  %s%*s  %s\n", commands[i].full_name, commands[i].parameters,
        20 - (int) g_utf8_strlen (commands[i].parameters, -1), "", commands[i].summary);
  fputs ("\n"
         "An archive is a directory with what hearken transcribe --archive has written there.\n"
         "Each of these has a --help of its own.\n",
      file);
}

int
tool_archive (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : "";

  if (g_str_equal (name, "--help") || g_str_equal (name, "-h")) {
    print_help (stdout);
    return TOOL_OK;
  }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (!g_str_equal (name, commands[i].name))
      continue;
    argv[1] = (char *) commands[i].full_name;
    return commands[i].run (argc - 1, argv + 1);
  }
  g_set_prgname ("hearken archive");
  return *name ? tool_misused ("what is \"%s\"?", name) : tool_misused ("plan, status or merge?");
}
