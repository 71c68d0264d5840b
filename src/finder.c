/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "finder.h"

#include <math.h>
#include <string.h>

#include "graph-internal.h"
#include "model-internal.h"
#include "spotter.h"
#include "word-marks.h"

/* How far behind the best a hypothesis, or a token of a step, may be (natural logarithm). What must
 * be a sentence of a grammar may have to go through sounds that the network hardly hears. */
#define SCORE_BEAM 11.0
#define TOKEN_BEAM 7.0
#define GRAMMAR_SCORE_BEAM 40.0
#define GRAMMAR_TOKEN_BEAM 14.0

#define MIN_DOUBT 1e-6 /* no posterior is surer */

struct HearkenFinder {
  HearkenGraph *graph;
  HearkenSearch *search;   /* nullable */
  HearkenSpotter *spotter; /* nullable */
  guint64 spotter_step;    /* the step that is 0 to the spotter */
  float *log_probs;        /* scratch; [n_tokens] of a step, with another blank */
  double rejection_threshold;
  guint n_best;
  GArray *words;  /* of HearkenFound; scratch */
  GArray *spoken; /* of HearkenSpoken: final, from n_pulled on */
  guint n_pulled;
  bool is_trusted; /* words of the utterance are told; until then they are held back */
  bool has_ended;  /* the next step is another utterance's */
  bool is_cut;     /* the search goes on from the utterance before, perhaps in a word */
};

void
hearken_spoken_clear (gpointer spoken)
{
  g_clear_pointer (&((HearkenSpoken *) spoken)->text, g_free);
}

static GArray *
new_spoken (void)
{
  GArray *spoken = g_array_new (FALSE, FALSE, sizeof (HearkenSpoken));

  g_array_set_clear_func (spoken, hearken_spoken_clear);
  return spoken;
}

HearkenFinder *
hearken_finder_new (HearkenGraph *graph, guint64 step)
{
  HearkenFinder *finder = g_new0 (HearkenFinder, 1);

  finder->graph = hearken_graph_ref (graph);
  if (graph->keywords != NULL)
    finder->spotter = hearken_spotter_new (graph->keywords, graph->model->blank);
  else
    finder->search = hearken_search_new (&graph->space);
  finder->log_probs = g_new (float, graph->model->n_tokens);
  finder->words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  finder->spoken = new_spoken ();
  hearken_finder_reset (finder, step);
  return finder;
}

void
hearken_finder_free (HearkenFinder *finder)
{
  if (finder == NULL)
    return;
  hearken_search_free (finder->search);
  g_clear_pointer (&finder->spotter, hearken_spotter_free);
  hearken_graph_unref (finder->graph);
  g_free (finder->log_probs);
  g_array_unref (finder->words);
  g_array_unref (finder->spoken);
  g_free (finder);
}

void
hearken_finder_configure (HearkenFinder *finder, const HearkenDecoderSettings *settings)
{
  const bool is_whole = finder->graph->space.is_whole;
  const guint width = settings->beam_width;

  finder->rejection_threshold = settings->rejection_threshold;
  finder->n_best = settings->n_best;
  if (finder->spotter != NULL) {
    hearken_spotter_configure (
        finder->spotter, settings->keyword_threshold, settings->debounce_steps);
    return;
  }
  hearken_search_configure (finder->search,
      &(HearkenSearchSettings){
          .beam_width = width > 0 ? width : finder->graph->model->decoding.beam_width,
          .n_best = settings->n_best,
          .delay_steps = settings->delay_steps,
          .score_beam = is_whole ? GRAMMAR_SCORE_BEAM : SCORE_BEAM,
          .token_beam = is_whole ? GRAMMAR_TOKEN_BEAM : TOKEN_BEAM,
      });
}

