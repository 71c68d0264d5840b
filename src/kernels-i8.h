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
G_STATIC_ASSERT (N_TILE_STEPS >= 2);

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
  const float *start;      /* [n_packed], what the products are added to; NULL: to y */
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

/*
 * Adds the products of a tile to y: n_panels panels, each stride panels after the one before, for n_steps
 * steps. What is const is known to the compiler, so that all sums have registers.
 */
INLINE void
dot_tile (const Chunk *chunk, const size_t n_panels, size_t first_panel, size_t stride,
    const size_t n_steps, const Inputs *inputs, float *y)
{
  const size_t n_dots = n_panels * DOTS_PER_PANEL, n_quads = chunk->n_quads;
  const size_t quad_size = HEARKEN_PANEL_ROWS * HEARKEN_QUAD_COLS;
  const int8_t *weights = chunk->weights + first_panel * n_quads * quad_size;
  Dot dots[N_DOTS]; /* [n_steps][n_dots] */

  for (size_t step = 0; step < n_steps; step++)
    for (size_t i = 0; i < n_dots; i++)
      dots[step * n_dots + i] = dot_zero (inputs[step].total);

  for (size_t quad = 0; quad < n_quads; quad++, weights += quad_size)
    for (size_t i = 0; i < n_dots; i++) {
      const int8_t *w = weights + i / DOTS_PER_PANEL * stride * n_quads * quad_size +
                        i % DOTS_PER_PANEL * LANES * HEARKEN_QUAD_COLS;

      for (size_t step = 0; step < n_steps; step++)
        dots[step * n_dots + i] = dot_add (dots[step * n_dots + i], w, inputs[step].words[quad]);
    }

  for (size_t step = 0; step < n_steps; step++, y += chunk->n_packed)
    for (size_t i = 0; i < n_dots; i++) {
      const size_t row = (first_panel + i / DOTS_PER_PANEL * stride) * HEARKEN_PANEL_ROWS +
                         i % DOTS_PER_PANEL * LANES;
      const Vector scales = vector_load (chunk->row_scales + row) * inputs[step].scale;
      const Vector sums = __builtin_convertvector(dot_sum (dots[step * n_dots + i]), Vector);
      const Vector start = vector_load ((chunk->start != NULL ? chunk->start : y) + row);

      vector_store (y + row, start + scales * sums);
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

INLINE void
dot_panels (const Chunk *chunk, size_t first_panel, size_t n_panels, const size_t n_steps,
    const Inputs *inputs, float *y)
{
  for (size_t panel = first_panel; panel < first_panel + n_panels; panel++)
    dot_quarters (chunk, panel, n_steps, inputs, y);
}

/* Functions of their own, so that each has all registers for its loop. */
static NOINLINE void
dot_one_step (
    const Chunk *chunk, size_t first_panel, size_t n_panels, const Inputs *inputs, float *y)
{
  dot_panels (chunk, first_panel, n_panels, 1, inputs, y);
}

static NOINLINE void
dot_two_steps (
    const Chunk *chunk, size_t first_panel, size_t n_panels, const Inputs *inputs, float *y)
{
  dot_panels (chunk, first_panel, n_panels, 2, inputs, y);
}

static NOINLINE void
dot_most_steps (
    const Chunk *chunk, size_t first_panel, size_t n_panels, const Inputs *inputs, float *y)
{
  dot_panels (chunk, first_panel, n_panels, N_TILE_STEPS, inputs, y);
}

/* All steps of a panel before the next one, so that its weights come once from afar. */
static void
multiply_add_chunk (const Chunk *chunk, const Inputs *inputs, size_t n_steps, float *y)
{
  const size_t n_panels = chunk->n_packed / HEARKEN_PANEL_ROWS / 4;
  const size_t n_run = n_steps == 1 ? n_panels : 1;

  for (size_t panel = 0; panel < n_panels; panel += n_run) {
    size_t step = 0;

    for (; step + N_TILE_STEPS <= n_steps; step += N_TILE_STEPS)
      dot_most_steps (chunk, panel, n_run, inputs + step, y + step * chunk->n_packed);
    for (; step + 2 <= n_steps; step += 2)
      dot_two_steps (chunk, panel, n_run, inputs + step, y + step * chunk->n_packed);
    for (; step < n_steps; step++)
      dot_one_step (chunk, panel, n_run, inputs + step, y + step * chunk->n_packed);
  }
}

static void
multiply_add_i8 (
    const HearkenMatrix *matrix, const float *start, const float *x, size_t n_steps, float *y)
{
  const size_t n_packed = hearken_matrix_get_n_packed (matrix);
  Inputs inputs[HEARKEN_MAX_BLOCK];

  for (size_t first = 0; first < matrix->n_cols; first += HEARKEN_CHUNK_COLS) {
    const size_t n_cols = MIN (matrix->n_cols - first, HEARKEN_CHUNK_COLS);
    const Chunk chunk = {
      .weights = (const int8_t *) matrix->panels + n_packed * first,
      .n_quads = (n_cols + HEARKEN_QUAD_COLS - 1) / HEARKEN_QUAD_COLS,
      .row_scales = matrix->scales,
      .start = first == 0 ? start : NULL,
      .n_packed = n_packed,
    };

    for (size_t step = 0; step < n_steps; step++)
      quantize (x + step * matrix->n_cols + first, n_cols, &inputs[step]);
    multiply_add_chunk (&chunk, inputs, n_steps, y);
  }
}
