/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Words by CTC prefix beam search (Graves, 2012; Hannun et al., 2014) over a lexicon and a word
 * model, streaming. A hypothesis is a place in the lexicon after a history of words, with the
 * probability of all alignments that lead there. docs/decoding.md tells the whole story.
 */
#pragma once

#include "hotwords.h"
#include "lexicon.h"
#include "state.h"
#include "history.h"
#include "word-model.h"
#include "words.h"

#define HEARKEN_NO_TOKEN G_MAXUINT

/* What a token can do in words that are spelled because the vocabulary does not have them. */
enum {
  HEARKEN_PIECE_BEGINS = 1 << 0,
  HEARKEN_PIECE_GOES_ON = 1 << 1,
};

/* What is searched; borrowed, immutable. */
typedef struct {
  const HearkenLexicon *lexicon;
  HearkenWordModel words;
  guint32 n_states; /* of the word model */
  guint32 n_words;  /* the words of the lexicon are less */
  /* What a hypothesis in a node is worth besides its probability, 1 at the root: exp (weight × ln P +
   * bonus) for the look-aheads that the lexicon has, [HEARKEN_N_COSTS] */
  const double *factors;
  double weight;                   /* of the word model's log-probabilities */
  double bonus;                    /* for every word */
  const HearkenHotwords *hotwords; /* nullable */
  guint32 n_boost_states;          /* of the hotwords; 1 without */
  guint n_tokens;
  guint blank;
  const bool *is_filler; /* nullable; [n_tokens]: as good as blank */
  guint separator;       /* must stand between words, may at the ends; HEARKEN_NO_TOKEN: none */
  bool is_whole;         /* words are found when their sentence is */
  const guint8 *pieces;  /* nullable: only words of the lexicon; [n_tokens] of the flags above */
  double log_unknown;    /* what a word that is spelled brings to the score */
  guint32 unknown_word;  /* that the word model has for it, or HEARKEN_NO_WORD */
} HearkenSearchSpace;

typedef struct {
  guint beam_width;
  guint n_best;        /* histories that are kept apart where their future is the same */
  guint64 delay_steps; /* from a word's end until it must be final; 0: no limit */
  double score_beam;   /* hypotheses this far under the best one are dropped, natural log */
  double token_beam;   /* tokens this far under a step's best one are not tried */
} HearkenSearchSettings;

/* A word, or a piece of one that is spelled; its pieces come together. */
typedef struct {
  guint32 word;     /* see hearken_search_get_piece() */
  double posterior; /* that it was said there */
  HearkenTiming timing;
} HearkenFound;

/* Returns: whether a found word is a piece; the token it is in @token, and whether it is the first of
 * its word in @begins */
bool hearken_search_get_piece (
    const HearkenSearchSpace *space, guint32 word, guint *token, bool *begins);

typedef struct HearkenSearch HearkenSearch;

HearkenSearch *hearken_search_new (const HearkenSearchSpace *space);
void hearken_search_free (HearkenSearch *search);
void hearken_search_configure (HearkenSearch *search, const HearkenSearchSettings *settings);
/* Forgets everything; the next step has the number @step. */
void hearken_search_reset (HearkenSearch *search, guint64 step);
/* Right after a reset: the sound of @token goes on from before it, and is of no word. */
void hearken_search_sound_on (HearkenSearch *search, guint token);

/* @log_probs: [n_tokens] of one step */
void hearken_search_push (HearkenSearch *search, const float *log_probs);
/* Returns: whether a word became final, in order; each is told once */
bool hearken_search_pull (HearkenSearch *search, HearkenFound *found);
/* The words of the best hypothesis that are not final, in @words (element-type HearkenFound). */
void hearken_search_get_draft (const HearkenSearch *search, GArray *words);

/* The words of the best hypothesis become final, but for one that is not complete, which goes on. */
void hearken_search_split (HearkenSearch *search);

/* The utterance ends. Only a reset may follow, and:
 * Returns: how many sentences are possible, all of those that the beam has; the best is number 0 */
guint hearken_search_finish (HearkenSearch *search);
/* @words: (element-type HearkenFound): the words that were not final before.
 * Returns: the sentence's share of the probability of all */
double hearken_search_get_sentence (const HearkenSearch *search, guint index, GArray *words);
/* Returns: ln (P of the best sentence / P of the best sequence of tokens), of their sound alone: how
 * much worse it is to hear this sentence than to hear whatever is there; <= 0 */
double hearken_search_get_match (const HearkenSearch *search);

void hearken_search_save (const HearkenSearch *search, HearkenStateWriter *writer);
bool hearken_search_restore (HearkenSearch *search, HearkenStateReader *reader, guint64 n_steps);
