/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Writes the structures that hearken-token.h reads. */
#pragma once

#include <gst/gst.h>

#include "gsthearkentimeline.h"
#include "result.h"

/* @cleans_up: whether the texts of utterances are written as people do
 * Returns: (transfer full): the `recognized-token` of a result, or the `speech-activity` */
GstStructure *gst_hearken_token_new (
    const HearkenResult *result, const GstHearkenTimes *times, gboolean cleans_up);
