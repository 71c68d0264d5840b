/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The numeric inner loops, chosen once at run time. Plain C (kernels.c) is the specification.
 */
#pragma once

#include <stddef.h>

/* Network steps that are computed together at most; scratch buffers are sized for it. */
#define HEARKEN_MAX_BLOCK 8

/* Rows that a kernel computes side by side; a panel is one such group of rows. */
#define HEARKEN_PANEL_ROWS 16

/*
 * A weight matrix packed for reading in order. Rows are laid out in four quarters of whole panels,
 * so that four streams of memory can be read at once; for an LSTM the quarters are its gates.
 * Logical row r of group g (of n_groups equal groups) is at packed row
 * g * padded group size + r; padding rows are zero.
 */
typedef struct {
  size_t n_cols;
  size_t n_panels; /* a multiple of 4 */
  float *panels;   /* [n_panels][n_cols][HEARKEN_PANEL_ROWS], 64-byte aligned */
} HearkenMatrix;

/* @rows: [n_rows][n_cols], n_rows a multiple of @n_groups; @n_groups is 1 or 4. Copies. */
void hearken_matrix_init (
    HearkenMatrix *matrix, const float *rows, size_t n_rows, size_t n_cols, size_t n_groups);
void hearken_matrix_clear (HearkenMatrix *matrix);
/* Number of packed rows: the length of a kernel's output per step. */
size_t hearken_matrix_get_n_packed (const HearkenMatrix *matrix);
/* Packs a vector of n_rows values as the rows are packed. Returns: (transfer full, g_aligned_free):
 * [n_packed] */
float *hearken_matrix_pack_vector (
    const HearkenMatrix *matrix, const float *values, size_t n_rows, size_t n_groups);

typedef struct {
  const char *name;
  /* y[t][r] = y[t][r] + Σ_c w[r][c] x[t][c], c ascending.
   * x: [n_steps][n_cols], y: [n_steps][n_packed]; n_steps <= HEARKEN_MAX_BLOCK */
  void (*multiply_add) (const HearkenMatrix *matrix, const float *x, size_t n_steps, float *y);
  /* One LSTM cell update from the four gates' pre-activations (see lstm.c).
   * gates: [4][n_padded], c: [n_hidden] in and out, h: [n_hidden] out */
  void (*lstm_cell) (const float *gates, size_t n_padded, size_t n_hidden, float *c, float *h);
} HearkenKernels;

/* The best variant for this machine, or the one that HEARKEN_KERNELS names. */
const HearkenKernels *hearken_kernels_get (void);
