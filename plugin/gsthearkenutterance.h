/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The words of the utterance that is being spoken, put together from `recognized-token`s: words
 * that are added, revised and withdrawn; as they were said, or as people write them.
 */
#pragma once

#include "gsthearkencaption.h"
#include "hearken-token.h"

typedef struct {
  gboolean cleans_up; /* to be set once: whether words are written as people do */
  GPtrArray *words;   /* (element-type GstHearkenWord): those not yet taken */
  GPtrArray *said;    /* (element-type GstHearkenWord): what they are written for, by their index */
  guint n_taken;      /* the index from which they are not yet taken */
  gboolean is_over;   /* a final utterance has come; the next word begins another */
  guint64 id;
} GstHearkenUtterance;

void gst_hearken_utterance_init (GstHearkenUtterance *utterance);
void gst_hearken_utterance_clear (GstHearkenUtterance *utterance);

/* Forgets all words, without an end of the utterance. */
void gst_hearken_utterance_reset (GstHearkenUtterance *utterance);

/* @token: of level word or utterance. A revision of a word that was taken comes too late: nothing
 * is changed by it. */
void gst_hearken_utterance_add (GstHearkenUtterance *utterance, const HearkenToken *token);

/* Returns: (transfer full) (element-type GstHearkenWord): the first @n_words */
GPtrArray *gst_hearken_utterance_take (GstHearkenUtterance *utterance, guint n_words);
