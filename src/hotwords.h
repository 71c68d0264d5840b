/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Hotwords: phrases that are favoured, with a boost (natural logarithm) each, found by walking an
 * Aho-Corasick automaton over the words that a hypothesis takes. Immutable, shared.
 */
#pragma once

#include <glib.h>

#include "words.h"

typedef struct HearkenHotwords HearkenHotwords;

/* @text: a phrase a line, then perhaps "/boost/" (default 2.0); "#" begins a comment. Words that
 * @words does not have are an error, named with file and line (HEARKEN_LANGUAGE_ERROR).
 * Returns: (transfer full) */
HearkenHotwords *hearken_hotwords_new_from_text (
    const char *text, const char *name, const HearkenWords *words, GError **error);
void hearken_hotwords_free (HearkenHotwords *hotwords);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenHotwords, hearken_hotwords_free)

#define HEARKEN_HOTWORDS_START 0
/* Returns: what @word adds to a hypothesis in @state: a share of the boost for every word of a phrase,
 * taken back (negative) where the phrase is not gone on with; the state after it in @next */
float hearken_hotwords_advance (
    const HearkenHotwords *hotwords, guint32 state, guint32 word, guint32 *next);
/* Returns: what is to be taken back at the end, for a phrase half said */
float hearken_hotwords_finish (const HearkenHotwords *hotwords, guint32 state);
/* States are below this. */
guint32 hearken_hotwords_get_n_states (const HearkenHotwords *hotwords);
/* @seed: a digest to go on from */
guint64 hearken_hotwords_digest (const HearkenHotwords *hotwords, guint64 seed);
