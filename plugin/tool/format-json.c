/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* JSON: one object a file, a list of them for several; or one object a line and utterance. */

#include "format.h"

/* @separator: between the words */
static void
append_words (
    GString *out, const GPtrArray *words, const char *separator, CaptionJsonNumbers numbers)
{
  for (guint i = 0; i < words->len; i++) {
    const ToolWord *word = g_ptr_array_index (words, i);

    g_string_append_printf (out, "%s{ ", i > 0 ? separator : "");
    caption_json_append_span (out, word->start, word->end, word->text, word->confidence, numbers);
    g_string_append (out, " }");
  }
}

static void
append_alternatives (GString *out, const GPtrArray *alternatives, CaptionJsonNumbers numbers)
{
  for (guint i = 0; i < alternatives->len; i++) {
    const ToolAlternative *alternative = g_ptr_array_index (alternatives, i);

    g_string_append (out, i > 0 ? ", { \"text\": " : ", \"alternatives\": [ { \"text\": ");
    caption_json_append_string (out, alternative->text);
    g_string_append (out, ", \"confidence\": ");
    caption_json_append_number (out, alternative->confidence, numbers);
    g_string_append (out, " }");
  }
  if (alternatives->len > 0)
    g_string_append (out, " ]");
}

static void
append_tags (GString *out, const GPtrArray *tags)
{
  for (guint i = 0; i < tags->len; i++) {
    g_string_append (out, i > 0 ? ", " : ", \"tags\": [ ");
    caption_json_append_string (out, g_ptr_array_index (tags, i));
  }
  if (tags->len > 0)
    g_string_append (out, " ]");
}

static void
append_utterance (GString *out, const ToolUtterance *utterance, CaptionJsonNumbers numbers)
{
  caption_json_append_span (
      out, utterance->start, utterance->end, utterance->text, utterance->confidence, numbers);
  if (utterance->end_reason) {
    g_string_append (out, ", \"end-reason\": ");
    caption_json_append_string (out, utterance->end_reason);
  }
  if (utterance->is_rejected)
    g_string_append (out, ", \"rejected\": true");
  append_tags (out, utterance->tags);
  append_alternatives (out, utterance->alternatives, numbers);
}

void
tool_json_begin (ToolWriter *writer, GString *out)
{
  if (writer->is_list)
    g_string_append (out, writer->n_files == 0 ? "[\n" : ",\n");
  g_string_append (out, "{\n  \"file\": ");
  caption_json_append_string (out, writer->file);
  g_string_append (out, ",\n  \"utterances\": [");
}

void
tool_json_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out)
{
  g_string_append (out, writer->n_utterances > 0 ? ",\n    { " : "\n    { ");
  append_utterance (out, utterance, CAPTION_JSON_ROUNDED);
  g_string_append (out, ",\n      \"words\": [\n        ");
  append_words (out, utterance->words, ",\n        ", CAPTION_JSON_ROUNDED);
  g_string_append (out, " ] }");
}

void
tool_json_end (ToolWriter *writer, GString *out)
{
  g_string_append (out, writer->n_utterances > 0 ? "\n  ]" : "]");
  if (writer->error) {
    g_string_append (out, ",\n  \"error\": ");
    caption_json_append_string (out, writer->error);
  }
  g_string_append (out, "\n}");
  if (!writer->is_list)
    g_string_append_c (out, '\n');
}

void
tool_json_close (ToolWriter *writer, GString *out)
{
  if (writer->is_list)
    g_string_append (out, writer->n_files > 0 ? "\n]\n" : "[]\n");
}

void
tool_json_append_utterance (
    GString *out, const ToolUtterance *utterance, CaptionJsonNumbers numbers)
{
  append_utterance (out, utterance, numbers);
  g_string_append (out, ", \"words\": [ ");
  append_words (out, utterance->words, ", ", numbers);
  g_string_append (out, " ]");
}

void
tool_jsonl_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out)
{
  g_string_append (out, "{ \"file\": ");
  caption_json_append_string (out, writer->file);
  g_string_append (out, ", ");
  tool_json_append_utterance (out, utterance, CAPTION_JSON_ROUNDED);
  g_string_append (out, " }\n");
}
