/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "work-list.h"

#include <math.h>
#include <string.h>

#include <gio/gio.h>

#include "balance.h"
#include "lines.h"
#include "output.h"

/* Longer than this a recording only pretends to be. */
#define MAX_CUT_SECONDS (31 * 24 * 3600)
#define HEADER "path\tname\tseconds\tpart\tshard"
enum { PATH, NAME, SECONDS, PART, SHARD, N_COLUMNS };

char *
tool_work_list_get_path (const char *dir)
{
  return g_build_filename (dir, "work.tsv", NULL);
}

static ToolWork *
work_new (ToolInput *input, ToolShare part)
{
  ToolWork *work = g_new0 (ToolWork, 1);

  work->input = input;
  work->part = part;
  return work;
}

void
tool_work_free (ToolWork *work)
{
  tool_input_free (work->input);
  g_free (work);
}

double
tool_work_get_seconds (const ToolWork *work)
{
  return work->input->seconds / work->part.count;
}

char *
tool_work_get_label (const ToolWork *work)
{
  if (work->part.count == 1)
    return g_strdup (work->input->label);
  return g_strdup_printf (
      "%s, part %" TOOL_SHARE_FORMAT, work->input->label, work->part.index, work->part.count);
}

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tool_work_free);
}

guint
tool_work_list_get_n_shards (const GPtrArray *list)
{
  return list->len > 0 ? ((const ToolWork *) g_ptr_array_index (list, 0))->shard.count : 0;
}

/* Whether what is called so stays below the output directory. */
static gboolean
is_below (const char *name)
{
  g_autofree char *canonical = g_canonicalize_filename (name, G_DIR_SEPARATOR_S);

  return *name && g_str_equal (canonical + 1, name);
}

/* Making it */

/* Returns: %FALSE with @error set if the recording cannot be on the list */
static gboolean
check_input (const ToolInput *input, GHashTable *labels, GError **error)
{
  g_autofree char *name = g_strconcat (input->stem, input->ending, NULL);

  if (!input->path)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        "%s is no file: an archive is made of files", input->label);
  else if (strpbrk (input->path, "\t\n\r"))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
        "%s: no work list can hold a name with a tab or a line break", input->label);
  else if (!is_below (name))
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "%s is no name of a file", input->label);
  else if (!g_hash_table_add (labels, input->label))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is there twice", input->label);
  else
    return TRUE;
  return FALSE;
}

static guint
count_parts (const ToolInput *input, double split_seconds)
{
  if (split_seconds <= 0 || input->is_unseekable || input->seconds <= split_seconds ||
      input->seconds > MAX_CUT_SECONDS)
    return 1;
  return (guint) ceil (input->seconds / split_seconds);
}

/* @input: (transfer full) */
static void
add_parts (GPtrArray *list, ToolInput *input, guint n_parts)
{
  g_ptr_array_add (list, work_new (input, (ToolShare){ 0, n_parts }));
  for (guint i = 1; i < n_parts; i++)
    g_ptr_array_add (list, work_new (tool_input_copy (input), (ToolShare){ i, n_parts }));
}

GPtrArray *
tool_work_list_plan (GPtrArray *inputs, double split_seconds, GError **error)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *list;

  for (guint i = 0; i < inputs->len; i++) {
    if (!check_input (g_ptr_array_index (inputs, i), labels, error))
      return NULL;
  }
  list = list_new ();
  g_ptr_array_set_free_func (inputs, NULL);
  for (guint i = 0; i < inputs->len; i++) {
    ToolInput *input = g_ptr_array_index (inputs, i);

    add_parts (list, input, count_parts (input, split_seconds));
  }
  g_ptr_array_set_size (inputs, 0);
  return list;
}

void
tool_work_list_deal (GPtrArray *list, guint n_shards)
{
  g_autofree double *seconds = g_new (double, list->len); /* [list->len] */
  g_autofree guint *shards = g_new (guint, list->len);    /* [list->len] */

  for (guint i = 0; i < list->len; i++)
    seconds[i] = tool_work_get_seconds (g_ptr_array_index (list, i));
  tool_balance (seconds, list->len, n_shards, shards);
  for (guint i = 0; i < list->len; i++) {
    ToolWork *work = g_ptr_array_index (list, i);

    work->shard = (ToolShare){ shards[i], n_shards };
  }
}

gboolean
tool_work_list_write (const GPtrArray *list, const char *dir, GError **error)
{
  g_autofree char *path = tool_work_list_get_path (dir);
  g_autoptr (GString) text = g_string_new (HEADER "\n");

  for (guint i = 0; i < list->len; i++) {
    const ToolWork *work = g_ptr_array_index (list, i);
    const ToolInput *input = work->input;

    g_string_append_printf (text,
        "%s\t%s%s\t%.3f\t%" TOOL_SHARE_FORMAT "\t%" TOOL_SHARE_FORMAT "\n", input->path,
        input->stem, input->ending, input->seconds, work->part.index, work->part.count,
        work->shard.index, work->shard.count);
  }
  return tool_output_write (path, text, error);
}

/* Reading it */

/* Returns: %FALSE if the line is none of a work list */
static gboolean
read_work (char **fields, double *seconds, ToolShare *part, ToolShare *shard)
{
  return g_strv_length (fields) == N_COLUMNS && *fields[PATH] && is_below (fields[NAME]) &&
         tool_input_parse_seconds (fields[SECONDS], seconds) &&
         tool_share_parse (fields[PART], part) && tool_share_parse (fields[SHARD], shard);
}

/* Adds the work if it is the shard's. Returns: %FALSE with @error set */
static gboolean
add_line (GPtrArray *list, const ToolLines *lines, const ToolShare *wanted, GError **error)
{
  g_auto (GStrv) fields = g_strsplit (lines->text, "\t", -1);
  ToolShare part, shard;
  double seconds;
  guint n_shards;
  ToolWork *work;

  if (!read_work (fields, &seconds, &part, &shard)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s:%u: no line of a work list",
        lines->path, lines->number);
    return FALSE;
  }
  n_shards = wanted          ? wanted->count
             : list->len > 0 ? tool_work_list_get_n_shards (list)
                             : shard.count;
  if (shard.count != n_shards) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is for %u shards, not for %u",
        lines->path, shard.count, n_shards);
    return FALSE;
  }
  if (wanted && shard.index != wanted->index)
    return TRUE;
  work = work_new (tool_input_new_file (fields[PATH], fields[NAME]), part);
  work->input->seconds = seconds;
  work->shard = shard;
  g_ptr_array_add (list, work);
  return TRUE;
}

GPtrArray *
tool_work_list_read (const char *dir, const ToolShare *shard, GError **error)
{
  g_autofree char *path = tool_work_list_get_path (dir);
  g_autoptr (GPtrArray) list = list_new ();
  gboolean is_list, is_right = TRUE;
  ToolLines lines;

  if (!tool_lines_open (&lines, path, error))
    return NULL;
  is_list = tool_lines_next (&lines) && g_str_equal (lines.text, HEADER);
  while (is_list && is_right && tool_lines_next (&lines))
    is_right = add_line (list, &lines, shard, error);
  if (!tool_lines_close (&lines, is_right ? error : NULL) || !is_right)
    return NULL;
  if (!is_list) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is no work list", path);
    return NULL;
  }
  return g_steal_pointer (&list);
}
