/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Another model, which waits until nobody speaks. It then hears the latest audio once more: what the
 * old model has not decoded yet, or would tell late. No word of that was told, so none is lost, and
 * none comes twice.
 */
#pragma once

#include "graph.h"
#include "model.h"

typedef struct {
  HearkenModel *model; /* nullable: none waits */
  HearkenGraph *graph; /* nullable */
  GArray *recent;      /* of float: the latest audio, while nobody spoke */
} GstHearkenHandover;

void gst_hearken_handover_init (GstHearkenHandover *handover);
void gst_hearken_handover_clear (GstHearkenHandover *handover);

/* Lets a model wait, with what may be said, instead of one that did. @model: (nullable): none */
void gst_hearken_handover_offer (
    GstHearkenHandover *handover, HearkenModel *model, HearkenGraph *graph);
/* What the old model has heard, [n_samples]. @is_quiet: whether nobody spoke */
void gst_hearken_handover_hear (
    GstHearkenHandover *handover, const float *samples, gsize n_samples, gboolean is_quiet);
/* Whether the new model can take over from the old one, which hears nobody. */
gboolean gst_hearken_handover_is_due (const GstHearkenHandover *handover, const HearkenModel *old);
