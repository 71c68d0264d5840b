/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "shard-file.h"

#include <errno.h>
#include <unistd.h>

#include <gio/gio.h>

#include "lines.h"
#include "lock.h"
#include "terminal.h"

struct ToolShardFile {
  char *path;
  int fd;
  gint64 end; /* of the last whole record */
};

char *
tool_shard_file_get_path (const char *dir, ToolShare shard)
{
  g_autofree char *name = g_strdup_printf ("shard-%u-of-%u.jsonl", shard.index, shard.count);

  return g_build_filename (dir, name, NULL);
}

gint64
tool_shard_file_scan (const char *path, ToolRecordFunc found, gpointer data, GError **error)
{
  gint64 end = 0;
  ToolLines lines;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return 0;
  if (!tool_lines_open (&lines, path, error))
    return -1;
  while (tool_lines_next (&lines)) {
    g_auto (ToolRecord) head = { 0 };

    if (!lines.is_whole || !tool_record_parse_head (lines.text, lines.n_bytes, &head))
      break;
    found (&head, lines.start, data);
    end = lines.end;
  }
  return tool_lines_close (&lines, error) ? end : -1;
}

/* Returns: %FALSE with @error set from errno */
static gboolean
fail (const ToolShardFile *file, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write %s: %s", file->path,
      g_strerror (errno));
  return FALSE;
}

/* Cuts off what is behind the last whole record. Returns: %FALSE with @error set */
static gboolean
cut_off (const ToolShardFile *file, GError **error)
{
  return (ftruncate (file->fd, file->end) == 0 && lseek (file->fd, file->end, SEEK_SET) >= 0) ||
         fail (file, error);
}

static void
say_what_is_cut_off (const ToolShardFile *file)
{
  gint64 n_bytes = lseek (file->fd, 0, SEEK_END) - file->end;

  if (n_bytes > 0)
    tool_complain ("%s: its last %" G_GINT64_FORMAT " bytes were no whole record, and are cut off",
        file->path, n_bytes);
}

ToolShardFile *
tool_shard_file_open (const char *path, ToolRecordFunc found, gpointer data, GError **error)
{
  int fd = tool_lock_open (path, FALSE, error);
  ToolShardFile *file;

  if (fd < 0)
    return NULL;
  file = g_new (ToolShardFile, 1);
  *file = (ToolShardFile){ g_strdup (path), fd, tool_shard_file_scan (path, found, data, error) };
  if (file->end >= 0) {
    say_what_is_cut_off (file);
    if (cut_off (file, error))
      return file;
  }
  tool_shard_file_close (file, NULL);
  return NULL;
}

gboolean
tool_shard_file_append (ToolShardFile *file, const ToolRecord *record, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gsize n_written = 0;

  tool_record_append (line, record);
  while (n_written < line->len) {
    gssize n = write (file->fd, line->str + n_written, line->len - n_written);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      fail (file, error);
      cut_off (file, NULL);
      return FALSE;
    }
    n_written += n;
  }
  file->end += line->len;
  return TRUE;
}

gboolean
tool_shard_file_close (ToolShardFile *file, GError **error)
{
  gboolean is_safe = fdatasync (file->fd) == 0 || fail (file, error);

  close (file->fd);
  g_free (file->path);
  g_free (file);
  return is_safe;
}
