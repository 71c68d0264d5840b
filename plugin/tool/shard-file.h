/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The output of a shard, DIR/shard-I-of-N.jsonl: records, in the order in which they were done. Whoever
 * writes it has it locked. What a killed task or a full disk has left behind the last whole record is cut off
 * when the next one takes over.
 */
#pragma once

#include "record.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (type filename) */
char *tool_shard_file_get_path (const char *dir, ToolShare shard);

/* @head: a record without its utterances
 * @start: where in the file its line begins */
typedef void (*ToolRecordFunc) (const ToolRecord *head, gint64 start, gpointer data);

/* Calls @found for all whole records from the beginning of the file, which need not be there. Returns: the
 * bytes they have; -1 with @error set */
gint64 tool_shard_file_scan (const char *path, ToolRecordFunc found, gpointer data, GError **error);

typedef struct ToolShardFile ToolShardFile;

/**
 * tool_shard_file_open:
 * @found: called for the records that are there
 *
 * Returns: (nullable): %NULL with @error set, which is %G_IO_ERROR_BUSY if another process has it
 */
ToolShardFile *tool_shard_file_open (
    const char *path, ToolRecordFunc found, gpointer data, GError **error);
/* Appends the whole record or, with @error set, nothing of it. Returns: %FALSE in the latter case */
gboolean tool_shard_file_append (ToolShardFile *file, const ToolRecord *record, GError **error);
/* Sees to it that all is on the disk, and gives the lock back. Returns: %FALSE with @error set */
gboolean tool_shard_file_close (ToolShardFile *file, GError **error);

G_END_DECLS
