/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "greedy.h"

#include "model-internal.h"

void
hearken_greedy_init (HearkenGreedy *greedy, const HearkenModel *model)
{
  greedy->model = model;
  hearken_greedy_reset (greedy, 0);
}

void
hearken_greedy_reset (HearkenGreedy *greedy, guint64 step)
{
  greedy->run = (HearkenGreedyToken){ greedy->model->blank, 0, step, step };
}

guint
hearken_greedy_find_best (const HearkenModel *model, const float *log_probs)
{
  guint best = model->blank;

  for (guint i = 0; i < model->n_tokens; i++) {
    if (log_probs[i] > log_probs[best])
      best = i;
  }
  return best;
}

float
hearken_greedy_bound (float log_prob)
{
  return log_prob <= 0 ? MAX (log_prob, -G_MAXFLOAT) : -G_MAXFLOAT;
}

bool
hearken_greedy_push (HearkenGreedy *greedy, const float *log_probs, HearkenGreedyToken *token)
{
  HearkenGreedyToken *run = &greedy->run;
  const guint best = hearken_greedy_find_best (greedy->model, log_probs);
  const guint heard = hearken_model_is_filler (greedy->model, best) ? greedy->model->blank : best;
  const float log_prob = hearken_greedy_bound (log_probs[best]);
  bool has_ended = false;

  if (heard != run->token) {
    const guint64 step = run->end_step;

    has_ended = hearken_greedy_finish (greedy, token);
    *run = (HearkenGreedyToken){ heard, log_prob, step, step };
  } else if (run->start_step == run->end_step) {
    run->start_step++; /* told already */
  }
  run->log_prob = MAX (run->log_prob, log_prob);
  run->end_step++;
  return has_ended;
}

bool
hearken_greedy_tell (HearkenGreedy *greedy, HearkenGreedyToken *token)
{
  HearkenGreedyToken *run = &greedy->run;

  if (run->token == greedy->model->blank || run->start_step == run->end_step)
    return false;
  *token = *run;
  run->start_step = run->end_step;
  return true;
}

bool
hearken_greedy_finish (HearkenGreedy *greedy, HearkenGreedyToken *token)
{
  const bool is_open = hearken_greedy_tell (greedy, token);

  hearken_greedy_reset (greedy, greedy->run.end_step);
  return is_open;
}

bool
hearken_greedy_is_silent (const HearkenGreedy *greedy)
{
  return greedy->run.token == greedy->model->blank;
}

void
hearken_greedy_save (const HearkenGreedy *greedy, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, greedy->run.token);
  hearken_state_put_u64 (writer, greedy->run.start_step);
  hearken_state_put_floats (writer, &greedy->run.log_prob, 1);
}

bool
hearken_greedy_restore (HearkenGreedy *greedy, HearkenStateReader *reader, guint64 n_steps)
{
  guint64 token;

  if (!hearken_state_get_u64 (reader, greedy->model->n_tokens - 1, &token) ||
      !hearken_state_get_u64 (reader, n_steps, &greedy->run.start_step) ||
      !hearken_state_get_floats (reader, &greedy->run.log_prob, 1))
    return false;
  greedy->run.token = token;
  greedy->run.end_step = n_steps;
  return greedy->run.log_prob <= 0;
}
