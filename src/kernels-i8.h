/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The I8 kernel, but for its innermost step. A variant defines, before it includes this,
 *
 *   LANES                  rows whose sums are in one vector
 *   N_DOTS                 dots that stay in registers
 *   Dot                    the sums of LANES rows
 *   arrange (q, n, words)  puts n quads of 16-bit inputs into the order that dot_add() wants
 *   dot_zero (total)       a Dot of zeros; total: the sum of all inputs
 *   dot_add (dot, w, words)
 *                          adds one quad of inputs times weights, [LANES][HEARKEN_QUAD_COLS]
 *   dot_sum (dot)          its sums
 */
#pragma once

#include <glib.h>

#include "kernels-quantize.h"
#include "kernels-variants.h"

#define DOTS_PER_PANEL (HEARKEN_PANEL_ROWS / LANES)
/* Steps of a tile, whose sums for one panel at least must have registers. */
#define N_TILE_STEPS MIN (4, N_DOTS / DOTS_PER_PANEL)
G_STATIC_ASSERT (N_TILE_STEPS >= 1);

#define MAX_QUADS (HEARKEN_CHUNK_COLS / HEARKEN_QUAD_COLS)

/* The quantised inputs of one step of one chunk of columns. */
typedef struct {
  int32_t words[MAX_QUADS][2]; /* the quads, arranged in two words each */
  int32_t total;
  float scale;
} Inputs;

/* The part of a matrix that is one chunk of its columns. */
typedef struct {
  const int8_t *weights; /* [n_panels][n_quads][HEARKEN_PANEL_ROWS][HEARKEN_QUAD_COLS] */
  size_t n_quads;
  const float *row_scales; /* [n_packed] */
  size_t n_packed;
} Chunk;

static void
quantize (const float *x, size_t n_cols, Inputs *inputs)
{
  const size_t n_quads = (n_cols + HEARKEN_QUAD_COLS - 1) / HEARKEN_QUAD_COLS;
  int16_t q[HEARKEN_CHUNK_COLS];
  int32_t total = 0;

  inputs->scale = hearken_quantize (x, n_cols, q);
  for (size_t i = 0; i < n_quads * HEARKEN_QUAD_COLS; i++)
    total += q[i];
  inputs->total = total;
  arrange (q, n_quads, inputs->words);
}

/* As multiply_add_tile() in kernels-float.h. */
INLINE void
dot_tile (const Chunk *chunk, const size_t n_panels, size_t first_panel, size_t stride,
    const size_t n_steps, const Inputs *inputs, float *y)
{
  const size_t n_dots = n_panels * DOTS_PER_PANEL;
  const size_t quad_size = HEARKEN_PANEL_ROWS * HEARKEN_QUAD_COLS;
  Dot dots[N_DOTS];                     /* [n_steps][n_dots] */
  size_t rows[N_DOTS], weights[N_DOTS]; /* [n_dots]: the first row, the place of its weights */

  for (size_t i = 0; i < n_dots; i++) {
    const size_t panel = first_panel + i / DOTS_PER_PANEL * stride;
    const size_t lane = i % DOTS_PER_PANEL * LANES;

    rows[i] = panel * HEARKEN_PANEL_ROWS + lane;
    weights[i] = panel * chunk->n_quads * quad_size + lane * HEARKEN_QUAD_COLS;
  }
  for (size_t step = 0; step < n_steps; step++)
    for (size_t i = 0; i < n_dots; i++)
      dots[step * n_dots + i] = dot_zero (inputs[step].total);

  for (size_t quad = 0; quad < chunk->n_quads; quad++)
    for (size_t i = 0; i < n_dots; i++)
      for (size_t step = 0; step < n_steps; step++)
        dots[step * n_dots + i] = dot_add (dots[step * n_dots + i],
            chunk->weights + weights[i] + quad * quad_size, inputs[step].words[quad]);

  for (size_t step = 0; step < n_steps; step++)
    for (size_t i = 0; i < n_dots; i++) {
      const Vector scales = vector_load (chunk->row_scales + rows[i]) * inputs[step].scale;
      const Vector sums = __builtin_convertvector(dot_sum (dots[step * n_dots + i]), Vector);
      float *out = y + step * chunk->n_packed + rows[i];

      vector_store (out, vector_load (out) + scales * sums);
    }
}

INLINE void
dot_quarters (
    const Chunk *chunk, size_t panel, const size_t n_steps, const Inputs *inputs, float *y)
{
  const size_t stride = chunk->n_packed / HEARKEN_PANEL_ROWS / 4;
  const size_t n_tile_panels = MIN (4, N_DOTS / (DOTS_PER_PANEL * n_steps));

  for (size_t quarter = 0; quarter < 4; quarter += n_tile_panels)
    dot_tile (chunk, n_tile_panels, panel + quarter * stride, stride, n_steps, inputs, y);
}

static void
multiply_add_chunk (const Chunk *chunk, const Inputs *inputs, size_t n_steps, float *y)
{
  for (size_t panel = 0; panel < chunk->n_packed / HEARKEN_PANEL_ROWS / 4; panel++) {
    size_t step = 0;

    for (; step + N_TILE_STEPS <= n_steps; step += N_TILE_STEPS)
      dot_quarters (chunk, panel, N_TILE_STEPS, inputs + step, y + step * chunk->n_packed);
    for (; step < n_steps; step++)
      dot_quarters (chunk, panel, 1, inputs + step, y + step * chunk->n_packed);
  }
}

static void
multiply_add_i8 (const HearkenMatrix *matrix, const float *x, size_t n_steps, float *y)
{
  const size_t n_packed = hearken_matrix_get_n_packed (matrix);
  Inputs inputs[HEARKEN_MAX_BLOCK];

  for (size_t start = 0; start < matrix->n_cols; start += HEARKEN_CHUNK_COLS) {
    const size_t n_cols = MIN (matrix->n_cols - start, HEARKEN_CHUNK_COLS);
    const Chunk chunk = {
      .weights = (const int8_t *) matrix->panels + n_packed * start,
      .n_quads = (n_cols + HEARKEN_QUAD_COLS - 1) / HEARKEN_QUAD_COLS,
      .row_scales = matrix->scales,
      .n_packed = n_packed,
    };

    for (size_t step = 0; step < n_steps; step++)
      quantize (x + step * matrix->n_cols + start, n_cols, &inputs[step]);
    multiply_add_chunk (&chunk, inputs, n_steps, y);
  }
}
