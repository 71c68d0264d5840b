/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <cblas.h>
#include <string.h>

#include "bench-lstm.h"
#include "bench.h"

struct BenchOpenblas {
  BenchSize size;
  float **input_weights;     /* [n_layers][4 * n_hidden][width below] */
  float **recurrent_weights; /* [n_layers][4 * n_hidden][n_hidden] */
  float **c, **h;            /* [n_layers][n_hidden] */
  float *x;                  /* [n_inputs] */
  float *gates;              /* [4 * n_hidden] */
};

static gsize
get_width_below (const BenchOpenblas *openblas, gsize layer)
{
  return layer == 0 ? openblas->size.n_inputs : openblas->size.n_hidden;
}

BenchOpenblas *
bench_openblas_new (BenchSize size)
{
  BenchOpenblas *openblas = g_new0 (BenchOpenblas, 1);

  openblas_set_num_threads (1);
  openblas->size = size;
  openblas->input_weights = g_new (float *, size.n_layers);
  openblas->recurrent_weights = g_new (float *, size.n_layers);
  openblas->c = g_new (float *, size.n_layers);
  openblas->h = g_new (float *, size.n_layers);
  for (gsize i = 0; i < size.n_layers; i++) {
    openblas->input_weights[i] =
        bench_random (4 * size.n_hidden * get_width_below (openblas, i), 0.08f);
    openblas->recurrent_weights[i] = bench_random (4 * size.n_hidden * size.n_hidden, 0.08f);
    openblas->c[i] = bench_random (size.n_hidden, 1);
    openblas->h[i] = bench_random (size.n_hidden, 1);
  }
  openblas->x = bench_random (size.n_inputs, 1);
  openblas->gates = bench_random (4 * size.n_hidden, 1);
  return openblas;
}

static void
multiply_add (
    const float *weights, gsize n_rows, gsize n_cols, const float *x, float beta, float *y)
{
  cblas_sgemv (CblasRowMajor, CblasNoTrans, (blasint) n_rows, (blasint) n_cols, 1.0f, weights,
      (blasint) n_cols, x, 1, beta, y, 1);
}

void
bench_openblas_run (gpointer data)
{
  BenchOpenblas *openblas = data;
  const gsize n_hidden = openblas->size.n_hidden;

  for (gsize i = 0; i < openblas->size.n_layers; i++) {
    const float *x = i == 0 ? openblas->x : openblas->h[i - 1];

    multiply_add (openblas->input_weights[i], 4 * n_hidden, get_width_below (openblas, i), x, 0,
        openblas->gates);
    multiply_add (
        openblas->recurrent_weights[i], 4 * n_hidden, n_hidden, openblas->h[i], 1, openblas->gates);
    hearken_kernels_get ()->lstm_cell (
        openblas->gates, n_hidden, n_hidden, openblas->c[i], openblas->h[i]);
  }
}

void
bench_openblas_free (BenchOpenblas *openblas)
{
  for (gsize i = 0; i < openblas->size.n_layers; i++) {
    g_aligned_free (openblas->input_weights[i]);
    g_aligned_free (openblas->recurrent_weights[i]);
    g_aligned_free (openblas->c[i]);
    g_aligned_free (openblas->h[i]);
  }
  g_free (openblas->input_weights);
  g_free (openblas->recurrent_weights);
  g_free (openblas->c);
  g_free (openblas->h);
  g_aligned_free (openblas->x);
  g_aligned_free (openblas->gates);
  g_free (openblas);
}
