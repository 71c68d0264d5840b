/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "history.h"

#define MIN_BUCKETS 256
#define MAX_LOG_FACTOR 700 /* of a word: its exponential is finite */

void
hearken_history_init (HearkenHistory *history)
{
  *history = (HearkenHistory){ .n_buckets = MIN_BUCKETS };
  history->buckets = g_new (guint32, MIN_BUCKETS);
  hearken_history_reset (history);
}

void
hearken_history_clear (HearkenHistory *history)
{
  g_free (history->records);
  g_free (history->buckets);
}

static guint32
get_bucket (const HearkenHistory *history, guint32 parent, guint32 word)
{
  guint32 hash = parent * 0x9e3779b9u ^ word * 0x85ebca6bu;

  hash ^= hash >> 15;
  return hash & (history->n_buckets - 1);
}

static void
link_record (HearkenHistory *history, guint32 index)
{
  HearkenRecord *record = &history->records[index];
  guint32 *bucket = &history->buckets[get_bucket (history, record->parent, record->word)];

  record->next = *bucket;
  *bucket = index;
}

static void
unlink_record (HearkenHistory *history, guint32 index)
{
  const HearkenRecord *record = &history->records[index];
  guint32 *at = &history->buckets[get_bucket (history, record->parent, record->word)];

  while (*at != index)
    at = &history->records[*at].next;
  *at = record->next;
}

static void
clear_buckets (HearkenHistory *history)
{
  for (guint32 i = 0; i < history->n_buckets; i++)
    history->buckets[i] = HEARKEN_NO_RECORD;
}

/* Twice as many buckets; no record is free, or it would have been taken first. */
static void
grow_buckets (HearkenHistory *history)
{
  history->n_buckets *= 2;
  history->buckets = g_renew (guint32, history->buckets, history->n_buckets);
  clear_buckets (history);
  for (guint32 i = 0; i < history->n_used; i++)
    if (history->records[i].parent != HEARKEN_NO_RECORD)
      link_record (history, i);
}

static guint32
take_slot (HearkenHistory *history)
{
  guint32 index = history->first_free;

  history->n_live++;
  if (index != HEARKEN_NO_RECORD) {
    history->first_free = history->records[index].next;
    return index;
  }
  if (history->n_used == history->n_allocated) {
    history->n_allocated = MAX (2 * history->n_allocated, 64);
    history->records = g_renew (HearkenRecord, history->records, history->n_allocated);
  }
  return history->n_used++;
}

void
hearken_history_reset (HearkenHistory *history)
{
  history->n_used = history->n_live = 0;
  history->first_free = HEARKEN_NO_RECORD;
  clear_buckets (history);
  history->root = take_slot (history);
  history->records[history->root] = (HearkenRecord){ .parent = HEARKEN_NO_RECORD, .n_refs = 1 };
}

guint32
hearken_history_find (const HearkenHistory *history, guint32 parent, guint32 word)
{
  guint32 index = history->buckets[get_bucket (history, parent, word)];

  while (index != HEARKEN_NO_RECORD &&
         (history->records[index].parent != parent || history->records[index].word != word))
    index = history->records[index].next;
  return index;
}

guint32
hearken_history_add (HearkenHistory *history, guint32 parent, guint32 word)
{
  guint32 index;

  if (history->n_live >= history->n_buckets)
    grow_buckets (history);
  index = take_slot (history);
  history->records[index] = (HearkenRecord){ .parent = parent, .word = word };
  link_record (history, index);
  history->records[parent].n_refs++;
  history->records[parent].n_children++;
  return index;
}

void
hearken_history_ref (HearkenHistory *history, guint32 record)
{
  history->records[record].n_refs++;
}

static void
free_record (HearkenHistory *history, guint32 index)
{
  if (history->records[index].parent != HEARKEN_NO_RECORD)
    unlink_record (history, index);
  history->records[index].next = history->first_free;
  history->first_free = index;
  history->n_live--;
}

void
hearken_history_unref (HearkenHistory *history, guint32 record)
{
  while (record != HEARKEN_NO_RECORD && --history->records[record].n_refs == 0) {
    const guint32 parent = history->records[record].parent;

    free_record (history, record);
    if (parent != HEARKEN_NO_RECORD)
      history->records[parent].n_children--;
    record = parent;
  }
}

void
hearken_history_advance (HearkenHistory *history, guint32 record)
{
  const guint32 old = history->root;

  unlink_record (history, record);
  history->records[record].parent = HEARKEN_NO_RECORD;
  history->records[record].n_refs++;
  history->root = record;
  history->records[old].n_refs--;
  hearken_history_unref (history, old);
}

guint32
hearken_history_get_first (const HearkenHistory *history, guint32 record)
{
  guint32 first = HEARKEN_NO_RECORD;

  for (; record != history->root; record = history->records[record].parent)
    first = record;
  return first;
}

