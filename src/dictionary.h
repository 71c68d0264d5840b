/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Pronunciations in CMUdict's format: a word and its phones on a line, further pronunciations as
 * "word(2)"; "#" and ";;;" begin comments. Stress digits are dropped where the model has none; upper
 * and lower case are the same.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "model.h"

#define HEARKEN_DICTIONARY_MAX_BYTES (32 << 20)

typedef struct HearkenDictionary HearkenDictionary;

/* Phones become outputs of @model. Errors: HEARKEN_LANGUAGE_ERROR with file, line and reason, such
 * as a phone that the model does not have. Returns: (transfer full) */
HearkenDictionary *hearken_dictionary_load (
    const char *path, const HearkenModel *model, GError **error);
HearkenDictionary *hearken_dictionary_new_from_text (
    const char *text, const char *name, const HearkenModel *model, GError **error);
void hearken_dictionary_free (HearkenDictionary *dictionary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenDictionary, hearken_dictionary_free)

/* Calls @take with each pronunciation of a word, in the order of the file (the commonest first), each
 * once: @tokens is [n_tokens]. Returns: how many there are */
typedef void (*HearkenPronunciationFunc) (const guint16 *tokens, guint n_tokens, gpointer data);
guint hearken_dictionary_look_up (const HearkenDictionary *dictionary, const char *word,
    HearkenPronunciationFunc take, gpointer data);
