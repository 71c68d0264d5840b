/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Every kernel variant against double precision, on odd sizes, with canaries behind the output. */
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "test-models.h"

#define CANARY 12345.0f

static float *
random_floats (guint32 seed, gsize n_values)
{
  float *values = g_new (float, n_values);

  test_random_floats (seed, 1.0f, values, n_values);
  return values;
}

static void
check_multiply_add (gsize n_rows, gsize n_cols, gsize n_groups, gsize n_steps)
{
  g_autofree float *rows = random_floats (1, n_rows * n_cols);
  g_autofree float *bias = random_floats (2, n_rows);
  g_autofree float *x = random_floats (3, n_steps * n_cols);
  const gsize group_size = n_rows / n_groups;
  g_autofree float *y = NULL;
  HearkenMatrix matrix;
  float *packed_bias;
  gsize n_packed;

  hearken_matrix_init (&matrix, rows, n_rows, n_cols, n_groups);
  packed_bias = hearken_matrix_pack_vector (&matrix, bias, n_rows, n_groups);
  n_packed = hearken_matrix_get_n_packed (&matrix);
  g_assert_cmpuint (n_packed % (4 * HEARKEN_PANEL_ROWS), ==, 0);

  y = g_new (float, n_steps *n_packed + 1);
  for (gsize step = 0; step < n_steps; step++)
    memcpy (y + step * n_packed, packed_bias, n_packed * sizeof (float));
  y[n_steps * n_packed] = CANARY;
  hearken_kernels_get ()->multiply_add (&matrix, x, n_steps, y);
  g_assert_true (y[n_steps * n_packed] == CANARY);

  for (gsize step = 0; step < n_steps; step++) {
    for (gsize row = 0; row < n_rows; row++) {
      const gsize packed_row = row / group_size * (n_packed / n_groups) + row % group_size;
      double expected = bias[row];

      for (gsize col = 0; col < n_cols; col++)
        expected += (double) rows[row * n_cols + col] * x[step * n_cols + col];
      g_assert_cmpfloat_with_epsilon (y[step * n_packed + packed_row], expected, 1e-5);
    }
  }
  g_aligned_free (packed_bias);
  hearken_matrix_clear (&matrix);
}

static void
test_multiply_add (void)
{
  static const gsize sizes[] = { 1, 2, 7, 15, 16, 17, 33, 64, 65, 130 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS (sizes); j++) {
      const gsize n_steps = 1 + (i + j) % HEARKEN_MAX_BLOCK;

      check_multiply_add (sizes[i], sizes[j], 1, n_steps);
      check_multiply_add (4 * sizes[i], sizes[j], 4, n_steps);
    }
  }
}

static double
sigmoid (double x)
{
  return 1 / (1 + exp (-x));
}

static void
test_lstm_cell (void)
{
  enum { N_PADDED = 48, N_HIDDEN = 37 };
  float gates[4 * N_PADDED], c[N_HIDDEN + 1], h[N_HIDDEN + 1], old_c[N_HIDDEN];

  test_random_floats (4, 64.0f, gates, G_N_ELEMENTS (gates));
  test_random_floats (5, 2.0f, c, G_N_ELEMENTS (c));
  gates[0] = 1e30f, gates[1] = -1e30f, gates[N_PADDED + 1] = -1e30f, gates[2 * N_PADDED] = 1e30f;
  c[N_HIDDEN] = h[N_HIDDEN] = CANARY;
  memcpy (old_c, c, sizeof (old_c));
  hearken_kernels_get ()->lstm_cell (gates, N_PADDED, N_HIDDEN, c, h);

  g_assert_true (c[N_HIDDEN] == CANARY && h[N_HIDDEN] == CANARY);
  for (gsize unit = 0; unit < N_HIDDEN; unit++) {
    const double expected_c = sigmoid (gates[N_PADDED + unit]) * old_c[unit] +
                              sigmoid (gates[unit]) * tanh (gates[2 * N_PADDED + unit]);
    const double expected_h = sigmoid (gates[3 * N_PADDED + unit]) * tanh (expected_c);

    g_assert_cmpfloat_with_epsilon (c[unit], expected_c, 1e-6);
    g_assert_cmpfloat_with_epsilon (h[unit], expected_h, 1e-6);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/multiply-add", test_multiply_add);
  g_test_add_func ("/kernels/lstm-cell", test_lstm_cell);
  return g_test_run ();
}
