/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The parts of a search, for the files that it is made of: search.c follows the hypotheses,
 * search-settle.c decides between them, search-end.c ends utterances and keeps the state. */
#pragma once

#include "beam.h"
#include "search.h"

typedef struct {
  guint32 item; /* of the beam */
  double mass;  /* of all that end in its words, the ending's factor included */
  double sound; /* the same without the ending's factor */
} HearkenSentence;

/* A hypothesis that was given up in favour of another; both of the next beam. */
typedef struct {
  guint32 winner;
  guint32 loser;
  double mass; /* of the loser */
} HearkenLoss;

/* An answer of the word model. */
#define HEARKEN_N_ADVANCES 4096
typedef struct {
  guint32 state;
  guint32 word;
  guint32 next;
  double log_factor; /* weighted, with the bonus */
  double factor;
} HearkenAdvance;

struct HearkenSearch {
  HearkenSearchSpace space;
  HearkenSearchSettings settings;
  double min_score; /* exp (-score_beam) */

  guint64 step; /* the next one's number */
  HearkenHistory history;
  HearkenBeam beam; /* after the latest step */
  HearkenBeam next; /* empty between two steps */
  double log_scale; /* ln of what probabilities are to be multiplied with */
  double log_best;  /* ln P of the best sequence of tokens */
  double threshold; /* of the step */

  double *probs;   /* [n_tokens] of the step */
  guint16 *active; /* [n_active] tokens worth trying, in order */
  guint n_active;
  HearkenAdvance *advances; /* [HEARKEN_N_ADVANCES], by hash */
  GArray *found;            /* of HearkenFound, from n_pulled on */
  guint n_pulled;
  GArray *sentences; /* of HearkenSentence, after the end */
  guint32 *groups;   /* [n_groups], a power of 2; scratch */
  guint32 n_groups;
  guint32 *siblings; /* [n_groups]; scratch */
  GArray *losses;    /* of HearkenLoss; scratch */
};

/* Besides the lexicon's nodes: a word is complete, and a separator must come before the next. */
static inline guint32
hearken_search_get_closed_node (const HearkenSearchSpace *space)
{
  return space->lexicon->n_nodes;
}

/* In the middle of a word that is spelled, or perhaps at its end. */
static inline guint32
hearken_search_get_spelling_node (const HearkenSearchSpace *space)
{
  return space->lexicon->n_nodes + 1;
}

static inline bool
hearken_search_is_between_words (const HearkenSearchSpace *space, guint32 node)
{
  return node == HEARKEN_LEXICON_ROOT || node == hearken_search_get_closed_node (space);
}

/* Whether an utterance may end there. */
static inline bool
hearken_search_is_complete (const HearkenSearchSpace *space, guint32 node)
{
  return node == HEARKEN_LEXICON_ROOT || node >= space->lexicon->n_nodes;
}

static inline double
hearken_search_get_factor (const HearkenSearchSpace *space, guint32 node)
{
  return hearken_search_is_complete (space, node)
             ? 1
             : space->factors[space->lexicon->nodes[node].look_ahead];
}

static inline HearkenRecord *
hearken_search_get_record (const HearkenSearch *search, guint32 record)
{
  return &search->history.records[record];
}

/* Between two steps there is always one. */
static inline const HearkenHypothesis *
hearken_search_get_best (const HearkenSearch *search)
{
  return &search->beam.items[0];
}

/* Where the last word of a hypothesis, or one before it, is. */
const HearkenTiming *hearken_search_get_timing (
    const HearkenSearch *search, const HearkenHypothesis *hypothesis, guint32 record);
/* Whether @record or a word before it is that word, at that time. */
bool hearken_search_has_word (const HearkenSearch *search, const HearkenHypothesis *hypothesis,
    guint32 word, const HearkenTiming *timing);

/* Of the next step's hypotheses that have the same future, leaves the n_best; those left out are
 * counted against the words that they do not have. */
void hearken_search_recombine (HearkenSearch *search);
/* Words that all hypotheses have in common become final, and those that must. */
void hearken_search_settle (HearkenSearch *search);
