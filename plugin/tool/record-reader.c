/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record-reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <gio/gio.h>

#include "shard-file.h"

struct ToolRecordReader {
  const char *dir;
  FILE *
      file; /* nullable: of the shard that was read last, since there may be more than can be open */
  guint shard;
  char *line;
  gsize n_allocated;
};

ToolRecordReader *
tool_record_reader_new (const char *dir)
{
  ToolRecordReader *reader = g_new0 (ToolRecordReader, 1);

  reader->dir = dir;
  return reader;
}

void
tool_record_reader_free (ToolRecordReader *reader)
{
  g_clear_pointer (&reader->file, fclose);
  free (reader->line);
  g_free (reader);
}

/* Returns: whether the file is open */
static gboolean
open_shard (ToolRecordReader *reader, ToolShare shard, const char *path)
{
  if (reader->file && reader->shard == shard.index)
    return TRUE;
  g_clear_pointer (&reader->file, fclose);
  reader->file = fopen (path, "re");
  reader->shard = shard.index;
  return reader->file != NULL;
}

gboolean
tool_record_reader_read (
    ToolRecordReader *reader, const ToolWork *work, ToolRecord *record, GError **error)
{
  g_autofree char *path = tool_shard_file_get_path (reader->dir, work->shard);
  gssize n_read = -1;

  *record = (ToolRecord){ 0 };
  if (open_shard (reader, work->shard, path) && fseeko (reader->file, work->start, SEEK_SET) == 0)
    n_read = getline (&reader->line, &reader->n_allocated, reader->file);
  if (n_read > 0 && tool_record_parse (reader->line, n_read, record) &&
      g_str_equal (record->file, work->input->label))
    return TRUE;
  tool_record_clear (record);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: the record of %s cannot be read",
      path, work->input->label);
  return FALSE;
}
