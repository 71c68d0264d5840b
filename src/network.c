/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "network.h"

#include <glib.h>
#include <math.h>
#include <string.h>

void
hearken_layer_init_splice (HearkenLayer *layer, size_t n_inputs, HearkenSplice splice)
{
  *layer = (HearkenLayer){
    .type = HEARKEN_LAYER_SPLICE,
    .n_inputs = n_inputs,
    .n_outputs = n_inputs * hearken_splice_get_length (&splice),
    .splice = splice,
  };
}

void
hearken_layer_init_linear (HearkenLayer *layer, size_t n_inputs, size_t n_outputs,
    HearkenRows weight, const float *bias, HearkenActivation activation, float clip)
{
  g_autofree float *zeros = bias == NULL ? g_new0 (float, n_outputs) : NULL;
  HearkenLinear *linear = &layer->linear;

  *layer = (HearkenLayer){
    .type = HEARKEN_LAYER_LINEAR,
    .n_inputs = n_inputs,
    .n_outputs = n_outputs,
    .linear = { .activation = activation, .clip = clip },
  };
  hearken_matrix_init (&linear->weights, weight, n_outputs, n_inputs, 1);
  linear->bias =
      hearken_matrix_pack_vector (&linear->weights, bias == NULL ? zeros : bias, n_outputs, 1);
}

void
hearken_layer_init_lstm (HearkenLayer *layer, size_t n_inputs, size_t n_hidden, size_t n_outputs,
    HearkenRows weight_ih, HearkenRows weight_hh, const float *bias_ih, const float *bias_hh,
    HearkenRows weight_hr)
{
  *layer = (HearkenLayer){
    .type = HEARKEN_LAYER_LSTM,
    .n_inputs = n_inputs,
    .n_outputs = n_outputs,
  };
  hearken_lstm_init (&layer->lstm, n_inputs, n_hidden, n_outputs, weight_ih, weight_hh, bias_ih,
      bias_hh, weight_hr);
}

void
hearken_network_clear (HearkenNetwork *network)
{
  for (size_t i = 0; i < network->n_layers; i++) {
    HearkenLayer *layer = &network->layers[i];

    if (layer->type == HEARKEN_LAYER_LSTM)
      hearken_lstm_clear (&layer->lstm);
    if (layer->type == HEARKEN_LAYER_LINEAR) {
      hearken_matrix_clear (&layer->linear.weights);
      g_aligned_free (layer->linear.bias);
    }
  }
  g_clear_pointer (&network->layers, g_free);
  network->n_layers = 0;
}

size_t
hearken_network_get_n_inputs (const HearkenNetwork *network)
{
  return network->layers[0].n_inputs;
}

size_t
hearken_network_get_n_outputs (const HearkenNetwork *network)
{
  return network->layers[network->n_layers - 1].n_outputs;
}

size_t
hearken_network_get_stride (const HearkenNetwork *network)
{
  size_t stride = 1;

  for (size_t i = 0; i < network->n_layers; i++) {
    if (network->layers[i].type == HEARKEN_LAYER_SPLICE)
      stride *= network->layers[i].splice.stride;
  }
  return stride;
}

long
hearken_network_get_centre_x2 (const HearkenNetwork *network)
{
  long stride = 1, centre_x2 = 0;

  for (size_t i = 0; i < network->n_layers; i++) {
    const HearkenSplice *splice = &network->layers[i].splice;

    if (network->layers[i].type != HEARKEN_LAYER_SPLICE)
      continue;
    centre_x2 += stride * ((long) splice->right - (long) splice->left);
    stride *= (long) splice->stride;
  }
  return centre_x2;
}

size_t
hearken_network_get_lookahead (const HearkenNetwork *network)
{
  size_t stride = 1, lookahead = 0;

  for (size_t i = 0; i < network->n_layers; i++) {
    const HearkenSplice *splice = &network->layers[i].splice;

    if (network->layers[i].type != HEARKEN_LAYER_SPLICE)
      continue;
    lookahead += stride * splice->right;
    stride *= splice->stride;
  }
  return lookahead;
}

typedef union {
  HearkenSpliceState splice;
  HearkenLstmState lstm;
} LayerState;

struct HearkenNetworkStream {
  const HearkenNetwork *network;
  LayerState *states; /* [n_layers] */
  float *activations; /* [HEARKEN_MAX_BLOCK][widest layer], the layers' inputs … */
  float *outputs;     /* … and outputs; the two change places from layer to layer */
  float *scratch;     /* of the hungriest layer, 64-byte aligned */
  size_t drained;     /* layers that are drained already */

  HearkenGatesFunc watch; /* nullable: nobody watches */
  void *watch_data;
  size_t watched_layer;
};

