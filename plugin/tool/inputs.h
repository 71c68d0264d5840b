/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What `hearken transcribe` is given: files, directories, URIs, standard input. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *uri;
  char *path;     /* (type filename) (nullable): where it is a file */
  char *label;    /* what it is called, in UTF-8; another for each file */
  char *stem;     /* (type filename): its output's path below the output directory, no suffix */
  char *ending;   /* (type filename): the suffix that was taken from stem, with the dot, or "" */
  double seconds; /* how long it is; 0: not known */
  gboolean is_unseekable; /* known not to be readable from the middle */
} ToolInput;

/* @name: (type filename): its output's path below the output directory, still with the suffix */
ToolInput *tool_input_new_file (const char *path, const char *name);
/* Reads how long a recording is: not negative, and less than a lifetime. Returns: whether it is that */
gboolean tool_input_parse_seconds (const char *text, double *seconds);
ToolInput *tool_input_copy (const ToolInput *input);
void tool_input_free (ToolInput *input);

/**
 * tool_inputs_new:
 * @arguments: (array zero-terminated=1) (element-type filename): as typed
 *
 * A directory stands for the recordings in it and below it, by their names' endings, in the order
 * of their names; hidden files are left out. Anything else is taken as it is.
 *
 * Returns: (transfer full) (element-type ToolInput) (nullable): %NULL with @error set if a directory
 *   cannot be read or has no recording
 */
GPtrArray *tool_inputs_new (char *const *arguments, GError **error);

/**
 * tool_inputs_read_list:
 * @path: (type filename): a file of lines, of fields between tabs. If one of the first line's fields is
 *   `path`, it names the fields, of which `path` and `seconds` are used; else these are the first two.
 *   Paths are relative to where the list is
 *
 * Returns: (transfer full) (element-type ToolInput) (nullable): %NULL with @error set
 */
GPtrArray *tool_inputs_read_list (const char *path, GError **error);

G_END_DECLS
