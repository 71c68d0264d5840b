/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Log-probabilities in 16 bits: -ln P in units of 1/1024, the last value standing for a probability of
 * zero. Rounding changes ln P by 0.0005 at most.
 */
#pragma once

#include <glib.h>
#include <math.h>

typedef guint16 HearkenCost;

#define HEARKEN_COST_IMPOSSIBLE G_MAXUINT16
#define HEARKEN_N_COSTS (G_MAXUINT16 + 1)

/* @log_prob: <= 0; what is less than -64 counts as that, but for -INFINITY */
static inline HearkenCost
hearken_cost_new (double log_prob)
{
  return isinf (log_prob) ? HEARKEN_COST_IMPOSSIBLE
                          : (HearkenCost) MIN (lround (log_prob * -1024.0), 0xfffe);
}

static inline float
hearken_cost_get_log_prob (HearkenCost cost)
{
  return cost == HEARKEN_COST_IMPOSSIBLE ? -INFINITY : -cost / 1024.0f;
}
