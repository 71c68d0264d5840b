/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "utterance.h"

#include <math.h>
#include <string.h>

#include "model-internal.h"
#include "word-marks.h"

#define MIN_CONFIDENCE 1e-30 /* its logarithm can be summed */

static void
clear_draft (gpointer data)
{
  g_free (((HearkenDraft *) data)->text);
}

void
hearken_utterance_init (HearkenUtterance *utterance, const HearkenModel *model)
{
  *utterance = (HearkenUtterance){
    .model = model,
    .word = g_string_new (NULL),
    .text = g_string_new (NULL),
    .drafts = g_array_new (FALSE, TRUE, sizeof (HearkenDraft)),
    .draft = g_string_new (NULL),
  };
  g_array_set_clear_func (utterance->drafts, clear_draft);
  g_queue_init (&utterance->results);

  for (guint i = 0; i < model->n_tokens; i++) {
    const char *token = model->tokens[i];

    if (model->task == HEARKEN_TASK_CTC && i == model->blank)
      continue;
    if (hearken_token_is_separator (token) || hearken_token_begins_word (token))
      utterance->has_boundaries = true;
    else
      utterance->has_continuations = true;
  }
}

void
hearken_utterance_clear (HearkenUtterance *utterance)
{
  g_queue_clear_full (&utterance->results, (GDestroyNotify) hearken_result_free);
  g_string_free (utterance->word, TRUE);
  g_string_free (utterance->text, TRUE);
  g_array_unref (utterance->drafts);
  g_string_free (utterance->draft, TRUE);
}

bool
hearken_utterance_is_open (const HearkenUtterance *utterance)
{
  return utterance->n_tokens > 0 || utterance->n_words > 0 || utterance->word->len > 0;
}

static void
span_extend (HearkenSpan *span, const HearkenSpan *by)
{
  if (span->n_tokens == 0)
    span->start_samples = by->start_samples;
  span->end_samples = by->end_samples;
  span->log_prob += by->log_prob;
  span->n_tokens += by->n_tokens;
}

/* Nothing yet, but what comes is not before the end of @span. */
static HearkenSpan
span_after (const HearkenSpan *span)
{
  return (HearkenSpan){ .start_samples = span->end_samples, .end_samples = span->end_samples };
}

static HearkenResult *
report (HearkenUtterance *utterance, HearkenLevel level, const char *text, guint index,
    const HearkenSpan *span)
{
  HearkenResult *result = g_new0 (HearkenResult, 1);

  *result = (HearkenResult){
    .level = level,
    .text = g_strdup (text),
    .utterance_id = utterance->id,
    .index = index,
    .is_final = TRUE,
    .confidence = span->n_tokens > 0 ? exp (span->log_prob / span->n_tokens) : 0,
    .start_samples = span->start_samples,
    .duration_samples = span->end_samples - span->start_samples,
  };
  g_queue_push_tail (&utterance->results, result);
  return result;
}

static void
append_word (GString *text, const char *word)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, word);
}

static HearkenDraft *
get_draft (HearkenUtterance *utterance, guint index)
{
  if (index >= utterance->drafts->len)
    g_array_set_size (utterance->drafts, index + 1);
  return &g_array_index (utterance->drafts, HearkenDraft, index);
}

static void
finish_word (HearkenUtterance *utterance, const char *text, const HearkenSpan *span)
{
  const guint index = utterance->n_words++;
  HearkenResult *result = report (utterance, HEARKEN_LEVEL_WORD, text, index, span);

  if (index < utterance->drafts->len)
    result->revision = get_draft (utterance, index)->revision;
  append_word (utterance->text, text);
  span_extend (&utterance->span, span);
}

static void
drop_word (HearkenUtterance *utterance)
{
  g_string_truncate (utterance->word, 0);
  utterance->word_span = (HearkenSpan){ 0 };
}

static void
close_word (HearkenUtterance *utterance)
{
  if (utterance->word->len == 0)
    return;
  finish_word (utterance, utterance->word->str, &utterance->word_span);
  drop_word (utterance);
}

/* Returns: whether it goes on with a word */
static bool
mark_boundary (HearkenUtterance *utterance, const char *text)
{
  if (hearken_token_is_separator (text) || hearken_token_begins_word (text) ||
      !utterance->has_boundaries)
    close_word (utterance);
  return !hearken_token_is_separator (text);
}

static void
join (HearkenUtterance *utterance, const char *text, const HearkenSpan *span)
{
  g_string_append (
      utterance->word, hearken_token_begins_word (text) ? text + strlen (HEARKEN_WORD_MARK) : text);
  span_extend (&utterance->word_span, span);
  if (!utterance->has_boundaries || !utterance->has_continuations)
    close_word (utterance);
}

