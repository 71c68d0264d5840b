/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "decoder.h"

#include <math.h>

#include "finder.h"
#include "graph-internal.h"
#include "greedy.h"
#include "model-internal.h"
#include "utterance.h"

struct HearkenDecoder {
  const HearkenModel *model;
  HearkenStepClock clock;
  HearkenDecoderSettings settings;
  HearkenGraph *graph;      /* nullable; in use */
  HearkenGraph *next_graph; /* nullable; from the next utterance on */

  guint64 n_steps;       /* pushed so far */
  guint64 bound_samples; /* nothing ends behind it */
  HearkenGreedy greedy;
  HearkenEndpoint endpoint;
  HearkenFinder *finder;    /* nullable: words are joined from the tokens */
  guint64 last_end_samples; /* of the token told last */
  HearkenUtterance utterance;
  GArray *draft; /* of HearkenSpoken; scratch */

  guint best_class;     /* classification: the winner of the latest step */
  float class_log_prob; /* its */
};

static void
start_stream (HearkenDecoder *decoder)
{
  decoder->n_steps = 0;
  decoder->bound_samples = G_MAXUINT64;
  decoder->last_end_samples = 0;
  hearken_greedy_reset (&decoder->greedy, 0);
  hearken_endpoint_reset (&decoder->endpoint);
  hearken_utterance_rewind (&decoder->utterance);
  if (decoder->finder != NULL)
    hearken_finder_reset (decoder->finder, 0);
}

HearkenDecoder *
hearken_decoder_new (const HearkenModel *model, HearkenStepClock clock)
{
  HearkenDecoder *decoder = g_new0 (HearkenDecoder, 1);

  decoder->model = model;
  decoder->clock = clock;
  decoder->settings.rules.max_steps = G_MAXUINT64;
  hearken_greedy_init (&decoder->greedy, model);
  hearken_utterance_init (&decoder->utterance, model);
  decoder->draft = g_array_new (FALSE, FALSE, sizeof (HearkenSpoken));
  g_array_set_clear_func (decoder->draft, hearken_spoken_clear);
  start_stream (decoder);
  return decoder;
}

void
hearken_decoder_free (HearkenDecoder *decoder)
{
  if (decoder == NULL)
    return;
  hearken_utterance_clear (&decoder->utterance);
  hearken_finder_free (decoder->finder);
  g_array_unref (decoder->draft);
  g_clear_pointer (&decoder->graph, hearken_graph_unref);
  g_clear_pointer (&decoder->next_graph, hearken_graph_unref);
  g_free (decoder);
}

void
hearken_decoder_succeed (HearkenDecoder *decoder, const HearkenDecoder *earlier)
{
  decoder->utterance.id = earlier->utterance.id;
}

void
hearken_decoder_configure (HearkenDecoder *decoder, const HearkenDecoderSettings *settings)
{
  decoder->settings = *settings;
  if (decoder->finder != NULL)
    hearken_finder_configure (decoder->finder, settings);
}

/* Between two utterances. */
static void
take_graph (HearkenDecoder *decoder)
{
  if (decoder->graph == decoder->next_graph)
    return;
  g_clear_pointer (&decoder->finder, hearken_finder_free);
  g_clear_pointer (&decoder->graph, hearken_graph_unref);
  if (decoder->next_graph != NULL)
    decoder->graph = hearken_graph_ref (decoder->next_graph);
  if (decoder->graph != NULL &&
      (decoder->graph->words != NULL || decoder->graph->keywords != NULL)) {
    decoder->finder = hearken_finder_new (decoder->graph, decoder->n_steps);
    hearken_finder_configure (decoder->finder, &decoder->settings);
  }
  decoder->utterance.has_given_words = decoder->finder != NULL;
}

void
hearken_decoder_set_graph (HearkenDecoder *decoder, HearkenGraph *graph)
{
  if (graph != NULL)
    hearken_graph_ref (graph);
  g_clear_pointer (&decoder->next_graph, hearken_graph_unref);
  decoder->next_graph = graph;
  if (!hearken_utterance_is_open (&decoder->utterance))
    take_graph (decoder);
}

HearkenGraph *
hearken_decoder_get_next_graph (const HearkenDecoder *decoder)
{
  return decoder->next_graph;
}

HearkenGraph *
hearken_decoder_get_graph (const HearkenDecoder *decoder)
{
  return decoder->graph;
}