static void
activate (const HearkenLinear *linear, float *values, size_t n_values)
{
  switch (linear->activation) {
  case HEARKEN_ACTIVATION_NONE:
    break;
  case HEARKEN_ACTIVATION_RELU:
    for (size_t i = 0; i < n_values; i++)
      values[i] = MAX (values[i], 0.0f);
    break;
  case HEARKEN_ACTIVATION_CLIPPED_RELU:
    for (size_t i = 0; i < n_values; i++)
      values[i] = CLAMP (values[i], 0.0f, linear->clip);
    break;
  case HEARKEN_ACTIVATION_TANH:
    for (size_t i = 0; i < n_values; i++)
      values[i] = tanhf (values[i]);
    break;
  }
}

static void
linear_process (const HearkenLayer *layer, const float *x, size_t n_steps, float *y, float *scratch)
{
  const HearkenLinear *linear = &layer->linear;
  const size_t n_packed = hearken_matrix_get_n_packed (&linear->weights);

  hearken_matrix_multiply_add (&linear->weights, linear->bias, x, n_steps, scratch);
  for (size_t step = 0; step < n_steps; step++)
    memcpy (
        y + step * layer->n_outputs, scratch + step * n_packed, layer->n_outputs * sizeof (float));
  activate (linear, y, n_steps * layer->n_outputs);
}

/* x - ln Σ exp x */
static void
log_softmax (float *values, size_t n_values)
{
  float max = values[0], sum = 0.0f;

  for (size_t i = 1; i < n_values; i++)
    max = MAX (max, values[i]);
  for (size_t i = 0; i < n_values; i++)
    sum += expf (values[i] - max);
  for (size_t i = 0; i < n_values; i++)
    values[i] -= max + logf (sum);
}

/* Takes n_steps inputs of layer @first from activations through it and all that follow. */
static size_t
run_layers (HearkenNetworkStream *stream, size_t first, size_t n_steps, float *log_probs)
{
  const HearkenNetwork *network = stream->network;
  const size_t n_outputs = hearken_network_get_n_outputs (network);

  for (size_t i = first; i < network->n_layers && n_steps > 0; i++) {
    const HearkenLayer *layer = &network->layers[i];
    float *outputs = stream->outputs;

    switch (layer->type) {
    case HEARKEN_LAYER_SPLICE:
      n_steps = hearken_splice_process (&layer->splice, &stream->states[i].splice, layer->n_inputs,
          stream->activations, n_steps, outputs);
      break;
    case HEARKEN_LAYER_LINEAR:
      linear_process (layer, stream->activations, n_steps, outputs, stream->scratch);
      break;
    case HEARKEN_LAYER_LSTM:
      hearken_lstm_process (&layer->lstm, &stream->states[i].lstm, stream->activations, n_steps,
          outputs, stream->scratch);
      if (stream->watch != NULL && stream->watched_layer == i)
        stream->watch (stream->scratch, n_steps,
            hearken_matrix_get_n_packed (&layer->lstm.input_weights) / 4, stream->watch_data);
      break;
    }
    stream->outputs = stream->activations;
    stream->activations = outputs;
  }

  memcpy (log_probs, stream->activations, n_steps * n_outputs * sizeof (float));
  for (size_t step = 0; step < n_steps; step++)
    log_softmax (log_probs + step * n_outputs, n_outputs);
  return n_steps;
}

static size_t
layer_get_n_scratch (const HearkenLayer *layer)
{
  switch (layer->type) {
  case HEARKEN_LAYER_LINEAR:
    return HEARKEN_MAX_BLOCK * hearken_matrix_get_n_packed (&layer->linear.weights);
  case HEARKEN_LAYER_LSTM:
    return hearken_lstm_get_n_scratch (&layer->lstm);
  default:
    return 0;
  }
}

HearkenNetworkStream *
hearken_network_stream_new (const HearkenNetwork *network)
{
  HearkenNetworkStream *stream = g_new0 (HearkenNetworkStream, 1);
  size_t widest = hearken_network_get_n_inputs (network), n_scratch = 1;

  stream->network = network;
  stream->states = g_new0 (LayerState, network->n_layers);
  for (size_t i = 0; i < network->n_layers; i++) {
    const HearkenLayer *layer = &network->layers[i];

    widest = MAX (widest, layer->n_outputs);
    n_scratch = MAX (n_scratch, layer_get_n_scratch (layer));
    if (layer->type == HEARKEN_LAYER_SPLICE)
      stream->states[i].splice.ring = g_new0 (float, layer->n_outputs);
    if (layer->type == HEARKEN_LAYER_LSTM) {
      stream->states[i].lstm.h = g_new0 (float, layer->lstm.n_outputs);
      stream->states[i].lstm.c = g_new0 (float, layer->lstm.n_hidden);
    }
  }
  stream->activations = g_new0 (float, HEARKEN_MAX_BLOCK *widest);
  stream->outputs = g_new0 (float, HEARKEN_MAX_BLOCK *widest);
  stream->scratch = g_aligned_alloc0 (n_scratch, sizeof (float), 64);
  return stream;
}

