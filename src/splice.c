/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "splice.h"

#include <string.h>

size_t
hearken_splice_get_length (const HearkenSplice *splice)
{
  return splice->left + 1 + splice->right;
}

/* The place of a frame that is among the latest. */
static float *
get_slot (
    const HearkenSplice *splice, const HearkenSpliceState *state, size_t n_inputs, guint64 frame)
{
  return state->ring + frame % hearken_splice_get_length (splice) * n_inputs;
}

/* Writes the next output. Frames before the first and after the last one are padding. */
static void
emit (const HearkenSplice *splice, HearkenSpliceState *state, size_t n_inputs, float *out)
{
  const gint64 first = (gint64) state->next_frame - (gint64) splice->left;
  const gint64 last = (gint64) (state->next_frame + splice->right);

  for (gint64 wanted = first; wanted <= last; wanted++, out += n_inputs) {
    const gint64 frame = CLAMP (wanted, 0, (gint64) state->n_frames - 1);

    if (splice->pad_zero && frame != wanted)
      memset (out, 0, n_inputs * sizeof (float));
    else
      memcpy (out, get_slot (splice, state, n_inputs, frame), n_inputs * sizeof (float));
  }
  state->next_frame += splice->stride;
}

size_t
hearken_splice_process (const HearkenSplice *splice, HearkenSpliceState *state, size_t n_inputs,
    const float *frames, size_t n_frames, float *out)
{
  const size_t n_outputs = hearken_splice_get_length (splice) * n_inputs;
  size_t n_out = 0;

  for (size_t i = 0; i < n_frames; i++) {
    memcpy (get_slot (splice, state, n_inputs, state->n_frames), frames + i * n_inputs,
        n_inputs * sizeof (float));
    state->n_frames++;
    if (state->n_frames > state->next_frame + splice->right)
      emit (splice, state, n_inputs, out + n_out++ * n_outputs);
  }
  return n_out;
}

size_t
hearken_splice_drain (const HearkenSplice *splice, HearkenSpliceState *state, size_t n_inputs,
    size_t max_out, float *out)
{
  const size_t n_outputs = hearken_splice_get_length (splice) * n_inputs;
  size_t n_out = 0;

  while (n_out < max_out && state->next_frame < state->n_frames)
    emit (splice, state, n_inputs, out + n_out++ * n_outputs);
  return n_out;
}

void
hearken_splice_save (const HearkenSplice *splice, const HearkenSpliceState *state, size_t n_inputs,
    HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, state->n_frames);
  hearken_state_put_floats (writer, state->ring, hearken_splice_get_length (splice) * n_inputs);
}

bool
hearken_splice_restore (const HearkenSplice *splice, HearkenSpliceState *state, size_t n_inputs,
    HearkenStateReader *reader)
{
  guint64 n_centres; /* frames that an output could stand for so far */

  if (!hearken_state_get_u64 (reader, G_MAXINT64 / 2, &state->n_frames) ||
      !hearken_state_get_floats (
          reader, state->ring, hearken_splice_get_length (splice) * n_inputs))
    return false;
  n_centres = MAX (state->n_frames, splice->right) - splice->right;
  state->next_frame = (n_centres + splice->stride - 1) / splice->stride * splice->stride;
  return true;
}
