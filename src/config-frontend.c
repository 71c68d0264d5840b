/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * hearken.frontend: the arguments of torchaudio's functions, with torchaudio's names and defaults,
 * to a HearkenFrontendConfig. The limits keep tables and buffers small and every value finite.
 */
#include "config.h"

#include <math.h>

#define MIN_RATE_HZ 1000
#define MAX_RATE_HZ 192000
#define MAX_FFT_SAMPLES 65536
#define MAX_MELS 512
#define MAX_DELTA_WINDOW_FRAMES 99

static const char *const types[] = { "kaldi.mfcc", "kaldi.fbank", "torchaudio.MFCC", NULL };

static guint
next_power_of_two (guint n)
{
  guint power = 1;

  while (power < n)
    power *= 2;
  return power;
}

/* Frame sizes are cut, not rounded, and computed in the order in which torchaudio does. */
static void
read_kaldi_frame (HearkenFields *fields, HearkenFrontendConfig *config)
{
  const double length_ms = hearken_fields_get_number (fields, "frame_length", 25.0, 0.0, 60000.0);
  const double shift_ms = hearken_fields_get_number (fields, "frame_shift", 10.0, 0.0, 60000.0);
  const bool round = hearken_fields_get_flag (fields, "round_to_power_of_two", true);

  config->window_samples = (guint) (config->sample_rate_hz * length_ms * 0.001);
  config->hop_samples = (guint) (config->sample_rate_hz * shift_ms * 0.001);
  if (config->window_samples < 2 || config->window_samples > MAX_FFT_SAMPLES)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
        "'frame_length' makes %u samples, but must make 2 to %d", config->window_samples,
        MAX_FFT_SAMPLES);
  else
    config->fft_samples =
        round ? next_power_of_two (config->window_samples) : config->window_samples;
  if (config->hop_samples < 1 || config->hop_samples > config->window_samples)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
        "'frame_shift' makes %u samples, but must make 1 to the frame's %u", config->hop_samples,
        config->window_samples);
  if (config->fft_samples % 2 != 0)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
        "without 'round_to_power_of_two', 'frame_length' must make an even number of samples");
}

static void
read_kaldi_window (HearkenFields *fields, HearkenFrontendConfig *config)
{
  static const char *const names[] = { "povey", "hanning", "hamming", "rectangular", "blackman",
    NULL };
  static const HearkenWindow windows[] = { HEARKEN_WINDOW_POVEY, HEARKEN_WINDOW_HANN_SYMMETRIC,
    HEARKEN_WINDOW_HAMMING_SYMMETRIC, HEARKEN_WINDOW_RECTANGULAR, HEARKEN_WINDOW_BLACKMAN };

  config->window = windows[hearken_fields_get_choice (fields, "window_type", names)];
  config->blackman_coeff =
      (float) hearken_fields_get_number (fields, "blackman_coeff", 0.42, 0.0, 1.0);
  config->edge = hearken_fields_get_flag (fields, "snip_edges", true) ? HEARKEN_EDGE_SNIP
                                                                      : HEARKEN_EDGE_SYMMETRIC;
  config->remove_dc_offset = hearken_fields_get_flag (fields, "remove_dc_offset", true);
  config->preemphasis =
      (float) hearken_fields_get_number (fields, "preemphasis_coefficient", 0.97, 0.0, 1.0);
}

static void
read_kaldi_mel (HearkenFields *fields, HearkenFrontendConfig *config)
{
  const double nyquist_hz = 0.5 * config->sample_rate_hz;

  config->mel_scale = HEARKEN_MEL_KALDI;
  config->n_mels = hearken_fields_get_count (fields, "num_mel_bins", 23, 4, MAX_MELS);
  config->low_hz = hearken_fields_get_number (fields, "low_freq", 20.0, 0.0, nyquist_hz);
  config->high_hz = hearken_fields_get_number (fields, "high_freq", 0.0, -nyquist_hz, nyquist_hz);
  if (config->high_hz <= 0.0)
    config->high_hz += nyquist_hz;
}

static void
read_kaldi_energy (HearkenFields *fields, HearkenFrontendConfig *config)
{
  config->use_energy = hearken_fields_get_flag (fields, "use_energy", false);
  config->raw_energy = hearken_fields_get_flag (fields, "raw_energy", true);
  config->htk_compat = hearken_fields_get_flag (fields, "htk_compat", false);
  config->energy_floor = (float) hearken_fields_get_number (fields, "energy_floor", 1.0, 0.0, 1e30);
}

/* Arguments that a stream cannot have, or that change nothing. */
static void
refuse_kaldi_rest (HearkenFields *fields)
{
  hearken_fields_insist_number (fields, "dither", 0.0, "recognition is deterministic");
  hearken_fields_insist_flag (fields, "subtract_mean", false,
      "it needs the whole utterance; 'normalization' with a fixed mean does not");
  hearken_fields_insist_number (fields, "vtln_warp", 1.0, "frequencies are not warped");
  hearken_fields_get_number (fields, "vtln_low", 100.0, -G_MAXDOUBLE, G_MAXDOUBLE);
  hearken_fields_get_number (fields, "vtln_high", -500.0, -G_MAXDOUBLE, G_MAXDOUBLE);
  hearken_fields_get_number (fields, "channel", -1.0, -1.0, 0.0);
  hearken_fields_insist_number (
      fields, "min_duration", 0.0, "what to recognise is not known beforehand");
}

