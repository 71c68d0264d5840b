/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A file line by line, however large. */
#pragma once

#include <stdio.h>

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *path; /* (type filename) */
  FILE *file;
  char *text;        /* the present line, without its end; may hold NUL */
  gsize n_bytes;     /* of text */
  gint64 start;      /* where it begins in the file */
  gint64 end;        /* where the next one begins */
  guint number;      /* from 1 on */
  gboolean is_whole; /* it ends with a line break */
  gsize n_allocated;
} ToolLines;

/* @path: must outlive @lines. Returns: %FALSE with @error set; unless it is, close */
gboolean tool_lines_open (ToolLines *lines, const char *path, GError **error);
/* Returns: whether there is another line */
gboolean tool_lines_next (ToolLines *lines);
/* Returns: %FALSE with @error set if the file could not be read to its end */
gboolean tool_lines_close (ToolLines *lines, GError **error);

/* Returns: what follows a byte order mark, if there is one, which is no part of a text */
const char *tool_skip_byte_order_mark (const char *text);

G_END_DECLS
