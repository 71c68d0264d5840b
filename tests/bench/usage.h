/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What this process has taken of the machine. */
#pragma once

#include <glib.h>

/* Of all its threads. */
double usage_get_cpu_seconds (void);
/* @name: "VmRSS" now, "VmHWM" at most */
long usage_get_memory_kib (const char *name);
/* File descriptors that are open. */
guint usage_count_files (void);
