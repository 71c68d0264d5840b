/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The tensors of a model file as the layers of its network. Every tensor is used exactly once:
 * nothing that a file holds is silently ignored.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config.h"
#include "network.h"
#include "safetensors.h"

typedef struct {
  const HearkenSafetensors *file;
  GHashTable *used; /* names of tensors */
} HearkenWeights;

/* @file: must outlive the weights */
void hearken_weights_init (HearkenWeights *weights, const HearkenSafetensors *file);
void hearken_weights_clear (HearkenWeights *weights);

/* Returns: (transfer full) (nullable): the values of a vector, [n_values], NULL with @error set */
float *hearken_weights_take_vector (
    HearkenWeights *weights, const char *name, gsize n_values, GError **error);
/* @network: zeroed; filled in even where false is returned, and to be cleared.
 * @n_inputs: dimension of the feature frames */
bool hearken_weights_take_network (HearkenWeights *weights, const HearkenConfig *config,
    gsize n_inputs, HearkenNetwork *network, GError **error);
/* Returns: false with @error set if tensors are left over */
bool hearken_weights_check_all_used (const HearkenWeights *weights, GError **error);
