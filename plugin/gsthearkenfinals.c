/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkencaptions.h"

/* How long after its sound a token is recognised, until it is seen to take longer. */
#define FIRST_HOLD_NS (1 * GST_SECOND)
/* Gaps are told in pieces of this size at least. */
#define GAP_NS (100 * GST_MSECOND)

void
gst_hearken_finals_init (GstHearkenFinals *finals, const GstHearkenTextSettings *settings)
{
  GstClockTime latency = (guint64) (settings->latency_ms + settings->lateness_ms) * GST_MSECOND;

  *finals = (GstHearkenFinals){
    .granularity = settings->granularity,
    .shape = { settings->line_length, settings->max_lines, CAPTION_MAX_NS },
    .budget = latency - MIN (latency, GAP_NS),
    .hold = FIRST_HOLD_NS,
  };
  if (finals->granularity == GST_HEARKEN_GRANULARITY_UTTERANCE) {
    finals->shape.max_lines = G_MAXUINT;
    finals->shape.max_duration = GST_CLOCK_TIME_NONE / 2;
  }
  gst_hearken_track_init (&finals->track);
  gst_hearken_utterance_init (&finals->utterance);
  finals->utterance.cleans_up = settings->clean_up;
  gst_hearken_finals_start (finals, 0);
}

void
gst_hearken_finals_clear (GstHearkenFinals *finals)
{
  gst_hearken_track_clear (&finals->track);
  gst_hearken_utterance_clear (&finals->utterance);
}

void
gst_hearken_finals_start (GstHearkenFinals *finals, GstClockTime start)
{
  gst_hearken_track_clear (&finals->track);
  gst_hearken_track_start (&finals->track, start);
  finals->token_start = GST_CLOCK_TIME_NONE;
  finals->heard = start;
}

void
gst_hearken_finals_forget (GstHearkenFinals *finals)
{
  gst_hearken_utterance_reset (&finals->utterance);
}

static GstHearkenWord *
get_word (const GstHearkenFinals *finals, guint i)
{
  return g_ptr_array_index (finals->utterance.words, i);
}

/* Counts the words of the next caption and breaks them into lines. @only_final: stop at a word that
 * is not. @is_full: out: the word after them does not fit */
static guint
fill (GstHearkenFinals *finals, gboolean only_final, gboolean *is_full)
{
  const guint n_words = finals->utterance.words->len;
  CaptionFill state = { 0 };
  guint i;

  *is_full = FALSE;
  for (i = 0; i < n_words && !*is_full; i++) {
    GstHearkenWord *word = get_word (finals, i);
    CaptionPlace place;

    if (only_final && !word->is_final)
      return i;
    place = caption_fill_add (&state, &finals->shape, word->text, word->start, word->end);
    word->begins_line = place == CAPTION_NEW_LINE;
    *is_full =
        place == CAPTION_FULL || (i > 0 && finals->granularity == GST_HEARKEN_GRANULARITY_WORD);
  }
  return *is_full ? i - 1 : i;
}

/* @next: until when the caption may stay, if it would otherwise be too short to be read */
static void
emit (GstHearkenFinals *finals, guint n_words, GstClockTime next)
{
  GstClockTime start = get_word (finals, 0)->start;
  GstClockTime end = get_word (finals, n_words - 1)->end;

  if (finals->granularity != GST_HEARKEN_GRANULARITY_WORD)
    end = caption_get_end (start, end, next);
  gst_hearken_track_add (
      &finals->track, gst_hearken_utterance_take (&finals->utterance, n_words), start, end);
}

/* Captions that are complete whatever comes. */
static void
emit_complete (GstHearkenFinals *finals)
{
  gboolean is_full;
  guint n_words;

  while ((n_words = fill (finals, TRUE, &is_full)) > 0 &&
         (is_full || finals->granularity == GST_HEARKEN_GRANULARITY_WORD))
    emit (finals, n_words, is_full ? get_word (finals, n_words)->start : 0);
}

