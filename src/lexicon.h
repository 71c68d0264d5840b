/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The words that can be recognised, as a prefix trie over the model's tokens: words that begin alike
 * share their beginning. Built once, then immutable.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cost.h"

#define HEARKEN_LEXICON_ROOT 0

/* The children of a node lie side by side in order of their tokens, and those of the next node after
 * them; so do its words. */
typedef struct {
  guint32 first_child;
  guint32 first_word; /* into words: those that are complete here */
  guint16 token;      /* the last one on the way here */
  HearkenCost
      look_ahead; /* the least of the words at or below this node: what it can still become */
} HearkenLexiconNode;

typedef struct {
  HearkenLexiconNode *nodes; /* [n_nodes + 1]: the last one ends the lists of the one before */
  guint32 n_nodes;
  guint32 *words; /* [n_entries] */
  guint32 n_entries;
} HearkenLexicon;

static inline guint32
hearken_lexicon_get_n_children (const HearkenLexiconNode *node)
{
  return node[1].first_child - node->first_child;
}

static inline guint32
hearken_lexicon_get_n_words (const HearkenLexiconNode *node)
{
  return node[1].first_word - node->first_word;
}

typedef struct HearkenLexiconBuilder HearkenLexiconBuilder;

HearkenLexiconBuilder *hearken_lexicon_builder_new (void);
/* One way to say a word: @tokens is [n_tokens], at least 1, each below G_MAXUINT16; the same way twice
 * counts once. @cost: of the word, for look-ahead */
void hearken_lexicon_builder_add (HearkenLexiconBuilder *builder, guint32 word, HearkenCost cost,
    const guint16 *tokens, guint n_tokens);
/* Frees the builder. Returns: (transfer full) */
HearkenLexicon *hearken_lexicon_builder_finish (HearkenLexiconBuilder *builder);
/* For who makes a lexicon otherwise: the nodes, that have the look-ahead of their own words, get that of
 * the nodes below them. */
void hearken_lexicon_look_ahead (HearkenLexicon *lexicon);
void hearken_lexicon_free (HearkenLexicon *lexicon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenLexicon, hearken_lexicon_free)

/* Returns: the child of @node for @token, 0 if there is none (the root is nobody's child) */
guint32 hearken_lexicon_find_child (const HearkenLexicon *lexicon, guint32 node, guint16 token);
