/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The front end, 80 mel bands at 16 kHz, per frame; and of it the FFT, next to KISS FFT where it was
 * found. Usage: bench-frontend [serve]
 */
#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "frontend.h"
#ifdef HAVE_KISSFFT
#include <kiss_fftr.h>
#endif

enum { HOP = 160, WINDOW = 400, FFT = 512, N_FRAMES = 100 };

typedef struct {
  HearkenFrontendStream *stream;
  float *samples; /* [N_FRAMES * HOP] */
} Features;

/* One second of audio. */
static void
run_frontend (gpointer data)
{
  const Features *features = data;
  float frame[80];

  for (gsize taken = 0; taken < N_FRAMES * HOP;) {
    taken += hearken_frontend_stream_push (
        features->stream, features->samples + taken, N_FRAMES * HOP - taken);
    while (hearken_frontend_stream_pull (features->stream, frame))
      ;
  }
}

static void
run_fftw (gpointer data)
{
  fftwf_execute (data);
}

#ifdef HAVE_KISSFFT
static void
run_kissfft (gpointer data)
{
  static float in[FFT];
  static kiss_fft_cpx out[FFT / 2 + 1];

  kiss_fftr (data, in, out);
}
#endif

int
main (int argc, char **argv)
{
  HearkenFrontendConfig config = {
    .features = HEARKEN_FEATURES_KALDI_FBANK,
    .sample_rate_hz = 16000,
    .scale = 32768,
    .window_samples = WINDOW,
    .hop_samples = HOP,
    .fft_samples = FFT,
    .edge = HEARKEN_EDGE_SNIP,
    .window = HEARKEN_WINDOW_POVEY,
    .remove_dc_offset = true,
    .preemphasis = 0.97f,
    .power = 2,
    .n_mels = 80,
    .low_hz = 20,
    .high_hz = 8000,
    .log = HEARKEN_LOG_FLOORED,
    .top_db = INFINITY,
  };
  HearkenFrontend *frontend = hearken_frontend_new (&config);
  Features features = { hearken_frontend_stream_new (frontend),
    bench_random (N_FRAMES * HOP, 0.5f) };
  float *in = fftwf_alloc_real (FFT);
  fftwf_complex *out = fftwf_alloc_complex (FFT / 2 + 1);
  fftwf_plan plan = fftwf_plan_dft_r2c_1d (FFT, in, out, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);

  /* Memory as it comes can hold denormal numbers, which are slow. */
  memcpy (in, features.samples, FFT * sizeof (float));
  BenchContender contenders[] = {
    { .name = "front end", .run = run_frontend, .data = &features, .n_steps = N_FRAMES },
    { .name = "FFTW", .run = run_fftw, .data = plan, .n_steps = 1, .against = 0 },
#ifdef HAVE_KISSFFT
    { .name = "KISS FFT",
        .run = run_kissfft,
        .data = kiss_fftr_alloc (FFT, 0, NULL, NULL),
        .n_steps = 1,
        .against = 1 },
#endif
  };

  if (argc == 2 && strcmp (argv[1], "serve") == 0) {
    bench_serve (contenders, G_N_ELEMENTS (contenders));
  } else {
    bench_measure (contenders, G_N_ELEMENTS (contenders), FALSE);
    bench_print ("front end; times are per frame", contenders, G_N_ELEMENTS (contenders));
  }
  bench_clear (contenders, G_N_ELEMENTS (contenders));
#ifdef HAVE_KISSFFT
  kiss_fftr_free (contenders[2].data);
#endif
  fftwf_destroy_plan (plan);
  fftwf_free (in);
  fftwf_free (out);
  hearken_frontend_stream_free (features.stream);
  hearken_frontend_free (frontend);
  g_aligned_free (features.samples);
  return EXIT_SUCCESS;
}
