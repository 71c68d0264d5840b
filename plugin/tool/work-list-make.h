/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The first task of an archive makes its work list; the others wait for it. */
#pragma once

#include "work-list.h"

G_BEGIN_DECLS

typedef struct {
  guint n_shards;
  double split_seconds; /* as for tool_work_list_plan() */
  gboolean shows_progress;
} ToolWorkOptions;

/**
 * tool_work_list_measure:
 * @inputs: (element-type ToolInput): emptied, as they go into what is returned
 *
 * Finds out how long the recordings are, and makes work of them.
 *
 * Returns: (transfer full) (element-type ToolWork) (nullable): as tool_work_list_plan()
 */
GPtrArray *tool_work_list_measure (
    GPtrArray *inputs, double split_seconds, gboolean shows_progress, GError **error);

/**
 * tool_work_list_make:
 * @dir: (type filename): the archive's directory, made if it is not there
 * @inputs: (element-type ToolInput) (nullable): what is to be transcribed; may be emptied. %NULL: what the
 *   list says, which must be there then
 *
 * Makes the work list unless there is one. If there is, all of @inputs must be on it.
 *
 * Returns: %FALSE with @error set
 */
gboolean tool_work_list_make (
    const char *dir, GPtrArray *inputs, const ToolWorkOptions *options, GError **error);

/* Makes this the work list of the archive. Returns: %FALSE with @error set, %G_IO_ERROR_EXISTS if it has one
 */
gboolean tool_work_list_publish (const char *dir, const GPtrArray *list, GError **error);

G_END_DECLS
