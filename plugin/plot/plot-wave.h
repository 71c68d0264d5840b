/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Samples over time. */
#pragma once

#include "plot-panel.h"
#include "trace.h"

G_BEGIN_DECLS

/* Returns: the largest magnitude of the samples, at least 1e-4 */
double plot_wave_get_peak (const HearkenTrack *samples);
/* Draws between -@peak and @peak what the samples reach in each column. */
void plot_wave_draw (
    const PlotPanel *panel, const HearkenTrack *samples, guint rate_hz, double peak);

G_END_DECLS
