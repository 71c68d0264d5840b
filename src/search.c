/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <math.h>

#include "search-internal.h"

HearkenSearch *
hearken_search_new (const HearkenSearchSpace *space)
{
  HearkenSearch *search = g_new0 (HearkenSearch, 1);

  search->space = *space;
  hearken_history_init (&search->history);
  hearken_beam_init (&search->beam);
  hearken_beam_init (&search->next);
  search->probs = g_new (double, space->n_tokens);
  search->active = g_new (guint16, space->n_tokens);
  search->found = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  search->sentences = g_array_new (FALSE, FALSE, sizeof (HearkenSentence));
  search->advances = g_new (HearkenAdvance, HEARKEN_N_ADVANCES);
  for (guint i = 0; i < HEARKEN_N_ADVANCES; i++)
    search->advances[i].word = HEARKEN_NO_WORD;
  search->losses = g_array_new (FALSE, FALSE, sizeof (HearkenLoss));
  hearken_search_reset (search, 0);
  return search;
}

void
hearken_search_free (HearkenSearch *search)
{
  if (search == NULL)
    return;
  hearken_history_clear (&search->history);
  hearken_beam_clear (&search->beam);
  hearken_beam_clear (&search->next);
  g_free (search->probs);
  g_free (search->active);
  g_array_unref (search->found);
  g_array_unref (search->sentences);
  g_array_unref (search->losses);
  g_free (search->advances);
  g_free (search->groups);
  g_free (search->siblings);
  g_free (search);
}

void
hearken_search_configure (HearkenSearch *search, const HearkenSearchSettings *settings)
{
  search->settings = *settings;
  search->min_score = exp (-settings->score_beam);
}

void
hearken_search_reset (HearkenSearch *search, guint64 step)
{
  const HearkenSearchSpace *space = &search->space;
  HearkenRecord *root;
  HearkenHypothesis *start;

  hearken_beam_reset (&search->beam, &search->history);
  hearken_beam_reset (&search->next, &search->history);
  hearken_history_reset (&search->history);
  root = hearken_search_get_record (search, search->history.root);
  root->state = space->words.start (space->words.self);
  root->boost_state = HEARKEN_HOTWORDS_START;
  start = hearken_beam_get (
      &search->beam, &search->history, HEARKEN_LEXICON_ROOT, search->history.root, space->blank);
  start->p_blank = start->score = 1;
  search->step = step;
  search->log_scale = search->log_best = 0;
  g_array_set_size (search->found, 0);
  g_array_set_size (search->sentences, 0);
  search->n_pulled = 0;
}

void
hearken_search_sound_on (HearkenSearch *search, guint token)
{
  HearkenHypothesis *start = &search->beam.items[0];

  if (token == search->space.blank)
    return;
  start->last = token;
  start->p_blank = 0;
  start->p_token = 1;
}

/* Probabilities of the step, fillers added to the blank; where nothing is possible, the blank is. */
static void
read_probs (HearkenSearch *search, const float *log_probs)
{
  const HearkenSearchSpace *space = &search->space;
  double best = 0, threshold;

  for (guint i = 0; i < space->n_tokens; i++)
    search->probs[i] = log_probs[i] <= 0 ? exp (log_probs[i]) : 0; /* 0 for NaN */
  for (guint i = 0; i < space->n_tokens && space->is_filler != NULL; i++)
    if (space->is_filler[i]) {
      search->probs[space->blank] += search->probs[i];
      search->probs[i] = 0;
    }
  for (guint i = 0; i < space->n_tokens; i++)
    best = MAX (best, search->probs[i]);
  if (best == 0)
    best = search->probs[space->blank] = 1;
  search->log_best += log (best);

  search->n_active = 0;
  threshold = best * exp (-search->settings.token_beam);
  for (guint i = 0; i < space->n_tokens; i++)
    if (i != space->blank && search->probs[i] > threshold)
      search->active[search->n_active++] = i;
}

/* Adds to a hypothesis of the next step what @mass brings on the token @token. */
static void
extend (HearkenSearch *search, guint32 node, guint32 record, guint16 token, double mass,
    const HearkenTiming *timing)
{
  const double score = mass * hearken_search_get_factor (&search->space, node);
  HearkenHypothesis *to;

  if (!(score > search->threshold))
    return;
  to = hearken_beam_get (&search->next, &search->history, node, record, token);
  to->p_token += mass;
  if (mass > to->best_part) {
    to->best_part = mass;
    to->timing = *timing;
  }
  search->threshold = MAX (search->threshold, score * search->min_score);
}

