/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Errors of many recordings, by speaker and in all. */
#pragma once

#include "align.h"

G_BEGIN_DECLS

typedef struct {
  char *name; /* nullable: who speaks is not known */
  guint n_clips;
  ToolErrors words;
  ToolErrors letters;
} ToolScore;

typedef struct ToolScores ToolScores;

ToolScores *tool_scores_new (void);
void tool_scores_free (ToolScores *scores);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolScores, tool_scores_free)

/* Adds a recording. @speaker: (nullable). @said, @heard: UTF-8 */
void tool_scores_add (ToolScores *scores, const char *speaker, const char *said, const char *heard);
guint tool_scores_get_n_clips (const ToolScores *scores);

/* The word error rate's 95 % bootstrap interval, in percent: what it would be with other speakers.
 * Recordings without a speaker count as one each. Returns: the number of speakers, 2 or more, or 0
 * where there are not enough for an interval */
guint tool_scores_get_interval (const ToolScores *scores, double *low, double *high);

/* The table of the speakers, the counts and the rates, in lines. */
void tool_scores_append_report (const ToolScores *scores, GString *out);

G_END_DECLS
