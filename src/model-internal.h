/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The parts of a model, for the modules that run it. */
#pragma once

#include "decoding-config.h"
#include "cache.h"
#include "frontend.h"
#include "model.h"
#include "network.h"

struct _HearkenModel {
  HearkenCached cached;

  char *directory; /* that its file lies in, absolute; NULL for a model of bytes */
  char *name;
  char *language; /* nullable */
  char *licence;  /* nullable */
  HearkenTask task;
  guint blank; /* CTC: the output that means no token */
  guint n_tokens;
  char **tokens;  /* [n_tokens], NULL-terminated */
  guint64 digest; /* of the file, then of the sidecar */

  HearkenFrontend *frontend;
  HearkenNetwork network;
  HearkenDecodingConfig decoding;
};

/* Whether an output is heard, but never reported, as the noises between words are. */
static inline bool
hearken_model_is_filler (const HearkenModel *model, guint token)
{
  return model->decoding.is_filler != NULL && model->decoding.is_filler[token];
}
