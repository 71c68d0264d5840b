/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "work-list-make.h"

#include <errno.h>
#include <unistd.h>

#include <gio/gio.h>

#include "lock.h"
#include "measure.h"

GPtrArray *
tool_work_list_measure (
    GPtrArray *inputs, double split_seconds, gboolean shows_progress, GError **error)
{
  if (!tool_measure (inputs, shows_progress, error))
    return NULL;
  return tool_work_list_plan (inputs, split_seconds, error);
}

static gboolean
make (const char *dir, GPtrArray *inputs, const ToolWorkOptions *options, GError **error)
{
  g_autoptr (GPtrArray) list =
      tool_work_list_measure (inputs, options->split_seconds, options->shows_progress, error);

  if (!list)
    return FALSE;
  tool_work_list_deal (list, options->n_shards);
  return tool_work_list_write (list, dir, error);
}

/* Whether the list has all of @inputs: what is new would never be transcribed. */
static gboolean
check_covered (const char *dir, const GPtrArray *inputs, GError **error)
{
  g_autoptr (GPtrArray) list = tool_work_list_read (dir, NULL, error);
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);

  if (!list)
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    g_hash_table_add (labels, ((ToolWork *) g_ptr_array_index (list, i))->input->label);
  for (guint i = 0; i < inputs->len; i++) {
    const ToolInput *input = g_ptr_array_index (inputs, i);

    if (g_hash_table_contains (labels, input->label))
      continue;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "%s is not on the work list of %s, which was made before: what is new wants another "
        "archive",
        input->label, dir);
    return FALSE;
  }
  return TRUE;
}

static gboolean
make_or_check (const char *dir, GPtrArray *inputs, const ToolWorkOptions *options, GError **error)
{
  g_autofree char *path = tool_work_list_get_path (dir);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return !inputs || check_covered (dir, inputs, error);
  if (inputs)
    return make (dir, inputs, options, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
      "there is no %s, and nothing to make it of is given", path);
  return FALSE;
}

/* Waits until no other task makes a list. Returns: a descriptor to be closed; -1 with @error set */
static int
lock_list (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, "work.lock", NULL);

  if (g_mkdir_with_parents (dir, 0777) == 0)
    return tool_lock_open (path, TRUE, error);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make the directory %s: %s",
      dir, g_strerror (errno));
  return -1;
}

gboolean
tool_work_list_make (
    const char *dir, GPtrArray *inputs, const ToolWorkOptions *options, GError **error)
{
  int lock = lock_list (dir, error);
  gboolean is_made;

  if (lock < 0)
    return FALSE;
  is_made = make_or_check (dir, inputs, options, error);
  close (lock);
  return is_made;
}

gboolean
tool_work_list_publish (const char *dir, const GPtrArray *list, GError **error)
{
  g_autofree char *path = tool_work_list_get_path (dir);
  int lock = lock_list (dir, error);
  gboolean is_made = FALSE;

  if (lock < 0)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
        "there is a %s already: another plan is for another archive", path);
  else
    is_made = tool_work_list_write (list, dir, error);
  close (lock);
  return is_made;
}
