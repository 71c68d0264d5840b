/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Language models as files: compiled, so that they load fast, and compared with texts. */
#pragma once

#include <glib.h>

#include "language-error.h"
#include "model.h"
#include "visibility.h"

G_BEGIN_DECLS

/**
 * hearken_language_model_compile:
 * @path: ARPA text or a compiled model, in the encoding of the file system
 * @model: (nullable): an acoustic model; how it says the words is compiled too
 * @dictionary: (nullable): pronunciations, as in #HearkenGraphOptions; %NULL: the model's own
 *
 * Log-probabilities are rounded to 1/1024 (natural logarithm), down to -64. What was compiled for a
 * model and a dictionary goes with any others as well, but then the words are looked up as ever.
 *
 * Returns: (transfer full) (nullable): the compiled file, which is the same on all machines; %NULL
 *   with @error set (#HearkenLanguageError): file, line and reason
 */
HEARKEN_API GBytes *hearken_language_model_compile (
    const char *path, HearkenModel *model, const char *dictionary, GError **error);

/**
 * HearkenTextFit:
 * @n_sentences: lines that are not empty
 * @n_words: words that the model has, without the ends of sentences
 * @n_unknown: words that it does not have; they have no part in @log_prob
 * @log_prob: natural logarithm of the probability of all words and ends of sentences
 *
 * How well a language model foretells a text. Its perplexity is
 * exp(-@log_prob / (@n_words + @n_sentences)).
 */
typedef struct {
  guint64 n_sentences;
  guint64 n_words;
  guint64 n_unknown;
  double log_prob;
} HearkenTextFit;

/**
 * hearken_language_model_measure:
 * @path: ARPA text or a compiled model, in the encoding of the file system
 * @text: sentences, one a line, of words with white space between, spelled as in the model
 * @fit: (out): what was measured
 *
 * Returns: %FALSE with @error set (#HearkenLanguageError)
 */
HEARKEN_API gboolean hearken_language_model_measure (
    const char *path, const char *text, HearkenTextFit *fit, GError **error);

G_END_DECLS
