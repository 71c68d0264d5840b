/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Golden vectors: what PyTorch computed, in tests/golden/. */
#pragma once

#include <glib.h>

#include "safetensors.h"

/* A file of tests/golden/; aborts where it cannot be read. */
HearkenSafetensors *test_golden_open (const char *file_name);
/* Returns: (transfer full): the values of a tensor, which must be as many as that */
float *test_golden_dup (const HearkenSafetensors *golden, const char *name, gsize n_values);
/* max |a - b|; NaN if any value is. */
double test_max_difference (const float *a, const float *b, gsize n_values);
