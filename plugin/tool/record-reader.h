/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Records that are known to be there, from any shard; one at a time is in memory. */
#pragma once

#include "record.h"
#include "work-list.h"

G_BEGIN_DECLS

typedef struct ToolRecordReader ToolRecordReader;

/* @dir: (type filename): the archive, must outlive the reader */
ToolRecordReader *tool_record_reader_new (const char *dir);
void tool_record_reader_free (ToolRecordReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolRecordReader, tool_record_reader_free)

/* @work: has a record. @record: (out): to be cleared. Returns: %FALSE with @error set */
gboolean tool_record_reader_read (
    ToolRecordReader *reader, const ToolWork *work, ToolRecord *record, GError **error);

G_END_DECLS