void
hearken_timing_save (const HearkenTiming *timing, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, timing->start_step);
  hearken_state_put_u64 (writer, timing->end_step);
  hearken_state_put_u64 (writer, timing->first_token);
  hearken_state_put_u64 (writer, timing->last_token);
}

bool
hearken_timing_restore (
    HearkenTiming *timing, HearkenStateReader *reader, const HearkenHistoryBounds *bounds)
{
  guint64 first, last;

  if (!hearken_state_get_u64 (reader, bounds->max_step, &timing->start_step) ||
      !hearken_state_get_u64 (reader, bounds->max_step, &timing->end_step) ||
      !hearken_state_get_u64 (reader, bounds->n_tokens - 1, &first) ||
      !hearken_state_get_u64 (reader, bounds->n_tokens - 1, &last))
    return false;
  timing->first_token = first;
  timing->last_token = last;
  return timing->start_step <= timing->end_step;
}

static void
save_record (const HearkenRecord *record, guint64 parent, HearkenStateWriter *writer)
{
  const double values[] = { record->log_graph, record->lost, record->best_share };

  hearken_state_put_u64 (writer, parent);
  hearken_state_put_u64 (writer, record->word);
  hearken_state_put_u64 (writer, record->state);
  hearken_state_put_u64 (writer, record->boost_state);
  hearken_state_put_doubles (writer, values, G_N_ELEMENTS (values));
  hearken_timing_save (&record->timing, writer);
}

/* Numbers @record after its ancestors. */
static void
save_after_parent (const HearkenHistory *history, guint32 record, HearkenStateWriter *writer,
    guint32 *numbers, guint32 *n_saved)
{
  const guint32 parent = history->records[record].parent;

  if (numbers[record] != HEARKEN_NO_RECORD)
    return;
  if (parent != HEARKEN_NO_RECORD)
    save_after_parent (history, parent, writer, numbers, n_saved);
  save_record (&history->records[record],
      parent != HEARKEN_NO_RECORD ? numbers[parent] : HEARKEN_NO_RECORD, writer);
  numbers[record] = (*n_saved)++;
}

void
hearken_history_save (const HearkenHistory *history, HearkenStateWriter *writer, guint32 *numbers)
{
  guint32 n_saved = 0;

  for (guint32 i = 0; i < history->n_used; i++)
    numbers[i] = HEARKEN_NO_RECORD;
  hearken_state_put_u64 (writer, history->n_live);
  save_after_parent (history, history->root, writer, numbers, &n_saved);
  for (guint32 i = 0; i < history->n_used; i++)
    if (history->records[i].n_refs > 0)
      save_after_parent (history, i, writer, numbers, &n_saved);
}

static bool
restore_record (
    HearkenRecord *record, HearkenStateReader *reader, const HearkenHistoryBounds *bounds)
{
  guint64 word, state, boost_state;
  double values[3];

  if (!hearken_state_get_u64 (reader, bounds->n_words - 1, &word) ||
      !hearken_state_get_u64 (reader, bounds->n_states - 1, &state) ||
      !hearken_state_get_u64 (reader, bounds->n_boost_states - 1, &boost_state) ||
      !hearken_state_get_doubles (reader, values, G_N_ELEMENTS (values)) ||
      !hearken_timing_restore (&record->timing, reader, bounds))
    return false;
  record->word = word;
  record->state = state;
  record->boost_state = boost_state;
  record->log_graph = values[0];
  record->lost = values[1];
  record->best_share = values[2];
  return record->lost >= 0 && record->best_share >= 0;
}

bool
hearken_history_restore (
    HearkenHistory *history, HearkenStateReader *reader, const HearkenHistoryBounds *bounds)
{
  guint64 n_records, parent;

  hearken_history_reset (history);
  if (!hearken_state_get_u64 (reader, G_MAXINT32, &n_records) || n_records == 0 ||
      !hearken_state_get_u64 (reader, HEARKEN_NO_RECORD, &parent) || parent != HEARKEN_NO_RECORD ||
      !restore_record (&history->records[0], reader, bounds))
    return false;
  for (guint32 i = 1; i < n_records; i++) {
    HearkenRecord record = { 0 };
    guint32 added;

    if (!hearken_state_get_u64 (reader, i - 1, &parent) ||
        !restore_record (&record, reader, bounds) ||
        record.log_graph - history->records[parent].log_graph > MAX_LOG_FACTOR ||
        hearken_history_find (history, parent, record.word) != HEARKEN_NO_RECORD)
      return false;
    added = hearken_history_add (history, parent, record.word);
    record.parent = parent;
    record.next = history->records[added].next;
    history->records[added] = record;
  }
  return true;
}
