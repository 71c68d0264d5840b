/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* From nothing to GStreamer with the element `hearken`, and to a model. */
#pragma once

#include <gst/gst.h>

#include "model.h"

G_BEGIN_DECLS

/* Initialises GStreamer and sees to it that there is a `hearken` element: in a build tree, that
 * tree's. Returns: %FALSE after having complained */
gboolean tool_setup_gstreamer (void);

/**
 * tool_load_model:
 * @name: (nullable): the path of a .safetensors file or the short name of a shipped model, as the
 *   element's property `model`; %NULL for the default model
 * @path: (out) (transfer full) (optional): where it was found
 *
 * As long as the model is kept, the elements that are given @path share it.
 *
 * Returns: (transfer full) (nullable): %NULL after having complained
 */
HearkenModel *tool_load_model (const char *name, char **path);

G_END_DECLS
