/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Words as a graph's search or its spotter finds them, with their texts and confidences.
 */
#pragma once

#include "decoder-settings.h"
#include "graph.h"
#include "history.h"
#include "utterance.h"

typedef struct {
  char *text;
  double confidence;
  HearkenTiming timing;
} HearkenSpoken;

/* Frees what it owns; a GDestroyNotify. */
void hearken_spoken_clear (gpointer spoken);

typedef struct HearkenFinder HearkenFinder;

/* @graph: one with words or keywords; a reference is kept. @step: the number of the next step */
HearkenFinder *hearken_finder_new (HearkenGraph *graph, guint64 step);
void hearken_finder_free (HearkenFinder *finder);
void hearken_finder_configure (HearkenFinder *finder, const HearkenDecoderSettings *settings);

/* @log_probs: [n_tokens] of one step */
void hearken_finder_push (HearkenFinder *finder, const float *log_probs);
/* @word: (transfer full). Returns: whether a word became final, in order; each is told once */
bool hearken_finder_pull (HearkenFinder *finder, HearkenSpoken *word);
/* The words that are not final yet, in @words (element-type HearkenSpoken), which clears them. */
void hearken_finder_get_draft (HearkenFinder *finder, GArray *words);
/* The utterance ends before @step; its last words wait to be pulled. @text: of the words before;
 * @n_tokens: of the best path; @ending: its reason is there, the rest is filled in */
void hearken_finder_end (
    HearkenFinder *finder, guint64 step, const char *text, guint n_tokens, HearkenEnding *ending);
/* After an end, or for a new finder: the sound of @token goes on, and is of no word to come; a search that
 * goes on itself knows of it. */
void hearken_finder_sound_on (HearkenFinder *finder, guint token);
/* Whether the search goes on from an utterance that was cut, to what may be heard as its rest. */
bool hearken_finder_is_cut (const HearkenFinder *finder);
/* Between two utterances: the next step is @step again. */
void hearken_finder_rewind (HearkenFinder *finder, guint64 step);
/* Forgets everything; @step: the number of the next step */
void hearken_finder_reset (HearkenFinder *finder, guint64 step);

void hearken_finder_save (const HearkenFinder *finder, HearkenStateWriter *writer);
/* @n_steps: pushed so far */
bool hearken_finder_restore (HearkenFinder *finder, HearkenStateReader *reader, guint64 n_steps);
