/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenutterance.h"

#include "clean-up.h"

void
gst_hearken_utterance_init (GstHearkenUtterance *utterance)
{
  *utterance = (GstHearkenUtterance){
    .words = gst_hearken_words_new (),
    .said = gst_hearken_words_new (),
  };
}

void
gst_hearken_utterance_clear (GstHearkenUtterance *utterance)
{
  g_ptr_array_unref (utterance->words);
  g_ptr_array_unref (utterance->said);
}

void
gst_hearken_utterance_reset (GstHearkenUtterance *utterance)
{
  g_ptr_array_set_size (utterance->words, 0);
  g_ptr_array_set_size (utterance->said, 0);
  utterance->n_taken = 0;
  utterance->is_over = FALSE;
}

static void
add_word (GstHearkenUtterance *utterance, const HearkenToken *token)
{
  guint place = token->index - utterance->n_taken;
  GstHearkenWord *word;

  if (token->index < utterance->n_taken)
    return;
  word = gst_hearken_word_new (
      token->text, token->confidence, token->timestamp, token->timestamp + token->duration);
  word->is_final = token->is_final;
  if (place < utterance->said->len) {
    gst_hearken_word_free (utterance->said->pdata[place]);
    utterance->said->pdata[place] = word;
  } else {
    g_ptr_array_add (utterance->said, word);
  }
}

/* Of an utterance whose words did not come one by one: their times are guessed from their lengths. */
static void
add_words_of (GstHearkenUtterance *utterance, const HearkenToken *token)
{
  g_auto (GStrv) texts = g_strsplit_set (token->text, " \n\t", -1);
  const guint64 n_bytes = strlen (token->text) + 1;
  guint64 offset = 0;

  for (guint i = 0; texts[i]; i++) {
    const guint64 length = strlen (texts[i]);
    GstClockTime start =
        token->timestamp + gst_util_uint64_scale (token->duration, offset, n_bytes);
    GstClockTime end =
        token->timestamp + gst_util_uint64_scale (token->duration, offset + length + 1, n_bytes);

    offset += length + 1;
    if (length > 0) {
      GstHearkenWord *word = gst_hearken_word_new (texts[i], token->confidence, start, end);

      word->is_final = TRUE;
      g_ptr_array_add (utterance->said, word);
    }
  }
}

/* Words that are not final are no longer part of the utterance beyond its first @n_words. */
static void
withdraw (GstHearkenUtterance *utterance, guint n_words)
{
  GPtrArray *said = utterance->said;

  while (said->len > 0 && utterance->n_taken + said->len > n_words &&
         !((const GstHearkenWord *) said->pdata[said->len - 1])->is_final)
    g_ptr_array_set_size (said, (int) said->len - 1);
}

/* Whether no word that is yet to come changes what is written: another might belong to it. */
static gboolean
is_settled (const GstHearkenUtterance *utterance, const HearkenCleanWord *clean)
{
  const GPtrArray *said = utterance->said;
  const guint next = clean->first + clean->n_words;
  const guint end = utterance->is_over ? next : next + clean->n_awaited;

  for (guint i = clean->first; i < end; i++)
    if (i >= said->len || !((const GstHearkenWord *) said->pdata[i])->is_final)
      return FALSE;
  return TRUE;
}

/* Returns: (transfer full): what is written for words said; as sure as the least sure of them */
static GstHearkenWord *
join_words (const GstHearkenUtterance *utterance, const HearkenCleanWord *clean)
{
  GstHearkenWord *const *said = (GstHearkenWord *const *) utterance->said->pdata + clean->first;
  const GstHearkenWord *last = said[clean->n_words - 1];
  GstHearkenWord *word =
      gst_hearken_word_new (clean->text, last->confidence, said[0]->start, last->end);

  for (guint i = 0; i < clean->n_words; i++)
    word->confidence = MIN (word->confidence, said[i]->confidence);
  word->n_said = clean->n_words;
  word->is_final = is_settled (utterance, clean);
  return word;
}

static void
clean_up (GstHearkenUtterance *utterance)
{
  const guint n_said = utterance->said->len;
  g_autofree const char **texts = g_new0 (const char *, n_said + 1); /* [n_said + 1] */
  g_autoptr (GPtrArray) cleaned = NULL;

  for (guint i = 0; i < n_said; i++)
    texts[i] = ((const GstHearkenWord *) utterance->said->pdata[i])->text;
  cleaned = hearken_clean_up_words (texts, n_said, utterance->n_taken == 0);
  for (guint i = 0; i < cleaned->len; i++)
    g_ptr_array_add (utterance->words, join_words (utterance, cleaned->pdata[i]));
}

static void
write_words (GstHearkenUtterance *utterance)
{
  g_ptr_array_set_size (utterance->words, 0);
  if (utterance->cleans_up) {
    clean_up (utterance);
    return;
  }
  for (guint i = 0; i < utterance->said->len; i++)
    g_ptr_array_add (utterance->words, gst_hearken_word_copy (utterance->said->pdata[i]));
}

static void
add_utterance (GstHearkenUtterance *utterance, const HearkenToken *token)
{
  withdraw (utterance, token->is_final ? 0 : token->n_words);
  if (token->is_final && utterance->n_taken == 0 && utterance->said->len == 0)
    add_words_of (utterance, token);
  utterance->is_over = token->is_final;
}

/* Whether the ids count from 0 again, as after a hearken was in READY: what revises a word has a higher
 * revision. */
static gboolean
counts_anew (const GstHearkenUtterance *utterance, const HearkenToken *token)
{
  return g_str_equal (token->level, "word") && token->index == 0 && token->revision == 0 &&
         utterance->n_taken + utterance->said->len > 0;
}

void
gst_hearken_utterance_add (GstHearkenUtterance *utterance, const HearkenToken *token)
{
  if (utterance->is_over || token->utterance_id != utterance->id || counts_anew (utterance, token))
    gst_hearken_utterance_reset (utterance);
  utterance->id = token->utterance_id;

  if (g_str_equal (token->level, "word"))
    add_word (utterance, token);
  else
    add_utterance (utterance, token);
  write_words (utterance);
}

GPtrArray *
gst_hearken_utterance_take (GstHearkenUtterance *utterance, guint n_words)
{
  GPtrArray *taken = gst_hearken_words_new ();

  for (guint i = 0; i < n_words; i++) {
    GstHearkenWord *word = g_ptr_array_steal_index (utterance->words, 0);

    g_ptr_array_remove_range (utterance->said, 0, word->n_said);
    utterance->n_taken += word->n_said;
    g_ptr_array_add (taken, word);
  }
  return taken;
}
