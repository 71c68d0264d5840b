/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Stacked LSTMs of one size, as Hearken and as others compute them. All weights are random. */
#pragma once

#include <glib.h>

#include "lstm.h"

typedef struct {
  gsize n_inputs, n_hidden, n_layers;
} BenchSize;

/* Hearken's; one run is n_steps steps. */
typedef struct {
  BenchSize size;
  guint n_steps;
  HearkenLstm *layers;      /* [n_layers] */
  HearkenLstmState *states; /* [n_layers] */
  float *values[2];         /* [HEARKEN_MAX_BLOCK][wider of input and output] */
  float *scratch;
} BenchLstm;

BenchLstm *bench_lstm_new (BenchSize size, HearkenPrecision precision, guint n_steps);
void bench_lstm_run (gpointer lstm);
void bench_lstm_free (BenchLstm *lstm);
/* Reads all weights, four streams at once, and does nothing with them. */
void bench_lstm_read (gpointer lstm);

/* By OpenBLAS' sgemv, with Hearken's cell; one step a run. */
typedef struct BenchOpenblas BenchOpenblas;
BenchOpenblas *bench_openblas_new (BenchSize size);
void bench_openblas_run (gpointer openblas);
void bench_openblas_free (BenchOpenblas *openblas);

/* By oneDNN's LSTM primitive; one run is n_steps steps. */
typedef struct BenchOnednn BenchOnednn;
BenchOnednn *bench_onednn_new (BenchSize size, gboolean int8, guint n_steps);
void bench_onednn_run (gpointer onednn);
void bench_onednn_free (BenchOnednn *onednn);
