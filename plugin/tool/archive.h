/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The parts of hearken archive. */
#pragma once

#include "work-list.h"

G_BEGIN_DECLS

int tool_archive_plan (int argc, char **argv);
int tool_archive_status (int argc, char **argv);
int tool_archive_merge (int argc, char **argv);

/**
 * tool_archive_read:
 * @n_strangers: (out): records of what is not on the list
 *
 * Reads the work list and which records there are; tasks may go on writing.
 *
 * Returns: (transfer full) (element-type ToolWork) (nullable): %NULL with @error set
 */
GPtrArray *tool_archive_read (const char *dir, guint *n_strangers, GError **error);

G_END_DECLS
