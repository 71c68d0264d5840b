/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "decoder.h"

#include "model-internal.h"
#include "utterance.h"

struct HearkenDecoder {
  const HearkenModel *model;
  HearkenStepClock clock;
  guint64 silence_steps;
  guint64 max_steps;

  guint64 n_steps; /* pushed so far */
  /* The output that won the latest steps: the blank, or a token not yet reported. For
   * classification, the winner of the latest step. */
  guint best;
  guint64 best_since;   /* the step at which it began to win */
  float best_log_prob;  /* the highest it had since */
  guint64 speech_since; /* the step at which the utterance's first token began */
  guint64 speech_until; /* the step after its latest token */
  HearkenUtterance utterance;
};

static void
start_stream (HearkenDecoder *decoder)
{
  decoder->n_steps = 0;
  decoder->best = decoder->model->blank;
  decoder->best_since = 0;
  decoder->best_log_prob = 0;
  decoder->speech_since = 0;
  decoder->speech_until = 0;
}

HearkenDecoder *
hearken_decoder_new (const HearkenModel *model, HearkenStepClock clock)
{
  HearkenDecoder *decoder = g_new0 (HearkenDecoder, 1);

  decoder->model = model;
  decoder->clock = clock;
  decoder->max_steps = G_MAXUINT64;
  hearken_utterance_init (&decoder->utterance, model);
  start_stream (decoder);
  return decoder;
}

void
hearken_decoder_free (HearkenDecoder *decoder)
{
  if (decoder == NULL)
    return;
  hearken_utterance_clear (&decoder->utterance);
  g_free (decoder);
}

void
hearken_decoder_set_endpoint_steps (
    HearkenDecoder *decoder, guint64 silence_steps, guint64 max_steps)
{
  decoder->silence_steps = silence_steps;
  decoder->max_steps = max_steps;
}

void
hearken_decoder_get_endpoint_steps (
    const HearkenDecoder *decoder, guint64 *silence_steps, guint64 *max_steps)
{
  *silence_steps = decoder->silence_steps;
  *max_steps = decoder->max_steps;
}

/* The first sample of a step. */
static guint64
step_to_samples (const HearkenDecoder *decoder, guint64 step)
{
  const gint64 samples =
      decoder->clock.offset_samples + (gint64) (step * decoder->clock.step_samples);

  return MAX (samples, 0);
}

/* Where no output is greater, as among NaNs, the blank wins. */
static guint
find_best (const HearkenModel *model, const float *log_probs)
{
  guint best = model->blank;

  for (guint i = 0; i < model->n_tokens; i++) {
    if (log_probs[i] > log_probs[best])
      best = i;
  }
  return best;
}

/* Reports the token that won up to now, if there is one; @n_samples bounds its end. */
static void
report_best (HearkenDecoder *decoder, guint64 n_samples)
{
  const guint64 end = step_to_samples (decoder, decoder->n_steps);

  if (decoder->best == decoder->model->blank)
    return;
  if (!hearken_utterance_is_open (&decoder->utterance))
    decoder->speech_since = decoder->best_since;
  decoder->speech_until = decoder->n_steps;
  hearken_utterance_add (&decoder->utterance, decoder->best, decoder->best_log_prob,
      MIN (step_to_samples (decoder, decoder->best_since), n_samples), MIN (end, n_samples));
}

static bool
close_utterance_at_endpoint (HearkenDecoder *decoder)
{
  const bool is_silent = decoder->best == decoder->model->blank;
  const guint64 n_silent = decoder->n_steps - decoder->speech_until;

  if (!hearken_utterance_is_open (&decoder->utterance))
    return false;
  if (decoder->silence_steps > 0 && is_silent && n_silent >= decoder->silence_steps)
    hearken_utterance_close (&decoder->utterance, HEARKEN_END_REASON_SILENCE);
  else if (decoder->n_steps - decoder->speech_since >= decoder->max_steps)
    hearken_utterance_close (&decoder->utterance, HEARKEN_END_REASON_MAX_LENGTH);
  else
    return false;
  return true;
}

