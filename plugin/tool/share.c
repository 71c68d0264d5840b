/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "share.h"

#include <string.h>

#include <gio/gio.h>

static gboolean
parse_number (const char *text, guint *number)
{
  guint64 value;

  if (!text || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &value, NULL))
    return FALSE;
  *number = value;
  return TRUE;
}

gboolean
tool_share_parse (const char *text, ToolShare *share)
{
  const char *slash = strchr (text, '/');
  g_autofree char *index = slash ? g_strndup (text, slash - text) : NULL;

  return slash && parse_number (index, &share->index) && parse_number (slash + 1, &share->count) &&
         share->index < share->count && share->count <= TOOL_MAX_SHARES;
}

/* Returns: %FALSE with @error set if it is set to what is no number */
static gboolean
read_variable (const char *name, guint otherwise, guint *number, GError **error)
{
  const char *text = g_getenv (name);

  *number = otherwise;
  if (!text || parse_number (text, number))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is \"%s\", which is no number",
      name, text);
  return FALSE;
}

static gboolean
from_slurm (ToolShare *share, GError **error)
{
  guint id, first, last, step;

  if (!read_variable ("SLURM_ARRAY_TASK_ID", 0, &id, error) ||
      !read_variable ("SLURM_ARRAY_TASK_MIN", 0, &first, error) ||
      !read_variable ("SLURM_ARRAY_TASK_COUNT", 0, &share->count, error) ||
      !read_variable ("SLURM_ARRAY_TASK_STEP", 1, &step, error) ||
      !read_variable ("SLURM_ARRAY_TASK_MAX", first + (share->count - 1) * step, &last, error))
    return FALSE;
  share->index = id >= first && step > 0 ? (id - first) / step : G_MAXUINT;
  /* An array such as 3,5,9 does not tell which of how many shards a task is. */
  if (share->index < share->count && first + share->index * step == id &&
      first + (share->count - 1) * step == last)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "task %u of a Slurm array of %u from %u to %u: which shard is that? Say it with --shard", id,
      share->count, first, last);
  return FALSE;
}

static gboolean
from_kubernetes (ToolShare *share, GError **error)
{
  if (!read_variable ("JOB_COMPLETION_INDEX", 0, &share->index, error) ||
      !read_variable ("JOB_COMPLETION_COUNT", 0, &share->count, error))
    return FALSE;
  if (share->index < share->count)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "JOB_COMPLETION_INDEX is %u and JOB_COMPLETION_COUNT, which is for you to set, %u",
      share->index, share->count);
  return FALSE;
}

gboolean
tool_share_from_environment (ToolShare *share, GError **error)
{
  if (g_getenv ("SLURM_ARRAY_TASK_ID"))
    return from_slurm (share, error);
  if (g_getenv ("JOB_COMPLETION_INDEX"))
    return from_kubernetes (share, error);
  *share = (ToolShare){ 0, 1 };
  return TRUE;
}