bool
hearken_utterance_accepts (const HearkenUtterance *utterance, guint token)
{
  if (!hearken_token_is_separator (utterance->model->tokens[token]))
    return true;
  return utterance->has_given_words ? hearken_utterance_is_open (utterance)
                                    : utterance->word->len > 0;
}

void
hearken_utterance_add (HearkenUtterance *utterance, guint token, float log_prob,
    guint64 start_samples, guint64 end_samples)
{
  const char *text = utterance->model->tokens[token];
  const guint64 start = MAX (start_samples, utterance->heard.end_samples);
  const HearkenSpan span = { start, MAX (end_samples, start), log_prob, 1 };
  bool is_joined;

  is_joined = !utterance->has_given_words && mark_boundary (utterance, text);
  report (utterance, HEARKEN_LEVEL_TOKEN, text, utterance->n_tokens++, &span)->token = token;
  span_extend (&utterance->heard, &span);
  if (is_joined)
    join (utterance, text, &span);
}

void
hearken_utterance_tell_activity (
    HearkenUtterance *utterance, const char *what, guint64 id, guint64 at_samples)
{
  const HearkenSpan span = { at_samples, at_samples, 0, 1 };

  report (utterance, HEARKEN_LEVEL_ACTIVITY, what, 0, &span)->utterance_id = id;
}

static HearkenSpan
place_word (const HearkenHeard *word, guint64 not_before)
{
  const guint64 start = MAX (word->start_samples, not_before);

  return (HearkenSpan){ start, MAX (word->end_samples, start),
    log (MAX (word->confidence, MIN_CONFIDENCE)), 1 };
}

void
hearken_utterance_add_word (HearkenUtterance *utterance, const HearkenHeard *word)
{
  const HearkenSpan span = place_word (word, utterance->span.end_samples);

  finish_word (utterance, word->text, &span);
}

static void
tell_draft_word (HearkenUtterance *utterance, guint index, const char *text, HearkenSpan *span)
{
  HearkenDraft *draft = get_draft (utterance, index);
  HearkenResult *result;

  if (g_strcmp0 (draft->text, text) == 0)
    return;
  result = report (utterance, HEARKEN_LEVEL_WORD, text, index, span);
  result->is_final = FALSE;
  result->revision = draft->revision++;
  g_free (draft->text);
  draft->text = g_strdup (text);
}

/* Tells the words; returns: (transfer full): the text of the utterance with them */
static GString *
tell_draft_words (
    HearkenUtterance *utterance, const HearkenHeard *words, guint n_words, HearkenSpan *whole)
{
  GString *text = g_string_new (utterance->text->str);

  *whole = utterance->span;
  for (guint i = 0; i < n_words; i++) {
    HearkenSpan span = place_word (&words[i], whole->end_samples);

    tell_draft_word (utterance, utterance->n_words + i, words[i].text, &span);
    append_word (text, words[i].text);
    span_extend (whole, &span);
  }
  if (utterance->word->len > 0) {
    tell_draft_word (utterance, utterance->n_words, utterance->word->str, &utterance->word_span);
    append_word (text, utterance->word->str);
    span_extend (whole, &utterance->word_span);
  }
  return text;
}

void
hearken_utterance_tell_draft (HearkenUtterance *utterance, const HearkenHeard *words, guint n_words)
{
  g_autoptr (GString) text = NULL;
  HearkenSpan span;
  HearkenResult *result;

  text = tell_draft_words (utterance, words, n_words, &span);
  if (g_string_equal (text, utterance->draft))
    return;
  result = report (utterance, HEARKEN_LEVEL_UTTERANCE, text->str, 0, &span);
  result->is_final = FALSE;
  result->revision = utterance->draft_revision++;
  g_string_assign (utterance->draft, text->str);
}

static void
begin_next (HearkenUtterance *utterance)
{
  if (hearken_utterance_is_open (utterance))
    utterance->id++;
  utterance->n_tokens = 0;
  utterance->n_words = 0;
  g_string_truncate (utterance->text, 0);
  utterance->span = span_after (&utterance->span);
  utterance->heard = span_after (&utterance->heard);
  g_array_set_size (utterance->drafts, 0);
  g_string_truncate (utterance->draft, 0);
  utterance->draft_revision = 0;
}

/* Takes what @ending owns. */
static void
report_ending (HearkenUtterance *utterance, HearkenEnding *ending)
{
  const bool has_words = utterance->n_words > 0;
  HearkenResult *result = report (utterance, HEARKEN_LEVEL_UTTERANCE,
      has_words ? utterance->text->str : "", 0, has_words ? &utterance->span : &utterance->heard);

  result->end_reason = ending->reason;
  result->revision = utterance->draft_revision;
  result->is_rejected = !has_words;
  if (!has_words)
    result->confidence = ending->confidence;
  result->alternatives = g_steal_pointer (&ending->alternatives);
  result->n_alternatives = ending->n_alternatives;
  result->tags = g_steal_pointer (&ending->tags);
}

