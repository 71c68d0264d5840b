/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkencaption.h"

#include "caption-json.h"
#include "caption-shape.h"
#include "gsthearkensegment.h"

GstHearkenWord *
gst_hearken_word_new (const char *text, double confidence, GstClockTime start, GstClockTime end)
{
  GstHearkenWord *word = g_new0 (GstHearkenWord, 1);

  word->text = caption_text_new (text);
  word->confidence = confidence;
  word->start = start;
  word->end = end;
  word->n_said = 1;
  return word;
}

GstHearkenWord *
gst_hearken_word_copy (const GstHearkenWord *word)
{
  GstHearkenWord *copy = g_new (GstHearkenWord, 1);

  *copy = *word;
  copy->text = g_strdup (word->text);
  return copy;
}

void
gst_hearken_word_free (GstHearkenWord *word)
{
  g_free (word->text);
  g_free (word);
}

GPtrArray *
gst_hearken_words_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) gst_hearken_word_free);
}

char *
gst_hearken_words_join (const GPtrArray *words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++) {
    const GstHearkenWord *word = g_ptr_array_index (words, i);

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word->text);
  }
  return g_string_free (text, FALSE);
}

GstHearkenCaption *
gst_hearken_caption_new (GPtrArray *words, GstClockTime start, GstClockTime end)
{
  GstHearkenCaption *caption = g_new (GstHearkenCaption, 1);

  *caption = (GstHearkenCaption){ start, end, words };
  return caption;
}

void
gst_hearken_caption_free (GstHearkenCaption *caption)
{
  g_ptr_array_unref (caption->words);
  g_free (caption);
}

/* Text and markup */

static void
append_marked_up (GString *out, const GstHearkenWord *word, const GstHearkenTextStyle *style)
{
  if (style->mark_color && word->confidence < style->mark_confidence) {
    g_autofree char *span = g_markup_printf_escaped (
        "<span foreground=\"%s\">%s</span>", style->mark_color, word->text);

    g_string_append (out, span);
  } else {
    g_autofree char *escaped = g_markup_escape_text (word->text, -1);

    g_string_append (out, escaped);
  }
}

static void
append_lines (GString *out, const GstHearkenCaption *caption, const GstHearkenTextStyle *style)
{
  for (guint i = 0; i < caption->words->len; i++) {
    const GstHearkenWord *word = g_ptr_array_index (caption->words, i);

    if (i > 0)
      g_string_append_c (out, word->begins_line ? '\n' : ' ');
    if (style->format == GST_HEARKEN_TEXT_PANGO)
      append_marked_up (out, word, style);
    else
      g_string_append (out, word->text);
  }
}

/* JSON */

/* A caption is as sure as its least sure word. */
static double
get_confidence (const GPtrArray *words)
{
  double least = 1;

  for (guint i = 0; i < words->len; i++)
    least = MIN (least, ((const GstHearkenWord *) g_ptr_array_index (words, i))->confidence);
  return least;
}

/* Whether no later caption revises a word of this one. */
static gboolean
is_final (const GPtrArray *words)
{
  for (guint i = 0; i < words->len; i++)
    if (!((const GstHearkenWord *) g_ptr_array_index (words, i))->is_final)
      return FALSE;
  return TRUE;
}

static GstClockTime
get_stream_time (const GstHearkenTextStyle *style, GstClockTime timestamp)
{
  const GstClockTimeDiff time = gst_hearken_segment_to_stream_time (style->segment, timestamp);

  return MAX (0, time);
}

static void
append_span (GString *out, const GstHearkenTextStyle *style, GstClockTime start, GstClockTime end,
    const char *text, double confidence)
{
  caption_json_append_span (out, get_stream_time (style, start), get_stream_time (style, end), text,
      confidence, CAPTION_JSON_ROUNDED);
}

static void
append_json (GString *out, const GstHearkenCaption *caption, const GstHearkenTextStyle *style)
{
  const GPtrArray *words = caption->words;
  const GstHearkenWord *first = g_ptr_array_index (words, 0);
  const GstHearkenWord *last = g_ptr_array_index (words, words->len - 1);
  g_autofree char *text = gst_hearken_words_join (words);

  g_string_append (out, "{ ");
  append_span (out, style, first->start, last->end, text, get_confidence (words));
  g_string_append_printf (
      out, ", \"final\": %s, \"words\": [ ", is_final (words) ? "true" : "false");
  for (guint i = 0; i < words->len; i++) {
    const GstHearkenWord *word = g_ptr_array_index (words, i);

    g_string_append (out, i > 0 ? ", { " : "{ ");
    append_span (out, style, word->start, word->end, word->text, word->confidence);
    g_string_append (out, " }");
  }
  g_string_append (out, " ] }");
}

char *
gst_hearken_caption_write (const GstHearkenCaption *caption, const GstHearkenTextStyle *style)
{
  GString *out = g_string_new (NULL);

  if (style->format == GST_HEARKEN_TEXT_JSON)
    append_json (out, caption, style);
  else
    append_lines (out, caption, style);
  if (style->newline || style->format == GST_HEARKEN_TEXT_JSON)
    g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}
