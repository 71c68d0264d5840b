/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkencaptions.h"

/* How long an utterance stays after its end, unless another takes its place. */
#define LINGER_NS (2 * GST_SECOND)

void
gst_hearken_roller_init (GstHearkenRoller *roller, const GstHearkenTextSettings *settings)
{
  *roller = (GstHearkenRoller){
    .granularity = settings->granularity,
    .shape = { settings->line_length, G_MAXUINT, GST_CLOCK_TIME_NONE / 2 },
    .max_lines =
        settings->granularity == GST_HEARKEN_GRANULARITY_LINE ? settings->max_lines : G_MAXUINT,
    .step = MIN (settings->latency_ms * GST_MSECOND, GST_HEARKEN_ROLLER_STEP_NS),
    .clear_at = GST_CLOCK_TIME_NONE,
  };
  gst_hearken_track_init (&roller->track);
  gst_hearken_utterance_init (&roller->utterance);
  roller->utterance.cleans_up = settings->clean_up;
  roller->shown = gst_hearken_words_new ();
  gst_hearken_roller_start (roller, 0);
}

void
gst_hearken_roller_clear (GstHearkenRoller *roller)
{
  gst_hearken_track_clear (&roller->track);
  gst_hearken_utterance_clear (&roller->utterance);
  g_ptr_array_unref (roller->shown);
}

void
gst_hearken_roller_start (GstHearkenRoller *roller, GstClockTime start)
{
  gst_hearken_track_clear (&roller->track);
  gst_hearken_track_start (&roller->track, start);
  roller->heard = start;
}

void
gst_hearken_roller_forget (GstHearkenRoller *roller)
{
  gst_hearken_utterance_reset (&roller->utterance);
  g_ptr_array_set_size (roller->shown, 0);
  roller->is_new = FALSE;
}

/* Returns: (transfer full) (element-type GstHearkenWord): copies of the words from @first on */
static GPtrArray *
copy_words (const GPtrArray *words, guint first)
{
  GPtrArray *copies = gst_hearken_words_new ();

  for (guint i = first; i < words->len; i++)
    g_ptr_array_add (copies, gst_hearken_word_copy (g_ptr_array_index (words, i)));
  return copies;
}

/* Breaks the utterance into lines. Returns: the first word of its last ones, which are shown */
static guint
find_first_shown (const GstHearkenRoller *roller)
{
  const GPtrArray *words = roller->utterance.words;
  CaptionFill fill = { 0 };
  guint first = words->len;

  if (roller->granularity == GST_HEARKEN_GRANULARITY_WORD)
    return words->len - MIN (words->len, 1);
  for (guint i = 0; i < words->len; i++) {
    GstHearkenWord *word = g_ptr_array_index (words, i);

    word->begins_line = caption_fill_add (&fill, &roller->shape, word->text, word->start,
                            word->end) == CAPTION_NEW_LINE;
  }
  for (guint n_lines = 0; first > 0 && n_lines < roller->max_lines; first--)
    n_lines += ((const GstHearkenWord *) g_ptr_array_index (words, first - 1))->begins_line;
  return first;
}

static gboolean
is_same (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++) {
    const GstHearkenWord *x = g_ptr_array_index (a, i), *y = g_ptr_array_index (b, i);

    if (!g_str_equal (x->text, y->text) || x->is_final != y->is_final)
      return FALSE;
  }
  return TRUE;
}

/* Tells what is shown up to @time. */
static void
tell_until (GstHearkenRoller *roller, GstClockTime time)
{
  if (time <= roller->track.position)
    return;
  if (roller->shown->len == 0)
    gst_hearken_track_skip_to (&roller->track, time);
  else
    gst_hearken_track_add (
        &roller->track, copy_words (roller->shown, 0), roller->track.position, time);
  roller->is_new = FALSE;
}

/* Shows other words from @time on. @words: (transfer full) */
static void
show (GstHearkenRoller *roller, GPtrArray *words, GstClockTime time)
{
  if (is_same (words, roller->shown)) {
    g_ptr_array_unref (words);
    return;
  }
  tell_until (roller, time);
  g_ptr_array_unref (roller->shown);
  roller->shown = words;
  roller->is_new = TRUE;
}

static void
clear_when_due (GstHearkenRoller *roller)
{
  if (roller->heard < roller->clear_at) /* also where that is GST_CLOCK_TIME_NONE */
    return;
  show (roller, gst_hearken_words_new (), roller->clear_at);
  roller->clear_at = GST_CLOCK_TIME_NONE;
}

void
gst_hearken_roller_hear (GstHearkenRoller *roller, GstClockTime until)
{
  roller->heard = MAX (roller->heard, until);
  clear_when_due (roller);
  if (roller->heard >= roller->track.position + roller->step)
    tell_until (roller, roller->heard);
}

void
gst_hearken_roller_add (GstHearkenRoller *roller, const HearkenToken *token)
{
  if (g_str_equal (token->level, "token"))
    return;
  roller->heard = MAX (roller->heard, token->timestamp + token->duration);
  clear_when_due (roller);

  gst_hearken_utterance_add (&roller->utterance, token);
  show (roller, copy_words (roller->utterance.words, find_first_shown (roller)), roller->heard);
  roller->clear_at = roller->utterance.is_over ? roller->heard + LINGER_NS : GST_CLOCK_TIME_NONE;
}

void
gst_hearken_roller_finish (GstHearkenRoller *roller)
{
  tell_until (roller, roller->heard);
  if (roller->is_new)
    tell_until (roller, roller->heard + CAPTION_MIN_NS);
  gst_hearken_roller_forget (roller);
}
