/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What defines a model's features. The conventions are those of torchaudio.compliance.kaldi and of
 * torchaudio.transforms; docs/frontend.md tells them apart.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
  HEARKEN_FEATURES_KALDI_FBANK,
  HEARKEN_FEATURES_KALDI_MFCC,
  HEARKEN_FEATURES_TORCHAUDIO_MFCC,
} HearkenFeatures;

typedef enum {
  HEARKEN_WINDOW_POVEY,
  HEARKEN_WINDOW_HANN_SYMMETRIC, /* Kaldi's "hanning" */
  HEARKEN_WINDOW_HANN_PERIODIC,  /* torch.hann_window */
  HEARKEN_WINDOW_HAMMING_SYMMETRIC,
  HEARKEN_WINDOW_HAMMING_PERIODIC,
  HEARKEN_WINDOW_BLACKMAN, /* with blackman_coeff */
  HEARKEN_WINDOW_RECTANGULAR,
} HearkenWindow;

typedef enum {
  HEARKEN_MEL_KALDI,  /* 1127 ln (1 + f / 700), triangles linear in mel */
  HEARKEN_MEL_HTK,    /* 2595 log10 (1 + f / 700), triangles linear in Hz */
  HEARKEN_MEL_SLANEY, /* linear below 1 kHz, logarithmic above; triangles linear in Hz */
} HearkenMelScale;

/* What lies beyond the ends of the stream. */
typedef enum {
  HEARKEN_EDGE_SNIP,      /* nothing: frames that do not fit are left out */
  HEARKEN_EDGE_SYMMETRIC, /* the signal mirrored, edge sample repeated; Kaldi's snip_edges false */
  HEARKEN_EDGE_REFLECT,   /* mirrored about the edge sample; torch's center with "reflect" */
} HearkenEdge;

typedef enum {
  HEARKEN_LOG_NONE,
  HEARKEN_LOG_FLOORED, /* ln (max (x, FLT_EPSILON)): Kaldi */
  HEARKEN_LOG_OFFSET,  /* ln (x + 1e-6): torchaudio's log_mels */
  HEARKEN_LOG_DECIBEL, /* 10 log10 (max (x, 1e-10)), at most top_db under the loudest so far */
} HearkenLog;

/* Everything that defines the features; filled in and checked by the model's loader. */
typedef struct {
  HearkenFeatures features;
  guint sample_rate_hz;
  float scale; /* samples are multiplied by it: 32768 for models trained on 16-bit values */

  guint window_samples; /* <= fft_samples; torchaudio centres a shorter window in the FFT */
  guint hop_samples;
  guint fft_samples;
  HearkenEdge edge;
  HearkenWindow window;
  float blackman_coeff;
  bool remove_dc_offset;
  float preemphasis;

  float power; /* exponent of the magnitude spectrum: 1 or 2 */
  guint n_mels;
  double low_hz;
  double high_hz; /* 0 < high_hz <= sample rate / 2 (already resolved where it was given as <= 0) */
  HearkenMelScale mel_scale;
  bool mel_area_norm; /* Slaney's: every filter has unit area */
  HearkenLog log;
  float top_db; /* with HEARKEN_LOG_DECIBEL; INFINITY for none */

  guint n_ceps; /* MFCC types; <= n_mels */
  bool dct_ortho;
  float cepstral_lifter; /* 0: none */

  bool use_energy; /* Kaldi: the log energy of the frame, as C0 or as an extra dimension */
  bool raw_energy; /* before pre-emphasis and window */
  bool htk_compat; /* energy last */
  float energy_floor;

  guint delta_order;         /* 0 … 2: appended [static, delta, delta-delta] */
  guint delta_window_frames; /* odd, >= 3 */

  /* Normalisation over all dimensions, deltas too: (x - mean) / std; both NULL for none. */
  float *mean; /* [hearken_frontend_config_get_dim ()], owned */
  float *std;  /* likewise; no element is 0 */
} HearkenFrontendConfig;

/* Samples under the FFT: the window, or for torchaudio the whole FFT, with the window at its middle. */
size_t hearken_frontend_config_get_frame_samples (const HearkenFrontendConfig *config);
/* Dimension of a frame before deltas are appended. */
guint hearken_frontend_config_get_n_statics (const HearkenFrontendConfig *config);
/* Dimension of a feature frame, deltas included. */
guint hearken_frontend_config_get_dim (const HearkenFrontendConfig *config);
/* Frees mean and std, not the struct. */
void hearken_frontend_config_clear (HearkenFrontendConfig *config);
