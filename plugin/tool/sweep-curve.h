/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How many keywords are missed and how many heard that nobody said, by the threshold. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct ToolSweep ToolSweep;

/* All keywords together. */
#define TOOL_SWEEP_ALL G_MAXUINT

/* The thresholds that are compared, counted from 0. */
#define TOOL_SWEEP_N_THRESHOLDS 28
double tool_sweep_get_threshold (guint threshold);

typedef struct {
  guint n_said;
  guint n_missed;
  guint n_false;
} ToolSweepCount;

/* @list: a phrase a line, then perhaps a number between slashes; "#" begins a comment. Texts and
 * phrases are compared as tool_normalize() makes them. */
ToolSweep *tool_sweep_new (const char *list);
void tool_sweep_free (ToolSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolSweep, tool_sweep_free)

/* The next recording, in which @text is said. */
void tool_sweep_add_clip (ToolSweep *sweep, const char *text);
/* In recording @clip, counted from 0, @phrase was heard with the threshold of that number. */
void tool_sweep_add_heard (ToolSweep *sweep, guint clip, const char *phrase, guint threshold);

guint tool_sweep_get_n_keywords (const ToolSweep *sweep);
/* What happens with the threshold of that number. A keyword that is heard more often in a recording than
 * it is said there was false so many times. */
ToolSweepCount tool_sweep_count (const ToolSweep *sweep, guint keyword, guint threshold);

/* Lines of keyword, threshold, times said, missed, missed in percent, false, and false in an hour,
 * with tabs between. */
void tool_sweep_append_table (const ToolSweep *sweep, double seconds, GString *out);
/* The curves as a drawing (SVG): missed in percent over false alarms in an hour. */
void tool_sweep_append_svg (const ToolSweep *sweep, double seconds, GString *out);

G_END_DECLS
