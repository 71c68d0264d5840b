/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What is shown of a model is what it does. */
#include <math.h>

#include "model-internal.h"
#include "recognizer.h"
#include "test-models.h"
#include "trace.h"

#define RATE 16000
#define N_SAMPLES RATE

static HearkenModel *
build_classic (void)
{
  g_autoptr (TestModel) builder = test_model_classic ("ctc");
  g_autoptr (GBytes) bytes = test_model_to_bytes (builder);
  g_autoptr (GError) error = NULL;
  HearkenModel *model = hearken_model_new_from_bytes (bytes, "test", &error);

  g_assert_no_error (error);
  return model;
}

/* Returns: (transfer full): [N_SAMPLES] */
static float *
make_tones (void)
{
  float *samples = g_new0 (float, N_SAMPLES);

  test_add_tone (samples, 0.2 * RATE, 0.5 * RATE, 800, RATE);
  test_add_tone (samples, 0.6 * RATE, 0.8 * RATE, 1500, RATE);
  samples[100] = NAN;
  return samples;
}

/* @n_samples: [N_SAMPLES] at most. Returns: (transfer full): at the end of its stream */
static HearkenTracer *
trace_tones (HearkenModel *model, gsize n_samples, guint lstm)
{
  g_autofree float *samples = make_tones ();
  HearkenTracer *tracer = hearken_tracer_new (model, lstm);

  hearken_tracer_push (tracer, samples, n_samples);
  hearken_tracer_drain (tracer);
  return tracer;
}

/* Whether h = o tanh (c) of the last LSTM, through the linear layer, gives the posteriors. */
static void
check_step (const HearkenModel *model, const HearkenTrace *trace, guint step)
{
  const HearkenLinear *linear = &model->network.layers[model->network.n_layers - 1].linear;
  const guint n_cells = trace->cell.n_values, n_tokens = trace->posteriors.n_values;
  g_autofree float *h = g_new (float, n_cells);
  g_autofree float *scores = g_new (float, hearken_matrix_get_n_packed (&linear->weights));
  float sum = 0;

  for (guint i = 0; i < n_cells; i++)
    h[i] = trace->output_gate.values[step * n_cells + i] *
           tanhf (trace->cell.values[step * n_cells + i]);
  hearken_matrix_multiply_add (&linear->weights, linear->bias, h, 1, scores);
  for (guint i = 0; i < n_tokens; i++)
    sum += expf (scores[i]);
  for (guint i = 0; i < n_tokens; i++)
    g_assert_cmpfloat_with_epsilon (
        trace->posteriors.values[step * n_tokens + i], expf (scores[i]) / sum, 1e-4);
}

static void
test_gates (void)
{
  g_autoptr (HearkenModel) model = build_classic ();
  g_autoptr (HearkenTracer) tracer = trace_tones (model, N_SAMPLES, 2);
  const HearkenTrace *trace = hearken_tracer_get_trace (tracer);

  g_assert_cmpuint (hearken_trace_get_n_lstms (model), ==, 2);
  g_assert_cmpuint (trace->cell.n_values, ==, 16);
  g_assert_cmpuint (trace->cell.n_steps, ==, trace->posteriors.n_steps);
  for (guint step = 0; step < trace->cell.n_steps; step++)
    check_step (model, trace, step);
}

/* c ← f ⊙ c + i ⊙ g with |g| < 1, whatever g is. */
static void
test_recurrence (void)
{
  g_autoptr (HearkenModel) model = build_classic ();
  g_autoptr (HearkenTracer) tracer = trace_tones (model, N_SAMPLES, 1);
  const HearkenTrace *trace = hearken_tracer_get_trace (tracer);
  const guint n_cells = trace->cell.n_values;

  for (guint i = n_cells; i < trace->cell.n_steps * n_cells; i++) {
    const float kept = trace->forget_gate.values[i] * trace->cell.values[i - n_cells];

    g_assert_cmpfloat (
        fabsf (trace->cell.values[i] - kept), <=, trace->input_gate.values[i] + 1e-6);
  }
}

