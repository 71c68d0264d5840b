/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The layers of a model in order: feature frames in, log-probabilities of the tokens out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lstm.h"
#include "splice.h"
#include "state.h"

typedef enum {
  HEARKEN_ACTIVATION_NONE,
  HEARKEN_ACTIVATION_RELU,
  HEARKEN_ACTIVATION_CLIPPED_RELU, /* min (max (x, 0), clip) */
  HEARKEN_ACTIVATION_TANH,
} HearkenActivation;

typedef enum {
  HEARKEN_LAYER_SPLICE,
  HEARKEN_LAYER_LINEAR,
  HEARKEN_LAYER_LSTM,
} HearkenLayerType;

typedef struct {
  HearkenMatrix weights; /* [n_outputs][n_inputs] */
  float *bias;           /* packed as the weights; zeros if none */
  HearkenActivation activation;
  float clip;
} HearkenLinear;

typedef struct {
  HearkenLayerType type;
  size_t n_inputs;
  size_t n_outputs;
  union {
    HearkenSplice splice;
    HearkenLinear linear;
    HearkenLstm lstm; /* one layer of a stacked LSTM */
  };
} HearkenLayer;

/* Immutable. */
typedef struct {
  size_t n_layers;
  HearkenLayer *layers; /* [n_layers]; each one's n_inputs is its predecessor's n_outputs */
} HearkenNetwork;

/* Each fills a layer in, copying what it is given. @bias may be NULL. */
void hearken_layer_init_splice (HearkenLayer *layer, size_t n_inputs, HearkenSplice splice);
void hearken_layer_init_linear (HearkenLayer *layer, size_t n_inputs, size_t n_outputs,
    HearkenRows weight, const float *bias, HearkenActivation activation, float clip);
void hearken_layer_init_lstm (HearkenLayer *layer, size_t n_inputs, size_t n_hidden,
    size_t n_outputs, HearkenRows weight_ih, HearkenRows weight_hh, const float *bias_ih,
    const float *bias_hh, HearkenRows weight_hr);

/* Frees the layers, not the struct. */
void hearken_network_clear (HearkenNetwork *network);
size_t hearken_network_get_n_inputs (const HearkenNetwork *network);
size_t hearken_network_get_n_outputs (const HearkenNetwork *network);
/* Feature frames per output step: the product of the strides. */
size_t hearken_network_get_stride (const HearkenNetwork *network);
/* The feature frame on which step k is centred is k * stride + half of this (it can be half way). */
long hearken_network_get_centre_x2 (const HearkenNetwork *network);
/* Step k needs the feature frames up to k * stride + this many. */
size_t hearken_network_get_lookahead (const HearkenNetwork *network);

/* The state of one stream: splices' frames, every LSTM's h and c. */
typedef struct HearkenNetworkStream HearkenNetworkStream;

HearkenNetworkStream *hearken_network_stream_new (const HearkenNetwork *network);
void hearken_network_stream_free (HearkenNetworkStream *stream);
/* To the start of a stream. */
void hearken_network_stream_reset (HearkenNetworkStream *stream);
/* Only the LSTMs' h and c, to zero. */
void hearken_network_stream_reset_recurrence (HearkenNetworkStream *stream);

/*
 * @frames: [n_frames][n_inputs], n_frames <= HEARKEN_MAX_BLOCK
 * @log_probs: [n_frames][n_outputs] out
 * Returns: the number of steps written, <= n_frames
 */
size_t hearken_network_stream_push (
    HearkenNetworkStream *stream, const float *frames, size_t n_frames, float *log_probs);
/*
 * After the last frame: the steps that waited for frames to come. To be called until it returns 0;
 * then only a reset may follow.
 * @max_steps: a call, <= HEARKEN_MAX_BLOCK; @log_probs: [max_steps][n_outputs] out
 */
size_t hearken_network_stream_drain (
    HearkenNetworkStream *stream, size_t max_steps, float *log_probs);

/* What an LSTM layer has computed, before σ and tanh.
 * @gates: [n_steps][4][n_padded], the gates in the order input, forget, cell, output */
typedef void (*HearkenGatesFunc) (const float *gates, size_t n_steps, size_t n_padded, void *data);
/* Shows an LSTM layer's gates whenever it has computed some. @layer: index in the network's layers */
void hearken_network_stream_watch (
    HearkenNetworkStream *stream, size_t layer, HearkenGatesFunc watch, void *data);

void hearken_network_stream_save (const HearkenNetworkStream *stream, HearkenStateWriter *writer);
bool hearken_network_stream_restore (HearkenNetworkStream *stream, HearkenStateReader *reader);
