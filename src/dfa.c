/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dfa.h"

#include <math.h>
#include <string.h>

#include "words.h"

/* Silent cycles hand on less and less: less than this is not worth another round. */
#define NEGLIGIBLE 1e-7
/* Products are kept from becoming 0, which means impossible. */
#define LEAST 1e-300
/* Shares of a state that differ by less than this, as a natural logarithm, are the same, and so are
 * those below the least. */
#define GRAIN 0.03
#define LEAST_SHARE 1e-6
#define MAX_STEPS 4000000
#define MAX_ROUNDS 16 /* of looking for states that are the same */

/* A state of the NFA, as far as the DFA's state stands for it. */
typedef struct {
  guint32 state;
  double mass;
} Share;

/* What can be said next. */
typedef struct {
  guint32 word;
  guint32 to; /* in the NFA */
  double mass;
} Step;

typedef struct {
  const HearkenNfa *nfa;
  HearkenDfa *dfa;
  GPtrArray *sets;     /* of GArray of Share: what each state of the DFA stands for */
  GHashTable *numbers; /* GBytes, the states of a set in order and shares → the DFA's state + 1 */
  bool ignores_shares; /* then sets of the same states are the same */
  guint32 *after_alone; /* [NFA states]: the DFA's state + 1 where only ways to this one lead */
  double *mass;         /* [NFA states]: of the set that is looked for; else 0 */
  double *pending;      /* [NFA states]: what is still to be handed on from there; else 0 */
  guint64 n_steps;      /* of work */
} Builder;

static const HearkenNfaArc *
get_arcs (const HearkenNfa *nfa, guint32 state, const HearkenNfaState **counts)
{
  *counts = &g_array_index (nfa->states, HearkenNfaState, state);
  return (const HearkenNfaArc *) nfa->arcs->data + (*counts)->first_arc;
}

static void
hand_on (Builder *builder, GArray *queue, guint32 state, double mass)
{
  const double before = builder->pending[state];

  builder->pending[state] += MAX (mass, LEAST);
  if (builder->mass[state] == 0 ? before == 0
                                : before <= NEGLIGIBLE && builder->pending[state] > NEGLIGIBLE)
    g_array_append_val (queue, state);
}

/* Spreads the pending mass of the states in the queue along silent arcs; all that are reached are in
 * the queue then (unless that is too much work: the DFA will not be used). */
static void
spread (Builder *builder, GArray *queue)
{
  for (guint i = 0; i < queue->len && builder->n_steps <= MAX_STEPS; i++) {
    const guint32 state = g_array_index (queue, guint32, i);
    const double mass = builder->pending[state];
    const HearkenNfaState *counts;
    const HearkenNfaArc *arcs = get_arcs (builder->nfa, state, &counts);

    builder->mass[state] += mass;
    builder->pending[state] = 0;
    builder->n_steps += 1 + counts->n_silent;
    for (guint32 j = 0; j < counts->n_silent; j++)
      hand_on (builder, queue, arcs[j].to, mass * arcs[j].probability);
  }
}

static int
compare_shares (gconstpointer a, gconstpointer b)
{
  const Share *x = a, *y = b;

  return (x->state > y->state) - (x->state < y->state);
}

/* Returns: (transfer full): the states in the queue from which a word can be said, and the end */
static GArray *
collect (Builder *builder, const GArray *queue)
{
  GArray *set = g_array_new (FALSE, FALSE, sizeof (Share));

  for (guint i = 0; i < queue->len; i++) {
    const guint32 state = g_array_index (queue, guint32, i);
    const Share share = { state, builder->mass[state] + builder->pending[state] };
    const HearkenNfaState *counts;

    get_arcs (builder->nfa, state, &counts);
    if (share.mass > 0 && (state == HEARKEN_NFA_END || counts->n_arcs > counts->n_silent))
      g_array_append_val (set, share);
    builder->mass[state] = builder->pending[state] = 0;
  }
  g_array_sort (set, compare_shares);
  builder->n_steps += set->len;
  return set;
}

static gint32
to_grains (double mass)
{
  return (gint32) lround (log (MAX (mass, LEAST_SHARE)) / GRAIN);
}

/* Takes the set over. Returns: the DFA's state for it */
static guint32
number (Builder *builder, GArray *set)
{
  g_autofree gint32 *values = g_new (gint32, 2 * (gsize) set->len);

  for (guint i = 0; i < set->len; i++) {
    const Share *share = &g_array_index (set, Share, i);
    values[2 * i] = (gint32) share->state;
    values[2 * i + 1] = builder->ignores_shares ? 0 : to_grains (share->mass);
  }
  g_autoptr (GBytes) key = g_bytes_new (values, 2 * (gsize) set->len * sizeof (gint32));
  const guint32 found = GPOINTER_TO_UINT (g_hash_table_lookup (builder->numbers, key));
  if (found != 0) {
    g_array_unref (set);
    return found - 1;
  }
  g_ptr_array_add (builder->sets, set);
  g_hash_table_insert (
      builder->numbers, g_steal_pointer (&key), GUINT_TO_POINTER (builder->sets->len));
  return builder->sets->len - 1;
}

