/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A grammar for decoding: the deterministic automaton of a nondeterministic one (subset construction;
 * Rabin and Scott, 1959). What leaves a state, and ending there, sums to 1. Where sentences can be
 * said in several ways, a state stands for the ways that are left and how probable they are; in grammars
 * for which that would make too many states, as probable as they were on the shortest way there.
 */
#pragma once

#include "nfa.h"

typedef struct {
  guint32 word;
  guint32 to;
  float log_prob;
} HearkenDfaArc;

typedef struct {
  guint32 first_arc; /* into arcs, in order of their words */
  guint32 n_arcs;
  float finish; /* ln P(the sentence ends here), -INFINITY: it cannot */
} HearkenDfaState;

typedef struct {
  GArray *states; /* of HearkenDfaState; the first is the start */
  GArray *arcs;   /* of HearkenDfaArc */
} HearkenDfa;

/* Returns: (transfer full) (nullable): NULL if it would take more than @max_states or too much work */
HearkenDfa *hearken_dfa_new (const HearkenNfa *nfa, guint max_states);
void hearken_dfa_free (HearkenDfa *dfa);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenDfa, hearken_dfa_free)

/* Returns: the arc with @word from @state, NULL if it cannot be said there */
const HearkenDfaArc *hearken_dfa_find_arc (const HearkenDfa *dfa, guint32 state, guint32 word);