static bool
push_ctc (HearkenDecoder *decoder, guint best, float log_prob)
{
  if (best != decoder->best) {
    report_best (decoder, G_MAXUINT64);
    decoder->best = best;
    decoder->best_since = decoder->n_steps;
    decoder->best_log_prob = log_prob;
  }
  decoder->best_log_prob = MAX (decoder->best_log_prob, log_prob);
  decoder->n_steps++;
  return close_utterance_at_endpoint (decoder);
}

static void
report_class (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples)
{
  const guint64 start = step_to_samples (decoder, decoder->best_since);
  const guint64 end = MIN (step_to_samples (decoder, decoder->n_steps), n_samples);

  hearken_utterance_add (
      &decoder->utterance, decoder->best, decoder->best_log_prob, MIN (start, end), end);
  hearken_utterance_close (&decoder->utterance, reason);
  decoder->best_since = decoder->n_steps;
}

static bool
push_class (HearkenDecoder *decoder, guint best, float log_prob)
{
  decoder->best = best;
  decoder->best_log_prob = log_prob;
  decoder->n_steps++;
  if (decoder->n_steps - decoder->best_since < decoder->max_steps)
    return false;
  report_class (decoder, HEARKEN_END_REASON_MAX_LENGTH, G_MAXUINT64);
  return true;
}

bool
hearken_decoder_push (HearkenDecoder *decoder, const float *log_probs)
{
  const guint best = find_best (decoder->model, log_probs);
  const float log_prob = log_probs[best] <= 0 ? MAX (log_probs[best], -G_MAXFLOAT) : -G_MAXFLOAT;

  return decoder->model->task == HEARKEN_TASK_CTC ? push_ctc (decoder, best, log_prob)
                                                  : push_class (decoder, best, log_prob);
}

void
hearken_decoder_finish (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples)
{
  if (decoder->model->task == HEARKEN_TASK_CTC) {
    report_best (decoder, n_samples);
    hearken_utterance_close (&decoder->utterance, reason);
  } else if (decoder->n_steps > decoder->best_since) {
    report_class (decoder, reason, n_samples);
  }
  start_stream (decoder);
}

void
hearken_decoder_reset (HearkenDecoder *decoder)
{
  hearken_utterance_discard (&decoder->utterance);
  start_stream (decoder);
}

HearkenResult *
hearken_decoder_pull (HearkenDecoder *decoder)
{
  return hearken_utterance_pull (&decoder->utterance);
}

bool
hearken_decoder_has_results (const HearkenDecoder *decoder)
{
  return decoder->utterance.results.length > 0;
}

void
hearken_decoder_save (const HearkenDecoder *decoder, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, decoder->n_steps);
  hearken_state_put_u64 (writer, decoder->best);
  hearken_state_put_u64 (writer, decoder->best_since);
  hearken_state_put_floats (writer, &decoder->best_log_prob, 1);
  hearken_state_put_u64 (writer, decoder->speech_since);
  hearken_state_put_u64 (writer, decoder->speech_until);
  hearken_utterance_save (&decoder->utterance, writer);
}

bool
hearken_decoder_restore (HearkenDecoder *decoder, HearkenStateReader *reader)
{
  const guint64 max_steps = G_MAXINT64 / 2 / decoder->clock.step_samples;
  guint64 best;

  if (!hearken_state_get_u64 (reader, max_steps, &decoder->n_steps) ||
      !hearken_state_get_u64 (reader, decoder->model->n_tokens - 1, &best) ||
      !hearken_state_get_u64 (reader, decoder->n_steps, &decoder->best_since) ||
      !hearken_state_get_floats (reader, &decoder->best_log_prob, 1) ||
      !hearken_state_get_u64 (reader, decoder->n_steps, &decoder->speech_since) ||
      !hearken_state_get_u64 (reader, decoder->n_steps, &decoder->speech_until) ||
      !hearken_utterance_restore (&decoder->utterance, reader))
    return false;
  decoder->best = best;
  return decoder->best_log_prob <= 0;
}
