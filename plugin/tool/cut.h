/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Where a long recording is cut: at silences. */
#pragma once

#include <gst/gst.h>

#include "work-list.h"

G_BEGIN_DECLS

/**
 * tool_cut_find:
 * @work: a part of a recording
 * @start: (out): where it begins, ns in the recording
 * @stop: (out): where it ends, or %GST_CLOCK_TIME_NONE: at the recording's end
 *
 * Parts are as long as each other, but for the way to the quietest half second near their ends, a quarter of
 * a part and 15 s at most. Who transcribes the part before finds the same place.
 *
 * Returns: %FALSE with @error set if the recording cannot be read
 */
gboolean tool_cut_find (
    const ToolWork *work, GstClockTime *start, GstClockTime *stop, GError **error);

/* The quietest window. @energies: [n_blocks]: of blocks of the same length. Returns: its first block; of
 * equals, the first */
gsize tool_cut_find_quietest (const double *energies, gsize n_blocks, gsize n_window_blocks);

G_END_DECLS