static void
read_kaldi (HearkenFields *fields, HearkenFrontendConfig *config)
{
  config->sample_rate_hz =
      hearken_fields_get_count (fields, "sample_frequency", 16000, MIN_RATE_HZ, MAX_RATE_HZ);
  read_kaldi_frame (fields, config);
  read_kaldi_window (fields, config);
  read_kaldi_mel (fields, config);
  read_kaldi_energy (fields, config);
  refuse_kaldi_rest (fields);
}

static void
read_kaldi_mfcc (HearkenFields *fields, HearkenFrontendConfig *config)
{
  read_kaldi (fields, config);
  config->features = HEARKEN_FEATURES_KALDI_MFCC;
  config->power = 2.0f;
  config->log = HEARKEN_LOG_FLOORED;
  config->n_ceps = hearken_fields_get_count (fields, "num_ceps", 13, 1, MAX_MELS);
  config->dct_ortho = true;
  config->cepstral_lifter =
      (float) hearken_fields_get_number (fields, "cepstral_lifter", 22.0, 0.0, 1e4);
}

static void
read_kaldi_fbank (HearkenFields *fields, HearkenFrontendConfig *config)
{
  read_kaldi (fields, config);
  config->features = HEARKEN_FEATURES_KALDI_FBANK;
  config->power = hearken_fields_get_flag (fields, "use_power", true) ? 2.0f : 1.0f;
  config->log = hearken_fields_get_flag (fields, "use_log_fbank", true) ? HEARKEN_LOG_FLOORED
                                                                        : HEARKEN_LOG_NONE;
}

/* Python's None is JSON's null: the default in every place where it is allowed. */
static guint
get_count_or_null (HearkenFields *fields, const char *name, guint otherwise, guint min, guint max)
{
  return hearken_fields_has (fields, name)
             ? hearken_fields_get_count (fields, name, otherwise, min, max)
             : otherwise;
}

static void
read_spectrogram (HearkenFields *mel, HearkenFrontendConfig *config)
{
  static const char *const names[] = { "hann_window", "hamming_window", NULL };
  static const HearkenWindow windows[] = { HEARKEN_WINDOW_HANN_PERIODIC,
    HEARKEN_WINDOW_HAMMING_PERIODIC };
  static const char *const pad_modes[] = { "reflect", NULL };

  config->fft_samples = hearken_fields_get_count (mel, "n_fft", 400, 2, MAX_FFT_SAMPLES);
  config->window_samples =
      get_count_or_null (mel, "win_length", config->fft_samples, 2, config->fft_samples);
  config->hop_samples =
      get_count_or_null (mel, "hop_length", config->window_samples / 2, 1, config->fft_samples);
  if (config->fft_samples % 2 != 0)
    hearken_fields_fail (mel, HEARKEN_MODEL_ERROR_UNSUPPORTED, "an odd 'n_fft' is not supported");
  config->window = windows[hearken_fields_get_choice (mel, "window_fn", names)];
  config->edge =
      hearken_fields_get_flag (mel, "center", true) ? HEARKEN_EDGE_REFLECT : HEARKEN_EDGE_SNIP;
  hearken_fields_get_choice (mel, "pad_mode", pad_modes);
  config->power = (float) hearken_fields_get_number (mel, "power", 2.0, 1.0, 2.0);
  if (config->power != 1.0f && config->power != 2.0f)
    hearken_fields_fail (
        mel, HEARKEN_MODEL_ERROR_UNSUPPORTED, "a 'power' other than 1 or 2 is not supported");
  hearken_fields_insist_number (mel, "pad", 0.0, "'center' pads");
  hearken_fields_insist_flag (mel, "normalized", false, "use 'scale'");
  hearken_fields_insist_flag (mel, "onesided", true, "audio is real");
}

static void
read_mel_scale (HearkenFields *mel, HearkenFrontendConfig *config)
{
  static const char *const scales[] = { "htk", "slaney", NULL };
  static const char *const norms[] = { "slaney", NULL };
  const double nyquist_hz = 0.5 * config->sample_rate_hz;

  config->n_mels = hearken_fields_get_count (mel, "n_mels", 128, 1, MAX_MELS);
  config->low_hz = hearken_fields_get_number (mel, "f_min", 0.0, 0.0, nyquist_hz);
  config->high_hz = floor (nyquist_hz); /* as torchaudio has it */
  if (hearken_fields_has (mel, "f_max"))
    config->high_hz = hearken_fields_get_number (mel, "f_max", nyquist_hz, 0.0, nyquist_hz);
  config->mel_scale = hearken_fields_get_choice (mel, "mel_scale", scales) == 0
                          ? HEARKEN_MEL_HTK
                          : HEARKEN_MEL_SLANEY;
  config->mel_area_norm = hearken_fields_has (mel, "norm");
  if (config->mel_area_norm)
    hearken_fields_get_choice (mel, "norm", norms);
}

