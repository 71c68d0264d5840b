/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A weight matrix, packed for reading in order.
 *
 * Rows are laid out in four quarters of whole panels, so that four streams of memory can be read at
 * once; for an LSTM the quarters are its gates. Logical row r of group g (of n_groups equal groups)
 * is at packed row g * padded group size + r; padding rows are zero.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Rows that a kernel computes side by side; a panel is one such group of rows. */
#define HEARKEN_PANEL_ROWS 16

/* Columns of an I8 chunk: as many as 8-bit weights times 16-bit inputs can be summed in 32 bits. */
#define HEARKEN_CHUNK_COLS 512
/* Columns of a row that lie side by side in an I8 panel. */
#define HEARKEN_QUAD_COLS 4

typedef enum {
  HEARKEN_PRECISION_F32,
  HEARKEN_PRECISION_F16, /* IEEE binary16 weights, sums in float */
  HEARKEN_PRECISION_I8,  /* 8-bit weights with a scale per row, 16-bit inputs, exact sums */
  HEARKEN_N_PRECISIONS,
} HearkenPrecision;

/* Weights as a model has them. */
typedef struct {
  HearkenPrecision precision;
  const void *values;  /* [n_rows][n_cols] of float, uint16_t (binary16) or int8_t */
  const float *scales; /* [n_rows]: a row's weights are scale * value; I8 only */
} HearkenRows;

static inline HearkenRows
hearken_rows_f32 (const float *values)
{
  return (HearkenRows){ HEARKEN_PRECISION_F32, values, NULL };
}

/*
 * The layout of panels:
 *   F32  float    [n_panels][n_cols][HEARKEN_PANEL_ROWS]
 *   F16  uint16_t [n_panels][n_cols][HEARKEN_PANEL_ROWS]
 *   I8   int8_t   [n_chunks][n_panels][quads][HEARKEN_PANEL_ROWS][HEARKEN_QUAD_COLS], where the
 *        last chunk has fewer quads, and its last quad is filled up with zeros
 */
typedef struct {
  HearkenPrecision precision;
  size_t n_cols;
  size_t n_panels; /* a multiple of 4 */
  void *panels;    /* 64-byte aligned */
  float *scales;   /* [n_packed], I8 only, 64-byte aligned */
} HearkenMatrix;

/* Copies @rows; @n_rows is a multiple of @n_groups, which is 1 or 4. */
void hearken_matrix_init (
    HearkenMatrix *matrix, HearkenRows rows, size_t n_rows, size_t n_cols, size_t n_groups);
void hearken_matrix_clear (HearkenMatrix *matrix);

/* Number of packed rows: the length of a product. */
static inline size_t
hearken_matrix_get_n_packed (const HearkenMatrix *matrix)
{
  return matrix->n_panels * HEARKEN_PANEL_ROWS;
}

/* Packs a vector of n_rows values as the rows are packed. Returns: (transfer full, g_aligned_free):
 * [n_packed] */
float *hearken_matrix_pack_vector (
    const HearkenMatrix *matrix, const float *values, size_t n_rows, size_t n_groups);

/* IEEE 754 binary16 to binary32, exact. */
float hearken_widen_f16 (uint16_t half);