static void
test_times (void)
{
  g_autoptr (HearkenModel) model = build_classic ();
  g_autoptr (HearkenTracer) tracer = trace_tones (model, N_SAMPLES, 0);
  const HearkenTrace *trace = hearken_tracer_get_trace (tracer);

  g_assert_cmpstr (trace->features_name, ==, "MFCC");
  g_assert_cmpuint (trace->features.n_values, ==, 13);
  g_assert_cmpuint (trace->features.n_steps, ==, 98); /* whole windows of 25 ms in a second */
  g_assert_cmpuint (trace->features.step_samples, ==, 160);
  g_assert_cmpfloat (trace->features.first_samples, ==, 200);
  g_assert_cmpuint (trace->posteriors.n_steps, ==, 98);
  g_assert_cmpint (trace->blank, ==, 0);
  g_assert_cmpuint (trace->cell.n_steps, ==, 0);
}

static void
test_too_short (void)
{
  g_autoptr (HearkenModel) model = build_classic ();
  g_autoptr (HearkenTracer) tracer = trace_tones (model, 100, 1);
  const HearkenTrace *trace = hearken_tracer_get_trace (tracer);

  g_assert_cmpuint (trace->features.n_steps, ==, 0);
  g_assert_cmpuint (trace->posteriors.n_steps, ==, 0);
  g_assert_cmpuint (trace->cell.n_steps, ==, 0);
}

/* From @skipped steps of @b on, they are the same. */
static void
assert_same_track (const HearkenTrack *a, const HearkenTrack *b, guint skipped)
{
  g_assert_cmpuint (a->n_values, ==, b->n_values);
  g_assert_cmpuint (a->n_steps + skipped, ==, b->n_steps);
  g_assert_cmpfloat (a->first_samples, ==, b->first_samples + skipped * b->step_samples);
  g_assert_cmpmem (a->values, a->n_steps * a->n_values * sizeof (float),
      b->values + skipped * b->n_values, a->n_steps * a->n_values * sizeof (float));
}

/* A recogniser's tracer that hears piece by piece, forgets in between, and starts anew with it. */
static void
test_stream (void)
{
  g_autoptr (HearkenModel) model = build_classic ();
  g_autofree float *samples = make_tones ();
  g_autoptr (HearkenTracer) whole = hearken_tracer_new (model, 1);
  g_autoptr (HearkenTracer) tracer = hearken_tracer_new (model, 1);
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
  const HearkenTrace *a, *b;

  hearken_tracer_push (whole, samples, N_SAMPLES);
  hearken_recognizer_set_tracer (recognizer, tracer);
  hearken_recognizer_push_silence (recognizer, 5000);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  for (guint i = 0; i < N_SAMPLES; i += 500) {
    for (HearkenResult *result; (result = hearken_recognizer_pull (recognizer)) != NULL;)
      hearken_result_free (result);
    g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);
    g_assert_true (hearken_recognizer_restore (recognizer, state, NULL)); /* it keeps its tracer */
    hearken_recognizer_push (recognizer, samples + i, 500);
    hearken_tracer_forget (tracer, i / 2);
  }

  a = hearken_tracer_get_trace (tracer);
  b = hearken_tracer_get_trace (whole);
  assert_same_track (&a->samples, &b->samples, 7750);
  assert_same_track (&a->features, &b->features, 48); /* 200 + 160 × 48 = 7880 is the first kept */
  assert_same_track (&a->posteriors, &b->posteriors, 48);
  assert_same_track (&a->cell, &b->cell, 48);
  g_assert_cmpfloat (b->samples.values[100], ==, 0); /* NaN before */
}

/* Nothing is heard then, up to a reset. */
static void
test_push_after_drain (void)
{
  g_autoptr (HearkenModel) model = build_classic ();
  g_autofree float *samples = make_tones ();
  g_autoptr (HearkenTracer) tracer = hearken_tracer_new (model, 1);

  hearken_tracer_push (tracer, samples, 1000);
  hearken_tracer_drain (tracer);
  g_test_expect_message ("Hearken", G_LOG_LEVEL_CRITICAL, "*is_drained*");
  hearken_tracer_push (tracer, samples, 1000);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (hearken_tracer_get_trace (tracer)->samples.n_steps, ==, 1000);
  hearken_tracer_reset (tracer);
  hearken_tracer_push (tracer, samples, 500);
  g_assert_cmpuint (hearken_tracer_get_trace (tracer)->samples.n_steps, ==, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/gates", test_gates);
  g_test_add_func ("/trace/recurrence", test_recurrence);
  g_test_add_func ("/trace/times", test_times);
  g_test_add_func ("/trace/too-short", test_too_short);
  g_test_add_func ("/trace/stream", test_stream);
  g_test_add_func ("/trace/push-after-drain", test_push_after_drain);
  return g_test_run ();
}
