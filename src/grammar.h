/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A grammar: the sentences that may be said, a finite automaton over words. From JSGF (a file that
 * begins with "#JSGF") or from a list of phrases, one a line. Immutable, shared.
 */
#pragma once

#include <glib.h>

#include "word-model.h"
#include "words.h"

typedef struct HearkenGrammar HearkenGrammar;

/* Errors: HEARKEN_LANGUAGE_ERROR with file, line and reason. Returns: (transfer full) */
HearkenGrammar *hearken_grammar_load (const char *path, GError **error);
HearkenGrammar *hearken_grammar_new_from_text (const char *text, const char *name, GError **error);
HearkenGrammar *hearken_grammar_ref (HearkenGrammar *grammar);
void hearken_grammar_unref (HearkenGrammar *grammar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenGrammar, hearken_grammar_unref)

const HearkenWords *hearken_grammar_get_words (const HearkenGrammar *grammar);
/* The states of its word model are below this. */
guint32 hearken_grammar_get_n_states (const HearkenGrammar *grammar);
/* Deterministic: of equal states the same words lead to equal states. Its self is @grammar. */
HearkenWordModel hearken_grammar_get_word_model (const HearkenGrammar *grammar);
/* Of what it says about words; @seed: a digest to go on from. */
guint64 hearken_grammar_digest (const HearkenGrammar *grammar, guint64 seed);
/* Returns: (transfer full): the tags of the most probable way through the grammar for a sentence,
 * in order, NULL-terminated; empty if it is no sentence of the grammar */
char **hearken_grammar_get_tags (
    const HearkenGrammar *grammar, const guint32 *words, guint n_words);
