/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <dnnl.h>
#include <omp.h>
#include <string.h>

#include "bench-lstm.h"
#include "bench.h"

/* What an LSTM primitive takes and gives, in the order of the shapes in init_stack(). */
enum { SRC, SRC_H, SRC_C, WEIGHTS_IH, WEIGHTS_HH, BIAS, DST, DST_H, DST_C, N_MEMORIES };

static const int arguments[N_MEMORIES] = { DNNL_ARG_SRC_LAYER, DNNL_ARG_SRC_ITER,
  DNNL_ARG_SRC_ITER_C, DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_WEIGHTS_ITER, DNNL_ARG_BIAS,
  DNNL_ARG_DST_LAYER, DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C };

/* Layers of equal width of input: the first of a network, or all others. */
typedef struct {
  dnnl_primitive_t primitive;
  dnnl_memory_t memories[N_MEMORIES];
} Stack;

struct BenchOnednn {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  Stack stacks[2];
  guint n_stacks;
};

static void
check (dnnl_status_t status)
{
  if (status != dnnl_success)
    g_error ("oneDNN: status %d", (int) status);
}

static void
fill_random (dnnl_memory_t memory, gsize n_values)
{
  float *values = bench_random (n_values, 0.08f);
  void *data;

  check (dnnl_memory_get_data_handle (memory, &data));
  memcpy (data, values, n_values * sizeof (float));
  g_aligned_free (values);
}

/* Random weights in the layout, and with int8 the type, that the primitive wants. */
static void
fill_weights (BenchOnednn *onednn, dnnl_memory_t memory, const dnnl_dims_t dims,
    const_dnnl_primitive_attr_t attr)
{
  const dnnl_memory_desc_t *wanted;
  dnnl_memory_desc_t plain_desc;
  dnnl_memory_t plain;
  dnnl_primitive_desc_t reorder_desc;
  dnnl_primitive_t reorder;

  check (dnnl_memory_get_memory_desc (memory, &wanted));
  check (dnnl_memory_desc_init_by_tag (&plain_desc, 5, dims, dnnl_f32, dnnl_ldigo));
  check (dnnl_memory_create (&plain, &plain_desc, onednn->engine, DNNL_MEMORY_ALLOCATE));
  fill_random (plain, (gsize) (dims[0] * dims[2] * dims[3] * dims[4]));
  check (dnnl_reorder_primitive_desc_create (
      &reorder_desc, &plain_desc, onednn->engine, wanted, onednn->engine, attr));
  check (dnnl_primitive_create (&reorder, reorder_desc));
  const dnnl_exec_arg_t args[] = { { DNNL_ARG_FROM, plain }, { DNNL_ARG_TO, memory } };
  check (dnnl_primitive_execute (reorder, onednn->stream, 2, args));
  check (dnnl_stream_wait (onednn->stream));
  dnnl_primitive_destroy (reorder);
  dnnl_primitive_desc_destroy (reorder_desc);
  dnnl_memory_destroy (plain);
}

static dnnl_primitive_attr_t
make_attr (gboolean int8)
{
  const float weights_scale = 127 / 0.08f;
  dnnl_primitive_attr_t attr;

  check (dnnl_primitive_attr_create (&attr));
  if (int8) {
    check (dnnl_primitive_attr_set_rnn_data_qparams (attr, 127, 128));
    check (dnnl_primitive_attr_set_rnn_weights_qparams (attr, 1, 0, &weights_scale));
  }
  return attr;
}