/* Fillers are as good as blank; in no keyword is there one. */
static const float *
fold_fillers (HearkenFinder *finder, const float *log_probs)
{
  const HearkenModel *model = finder->graph->model;
  double blank;

  if (model->decoding.is_filler == NULL)
    return log_probs;
  blank = exp (log_probs[model->blank]);
  for (guint i = 0; i < model->n_tokens; i++)
    if (hearken_model_is_filler (model, i))
      blank += exp (log_probs[i]);
  memcpy (finder->log_probs, log_probs, model->n_tokens * sizeof (float));
  finder->log_probs[model->blank] = log (blank);
  return finder->log_probs;
}

/* Trained by CTC, the blank can win too often for a search that sums over alignments. */
static const float *
bias_blank (HearkenFinder *finder, const float *log_probs)
{
  const HearkenModel *model = finder->graph->model;

  if (model->decoding.blank_bias == 0)
    return log_probs;
  memcpy (finder->log_probs, log_probs, model->n_tokens * sizeof (float));
  finder->log_probs[model->blank] += model->decoding.blank_bias;
  return finder->log_probs;
}

void
hearken_finder_push (HearkenFinder *finder, const float *log_probs)
{
  if (finder->has_ended)
    finder->is_trusted = finder->has_ended = false;
  if (finder->search != NULL)
    hearken_search_push (finder->search, bias_blank (finder, log_probs));
  else
    hearken_spotter_push (finder->spotter, fold_fillers (finder, log_probs));
}

/* A posterior of the search as a probability that can be trusted, if the model was calibrated. */
static double
calibrate (const HearkenFinder *finder, double posterior)
{
  const double *map = finder->graph->model->decoding.confidence;
  const double bounded = CLAMP (posterior, MIN_DOUBT, 1 - MIN_DOUBT);

  return 1 / (1 + exp (-map[0] - map[1] * log (bounded / (1 - bounded))));
}

static const char *
get_text (const HearkenFinder *finder, const HearkenFound *found)
{
  const HearkenModel *model = finder->graph->model;
  guint token;
  bool begins;

  if (!hearken_search_get_piece (&finder->graph->space, found->word, &token, &begins))
    return hearken_words_get (finder->graph->words, found->word);
  return model->tokens[token] +
         (hearken_token_begins_word (model->tokens[token]) ? strlen (HEARKEN_WORD_MARK) : 0);
}

/* A piece of a word that is spelled, after another. */
static void
append_piece (const HearkenFinder *finder, HearkenSpoken *word, const HearkenFound *found)
{
  g_autofree char *before = word->text;

  word->text = g_strconcat (before, get_text (finder, found), NULL);
  word->confidence = MIN (word->confidence, calibrate (finder, found->posterior));
  word->timing.end_step = found->timing.end_step;
  word->timing.last_token = found->timing.last_token;
}

/* The mark of a word's beginning is a piece of its own in some models: with nothing behind it, it is no
 * word. @first: where in @spoken to look */
static void
drop_lone_mark (GArray *spoken, guint first)
{
  if (spoken->len > first && *g_array_index (spoken, HearkenSpoken, spoken->len - 1).text == '\0')
    g_array_set_size (spoken, spoken->len - 1);
}

/* Appends the words that were found to @spoken, pieces joined. */
static void
join_words (const HearkenFinder *finder, GArray *spoken)
{
  const guint first = spoken->len;
  bool is_spelling = false;

  for (guint i = 0; i < finder->words->len; i++) {
    const HearkenFound *found = &g_array_index (finder->words, HearkenFound, i);
    guint token;
    bool begins = true;
    const bool is_piece =
        hearken_search_get_piece (&finder->graph->space, found->word, &token, &begins);

    if (is_piece && !begins && is_spelling) {
      append_piece (finder, &g_array_index (spoken, HearkenSpoken, spoken->len - 1), found);
    } else {
      const HearkenSpoken word = { g_strdup (get_text (finder, found)),
        calibrate (finder, found->posterior), found->timing };

      drop_lone_mark (spoken, first);
      g_array_append_val (spoken, word);
    }
    is_spelling = is_piece;
  }
  drop_lone_mark (spoken, first);
}

