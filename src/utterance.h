/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Tokens become words, words an utterance; results queue up here until they are pulled.
 *
 * Words are given, where a search or a spotter finds them, or joined from the tokens. Their
 * boundaries are then marked in the tokens' text as in SentencePiece: a token that begins with "▁"
 * (U+2581) begins a word; a token that is "▁", " " or "|" alone separates words; any other goes on
 * with the word. In a model without any such mark every token is a word.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "model.h"
#include "result.h"
#include "state.h"

typedef struct {
  guint64 start_samples;
  guint64 end_samples;
  float log_prob; /* summed over n_tokens */
  guint n_tokens;
} HearkenSpan;

typedef struct {
  char *text;     /* NULL: not told yet */
  guint revision; /* of the next result for this word */
} HearkenDraft;

/* A word that was heard. */
typedef struct {
  const char *text;
  double confidence;
  guint64 start_samples;
  guint64 end_samples;
} HearkenHeard;

/* How an utterance ends. */
typedef struct {
  HearkenEndReason reason;
  bool is_told;                     /* even if it has no words */
  bool goes_on;                     /* the word that is open is the next one's first */
  double confidence;                /* of one whose words do not hold, so that none were told */
  HearkenAlternative *alternatives; /* [n_alternatives], transfer full */
  guint n_alternatives;
  char **tags; /* nullable, transfer full */
} HearkenEnding;

typedef struct {
  const HearkenModel *model;
  bool has_boundaries;    /* some token marks a word boundary */
  bool has_continuations; /* some token can go on with a word */
  GQueue results;         /* of HearkenResult */

  bool has_given_words; /* tokens are not joined */
  guint64 id;
  guint n_tokens; /* reported in this utterance */
  guint n_words;
  GString *word; /* the open word; empty if none is open */
  HearkenSpan word_span;
  GString *text;        /* the words that are final */
  HearkenSpan span;     /* of the words that are final; without any, from where they may begin */
  HearkenSpan heard;    /* of the tokens, likewise */
  GArray *drafts;       /* of HearkenDraft, by index of the word: what was told and is not final */
  GString *draft;       /* the text of the utterance that was told last */
  guint draft_revision; /* of the next result for the utterance */
} HearkenUtterance;

void hearken_utterance_init (HearkenUtterance *utterance, const HearkenModel *model);
void hearken_utterance_clear (HearkenUtterance *utterance);

/* Whether it has a token or a word. */
bool hearken_utterance_is_open (const HearkenUtterance *utterance);
/* Whether a token is news: a separator where no word is open is none. */
bool hearken_utterance_accepts (const HearkenUtterance *utterance, guint token);
/* @token: one that is news; @log_prob: of its posterior. Where it would begin before the last one's
 * end, it is cut. */
void hearken_utterance_add (HearkenUtterance *utterance, guint token, float log_prob,
    guint64 start_samples, guint64 end_samples);
/* Speech begins or ends, or there is none. @what: static; @id: of the utterance that is meant, which
 * may be over */
void hearken_utterance_tell_activity (
    HearkenUtterance *utterance, const char *what, guint64 id, guint64 at_samples);
/* The next word, final. Where it would begin before the last one's end, it is cut. */
void hearken_utterance_add_word (HearkenUtterance *utterance, const HearkenHeard *word);
/* Of an open utterance, tells what is not final, if the text has changed: @words is [n_words], those
 * after the final ones; where words are joined from tokens there are none, and the open word is told. */
void hearken_utterance_tell_draft (
    HearkenUtterance *utterance, const HearkenHeard *words, guint n_words);
/* Reports the last word, unless that goes on, and the utterance, if it is open, and begins the next.
 * Takes what @ending owns. */
void hearken_utterance_close (HearkenUtterance *utterance, HearkenEnding *ending);
/* Drops the results that wait and the open utterance, and begins the next. */
void hearken_utterance_discard (HearkenUtterance *utterance);
/* Between two utterances: times begin at 0 again. */
void hearken_utterance_rewind (HearkenUtterance *utterance);
/* Returns: (transfer full) (nullable) */
HearkenResult *hearken_utterance_pull (HearkenUtterance *utterance);

/* Results that wait are not saved. */
void hearken_utterance_save (const HearkenUtterance *utterance, HearkenStateWriter *writer);
bool hearken_utterance_restore (HearkenUtterance *utterance, HearkenStateReader *reader);
