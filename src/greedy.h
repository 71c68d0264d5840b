/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * CTC's best path (Graves et al., 2006, section 3.2): the most probable output of every step,
 * repeats collapsed, blanks dropped. Fillers, which are heard and never reported, are as the blank.
 */
#pragma once

#include <stdbool.h>

#include "model.h"
#include "state.h"

typedef struct {
  guint token;
  float log_prob;     /* the highest it had in its steps */
  guint64 start_step; /* its steps are [start_step, end_step) */
  guint64 end_step;
} HearkenGreedyToken;

typedef struct {
  const HearkenModel *model;
  HearkenGreedyToken run; /* of the output that won the latest steps; what of it is not told yet */
} HearkenGreedy;

void hearken_greedy_init (HearkenGreedy *greedy, const HearkenModel *model);
/* @step: the number of the next step */
void hearken_greedy_reset (HearkenGreedy *greedy, guint64 step);
/* @log_probs: [n_tokens] of one step. Returns: whether a token has ended before it, in @token */
bool hearken_greedy_push (HearkenGreedy *greedy, const float *log_probs, HearkenGreedyToken *token);
/* Returns: whether a token was open, in @token; as long as its sound lasts on, it is not told again */
bool hearken_greedy_tell (HearkenGreedy *greedy, HearkenGreedyToken *token);
/* The same, but what sounds on is another token. */
bool hearken_greedy_finish (HearkenGreedy *greedy, HearkenGreedyToken *token);
/* Whether the latest step was blank. */
bool hearken_greedy_is_silent (const HearkenGreedy *greedy);

/* Returns: the most probable output of a step; the blank where none is greater, as among NaNs */
guint hearken_greedy_find_best (const HearkenModel *model, const float *log_probs);
/* A log-probability that is one: in [-G_MAXFLOAT, 0]. */
float hearken_greedy_bound (float log_prob);

void hearken_greedy_save (const HearkenGreedy *greedy, HearkenStateWriter *writer);
/* @n_steps: pushed so far */
bool hearken_greedy_restore (HearkenGreedy *greedy, HearkenStateReader *reader, guint64 n_steps);
