/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "search-internal.h"

/* A hypothesis given up with less than this, relative to the one that stays, casts no doubt. */
#define MIN_DOUBT 1e-4

const HearkenTiming *
hearken_search_get_timing (
    const HearkenSearch *search, const HearkenHypothesis *hypothesis, guint32 record)
{
  const HearkenRecord *word = hearken_search_get_record (search, record);

  if (record == hypothesis->record &&
      (hearken_search_is_complete (&search->space, hypothesis->node) || word->best_share == 0))
    return &hypothesis->timing;
  return &word->timing;
}

bool
hearken_search_has_word (const HearkenSearch *search, const HearkenHypothesis *hypothesis,
    guint32 word, const HearkenTiming *timing)
{
  guint32 record = hypothesis->record;

  while (record != search->history.root) {
    const HearkenTiming *other = hearken_search_get_timing (search, hypothesis, record);

    if (other->end_step <= timing->start_step)
      return false;
    if (hearken_search_get_record (search, record)->word == word &&
        other->start_step < timing->end_step)
      return true;
    record = hearken_search_get_record (search, record)->parent;
  }
  return false;
}

/* Whether @record is on the way from the root to @at. */
static bool
has_record (const HearkenSearch *search, guint32 at, guint32 record)
{
  while (at != record && at != search->history.root)
    at = hearken_search_get_record (search, at)->parent;
  return at == record;
}

/* How much of the beam has each record behind it. */
static void
weigh_records (HearkenSearch *search)
{
  const HearkenBeam *beam = &search->next;

  for (int adding = 0; adding < 2; adding++)
    for (guint32 i = 0; i < beam->n_items; i++)
      for (guint32 record = beam->items[i].record; record != search->history.root;) {
        HearkenRecord *word = hearken_search_get_record (search, record);

        word->mass = adding ? word->mass + beam->items[i].score : 0;
        record = word->parent;
      }
}

static void
count_loss (HearkenSearch *search, const HearkenLoss *loss)
{
  const HearkenHypothesis *winner = &search->next.items[loss->winner];
  const HearkenHypothesis *loser = &search->next.items[loss->loser];
  guint32 record = winner->record;

  while (!has_record (search, loser->record, record)) {
    HearkenRecord *word = hearken_search_get_record (search, record);

    if (word->mass > 0 && !hearken_search_has_word (search, loser, word->word,
                              hearken_search_get_timing (search, winner, record)))
      word->lost += loss->mass / word->mass;
    record = word->parent;
  }
}

/* @loser is given up. */
static void
lose (HearkenSearch *search, guint32 winner, guint32 loser)
{
  const HearkenLoss loss = { winner, loser, search->next.items[loser].score };

  search->next.items[loser].score = 0;
  if (loss.mass > MIN_DOUBT * search->next.items[winner].score)
    g_array_append_val (search->losses, loss);
}

static bool
has_same_future (
    const HearkenSearch *search, const HearkenHypothesis *a, const HearkenHypothesis *b)
{
  const HearkenRecord *x = hearken_search_get_record (search, a->record);
  const HearkenRecord *y = hearken_search_get_record (search, b->record);

  return a->node == b->node && a->last == b->last && x->state == y->state &&
         x->boost_state == y->boost_state;
}

/* Returns: where the number + 1 of the first one with the future of @item is, or belongs */
static guint32 *
find_group (const HearkenSearch *search, const HearkenHypothesis *item)
{
  const HearkenRecord *record = hearken_search_get_record (search, item->record);
  guint32 hash = item->node * 0x9e3779b9u ^ record->state * 0x85ebca6bu ^ item->last * 0xc2b2ae35u;

  hash ^= hash >> 15;
  for (guint32 i = hash;; i++) {
    guint32 *slot = &search->groups[i & (search->n_groups - 1)];

    if (*slot == 0 || has_same_future (search, &search->next.items[*slot - 1], item))
      return slot;
  }
}

static void
clear_groups (HearkenSearch *search)
{
  guint32 n_groups = MAX (search->n_groups, 256);

  while (n_groups < 2 * search->next.n_items)
    n_groups *= 2;
  if (n_groups > search->n_groups) {
    search->n_groups = n_groups;
    search->groups = g_renew (guint32, search->groups, search->n_groups);
    search->siblings = g_renew (guint32, search->siblings, search->n_groups);
  }
  memset (search->groups, 0, search->n_groups * sizeof (guint32));
}

/* Into the group whose first is in @slot, from the best to the worst, of n_best at most. */
static void
join_group (HearkenSearch *search, guint32 *slot, guint32 item)
{
  HearkenHypothesis *items = search->next.items;
  guint32 *at = slot;
  guint n = 0;

  for (; *at > 0 && items[*at - 1].score >= items[item].score; at = &search->siblings[*at - 1])
    n++;
  search->siblings[item] = *at;
  *at = item + 1;
  for (; *at > 0; at = &search->siblings[*at - 1])
    if (++n > search->settings.n_best) {
      lose (search, *slot - 1, *at - 1);
      *at = 0;
      return;
    }
}

void
hearken_search_recombine (HearkenSearch *search)
{
  HearkenBeam *next = &search->next;

  for (guint32 i = 0; i < next->n_items; i++)
    next->items[i].score = (next->items[i].p_blank + next->items[i].p_token) *
                           hearken_search_get_factor (&search->space, next->items[i].node);
  clear_groups (search);
  g_array_set_size (search->losses, 0);
  for (guint32 i = 0; i < next->n_items; i++)
    if (next->items[i].score >= search->threshold)
      join_group (search, find_group (search, &next->items[i]), i);
  if (search->losses->len > 0)
    weigh_records (search);
  for (guint i = 0; i < search->losses->len; i++)
    count_loss (search, &g_array_index (search->losses, HearkenLoss, i));
}

