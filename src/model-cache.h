/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The models of this process that were loaded from files, so that each is there once. The cache
 * owns no reference: a model leaves it when the last user drops it. Thread-safe.
 */
#pragma once

#include "model.h"

/* Returns: (transfer full) (nullable): the model of that key */
HearkenModel *hearken_model_cache_lookup (const char *key);
/* @model: (transfer full). Returns: (transfer full): @model, or the one that another thread has put
 * in meanwhile */
HearkenModel *hearken_model_cache_insert (const char *key, HearkenModel *model);
/* Of a model without references. */
void hearken_model_cache_remove (HearkenModel *model);
