/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The input is the work list of an archive, and a list of recordings to make one of. What is taken is written
 * and read the same again, all of it and by shard; no output leaves the directory that it is for.
 */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "work-list.h"

#define N_SHARDS 3

/* Whether something would be written elsewhere than below the output directory. */
static gboolean
leads_out (const char *stem, const char *ending)
{
  g_autofree char *name = g_strconcat (stem, ending, ".txt", NULL);
  g_autofree char *path = g_build_filename ("/out", name, NULL);
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);

  return !g_str_has_prefix (canonical, "/out/");
}

static void
check_same (const ToolWork *a, const ToolWork *b)
{
  g_assert_cmpstr (a->input->path, ==, b->input->path);
  g_assert_cmpstr (a->input->label, ==, b->input->label);
  g_assert_cmpstr (a->input->stem, ==, b->input->stem);
  g_assert_cmpstr (a->input->ending, ==, b->input->ending);
  g_assert (fabs (a->input->seconds - b->input->seconds) <= 0.0005 + a->input->seconds * 1e-12);
  g_assert (a->part.index == b->part.index && a->part.count == b->part.count);
  g_assert (a->shard.index == b->shard.index && a->shard.count == b->shard.count);
}

/* What each of the first shards reads is its part of the list. */
static void
check_shards (const GPtrArray *list, const char *dir)
{
  const guint n_shards = tool_work_list_get_n_shards (list);

  for (guint i = 0; i < MIN (n_shards, N_SHARDS); i++) {
    const ToolShare shard = { i, n_shards };
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) part = tool_work_list_read (dir, &shard, &error);
    guint n = 0;

    g_assert_no_error (error);
    for (guint k = 0; k < list->len; k++) {
      const ToolWork *work = g_ptr_array_index (list, k);
      if (work->shard.index == i)
        check_same (work, g_ptr_array_index (part, n++));
    }
    g_assert (n == part->len);
  }
}

static void
write_again (const GPtrArray *list, const char *dir)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) again = NULL;

  g_assert (tool_work_list_write (list, dir, &error));
  again = tool_work_list_read (dir, NULL, &error);
  g_assert_no_error (error);
  g_assert (again->len == list->len);
  for (guint i = 0; i < list->len; i++) {
    const ToolWork *work = g_ptr_array_index (list, i);

    check_same (work, g_ptr_array_index (again, i));
    g_assert (!leads_out (work->input->stem, work->input->ending));
    g_assert (isfinite (tool_work_get_seconds (work)) && tool_work_get_seconds (work) >= 0);
  }
  check_shards (again, dir);
}

static void
read_work_list (const char *dir)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = tool_work_list_read (dir, NULL, &error);

  g_assert ((list == NULL) == (error != NULL));
  if (list != NULL)
    write_again (list, dir);
}

static void
read_inputs (const char *path, const char *dir)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) inputs = tool_inputs_read_list (path, &error);
  g_autoptr (GPtrArray) list = NULL;

  g_assert ((inputs == NULL) == (error != NULL));
  if (inputs == NULL)
    return;
  list = tool_work_list_plan (inputs, TOOL_MIN_SPLIT_SECONDS * 1000, &error);
  g_assert ((list == NULL) == (error != NULL));
  if (list == NULL)
    return;
  tool_work_list_deal (list, N_SHARDS);
  write_again (list, dir);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("hearken-fuzz-XXXXXX", &error);
  g_autofree char *path = dir ? tool_work_list_get_path (dir) : NULL;
  g_autofree char *inputs = dir ? g_build_filename (dir, "inputs", NULL) : NULL;

  g_assert_no_error (error);
  g_assert (g_file_set_contents_full (
      path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert (g_file_set_contents_full (
      inputs, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  read_work_list (dir);
  read_inputs (inputs, dir);
  g_unlink (path);
  g_unlink (inputs);
  g_rmdir (dir);
  return 0;
}
