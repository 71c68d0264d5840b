/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "format.h"

#include <string.h>

#include "caption-shape.h"

static void
text_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out)
{
  if (utterance->is_rejected)
    return;
  if (writer->is_list) {
    g_autofree char *file = g_strdup (writer->file);

    caption_replace_controls (file, '?');
    g_string_append_printf (out, "%s: ", file);
  }
  g_string_append_printf (out, "%s\n", utterance->text);
}

/* The first field of a CTM line: the recording's name without folder, suffix and blanks. */
static char *
get_recording (const char *file)
{
  char *name = g_path_get_basename (file);
  char *dot = strrchr (name, '.');

  if (dot && dot != name)
    *dot = '\0';
  caption_replace_controls (name, '_');
  return g_strdelimit (name, " ", '_');
}

/* NIST's conversation time marks: recording, channel, start, duration, word, confidence. */
static void
ctm_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out)
{
  g_autofree char *recording = get_recording (writer->file);

  for (guint i = 0; i < utterance->words->len; i++) {
    const ToolWord *word = g_ptr_array_index (utterance->words, i);
    g_autofree char *text = g_strdelimit (g_strdup (word->text), " \t", '_');

    g_string_append_printf (out, "%s 1 %.2f %.2f %s %.2f\n", recording,
        (double) word->start / GST_SECOND, (double) (word->end - word->start) / GST_SECOND, text,
        word->confidence);
  }
}

static const ToolFormat formats[] = {
  { .name = "text", .suffix = "txt", .add = text_add },
  { .name = "json",
      .suffix = "json",
      .begin = tool_json_begin,
      .add = tool_json_add,
      .end = tool_json_end,
      .close = tool_json_close },
  { .name = "jsonl", .suffix = "jsonl", .add = tool_jsonl_add },
  { .name = "srt", .suffix = "srt", .is_one_file = TRUE, .add = tool_srt_add },
  { .name = "vtt",
      .suffix = "vtt",
      .is_one_file = TRUE,
      .begin = tool_vtt_begin,
      .add = tool_vtt_add },
  { .name = "ctm", .suffix = "ctm", .add = ctm_add },
};

const ToolFormat *
tool_format_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (g_str_equal (formats[i].name, name))
      return &formats[i];
  }
  return NULL;
}

char *
tool_format_list_names (void)
{
  GString *names = g_string_new (formats[0].name);

  for (guint i = 1; i < G_N_ELEMENTS (formats); i++)
    g_string_append_printf (names, "|%s", formats[i].name);
  return g_string_free (names, FALSE);
}

void
tool_writer_begin (ToolWriter *writer, const char *file, GString *out)
{
  writer->file = file;
  writer->error = NULL;
  writer->n_utterances = 0;
  writer->n_cues = 0;
  if (writer->format->begin)
    writer->format->begin (writer, out);
  writer->n_files++;
}

void
tool_writer_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out)
{
  writer->format->add (writer, utterance, out);
  writer->n_utterances++;
}

void
tool_writer_end (ToolWriter *writer, GString *out)
{
  if (writer->format->end)
    writer->format->end (writer, out);
}

void
tool_writer_close (ToolWriter *writer, GString *out)
{
  if (writer->format->close)
    writer->format->close (writer, out);
}
