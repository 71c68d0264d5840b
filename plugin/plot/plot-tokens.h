/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The posteriors of tokens over time. */
#pragma once

#include "model.h"
#include "plot-panel.h"
#include "trace.h"

G_BEGIN_DECLS

/* A row for each token that was probable at some time, in the order of these times. */
void plot_tokens_draw (
    const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model);

/* For panels that move: each token has its row for ever, which it may share, and its text stands where
 * it is probable. */
void plot_tokens_draw_rolling (
    const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model);

G_END_DECLS