/* All that there is. @linger: how long the last one may stay after its end */
static void
emit_all (GstHearkenFinals *finals, GstClockTime linger)
{
  gboolean is_full;
  guint n_words;

  while ((n_words = fill (finals, FALSE, &is_full)) > 0)
    emit (finals, n_words,
        is_full ? get_word (finals, n_words)->start : get_word (finals, n_words - 1)->end + linger);
}

/* Captions whose time is over. */
static void
emit_due (GstHearkenFinals *finals)
{
  while (finals->utterance.words->len > 0 &&
         get_word (finals, 0)->start + finals->budget <= finals->heard) {
    gboolean is_full;
    guint n_words = fill (finals, FALSE, &is_full);

    emit (finals, n_words, 0);
  }
}

/* Returns: how long the last caption may stay after the end of its utterance */
static GstClockTime
get_linger (const GstHearkenFinals *finals, const HearkenToken *utterance)
{
  GstClockTime end = utterance->timestamp + utterance->duration;
  gboolean is_silent_after = g_strcmp0 (utterance->end_reason, "silence") == 0 ||
                             g_strcmp0 (utterance->end_reason, "eos") == 0;

  return is_silent_after ? MIN (CAPTION_LINGER_NS, MAX (finals->heard, end) - end) : 0;
}

static void
add_word (GstHearkenFinals *finals, const HearkenToken *token)
{
  gst_hearken_utterance_add (&finals->utterance, token);
  if (finals->token_start < token->timestamp + token->duration)
    finals->token_start = GST_CLOCK_TIME_NONE;
  emit_complete (finals);
}

static void
add_utterance (GstHearkenFinals *finals, const HearkenToken *token)
{
  gst_hearken_utterance_add (&finals->utterance, token);
  if (!token->is_final)
    return;
  finals->token_start = GST_CLOCK_TIME_NONE;
  emit_all (finals, get_linger (finals, token));
}

/* Learns how late something new can be. An utterance tells nothing new where its words have left. */
static void
learn_hold (GstHearkenFinals *finals, const HearkenToken *token)
{
  const GstHearkenUtterance *utterance = &finals->utterance;
  gboolean is_open = utterance->words->len > 0 || GST_CLOCK_TIME_IS_VALID (finals->token_start);
  gboolean has_left =
      g_str_equal (token->level, "utterance") && !utterance->is_over && utterance->n_taken > 0;

  if (!is_open && !has_left && finals->heard > token->timestamp)
    finals->hold = MAX (finals->hold, finals->heard - token->timestamp);
}

void
gst_hearken_finals_add (GstHearkenFinals *finals, const HearkenToken *token)
{
  learn_hold (finals, token);
  if (g_str_equal (token->level, "word"))
    add_word (finals, token);
  else if (g_str_equal (token->level, "utterance"))
    add_utterance (finals, token);
  else if (!GST_CLOCK_TIME_IS_VALID (finals->token_start))
    finals->token_start = token->timestamp;
}

static GstClockTime
back (GstClockTime time, GstClockTime by)
{
  return time - MIN (time, by);
}

/* Returns: before when nothing more can begin */
static GstClockTime
get_settled (const GstHearkenFinals *finals)
{
  GstClockTime settled = back (finals->heard, finals->hold);

  if (finals->utterance.words->len > 0)
    settled = MIN (settled, get_word (finals, 0)->start);
  settled = MIN (settled, finals->token_start);
  return MAX (settled, back (finals->heard, finals->budget));
}

void
gst_hearken_finals_hear (GstHearkenFinals *finals, GstClockTime until)
{
  GstClockTime settled;

  finals->heard = MAX (finals->heard, until);
  emit_due (finals);
  settled = get_settled (finals);
  if (settled >= finals->track.position + GAP_NS)
    gst_hearken_track_skip_to (&finals->track, settled);
}

void
gst_hearken_finals_finish (GstHearkenFinals *finals)
{
  emit_all (finals, 0);
  gst_hearken_track_skip_to (&finals->track, finals->heard);
}
