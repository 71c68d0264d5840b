/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The layer list: what splices see, what waits for the drain, activations, state. */
#include <math.h>
#include <string.h>

#include "network.h"
#include "test-models.h"

#define MAX_STEPS 64

/* Runs frames [n_frames][n_inputs] through the network in blocks. Returns: the number of steps */
static gsize
run (const HearkenNetwork *network, const float *frames, gsize n_frames, gsize block_size,
    float *log_probs)
{
  HearkenNetworkStream *stream = hearken_network_stream_new (network);
  const gsize n_inputs = hearken_network_get_n_inputs (network);
  const gsize n_outputs = hearken_network_get_n_outputs (network);
  gsize n_steps = 0, n_new;

  for (gsize frame = 0; frame < n_frames; frame += block_size)
    n_steps += hearken_network_stream_push (stream, frames + frame * n_inputs,
        MIN (block_size, n_frames - frame), log_probs + n_steps * n_outputs);
  while ((n_new = hearken_network_stream_drain (
              stream, HEARKEN_MAX_BLOCK, log_probs + n_steps * n_outputs)) > 0)
    n_steps += n_new;
  hearken_network_stream_free (stream);
  return n_steps;
}

/* What a splice of these settings shows at step @step of frames with the values 1, 2, 3, … */
static float
expected_frame (HearkenSplice splice, gsize step, gsize position, gsize n_frames)
{
  const gssize wanted = (gssize) (step * splice.stride + position) - (gssize) splice.left;
  const gssize frame = CLAMP (wanted, 0, (gssize) n_frames - 1);

  return splice.pad_zero && frame != wanted ? 0 : frame + 1;
}

static void
check_splice (HearkenSplice splice, gsize n_frames, gsize block_size)
{
  const gsize length = splice.left + 1 + splice.right;
  HearkenLayer layer;
  HearkenNetwork network = { 1, &layer };
  float frames[MAX_STEPS], log_probs[2 * MAX_STEPS * 16];
  gsize n_steps;

  hearken_layer_init_splice (&layer, 1, splice);
  for (gsize i = 0; i < n_frames; i++)
    frames[i] = i + 1;
  n_steps = run (&network, frames, n_frames, block_size, log_probs);
  g_assert_cmpuint (n_steps, ==, (n_frames + splice.stride - 1) / splice.stride);

  /* The softmax keeps differences. */
  for (gsize step = 0; step < n_steps; step++) {
    for (gsize i = 1; i < length; i++) {
      const float *output = log_probs + step * length;

      g_assert_cmpfloat_with_epsilon (output[i] - output[0],
          expected_frame (splice, step, i, n_frames) - expected_frame (splice, step, 0, n_frames),
          1e-4);
    }
  }
}

