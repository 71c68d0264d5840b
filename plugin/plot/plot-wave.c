/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-wave.h"

#include <cairo.h>

static const PlotColour slate = { 0.24, 0.31, 0.42 };

double
plot_wave_get_peak (const HearkenTrack *samples)
{
  float peak = 1e-4f;

  for (guint i = 0; i < samples->n_steps; i++)
    peak = MAX (peak, ABS (samples->values[i]));
  return peak;
}

/* Returns: the first sample of that column, or where it would be */
static gsize
find_sample (const PlotPanel *panel, const HearkenTrack *samples, guint rate_hz, guint column)
{
  const double seconds = panel->start + panel->seconds * column / panel->width;

  return (gsize) CLAMP (seconds * rate_hz - samples->first_samples, 0, samples->n_steps);
}

void
plot_wave_draw (const PlotPanel *panel, const HearkenTrack *samples, guint rate_hz, double peak)
{
  const double middle = panel->y + panel->height / 2, scale = panel->height * 0.47 / peak;

  plot_set_colour (panel->cr, slate, 1);
  for (guint column = 0; column < panel->width; column++) {
    const gsize first = find_sample (panel, samples, rate_hz, column);
    const gsize next = find_sample (panel, samples, rate_hz, column + 1);
    const gsize end = MIN (samples->n_steps, next + 1);
    double low = peak, high = -peak;

    for (gsize i = first; i < end; i++) {
      low = MIN (low, samples->values[i]);
      high = MAX (high, samples->values[i]);
    }
    if (first < end)
      cairo_rectangle (
          panel->cr, panel->x + column, middle - high * scale, 1, MAX (1, (high - low) * scale));
  }
  cairo_fill (panel->cr);
}
