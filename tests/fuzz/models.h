/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What the fuzz targets of streams recognise with. */
#pragma once

#include "hearken.h"
#include "state.h"

#define FUZZ_N_MODELS 3
#define FUZZ_N_GRAPHS 5

/* Returns: (transfer none): a model of each task, loaded once; the first, of tones, has every kind of
 * look-ahead */
HearkenModel *fuzz_get_model (guint choice);

/* Returns: (transfer none) (nullable): for the first model, made once: none, a grammar, a language
 * model, keywords, hotwords */
HearkenGraph *fuzz_get_graph (guint choice);

/* Takes all results, which must be well formed. */
void fuzz_pull_all (HearkenRecognizer *recognizer);

/* Goes past the header of a saved state: a magic word, the digests of the model and of the graph. */
void fuzz_skip_state_header (HearkenStateReader *reader);
