/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* One of several shares of a work, counted from 0: the shard of a task, the part of a recording. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint index; /* < count */
  guint count;
} ToolShare;

/* More than any scheduler deals out at once, and few enough to look through. */
#define TOOL_MAX_SHARES 1000000

#define TOOL_SHARE_FORMAT "u/%u" /* as in "%" TOOL_SHARE_FORMAT, share.index, share.count */

/* Reads "INDEX/COUNT", of %TOOL_MAX_SHARES at most. Returns: whether it is that */
gboolean tool_share_parse (const char *text, ToolShare *share);

/**
 * tool_share_from_environment:
 *
 * The task of a Slurm array, whose numbers may begin anywhere (SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _MAX and
 * _STEP), or of an indexed job of Kubernetes (JOB_COMPLETION_INDEX, and JOB_COMPLETION_COUNT, which is set
 * by hand). Where there is neither, all the work is one share.
 *
 * Returns: %FALSE with @error set if the variables do not tell
 */
gboolean tool_share_from_environment (ToolShare *share, GError **error);

G_END_DECLS