guint64
hearken_decoder_get_graph_digest (const HearkenDecoder *decoder)
{
  return decoder->graph != NULL ? decoder->graph->digest : 0;
}

/* Where a sound begins or ends: at the first sample of a step, moved by what the model is known to
 * be off for this token, but not out of the stream of @n_samples. @end: 0 start, 1 end */
static guint64
to_samples (const HearkenDecoder *decoder, guint64 step, guint token, int end, guint64 n_samples)
{
  gint64 samples = decoder->clock.offset_samples + (gint64) (step * decoder->clock.step_samples);

  if (decoder->model->decoding.token_offsets != NULL)
    samples += lround (decoder->model->decoding.token_offsets[token][end] *
                       hearken_model_get_sample_rate_hz (decoder->model) / 1000);
  return MIN ((guint64) MAX (samples, 0), MIN (n_samples, decoder->bound_samples));
}

/* Speech in the steps [@start_step, @end_step), which is heard from @start on. */
static void
note_speech (HearkenDecoder *decoder, guint64 start_step, guint64 end_step, guint64 start)
{
  if (hearken_endpoint_hear (&decoder->endpoint, start_step, end_step))
    hearken_utterance_tell_activity (&decoder->utterance, "start", decoder->utterance.id,
        MAX (start, decoder->last_end_samples));
}

static HearkenHeard
to_heard (const HearkenDecoder *decoder, const HearkenSpoken *word, guint64 n_samples)
{
  const HearkenTiming *timing = &word->timing;
  const guint64 start = to_samples (decoder, timing->start_step, timing->first_token, 0, n_samples);
  const guint64 end = to_samples (decoder, timing->end_step, timing->last_token, 1, n_samples);

  return (HearkenHeard){ word->text, word->confidence, start, MAX (start, end) };
}

static void
report_words (HearkenDecoder *decoder, guint64 n_samples)
{
  HearkenSpoken word;

  while (hearken_finder_pull (decoder->finder, &word)) {
    const HearkenHeard heard = to_heard (decoder, &word, n_samples);

    note_speech (decoder, word.timing.start_step, word.timing.end_step, heard.start_samples);
    hearken_utterance_add_word (&decoder->utterance, &heard);
    decoder->last_end_samples = MAX (decoder->last_end_samples, heard.end_samples);
    hearken_spoken_clear (&word);
  }
}

static void
report_draft (HearkenDecoder *decoder)
{
  g_autofree HearkenHeard *words = NULL;

  if (decoder->settings.partial_steps == 0 ||
      decoder->n_steps % decoder->settings.partial_steps != 0 ||
      !hearken_utterance_is_open (&decoder->utterance))
    return;
  g_array_set_size (decoder->draft, 0);
  if (decoder->finder != NULL)
    hearken_finder_get_draft (decoder->finder, decoder->draft);
  words = g_new (HearkenHeard, decoder->draft->len);
  for (guint i = 0; i < decoder->draft->len; i++)
    words[i] = to_heard (decoder, &g_array_index (decoder->draft, HearkenSpoken, i), G_MAXUINT64);
  hearken_utterance_tell_draft (&decoder->utterance, words, decoder->draft->len);
}

/* Whether the word that is open goes on in the next utterance, lest it is cut in two; not if it is the
 * only one. */
static bool
goes_on (const HearkenDecoder *decoder, HearkenEndReason reason)
{
  return reason == HEARKEN_END_REASON_MAX_LENGTH && decoder->utterance.n_words > 0 &&
         decoder->next_graph == decoder->graph;
}

/* Begins the next utterance. @n_samples: bounds the last words' ends */
static void
close_utterance (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples)
{
  HearkenEnding ending = { .reason = reason, .goes_on = goes_on (decoder, reason) };
  const guint64 id = decoder->utterance.id;

  if (decoder->finder != NULL) {
    hearken_finder_end (decoder->finder, decoder->n_steps, decoder->utterance.text->str,
        decoder->utterance.n_tokens, &ending);
    report_words (decoder, n_samples);
  }
  hearken_utterance_close (&decoder->utterance, &ending);
  if (decoder->endpoint.is_open)
    hearken_utterance_tell_activity (&decoder->utterance, "end", id, decoder->last_end_samples);
  hearken_endpoint_next (&decoder->endpoint, decoder->n_steps);
  if (hearken_utterance_is_open (&decoder->utterance))
    note_speech (decoder, decoder->n_steps, decoder->n_steps, decoder->last_end_samples);
  take_graph (decoder);
}

