/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "live.h"

#include <string.h>

#include "caption-shape.h"
#include "terminal.h"

#define CLEAR_LINE "\r\033[K"
#define DIM "\033[2m"
#define NORMAL "\033[0m"
#define TIME_COLUMNS 10

struct ToolLive {
  gboolean is_terminal;
  GString *words;     /* of the open utterance, final */
  GString *text;      /* of the open utterance, as it was told last */
  GstClockTime start; /* of the open utterance */
  gboolean is_open;
  GString *out;
};

ToolLive *
tool_live_new (gboolean is_terminal)
{
  ToolLive *live = g_new0 (ToolLive, 1);

  live->is_terminal = is_terminal;
  live->words = g_string_new (NULL);
  live->text = g_string_new (NULL);
  live->out = g_string_new (NULL);
  return live;
}

void
tool_live_free (ToolLive *live)
{
  g_string_free (live->words, TRUE);
  g_string_free (live->text, TRUE);
  g_string_free (live->out, TRUE);
  g_free (live);
}

static void
append_time (GString *out, GstClockTime time)
{
  g_string_append_printf (out, "%8.2f  ", (double) time / GST_SECOND);
}

/* How much of the text, from its beginning, will not change any more. */
static gsize
get_final_length (const ToolLive *live)
{
  return g_str_has_prefix (live->text->str, live->words->str) ? live->words->len : 0;
}

/* Final words as they are, what can still change dim; the end of it if it is too long. */
static void
draw (ToolLive *live, guint n_columns)
{
  guint n_text = n_columns > TIME_COLUMNS + 1 ? n_columns - TIME_COLUMNS - 1 : 1;
  const char *shown = tool_fit_end (live->text->str, n_text);
  const char *open = MAX (shown, live->text->str + get_final_length (live));

  g_string_append (live->out, CLEAR_LINE);
  append_time (live->out, live->start);
  g_string_append_len (live->out, shown, open - shown);
  if (*open)
    g_string_append_printf (live->out, DIM "%s" NORMAL, open);
}

/* A line that is empty is none: nothing was said that may be said. */
static void
close_line (ToolLive *live)
{
  if (live->is_terminal)
    g_string_append (live->out, CLEAR_LINE);
  if (live->text->len > 0) {
    append_time (live->out, live->start);
    g_string_append_printf (live->out, "%s\n", live->text->str);
  }
  g_string_truncate (live->words, 0);
  g_string_truncate (live->text, 0);
  live->is_open = FALSE;
}

static void
add_word (ToolLive *live, const char *word)
{
  g_string_append_printf (live->words, "%s%s", live->words->len > 0 ? " " : "", word);
  if (!g_str_has_prefix (live->text->str, live->words->str))
    g_string_assign (live->text, live->words->str);
}

const char *
tool_live_hear (ToolLive *live, const HearkenToken *token, guint n_columns)
{
  gboolean is_utterance = g_str_equal (token->level, "utterance");
  g_autofree char *text = caption_text_new (token->text);

  g_string_truncate (live->out, 0);
  /* Words that can still change are in the utterance, too. */
  if (!is_utterance && !(token->is_final && g_str_equal (token->level, "word")))
    return live->out->str;
  if (is_utterance || !live->is_open)
    live->start = token->stream_time;
  live->is_open = TRUE;

  if (is_utterance)
    g_string_assign (live->text, text);
  else
    add_word (live, text);
  if (token->end_reason)
    close_line (live);
  else if (live->is_terminal)
    draw (live, n_columns);
  return live->out->str;
}

const char *
tool_live_break_off (ToolLive *live)
{
  g_string_truncate (live->out, 0);
  if (live->is_open)
    close_line (live);
  return live->out->str;
}
