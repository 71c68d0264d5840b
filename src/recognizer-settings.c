/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What may be set of a recogniser: times become whole network steps. */

#include "recognizer-internal.h"

#define DEFAULT_ENDPOINT_SILENCE_MS 800
#define DEFAULT_MAX_UTTERANCE_MS 30000
#define DEFAULT_MAX_DELAY_MS 3000
#define DEFAULT_KEYWORD_DEBOUNCE_MS 500
#define DEFAULT_KEYWORD_THRESHOLD 0.5

/* Rounded up to whole network steps. */
static guint64
ms_to_steps (const HearkenRecognizer *recognizer, guint milliseconds)
{
  const guint64 rate_hz = hearken_model_get_sample_rate_hz (recognizer->model);
  const guint64 step_x1000 = 1000 * (guint64) hearken_model_get_step_samples (recognizer->model);

  return (milliseconds * rate_hz + step_x1000 - 1) / step_x1000;
}

static void
configure (HearkenRecognizer *recognizer)
{
  hearken_decoder_configure (recognizer->decoder, &recognizer->settings);
}

void
hearken_recognizer_init_settings (HearkenRecognizer *recognizer)
{
  recognizer->settings = (HearkenDecoderSettings){
    .rules.silence_steps = ms_to_steps (recognizer, DEFAULT_ENDPOINT_SILENCE_MS),
    .rules.max_steps = ms_to_steps (recognizer, DEFAULT_MAX_UTTERANCE_MS),
    .delay_steps = ms_to_steps (recognizer, DEFAULT_MAX_DELAY_MS),
    .debounce_steps = ms_to_steps (recognizer, DEFAULT_KEYWORD_DEBOUNCE_MS),
    .n_best = 1,
    .keyword_threshold = DEFAULT_KEYWORD_THRESHOLD,
  };
  configure (recognizer);
}

void
hearken_recognizer_copy_settings (HearkenRecognizer *recognizer, const HearkenRecognizer *other)
{
  recognizer->state_policy = other->state_policy;
  recognizer->settings = other->settings;
  configure (recognizer);
}

void
hearken_recognizer_set_endpoint_silence_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.rules.silence_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_initial_silence_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.rules.initial_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_max_utterance_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (milliseconds >= 100 && milliseconds <= 600000);

  recognizer->settings.rules.max_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_partial_interval_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.partial_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_max_delay_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.delay_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_keyword_debounce_ms (HearkenRecognizer *recognizer, guint milliseconds)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->settings.debounce_steps = ms_to_steps (recognizer, milliseconds);
  configure (recognizer);
}

void
hearken_recognizer_set_beam_width (HearkenRecognizer *recognizer, guint width)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (width <= 1000);

  recognizer->settings.beam_width = width;
  configure (recognizer);
}

void
hearken_recognizer_set_n_best (HearkenRecognizer *recognizer, guint n_best)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (n_best >= 1 && n_best <= 20);

  recognizer->settings.n_best = n_best;
  configure (recognizer);
}

void
hearken_recognizer_set_rejection_threshold (HearkenRecognizer *recognizer, double threshold)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (threshold >= 0 && threshold <= 1);

  recognizer->settings.rejection_threshold = threshold;
  configure (recognizer);
}

void
hearken_recognizer_set_keyword_threshold (HearkenRecognizer *recognizer, double threshold)
{
  g_return_if_fail (recognizer != NULL);
  g_return_if_fail (threshold >= 0 && threshold <= 1);

  recognizer->settings.keyword_threshold = threshold;
  configure (recognizer);
}

void
hearken_recognizer_set_state_policy (HearkenRecognizer *recognizer, HearkenStatePolicy policy)
{
  g_return_if_fail (recognizer != NULL);
  recognizer->state_policy = policy;
}
