/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A file that one process at a time works on, on any machine that shares the file system. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * tool_lock_open:
 * @path: (type filename): made if it is not there
 * @waits: for whoever has it; or else that is an error, %G_IO_ERROR_BUSY
 *
 * The lock is gone when the descriptor is closed, and so when the process ends, however it does.
 *
 * Returns: a descriptor to read and write the file; -1 with @error set
 */
int tool_lock_open (const char *path, gboolean waits, GError **error);

G_END_DECLS
