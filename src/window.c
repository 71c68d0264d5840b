/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "window.h"

#include <math.h>

/* torch.hann_window, torch.hamming_window and torchaudio's _feature_window_function at sample @i. */
static double
window_at (HearkenWindow window, double blackman_coeff, size_t i, size_t n_samples)
{
  bool is_periodic =
      window == HEARKEN_WINDOW_HANN_PERIODIC || window == HEARKEN_WINDOW_HAMMING_PERIODIC;
  size_t period = is_periodic ? n_samples : n_samples - 1;

  if (n_samples == 1)
    return 1;

  double phase = 2 * G_PI * i / period;

  switch (window) {
  case HEARKEN_WINDOW_POVEY:
    return pow (0.5 - 0.5 * cos (phase), 0.85);
  case HEARKEN_WINDOW_HANN_SYMMETRIC:
  case HEARKEN_WINDOW_HANN_PERIODIC:
    return 0.5 - 0.5 * cos (phase);
  case HEARKEN_WINDOW_HAMMING_SYMMETRIC:
  case HEARKEN_WINDOW_HAMMING_PERIODIC:
    return 0.54 - 0.46 * cos (phase);
  case HEARKEN_WINDOW_BLACKMAN:
    return blackman_coeff - 0.5 * cos (phase) + (0.5 - blackman_coeff) * cos (2 * phase);
  case HEARKEN_WINDOW_RECTANGULAR:
    return 1;
  }
  g_return_val_if_reached (1);
}

float *
hearken_window_new (const HearkenFrontendConfig *config)
{
  size_t n_frame = hearken_frontend_config_get_frame_samples (config);
  size_t offset = (n_frame - config->window_samples) / 2; /* as torch.stft centres it */
  float *window = g_new0 (float, n_frame);

  for (size_t i = 0; i < config->window_samples; i++)
    window[offset + i] =
        window_at (config->window, config->blackman_coeff, i, config->window_samples);
  return window;
}
