/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Recordings that a list names. */

#include "inputs.h"

#include <string.h>

#include <gio/gio.h>

#include "lines.h"

typedef struct {
  gssize path;
  gssize seconds; /* -1: there is none */
} Columns;

/* Returns: the index of this field; -1 if there is none */
static gssize
find_field (char **fields, const char *name)
{
  for (gssize i = 0; fields[i]; i++) {
    if (g_str_equal (fields[i], name))
      return i;
  }
  return -1;
}

/* Returns: whether this is a line of names */
static gboolean
read_header (Columns *columns, char **fields)
{
  gssize path = find_field (fields, "path");

  if (path < 0)
    return FALSE;
  *columns = (Columns){ path, find_field (fields, "seconds") };
  return TRUE;
}

/* Returns: (transfer full): where below the output directory its output is: as the path, but never above.
 */
static char *
get_name (const char *path)
{
  g_autofree char *below_root = g_canonicalize_filename (path, G_DIR_SEPARATOR_S);

  return g_strdup (below_root + 1);
}

static ToolInput *
read_input (const Columns *columns, char **fields, const char *dir)
{
  gssize n_fields = g_strv_length (fields);
  const char *path = columns->path < n_fields ? fields[columns->path] : "";
  const char *seconds =
      columns->seconds >= 0 && columns->seconds < n_fields ? fields[columns->seconds] : "";
  gboolean is_here = g_path_is_absolute (path) || g_str_equal (dir, ".");
  g_autofree char *resolved = is_here ? g_strdup (path) : g_build_filename (dir, path, NULL);
  g_autofree char *name = get_name (path);
  ToolInput *input;

  if (*path == '\0' || *name == '\0')
    return NULL;
  input = tool_input_new_file (resolved, name);
  if (!tool_input_parse_seconds (seconds, &input->seconds))
    input->seconds = 0;
  return input;
}

/* Returns: (transfer full): what is between the tabs of a line, which may come from Windows */
static GStrv
split (const ToolLines *lines)
{
  gsize n_bytes = lines->n_bytes;
  g_autofree char *text = NULL;

  if (n_bytes > 0 && lines->text[n_bytes - 1] == '\r')
    n_bytes--;
  text = g_strndup (lines->text, n_bytes);
  return g_strsplit (tool_skip_byte_order_mark (text), "\t", -1);
}

/* Returns: %FALSE with @error set if the line names nothing */
static gboolean
add_line (
    GPtrArray *inputs, const ToolLines *lines, Columns *columns, const char *dir, GError **error)
{
  g_auto (GStrv) fields = split (lines);
  ToolInput *input;

  if (!fields[0] || (lines->number == 1 && read_header (columns, fields)))
    return TRUE;
  input = read_input (columns, fields, dir);
  if (input)
    g_ptr_array_add (inputs, input);
  else
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s:%u: no path", lines->path, lines->number);
  return input != NULL;
}

GPtrArray *
tool_inputs_read_list (const char *path, GError **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_input_free);
  g_autofree char *dir = g_path_get_dirname (path);
  Columns columns = { 0, 1 };
  gboolean is_right = TRUE;
  ToolLines lines;

  if (!tool_lines_open (&lines, path, error))
    return NULL;
  while (is_right && tool_lines_next (&lines))
    is_right = add_line (inputs, &lines, &columns, dir, error);
  if (!tool_lines_close (&lines, is_right ? error : NULL) || !is_right)
    return NULL;
  if (inputs->len > 0)
    return g_steal_pointer (&inputs);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no recording in %s", path);
  return NULL;
}
