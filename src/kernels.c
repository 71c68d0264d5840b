/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Matrix packing, and the plain C kernels: the specification that every other variant must match.
 *
 * Sums run over the columns in ascending order, one accumulator per row. So a step's result does
 * not depend on how many steps are computed together, and the compiler can keep a panel of rows
 * in vector registers without reordering any addition.
 */
#include "kernels.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static size_t
round_up (size_t n, size_t multiple)
{
  return (n + multiple - 1) / multiple * multiple;
}

/* Packed rows of each of n_groups groups. One group is spread over the four quarters. */
static size_t
padded_group_size (size_t n_rows, size_t n_groups)
{
  return round_up (n_rows / n_groups, n_groups == 1 ? 4 * HEARKEN_PANEL_ROWS : HEARKEN_PANEL_ROWS);
}

void
hearken_matrix_init (
    HearkenMatrix *matrix, const float *rows, size_t n_rows, size_t n_cols, size_t n_groups)
{
  const size_t group_size = n_rows / n_groups;
  const size_t padded_size = padded_group_size (n_rows, n_groups);

  matrix->n_cols = n_cols;
  matrix->n_panels = n_groups * padded_size / HEARKEN_PANEL_ROWS;
  matrix->panels =
      g_aligned_alloc0 (matrix->n_panels * n_cols * HEARKEN_PANEL_ROWS, sizeof (float), 64);

  for (size_t row = 0; row < n_rows; row++) {
    const size_t packed_row = row / group_size * padded_size + row % group_size;
    float *panel = matrix->panels + packed_row / HEARKEN_PANEL_ROWS * n_cols * HEARKEN_PANEL_ROWS;

    for (size_t col = 0; col < n_cols; col++)
      panel[col * HEARKEN_PANEL_ROWS + packed_row % HEARKEN_PANEL_ROWS] = rows[row * n_cols + col];
  }
}

void
hearken_matrix_clear (HearkenMatrix *matrix)
{
  g_clear_pointer (&matrix->panels, g_aligned_free);
}

size_t
hearken_matrix_get_n_packed (const HearkenMatrix *matrix)
{
  return matrix->n_panels * HEARKEN_PANEL_ROWS;
}

float *
hearken_matrix_pack_vector (
    const HearkenMatrix *matrix, const float *values, size_t n_rows, size_t n_groups)
{
  const size_t group_size = n_rows / n_groups;
  const size_t padded_size = padded_group_size (n_rows, n_groups);
  float *packed = g_aligned_alloc0 (hearken_matrix_get_n_packed (matrix), sizeof (float), 64);

  for (size_t group = 0; group < n_groups; group++)
    memcpy (packed + group * padded_size, values + group * group_size, group_size * sizeof (float));
  return packed;
}

static void
multiply_add_c (const HearkenMatrix *matrix, const float *x, size_t n_steps, float *y)
{
  const size_t n_packed = hearken_matrix_get_n_packed (matrix);

  for (size_t panel = 0; panel < matrix->n_panels; panel++) {
    const float *weights = matrix->panels + panel * matrix->n_cols * HEARKEN_PANEL_ROWS;

    for (size_t step = 0; step < n_steps; step++) {
      float *out = y + step * n_packed + panel * HEARKEN_PANEL_ROWS;
      float sums[HEARKEN_PANEL_ROWS];

      memcpy (sums, out, sizeof (sums));
      for (size_t col = 0; col < matrix->n_cols; col++) {
        const float value = x[step * matrix->n_cols + col];

        for (size_t row = 0; row < HEARKEN_PANEL_ROWS; row++)
          sums[row] += weights[col * HEARKEN_PANEL_ROWS + row] * value;
      }
      memcpy (out, sums, sizeof (sums));
    }
  }
}

static float
sigmoid (float x)
{
  return 1.0f / (1.0f + expf (-x));
}

static void
lstm_cell_c (const float *gates, size_t n_padded, size_t n_hidden, float *c, float *h)
{
  const float *input = gates;
  const float *forget = gates + n_padded;
  const float *cell = gates + 2 * n_padded;
  const float *output = gates + 3 * n_padded;

  for (size_t unit = 0; unit < n_hidden; unit++) {
    c[unit] = sigmoid (forget[unit]) * c[unit] + sigmoid (input[unit]) * tanhf (cell[unit]);
    h[unit] = sigmoid (output[unit]) * tanhf (c[unit]);
  }
}

static const HearkenKernels variants[] = {
  { "c", multiply_add_c, lstm_cell_c },
};

const HearkenKernels *
hearken_kernels_get (void)
{
  return &variants[0];
}
