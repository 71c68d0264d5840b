/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What was said: utterances and their words, put together from `recognized-token`s. */
#pragma once

#include <gst/gst.h>

#include "hearken-token.h"

G_BEGIN_DECLS

/* Times are stream times: positions as a player shows them. No text has control characters. */
typedef struct {
  char *text;
  double confidence; /* 0 … 1 */
  GstClockTime start;
  GstClockTime end;
} ToolWord;

typedef struct {
  char *text;
  double confidence; /* 0 … 1 */
} ToolAlternative;

typedef struct {
  char *text;
  double confidence; /* 0 … 1 */
  GstClockTime start;
  GstClockTime end;
  char *end_reason;        /* nullable */
  gboolean is_rejected;    /* nothing that may be said; there is no text, and no words */
  GPtrArray *words;        /* (element-type ToolWord) */
  GPtrArray *alternatives; /* (element-type ToolAlternative): the most probable first; or none */
  GPtrArray *tags;         /* (element-type char*): of the grammar */
} ToolUtterance;

ToolWord *tool_word_new (const char *text, double confidence, GstClockTime start, GstClockTime end);
void tool_word_free (ToolWord *word);

ToolUtterance *tool_utterance_new (void);
void tool_utterance_free (ToolUtterance *utterance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolUtterance, tool_utterance_free)

/**
 * tool_utterance_collect:
 * @open: (inout) (nullable): the utterance that words are still added to
 *
 * Adds a final word or ends the utterance; anything else is not for keeping.
 *
 * Returns: (transfer full) (nullable): the utterance, if it is over
 */
ToolUtterance *tool_utterance_collect (ToolUtterance **open, const HearkenToken *token);

/* Writes text, words and alternatives as people do; words that become one are joined in time. */
void tool_utterance_clean_up (ToolUtterance *utterance);

G_END_DECLS
