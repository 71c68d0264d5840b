/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How long recordings are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Looks into those whose length is not known, and notes it; what cannot be read has none, and is heard of when
 * it is transcribed. @inputs: (element-type ToolInput). Returns: %FALSE with @error set if nothing can be
 * measured */
gboolean tool_measure (const GPtrArray *inputs, gboolean shows_progress, GError **error);

G_END_DECLS
