/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The element `hearken`: audio in, the same audio out, and what was said in it as events and
 * messages. It knows caps, pads, events and states; GstHearkenStream does the listening.
 */
#pragma once

#include <gst/base/gstbasetransform.h>
#include <gst/gst.h>

#include "hearken.h"

G_BEGIN_DECLS

#define GST_TYPE_HEARKEN (gst_hearken_get_type ())
G_DECLARE_FINAL_TYPE (GstHearken, gst_hearken, GST, HEARKEN, GstBaseTransform)

GST_ELEMENT_REGISTER_DECLARE (hearken)

/* Names the event with which another model takes over. */
#define GST_HEARKEN_MODEL_CHANGED "model-changed"
/* Names the event that has the state of a stream. */
#define GST_HEARKEN_SAVED_STATE "saved-state"

/* Returns: (transfer full) (nullable): the model that was loaded last; waits for one that is being loaded */
HearkenModel *gst_hearken_wait_for_model (GstHearken *self);

/* The debug category "hearken" of all files of the plugin. */
extern GstDebugCategory *gst_hearken_debug;

G_END_DECLS