/* The first word becomes final; all hypotheses have it. */
static void
take_first (HearkenSearch *search, guint32 first)
{
  const HearkenRecord *record = hearken_search_get_record (search, first);
  const HearkenFound found = { record->word, 1 / (1 + record->lost),
    *hearken_search_get_timing (search, hearken_search_get_best (search), first) };

  g_array_append_val (search->found, found);
  hearken_history_advance (&search->history, first);
}

static bool
goes_on (const HearkenSearch *search, guint32 record)
{
  guint token;
  bool begins;

  return hearken_search_get_piece (
             &search->space, hearken_search_get_record (search, record)->word, &token, &begins) &&
         !begins;
}

/* The record with which the word ends that begins with @first, a piece perhaps, in the best
 * hypothesis. */
static guint32
find_end (const HearkenSearch *search, guint32 first)
{
  guint32 record = hearken_search_get_best (search)->record, end = record;

  for (; record != first; record = hearken_search_get_record (search, record)->parent)
    if (!goes_on (search, record))
      end = hearken_search_get_record (search, record)->parent;
  return end;
}

/* Whether a hypothesis has the word that ends with @end, and does not spell on. */
static bool
agrees (const HearkenSearch *search, const HearkenHypothesis *item, guint32 end)
{
  guint32 record = item->record;

  if (record == end)
    return item->node != hearken_search_get_spelling_node (&search->space) ||
           search->space.separator == HEARKEN_NO_TOKEN;
  while (record != search->history.root) {
    const guint32 parent = hearken_search_get_record (search, record)->parent;

    if (parent == end)
      return !goes_on (search, record);
    record = parent;
  }
  return false;
}

/* Whether all hypotheses have the best one's word that ends with @end, and it is certainly over. */
static bool
is_settled (const HearkenSearch *search, guint32 end)
{
  const HearkenHypothesis *best = hearken_search_get_best (search);
  const HearkenRecord *root = hearken_search_get_record (search, search->history.root);

  if (root->n_children != 1 || root->n_refs != 2) /* the tree's own and the child's */
    return false;
  if (best->record == end && (best->p_blank <= best->p_token ||
                                 best->node == hearken_search_get_spelling_node (&search->space)))
    return false;
  for (guint32 i = 0; i < search->beam.n_items && search->space.pieces != NULL; i++)
    if (!agrees (search, &search->beam.items[i], end))
      return false;
  return true;
}

/* Drops the hypotheses that do not have the word that ends with @end. */
static void
drop_without (HearkenSearch *search, guint32 end)
{
  const HearkenHypothesis *best = hearken_search_get_best (search);
  const HearkenTiming *timing = hearken_search_get_timing (search, best, end);
  HearkenRecord *word = hearken_search_get_record (search, end);
  double kept = 0, lost = 0;

  for (guint32 i = 0; i < search->beam.n_items; i++) {
    HearkenHypothesis *item = &search->beam.items[i];

    if (item == best || agrees (search, item, end)) {
      kept += item->score;
      continue;
    }
    if (!hearken_search_has_word (search, item, word->word, timing))
      lost += item->score;
    item->score = 0;
  }
  word->lost += lost / kept;
  hearken_beam_prune (&search->beam, &search->history, 0, search->beam.n_items);
}

/* The words up to the record @end become final; all hypotheses have them. */
static void
take_until (HearkenSearch *search, guint32 end)
{
  while (search->history.root != end)
    take_first (search, hearken_history_get_first (&search->history, end));
}

void
hearken_search_settle (HearkenSearch *search)
{
  const guint64 delay = search->settings.delay_steps;
  guint32 first;

  if (search->space.is_whole)
    return;
  while ((first = hearken_history_get_first (
              &search->history, hearken_search_get_best (search)->record)) != HEARKEN_NO_RECORD) {
    const guint32 end = find_end (search, first);

    if (!is_settled (search, end)) {
      const HearkenTiming *timing =
          hearken_search_get_timing (search, hearken_search_get_best (search), end);

      if (delay == 0 || timing->end_step + delay > search->step)
        return;
      drop_without (search, end);
    }
    take_until (search, end);
  }
}

/* The record with which the last word of the best hypothesis ends that is not being spelled. */
static guint32
find_last (const HearkenSearch *search)
{
  const HearkenHypothesis *best = hearken_search_get_best (search);
  guint32 record = best->record;

  if (best->node != hearken_search_get_spelling_node (&search->space))
    return record;
  while (record != search->history.root && goes_on (search, record))
    record = hearken_search_get_record (search, record)->parent;
  return record != search->history.root ? hearken_search_get_record (search, record)->parent
                                        : record;
}

void
hearken_search_split (HearkenSearch *search)
{
  const guint32 last = find_last (search);

  if (last == search->history.root)
    return;
  drop_without (search, last);
  take_until (search, last);
}

bool
hearken_search_pull (HearkenSearch *search, HearkenFound *found)
{
  if (search->n_pulled == search->found->len) {
    g_array_set_size (search->found, 0);
    search->n_pulled = 0;
    return false;
  }
  *found = g_array_index (search->found, HearkenFound, search->n_pulled++);
  return true;
}
