/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The float kernels in terms of the compiler's vectors. A variant defines, before it includes this,
 *
 *   LANES                     floats of a vector
 *   N_SUMS                    vectors of sums that stay in registers
 *
 * and after it
 *
 *   vector_fma (a, b, c)      a * b + c, rounded once
 *   vector_widen_f16 (p)      the vector of the binary16 numbers at p
 *
 * What is computed for one row and step is one chain of fused multiply-adds over ascending
 * columns, whatever the tile that the row and the step are in: so results do not depend on it.
 */
#pragma once

#include <glib.h>

#include "kernels-activations.h"
#include "kernels-variants.h"

#define VECTORS_PER_PANEL (HEARKEN_PANEL_ROWS / LANES)

G_STATIC_ASSERT (N_SUMS >= 4 * VECTORS_PER_PANEL); /* four steps of a panel are a tile */

INLINE Vector vector_widen_f16 (const uint16_t *halves);

INLINE Vector
load_weights (const HearkenPrecision precision, const void *panels, size_t position)
{
  if (precision == HEARKEN_PRECISION_F16)
    return vector_widen_f16 ((const uint16_t *) panels + position);
  return vector_load ((const float *) panels + position);
}

/*
 * Adds the products of n_panels panels, @stride panels apart, with n_steps steps. The counts are
 * constants, so that all loops but that over the columns are unrolled and the sums are registers.
 */
INLINE void
multiply_add_tile (const HearkenMatrix *matrix, const HearkenPrecision precision,
    const size_t n_panels, size_t first_panel, size_t stride, const size_t n_steps, const float *x,
    float *y)
{
  const size_t n_packed = hearken_matrix_get_n_packed (matrix), n_cols = matrix->n_cols;
  const size_t n_vectors = n_panels * VECTORS_PER_PANEL;
  Vector sums[N_SUMS];                  /* [n_steps][n_vectors] */
  size_t rows[N_SUMS], weights[N_SUMS]; /* [n_vectors]: the first row, the place of its weights */

  for (size_t i = 0; i < n_vectors; i++) {
    const size_t panel = first_panel + i / VECTORS_PER_PANEL * stride;
    const size_t lane = i % VECTORS_PER_PANEL * LANES;

    rows[i] = panel * HEARKEN_PANEL_ROWS + lane;
    weights[i] = panel * n_cols * HEARKEN_PANEL_ROWS + lane;
  }
  for (size_t step = 0; step < n_steps; step++)
    for (size_t i = 0; i < n_vectors; i++)
      sums[step * n_vectors + i] = vector_load (y + step * n_packed + rows[i]);

  for (size_t col = 0; col < n_cols; col++)
    for (size_t i = 0; i < n_vectors; i++) {
      const Vector w =
          load_weights (precision, matrix->panels, weights[i] + col * HEARKEN_PANEL_ROWS);

      for (size_t step = 0; step < n_steps; step++)
        sums[step * n_vectors + i] =
            vector_fma (w, splat (x[step * n_cols + col]), sums[step * n_vectors + i]);
    }

  for (size_t step = 0; step < n_steps; step++)
    for (size_t i = 0; i < n_vectors; i++)
      vector_store (y + step * n_packed + rows[i], sums[step * n_vectors + i]);
}

/* One panel of each quarter with n_steps steps, in tiles of as many panels as there are sums. */
INLINE void
multiply_add_quarters (const HearkenMatrix *matrix, const HearkenPrecision precision, size_t panel,
    const size_t n_steps, const float *x, float *y)
{
  const size_t stride = matrix->n_panels / 4;
  const size_t n_tile_panels = MIN (4, N_SUMS / (VECTORS_PER_PANEL * n_steps));

  for (size_t quarter = 0; quarter < 4; quarter += n_tile_panels)
    multiply_add_tile (
        matrix, precision, n_tile_panels, panel + quarter * stride, stride, n_steps, x, y);
}

INLINE void
multiply_add (const HearkenMatrix *matrix, const HearkenPrecision precision, const float *x,
    size_t n_steps, float *y)
{
  const size_t n_packed = hearken_matrix_get_n_packed (matrix), n_cols = matrix->n_cols;

  for (size_t panel = 0; panel < matrix->n_panels / 4; panel++) {
    size_t step = 0;

    for (; step + 4 <= n_steps; step += 4)
      multiply_add_quarters (matrix, precision, panel, 4, x + step * n_cols, y + step * n_packed);
    for (; step + 2 <= n_steps; step += 2)
      multiply_add_quarters (matrix, precision, panel, 2, x + step * n_cols, y + step * n_packed);
    for (; step < n_steps; step++)
      multiply_add_quarters (matrix, precision, panel, 1, x + step * n_cols, y + step * n_packed);
  }
}

static void
multiply_add_f32 (const HearkenMatrix *matrix, const float *x, size_t n_steps, float *y)
{
  multiply_add (matrix, HEARKEN_PRECISION_F32, x, n_steps, y);
}

static void
multiply_add_f16 (const HearkenMatrix *matrix, const float *x, size_t n_steps, float *y)
{
  multiply_add (matrix, HEARKEN_PRECISION_F16, x, n_steps, y);
}

/* LANES units; gates: four vectors @n_padded apart */
INLINE void
update_cells (const float *gates, size_t n_padded, float *c, float *h)
{
  const Vector input = vector_sigmoid (vector_load (gates));
  const Vector forget = vector_sigmoid (vector_load (gates + n_padded));
  const Vector cell = vector_tanh (vector_load (gates + 2 * n_padded));
  const Vector output = vector_sigmoid (vector_load (gates + 3 * n_padded));
  const Vector new_c = vector_fma (forget, vector_load (c), input * cell);

  vector_store (c, new_c);
  vector_store (h, output * vector_tanh (new_c));
}

static void
lstm_cell (const float *gates, size_t n_padded, size_t n_hidden, float *c, float *h)
{
  float last_c[LANES] = { 0 }, last_h[LANES];
  size_t unit = 0;

  for (; unit + LANES <= n_hidden; unit += LANES)
    update_cells (gates + unit, n_padded, c + unit, h + unit);
  if (unit < n_hidden) {
    memcpy (last_c, c + unit, (n_hidden - unit) * sizeof (float));
    update_cells (gates + unit, n_padded, last_c, last_h);
    memcpy (c + unit, last_c, (n_hidden - unit) * sizeof (float));
    memcpy (h + unit, last_h, (n_hidden - unit) * sizeof (float));
  }
}