static void
take_spottings (HearkenFinder *finder)
{
  HearkenSpotting spotting;

  while (hearken_spotter_pull (finder->spotter, &spotting)) {
    const HearkenSpoken word = {
      g_strdup (hearken_keywords_get_phrase (finder->graph->keywords, spotting.keyword)),
      spotting.confidence,
      { finder->spotter_step + spotting.start_step, finder->spotter_step + spotting.end_step,
          spotting.first_token, spotting.last_token },
    };

    g_array_append_val (finder->spoken, word);
  }
}

static void
take_found (HearkenFinder *finder)
{
  HearkenFound found;

  g_array_set_size (finder->words, 0);
  while (hearken_search_pull (finder->search, &found))
    g_array_append_val (finder->words, found);
  join_words (finder, finder->spoken);
}

/* The confidence that an utterance must have before anything of it is told. */
static double
get_doubt (const HearkenFinder *finder)
{
  if (finder->search == NULL || finder->rejection_threshold <= 0)
    return 0;
  return finder->graph->space.is_whole ? finder->rejection_threshold
                                       : finder->graph->model->decoding.rejection_threshold;
}

/* One word that is sure enough will do, but for a grammar, whose sentences stand or fall as a whole. */
static void
trust (HearkenFinder *finder)
{
  if (finder->graph->space.is_whole)
    return;
  for (guint i = finder->n_pulled; i < finder->spoken->len && !finder->is_trusted; i++)
    finder->is_trusted =
        g_array_index (finder->spoken, HearkenSpoken, i).confidence >= get_doubt (finder);
}

bool
hearken_finder_pull (HearkenFinder *finder, HearkenSpoken *word)
{
  if (finder->n_pulled == finder->spoken->len) {
    g_array_set_size (finder->spoken, 0);
    finder->n_pulled = 0;
  }
  if (finder->spotter != NULL)
    take_spottings (finder);
  else
    take_found (finder);
  trust (finder);
  if (!finder->is_trusted || finder->spoken->len == 0)
    return false;
  *word = g_array_index (finder->spoken, HearkenSpoken, finder->n_pulled);
  g_array_index (finder->spoken, HearkenSpoken, finder->n_pulled++).text = NULL;
  return true;
}

void
hearken_finder_get_draft (HearkenFinder *finder, GArray *words)
{
  g_array_set_size (words, 0);
  if (finder->search == NULL)
    return;
  hearken_search_get_draft (finder->search, finder->words);
  for (guint i = finder->n_pulled; i < finder->spoken->len; i++) {
    HearkenSpoken word = g_array_index (finder->spoken, HearkenSpoken, i);

    word.text = g_strdup (word.text);
    g_array_append_val (words, word);
  }
  join_words (finder, words);
}

/* @spoken: (element-type HearkenSpoken): appended from @first to @end */
static void
append_words (GString *text, const GArray *spoken, guint first, guint end)
{
  for (guint i = first; i < end; i++) {
    if (text->len > 0)
      g_string_append_c (text, ' ');
    g_string_append (text, g_array_index (spoken, HearkenSpoken, i).text);
  }
}

/* Unless a better one has the same words: those of the vocabulary can be spelled, too. */
static void
add_alternative (HearkenEnding *ending, const char *text, double share)
{
  for (guint i = 0; i < ending->n_alternatives; i++)
    if (g_str_equal (ending->alternatives[i].text, text))
      return;
  ending->alternatives[ending->n_alternatives++] = (HearkenAlternative){ g_strdup (text), share };
}

/* @n_held: words held back that all sentences begin with, after @before */
static void
list_alternatives (HearkenFinder *finder, guint n_sentences, const char *before, guint n_held,
    HearkenEnding *ending)
{
  ending->alternatives = g_new (HearkenAlternative, MIN (n_sentences, finder->n_best));
  for (guint i = 0; i < n_sentences && ending->n_alternatives < finder->n_best; i++) {
    g_autoptr (GString) text = g_string_new (before);
    g_autoptr (GArray) spoken = new_spoken ();
    const double share = hearken_search_get_sentence (finder->search, i, finder->words);

    join_words (finder, spoken);
    append_words (text, finder->spoken, finder->n_pulled, finder->n_pulled + n_held);
    append_words (text, spoken, 0, spoken->len);
    add_alternative (ending, text->str, share);
  }
}

