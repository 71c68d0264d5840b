/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "frontend.h"

#include <complex.h>
#include <fftw3.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "deltas.h"
#include "framing.h"
#include "logarithm.h"
#include "mel.h"
#include "window.h"

/* FFTW's planner is not thread-safe; executing plans is. */
G_LOCK_DEFINE_STATIC (fftw_planner);

#define MIN_ENERGY_DB 1e-10f /* torchaudio's AmplitudeToDB: -100 dB */
#define MIN_LEVEL_DB -100.0f

struct HearkenFrontend {
  HearkenFrontendConfig config;
  size_t frame_samples;
  size_t n_bins; /* of the spectrum: fft_samples / 2 + 1 */
  size_t n_statics;
  float *window; /* [frame_samples] */
  HearkenMelBank mel_bank;
  float *dct; /* [n_mels][n_ceps]; NULL for filterbank features */
  fftwf_plan plan;
};

struct HearkenFrontendStream {
  const HearkenFrontend *frontend;
  HearkenFramer *framer;
  HearkenDeltas *deltas; /* NULL if there are none */
  float loudest_db;      /* mel energy so far, for top_db */

  /* Scratch; SIMD alignment as the plan assumes it. */
  float *frame;             /* [fft_samples], zeros from frame_samples on */
  fftwf_complex *transform; /* [n_bins] */
  float *spectrum;          /* [n_bins + HEARKEN_MEL_PADDING], zeros from n_bins on */
  float *mels;              /* [n_mels] */
  float *statics;           /* [n_statics] */
};

/*
 * FFTW_ESTIMATE chooses by rules, not by timing: the same plan, and so the same bits, in every
 * process on a machine.
 */
