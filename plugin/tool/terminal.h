/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What is said to people: complaints and a progress bar on standard error, results on standard
 * output. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One line on standard error. */
void tool_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* What was done of @what, "2 recordings", and what not, as a line on standard error. */
void tool_say_transcribed (
    const char *what, guint n_done, guint n_there, guint n_failed, gboolean was_interrupted);

/* Writes text to standard output at once. Returns: %FALSE with @error set if that failed */
gboolean tool_print (const char *text, GError **error);

/* Whether standard error is a terminal that a bar can be drawn on. */
gboolean tool_progress_is_wanted (void);
/* Draws the bar: @done of @total recordings, whose parts count, and a word on the present one. */
void tool_progress_show (double done, guint total, const char *label);
/* Takes it away; anything else that is written does so first. */
void tool_progress_clear (void);

/* Columns of the terminal @fd; 80 where that is not known. */
guint tool_terminal_get_width (int fd);

/**
 * tool_fit_end:
 * @text: UTF-8
 *
 * Returns: the last part of @text that has at most @n_columns, which is within @text
 */
const char *tool_fit_end (const char *text, guint n_columns);

G_END_DECLS