/* "top_db" is no argument of torchaudio.transforms.MFCC, but an attribute of the object. */
static void
read_decibels (HearkenFields *fields, HearkenFrontendConfig *config)
{
  const bool has_top_db = hearken_fields_get_node (fields, "top_db") != NULL;

  if (hearken_fields_get_flag (fields, "log_mels", false)) {
    config->log = HEARKEN_LOG_OFFSET;
    if (has_top_db)
      hearken_fields_fail (
          fields, HEARKEN_MODEL_ERROR_METADATA, "'top_db' does not go with 'log_mels'");
    return;
  }
  config->log = HEARKEN_LOG_DECIBEL;
  config->top_db = INFINITY;
  if (!has_top_db)
    config->top_db = 80.0f;
  else if (hearken_fields_has (fields, "top_db"))
    config->top_db = (float) hearken_fields_get_number (fields, "top_db", 80.0, 0.0, 1e4);
}

static void
read_torchaudio_mfcc (HearkenFields *fields, HearkenFrontendConfig *config)
{
  static const char *const norms[] = { "ortho", NULL };
  HearkenFields mel;

  config->features = HEARKEN_FEATURES_TORCHAUDIO_MFCC;
  config->sample_rate_hz =
      hearken_fields_get_count (fields, "sample_rate", 16000, MIN_RATE_HZ, MAX_RATE_HZ);
  hearken_fields_init_member (&mel, fields, "melkwargs");
  read_spectrogram (&mel, config);
  read_mel_scale (&mel, config);
  hearken_fields_finish_member (&mel, fields);
  config->n_ceps = hearken_fields_get_count (fields, "n_mfcc", 40, 1, MAX_MELS);
  hearken_fields_insist_number (fields, "dct_type", 2.0, "torchaudio has no other");
  config->dct_ortho =
      hearken_fields_get_node (fields, "norm") == NULL || hearken_fields_has (fields, "norm");
  if (config->dct_ortho)
    hearken_fields_get_choice (fields, "norm", norms);
  read_decibels (fields, config);
}

/* A band so narrow that filters' edges fall together would divide by zero. */
static void
check_band (HearkenFields *fields, const HearkenFrontendConfig *config)
{
  if (!(config->high_hz - config->low_hz >= config->n_mels + 1))
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
        "the band from %g to %g Hz is too narrow for %u mel filters", config->low_hz,
        config->high_hz, config->n_mels);
}

/* The defaults too: fewer filters than the default number of cepstra need a number of cepstra. */
static void
check_n_ceps (HearkenFields *fields, const HearkenFrontendConfig *config)
{
  if (config->n_ceps > config->n_mels)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
        "%u cepstra cannot be had from %u mel filters", config->n_ceps, config->n_mels);
}

static void
read_deltas (HearkenFields *fields, HearkenFrontendConfig *config)
{
  HearkenFields deltas;

  if (!hearken_fields_has (fields, "deltas"))
    return;
  hearken_fields_init_member (&deltas, fields, "deltas");
  config->delta_order = hearken_fields_get_count (&deltas, "order", 2, 1, 2);
  config->delta_window_frames =
      hearken_fields_get_count (&deltas, "win_length", 5, 3, MAX_DELTA_WINDOW_FRAMES);
  if (config->delta_window_frames % 2 == 0)
    hearken_fields_fail (&deltas, HEARKEN_MODEL_ERROR_METADATA, "'win_length' must be odd");
  hearken_fields_finish_member (&deltas, fields);
}

static void
read_normalization (HearkenFields *fields, HearkenConfig *config)
{
  HearkenFields normalization;

  if (!hearken_fields_has (fields, "normalization"))
    return;
  hearken_fields_init_member (&normalization, fields, "normalization");
  config->mean = g_strdup (hearken_fields_get_string (&normalization, "mean", NULL));
  config->std = g_strdup (hearken_fields_get_string (&normalization, "std", NULL));
  hearken_fields_finish_member (&normalization, fields);
}

bool
hearken_config_read_frontend (HearkenConfig *config, JsonNode *node, GError **error)
{
  void (*const readers[]) (HearkenFields *, HearkenFrontendConfig *) = { read_kaldi_mfcc,
    read_kaldi_fbank, read_torchaudio_mfcc };
  HearkenFrontendConfig *frontend = &config->frontend;
  HearkenFields fields;

  hearken_fields_init (&fields, "hearken.frontend", node);
  if (!hearken_fields_has (&fields, "type"))
    hearken_fields_fail (&fields, HEARKEN_MODEL_ERROR_METADATA, "'type' is missing");
  const guint type = hearken_fields_get_choice (&fields, "type", types);
  if (fields.error == NULL) {
    frontend->scale = (float) hearken_fields_get_number (&fields, "scale", 1.0, 1e-6, 1e6);
    readers[type](&fields, frontend);
    check_band (&fields, frontend);
    check_n_ceps (&fields, frontend);
    read_deltas (&fields, frontend);
    read_normalization (&fields, config);
  }
  return hearken_fields_finish (&fields, error);
}
