/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <gio/gio.h>

#include "caption-shape.h"

#define BAR_COLUMNS 24
#define LABEL_COLUMNS 32
#define CLEAR_LINE "\r\033[K"

static gboolean bar_is_shown = FALSE;

void
tool_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* One line, whatever the names of files are that it tells of. */
  caption_replace_controls (text, '?');
  tool_progress_clear ();
  fprintf (stderr, "hearken: %s\n", text);
}

void
tool_say_transcribed (
    const char *what, guint n_done, guint n_there, guint n_failed, gboolean was_interrupted)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %u transcribed", what, n_done);
  if (n_there > 0)
    g_string_append_printf (text, ", %u there already", n_there);
  if (n_failed > 0)
    g_string_append_printf (text, ", %u failed", n_failed);
  if (was_interrupted)
    g_string_append (text, "; interrupted");
  tool_complain ("%s", text->str);
}

gboolean
tool_print (const char *text, GError **error)
{
  tool_progress_clear ();
  if (fputs (text, stdout) >= 0 && fflush (stdout) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
      "cannot write to standard output: %s", g_strerror (errno));
  return FALSE;
}

gboolean
tool_progress_is_wanted (void)
{
  return isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

void
tool_progress_show (double done, guint total, const char *label)
{
  guint n_filled = total > 0 ? (guint) (done / total * BAR_COLUMNS) : 0;
  char bar[BAR_COLUMNS + 1] = { 0 };
  g_autofree char *name = g_strdup (label);

  caption_replace_controls (name, '?');
  memset (bar, ' ', BAR_COLUMNS);
  memset (bar, '#', MIN (n_filled, BAR_COLUMNS));
  fprintf (stderr, CLEAR_LINE "[%s] ", bar);
  if (total == 1)
    fprintf (stderr, "%3.0f %%", 100 * done);
  else
    fprintf (stderr, "%u/%u", (guint) done, total);
  fprintf (stderr, "  %s", tool_fit_end (name, LABEL_COLUMNS));
  fflush (stderr);
  bar_is_shown = TRUE;
}

void
tool_progress_clear (void)
{
  if (!bar_is_shown)
    return;
  fputs (CLEAR_LINE, stderr);
  fflush (stderr);
  bar_is_shown = FALSE;
}

guint
tool_terminal_get_width (int fd)
{
  struct winsize size;

  return ioctl (fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static guint
get_columns (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

const char *
tool_fit_end (const char *text, guint n_columns)
{
  const char *start = text + strlen (text);

  while (start > text) {
    const char *before = g_utf8_find_prev_char (text, start);
    guint n_needed = before ? get_columns (g_utf8_get_char (before)) : 0;

    if (!before || n_needed > n_columns)
      break;
    n_columns -= n_needed;
    start = before;
  }
  return start;
}