static void
test_splice (void)
{
  static const HearkenSplice splices[] = {
    { 0, 0, 1, false },
    { 0, 2, 3, false },
    { 1, 1, 1, false },
    { 2, 0, 1, false },
    { 9, 5, 1, true },
    { 0, 5, 2, true },
    { 3, 1, 4, false },
    { 0, 0, 5, false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (splices); i++) {
    for (gsize n_frames = 0; n_frames <= 40; n_frames++)
      check_splice (splices[i], n_frames, 1 + n_frames % HEARKEN_MAX_BLOCK);
  }
}

static void
test_activations (void)
{
  static const float identity[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
  static const float input[3] = { 0, -2, 3 };
  static const struct {
    HearkenActivation activation;
    float expected[3];
  } cases[] = {
    { HEARKEN_ACTIVATION_NONE, { 0, -2, 3 } },
    { HEARKEN_ACTIVATION_RELU, { 0, 0, 3 } },
    { HEARKEN_ACTIVATION_CLIPPED_RELU, { 0, 0, 2.5f } },
    { HEARKEN_ACTIVATION_TANH, { 0, -0.9640276f, 0.9950548f } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    HearkenLayer *layers = g_new (HearkenLayer, 1);
    HearkenNetwork network = { 1, layers };
    float output[3 * HEARKEN_MAX_BLOCK];

    hearken_layer_init_linear (
        &layers[0], 3, 3, hearken_rows_f32 (identity), NULL, cases[i].activation, 2.5f);
    g_assert_cmpuint (run (&network, input, 1, 1, output), ==, 1);
    for (gsize j = 1; j < 3; j++)
      g_assert_cmpfloat_with_epsilon (output[j] - output[0], cases[i].expected[j], 1e-6);
    g_assert_cmpfloat_with_epsilon (
        expf (output[0]) + expf (output[1]) + expf (output[2]), 1, 1e-6);
    hearken_network_clear (&network);
  }
}

static float *
random_floats (guint32 seed, gsize n_values)
{
  float *values = g_new (float, n_values);

  test_random_floats (seed, 1.0f, values, n_values);
  return values;
}

/* Weights between -1 and 1 in a precision; both arrays belong to the caller. */
static HearkenRows
random_rows (HearkenPrecision precision, guint32 seed, gsize n_rows, gsize n_cols)
{
  const gsize n_values = n_rows * n_cols;
  float *floats = random_floats (seed, n_values), *scales = g_new (float, n_rows);
  guint16 *halves = (guint16 *) (void *) floats;
  gint8 *bytes = (gint8 *) floats;

  for (gsize i = 0; i < n_values && precision != HEARKEN_PRECISION_F32; i++) {
    const float value = floats[i];

    if (precision == HEARKEN_PRECISION_F16)
      halves[i] = (guint16) ((value < 0 ? 0x8000 : 0) + fabsf (value) * 0x3c00);
    else
      bytes[i] = (gint8) (value * 127);
  }
  for (gsize i = 0; i < n_rows; i++)
    scales[i] = 1 / 127.0f;
  return (HearkenRows){ precision, floats, scales };
}

/* splice → linear → LSTM → splice → linear: everything that has a state, twice over a splice. */
static HearkenNetwork
deep_network (HearkenPrecision precision)
{
  const HearkenRows rows[] = {
    random_rows (precision, 1, 7, 12),
    random_rows (precision, 2, 4 * 6, 7),
    random_rows (precision, 3, 4 * 6, 4),
    random_rows (precision, 4, 4, 6),
    random_rows (precision, 5, 5, 12),
  };
  HearkenNetwork network = { 5, g_new0 (HearkenLayer, 5) };

  hearken_layer_init_splice (&network.layers[0], 4, (HearkenSplice){ 1, 1, 2, false });
  hearken_layer_init_linear (&network.layers[1], 12, 7, rows[0], NULL, HEARKEN_ACTIVATION_TANH, 0);
  hearken_layer_init_lstm (&network.layers[2], 7, 6, 4, rows[1], rows[2], NULL, NULL, rows[3]);
  hearken_layer_init_splice (&network.layers[3], 4, (HearkenSplice){ 0, 2, 1, true });
  hearken_layer_init_linear (&network.layers[4], 12, 5, rows[4], NULL, HEARKEN_ACTIVATION_NONE, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_free ((gpointer) rows[i].values);
    g_free ((gpointer) rows[i].scales);
  }
  return network;
}

static void
test_geometry (void)
{
  HearkenNetwork network = deep_network (HEARKEN_PRECISION_F32);

  g_assert_cmpuint (hearken_network_get_stride (&network), ==, 2);
  g_assert_cmpint (hearken_network_get_centre_x2 (&network), ==, 2 * 2);
  g_assert_cmpuint (hearken_network_get_lookahead (&network), ==, 1 + 2 * 2);
  hearken_network_clear (&network);
}

static void
test_blocks_are_bit_identical (gconstpointer precision)
{
  HearkenNetwork network = deep_network ((HearkenPrecision) GPOINTER_TO_INT (precision));
  g_autofree float *frames = random_floats (6, 50 * 4);
  float one_by_one[5 * MAX_STEPS] = { 0 }, in_blocks[5 * MAX_STEPS];

  g_assert_cmpuint (run (&network, frames, 50, 1, one_by_one), ==, 25);
  for (gsize block_size = 2; block_size <= HEARKEN_MAX_BLOCK; block_size++) {
    memset (in_blocks, 0, sizeof (in_blocks));
    g_assert_cmpuint (run (&network, frames, 50, block_size, in_blocks), ==, 25);
    g_assert_cmpmem (one_by_one, 25 * 5 * sizeof (float), in_blocks, 25 * 5 * sizeof (float));
  }
  hearken_network_clear (&network);
}

/* @log_probs: [HEARKEN_MAX_BLOCK][5] out. Returns: the number of steps */
static gsize
drain (HearkenNetworkStream *stream, float *log_probs)
{
  gsize n_steps = 0, n_new;

  while ((n_new = hearken_network_stream_drain (stream, 1, log_probs + n_steps * 5)) > 0)
    n_steps += n_new;
  return n_steps;
}

static void
test_reset (void)
{
  HearkenNetwork network = deep_network (HEARKEN_PRECISION_F32);
  HearkenNetworkStream *stream = hearken_network_stream_new (&network);
  g_autofree float *frames = random_floats (6, 8 * 4);
  float first[5 * HEARKEN_MAX_BLOCK], again[5 * HEARKEN_MAX_BLOCK], rest[5 * HEARKEN_MAX_BLOCK];
  const gsize n_steps = hearken_network_stream_push (stream, frames, 8, first);
  gsize n_rest;

  g_assert_cmpuint (n_steps, >, 0);
  n_rest = drain (stream, rest);
  g_assert_cmpuint (n_rest, >, 0);
  hearken_network_stream_reset (stream);
  g_assert_cmpuint (hearken_network_stream_push (stream, frames, 8, again), ==, n_steps);
  g_assert_cmpmem (first, n_steps * 5 * sizeof (float), again, n_steps * 5 * sizeof (float));
  g_assert_cmpuint (drain (stream, again), ==, n_rest);
  g_assert_cmpmem (rest, n_rest * 5 * sizeof (float), again, n_rest * 5 * sizeof (float));
  hearken_network_stream_free (stream);
  hearken_network_clear (&network);
}

/* The state saved after any number of frames goes on in another stream as in the first. */
static void
test_save_and_restore (void)
{
  HearkenNetwork network = deep_network (HEARKEN_PRECISION_F32);
  g_autofree float *frames = random_floats (6, 24 * 4);

  for (gsize n_before = 0; n_before < 16; n_before++) {
    HearkenNetworkStream *stream = hearken_network_stream_new (&network);
    HearkenNetworkStream *other = hearken_network_stream_new (&network);
    g_autoptr (GByteArray) state = g_byte_array_new ();
    HearkenStateReader reader;
    float expected[5 * HEARKEN_MAX_BLOCK], restored[5 * HEARKEN_MAX_BLOCK];
    gsize n_steps;

    for (gsize i = 0; i < n_before; i++)
      hearken_network_stream_push (stream, frames + i * 4, 1, expected);
    hearken_network_stream_save (stream, state);
    drain (other, restored);
    reader = (HearkenStateReader){ state->data, state->len };
    g_assert_true (hearken_network_stream_restore (other, &reader));
    g_assert_cmpuint (reader.n_bytes, ==, 0);

    n_steps = hearken_network_stream_push (stream, frames + n_before * 4, 8, expected);
    g_assert_cmpuint (
        hearken_network_stream_push (other, frames + n_before * 4, 8, restored), ==, n_steps);
    g_assert_cmpmem (
        expected, n_steps * 5 * sizeof (float), restored, n_steps * 5 * sizeof (float));
    n_steps = drain (stream, expected);
    g_assert_cmpuint (drain (other, restored), ==, n_steps);
    g_assert_cmpmem (
        expected, n_steps * 5 * sizeof (float), restored, n_steps * 5 * sizeof (float));
    hearken_network_stream_free (stream);
    hearken_network_stream_free (other);
  }
  hearken_network_clear (&network);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network/splice", test_splice);
  g_test_add_func ("/network/activations", test_activations);
  g_test_add_func ("/network/geometry", test_geometry);
  for (gsize i = 0; i < HEARKEN_N_PRECISIONS; i++) {
    static const char *const names[] = { "f32", "f16", "i8" };
    g_autofree char *path = g_strdup_printf ("/network/blocks-are-bit-identical/%s", names[i]);

    g_test_add_data_func (path, GINT_TO_POINTER ((int) i), test_blocks_are_bit_identical);
  }
  g_test_add_func ("/network/reset", test_reset);
  g_test_add_func ("/network/save-and-restore", test_save_and_restore);
  return g_test_run ();
}
