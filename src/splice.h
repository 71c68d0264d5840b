/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Context and stride: every output is several neighbouring frames in one vector. The layer that
 * needs the future, and so the only one that holds steps back.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "state.h"

/*
 * Output k is the frames k * stride - left … k * stride + right, oldest first. Beyond the ends of
 * the stream the first and last frame are repeated, or zeros if @pad_zero.
 */
typedef struct {
  size_t left;
  size_t right;
  size_t stride; /* > 0 */
  bool pad_zero;
} HearkenSplice;

/* What one stream remembers: the last left + 1 + right frames. */
typedef struct {
  float *ring;        /* [left + 1 + right][n_inputs]; frame f at f % (left + 1 + right) */
  guint64 n_frames;   /* pushed so far */
  guint64 next_frame; /* the frame k * stride of the next output k */
} HearkenSpliceState;

/* left + 1 + right: frames per output. */
size_t hearken_splice_get_length (const HearkenSplice *splice);

/* @frames: [n_frames][n_inputs]; @out: [n_frames][length * n_inputs]
 * Returns: the number of outputs written, <= n_frames */
size_t hearken_splice_process (const HearkenSplice *splice, HearkenSpliceState *state,
    size_t n_inputs, const float *frames, size_t n_frames, float *out);
/* After the last frame. @out: [max_out][length * n_inputs]. Returns: the number of outputs written;
 * 0 when none is left */
size_t hearken_splice_drain (const HearkenSplice *splice, HearkenSpliceState *state,
    size_t n_inputs, size_t max_out, float *out);

void hearken_splice_save (const HearkenSplice *splice, const HearkenSpliceState *state,
    size_t n_inputs, HearkenStateWriter *writer);
bool hearken_splice_restore (const HearkenSplice *splice, HearkenSpliceState *state,
    size_t n_inputs, HearkenStateReader *reader);