void
hearken_network_stream_free (HearkenNetworkStream *stream)
{
  if (stream == NULL)
    return;
  for (size_t i = 0; i < stream->network->n_layers; i++) {
    const HearkenLayerType type = stream->network->layers[i].type;

    if (type == HEARKEN_LAYER_SPLICE)
      g_free (stream->states[i].splice.ring);
    if (type == HEARKEN_LAYER_LSTM) {
      g_free (stream->states[i].lstm.h);
      g_free (stream->states[i].lstm.c);
    }
  }
  g_free (stream->states);
  g_free (stream->activations);
  g_free (stream->outputs);
  g_aligned_free (stream->scratch);
  g_free (stream);
}

void
hearken_network_stream_reset (HearkenNetworkStream *stream)
{
  for (size_t i = 0; i < stream->network->n_layers; i++) {
    const HearkenLayer *layer = &stream->network->layers[i];

    if (layer->type != HEARKEN_LAYER_SPLICE)
      continue;
    stream->states[i].splice.n_frames = 0;
    stream->states[i].splice.next_frame = 0;
    /* No output depends on it, but a saved state does. */
    memset (stream->states[i].splice.ring, 0,
        hearken_splice_get_length (&layer->splice) * layer->n_inputs * sizeof (float));
  }
  hearken_network_stream_reset_recurrence (stream);
  stream->drained = 0;
}

void
hearken_network_stream_reset_recurrence (HearkenNetworkStream *stream)
{
  for (size_t i = 0; i < stream->network->n_layers; i++) {
    const HearkenLayer *layer = &stream->network->layers[i];

    if (layer->type != HEARKEN_LAYER_LSTM)
      continue;
    memset (stream->states[i].lstm.h, 0, layer->lstm.n_outputs * sizeof (float));
    memset (stream->states[i].lstm.c, 0, layer->lstm.n_hidden * sizeof (float));
  }
}

size_t
hearken_network_stream_push (
    HearkenNetworkStream *stream, const float *frames, size_t n_frames, float *log_probs)
{
  g_return_val_if_fail (n_frames <= HEARKEN_MAX_BLOCK, 0);

  memcpy (stream->activations, frames,
      n_frames * hearken_network_get_n_inputs (stream->network) * sizeof (float));
  return run_layers (stream, 0, n_frames, log_probs);
}

size_t
hearken_network_stream_drain (HearkenNetworkStream *stream, size_t max_steps, float *log_probs)
{
  const HearkenNetwork *network = stream->network;

  for (; stream->drained < network->n_layers; stream->drained++) {
    const size_t i = stream->drained;
    const HearkenLayer *layer = &network->layers[i];
    size_t n_steps;

    if (layer->type != HEARKEN_LAYER_SPLICE)
      continue;
    while ((n_steps = hearken_splice_drain (&layer->splice, &stream->states[i].splice,
                layer->n_inputs, max_steps, stream->activations)) > 0) {
      n_steps = run_layers (stream, i + 1, n_steps, log_probs);
      if (n_steps > 0)
        return n_steps;
    }
  }
  return 0;
}

void
hearken_network_stream_watch (
    HearkenNetworkStream *stream, size_t layer, HearkenGatesFunc watch, void *data)
{
  g_return_if_fail (stream->network->layers[layer].type == HEARKEN_LAYER_LSTM);

  stream->watch = watch;
  stream->watch_data = data;
  stream->watched_layer = layer;
}

void
hearken_network_stream_save (const HearkenNetworkStream *stream, HearkenStateWriter *writer)
{
  for (size_t i = 0; i < stream->network->n_layers; i++) {
    const HearkenLayer *layer = &stream->network->layers[i];
    const LayerState *state = &stream->states[i];

    if (layer->type == HEARKEN_LAYER_SPLICE)
      hearken_splice_save (&layer->splice, &state->splice, layer->n_inputs, writer);
    if (layer->type == HEARKEN_LAYER_LSTM) {
      hearken_state_put_floats (writer, state->lstm.h, layer->lstm.n_outputs);
      hearken_state_put_floats (writer, state->lstm.c, layer->lstm.n_hidden);
    }
  }
}

bool
hearken_network_stream_restore (HearkenNetworkStream *stream, HearkenStateReader *reader)
{
  for (size_t i = 0; i < stream->network->n_layers; i++) {
    const HearkenLayer *layer = &stream->network->layers[i];
    LayerState *state = &stream->states[i];

    if (layer->type == HEARKEN_LAYER_SPLICE &&
        !hearken_splice_restore (&layer->splice, &state->splice, layer->n_inputs, reader))
      return false;
    if (layer->type == HEARKEN_LAYER_LSTM &&
        (!hearken_state_get_floats (reader, state->lstm.h, layer->lstm.n_outputs) ||
            !hearken_state_get_floats (reader, state->lstm.c, layer->lstm.n_hidden)))
      return false;
  }
  stream->drained = 0;
  return true;
}
