/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A stream of samples to overlapping frames, and what the frames see beyond the ends of the stream.
 * Memory is constant: one ring that holds a frame.
 */
#pragma once

#include "frontend-config.h"
#include "state.h"

typedef struct HearkenFramer HearkenFramer;

HearkenFramer *hearken_framer_new (size_t frame_samples, size_t hop_samples, HearkenEdge edge);
void hearken_framer_free (HearkenFramer *framer);
void hearken_framer_reset (HearkenFramer *framer);

/* Samples by which frame 0 begins before the stream; negative if after its start. */
gint64 hearken_framer_get_lead_samples (size_t frame_samples, size_t hop_samples, HearkenEdge edge);

/* Takes samples up to the one that completes a frame; none while a frame waits to be pulled.
 * Returns: the number taken */
size_t hearken_framer_push (HearkenFramer *framer, const float *samples, size_t n_samples);
/* After the last sample: completes the frames that reach over the end. */
void hearken_framer_drain (HearkenFramer *framer);
bool hearken_framer_is_drained (const HearkenFramer *framer);
/* @frame: [frame_samples] out. Returns: whether there was a completed frame */
bool hearken_framer_pull (HearkenFramer *framer, float *frame);

void hearken_framer_save (const HearkenFramer *framer, HearkenStateWriter *writer);
/* Returns: whether the state is a framer's of the same shape; if not, the framer is as it was */
bool hearken_framer_restore (HearkenFramer *framer, HearkenStateReader *reader);
