/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <math.h>

#include "search-internal.h"

static void
append_found (const HearkenSearch *search, const HearkenHypothesis *hypothesis, GArray *words)
{
  for (guint32 record = hypothesis->record; record != search->history.root;
       record = hearken_search_get_record (search, record)->parent) {
    const HearkenRecord *word = hearken_search_get_record (search, record);
    const HearkenFound found = { word->word, 1 / (1 + word->lost),
      *hearken_search_get_timing (search, hypothesis, record) };

    g_array_prepend_val (words, found);
  }
}

void
hearken_search_get_draft (const HearkenSearch *search, GArray *words)
{
  g_array_set_size (words, 0);
  append_found (search, hearken_search_get_best (search), words);
}

/* Returns: the number of the sentence that @record is the end of, a new one if there is none */
static HearkenSentence *
get_sentence (HearkenSearch *search, guint32 item)
{
  const HearkenSentence sentence = { .item = item };

  for (guint i = 0; i < search->sentences->len; i++) {
    HearkenSentence *other = &g_array_index (search->sentences, HearkenSentence, i);

    if (search->beam.items[other->item].record == search->beam.items[item].record)
      return other;
  }
  g_array_append_val (search->sentences, sentence);
  return &g_array_index (search->sentences, HearkenSentence, search->sentences->len - 1);
}

static void
end_sentence (HearkenSearch *search, guint32 item)
{
  const HearkenSearchSpace *space = &search->space;
  const HearkenHypothesis *hypothesis = &search->beam.items[item];
  const HearkenRecord *record = hearken_search_get_record (search, hypothesis->record);
  const double mass = hypothesis->p_blank + hypothesis->p_token;
  double log_end = space->weight * space->words.finish (space->words.self, record->state);
  HearkenSentence *sentence;

  if (space->hotwords != NULL)
    log_end += hearken_hotwords_finish (space->hotwords, record->boost_state);
  if (!(mass * exp (log_end) > 0))
    return;
  sentence = get_sentence (search, item);
  if (mass >
      search->beam.items[sentence->item].p_blank + search->beam.items[sentence->item].p_token)
    sentence->item = item; /* the better alignment */
  sentence->mass += mass * exp (log_end);
  sentence->sound += mass;
}

static int
compare_sentences (gconstpointer a, gconstpointer b)
{
  const double x = ((const HearkenSentence *) a)->mass, y = ((const HearkenSentence *) b)->mass;

  return (x < y) - (x > y);
}

guint
hearken_search_finish (HearkenSearch *search)
{
  g_array_set_size (search->sentences, 0);
  for (guint32 i = 0; i < search->beam.n_items; i++)
    if (hearken_search_is_complete (&search->space, search->beam.items[i].node))
      end_sentence (search, i);
  g_array_sort (search->sentences, compare_sentences);
  return search->sentences->len;
}

/* The posterior of a word of a sentence: what was lost on the way, and the sentences without it. */
static double
get_posterior (const HearkenSearch *search, const HearkenFound *word)
{
  double with = 0, without = 0;

  for (guint i = 0; i < search->sentences->len; i++) {
    const HearkenSentence *other = &g_array_index (search->sentences, HearkenSentence, i);

    if (hearken_search_has_word (
            search, &search->beam.items[other->item], word->word, &word->timing))
      with += other->mass;
    else
      without += other->mass;
  }
  return 1 / (1 / word->posterior + without / with);
}

double
hearken_search_get_sentence (const HearkenSearch *search, guint index, GArray *words)
{
  const HearkenSentence *sentence = &g_array_index (search->sentences, HearkenSentence, index);
  double all = 0;

  for (guint i = 0; i < search->sentences->len; i++)
    all += g_array_index (search->sentences, HearkenSentence, i).mass;
  g_array_set_size (words, 0);
  append_found (search, &search->beam.items[sentence->item], words);
  for (guint i = 0; i < words->len; i++) {
    HearkenFound *word = &g_array_index (words, HearkenFound, i);

    word->posterior = get_posterior (search, word);
  }
  return sentence->mass / all;
}

double
hearken_search_get_match (const HearkenSearch *search)
{
  const HearkenSentence *best = &g_array_index (search->sentences, HearkenSentence, 0);
  const HearkenRecord *last =
      hearken_search_get_record (search, search->beam.items[best->item].record);

  return MIN (log (best->sound) - last->log_graph + search->log_scale - search->log_best, 0);
}

static void
save_item (const HearkenHypothesis *item, guint32 record, HearkenStateWriter *writer)
{
  const double values[] = { item->p_blank, item->p_token, item->score };

  hearken_state_put_u64 (writer, item->node);
  hearken_state_put_u64 (writer, record);
  hearken_state_put_u64 (writer, item->last);
  hearken_state_put_doubles (writer, values, G_N_ELEMENTS (values));
  hearken_timing_save (&item->timing, writer);
}

void
hearken_search_save (const HearkenSearch *search, HearkenStateWriter *writer)
{
  const double logs[] = { search->log_scale, search->log_best };
  g_autofree guint32 *numbers = g_new (guint32, search->history.n_used);

  hearken_state_put_u64 (writer, search->step);
  hearken_state_put_doubles (writer, logs, G_N_ELEMENTS (logs));
  hearken_history_save (&search->history, writer, numbers);
  hearken_state_put_u64 (writer, search->beam.n_items);
  for (guint32 i = 0; i < search->beam.n_items; i++)
    save_item (&search->beam.items[i], numbers[search->beam.items[i].record], writer);
}

static bool
restore_item (HearkenSearch *search, HearkenStateReader *reader, const HearkenHistoryBounds *bounds)
{
  const guint32 max_node = hearken_search_get_spelling_node (&search->space);
  guint64 node, record, last;
  double values[3];
  HearkenHypothesis *item;

  if (!hearken_state_get_u64 (reader, max_node, &node) ||
      !hearken_state_get_u64 (reader, search->history.n_used - 1, &record) ||
      !hearken_state_get_u64 (reader, bounds->n_tokens - 1, &last) ||
      !hearken_state_get_doubles (reader, values, G_N_ELEMENTS (values)))
    return false;
  item = hearken_beam_get (&search->beam, &search->history, node, record, last);
  item->p_blank = values[0];
  item->p_token = values[1];
  item->score = values[2];
  return hearken_timing_restore (&item->timing, reader, bounds) && values[0] >= 0 &&
         values[1] >= 0 && values[2] >= 0 && values[0] + values[1] > 0;
}

bool
hearken_search_restore (HearkenSearch *search, HearkenStateReader *reader, guint64 n_steps)
{
  const HearkenSearchSpace *space = &search->space;
  const HearkenHistoryBounds bounds = { space->n_words + 2 * space->n_tokens, space->n_states,
    space->n_boost_states, space->n_tokens, n_steps };
  double logs[2];
  guint64 n_items;

  hearken_search_reset (search, 0);
  hearken_beam_reset (&search->beam, &search->history);
  if (!hearken_state_get_u64 (reader, n_steps, &search->step) || search->step != n_steps ||
      !hearken_state_get_doubles (reader, logs, G_N_ELEMENTS (logs)) ||
      !hearken_history_restore (&search->history, reader, &bounds) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &n_items) || n_items == 0)
    return false;
  search->log_scale = logs[0];
  search->log_best = logs[1];
  for (guint32 i = 0; i < n_items; i++)
    if (!restore_item (search, reader, &bounds))
      return false;
  return search->beam.n_items == n_items;
}