/* Returns: the DFA's state after @steps, which have one word and together the mass @total */
static guint32
go (Builder *builder, const Step *steps, guint n_steps, double total)
{
  const bool is_alone = steps[0].to == steps[n_steps - 1].to; /* they are in order */
  guint32 *known = &builder->after_alone[steps[0].to];

  if (is_alone && *known != 0)
    return *known - 1;
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < n_steps; i++)
    hand_on (builder, queue, steps[i].to, steps[i].mass / total);
  spread (builder, queue);
  const guint32 state = number (builder, collect (builder, queue));
  if (is_alone)
    *known = state + 1;
  return state;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const Step *x = a, *y = b;

  if (x->word != y->word)
    return x->word < y->word ? -1 : 1;
  return (x->to > y->to) - (x->to < y->to);
}

/* @end: the mass with which the sentence ends, added to. Returns: (transfer full): of Step, in order */
static GArray *
list_steps (Builder *builder, const GArray *set, double *end)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Step));

  for (guint i = 0; i < set->len; i++) {
    const Share *share = &g_array_index (set, Share, i);
    const HearkenNfaState *counts;
    const HearkenNfaArc *arcs = get_arcs (builder->nfa, share->state, &counts);

    if (share->state == HEARKEN_NFA_END)
      *end += share->mass;
    for (guint32 j = counts->n_silent; j < counts->n_arcs; j++) {
      const Step step = { arcs[j].word, arcs[j].to,
        MAX (share->mass * arcs[j].probability, LEAST) };
      g_array_append_val (steps, step);
    }
  }
  g_array_sort (steps, compare_steps);
  builder->n_steps += steps->len;
  return steps;
}

/* Rounded, so that what was multiplied in another order is equal. */
static float
to_log_prob (double mass)
{
  return (float) (round (log (mass) * 0x1p16) * 0x1p-16 + 0.0); /* -0 is 0 */
}

/* Adds the DFA's next state, whose set is known, and its arcs. */
static void
expand (Builder *builder)
{
  HearkenDfaState state = { .first_arc = builder->dfa->arcs->len };
  const GArray *set = g_ptr_array_index (builder->sets, builder->dfa->states->len);
  double end_mass = 0, total = 0;
  g_autoptr (GArray) steps = list_steps (builder, set, &end_mass);

  total = end_mass;
  for (guint i = 0; i < steps->len; i++)
    total += g_array_index (steps, Step, i).mass;
  state.finish = to_log_prob (end_mass / total);
  for (guint begin = 0, end = 0; begin < steps->len; begin = end) {
    const Step *step = &g_array_index (steps, Step, begin);
    double mass = 0;
    while (end < steps->len && g_array_index (steps, Step, end).word == step->word)
      mass += g_array_index (steps, Step, end++).mass;
    const HearkenDfaArc arc = { step->word, go (builder, step, end - begin, mass),
      to_log_prob (mass / total) };
    g_array_append_val (builder->dfa->arcs, arc);
  }
  state.n_arcs = builder->dfa->arcs->len - state.first_arc;
  g_array_append_val (builder->dfa->states, state);
}

static HearkenDfa *
dfa_new (void)
{
  HearkenDfa *dfa = g_new (HearkenDfa, 1);

  dfa->states = g_array_new (FALSE, FALSE, sizeof (HearkenDfaState));
  /* With room for one, so that there is a place to count from even if there are none. */
  dfa->arcs = g_array_sized_new (FALSE, FALSE, sizeof (HearkenDfaArc), 1);
  return dfa;
}

/* What is left to say from a state; where that leads, as far as it is known, by the state that stands
 * for all that are the same. Returns: (transfer full) */
static GBytes *
describe (const HearkenDfa *dfa, guint32 state, const guint32 *same)
{
  const HearkenDfaState *here = &g_array_index (dfa->states, HearkenDfaState, state);
  const gsize n_bytes = here->n_arcs * sizeof (HearkenDfaArc);
  char *bytes = g_malloc (n_bytes + sizeof (float));
  HearkenDfaArc *arcs = (HearkenDfaArc *) bytes;

  memcpy (arcs, (const HearkenDfaArc *) dfa->arcs->data + here->first_arc, n_bytes);
  for (guint32 i = 0; i < here->n_arcs; i++)
    arcs[i].to = same[arcs[i].to];
  memcpy (bytes + n_bytes, &here->finish, sizeof (float));
  return g_bytes_new_take (bytes, n_bytes + sizeof (float));
}

/* Finds states from which the same leads to the same, from the last on, which are nearer to the end.
 * @same: [n_states], for each state one that it is the same as. Returns: whether any were found */
