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
 * @element: an error is posted in its name
 * @name: (nullable): a path or short name, for hearken_model_path_find(); %NULL for the default model
 *
 * Returns: (transfer full) (nullable): the model; %NULL after a RESOURCE error has been posted
 */
HearkenModel *gst_hearken_models_load (GstElement *element, const char *name);
