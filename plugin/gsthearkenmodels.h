/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* From the property `model` to a loaded model, or to an error message that helps. */
#pragma once

#include <gst/gst.h>

#include "hearken.h"

/* What an element without a `model` loads. */
#define GST_HEARKEN_DEFAULT_MODEL "an4"

/**
 * gst_hearken_models_load:
 * @element: for the place of the plugin; an error is posted in its name
 * @name: (nullable): the path of a .safetensors file or the short name of a shipped model; %NULL
 *   for the default model
 *
 * A short name NAME is looked up as NAME.safetensors in the directory that the environment
 * variable HEARKEN_MODEL_DIR names, beside the plugin's directory in a build tree, and where
 * models are installed.
 *
 * Returns: (transfer full) (nullable): the model; %NULL after a RESOURCE error has been posted
 */
HearkenModel *gst_hearken_models_load (GstElement *element, const char *name);
