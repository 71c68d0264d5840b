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
  char *path;   /* (type filename) (nullable): where it is a file */
  char *label;  /* what it is called, in UTF-8 */
  char *stem;   /* (type filename): its output's path below the output directory, no suffix */
  char *ending; /* (type filename): the suffix that was taken from stem, with the dot, or "" */
} ToolInput;

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

G_END_DECLS
