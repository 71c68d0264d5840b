/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* One picture of how audio is heard: waveform, features, words, posteriors, gates. */
#pragma once

#include "model.h"
#include "plot-words.h"
#include "trace.h"

G_BEGIN_DECLS

/* What is drawn; nothing of it belongs to the figure. Times are those of the trace, in seconds. */
typedef struct {
  const char *title;
  const char *subtitle;
  const HearkenModel *model;
  const HearkenTrace *trace;
  const GArray *words; /* (element-type PlotWord), in time */
  double start;        /* of what is shown */
  double seconds;
  double origin;       /* what the axis calls time 0 */
  guint lstm;          /* whose gates the trace has, from 1; 0: none */
  gboolean is_rolling; /* one of a film: what is drawn only moves, from picture to picture */
} PlotFigure;

/* @width, @height: of the whole picture, in the surface's units */
void plot_figure_draw (const PlotFigure *figure, cairo_t *cr, double width, double height);

/* Returns: (transfer full): what the picture shows, in words with their times */
char *plot_figure_describe (const PlotFigure *figure);

G_END_DECLS
