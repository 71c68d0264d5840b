/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Window functions. */
#pragma once

#include "frontend-config.h"

/* Returns: (transfer full): the window over a frame, [hearken_frontend_config_get_frame_samples ()];
 * zeros where the frame is longer than the window */
float *hearken_window_new (const HearkenFrontendConfig *config);