/* The paths that add no token: blank, or the last token going on. */
static void
stay (HearkenSearch *search, const HearkenHypothesis *from)
{
  const double p_blank = (from->p_blank + from->p_token) * search->probs[search->space.blank];
  const double p_token =
      from->last == search->space.blank ? 0 : from->p_token * search->probs[from->last];
  const double score = (p_blank + p_token) * hearken_search_get_factor (&search->space, from->node);
  HearkenHypothesis *to;

  if (!(score > search->threshold))
    return;
  to = hearken_beam_get (&search->next, &search->history, from->node, from->record, from->last);
  to->p_blank += p_blank;
  to->p_token += p_token;
  if (p_blank + p_token > to->best_part) {
    to->best_part = p_blank + p_token;
    to->timing = from->timing;
    if (p_token > p_blank && from->last != search->space.separator)
      to->timing.end_step = search->step + 1;
  }
  search->threshold = MAX (search->threshold, score * search->min_score);
}

/* What the word model says, remembered: the same words after the same states are tried step after
 * step. */
static const HearkenAdvance *
ask_word_model (HearkenSearch *search, guint32 state, guint32 word)
{
  const HearkenSearchSpace *space = &search->space;
  const guint32 hash = state * 0x9e3779b9u ^ word * 0x85ebca6bu;
  HearkenAdvance *advance = &search->advances[(hash ^ hash >> 15) % HEARKEN_N_ADVANCES];

  if (advance->word != word || advance->state != state) {
    advance->state = state;
    advance->word = word;
    advance->log_factor = space->bonus + space->weight * space->words.advance (space->words.self,
                                                             state, word, &advance->next);
    advance->factor = exp (advance->log_factor);
  }
  return advance;
}

/* Adds the hypotheses in which @word is complete after @from, if they are worth it. */
static void
end_word (HearkenSearch *search, const HearkenHypothesis *from, guint32 word, guint32 to,
    double mass, const HearkenTiming *timing)
{
  const HearkenRecord *before = hearken_search_get_record (search, from->record);
  const HearkenAdvance *advance = ask_word_model (search, before->state, word);
  double factor = advance->factor, log_factor = advance->log_factor;
  guint32 boost_state = HEARKEN_HOTWORDS_START, record;

  if (search->space.hotwords != NULL) {
    const double boost =
        hearken_hotwords_advance (search->space.hotwords, before->boost_state, word, &boost_state);

    factor *= boost != 0 ? exp (boost) : 1;
    log_factor += boost;
  }
  if (!(mass * factor > search->threshold))
    return;
  record = hearken_history_find (&search->history, from->record, word);
  if (record == HEARKEN_NO_RECORD) {
    const double log_graph = before->log_graph + log_factor;

    record = hearken_history_add (&search->history, from->record, word);
    hearken_search_get_record (search, record)->state = advance->next;
    hearken_search_get_record (search, record)->boost_state = boost_state;
    hearken_search_get_record (search, record)->log_graph = log_graph;
  }
  extend (search, to, record, timing->last_token, mass * factor, timing);
}

bool
hearken_search_get_piece (const HearkenSearchSpace *space, guint32 word, guint *token, bool *begins)
{
  if (word < space->n_words)
    return false;
  *begins = word - space->n_words < space->n_tokens;
  *token = word - space->n_words - (*begins ? 0 : space->n_tokens);
  return true;
}

/* The words that are complete in @node, entered by its token. */
static void
end_words (HearkenSearch *search, const HearkenHypothesis *from, const HearkenLexiconNode *node,
    double mass, const HearkenTiming *timing)
{
  const HearkenSearchSpace *space = &search->space;
  const guint32 to = space->separator != HEARKEN_NO_TOKEN ? hearken_search_get_closed_node (space)
                                                          : HEARKEN_LEXICON_ROOT;

  for (guint32 i = node->first_word; i < node[1].first_word; i++)
    end_word (search, from, space->lexicon->words[i], to, mass, timing);
}