static bool
find_same (const HearkenDfa *dfa, guint32 *same)
{
  g_autoptr (GHashTable) known =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  bool found = false;

  for (guint32 i = dfa->states->len; i-- > 0;) {
    if (same[i] != i)
      continue;
    GBytes *description = describe (dfa, i, same);
    const guint32 other = GPOINTER_TO_UINT (g_hash_table_lookup (known, description));
    if (other == 0) {
      g_hash_table_insert (known, description, GUINT_TO_POINTER (i + 1));
    } else {
      same[i] = other - 1;
      found = true;
      g_bytes_unref (description);
    }
  }
  for (guint32 i = 0; i < dfa->states->len; i++)
    while (same[i] != same[same[i]])
      same[i] = same[same[i]];
  return found;
}

/* Copies the states that are left, numbered in the order in which they are reached. */
static HearkenDfa *
copy_distinct (const HearkenDfa *dfa, const guint32 *same)
{
  HearkenDfa *copy = dfa_new ();
  g_autofree guint32 *numbers = g_new0 (guint32, dfa->states->len); /* + 1 */
  g_autofree guint32 *reached = g_new (guint32, dfa->states->len);
  guint n_reached = 1;

  reached[0] = same[0];
  numbers[same[0]] = 1;
  for (guint i = 0; i < n_reached; i++) {
    HearkenDfaState state = g_array_index (dfa->states, HearkenDfaState, reached[i]);
    const HearkenDfaArc *arcs = (const HearkenDfaArc *) dfa->arcs->data + state.first_arc;
    state.first_arc = copy->arcs->len;
    g_array_append_val (copy->states, state);
    for (guint32 j = 0; j < state.n_arcs; j++) {
      HearkenDfaArc arc = arcs[j];
      arc.to = same[arc.to];
      if (numbers[arc.to] == 0) {
        reached[n_reached++] = arc.to;
        numbers[arc.to] = n_reached;
      }
      arc.to = numbers[arc.to] - 1;
      g_array_append_val (copy->arcs, arc);
    }
  }
  return copy;
}

/* Merges states that cannot be told apart: all of them where there are no cycles. */
static HearkenDfa *
minimise (const HearkenDfa *dfa)
{
  g_autofree guint32 *same = g_new (guint32, dfa->states->len);
  guint n_rounds = 0;

  for (guint32 i = 0; i < dfa->states->len; i++)
    same[i] = i;
  while (find_same (dfa, same) && ++n_rounds < MAX_ROUNDS)
    continue;
  return copy_distinct (dfa, same);
}

static HearkenDfa *
build (const HearkenNfa *nfa, guint max_states, bool ignores_shares)
{
  const guint n_states = nfa->states->len;
  g_autoptr (HearkenDfa) dfa = dfa_new ();
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GHashTable) numbers =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autofree guint32 *after_alone = g_new0 (guint32, n_states);
  g_autofree double *mass = g_new0 (double, n_states);
  g_autofree double *pending = g_new0 (double, n_states);
  Builder builder = { nfa, dfa, sets, numbers, ignores_shares, after_alone, mass, pending, 0 };
  const Step start = { HEARKEN_NO_WORD, HEARKEN_NFA_START, 1 };

  go (&builder, &start, 1, 1);
  while (dfa->states->len < sets->len && sets->len <= max_states && builder.n_steps <= MAX_STEPS)
    expand (&builder);
  if (sets->len > max_states || builder.n_steps > MAX_STEPS)
    return NULL;
  return minimise (dfa);
}

HearkenDfa *
hearken_dfa_new (const HearkenNfa *nfa, guint max_states)
{
  /* More states than this would cost the search more than probabilities are worth. */
  const guint max_exact = MIN (max_states, 1000 + 2 * nfa->states->len);
  HearkenDfa *dfa = build (nfa, max_exact, false);

  return dfa != NULL ? dfa : build (nfa, max_states, true);
}

void
hearken_dfa_free (HearkenDfa *dfa)
{
  if (dfa == NULL)
    return;
  g_array_unref (dfa->states);
  g_array_unref (dfa->arcs);
  g_free (dfa);
}

const HearkenDfaArc *
hearken_dfa_find_arc (const HearkenDfa *dfa, guint32 state, guint32 word)
{
  const HearkenDfaState *here = &g_array_index (dfa->states, HearkenDfaState, state);
  const HearkenDfaArc *arcs = (const HearkenDfaArc *) dfa->arcs->data + here->first_arc;
  guint32 begin = 0, end = here->n_arcs;

  while (begin < end) {
    const guint32 middle = begin + (end - begin) / 2;
    if (arcs[middle].word == word)
      return &arcs[middle];
    if (arcs[middle].word < word)
      begin = middle + 1;
    else
      end = middle;
  }
  return NULL;
}
