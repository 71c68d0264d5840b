/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Samples to feature frames, as torchaudio.compliance.kaldi.mfcc and .fbank or
 * torchaudio.transforms.MFCC compute them: frame, window, FFTW, mel filters, log, DCT, lifter,
 * deltas, normalisation; streaming.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "frontend-config.h"
#include "state.h"

/* Immutable tables and the FFT plan; shared by all streams of a model. */
typedef struct HearkenFrontend HearkenFrontend;

/* @config: valid; its contents move into the front end. */
HearkenFrontend *hearken_frontend_new (HearkenFrontendConfig *config);
void hearken_frontend_free (HearkenFrontend *frontend);
const HearkenFrontendConfig *hearken_frontend_get_config (const HearkenFrontend *frontend);
/* Frames that deltas hold back. */
guint hearken_frontend_get_lookahead_frames (const HearkenFrontend *frontend);
/* The middle of frame 0's window, in samples from the start of the stream. */
guint hearken_frontend_get_centre_samples (const HearkenFrontend *frontend);

/* The state of one stream. */
typedef struct HearkenFrontendStream HearkenFrontendStream;

HearkenFrontendStream *hearken_frontend_stream_new (const HearkenFrontend *frontend);
void hearken_frontend_stream_free (HearkenFrontendStream *stream);
void hearken_frontend_stream_reset (HearkenFrontendStream *stream);

/* Takes samples (finite) up to the one that completes a frame; at least one if @n_samples > 0 and
 * all completed frames were pulled. Returns: the number taken */
size_t hearken_frontend_stream_push (
    HearkenFrontendStream *stream, const float *samples, size_t n_samples);
/* After the last sample: completes the frames that the end was missing; then pull until there is
 * none left, then reset. A stream too short for torchaudio (docs/frontend.md) has no frames. */
void hearken_frontend_stream_drain (HearkenFrontendStream *stream);
bool hearken_frontend_stream_is_drained (const HearkenFrontendStream *stream);
/* @frame: [dim] out. Returns: whether there was a completed frame */
bool hearken_frontend_stream_pull (HearkenFrontendStream *stream, float *frame);

void hearken_frontend_stream_save (const HearkenFrontendStream *stream, HearkenStateWriter *writer);
/* Any bytes are safe. Returns: whether they are a state of such a stream; if not, reset @stream */
bool hearken_frontend_stream_restore (HearkenFrontendStream *stream, HearkenStateReader *reader);
