/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The parts of a model, for the modules that run it. */
#pragma once

#include "frontend.h"
#include "model.h"
#include "network.h"

struct _HearkenModel {
  gint ref_count;
  char *cache_key; /* NULL for a model of its own */

  char *name;
  char *language; /* nullable */
  char *licence;  /* nullable */
  HearkenTask task;
  guint blank; /* CTC: the output that means no token */
  guint n_tokens;
  char **tokens; /* [n_tokens], NULL-terminated */
  char *digest;  /* SHA-256 of the file and of the sidecar, in hexadecimal */

  HearkenFrontend *frontend;
  HearkenNetwork network;
};