static void
init_stack (BenchOnednn *onednn, Stack *stack, gint64 n_layers, gint64 n_inputs, gint64 n_hidden,
    gint64 n_steps, gboolean int8)
{
  const dnnl_data_type_t data = int8 ? dnnl_u8 : dnnl_f32, weights = int8 ? dnnl_s8 : dnnl_f32;
  const struct {
    int n_dims;
    dnnl_dims_t dims;
    dnnl_data_type_t type;
    dnnl_format_tag_t tag;
  } shapes[] = {
    { 3, { n_steps, 1, n_inputs }, data, dnnl_tnc },
    { 4, { n_layers, 1, 1, n_hidden }, data, dnnl_ldnc },
    { 4, { n_layers, 1, 1, n_hidden }, dnnl_f32, dnnl_ldnc },
    { 5, { n_layers, 1, n_inputs, 4, n_hidden }, weights, dnnl_format_tag_any },
    { 5, { n_layers, 1, n_hidden, 4, n_hidden }, weights, dnnl_format_tag_any },
    { 4, { n_layers, 1, 4, n_hidden }, dnnl_f32, dnnl_ldgo },
    { 3, { n_steps, 1, n_hidden }, data, dnnl_tnc },
    { 4, { n_layers, 1, 1, n_hidden }, data, dnnl_ldnc },
    { 4, { n_layers, 1, 1, n_hidden }, dnnl_f32, dnnl_ldnc },
  };
  dnnl_memory_desc_t descs[G_N_ELEMENTS (shapes)];
  dnnl_primitive_attr_t attr = make_attr (int8);
  dnnl_rnn_desc_t lstm_desc;
  dnnl_primitive_desc_t primitive_desc;

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    check (dnnl_memory_desc_init_by_tag (
        &descs[i], shapes[i].n_dims, shapes[i].dims, shapes[i].type, shapes[i].tag));
  check (dnnl_lstm_forward_desc_init (&lstm_desc, dnnl_forward_inference,
      dnnl_unidirectional_left2right, &descs[SRC], &descs[SRC_H], &descs[SRC_C], &descs[WEIGHTS_IH],
      &descs[WEIGHTS_HH], &descs[BIAS], &descs[DST], &descs[DST_H], &descs[DST_C], 0));
  check (dnnl_primitive_desc_create (&primitive_desc, &lstm_desc, attr, onednn->engine, NULL));
  check (dnnl_primitive_create (&stack->primitive, primitive_desc));

  for (guint i = 0; i < N_MEMORIES; i++) {
    const dnnl_memory_desc_t *desc = &descs[i];

    if (i == WEIGHTS_IH || i == WEIGHTS_HH)
      desc = dnnl_primitive_desc_query_md (
          primitive_desc, dnnl_query_weights_md, i == WEIGHTS_HH ? 1 : 0);
    check (dnnl_memory_create (&stack->memories[i], desc, onednn->engine, DNNL_MEMORY_ALLOCATE));
    if (i == WEIGHTS_IH || i == WEIGHTS_HH)
      fill_weights (onednn, stack->memories[i], shapes[i].dims, attr);
    else if (shapes[i].type == dnnl_f32)
      fill_random (stack->memories[i], dnnl_memory_desc_get_size (desc) / sizeof (float));
  }
  dnnl_primitive_desc_destroy (primitive_desc);
  dnnl_primitive_attr_destroy (attr);
}

BenchOnednn *
bench_onednn_new (BenchSize size, gboolean int8, guint n_steps)
{
  BenchOnednn *onednn = g_new0 (BenchOnednn, 1);
  const gint64 n_hidden = (gint64) size.n_hidden;

  omp_set_num_threads (1);
  check (dnnl_engine_create (&onednn->engine, dnnl_cpu, 0));
  check (dnnl_stream_create (&onednn->stream, onednn->engine, dnnl_stream_default_flags));
  init_stack (onednn, &onednn->stacks[0], 1, (gint64) size.n_inputs, n_hidden, n_steps, int8);
  onednn->n_stacks = size.n_layers > 1 ? 2 : 1;
  if (size.n_layers > 1)
    init_stack (
        onednn, &onednn->stacks[1], (gint64) size.n_layers - 1, n_hidden, n_hidden, n_steps, int8);
  return onednn;
}

void
bench_onednn_run (gpointer data)
{
  BenchOnednn *onednn = data;

  for (guint i = 0; i < onednn->n_stacks; i++) {
    dnnl_exec_arg_t args[N_MEMORIES];

    for (guint j = 0; j < N_MEMORIES; j++)
      args[j] = (dnnl_exec_arg_t){ arguments[j], onednn->stacks[i].memories[j] };
    check (dnnl_primitive_execute (onednn->stacks[i].primitive, onednn->stream, N_MEMORIES, args));
  }
  check (dnnl_stream_wait (onednn->stream));
}

void
bench_onednn_free (BenchOnednn *onednn)
{
  for (guint i = 0; i < onednn->n_stacks; i++) {
    for (guint j = 0; j < N_MEMORIES; j++)
      dnnl_memory_destroy (onednn->stacks[i].memories[j]);
    dnnl_primitive_destroy (onednn->stacks[i].primitive);
  }
  dnnl_stream_destroy (onednn->stream);
  dnnl_engine_destroy (onednn->engine);
  g_free (onednn);
}