/* @n_samples: bounds its end */
static void
report_token (HearkenDecoder *decoder, const HearkenGreedyToken *token, guint64 n_samples)
{
  const guint64 start = to_samples (decoder, token->start_step, token->token, 0, n_samples);
  const guint64 end = to_samples (decoder, token->end_step, token->token, 1, n_samples);

  if (!hearken_utterance_accepts (&decoder->utterance, token->token))
    return;
  note_speech (decoder, token->start_step, token->end_step, start);
  hearken_utterance_add (&decoder->utterance, token->token, token->log_prob, start, end);
  decoder->last_end_samples = MAX (decoder->last_end_samples, MAX (start, end));
}

/* Whether the latest step was of silence that is no part of the stream. */
static bool
is_beyond (const HearkenDecoder *decoder)
{
  const gint64 end =
      decoder->clock.offset_samples + (gint64) (decoder->n_steps * decoder->clock.step_samples);

  return end > 0 && (guint64) end > decoder->bound_samples;
}

/* What is left of a sound that is cut belongs to no other utterance, but where words are joined from tokens
 * and may go on. */
static void
cut_utterance (HearkenDecoder *decoder)
{
  const bool joins_on = decoder->finder == NULL && decoder->next_graph == decoder->graph;
  HearkenGreedyToken token;

  if (!joins_on && hearken_greedy_tell (&decoder->greedy, &token))
    report_token (decoder, &token, G_MAXUINT64);
  close_utterance (decoder, HEARKEN_END_REASON_MAX_LENGTH, G_MAXUINT64);
  if (decoder->finder != NULL)
    hearken_finder_sound_on (decoder->finder, decoder->greedy.run.token);
}

/* Whether nothing is said after an utterance that was cut: what is said next begins anew. */
static bool
is_silent_after_cut (const HearkenDecoder *decoder)
{
  return decoder->finder != NULL && hearken_finder_is_cut (decoder->finder) &&
         !decoder->endpoint.is_open &&
         hearken_endpoint_has_silence (&decoder->endpoint, &decoder->settings.rules,
             decoder->n_steps, hearken_greedy_is_silent (&decoder->greedy));
}

/* Returns: whether an utterance has ended */
static bool
check_endpoint (HearkenDecoder *decoder)
{
  if (is_beyond (decoder))
    return false;
  if (is_silent_after_cut (decoder)) {
    close_utterance (decoder, HEARKEN_END_REASON_SILENCE, G_MAXUINT64);
    return true;
  }
  switch (hearken_endpoint_check (&decoder->endpoint, &decoder->settings.rules, decoder->n_steps,
      hearken_greedy_is_silent (&decoder->greedy))) {
  case HEARKEN_ENDPOINT_SILENCE:
    close_utterance (decoder, HEARKEN_END_REASON_SILENCE, G_MAXUINT64);
    return true;
  case HEARKEN_ENDPOINT_MAX_LENGTH:
    cut_utterance (decoder);
    return true;
  case HEARKEN_ENDPOINT_NO_SPEECH:
    hearken_utterance_tell_activity (&decoder->utterance, "silence", decoder->utterance.id,
        to_samples (decoder, decoder->n_steps, decoder->model->blank, 0, G_MAXUINT64));
    return false;
  default:
    return false;
  }
}

static bool
push_ctc (HearkenDecoder *decoder, const float *log_probs)
{
  HearkenGreedyToken token;

  if (hearken_greedy_push (&decoder->greedy, log_probs, &token))
    report_token (decoder, &token, G_MAXUINT64);
  decoder->n_steps++;
  if (decoder->finder != NULL) {
    hearken_finder_push (decoder->finder, log_probs);
    report_words (decoder, G_MAXUINT64);
  }
  report_draft (decoder);
  return check_endpoint (decoder);
}

/* The sequence that began with the utterance has its class. */
static void
report_class (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples)
{
  const HearkenGreedyToken token = { decoder->best_class, decoder->class_log_prob,
    decoder->endpoint.waits_since, decoder->n_steps };

  if (decoder->n_steps == decoder->endpoint.waits_since)
    return;
  report_token (decoder, &token, n_samples);
  close_utterance (decoder, reason, n_samples);
}

