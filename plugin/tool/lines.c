/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gio/gio.h>

static void
set_error (const char *path, int number, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "cannot read %s: %s", path,
      g_strerror (number));
}

gboolean
tool_lines_open (ToolLines *lines, const char *path, GError **error)
{
  *lines = (ToolLines){ .path = path, .file = fopen (path, "re") };
  if (!lines->file)
    set_error (path, errno, error);
  return lines->file != NULL;
}

gboolean
tool_lines_next (ToolLines *lines)
{
  gssize n_read = getline (&lines->text, &lines->n_allocated, lines->file);

  if (n_read <= 0)
    return FALSE;
  lines->is_whole = lines->text[n_read - 1] == '\n';
  lines->n_bytes = n_read - lines->is_whole;
  lines->text[lines->n_bytes] = '\0';
  lines->start = lines->end;
  lines->end += n_read;
  lines->number++;
  return TRUE;
}

gboolean
tool_lines_close (ToolLines *lines, GError **error)
{
  gboolean has_failed = ferror (lines->file);

  if (has_failed)
    set_error (lines->path, EIO, error);
  fclose (lines->file);
  free (lines->text);
  return !has_failed;
}

const char *
tool_skip_byte_order_mark (const char *text)
{
  static const char mark[] = "\xef\xbb\xbf";

  return g_str_has_prefix (text, mark) ? text + strlen (mark) : text;
}
