/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The audio that `hearken` takes, which depends on the model. */
#pragma once

#include <gst/gst.h>

#include "model.h"

extern GstStaticPadTemplate gst_hearken_sink_template;
extern GstStaticPadTemplate gst_hearken_src_template;

/* @model: (nullable). Returns: (transfer full): what it takes; without one, what any model could */
GstCaps *gst_hearken_caps_get (const HearkenModel *model);

/* Posts an error that says what is wrong with @caps, where upstream only learns "not-negotiated". */
void gst_hearken_caps_refuse (GstElement *element, const HearkenModel *model, const GstCaps *caps);
/* The same for a segment, which is not in time. */
void gst_hearken_caps_refuse_segment (GstElement *element, const GstSegment *segment);
