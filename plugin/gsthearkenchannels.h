/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Audio of many channels that does not say where they are, as of an array of microphones. */
#pragma once

#include <gst/gst.h>

/* Lets an audioconvert mix to mono what it would refuse: more than two channels without positions. Each counts
 * as much as the others. */
void gst_hearken_channels_mix_unplaced (GstElement *audioconvert);
