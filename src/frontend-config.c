/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "frontend-config.h"

size_t
hearken_frontend_config_get_frame_samples (const HearkenFrontendConfig *config)
{
  return config->features == HEARKEN_FEATURES_TORCHAUDIO_MFCC ? config->fft_samples
                                                              : config->window_samples;
}

guint
hearken_frontend_config_get_n_statics (const HearkenFrontendConfig *config)
{
  if (config->features == HEARKEN_FEATURES_KALDI_FBANK)
    return config->n_mels + (config->use_energy ? 1 : 0);
  return config->n_ceps; /* the energy takes the place of C0 */
}

guint
hearken_frontend_config_get_dim (const HearkenFrontendConfig *config)
{
  return (1 + config->delta_order) * hearken_frontend_config_get_n_statics (config);
}

void
hearken_frontend_config_clear (HearkenFrontendConfig *config)
{
  g_clear_pointer (&config->mean, g_free);
  g_clear_pointer (&config->std, g_free);
}