static fftwf_plan
plan_new (size_t fft_samples)
{
  float *in = fftwf_alloc_real (fft_samples);
  fftwf_complex *out = fftwf_alloc_complex (fft_samples / 2 + 1);

  G_LOCK (fftw_planner);
  fftwf_plan plan =
      fftwf_plan_dft_r2c_1d (fft_samples, in, out, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  G_UNLOCK (fftw_planner);

  fftwf_free (in);
  fftwf_free (out);
  return plan;
}

HearkenFrontend *
hearken_frontend_new (HearkenFrontendConfig *config)
{
  HearkenFrontend *frontend = g_new0 (HearkenFrontend, 1);

  frontend->config = *config;
  config->mean = NULL;
  config->std = NULL;
  config = &frontend->config;

  frontend->frame_samples = hearken_frontend_config_get_frame_samples (config);
  frontend->n_bins = config->fft_samples / 2 + 1;
  frontend->n_statics = hearken_frontend_config_get_n_statics (config);
  frontend->window = hearken_window_new (config);
  hearken_mel_bank_init (&frontend->mel_bank, config);
  if (config->features != HEARKEN_FEATURES_KALDI_FBANK)
    frontend->dct = hearken_mel_dct_new (config);
  frontend->plan = plan_new (config->fft_samples);
  return frontend;
}

void
hearken_frontend_free (HearkenFrontend *frontend)
{
  if (frontend == NULL)
    return;
  G_LOCK (fftw_planner);
  fftwf_destroy_plan (frontend->plan);
  G_UNLOCK (fftw_planner);
  hearken_mel_bank_clear (&frontend->mel_bank);
  g_free (frontend->dct);
  g_free (frontend->window);
  hearken_frontend_config_clear (&frontend->config);
  g_free (frontend);
}

const HearkenFrontendConfig *
hearken_frontend_get_config (const HearkenFrontend *frontend)
{
  return &frontend->config;
}

guint
hearken_frontend_get_lookahead_frames (const HearkenFrontend *frontend)
{
  const HearkenFrontendConfig *config = &frontend->config;

  return hearken_deltas_get_lookahead_frames (config->delta_order, config->delta_window_frames);
}

guint
hearken_frontend_get_centre_samples (const HearkenFrontend *frontend)
{
  const HearkenFrontendConfig *config = &frontend->config;

  return frontend->frame_samples / 2 - hearken_framer_get_lead_samples (frontend->frame_samples,
                                           config->hop_samples, config->edge);
}

HearkenFrontendStream *
hearken_frontend_stream_new (const HearkenFrontend *frontend)
{
  const HearkenFrontendConfig *config = &frontend->config;
  HearkenFrontendStream *stream = g_new0 (HearkenFrontendStream, 1);

  stream->frontend = frontend;
  stream->framer = hearken_framer_new (frontend->frame_samples, config->hop_samples, config->edge);
  if (config->delta_order > 0)
    stream->deltas =
        hearken_deltas_new (frontend->n_statics, config->delta_order, config->delta_window_frames);
  stream->loudest_db = MIN_LEVEL_DB;
  stream->frame = fftwf_alloc_real (config->fft_samples);
  memset (stream->frame, 0, config->fft_samples * sizeof (float));
  stream->transform = fftwf_alloc_complex (frontend->n_bins);
  stream->spectrum = g_new0 (float, frontend->n_bins + HEARKEN_MEL_PADDING);
  stream->mels = g_new (float, config->n_mels);
  stream->statics = g_new (float, frontend->n_statics);
  return stream;
}

void
hearken_frontend_stream_free (HearkenFrontendStream *stream)
{
  if (stream == NULL)
    return;
  hearken_framer_free (stream->framer);
  hearken_deltas_free (stream->deltas);
  fftwf_free (stream->frame);
  fftwf_free (stream->transform);
  g_free (stream->spectrum);
  g_free (stream->mels);
  g_free (stream->statics);
  g_free (stream);
}

void
hearken_frontend_stream_reset (HearkenFrontendStream *stream)
{
  hearken_framer_reset (stream->framer);
  if (stream->deltas != NULL)
    hearken_deltas_reset (stream->deltas);
  stream->loudest_db = MIN_LEVEL_DB;
}

size_t
hearken_frontend_stream_push (HearkenFrontendStream *stream, const float *samples, size_t n_samples)
{
  return hearken_framer_push (stream->framer, samples, n_samples);
}

void
hearken_frontend_stream_drain (HearkenFrontendStream *stream)
{
  hearken_framer_drain (stream->framer);
}

bool
hearken_frontend_stream_is_drained (const HearkenFrontendStream *stream)
{
  return hearken_framer_is_drained (stream->framer);
}

/* In several sums, for which additions need not wait for each other. */
static double
add_up (const float *frame, size_t n_samples)
{
  double sums[8] = { 0 };
  size_t i = 0;

  for (; i + 8 <= n_samples; i += 8)
    for (size_t j = 0; j < 8; j++)
      sums[j] += frame[i + j];
  for (; i < n_samples; i++)
    sums[0] += frame[i];
  return sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
}

static void
remove_dc_offset (float *frame, size_t n_samples)
{
  float mean = add_up (frame, n_samples) / n_samples;

  for (size_t i = 0; i < n_samples; i++)
    frame[i] -= mean;
}

/* x[i] - coefficient * x[i - 1], where the sample before the first is the first. */
static void
preemphasise (float *frame, size_t n_samples, float coefficient)
{
  for (size_t i = n_samples - 1; i > 0; i--)
    frame[i] -= coefficient * frame[i - 1];
  frame[0] -= coefficient * frame[0];
}

static float
get_log_energy (const float *frame, size_t n_samples, float floor)
{
  double sum = 0;

  for (size_t i = 0; i < n_samples; i++)
    sum += (double) frame[i] * frame[i];

  float energy = logf (fmaxf (sum, FLT_EPSILON));
  return floor > 0 ? fmaxf (energy, logf (floor)) : energy;
}

/* From the frame's samples to what the FFT takes. Returns: the frame's log energy */
static float
condition_frame (HearkenFrontendStream *stream)
{
  const HearkenFrontend *frontend = stream->frontend;
  const HearkenFrontendConfig *config = &frontend->config;
  size_t n_samples = frontend->frame_samples;
  float energy = 0;

  for (size_t i = 0; i < n_samples; i++)
    stream->frame[i] *= config->scale;
  if (config->remove_dc_offset)
    remove_dc_offset (stream->frame, n_samples);
  if (config->use_energy && config->raw_energy)
    energy = get_log_energy (stream->frame, n_samples, config->energy_floor);
  if (config->preemphasis != 0)
    preemphasise (stream->frame, n_samples, config->preemphasis);
  for (size_t i = 0; i < n_samples; i++)
    stream->frame[i] *= frontend->window[i];
  if (config->use_energy && !config->raw_energy)
    energy = get_log_energy (stream->frame, n_samples, config->energy_floor);
  return energy;
}

static void
compute_spectrum (HearkenFrontendStream *stream)
{
  const HearkenFrontend *frontend = stream->frontend;

  fftwf_execute_dft_r2c (frontend->plan, stream->frame, stream->transform);
  for (size_t i = 0; i < frontend->n_bins; i++) {
    float re = crealf (stream->transform[i]), im = cimagf (stream->transform[i]);
    stream->spectrum[i] = re * re + im * im;
  }
  if (frontend->config.power == 1)
    for (size_t i = 0; i < frontend->n_bins; i++)
      stream->spectrum[i] = sqrtf (stream->spectrum[i]);
}

static void
compute_decibels (HearkenFrontendStream *stream)
{
  const HearkenFrontendConfig *config = &stream->frontend->config;

  for (size_t i = 0; i < config->n_mels; i++) {
    stream->mels[i] = 10 * log10f (fmaxf (stream->mels[i], MIN_ENERGY_DB));
    stream->loudest_db = fmaxf (stream->loudest_db, stream->mels[i]);
  }
  for (size_t i = 0; i < config->n_mels; i++)
    stream->mels[i] = fmaxf (stream->mels[i], stream->loudest_db - config->top_db);
}

static void
compute_log (HearkenFrontendStream *stream)
{
  const HearkenFrontendConfig *config = &stream->frontend->config;

  switch (config->log) {
  case HEARKEN_LOG_NONE:
    break;
  case HEARKEN_LOG_FLOORED:
    for (size_t i = 0; i < config->n_mels; i++)
      stream->mels[i] = MAX (stream->mels[i], FLT_EPSILON);
    hearken_log (stream->mels, config->n_mels);
    break;
  case HEARKEN_LOG_OFFSET:
    for (size_t i = 0; i < config->n_mels; i++)
      stream->mels[i] += 1e-6f;
    hearken_log (stream->mels, config->n_mels);
    break;
  case HEARKEN_LOG_DECIBEL:
    compute_decibels (stream);
    break;
  }
}

/* Log mel energies to cepstra; with use_energy the log energy is C0. */
static void
compute_cepstra (const HearkenFrontendStream *stream, float energy, float *cepstra)
{
  const HearkenFrontend *frontend = stream->frontend;
  const HearkenFrontendConfig *config = &frontend->config;
  size_t n_ceps = config->n_ceps;

  memset (cepstra, 0, n_ceps * sizeof (float));
  for (size_t m = 0; m < config->n_mels; m++)
    for (size_t k = 0; k < n_ceps; k++)
      cepstra[k] += stream->mels[m] * frontend->dct[m * n_ceps + k];
  if (config->use_energy)
    cepstra[config->htk_compat ? n_ceps - 1 : 0] = energy;
}

/* Filterbank features; with use_energy the log energy is an extra dimension. */
static void
compute_fbank (const HearkenFrontendStream *stream, float energy, float *fbank)
{
  const HearkenFrontendConfig *config = &stream->frontend->config;
  bool energy_first = config->use_energy && !config->htk_compat;

  memcpy (fbank + (energy_first ? 1 : 0), stream->mels, config->n_mels * sizeof (float));
  if (config->use_energy)
    fbank[energy_first ? 0 : config->n_mels] = energy;
}

/* @statics: [n_statics] out. Returns: whether there was a frame */
static bool
pull_statics (HearkenFrontendStream *stream, float *statics)
{
  const HearkenFrontend *frontend = stream->frontend;

  if (!hearken_framer_pull (stream->framer, stream->frame))
    return false;

  float energy = condition_frame (stream);
  compute_spectrum (stream);
  hearken_mel_bank_apply (&frontend->mel_bank, stream->spectrum, stream->mels);
  compute_log (stream);
  if (frontend->dct != NULL)
    compute_cepstra (stream, energy, statics);
  else
    compute_fbank (stream, energy, statics);
  return true;
}

static bool
pull_with_deltas (HearkenFrontendStream *stream, float *frame)
{
  while (!hearken_deltas_pull (stream->deltas, false, frame)) {
    if (!pull_statics (stream, stream->statics))
      return hearken_frontend_stream_is_drained (stream) &&
             hearken_deltas_pull (stream->deltas, true, frame);
    hearken_deltas_push (stream->deltas, stream->statics);
  }
  return true;
}

static void
normalise (const HearkenFrontendConfig *config, float *frame)
{
  for (guint i = 0; i < hearken_frontend_config_get_dim (config); i++)
    frame[i] = (frame[i] - config->mean[i]) / config->std[i];
}

bool
hearken_frontend_stream_pull (HearkenFrontendStream *stream, float *frame)
{
  const HearkenFrontendConfig *config = &stream->frontend->config;
  bool pulled =
      stream->deltas != NULL ? pull_with_deltas (stream, frame) : pull_statics (stream, frame);

  if (pulled && config->mean != NULL)
    normalise (config, frame);
  return pulled;
}

void
hearken_frontend_stream_save (const HearkenFrontendStream *stream, HearkenStateWriter *writer)
{
  hearken_framer_save (stream->framer, writer);
  if (stream->deltas != NULL)
    hearken_deltas_save (stream->deltas, writer);
  hearken_state_put_floats (writer, &stream->loudest_db, 1);
}

bool
hearken_frontend_stream_restore (HearkenFrontendStream *stream, HearkenStateReader *reader)
{
  return hearken_framer_restore (stream->framer, reader) &&
         (stream->deltas == NULL || hearken_deltas_restore (stream->deltas, reader)) &&
         hearken_state_get_floats (reader, &stream->loudest_db, 1);
}