/* The last word's time is settled by the alignment that goes on from it with the greatest share. */
static void
settle_timing (HearkenSearch *search, const HearkenHypothesis *from, double share)
{
  HearkenRecord *record = hearken_search_get_record (search, from->record);

  if (from->record == search->history.root || share <= record->best_share)
    return;
  record->best_share = share;
  record->timing = from->timing;
}

static void
enter (HearkenSearch *search, const HearkenHypothesis *from, guint32 child)
{
  const HearkenLexiconNode *node = &search->space.lexicon->nodes[child];
  const guint16 token = node->token;
  const double mass =
      (from->p_blank + (from->last != token ? from->p_token : 0)) * search->probs[token];
  HearkenTiming timing = from->timing;

  if (!(mass * search->space.factors[node->look_ahead] > search->threshold))
    return;
  if (hearken_search_is_complete (&search->space, from->node)) {
    settle_timing (search, from, mass);
    timing.start_step = search->step;
    timing.first_token = token;
  }
  timing.end_step = search->step + 1;
  timing.last_token = token;
  if (hearken_lexicon_get_n_children (node) > 0)
    extend (search, child, from->record, token, mass, &timing);
  if (hearken_lexicon_get_n_words (node) > 0)
    end_words (search, from, node, mass, &timing);
}

static void
enter_children (HearkenSearch *search, const HearkenHypothesis *from)
{
  const HearkenLexicon *lexicon = search->space.lexicon;
  const bool begins = hearken_search_is_complete (&search->space, from->node);
  const HearkenLexiconNode *node = &lexicon->nodes[begins ? HEARKEN_LEXICON_ROOT : from->node];
  guint at = 0;

  /* Both are in order of tokens. */
  for (guint32 i = node->first_child; i < node[1].first_child && at < search->n_active; i++) {
    const guint16 token = lexicon->nodes[i].token;

    while (at < search->n_active && search->active[at] < token)
      at++;
    if (at < search->n_active && search->active[at] == token)
      enter (search, from, i);
  }
}

static void
separate (HearkenSearch *search, const HearkenHypothesis *from)
{
  const guint separator = search->space.separator;
  const double mass =
      (from->p_blank + (from->last != separator ? from->p_token : 0)) * search->probs[separator];

  extend (search, HEARKEN_LEXICON_ROOT, from->record, separator, mass, &from->timing);
}

/* The record after @parent for a piece of a word that is spelled. */
static guint32
take_piece (HearkenSearch *search, guint32 parent, guint16 token, bool begins)
{
  const HearkenSearchSpace *space = &search->space;
  const HearkenRecord *before = hearken_search_get_record (search, parent);
  const guint32 word = space->n_words + token + (begins ? 0 : space->n_tokens);
  guint32 state = before->state, boost_state = before->boost_state;
  guint32 record = hearken_history_find (&search->history, parent, word);
  double log_graph = before->log_graph;

  if (record != HEARKEN_NO_RECORD)
    return record;
  if (begins) {
    log_graph += space->log_unknown;
    if (space->unknown_word != HEARKEN_NO_WORD) {
      const HearkenAdvance *advance = ask_word_model (search, state, space->unknown_word);

      log_graph += advance->log_factor;
      state = advance->next;
    }
    if (space->hotwords != NULL)
      log_graph += hearken_hotwords_finish (space->hotwords, boost_state);
    boost_state = HEARKEN_HOTWORDS_START;
  }
  record = hearken_history_add (&search->history, parent, word);
  hearken_search_get_record (search, record)->state = state;
  hearken_search_get_record (search, record)->boost_state = boost_state;
  hearken_search_get_record (search, record)->log_graph = log_graph;
  return record;
}

static void
spell_token (HearkenSearch *search, const HearkenHypothesis *from, guint16 token, bool begins)
{
  const double mass =
      (from->p_blank + (from->last != token ? from->p_token : 0)) * search->probs[token];
  const double log_before = hearken_search_get_record (search, from->record)->log_graph;
  const HearkenTiming timing = { search->step, search->step + 1, token, token };
  guint32 record;
  double factor;

  if (!(mass > search->threshold))
    return;
  record = take_piece (search, from->record, token, begins);
  hearken_history_ref (&search->history, record);
  factor = exp (hearken_search_get_record (search, record)->log_graph - log_before);
  settle_timing (search, from, mass * factor);
  extend (search, hearken_search_get_spelling_node (&search->space), record, token, mass * factor,
      &timing);
  hearken_history_unref (&search->history, record);
}

