/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A lexicon as bytes, the last part of a compiled language model. Numbers of the nodes and of the words
 * are varints: 7 bits a byte, the lowest first, the eighth set in all but the last.
 *
 *   2 × u32    nodes, entries; little-endian
 *   nodes      of each, in order: its token, how many children it has, how many words
 *   words      of each node, in order, their numbers, ascending
 */
#pragma once

#include "lexicon.h"

/* Appends to @file. */
void hearken_lexicon_file_write (const HearkenLexicon *lexicon, GByteArray *file);
/* @costs: [n_words] of the words that may occur. Checks that children have ascending tokens and come
 * after their parents, and all is there. Returns: (transfer full) (nullable): NULL with @reason set */
HearkenLexicon *hearken_lexicon_file_read (const guint8 *bytes, gsize n_bytes,
    const HearkenCost *costs, guint32 n_words, const char **reason);
