/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "live.h"

#include <string.h>

#include "terminal.h"

#define CLEAR_LINE "\r\033[K"
#define DIM "\033[2m"
#define NORMAL "\033[0m"
#define TIME_COLUMNS 10

struct ToolLive {
  gboolean is_terminal;
  GString *words;     /* of the open utterance, complete */
  GString *letters;   /* of the word that is not complete */
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
  live->letters = g_string_new (NULL);
  live->out = g_string_new (NULL);
  return live;
}

void
tool_live_free (ToolLive *live)
{
  g_string_free (live->words, TRUE);
  g_string_free (live->letters, TRUE);
  g_string_free (live->out, TRUE);
  g_free (live);
}

static void
append_time (GString *out, GstClockTime time)
{
  g_string_append_printf (out, "%8.2f  ", (double) time / GST_SECOND);
}

/* Words as they are, the incomplete one dim; the end of it if it is too long for the terminal. */
static void
draw (ToolLive *live, guint n_columns)
{
  guint n_text = n_columns > TIME_COLUMNS + 1 ? n_columns - TIME_COLUMNS - 1 : 1;
  g_autofree char *line = g_strconcat (live->words->str, live->letters->str, NULL);
  const char *shown = tool_fit_end (line, n_text);
  gsize n_letters = MIN (live->letters->len, strlen (shown));
  gsize n_words = strlen (shown) - n_letters;

  g_string_append (live->out, CLEAR_LINE);
  append_time (live->out, live->start);
  g_string_append_len (live->out, shown, n_words);
  if (n_letters > 0)
    g_string_append_printf (live->out, DIM "%s" NORMAL, shown + n_words);
}

static void
close_line (ToolLive *live, const char *text)
{
  if (live->is_terminal)
    g_string_append (live->out, CLEAR_LINE);
  append_time (live->out, live->start);
  g_string_append_printf (live->out, "%s\n", text);
  g_string_truncate (live->words, 0);
  g_string_truncate (live->letters, 0);
  live->is_open = FALSE;
}

/* A letter, or the mark that begins or ends a word, which the word itself will tell. */
static void
add_letter (ToolLive *live, const char *text)
{
  if (g_str_has_prefix (text, "\u2581"))
    text += strlen ("\u2581");
  if (!g_str_equal (text, " ") && !g_str_equal (text, "|"))
    g_string_append (live->letters, text);
}

const char *
tool_live_hear (ToolLive *live, const HearkenToken *token, guint n_columns)
{
  g_string_truncate (live->out, 0);
  if (!live->is_open)
    live->start = token->stream_time;
  live->is_open = TRUE;

  if (g_str_equal (token->level, "utterance")) {
    live->start = token->stream_time;
    close_line (live, token->text);
    return live->out->str;
  }
  if (g_str_equal (token->level, "token")) {
    add_letter (live, token->text);
  } else {
    g_string_append_printf (live->words, "%s ", token->text);
    g_string_truncate (live->letters, 0);
  }
  if (live->is_terminal)
    draw (live, n_columns);
  return live->out->str;
}

const char *
tool_live_break_off (ToolLive *live)
{
  g_autofree char *text = g_strconcat (live->words->str, live->letters->str, NULL);

  g_string_truncate (live->out, 0);
  if (live->is_open)
    close_line (live, g_strchomp (text));
  return live->out->str;
}
