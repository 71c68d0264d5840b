/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The LSTM step in every precision, next to OpenBLAS and oneDNN where they were found, and to the
 * mere reading of the weights. Usage: bench-lstm [INPUTS HIDDEN LAYERS [cold]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-lstm.h"
#include "bench.h"

static const char *const precision_names[] = { "f32", "f16", "int8" };

/* Hearken's contenders: for each precision one step, eight at once, reading. */
enum { ONE, EIGHT, READ, N_KINDS, N_OWN = N_KINDS * HEARKEN_N_PRECISIONS, N_MAX = N_OWN + 4 };

typedef struct {
  BenchContender contenders[N_MAX];
  guint n_contenders;
  BenchLstm *lstms[HEARKEN_N_PRECISIONS][2]; /* of one step and of eight */
  BenchOpenblas *openblas;
  BenchOnednn *onednn[2];
} Run;

static void
add (Run *run, const char *name, void (*function) (gpointer), gpointer data, guint n_steps,
    int against)
{
  run->contenders[run->n_contenders++] = (BenchContender){
    .name = name, .run = function, .data = data, .n_steps = n_steps, .against = against
  };
}

static void
add_own (Run *run, BenchSize size, HearkenPrecision precision)
{
  static char names[HEARKEN_N_PRECISIONS][N_KINDS][32];
  const int one = N_KINDS * (int) precision;
  char (*own)[32] = names[precision];

  g_snprintf (own[ONE], 32, "hearken %s", precision_names[precision]);
  g_snprintf (own[EIGHT], 32, "hearken %s, 8 steps", precision_names[precision]);
  g_snprintf (own[READ], 32, "reading %s weights", precision_names[precision]);
  run->lstms[precision][0] = bench_lstm_new (size, precision, 1);
  run->lstms[precision][1] = bench_lstm_new (size, precision, 8);
  add (run, own[ONE], bench_lstm_run, run->lstms[precision][0], 1, ONE);
  add (run, own[EIGHT], bench_lstm_run, run->lstms[precision][1], 8, one);
  add (run, own[READ], bench_lstm_read, run->lstms[precision][0], 1, one);
}

static void
add_others (Run *run, BenchSize size)
{
#ifdef HAVE_OPENBLAS
  run->openblas = bench_openblas_new (size);
  add (run, "OpenBLAS f32", bench_openblas_run, run->openblas, 1, ONE);
#endif
#ifdef HAVE_ONEDNN
  static const char *const names[] = { "oneDNN f32", "oneDNN int8" };

  for (int int8 = 0; int8 < 2; int8++) {
    run->onednn[int8] = bench_onednn_new (size, int8, 1);
    add (run, names[int8], bench_onednn_run, run->onednn[int8], 1,
        int8 ? N_KINDS * HEARKEN_PRECISION_I8 : ONE);
  }
#endif
}

static void
clear (Run *run)
{
  for (guint i = 0; i < HEARKEN_N_PRECISIONS; i++)
    for (guint j = 0; j < 2; j++)
      bench_lstm_free (run->lstms[i][j]);
#ifdef HAVE_OPENBLAS
  bench_openblas_free (run->openblas);
#endif
#ifdef HAVE_ONEDNN
  for (guint i = 0; i < 2; i++)
    bench_onednn_free (run->onednn[i]);
#endif
  bench_clear (run->contenders, run->n_contenders);
}

static void
bench (BenchSize size, gboolean cold)
{
  g_autofree char *title = g_strdup_printf ("%zu-%zux%zu, caches %s; times are per step",
      size.n_inputs, size.n_hidden, size.n_layers, cold ? "cold" : "hot");
  Run run = { 0 };

  for (HearkenPrecision precision = 0; precision < HEARKEN_N_PRECISIONS; precision++)
    add_own (&run, size, precision);
  add_others (&run, size);
  bench_measure (run.contenders, run.n_contenders, cold);
  bench_print (title, run.contenders, run.n_contenders);
  clear (&run);
}

int
main (int argc, char **argv)
{
  static const BenchSize sizes[] = { { 40, 128, 1 }, { 80, 320, 3 }, { 80, 640, 3 },
    { 512, 2048, 1 } };

  printf ("kernels: %s\n", hearken_kernels_get ()->name);
  if (argc >= 4) {
    bench ((BenchSize){ strtoul (argv[1], NULL, 10), strtoul (argv[2], NULL, 10),
               strtoul (argv[3], NULL, 10) },
        argc == 5 && strcmp (argv[4], "cold") == 0);
    return EXIT_SUCCESS;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    bench (sizes[i], FALSE);
  for (gsize i = 0; i < 2; i++)
    bench (sizes[i], TRUE);
  return EXIT_SUCCESS;
}
