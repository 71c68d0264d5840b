/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The lines of the input are what is special in structures `recognized-token`. Those that are complete
 * become transcripts in every format, and captions. JSON must be JSON, and captions in order.
 */

#include <string.h>

#include "formats.h"
#include "fuzz.h"
#include "gsthearkencaptioner.h"

#define MAX_TOKENS 50

static void
write_transcripts (const GArray *tokens)
{
  ToolUtterance *open = NULL;

  for (guint i = 0; i < tokens->len; i++) {
    g_autoptr (ToolUtterance) utterance =
        tool_utterance_collect (&open, &g_array_index (tokens, HearkenToken, i));
    if (utterance == NULL)
      continue;
    fuzz_write_transcripts (utterance);
    tool_utterance_clean_up (utterance);
    fuzz_write_transcripts (utterance);
  }
  g_clear_pointer (&open, tool_utterance_free);
}

/* Returns: until when there are captions */
static GstClockTime
check_captions (GstHearkenCaptioner *captioner, GstClockTime until)
{
  GstSegment segment;
  GstHearkenCaption *caption;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  while ((caption = gst_hearken_captioner_pull (captioner)) != NULL) {
    g_assert (caption->start == until && caption->end > until);
    until = caption->end;
    for (int format = 0; caption->words->len > 0 && format <= GST_HEARKEN_TEXT_JSON; format++) {
      const GstHearkenTextStyle style = { format, 0.5, "gray", FALSE, &segment };
      g_autofree char *text = gst_hearken_caption_write (caption, &style);
      if (format == GST_HEARKEN_TEXT_JSON)
        fuzz_check_json (text);
    }
    gst_hearken_caption_free (caption);
  }
  return until;
}

static void
make_captions (const GArray *tokens, const GstHearkenTextSettings *settings)
{
  g_autoptr (GstHearkenCaptioner) captioner = gst_hearken_captioner_new (settings);
  GstClockTime until = 0;

  gst_hearken_captioner_start (captioner, 0);
  for (guint i = 0; i < tokens->len; i++) {
    gst_hearken_captioner_add (captioner, &g_array_index (tokens, HearkenToken, i));
    until = check_captions (captioner, until);
    gst_hearken_captioner_hear (captioner, (i + 1) * GST_SECOND);
    until = check_captions (captioner, until);
  }
  gst_hearken_captioner_finish (captioner);
  check_captions (captioner, until);
}

/* Appends @value, or an alternative of that text. */
static void
append_to_array (GstStructure *structure, const char *field, GType type, const char *value)
{
  const GValue *old = gst_structure_get_value (structure, field);
  GValue array = G_VALUE_INIT, element = G_VALUE_INIT;

  gst_value_array_init (&array, 1);
  if (old != NULL && GST_VALUE_HOLDS_ARRAY (old) &&
      G_VALUE_HOLDS (gst_value_array_get_value (old, 0), type))
    g_value_copy (old, &array);
  g_value_init (&element, type);
  if (type == G_TYPE_STRING)
    g_value_set_string (&element, value);
  else
    g_value_take_boxed (&element, gst_structure_new ("alternative", "text", G_TYPE_STRING, value,
                                      "confidence", G_TYPE_DOUBLE, 0.25, NULL));
  gst_value_array_append_and_take_value (&array, &element);
  gst_structure_take_value (structure, field, &array);
}

/* The value is written as text, and is whatever type the input says: the right one, or another. */
static void
set_field (GstStructure *structure, const char *field, char type, const char *value)
{
  switch (type) {
  case 's':
    gst_structure_set (structure, field, G_TYPE_STRING, value, NULL);
    break;
  case 'u':
    gst_structure_set (
        structure, field, G_TYPE_UINT, (guint) g_ascii_strtoull (value, NULL, 10), NULL);
    break;
  case 't':
    gst_structure_set (structure, field, G_TYPE_UINT64, g_ascii_strtoull (value, NULL, 10), NULL);
    break;
  case 'd':
    gst_structure_set (structure, field, G_TYPE_DOUBLE, g_ascii_strtod (value, NULL), NULL);
    break;
  case 'b':
    gst_structure_set (structure, field, G_TYPE_BOOLEAN, *value == 't', NULL);
    break;
  case 'a':
    append_to_array (structure, field, G_TYPE_STRING, value);
    break;
  case 'A':
    append_to_array (structure, field, GST_TYPE_STRUCTURE, value);
    break;
  }
}

/* @line: fields between tabs, each a letter for its name, one for its type, and the value; what is not
 * there is as in any token */
static GstStructure *
make_token (const char *line)
{
  static const char *const names[] = { "alternatives", "confidence", "duration", "end-reason",
    "final", "index", "level", "rejected", "revision", "running-time", "stream-time", "tags",
    "text", "timestamp", "token-id", "utterance-id" };
  GstStructure *structure = gst_structure_new (HEARKEN_TOKEN_NAME, "level", G_TYPE_STRING, "word",
      "text", G_TYPE_STRING, "one", "utterance-id", G_TYPE_UINT64, (guint64) 0, "index",
      G_TYPE_UINT, 0, "final", G_TYPE_BOOLEAN, TRUE, "revision", G_TYPE_UINT, 0, "confidence",
      G_TYPE_DOUBLE, 0.5, "timestamp", G_TYPE_UINT64, GST_SECOND, "stream-time", G_TYPE_UINT64,
      GST_SECOND, "running-time", G_TYPE_UINT64, GST_SECOND, "duration", G_TYPE_UINT64,
      500 * GST_MSECOND, NULL);
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);

  for (guint i = 0; fields[i] != NULL; i++)
    if (strlen (fields[i]) >= 2 && g_ascii_islower (fields[i][0]))
      set_field (structure, names[(fields[i][0] - 'a') % G_N_ELEMENTS (names)], fields[i][1],
          fields[i] + 2);
  return structure;
}

/* @structures: gets what the tokens point into. Returns: (element-type HearkenToken) */
static GArray *
read_tokens (char **lines, GPtrArray *structures)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (HearkenToken));

  for (guint i = 0; lines[i] != NULL && tokens->len < MAX_TOKENS; i++) {
    GstStructure *structure = make_token (lines[i]);
    HearkenToken token;
    g_ptr_array_add (structures, structure);
    if (hearken_token_parse (structure, &token))
      g_array_append_val (tokens, token);
  }
  return tokens;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) structures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_structure_free);
  GstHearkenTextSettings settings = { .line_length = 20, .max_lines = 2, .latency_ms = 2000 };

  gst_init (NULL, NULL);
  g_autoptr (GArray) tokens = read_tokens (lines, structures);
  write_transcripts (tokens);
  for (int i = 0; i < 6; i++) {
    settings.granularity = i % 3;
    settings.partial_results = i / 3;
    make_captions (tokens, &settings);
  }
  return 0;
}
