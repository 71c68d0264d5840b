/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Words over time: a bar for how long each lasts, and labels that keep clear of each other. */
#pragma once

#include "plot-panel.h"

G_BEGIN_DECLS

/* Times are in seconds. */
typedef struct {
  const char *text;
  double start;
  double end;
  double confidence; /* 0 … 1 */
  gboolean is_final; /* others can still turn out to be other words */
} PlotWord;

/* @words: (element-type PlotWord), in time; of the panel only what is horizontal counts.
 * Returns: how high they want to be */
double plot_words_get_height (const PlotPanel *panel, const GArray *words);
void plot_words_draw (const PlotPanel *panel, const GArray *words);
/* Tints where words are, in a panel of something else. */
void plot_words_draw_spans (const PlotPanel *panel, const GArray *words);

G_END_DECLS
