/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "matrix.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const size_t value_size[HEARKEN_N_PRECISIONS] = { sizeof (float), sizeof (uint16_t),
  sizeof (int8_t) };

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

static size_t
get_n_padded_cols (const HearkenMatrix *matrix)
{
  return matrix->precision == HEARKEN_PRECISION_I8 ? round_up (matrix->n_cols, HEARKEN_QUAD_COLS)
                                                   : matrix->n_cols;
}

static void
pack_floats (const HearkenMatrix *matrix, const float *values, size_t panel, size_t row)
{
  float *out = (float *) matrix->panels + panel * matrix->n_cols * HEARKEN_PANEL_ROWS + row;

  for (size_t col = 0; col < matrix->n_cols; col++)
    out[col * HEARKEN_PANEL_ROWS] = values[col];
}

static void
pack_halves (const HearkenMatrix *matrix, const uint16_t *values, size_t panel, size_t row)
{
  uint16_t *out = (uint16_t *) matrix->panels + panel * matrix->n_cols * HEARKEN_PANEL_ROWS + row;

  for (size_t col = 0; col < matrix->n_cols; col++)
    out[col * HEARKEN_PANEL_ROWS] = values[col];
}

static void
pack_bytes (const HearkenMatrix *matrix, const int8_t *values, size_t panel, size_t row)
{
  const size_t quad_size = HEARKEN_PANEL_ROWS * HEARKEN_QUAD_COLS;

  for (size_t start = 0; start < matrix->n_cols; start += HEARKEN_CHUNK_COLS) {
    const size_t n_cols = MIN (matrix->n_cols - start, HEARKEN_CHUNK_COLS);
    const size_t n_padded = round_up (n_cols, HEARKEN_QUAD_COLS);
    int8_t *out = (int8_t *) matrix->panels + hearken_matrix_get_n_packed (matrix) * start +
                  panel * n_padded * HEARKEN_PANEL_ROWS + row * HEARKEN_QUAD_COLS;

    size_t col = 0;

    for (; col + HEARKEN_QUAD_COLS <= n_cols; col += HEARKEN_QUAD_COLS, out += quad_size)
      memcpy (out, values + start + col, HEARKEN_QUAD_COLS);
    memcpy (out, values + start + col, n_cols - col);
  }
}

/* @values: [n_cols] */
static void
pack_row (const HearkenMatrix *matrix, const void *values, size_t packed_row)
{
  const size_t panel = packed_row / HEARKEN_PANEL_ROWS, row = packed_row % HEARKEN_PANEL_ROWS;

  switch (matrix->precision) {
  case HEARKEN_PRECISION_F16:
    pack_halves (matrix, values, panel, row);
    break;
  case HEARKEN_PRECISION_I8:
    pack_bytes (matrix, values, panel, row);
    break;
  case HEARKEN_PRECISION_F32:
  default:
    pack_floats (matrix, values, panel, row);
    break;
  }
}

void
hearken_matrix_init (
    HearkenMatrix *matrix, HearkenRows rows, size_t n_rows, size_t n_cols, size_t n_groups)
{
  const size_t group_size = n_rows / n_groups;
  const size_t padded_size = padded_group_size (n_rows, n_groups);
  const size_t size = value_size[rows.precision];

  *matrix = (HearkenMatrix){
    .precision = rows.precision,
    .n_cols = n_cols,
    .n_panels = n_groups * padded_size / HEARKEN_PANEL_ROWS,
  };
  matrix->panels = g_aligned_alloc0 (
      hearken_matrix_get_n_packed (matrix), get_n_padded_cols (matrix) * size, 64);
  for (size_t row = 0; row < n_rows; row++)
    pack_row (matrix, (const char *) rows.values + row * n_cols * size,
        row / group_size * padded_size + row % group_size);
  if (rows.precision == HEARKEN_PRECISION_I8)
    matrix->scales = hearken_matrix_pack_vector (matrix, rows.scales, n_rows, n_groups);
}

void
hearken_matrix_clear (HearkenMatrix *matrix)
{
  g_clear_pointer (&matrix->panels, g_aligned_free);
  g_clear_pointer (&matrix->scales, g_aligned_free);
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

/* A half's bits, put where a float has them, are the number times 2^-112. */
float
hearken_widen_f16 (uint16_t half)
{
  const uint32_t bits = (uint32_t) (half & 0x7fff) << 13;
  float size;

  memcpy (&size, &bits, sizeof (size));
  size *= 0x1p112f;
  if (size >= 0x1p16f) /* the largest exponent */
    size = half & 0x3ff ? NAN : INFINITY;
  return half & 0x8000 ? -size : size;
}