/* Words that the vocabulary does not have: begun, or gone on with. */
static void
spell (HearkenSearch *search, const HearkenHypothesis *from)
{
  const HearkenSearchSpace *space = &search->space;
  const bool is_open = from->node == hearken_search_get_spelling_node (space);
  const bool may_begin = !is_open || space->separator == HEARKEN_NO_TOKEN;

  for (guint i = 0; i < search->n_active; i++) {
    const guint16 token = search->active[i];

    if (may_begin && space->pieces[token] & HEARKEN_PIECE_BEGINS)
      spell_token (search, from, token, true);
    if (is_open && space->pieces[token] & HEARKEN_PIECE_GOES_ON)
      spell_token (search, from, token, false);
  }
}

/* The paths that add a token. */
static void
go_on (HearkenSearch *search, const HearkenHypothesis *from)
{
  const HearkenSearchSpace *space = &search->space;
  const bool is_complete = hearken_search_is_complete (space, from->node);
  const bool has_separator = space->separator != HEARKEN_NO_TOKEN;

  if (!is_complete || from->node == HEARKEN_LEXICON_ROOT || !has_separator)
    enter_children (search, from);
  if (is_complete && has_separator)
    separate (search, from);
  if (space->pieces != NULL && is_complete && from->node != hearken_search_get_closed_node (space))
    spell (search, from);
}

static void
expand (HearkenSearch *search)
{
  for (guint32 i = 0; i < search->beam.n_items; i++)
    stay (search, &search->beam.items[i]);
  for (guint32 i = 0; i < search->beam.n_items; i++)
    go_on (search, &search->beam.items[i]);
}

/* Probabilities so small that they count for nothing are none: arithmetic on them is slow. */
static double
flush (double probability)
{
  return probability < 1e-200 ? 0 : probability;
}

/* A step on which no token is worth trying: the hypotheses stay what they are. */
static void
pass (HearkenSearch *search)
{
  const double blank = search->probs[search->space.blank];

  for (guint32 i = 0; i < search->beam.n_items; i++) {
    HearkenHypothesis *item = &search->beam.items[i];
    const double p_token =
        item->last == search->space.blank ? 0 : item->p_token * search->probs[item->last];

    item->p_blank = flush ((item->p_blank + item->p_token) * blank);
    item->p_token = flush (p_token);
    if (item->p_token > item->p_blank && item->last != search->space.separator)
      item->timing.end_step = search->step + 1;
  }
}

static void
advance (HearkenSearch *search)
{
  const HearkenBeam last = search->beam;

  search->threshold = 0;
  expand (search);
  hearken_search_recombine (search);
  hearken_beam_prune (
      &search->next, &search->history, search->threshold, search->settings.beam_width);
  if (search->next.n_items == 0) /* nothing that may be said fits at all: as if it were blank */
    return;
  search->beam = search->next;
  search->next = last;
  hearken_beam_reset (&search->next, &search->history);
}

/* So that the greatest probability is 1 again, and the best hypothesis is the first: what is worth
 * following then shows early in the next step. */
static void
scale (HearkenSearch *search)
{
  HearkenHypothesis *items = search->beam.items;
  guint32 best = 0;
  double greatest = 0;

  for (guint32 i = 0; i < search->beam.n_items; i++)
    greatest = MAX (greatest, search->beam.items[i].p_blank + search->beam.items[i].p_token);
  for (guint32 i = 0; i < search->beam.n_items; i++) {
    HearkenHypothesis *item = &search->beam.items[i];

    item->p_blank /= greatest;
    item->p_token /= greatest;
    item->score =
        (item->p_blank + item->p_token) * hearken_search_get_factor (&search->space, item->node);
  }
  search->log_scale += log (greatest);
  for (guint32 i = 1; i < search->beam.n_items; i++)
    if (items[i].score > items[best].score)
      best = i;
  if (best > 0) {
    const HearkenHypothesis first = items[0];

    items[0] = items[best];
    items[best] = first;
  }
}

void
hearken_search_push (HearkenSearch *search, const float *log_probs)
{
  read_probs (search, log_probs);
  if (search->n_active > 0)
    advance (search);
  else
    pass (search);
  scale (search);
  search->step++;
  hearken_search_settle (search);
}
