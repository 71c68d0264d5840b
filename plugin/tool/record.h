/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What an archive keeps of a recording, or of a part of one: a line of JSON,
 *
 *   { "file": "a.wav", "size": 81244, "mtime": 1732750000, "seconds": 2.538,
 *     "by": "hearken 0.1.0 --model english.safetensors", "utterances": [ … ] }
 *
 * with "part": "0/3" where it is cut, "error" where it failed, and times and confidences exactly, so that any
 * format made of it is the same as without it.
 */
#pragma once

#include "share.h"
#include "transcript.h"

G_BEGIN_DECLS

typedef struct {
  char *file;            /* its name, in UTF-8 */
  gint64 size;           /* bytes; -1: it was not there */
  gint64 mtime;          /* seconds since 1970 */
  ToolShare part;        /* of the recording */
  double seconds;        /* that were recognised */
  char *by;              /* nullable: what it was recognised with */
  char *error;           /* nullable: why it failed */
  GPtrArray *utterances; /* (element-type ToolUtterance) (nullable): what could be heard */
} ToolRecord;

/* Frees what it holds, once. */
void tool_record_clear (ToolRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ToolRecord, tool_record_clear)

/* Appends the line. */
void tool_record_append (GString *out, const ToolRecord *record);

/**
 * tool_record_parse:
 * @line: [n_bytes]: without its end
 * @record: (out): cleared by the caller, if there is one
 *
 * Returns: whether it is the line of a record, and whole
 */
gboolean tool_record_parse (const char *line, gsize n_bytes, ToolRecord *record);
/* The same without the utterances, many times faster. */
gboolean tool_record_parse_head (const char *line, gsize n_bytes, ToolRecord *record);

G_END_DECLS
