/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Recordings and the words that are said in them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *id;      /* of a transcript, or the path as it is written in the manifest; UTF-8 */
  char *path;    /* (type filename) (nullable) */
  char *speaker; /* nullable */
  char *text;
} ToolClip;

void tool_clip_free (ToolClip *clip);

/**
 * tool_manifest_read:
 * @path: a file of lines, of fields between tabs; the first line names the fields, of which `path`
 *   and `text` are needed, `speaker` is used, and others are not
 * @dir: (nullable): what the recordings' paths are relative to; %NULL: where the manifest is
 * @problems: (element-type utf8): what is wrong with lines that were left out is added
 *
 * Returns: (transfer full) (element-type ToolClip) (nullable): %NULL with @error set
 */
GPtrArray *tool_manifest_read (
    const char *path, const char *dir, GPtrArray *problems, GError **error);

/**
 * tool_transcript_read:
 * @path: a file of lines, each either "text (id)", as sclite's trn, or "id text"
 *
 * The speaker is what comes before the first hyphen of the id or, where there is none, before the
 * first underscore.
 *
 * Returns: (transfer full) (element-type ToolClip) (nullable): %NULL with @error set
 */
GPtrArray *tool_transcript_read (const char *path, GPtrArray *problems, GError **error);

G_END_DECLS