static bool
push_class (HearkenDecoder *decoder, const float *log_probs)
{
  decoder->best_class = hearken_greedy_find_best (decoder->model, log_probs);
  decoder->class_log_prob = hearken_greedy_bound (log_probs[decoder->best_class]);
  decoder->n_steps++;
  if (decoder->n_steps - decoder->endpoint.waits_since < decoder->settings.rules.max_steps)
    return false;
  report_class (decoder, HEARKEN_END_REASON_MAX_LENGTH, G_MAXUINT64);
  return true;
}

bool
hearken_decoder_push (HearkenDecoder *decoder, const float *log_probs)
{
  return decoder->model->task == HEARKEN_TASK_CTC ? push_ctc (decoder, log_probs)
                                                  : push_class (decoder, log_probs);
}

void
hearken_decoder_bound (HearkenDecoder *decoder, guint64 n_samples)
{
  decoder->bound_samples = n_samples;
}

void
hearken_decoder_finalize (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples)
{
  HearkenGreedyToken token;

  if (decoder->model->task == HEARKEN_TASK_CLASSIFY) {
    report_class (decoder, reason, n_samples);
    return;
  }
  if (hearken_greedy_finish (&decoder->greedy, &token))
    report_token (decoder, &token, n_samples);
  close_utterance (decoder, reason, n_samples);
}

guint64
hearken_decoder_get_n_steps (const HearkenDecoder *decoder)
{
  return decoder->n_steps;
}

bool
hearken_decoder_rewind (HearkenDecoder *decoder, guint64 step)
{
  if (decoder->model->task == HEARKEN_TASK_CLASSIFY || decoder->endpoint.speech_until > step)
    return false;
  decoder->n_steps = step;
  hearken_greedy_reset (&decoder->greedy, step);
  hearken_endpoint_next (&decoder->endpoint, step);
  if (decoder->finder != NULL)
    hearken_finder_rewind (decoder->finder, step);
  return true;
}

void
hearken_decoder_finish (HearkenDecoder *decoder, HearkenEndReason reason, guint64 n_samples)
{
  hearken_decoder_finalize (decoder, reason, n_samples);
  start_stream (decoder);
}

void
hearken_decoder_reset (HearkenDecoder *decoder)
{
  hearken_utterance_discard (&decoder->utterance);
  take_graph (decoder);
  start_stream (decoder);
}

HearkenResult *
hearken_decoder_pull (HearkenDecoder *decoder)
{
  return hearken_utterance_pull (&decoder->utterance);
}

bool
hearken_decoder_has_results (const HearkenDecoder *decoder)
{
  return decoder->utterance.results.length > 0;
}

void
hearken_decoder_save (const HearkenDecoder *decoder, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, decoder->n_steps);
  hearken_state_put_u64 (writer, decoder->last_end_samples);
  hearken_state_put_u64 (writer, decoder->best_class);
  hearken_state_put_floats (writer, &decoder->class_log_prob, 1);
  hearken_greedy_save (&decoder->greedy, writer);
  hearken_endpoint_save (&decoder->endpoint, writer);
  hearken_utterance_save (&decoder->utterance, writer);
  if (decoder->finder != NULL)
    hearken_finder_save (decoder->finder, writer);
}

bool
hearken_decoder_restore (HearkenDecoder *decoder, HearkenStateReader *reader)
{
  const guint64 max_steps = G_MAXINT64 / 2 / decoder->clock.step_samples;
  guint64 best_class;

  if (!hearken_state_get_u64 (reader, max_steps, &decoder->n_steps) ||
      !hearken_state_get_u64 (reader, G_MAXINT64, &decoder->last_end_samples) ||
      !hearken_state_get_u64 (reader, decoder->model->n_tokens - 1, &best_class) ||
      !hearken_state_get_floats (reader, &decoder->class_log_prob, 1) ||
      !hearken_greedy_restore (&decoder->greedy, reader, decoder->n_steps) ||
      !hearken_endpoint_restore (&decoder->endpoint, reader, decoder->n_steps) ||
      !hearken_utterance_restore (&decoder->utterance, reader) ||
      (decoder->finder != NULL &&
          !hearken_finder_restore (decoder->finder, reader, decoder->n_steps)))
    return false;
  decoder->best_class = best_class;
  return decoder->class_log_prob <= 0;
}
