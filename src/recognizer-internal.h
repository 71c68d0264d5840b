/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The parts of a recogniser, for the files that run it, set it and save it. */
#pragma once

#include "decoder.h"
#include "model-internal.h"
#include "recognizer.h"

struct _HearkenRecognizer {
  HearkenModel *model;
  HearkenStatePolicy state_policy;

  HearkenFrontendStream *frontend;
  HearkenNetworkStream *network;
  HearkenDecoder *decoder;
  HearkenDecoderSettings settings;
  guint64 n_skipped_steps; /* to come that were decoded when the last utterance was finalised */
  guint64 position_samples;
  guint64 n_bad_samples;
  HearkenTracer *tracer; /* nullable: hears the same */

  float *frames; /* [HEARKEN_MAX_BLOCK][n_features], the first n_frames wait for the network */
  gsize n_frames;
  gsize n_features;
  float *log_probs; /* [HEARKEN_MAX_BLOCK][n_tokens] */
};

void hearken_recognizer_init_settings (HearkenRecognizer *recognizer);
void hearken_recognizer_copy_settings (
    HearkenRecognizer *recognizer, const HearkenRecognizer *other);
