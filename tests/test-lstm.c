/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The LSTM against torch.nn.LSTM: golden/generate_lstm.py wrote the expected outputs. */
#include <math.h>
#include <string.h>

#include "model-internal.h"
#include "test-golden.h"
#include "test-models.h"

#define N_STEPS 1000
#define TOLERANCE 1e-5

static const gsize kept_steps[] = { 0, 1, 7, 99, 500, 999 };

typedef struct {
  const char *name;
  guint32 index; /* in golden/generate_lstm.py */
  gsize n_layers, n_inputs, n_hidden, n_projected;
  gboolean bias;
} LstmCase;

static const LstmCase lstm_cases[] = {
  { "l1-i1-h1", 0, 1, 1, 1, 0, TRUE },
  { "l1-i13-h7", 1, 1, 13, 7, 0, TRUE },
  { "l2-i5-h64-nobias", 2, 2, 5, 64, 0, FALSE },
  { "l2-i40-h33-p9", 3, 2, 40, 33, 9, TRUE },
  { "l3-i39-h129-p64", 4, 3, 39, 129, 64, TRUE },
  { "l3-i80-h320", 5, 3, 80, 320, 0, TRUE },
  { "l4-i17-h512", 6, 4, 17, 512, 0, TRUE },
};

static float *
random_parameter (guint32 *seed, float bound, gsize n_values)
{
  float *values = g_new (float, n_values);

  test_random_floats ((*seed)++, bound, values, n_values);
  return values;
}

/* Layer @layer of a case, its parameters drawn in the order of a PyTorch state_dict. */
static void
init_layer (HearkenLstm *lstm, const LstmCase *test, gsize layer, guint32 *seed)
{
  const float bound = exp2f (-rintf (log2f (test->n_hidden) / 2)); /* rintf, as Python's round */
  const gsize n_outputs = test->n_projected > 0 ? test->n_projected : test->n_hidden;
  const gsize n_inputs = layer == 0 ? test->n_inputs : n_outputs;
  const gsize n_gates = 4 * test->n_hidden;
  g_autofree float *weight_ih = random_parameter (seed, bound, n_gates * n_inputs);
  g_autofree float *weight_hh = random_parameter (seed, bound, n_gates * n_outputs);
  g_autofree float *bias_ih = test->bias ? random_parameter (seed, bound, n_gates) : NULL;
  g_autofree float *bias_hh = test->bias ? random_parameter (seed, bound, n_gates) : NULL;
  g_autofree float *weight_hr =
      test->n_projected > 0 ? random_parameter (seed, bound, n_outputs * test->n_hidden) : NULL;

  hearken_lstm_init (lstm, n_inputs, test->n_hidden, n_outputs, hearken_rows_f32 (weight_ih),
      hearken_rows_f32 (weight_hh), bias_ih, bias_hh, hearken_rows_f32 (weight_hr));
}

/* Runs a stacked LSTM in blocks of block_size steps. Returns: [N_STEPS][n_outputs] */
static float *
run_lstm (const LstmCase *test, gsize block_size)
{
  guint32 seed = 1000 * (test->index + 1);
  gsize n_values = test->n_inputs;
  float *values = g_new (float, N_STEPS *n_values); /* [N_STEPS][n_values] */

  test_random_floats (test->index, 2.0f, values, N_STEPS * n_values);
  for (gsize layer = 0; layer < test->n_layers; layer++) {
    HearkenLstm lstm;
    HearkenLstmState state;
    float *outputs, *scratch;

    init_layer (&lstm, test, layer, &seed);
    outputs = g_new (float, N_STEPS *lstm.n_outputs);
    scratch = g_aligned_alloc (hearken_lstm_get_n_scratch (&lstm), sizeof (float), 64);
    state = (HearkenLstmState){ g_new0 (float, lstm.n_outputs), g_new0 (float, lstm.n_hidden) };

    for (gsize step = 0; step < N_STEPS; step += block_size)
      hearken_lstm_process (&lstm, &state, values + step * n_values,
          MIN (block_size, N_STEPS - step), outputs + step * lstm.n_outputs, scratch);

    g_free (state.h);
    g_free (state.c);
    g_aligned_free (scratch);
    g_free (values);
    values = outputs;
    n_values = lstm.n_outputs;
    hearken_lstm_clear (&lstm);
  }
  return values;
}

static void
test_pytorch_parity (gconstpointer data)
{
  const LstmCase *test = data;
  const gsize n_outputs = test->n_projected > 0 ? test->n_projected : test->n_hidden;
  g_autoptr (HearkenSafetensors) golden = test_golden_open ("lstm.safetensors");
  g_autofree float *expected =
      test_golden_dup (golden, test->name, G_N_ELEMENTS (kept_steps) * n_outputs);
  g_autofree float *outputs = run_lstm (test, 1);
  double worst = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (kept_steps); i++)
    worst = MAX (worst, test_max_difference (expected + i * n_outputs,
                            outputs + kept_steps[i] * n_outputs, n_outputs));
  g_test_message ("max abs error %.2g", worst);
  g_assert_cmpfloat (worst, <=, TOLERANCE);
}

static void
test_blocks_are_bit_identical (void)
{
  const LstmCase *test = &lstm_cases[3];
  g_autofree float *one_by_one = run_lstm (test, 1);

  for (gsize block_size = 2; block_size <= HEARKEN_MAX_BLOCK; block_size++) {
    g_autofree float *in_blocks = run_lstm (test, block_size);

    g_assert_cmpmem (one_by_one, N_STEPS * test->n_projected * sizeof (float), in_blocks,
        N_STEPS * test->n_projected * sizeof (float));
  }
}

/* The network of the classic LSTMModel's state dict, loaded unchanged, fed with features. */
static void
test_classic_model (void)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "golden", "classic.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenModel) model = hearken_model_load (path, &error);
  g_autoptr (HearkenSafetensors) golden = test_golden_open ("classic-outputs.safetensors");
  g_autofree float *every = test_golden_dup (golden, "every", 60 * 10);
  g_autofree float *last = test_golden_dup (golden, "last", 10);
  g_autofree float *features = g_new (float, 60 * 13);
  g_autofree float *outputs = g_new (float, 60 * 10);
  HearkenNetworkStream *stream;

  g_assert_no_error (error);
  test_random_floats (77, 4.0f, features, 60 * 13);
  stream = hearken_network_stream_new (&model->network);
  for (gsize step = 0; step < 60; step += 6)
    g_assert_cmpuint (
        hearken_network_stream_push (stream, features + step * 13, 6, outputs + step * 10), ==, 6);
  hearken_network_stream_free (stream);

  g_assert_cmpfloat (test_max_difference (every, outputs, 60 * 10), <=, TOLERANCE);
  g_assert_cmpfloat (test_max_difference (last, outputs + 59 * 10, 10), <=, TOLERANCE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lstm_cases); i++) {
    g_autofree char *path = g_strconcat ("/lstm/pytorch-parity/", lstm_cases[i].name, NULL);

    g_test_add_data_func (path, &lstm_cases[i], test_pytorch_parity);
  }
  g_test_add_func ("/lstm/blocks-are-bit-identical", test_blocks_are_bit_identical);
  g_test_add_func ("/lstm/classic-model", test_classic_model);
  return g_test_run ();
}