void
hearken_utterance_close (HearkenUtterance *utterance, HearkenEnding *ending)
{
  if (!ending->goes_on)
    close_word (utterance);
  if (hearken_utterance_is_open (utterance) && (utterance->n_words > 0 || ending->is_told))
    report_ending (utterance, ending);
  begin_next (utterance);
}

void
hearken_utterance_discard (HearkenUtterance *utterance)
{
  g_queue_clear_full (&utterance->results, (GDestroyNotify) hearken_result_free);
  begin_next (utterance);
  drop_word (utterance);
}

void
hearken_utterance_rewind (HearkenUtterance *utterance)
{
  utterance->span = utterance->heard = (HearkenSpan){ 0 };
}

HearkenResult *
hearken_utterance_pull (HearkenUtterance *utterance)
{
  return g_queue_pop_head (&utterance->results);
}

static void
span_save (const HearkenSpan *span, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, span->start_samples);
  hearken_state_put_u64 (writer, span->end_samples);
  hearken_state_put_u64 (writer, span->n_tokens);
  hearken_state_put_floats (writer, &span->log_prob, 1);
}

static bool
span_restore (HearkenSpan *span, HearkenStateReader *reader)
{
  guint64 n_tokens;

  if (!hearken_state_get_u64 (reader, G_MAXINT64, &span->start_samples) ||
      !hearken_state_get_u64 (reader, G_MAXINT64, &span->end_samples) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &n_tokens) ||
      !hearken_state_get_floats (reader, &span->log_prob, 1))
    return false;
  span->n_tokens = n_tokens;
  return span->start_samples <= span->end_samples && span->log_prob <= 0;
}

static void
drafts_save (const HearkenUtterance *utterance, HearkenStateWriter *writer)
{
  hearken_state_put_string (writer, utterance->draft->str);
  hearken_state_put_u64 (writer, utterance->draft_revision);
  hearken_state_put_u64 (writer, utterance->drafts->len);
  for (guint i = 0; i < utterance->drafts->len; i++) {
    const HearkenDraft *draft = &g_array_index (utterance->drafts, HearkenDraft, i);

    hearken_state_put_string (writer, draft->text != NULL ? draft->text : "");
    hearken_state_put_u64 (writer, draft->revision);
  }
}

static bool
drafts_restore (HearkenUtterance *utterance, HearkenStateReader *reader)
{
  g_autofree char *text = NULL;
  guint64 revision, n_drafts;

  if (!hearken_state_get_string (reader, G_MAXUINT32, &text) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &revision) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &n_drafts))
    return false;
  g_string_assign (utterance->draft, text);
  utterance->draft_revision = revision;
  for (guint i = 0; i < n_drafts; i++) {
    HearkenDraft *draft = get_draft (utterance, i);

    if (!hearken_state_get_string (reader, G_MAXUINT32, &draft->text) ||
        !hearken_state_get_u64 (reader, G_MAXINT32, &revision))
      return false;
    draft->revision = revision;
  }
  return true;
}

void
hearken_utterance_save (const HearkenUtterance *utterance, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, utterance->id);
  hearken_state_put_u64 (writer, utterance->n_tokens);
  hearken_state_put_u64 (writer, utterance->n_words);
  hearken_state_put_string (writer, utterance->word->str);
  hearken_state_put_string (writer, utterance->text->str);
  span_save (&utterance->word_span, writer);
  span_save (&utterance->span, writer);
  span_save (&utterance->heard, writer);
  drafts_save (utterance, writer);
}

bool
hearken_utterance_restore (HearkenUtterance *utterance, HearkenStateReader *reader)
{
  guint64 n_tokens, n_words;
  g_autofree char *word = NULL, *text = NULL;

  if (!hearken_state_get_u64 (reader, G_MAXINT64, &utterance->id) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &n_tokens) ||
      !hearken_state_get_u64 (reader, G_MAXINT32, &n_words) ||
      !hearken_state_get_string (reader, G_MAXUINT32, &word) ||
      !hearken_state_get_string (reader, G_MAXUINT32, &text) ||
      !span_restore (&utterance->word_span, reader) || !span_restore (&utterance->span, reader) ||
      !span_restore (&utterance->heard, reader) || !drafts_restore (utterance, reader))
    return false;
  /* No word is empty, and a space is between each two. */
  if (n_words > (strlen (text) + 1) / 2)
    return false;
  utterance->n_tokens = n_tokens;
  utterance->n_words = n_words;
  g_string_assign (utterance->word, word);
  g_string_assign (utterance->text, text);
  return true;
}
