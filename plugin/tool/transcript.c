/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "transcript.h"

ToolWord *
tool_word_new (const char *text, double confidence, GstClockTime start, GstClockTime end)
{
  ToolWord *word = g_new (ToolWord, 1);

  *word = (ToolWord){ g_strdup (text), confidence, start, end };
  return word;
}

void
tool_word_free (ToolWord *word)
{
  g_free (word->text);
  g_free (word);
}

ToolUtterance *
tool_utterance_new (void)
{
  ToolUtterance *utterance = g_new0 (ToolUtterance, 1);

  utterance->words = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_word_free);
  return utterance;
}

void
tool_utterance_free (ToolUtterance *utterance)
{
  g_free (utterance->text);
  g_free (utterance->end_reason);
  g_ptr_array_unref (utterance->words);
  g_free (utterance);
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
  utterance->text = g_strdup (token->text);
  utterance->confidence = token->confidence;
  utterance->start = token->stream_time;
  utterance->end = end;
  utterance->end_reason = g_strdup (token->end_reason);
  return g_steal_pointer (open);
}
