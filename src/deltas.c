/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * One stage appends to every frame the deltas of the frame's last n_dims values; two stages in a
 * row give deltas and delta-deltas, and each delays what comes before it by as much as it needs.
 */
#include "deltas.h"

#include <string.h>

typedef struct {
  size_t n_inputs; /* values per frame; the last n_dims of them get deltas */
  float *ring;     /* [2 * reach + 1][n_inputs]: frame t is at t modulo its length */
  float *input;    /* [n_inputs] scratch: the frame that comes from the stage before */
  guint64 n_in;
  guint64 n_out;
} Stage;

struct HearkenDeltas {
  size_t n_dims;
  guint order;
  guint reach; /* frames on either side */
  Stage stages[HEARKEN_DELTAS_MAX_ORDER];
};

static size_t
get_ring_values (const HearkenDeltas *deltas, const Stage *stage)
{
  return (2 * deltas->reach + 1) * stage->n_inputs;
}

HearkenDeltas *
hearken_deltas_new (size_t n_dims, guint order, guint window_frames)
{
  HearkenDeltas *deltas = g_new0 (HearkenDeltas, 1);

  deltas->n_dims = n_dims;
  deltas->order = order;
  deltas->reach = (window_frames - 1) / 2;
  for (guint i = 0; i < order; i++) {
    Stage *stage = &deltas->stages[i];
    stage->n_inputs = (1 + i) * n_dims;
    stage->ring = g_new0 (float, get_ring_values (deltas, stage));
    stage->input = g_new0 (float, stage->n_inputs);
  }
  return deltas;
}

void
hearken_deltas_free (HearkenDeltas *deltas)
{
  if (deltas == NULL)
    return;
  for (guint i = 0; i < deltas->order; i++) {
    g_free (deltas->stages[i].ring);
    g_free (deltas->stages[i].input);
  }
  g_free (deltas);
}

void
hearken_deltas_reset (HearkenDeltas *deltas)
{
  for (guint i = 0; i < deltas->order; i++) {
    Stage *stage = &deltas->stages[i];
    memset (stage->ring, 0, get_ring_values (deltas, stage) * sizeof (float));
    stage->n_in = 0;
    stage->n_out = 0;
  }
}

guint
hearken_deltas_get_lookahead_frames (guint order, guint window_frames)
{
  return order * ((window_frames - 1) / 2);
}

/* Frame @t, or the first or last one if there is none at @t. */
static const float *
get_frame (const HearkenDeltas *deltas, const Stage *stage, gint64 t)
{
  guint64 existing = CLAMP (t, 0, (gint64) stage->n_in - 1);

  return stage->ring + (existing % (2 * deltas->reach + 1)) * stage->n_inputs;
}

static void
stage_push (const HearkenDeltas *deltas, Stage *stage, const float *frame)
{
  size_t slot = stage->n_in % (2 * deltas->reach + 1);

  memcpy (stage->ring + slot * stage->n_inputs, frame, stage->n_inputs * sizeof (float));
  stage->n_in++;
}

/* d[t] = Σ n (c[t + n] - c[t - n]) / (2 Σ n²), n = 1 … reach */
static void
compute_deltas (const HearkenDeltas *deltas, const Stage *stage, gint64 t, float *delta)
{
  gint64 reach = deltas->reach;
  float norm = reach * (reach + 1) * (2 * reach + 1) / 3;
  size_t offset = stage->n_inputs - deltas->n_dims;

  memset (delta, 0, deltas->n_dims * sizeof (float));
  for (gint64 n = 1; n <= reach; n++) {
    const float *after = get_frame (deltas, stage, t + n) + offset;
    const float *before = get_frame (deltas, stage, t - n) + offset;
    for (size_t i = 0; i < deltas->n_dims; i++)
      delta[i] += n * (after[i] - before[i]);
  }
  for (size_t i = 0; i < deltas->n_dims; i++)
    delta[i] /= norm;
}

/* @frame: [n_inputs + n_dims] out */
static bool
stage_pull (const HearkenDeltas *deltas, Stage *stage, bool at_end, float *frame)
{
  gint64 t = stage->n_out;

  if (stage->n_out + (at_end ? 0 : deltas->reach) >= stage->n_in)
    return false;
  memcpy (frame, get_frame (deltas, stage, t), stage->n_inputs * sizeof (float));
  compute_deltas (deltas, stage, t, frame + stage->n_inputs);
  stage->n_out++;
  return true;
}

void
hearken_deltas_push (HearkenDeltas *deltas, const float *frame)
{
  stage_push (deltas, &deltas->stages[0], frame);
}

/* From the first @n_stages stages. A stage is at its end when those before it are empty. */
static bool
pull_through (HearkenDeltas *deltas, guint n_stages, bool at_end, float *frame)
{
  Stage *stage = &deltas->stages[n_stages - 1];

  while (!stage_pull (deltas, stage, false, frame)) {
    if (n_stages == 1 || !pull_through (deltas, n_stages - 1, at_end, stage->input))
      return at_end && stage_pull (deltas, stage, true, frame);
    stage_push (deltas, stage, stage->input);
  }
  return true;
}

bool
hearken_deltas_pull (HearkenDeltas *deltas, bool at_end, float *frame)
{
  return pull_through (deltas, deltas->order, at_end, frame);
}

void
hearken_deltas_save (const HearkenDeltas *deltas, HearkenStateWriter *writer)
{
  for (guint i = 0; i < deltas->order; i++) {
    const Stage *stage = &deltas->stages[i];
    hearken_state_put_u64 (writer, stage->n_in);
    hearken_state_put_u64 (writer, stage->n_in - stage->n_out);
    hearken_state_put_floats (writer, stage->ring, get_ring_values (deltas, stage));
  }
}

bool
hearken_deltas_restore (HearkenDeltas *deltas, HearkenStateReader *reader)
{
  for (guint i = 0; i < deltas->order; i++) {
    Stage *stage = &deltas->stages[i];
    guint64 n_in, n_waiting;

    /* More than the look-ahead and a frame to pull never waits: the ring would not hold it. */
    if (!hearken_state_get_u64 (reader, G_MAXINT64 / 2, &n_in) ||
        !hearken_state_get_u64 (reader, MIN (n_in, deltas->reach + 1), &n_waiting) ||
        !hearken_state_get_floats (reader, stage->ring, get_ring_values (deltas, stage)))
      return false;
    stage->n_in = n_in;
    stage->n_out = n_in - n_waiting;
  }
  return true;
}
