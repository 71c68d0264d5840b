/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Deltas as a stream are the deltas of the whole sequence. */
#include "deltas.h"

#include "test-golden.h"
#include "test-models.h"

#define N_DIMS 3
#define MAX_FRAMES 30

/* The definition: d[t] = Σ n (c[t + n] - c[t - n]) / (2 Σ n²), the sequence going on at both ends
 * as its first and last frame. Both sequences: [n_frames][N_DIMS] */
static void
compute_reference (const float *c, gint n_frames, gint window_frames, float *d)
{
  for (gint t = 0; t < n_frames; t++)
    for (gint i = 0; i < N_DIMS; i++) {
      double sum = 0, norm = 0;

      for (gint n = 1; n <= window_frames / 2; n++) {
        gint after = MIN (t + n, n_frames - 1), before = MAX (t - n, 0);
        sum += n * ((double) c[after * N_DIMS + i] - c[before * N_DIMS + i]);
        norm += 2 * n * n;
      }
      d[t * N_DIMS + i] = sum / norm;
    }
}

/* Pulls what there is. @frames: [MAX_FRAMES][1 + order][N_DIMS] */
static void
pull_all (HearkenDeltas *deltas, bool at_end, gsize n_values, float *frames, guint *n_frames)
{
  while (hearken_deltas_pull (deltas, at_end, frames + *n_frames * n_values))
    (*n_frames)++;
}

static void
check (guint order, guint window_frames, guint n_frames)
{
  const gsize n_values = (1 + order) * N_DIMS;
  const guint lookahead = hearken_deltas_get_lookahead_frames (order, window_frames);
  HearkenDeltas *deltas = hearken_deltas_new (N_DIMS, order, window_frames);
  float blocks[3][MAX_FRAMES * N_DIMS]; /* statics, deltas, deltas' deltas */
  float frames[(MAX_FRAMES + 1) * 3 * N_DIMS];
  guint n_pulled = 0;

  test_random_floats (n_frames, 10.0f, blocks[0], n_frames * N_DIMS);
  for (guint i = 0; i < order; i++)
    compute_reference (blocks[i], n_frames, window_frames, blocks[i + 1]);

  for (guint t = 0; t < n_frames; t++) {
    hearken_deltas_push (deltas, blocks[0] + t * N_DIMS);
    pull_all (deltas, false, n_values, frames, &n_pulled);
    g_assert_cmpuint (n_pulled, ==, t < lookahead ? 0 : t + 1 - lookahead);
  }
  pull_all (deltas, true, n_values, frames, &n_pulled);
  g_assert_cmpuint (n_pulled, ==, n_frames);

  for (guint t = 0; t < n_frames; t++)
    for (guint i = 0; i <= order; i++) {
      double difference =
          test_max_difference (frames + t * n_values + i * N_DIMS, blocks[i] + t * N_DIMS, N_DIMS);
      g_assert_cmpfloat (difference, <, 1e-5);
    }
  hearken_deltas_free (deltas);
}

static void
test_reference (void)
{
  static const guint windows[] = { 3, 5, 9 };

  for (guint order = 1; order <= HEARKEN_DELTAS_MAX_ORDER; order++)
    for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
      for (guint n_frames = 0; n_frames <= MAX_FRAMES; n_frames++)
        check (order, windows[i], n_frames);
}

/* The slope of a ramp, halved where a frame has a neighbour on one side only. */
static void
test_ramp (void)
{
  HearkenDeltas *deltas = hearken_deltas_new (1, 1, 3);
  static const float expected[4][2] = { { 0, 1 }, { 2, 2 }, { 4, 2 }, { 6, 1 } };
  float frame[2];
  guint n_pulled = 0;

  for (guint t = 0; t < 4; t++) {
    float value = 2 * t;
    hearken_deltas_push (deltas, &value);
    while (hearken_deltas_pull (deltas, t == 3, frame))
      g_assert_cmpmem (frame, sizeof (frame), expected[n_pulled++], sizeof (frame));
  }
  g_assert_cmpuint (n_pulled, ==, 4);
  hearken_deltas_free (deltas);
}

/* A state that says that more waits than the rings hold is refused. */
static void
test_hostile_counts (void)
{
  static const guint64 counts[][2] = { { 3, 4 }, { 100, 4 }, { G_MAXUINT64, 1 } };
  HearkenDeltas *deltas = hearken_deltas_new (1, 1, 5);
  const float ring[5] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autoptr (GByteArray) state = g_byte_array_new ();
    HearkenStateReader reader;

    hearken_state_put_u64 (state, counts[i][0]);
    hearken_state_put_u64 (state, counts[i][1]);
    hearken_state_put_floats (state, ring, G_N_ELEMENTS (ring));
    reader = (HearkenStateReader){ state->data, state->len };
    g_assert_false (hearken_deltas_restore (deltas, &reader));
  }
  hearken_deltas_free (deltas);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deltas/reference", test_reference);
  g_test_add_func ("/deltas/ramp", test_ramp);
  g_test_add_func ("/deltas/hostile-counts", test_hostile_counts);
  return g_test_run ();
}
