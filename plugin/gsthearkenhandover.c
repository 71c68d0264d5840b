/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenhandover.h"

/* What a network may still tell of a sound behind its latency, in ms. */
#define LATE_MS 500

void
gst_hearken_handover_init (GstHearkenHandover *handover)
{
  *handover = (GstHearkenHandover){ .recent = g_array_new (FALSE, FALSE, sizeof (float)) };
}

void
gst_hearken_handover_clear (GstHearkenHandover *handover)
{
  gst_hearken_handover_offer (handover, NULL, NULL);
  g_clear_pointer (&handover->recent, g_array_unref);
}

void
gst_hearken_handover_offer (GstHearkenHandover *handover, HearkenModel *model, HearkenGraph *graph)
{
  HearkenModel *old_model = handover->model;
  HearkenGraph *old_graph = handover->graph;

  if (model != old_model)
    g_array_set_size (handover->recent, 0);
  handover->model = model ? hearken_model_ref (model) : NULL;
  handover->graph = graph ? hearken_graph_ref (graph) : NULL;
  g_clear_pointer (&old_model, hearken_model_unref);
  g_clear_pointer (&old_graph, hearken_graph_unref);
}

static guint
get_overlap (const HearkenModel *old)
{
  return hearken_model_get_latency_samples (old) +
         hearken_model_get_sample_rate_hz (old) / 1000 * LATE_MS;
}

void
gst_hearken_handover_hear (
    GstHearkenHandover *handover, const float *samples, gsize n_samples, gboolean is_quiet)
{
  if (!is_quiet)
    g_array_set_size (handover->recent, 0);
  else if (handover->model)
    g_array_append_vals (handover->recent, samples, n_samples);
}

gboolean
gst_hearken_handover_is_due (const GstHearkenHandover *handover, const HearkenModel *old)
{
  return handover->model && handover->recent->len >= get_overlap (old);
}
