/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Compiled n-gram models: the arrays of an n-gram model as they are in memory, little-endian.
 *
 *   8 bytes          "HKNGRAM" and the version, 1
 *   5 × u32          order, words, bytes of their texts, contexts, arcs
 *   texts            the words in order of their numbers, each ended by a zero
 *   contexts × 12    first arc (u32), context to back off to (u32), ln back-off weight (f32)
 *   arcs × 8         see ngram-internal.h
 *   u64, lexicon     if it has one: the digest of its origin, and what lexicon-file.h says
 */
#pragma once

#include <stdbool.h>

#include "ngram.h"

/* Returns: whether the file begins as a compiled one */
bool hearken_ngram_file_is (GBytes *bytes);
/* Checks everything that looking up relies on. @bytes: (transfer full): becomes the model's own memory,
 * if nobody else has them. Returns: (transfer full) (nullable): the model; NULL
 * with @error set (HEARKEN_LANGUAGE_ERROR_SYNTAX) */
HearkenNgram *hearken_ngram_file_read (GBytes *bytes, const char *name, GError **error);
GBytes *hearken_ngram_file_write (
    const HearkenNgram *ngram, const HearkenLexicon *lexicon, guint64 origin);
