/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The front end's numbers are torchaudio's: golden vectors from golden/generate_frontend.py. */
#include <math.h>
#include <string.h>

#include "test-frontend-cases.h"
#include "test-golden.h"

#define TOLERANCE 1e-3

static const char *const signals[] = { "speech", "silence", "square", "noise", "short",
  "too-short" };

static HearkenSafetensors *golden;

/* Energies without a logarithm are compared relative to the largest. */
static double
get_unit (const HearkenFrontendConfig *config, const float *expected, gsize n_values)
{
  float unit = 1;

  if (config->log == HEARKEN_LOG_NONE)
    for (gsize i = 0; i < n_values; i++)
      unit = fmaxf (unit, expected[i]);
  return unit;
}

/* What torchaudio refuses has no frames. */
static double
compare (const HearkenFrontend *frontend, const char *case_name, const char *signal)
{
  const HearkenFrontendConfig *config = hearken_frontend_get_config (frontend);
  g_autofree char *signal_name = g_strdup_printf ("signal/%s-%u", signal, config->sample_rate_hz);
  g_autofree char *name = g_strdup_printf ("%s/%s", case_name, signal);
  const HearkenTensor *input = hearken_safetensors_get_tensor (golden, signal_name);
  const HearkenTensor *output = hearken_safetensors_get_tensor (golden, name);
  gsize n_values = output != NULL ? output->n_values : 0;
  g_autofree float *samples = test_golden_dup (golden, signal_name, input->n_values);
  g_autofree float *expected = n_values > 0 ? test_golden_dup (golden, name, n_values) : NULL;
  g_autoptr (GArray) frames = test_frontend_run (frontend, samples, input->n_values);

  g_assert_cmpuint (frames->len, ==, n_values);
  return test_max_difference ((float *) frames->data, expected, n_values) /
         get_unit (config, expected, n_values);
}

static void
test_case (gconstpointer case_name)
{
  HearkenFrontend *frontend = test_frontend_new (golden, case_name);

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
    double difference = compare (frontend, case_name, signals[i]);

    g_test_message ("%s: %.1e", signals[i], difference);
    g_assert_cmpfloat (difference, <=, TOLERANCE);
  }
  hearken_frontend_free (frontend);
}

/* Every kind of signal has a tensor somewhere, and too short ones have none. */
static void
test_golden_is_complete (void)
{
  g_auto (GStrv) cases = test_frontend_list_cases (golden);

  for (guint c = 0; cases[c] != NULL; c++)
    for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
      g_autofree char *name = g_strdup_printf ("%s/%s", cases[c], signals[i]);
      bool refused = hearken_safetensors_get_tensor (golden, name) == NULL;

      if (strcmp (signals[i], "short") != 0)
        g_assert_cmpint (refused, ==, strcmp (signals[i], "too-short") == 0);
    }
}

/* Where a frame is in time; torchaudio.transforms centres frame k at k hops, if at all. */
static void
test_centre (void)
{
  static const struct {
    const char *case_name;
    guint centre_samples;
    guint lookahead_frames;
  } expected[] = {
    { "kaldi.mfcc/default", 200, 0 },
    { "kaldi.mfcc/8k", 100, 0 },
    { "kaldi.mfcc/edges", 80, 0 },
    { "kaldi.mfcc/deltas", 200, 4 },
    { "kaldi.mfcc/delta-deltas", 80, 4 },
    { "torchaudio.MFCC/htk", 0, 0 },
    { "torchaudio.MFCC/no-center", 256, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    HearkenFrontend *frontend = test_frontend_new (golden, expected[i].case_name);

    g_assert_cmpuint (
        hearken_frontend_get_centre_samples (frontend), ==, expected[i].centre_samples);
    g_assert_cmpuint (
        hearken_frontend_get_lookahead_frames (frontend), ==, expected[i].lookahead_frames);
    hearken_frontend_free (frontend);
  }
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) cases = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  golden = test_golden_open ("frontend.safetensors");
  cases = test_frontend_list_cases (golden);
  g_test_add_func ("/frontend/golden-is-complete", test_golden_is_complete);
  g_test_add_func ("/frontend/centre", test_centre);
  for (guint i = 0; cases[i] != NULL; i++) {
    g_autofree char *path = g_strdup_printf ("/frontend/golden/%s", cases[i]);
    g_test_add_data_func (path, cases[i], test_case);
  }
  status = g_test_run ();
  hearken_safetensors_free (golden);
  return status;
}
