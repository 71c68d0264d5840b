/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The audio that `hearken` and `hearkenscope` take, which depends on the model. */
#pragma once

#include <gst/gst.h>

#include "gsthearkenloader.h"

extern GstStaticPadTemplate gst_hearken_sink_template;
extern GstStaticPadTemplate gst_hearken_src_template;

/* @model: (nullable). Returns: (transfer full): what it takes; without one, what any model could */
GstCaps *gst_hearken_caps_get (const HearkenModel *model);

/* What comes in and cannot be heard. Each posts an error that says why, unless @has_refused, which is
 * set then: upstream may try again and again. */

/* Of caps events: upstream only learns "not-negotiated", and no event function is ever asked. */
void gst_hearken_caps_check (
    GstElement *element, GstHearkenLoader *loader, GstEvent *event, gboolean *has_refused);
/* Returns: whether the segment is in time */
gboolean gst_hearken_caps_check_segment (
    GstElement *element, const GstSegment *segment, gboolean *has_refused);
