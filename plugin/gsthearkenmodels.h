/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* From the property `model` to a loaded model, or to an error message that helps. */
#pragma once

#include <gst/gst.h>

#include "hearken.h"

/**
 * gst_hearken_models_load:
 * @element: a message is posted in its name
 * @name: (nullable): a path or short name, for hearken_model_path_find(); %NULL for the default model
 * @type: of the message, error or warning
 *
 * Returns: (transfer full) (nullable): the model; %NULL after a RESOURCE message has been posted
 */
HearkenModel *gst_hearken_models_load (GstElement *element, const char *name, GstMessageType type);
