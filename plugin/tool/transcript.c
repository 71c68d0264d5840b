/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "transcript.h"

#include <math.h>

#include "caption-shape.h"
#include "clean-up.h"

ToolWord *
tool_word_new (const char *text, double confidence, GstClockTime start, GstClockTime end)
{
  ToolWord *word = g_new (ToolWord, 1);

  *word = (ToolWord){ caption_text_new (text), confidence, start, end };
  return word;
}

void
tool_word_free (ToolWord *word)
{
  g_free (word->text);
  g_free (word);
}

static void
alternative_free (gpointer data)
{
  ToolAlternative *alternative = data;

  g_free (alternative->text);
  g_free (alternative);
}

ToolUtterance *
tool_utterance_new (void)
{
  ToolUtterance *utterance = g_new0 (ToolUtterance, 1);

  utterance->words = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_word_free);
  utterance->alternatives = g_ptr_array_new_with_free_func (alternative_free);
  utterance->tags = g_ptr_array_new_with_free_func (g_free);
  return utterance;
}

void
tool_utterance_free (ToolUtterance *utterance)
{
  g_free (utterance->text);
  g_free (utterance->end_reason);
  g_ptr_array_unref (utterance->words);
  g_ptr_array_unref (utterance->alternatives);
  g_ptr_array_unref (utterance->tags);
  g_free (utterance);
}

static void
take_details (ToolUtterance *utterance, const HearkenToken *token)
{
  for (guint i = 0; i < token->n_alternatives; i++) {
    ToolAlternative *alternative = g_new0 (ToolAlternative, 1);

    alternative->text =
        caption_text_new (hearken_token_get_alternative (token, i, &alternative->confidence));
    g_ptr_array_add (utterance->alternatives, alternative);
  }
  for (guint i = 0; i < token->n_tags; i++)
    g_ptr_array_add (utterance->tags, g_strdup (hearken_token_get_tag (token, i)));
  utterance->is_rejected = token->is_rejected;
  if (token->is_rejected)
    g_ptr_array_set_size (utterance->words, 0);
}

ToolUtterance *
tool_utterance_collect (ToolUtterance **open, const HearkenToken *token)
{
  GstClockTime end = token->stream_time + token->duration;
  ToolUtterance *utterance;

  if (!token->is_final)
    return NULL;
  if (!*open)
    *open = tool_utterance_new ();
  utterance = *open;

  if (g_str_equal (token->level, "word")) {
    g_ptr_array_add (
        utterance->words, tool_word_new (token->text, token->confidence, token->stream_time, end));
    return NULL;
  }
  if (!g_str_equal (token->level, "utterance"))
    return NULL;
  utterance->text = caption_text_new (token->text);
  utterance->confidence = token->confidence;
  utterance->start = token->stream_time;
  utterance->end = end;
  utterance->end_reason = g_strdup (token->end_reason);
  take_details (utterance, token);
  return g_steal_pointer (open);
}

/* @words: [n_words]: what was said. Returns: (transfer full): the word that is written for them */
static ToolWord *
join_words (ToolWord *const *words, guint n_words, const char *text)
{
  double log_confidence = 0;

  for (guint i = 0; i < n_words; i++)
    log_confidence += log (words[i]->confidence);
  return tool_word_new (
      text, exp (log_confidence / n_words), words[0]->start, words[n_words - 1]->end);
}

static void
clean_up_words (ToolUtterance *utterance)
{
  ToolWord *const *words = (ToolWord *const *) utterance->words->pdata;
  guint n_words = utterance->words->len;
  g_autofree const char **texts = g_new0 (const char *, n_words + 1); /* [n_words + 1] */
  g_autoptr (GPtrArray) cleaned = NULL;
  GPtrArray *written = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_word_free);

  for (guint i = 0; i < n_words; i++)
    texts[i] = words[i]->text;
  cleaned = hearken_clean_up_words (texts, n_words, TRUE);
  for (guint i = 0; i < cleaned->len; i++) {
    const HearkenCleanWord *word = g_ptr_array_index (cleaned, i);

    g_ptr_array_add (written, join_words (words + word->first, word->n_words, word->text));
  }
  g_ptr_array_unref (utterance->words);
  utterance->words = written;
}

/* The text is that of the words: what is written for it as a whole differs where phrases of several
 * words were listened for. */
static void
write_text (ToolUtterance *utterance)
{
  g_autofree const char **texts = g_new0 (const char *, utterance->words->len + 1);

  for (guint i = 0; i < utterance->words->len; i++)
    texts[i] = ((const ToolWord *) g_ptr_array_index (utterance->words, i))->text;
  g_free (utterance->text);
  utterance->text = g_strjoinv (" ", (char **) texts);
}

static void
clean_up_text (char **text)
{
  char *cleaned = hearken_clean_up_text (*text);

  g_free (*text);
  *text = cleaned;
}

/* "Oh" and "o" are both written as 0: the more probable stays. */
static void
clean_up_alternatives (GPtrArray *alternatives)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < alternatives->len;) {
    ToolAlternative *alternative = g_ptr_array_index (alternatives, i);

    clean_up_text (&alternative->text);
    if (g_hash_table_contains (seen, alternative->text)) {
      g_ptr_array_remove_index (alternatives, i);
    } else {
      g_hash_table_add (seen, alternative->text);
      i++;
    }
  }
}

void
tool_utterance_clean_up (ToolUtterance *utterance)
{
  clean_up_words (utterance);
  if (utterance->words->len > 0)
    write_text (utterance);
  else
    clean_up_text (&utterance->text);
  clean_up_alternatives (utterance->alternatives);
}
