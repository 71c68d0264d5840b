/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "formats.h"

#include <json-glib/json-glib.h>

#include "format.h"

static const char *const formats[] = { "text", "json", "jsonl", "srt", "vtt", "ctm" };

void
fuzz_check_json (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
}

/* A terminal would obey them. */
static void
check_printable (const char *text)
{
  g_assert (g_utf8_validate (text, -1, NULL));
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    g_assert (*c == '\n' || !g_unichar_iscntrl (g_utf8_get_char (c)));
}

static void
write_transcript (const ToolUtterance *utterance, const char *name)
{
  g_autoptr (GString) out = g_string_new (NULL);
  ToolWriter writer = { .format = tool_format_find (name) };

  tool_writer_begin (&writer, "a.wav", out);
  tool_writer_add (&writer, utterance, out);
  tool_writer_end (&writer, out);
  tool_writer_close (&writer, out);
  if (g_str_has_prefix (name, "json"))
    fuzz_check_json (out->str);
  check_printable (out->str);
}

void
fuzz_write_transcripts (const ToolUtterance *utterance)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    write_transcript (utterance, formats[i]);
}
