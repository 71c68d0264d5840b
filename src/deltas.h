/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Appends deltas to frames: torchaudio.functional.compute_deltas with mode "replicate". For order
 * 2, the deltas of the deltas too, as a second pass over all deltas would give them.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "state.h"

#define HEARKEN_DELTAS_MAX_ORDER 2

typedef struct HearkenDeltas HearkenDeltas;

/* @order: 1 … HEARKEN_DELTAS_MAX_ORDER; @window_frames: odd, >= 3 */
HearkenDeltas *hearken_deltas_new (size_t n_dims, guint order, guint window_frames);
void hearken_deltas_free (HearkenDeltas *deltas);
void hearken_deltas_reset (HearkenDeltas *deltas);
/* Frames pushed before the first can be pulled, that one not counted. */
guint hearken_deltas_get_lookahead_frames (guint order, guint window_frames);

/* @frame: [n_dims]. All frames that can be pulled have been. */
void hearken_deltas_push (HearkenDeltas *deltas, const float *frame);
/*
 * @at_end: no frame will be pushed any more; the last one is taken as if it were repeated
 * @frame: [1 + order][n_dims] out: the frame, its deltas, the deltas' deltas
 * Returns: whether there was a frame
 */
bool hearken_deltas_pull (HearkenDeltas *deltas, bool at_end, float *frame);

void hearken_deltas_save (const HearkenDeltas *deltas, HearkenStateWriter *writer);
/* Returns: whether the state is one of the same shape; if not, reset before further use */
bool hearken_deltas_restore (HearkenDeltas *deltas, HearkenStateReader *reader);
