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

static const GstHearkenWord *
get_said (const GstHearkenUtterance *utterance, guint place)
{
  return utterance->said->pdata[place];
}

/* Returns: the place of the first word said whose index is not lower; the first words of an utterance
 * can be missing, as where hearken goes on with one that was saved */
static guint
find_place (const GstHearkenUtterance *utterance, guint index)
{
  guint place = utterance->said->len;

  while (place > 0 && get_said (utterance, place - 1)->index >= index)
    place--;
  return place;
}

static void
add_word (GstHearkenUtterance *utterance, const HearkenToken *token)
{
  guint place = find_place (utterance, token->index);
  GstHearkenWord *word;

  if (token->index < utterance->n_taken)
    return;
  word = gst_hearken_word_new (
      token->text, token->confidence, token->timestamp, token->timestamp + token->duration);
  word->is_final = token->is_final;
  word->index = token->index;
  if (place < utterance->said->len && get_said (utterance, place)->index == token->index)
    g_ptr_array_remove_index (utterance->said, place);
  g_ptr_array_insert (utterance->said, (int) place, word);
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
      word->index = utterance->said->len;
      g_ptr_array_add (utterance->said, word);
    }
  }
}

/* Words that are not final are no longer part of the utterance beyond its first @n_words. */
static void
withdraw (GstHearkenUtterance *utterance, guint n_words)
{
  GPtrArray *said = utterance->said;

  while (said->len > 0 && get_said (utterance, said->len - 1)->index >= n_words &&
         !get_said (utterance, said->len - 1)->is_final)
    g_ptr_array_set_size (said, (int) said->len - 1);
}

/* Whether no word that is yet to come changes what is written: another might belong to it. */
static gboolean
is_settled (const GstHearkenUtterance *utterance, const HearkenCleanWord *clean)
{
  const guint next = clean->first + clean->n_words;
  const guint end = utterance->is_over ? next : next + clean->n_awaited;

  for (guint i = clean->first; i < end; i++)
    if (i >= utterance->said->len || !get_said (utterance, i)->is_final)
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
  word->index = said[0]->index;
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
    texts[i] = get_said (utterance, i)->text;
  cleaned =
      hearken_clean_up_words (texts, n_said, n_said > 0 && get_said (utterance, 0)->index == 0);
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

    utterance->n_taken = get_said (utterance, word->n_said - 1)->index + 1;
    g_ptr_array_remove_range (utterance->said, 0, word->n_said);
    g_ptr_array_add (taken, word);
  }
  return taken;
}