/* The best sentence's words wait to be pulled. Returns: the mean confidence of all that wait,
 * geometric */
static double
take_sentence (HearkenFinder *finder, double match)
{
  double log_confidence = 0;

  hearken_search_get_sentence (finder->search, 0, finder->words);
  join_words (finder, finder->spoken);
  for (guint i = finder->n_pulled; i < finder->spoken->len; i++) {
    HearkenSpoken *word = &g_array_index (finder->spoken, HearkenSpoken, i);

    word->confidence *= match;
    log_confidence += log (word->confidence);
  }
  return exp (log_confidence / MAX (finder->spoken->len - finder->n_pulled, 1));
}

/* How well the sentence's sound fits, per token, next to whatever the network would hear freely: the
 * sentences of a grammar may all be wrong. */
static double
get_match (const HearkenFinder *finder, guint n_tokens)
{
  return finder->graph->space.is_whole
             ? exp (hearken_search_get_match (finder->search) / MAX (n_tokens, 1))
             : 1;
}

/* Of the sentence that was taken. */
static char **
get_tags (const HearkenFinder *finder)
{
  g_autofree guint32 *words = g_new (guint32, finder->words->len);

  for (guint i = 0; i < finder->words->len; i++)
    words[i] = g_array_index (finder->words, HearkenFound, i).word;
  return hearken_grammar_get_tags (finder->graph->grammar, words, finder->words->len);
}

/* Nothing that is held back is told. */
static void
reject (HearkenFinder *finder)
{
  g_array_set_size (finder->spoken, finder->n_pulled);
}

static void
end_sentence (HearkenFinder *finder, const char *text, guint n_tokens, HearkenEnding *ending)
{
  const guint n_sentences = hearken_search_finish (finder->search);
  guint n_held;

  take_found (finder);
  n_held = finder->spoken->len - finder->n_pulled;
  if (n_sentences > 0)
    ending->confidence = take_sentence (finder, get_match (finder, n_tokens));
  if (*text == '\0' && finder->spoken->len == finder->n_pulled) {
    ending->confidence = 0;
    reject (finder);
    return;
  }
  trust (finder);
  if (!finder->is_trusted && ending->confidence < get_doubt (finder)) {
    reject (finder);
    return;
  }
  if (finder->graph->grammar != NULL)
    ending->tags = get_tags (finder);
  if (finder->n_best > 1)
    list_alternatives (finder, n_sentences, text, n_held, ending);
}

/* The utterance is cut, while the search goes on: its words are those that were found so far. */
static void
cut_sentence (HearkenFinder *finder, HearkenEnding *ending)
{
  hearken_search_split (finder->search);
  finder->is_cut = true;
  take_found (finder);
  trust (finder);
  if (!finder->is_trusted)
    reject (finder);
}

static void
end_search (
    HearkenFinder *finder, guint64 step, const char *text, guint n_tokens, HearkenEnding *ending)
{
  const bool has_held = finder->spoken->len > finder->n_pulled;
  const bool is_silent = n_tokens == 0 && *text == '\0' && !has_held && !finder->is_cut;

  ending->is_told = !is_silent;
  if (ending->reason == HEARKEN_END_REASON_MAX_LENGTH && !finder->graph->space.is_whole) {
    cut_sentence (finder, ending);
    return;
  }
  if (!is_silent)
    end_sentence (finder, text, n_tokens, ending);
  hearken_search_reset (finder->search, step);
  finder->is_cut = false;
}

/* Keywords that wait are told of, unless the speech goes on. */
static void
end_spotter (HearkenFinder *finder, const HearkenEnding *ending)
{
  if (ending->reason == HEARKEN_END_REASON_MAX_LENGTH)
    return;
  hearken_spotter_finish (finder->spotter);
  take_spottings (finder);
}

