/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Vectors over time as colours. */
#pragma once

#include "plot-panel.h"
#include "trace.h"

G_BEGIN_DECLS

typedef enum {
  PLOT_SCALE_PROBABILITY, /* 0 … 1 */
  PLOT_SCALE_PERCENTILES, /* from the 1st to the 99th of what is shown */
  PLOT_SCALE_SIGNED,      /* around 0, as far as the 95th percentile of the magnitudes */
} PlotScale;

/* Draws the panel's inside and, at its right, what the colours mean.
 * @rate_hz: of the track's samples
 * @order: (nullable): [n_values]: which value each row shows, from the bottom up */
void plot_heat_draw (const PlotPanel *panel, const HearkenTrack *track, guint rate_hz,
    PlotScale scale, const guint *order);

G_END_DECLS