void
hearken_finder_end (
    HearkenFinder *finder, guint64 step, const char *text, guint n_tokens, HearkenEnding *ending)
{
  if (finder->spotter != NULL)
    end_spotter (finder, ending);
  else
    end_search (finder, step, text, n_tokens, ending);
  finder->is_trusted = finder->has_ended = true;
}

void
hearken_finder_sound_on (HearkenFinder *finder, guint token)
{
  if (finder->search != NULL && !finder->is_cut)
    hearken_search_sound_on (finder->search, token);
}

bool
hearken_finder_is_cut (const HearkenFinder *finder)
{
  return finder->is_cut;
}

void
hearken_finder_rewind (HearkenFinder *finder, guint64 step)
{
  if (finder->search != NULL) {
    hearken_search_reset (finder->search, step);
    return;
  }
  finder->spotter_step = MIN (finder->spotter_step, step);
  hearken_spotter_rewind (finder->spotter, step - finder->spotter_step);
}

void
hearken_finder_reset (HearkenFinder *finder, guint64 step)
{
  g_array_set_size (finder->spoken, 0);
  finder->n_pulled = 0;
  finder->is_trusted = finder->has_ended = finder->is_cut = false;
  if (finder->search != NULL)
    hearken_search_reset (finder->search, step);
  else
    hearken_spotter_reset (finder->spotter);
  finder->spotter_step = step;
}

static void
save_spoken (const HearkenSpoken *word, HearkenStateWriter *writer)
{
  hearken_state_put_string (writer, word->text);
  hearken_state_put_doubles (writer, &word->confidence, 1);
  hearken_timing_save (&word->timing, writer);
}

static bool
restore_spoken (HearkenFinder *finder, HearkenStateReader *reader, guint64 n_steps)
{
  const HearkenHistoryBounds bounds = { .n_tokens = finder->graph->model->n_tokens,
    .max_step = n_steps };
  HearkenSpoken word = { 0 };
  const bool is_whole = hearken_state_get_string (reader, G_MAXUINT32, &word.text) &&
                        hearken_state_get_doubles (reader, &word.confidence, 1) &&
                        hearken_timing_restore (&word.timing, reader, &bounds);

  g_array_append_val (finder->spoken, word);
  return is_whole && word.confidence >= 0 && word.confidence <= 1;
}

static bool
restore_held (HearkenFinder *finder, HearkenStateReader *reader, guint64 n_steps)
{
  guint64 is_trusted, is_cut, n_held;

  if (!hearken_state_get_u64 (reader, 1, &is_trusted) ||
      !hearken_state_get_u64 (reader, 1, &is_cut) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &n_held))
    return false;
  finder->is_trusted = is_trusted;
  finder->is_cut = is_cut;
  for (guint64 i = 0; i < n_held; i++)
    if (!restore_spoken (finder, reader, n_steps))
      return false;
  return true;
}

void
hearken_finder_save (const HearkenFinder *finder, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, finder->spotter_step);
  hearken_state_put_u64 (writer, finder->is_trusted && !finder->has_ended);
  hearken_state_put_u64 (writer, finder->is_cut);
  hearken_state_put_u64 (writer, finder->spoken->len - finder->n_pulled);
  for (guint i = finder->n_pulled; i < finder->spoken->len; i++)
    save_spoken (&g_array_index (finder->spoken, HearkenSpoken, i), writer);
  if (finder->search != NULL)
    hearken_search_save (finder->search, writer);
  else
    hearken_spotter_save (finder->spotter, writer);
}

bool
hearken_finder_restore (HearkenFinder *finder, HearkenStateReader *reader, guint64 n_steps)
{
  return hearken_state_get_u64 (reader, n_steps, &finder->spotter_step) &&
         restore_held (finder, reader, n_steps) &&
         (finder->search != NULL ? hearken_search_restore (finder->search, reader, n_steps)
                                 : hearken_spotter_restore (finder->spotter, reader));
}
