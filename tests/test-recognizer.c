/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The engine's contract as properties of whole streams. */
#include <math.h>
#include <string.h>

#include "hearken.h"
#include "state.h"
#include "test-models.h"

#define RATE 16000
#define N_SAMPLES (4 * RATE)

static HearkenModel *
build_model (TestModel *builder)
{
  g_autoptr (TestModel) owned = builder;
  g_autoptr (GBytes) bytes = test_model_to_bytes (owned);
  g_autoptr (GError) error = NULL;
  HearkenModel *model = hearken_model_new_from_bytes (bytes, "test", &error);

  g_assert_no_error (error);
  return model;
}

/* "ab c" in tones with silences, then "a" cut off by the end. */
static float *
make_tones (void)
{
  float *samples = g_new0 (float, N_SAMPLES);

  test_add_tone (samples, 1.0 * RATE, 1.2 * RATE, 800, RATE);
  test_add_tone (samples, 1.3 * RATE, 1.5 * RATE, 1500, RATE);
  test_add_tone (samples, 1.6 * RATE, 1.8 * RATE, 300, RATE);
  test_add_tone (samples, 1.9 * RATE, 2.0 * RATE, 2600, RATE);
  test_add_tone (samples, 3.8 * RATE, 4.0 * RATE, 800, RATE);
  return samples;
}

/* Everything a result says, floats to the last bit. */
static void
append_results (GString *log, HearkenRecognizer *recognizer)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    g_string_append_printf (log,
        "%s %u “%s” %" G_GUINT64_FORMAT ".%u r%u %d %a %" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT
        " %s\n",
        hearken_level_to_string (result->level), result->token, result->text, result->utterance_id,
        result->index, result->revision, result->is_final, result->confidence,
        result->start_samples, result->duration_samples,
        hearken_end_reason_to_string (result->end_reason));
    hearken_result_free (result);
  }
}

/* @slice: samples per push; 0: random numbers of them */
static char *
recognize (HearkenRecognizer *recognizer, const float *samples, gsize n_samples, gsize slice)
{
  GString *log = g_string_new (NULL);

  for (gsize start = 0, n_push; start < n_samples; start += n_push) {
    n_push = slice > 0 ? slice : (gsize) g_test_rand_int_range (1, 3000);
    n_push = MIN (n_push, n_samples - start);
    hearken_recognizer_push (recognizer, samples + start, n_push);
    append_results (log, recognizer);
  }
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  append_results (log, recognizer);
  return g_string_free (log, FALSE);
}

static const struct {
  const char *name;
  HearkenStatePolicy policy;
} variants[] = {
  { "tones", HEARKEN_STATE_POLICY_PERSIST },
  { "ctc", HEARKEN_STATE_POLICY_PERSIST },
  { "ctc", HEARKEN_STATE_POLICY_RESET_ON_ENDPOINT },
  { "classify", HEARKEN_STATE_POLICY_PERSIST },
};

static HearkenRecognizer *
new_variant (gsize i)
{
  const char *name = variants[i].name;
  g_autoptr (HearkenModel) model = build_model (
      g_str_equal (name, "tones") ? test_model_tones (RATE) : test_model_classic (name));
  HearkenRecognizer *recognizer = hearken_recognizer_new (model);

  hearken_recognizer_set_endpoint_silence_ms (recognizer, 100);
  hearken_recognizer_set_max_utterance_ms (recognizer, 700);
  hearken_recognizer_set_state_policy (recognizer, variants[i].policy);
  return recognizer;
}

static void
test_tones_and_times (void)
{
  g_autoptr (HearkenModel) model = build_model (test_model_tones (RATE));
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
  g_autofree float *samples = make_tones ();
  static const struct {
    const char *text;
    double start, end;
  } expected[] = { { "ab", 1.0, 1.5 }, { "c", 1.9, 2.0 }, { "a", 3.8, 4.0 } };
  static const HearkenEndReason reasons[] = { HEARKEN_END_REASON_SILENCE, HEARKEN_END_REASON_EOS };
  gsize n_words = 0, n_utterances = 0;
  HearkenResult *result;

  hearken_recognizer_push (recognizer, samples, N_SAMPLES);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    const double start = (double) result->start_samples / RATE;
    const double end = start + (double) result->duration_samples / RATE;

    if (result->level == HEARKEN_LEVEL_WORD) {
      g_assert_cmpuint (n_words, <, G_N_ELEMENTS (expected));
      g_assert_cmpstr (result->text, ==, expected[n_words].text);
      g_assert_cmpfloat_with_epsilon (start, expected[n_words].start, 0.02);
      g_assert_cmpfloat_with_epsilon (end, expected[n_words].end, 0.02);
      n_words++;
    }
    if (result->level == HEARKEN_LEVEL_UTTERANCE) {
      g_assert_cmpuint (result->utterance_id, ==, n_utterances);
      g_assert_cmpint (result->end_reason, ==, reasons[n_utterances]);
      n_utterances++;
    }
    hearken_result_free (result);
  }
  g_assert_cmpuint (n_words, ==, 3);
  g_assert_cmpuint (n_utterances, ==, 2);
}

static void
test_slicing_invariance (void)
{
  static const gsize slices[] = { 1, 7, 160, 4096, 0, 0, 0 };
  g_autofree float *samples = make_tones ();

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_variant (i);
    g_autofree char *whole = recognize (recognizer, samples, N_SAMPLES, N_SAMPLES);

    g_assert_cmpstr (whole, !=, "");
    for (gsize j = 0; j < G_N_ELEMENTS (slices); j++) {
      g_autoptr (HearkenRecognizer) sliced = new_variant (i);
      g_autofree char *log = recognize (sliced, samples, N_SAMPLES, slices[j]);

      g_assert_cmpstr (log, ==, whole);
    }
  }
}

/* Saved anywhere, restored into a recogniser that has heard something else, and gone on with. */
static void
test_save_and_restore (void)
{
  g_autofree float *samples = make_tones ();

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    for (guint trial = 0; trial < 8; trial++) {
      const gsize cut = g_test_rand_int_range (0, N_SAMPLES);
      g_autoptr (HearkenRecognizer) first = new_variant (i);
      g_autoptr (HearkenRecognizer) other = new_variant (i);
      g_autoptr (GString) head = g_string_new (NULL);
      g_autoptr (GBytes) state = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *expected = NULL, *restored = NULL, *ignored = NULL;
      const float bad = NAN;

      hearken_recognizer_push (first, samples, cut);
      hearken_recognizer_push (first, &bad, 1);
      append_results (head, first);
      state = hearken_recognizer_save (first);
      expected = recognize (first, samples + cut, N_SAMPLES - cut, 0);

      ignored = recognize (other, samples, RATE + 123, 0);
      hearken_recognizer_push (other, samples, 1234);
      hearken_recognizer_restore (other, state, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (hearken_recognizer_get_position_samples (other), ==, cut + 1);
      g_assert_cmpuint (hearken_recognizer_get_n_bad_samples (other), ==, 1);
      restored = recognize (other, samples + cut, N_SAMPLES - cut, 0);
      g_assert_cmpstr (restored, ==, expected);
    }
  }
}

static void
test_restore_refuses_damage (void)
{
  g_autoptr (HearkenRecognizer) recognizer = new_variant (1);
  g_autoptr (HearkenRecognizer) other_model = new_variant (0);
  g_autofree float *samples = make_tones ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GBytes) state = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  gsize n_bytes;

  hearken_recognizer_push (recognizer, samples, 20000);
  append_results (log, recognizer);
  state = hearken_recognizer_save (recognizer);
  bytes = g_bytes_get_data (state, &n_bytes);

  g_assert_false (hearken_recognizer_restore (other_model, state, &error));
  g_assert_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_MODEL);
  g_clear_error (&error);

  for (gsize length = 0; length < n_bytes; length++) {
    g_autoptr (GBytes) cut = g_bytes_new (bytes, length);

    g_assert_false (hearken_recognizer_restore (recognizer, cut, &error));
    g_assert_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT);
    g_clear_error (&error);
  }
  {
    g_autofree guint8 *longer = g_malloc0 (n_bytes + 1);
    g_autoptr (GBytes) too_long = NULL;

    memcpy (longer, bytes, n_bytes);
    too_long = g_bytes_new (longer, n_bytes + 1);
    g_assert_false (hearken_recognizer_restore (recognizer, too_long, NULL));
  }
  {
    g_autoptr (GByteArray) longer = g_byte_array_new ();

    g_byte_array_append (longer, bytes, n_bytes - HEARKEN_STATE_CHECKSUM_BYTES);
    hearken_state_put_u64 (longer, 0);
    hearken_state_put_checksum (longer);
    g_autoptr (GBytes) goes_on = g_bytes_new (longer->data, longer->len);
    g_assert_false (hearken_recognizer_restore (recognizer, goes_on, &error));
    g_assert_nonnull (strstr (error->message, "values that cannot be"));
    g_clear_error (&error);
  }
  g_assert_cmpuint (hearken_recognizer_get_position_samples (recognizer), ==, 20000);

  /* No single byte can be wrong unnoticed. */
  for (guint trial = 0; trial < 300; trial++) {
    g_autofree guint8 *damaged = g_memdup2 (bytes, n_bytes);
    g_autoptr (GBytes) state_bytes = NULL;

    damaged[g_test_rand_int_range (0, n_bytes)] ^= 1 << g_test_rand_int_range (0, 8);
    state_bytes = g_bytes_new (damaged, n_bytes);
    g_assert_false (hearken_recognizer_restore (recognizer, state_bytes, NULL));
  }
}

/* NaN, infinity and absurd values are heard as silence, and leave no trace in the state. */
static void
test_bad_samples (void)
{
  static const float bad[] = { NAN, INFINITY, -INFINITY, 1e30f, -101.0f };
  g_autofree float *clean = make_tones ();
  g_autofree float *dirty = make_tones ();

  for (gsize i = 0; i < 5000; i++) {
    clean[RATE / 4 + i] = 0;
    dirty[RATE / 4 + i] = bad[i % G_N_ELEMENTS (bad)];
  }
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_variant (i);
    g_autoptr (HearkenRecognizer) fooled = new_variant (i);
    g_autofree char *expected = recognize (recognizer, clean, N_SAMPLES, 0);
    g_autofree char *log = recognize (fooled, dirty, N_SAMPLES, 0);

    g_assert_cmpstr (log, ==, expected);
    g_assert_cmpuint (hearken_recognizer_get_n_bad_samples (recognizer), ==, 0);
    g_assert_cmpuint (hearken_recognizer_get_n_bad_samples (fooled), ==, 5000);
  }
}

static void
test_silence_is_zeros (void)
{
  g_autofree float *samples = make_tones ();
  g_autoptr (HearkenRecognizer) pushed = new_variant (1);
  g_autoptr (HearkenRecognizer) silent = new_variant (1);
  g_autofree float *zeros = g_new0 (float, 3333);
  g_autofree char *expected = NULL, *log = NULL;

  hearken_recognizer_push (pushed, zeros, 3333);
  hearken_recognizer_push_silence (silent, 3333);
  expected = recognize (pushed, samples, N_SAMPLES, 0);
  log = recognize (silent, samples, N_SAMPLES, 0);
  g_assert_cmpstr (log, ==, expected);
}

/* After reset and after drain a stream is a first stream again, but for the utterances' numbers, with which
 * a successor goes on, too. */
static void
test_drain_and_reset_start_afresh (void)
{
  g_autofree float *samples = make_tones ();
  const float bad = NAN;

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_variant (i);

    hearken_recognizer_push (recognizer, &bad, 1);
    hearken_recognizer_push (recognizer, samples, 1.45 * RATE); /* up to the middle of a sound */
    hearken_recognizer_reset (recognizer);
    for (guint turn = 0; turn < 2; turn++) {
      g_autoptr (HearkenRecognizer) fresh = new_variant (i);
      g_autofree char *first = NULL, *again = NULL;

      g_assert_null (hearken_recognizer_pull (recognizer));
      g_assert_cmpuint (hearken_recognizer_get_position_samples (recognizer), ==, 0);
      hearken_recognizer_succeed (fresh, recognizer);
      g_assert_cmpuint (hearken_recognizer_get_n_bad_samples (fresh), ==, 1);
      first = recognize (fresh, samples, N_SAMPLES, 0);
      again = recognize (recognizer, samples, N_SAMPLES, 0); /* which drains it */
      g_assert_cmpstr (again, !=, "");
      g_assert_cmpstr (again, ==, first);
    }
  }
}

static void
test_drain_without_audio (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autoptr (HearkenRecognizer) recognizer = new_variant (i);
    const float sample = 0.5f;

    hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
    g_assert_null (hearken_recognizer_pull (recognizer));
    hearken_recognizer_push (recognizer, &sample, 1);
    hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_MANUAL);
    g_assert_null (hearken_recognizer_pull (recognizer)); /* no window was filled */
  }
}

/* State is carried: the same sound after another history gives other posteriors. */
static void
test_state_is_carried (void)
{
  g_autofree float *samples = make_tones ();
  g_autoptr (HearkenRecognizer) fresh = new_variant (1);
  g_autoptr (HearkenRecognizer) experienced = new_variant (1);
  g_autoptr (GString) ignored = g_string_new (NULL), first = g_string_new (NULL),
                      second = g_string_new (NULL);

  hearken_recognizer_push (fresh, samples + RATE, RATE);
  append_results (first, fresh);
  hearken_recognizer_push (experienced, samples + RATE / 2, RATE / 2 + RATE);
  append_results (second, experienced);
  g_assert_cmpstr (first->str, !=, second->str);
}

/* Where a model looks ahead, sequences that end in the last frames do not know of each other either. */
static void
test_reset_in_the_look_ahead (void)
{
  enum { N_GATES = 64, N_CEPS = 13, N_FRAMES = 21 };
  float weight[N_GATES][N_CEPS], wide[N_GATES][N_FRAMES][N_CEPS] = { 0 };
  g_autofree float *samples = make_tones ();
  g_autofree char *expected = NULL;

  test_random_floats (1, 0.25f, &weight[0][0], N_GATES * N_CEPS);
  for (int i = 0; i < N_GATES; i++)
    memcpy (wide[i][0], weight[i], sizeof (weight[i])); /* what is ahead has no weight */

  for (int looks_ahead = 0; looks_ahead < 2; looks_ahead++) {
    TestModel *builder = test_model_classic ("classify");
    g_autoptr (HearkenRecognizer) recognizer = NULL;
    g_autoptr (GString) classes = g_string_new (NULL);
    HearkenResult *result;

    if (looks_ahead)
      test_model_set (builder, "hearken.layers",
          "[{\"type\": \"splice\", \"right\": 20}, {\"type\": \"lstm\", \"name\": \"lstm\"}, "
          "{\"type\": \"linear\", \"name\": \"fc\"}]");
    test_model_add_floats (builder, "lstm.weight_ih_l0", N_GATES,
        looks_ahead ? N_FRAMES * N_CEPS : N_CEPS, looks_ahead ? &wide[0][0][0] : &weight[0][0]);
    g_autoptr (HearkenModel) model = build_model (builder);
    recognizer = hearken_recognizer_new (model);
    hearken_recognizer_set_max_utterance_ms (recognizer, 100);
    hearken_recognizer_push (recognizer, samples + RATE, RATE / 2);
    hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
    while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
      if (result->level == HEARKEN_LEVEL_TOKEN)
        g_string_append_printf (classes, "%s %a\n", result->text, result->confidence);
      hearken_result_free (result);
    }
    if (looks_ahead)
      g_assert_cmpstr (classes->str, ==, expected);
    else
      expected = g_strdup (classes->str);
  }
}

/* @side: "left" for a model that hears tones 200 ms late: it looks at the oldest of 21 frames; "right" for
 * one that hears them when 200 ms more are there. */
static HearkenModel *
make_late_model (const char *side, const char *decoding)
{
  enum { N_MELS = 8, N_TOKENS = 5, N_FRAMES = 21 };
  float weight[N_TOKENS][N_FRAMES][N_MELS] = { 0 };
  TestModel *builder = test_model_tones (RATE);
  g_autofree char *layers = g_strdup_printf (
      "[{\"type\": \"splice\", \"%s\": 20}, {\"type\": \"linear\", \"name\": \"fc\"}]", side);

  for (int token = 1; token < N_TOKENS; token++)
    weight[token][0][2 * (token - 1)] = 2.0f;
  test_model_set (builder, "hearken.layers", layers);
  test_model_set (builder, "hearken.decoding", decoding);
  test_model_add_floats (builder, "fc.weight", N_TOKENS, N_FRAMES * N_MELS, &weight[0][0][0]);
  return build_model (builder);
}

/* A sound is told no later than a model says, and not much earlier. */
static void
test_latency (void)
{
  static const char *const sides[] = { "left", "right" };
  const gsize end = RATE / 2;

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++) {
    g_autoptr (HearkenModel) model = make_late_model (sides[i], NULL);
    g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
    g_autofree float *samples = g_new0 (float, RATE);
    const gsize latency = hearken_model_get_latency_samples (model) + (i == 0 ? RATE / 5 : 0);
    HearkenResult *result = NULL;
    gsize n_pushed = 0;

    test_add_tone (samples, end - RATE / 10, end, 800, RATE);
    while (result == NULL || result->level != HEARKEN_LEVEL_TOKEN) {
      g_clear_pointer (&result, hearken_result_free);
      g_assert_cmpuint (n_pushed, <, RATE);
      hearken_recognizer_push (recognizer, samples + n_pushed++, 1);
      result = hearken_recognizer_pull (recognizer);
    }
    hearken_result_free (result);
    g_test_message ("%s: %u of %u", sides[i], (guint) (n_pushed - end), (guint) latency);
    g_assert_cmpuint (n_pushed - end, <=, latency);
    g_assert_cmpuint (n_pushed - end, >, latency - RATE / 25);
  }
}

/* The words of one second with a tone at its end, and of silence after it; "|" where the stream is
 * ended (or finalized), which is what ends the utterance, and each ends within what was pushed. */
static char *
hear_late (const char *decoding, gboolean finalizes)
{
  g_autoptr (HearkenModel) model = make_late_model ("left", decoding);
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
  g_autofree float *samples = g_new0 (float, RATE);
  g_autoptr (GString) words = g_string_new (NULL);
  const HearkenEndReason reason = finalizes ? HEARKEN_END_REASON_MANUAL : HEARKEN_END_REASON_EOS;

  hearken_recognizer_set_endpoint_silence_ms (recognizer, 50);
  hearken_recognizer_set_initial_silence_ms (recognizer, 1100);
  test_add_tone (samples, 0.85 * RATE, RATE, 800, RATE);
  hearken_recognizer_push (recognizer, samples, RATE);
  for (int turn = 0; turn < 2; turn++) {
    HearkenResult *result;

    if (finalizes)
      hearken_recognizer_finalize (recognizer);
    else
      hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
    while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
      if (result->level == HEARKEN_LEVEL_WORD)
        g_string_append (words, result->text);
      if (result->level == HEARKEN_LEVEL_UTTERANCE)
        g_assert_cmpint (result->end_reason, ==, reason);
      g_assert_cmpstr (result->text, !=, "silence");
      g_assert_cmpuint (result->start_samples + result->duration_samples, <=, RATE);
      hearken_result_free (result);
    }
    g_string_append_c (words, '|');
    hearken_recognizer_push_silence (recognizer, RATE);
  }
  return g_strdup (words->str);
}

/* The last word is not lost, be it told late, and not told twice. */
static void
test_flush (void)
{
  g_autofree char *lost = hear_late (NULL, FALSE);
  g_autofree char *drained = hear_late ("{\"flush_ms\": 300}", FALSE);
  g_autofree char *finalized = hear_late ("{\"flush_ms\": 300}", TRUE);

  g_assert_cmpstr (lost, ==, "||");
  g_assert_cmpstr (drained, ==, "a||");
  g_assert_cmpstr (finalized, ==, "a||");
}

/* What was heard ahead of time in one stream takes nothing from the next, and is saved with it. */
static void
test_after_look_ahead (void)
{
  g_autoptr (HearkenModel) model = make_late_model ("left", "{\"flush_ms\": 300}");
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
  g_autoptr (HearkenRecognizer) other = hearken_recognizer_new (model);
  g_autofree float *samples = g_new0 (float, RATE);
  g_autofree char *restored = NULL, *again = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  test_add_tone (samples, 0.85 * RATE, RATE, 800, RATE);
  hearken_recognizer_push (recognizer, samples, RATE);
  hearken_recognizer_finalize (recognizer);
  hearken_recognizer_finalize (recognizer); /* which tells nothing again */
  append_results (log, recognizer);
  g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);
  g_assert_true (hearken_recognizer_restore (other, state, NULL));
  restored = recognize (other, samples, RATE / 2, 0); /* silence, in which it is heard no more */
  g_assert_cmpstr (restored, ==, "");
  hearken_recognizer_reset (recognizer);
  memset (samples, 0, RATE * sizeof (float));
  test_add_tone (samples, 0, 0.05 * RATE, 800, RATE);
  again = recognize (recognizer, samples, RATE, 0);
  g_assert_nonnull (strstr (again, "word"));
}

/* The end of an utterance that was asked for is one more at which a state does not persist. */
static void
test_finalize_resets (void)
{
  g_autofree float *samples = make_tones ();
  char *logs[2];

  for (gsize resets = 0; resets < 2; resets++) {
    g_autoptr (HearkenRecognizer) recognizer = new_variant (1 + resets);
    g_autoptr (GString) head = g_string_new (NULL);

    hearken_recognizer_set_endpoint_silence_ms (recognizer, 0);
    hearken_recognizer_set_max_utterance_ms (recognizer, 600000);
    hearken_recognizer_push (recognizer, samples, 1.4 * RATE);
    hearken_recognizer_finalize (recognizer);
    append_results (head, recognizer);
    logs[resets] = recognize (recognizer, samples + (gsize) (1.4 * RATE), RATE, 0);
  }
  g_assert_cmpstr (logs[0], !=, logs[1]);
  g_free (logs[0]);
  g_free (logs[1]);
}

/* However short a time is, it is not none: no time at all means never. */
static void
test_shortest_silence (void)
{
  for (guint silence_ms = 0; silence_ms < 2; silence_ms++) {
    g_autoptr (HearkenRecognizer) recognizer = new_variant (0);
    g_autofree float *samples = make_tones ();
    g_autoptr (GString) log = g_string_new (NULL);

    hearken_recognizer_set_endpoint_silence_ms (recognizer, silence_ms);
    hearken_recognizer_set_max_utterance_ms (recognizer, 30000);
    hearken_recognizer_push (recognizer, samples, 3 * RATE);
    append_results (log, recognizer);
    g_assert_cmpint (strstr (log->str, "utterance") != NULL, ==, silence_ms > 0);
  }
}

/* Speech has not ended before what was said, though a model may have a token end before it begins; nor does
 * it begin before what was said has ended. */
static void
test_bounds_of_speech (void)
{
  static const char *const offsets[] = { "[[0,0],[0,0],[100,-300],[100,-300],[100,-300]]",
    "[[0,0],[0,0],[-300,300],[-300,300],[-300,300]]" };
  g_autofree float *samples = make_tones ();

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++) {
    TestModel *builder = test_model_tones (RATE);
    guint64 end = 0;
    HearkenResult *result;

    test_model_set (builder, "hearken.token-offsets", offsets[i]);
    g_autoptr (HearkenModel) model = build_model (builder);
    g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
    hearken_recognizer_set_endpoint_silence_ms (recognizer, 50);
    hearken_recognizer_push (recognizer, samples, N_SAMPLES);
    hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
    while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
      if (result->level == HEARKEN_LEVEL_ACTIVITY)
        g_assert_cmpuint (result->start_samples, >=, end);
      end = MAX (end, result->start_samples + result->duration_samples);
      hearken_result_free (result);
    }
    g_assert_cmpuint (end, >, 3.8 * RATE);
  }
}

/* An LSTM whose weights are too large for float32 comes to remember what is no number. Its stream goes
 * on after a word was asked for in the middle of it. */
static void
test_overflow (void)
{
  enum { N_GATES = 64, N_CELLS = 16, N_OUTPUTS = 8 };
  g_autofree float *samples = make_tones ();
  g_autofree float *weight = g_new (float, N_GATES *N_CELLS);
  TestModel *builder = test_model_classic ("ctc");

  for (gsize i = 0; i < N_GATES * N_CELLS; i++)
    weight[i] = 3e38f;
  test_model_add_floats (builder, "lstm.bias_ih_l0", N_GATES, 0, weight);
  test_model_add_floats (builder, "lstm.weight_hr_l0", N_OUTPUTS, N_CELLS, weight);
  test_model_add_floats (builder, "lstm.weight_hh_l0", N_GATES, N_OUTPUTS, weight);
  test_model_add_floats (builder, "lstm.weight_ih_l1", N_GATES, N_OUTPUTS, weight);
  test_model_add_floats (builder, "lstm.weight_hr_l1", N_OUTPUTS, N_CELLS, weight);
  test_model_add_floats (builder, "lstm.weight_hh_l1", N_GATES, N_OUTPUTS, weight);
  test_model_add_floats (builder, "fc.weight", 5, N_OUTPUTS, weight);
  g_autoptr (HearkenModel) model = build_model (builder);
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
  hearken_recognizer_push (recognizer, samples, RATE);
  hearken_recognizer_finalize (recognizer);
  g_assert_cmpuint (hearken_recognizer_get_position_samples (recognizer), ==, RATE);
  g_autofree char *log = recognize (recognizer, samples, N_SAMPLES, 0);
  g_assert_null (strstr (log, "nan"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recognizer/tones-and-times", test_tones_and_times);
  g_test_add_func ("/recognizer/slicing-invariance", test_slicing_invariance);
  g_test_add_func ("/recognizer/save-and-restore", test_save_and_restore);
  g_test_add_func ("/recognizer/restore-refuses-damage", test_restore_refuses_damage);
  g_test_add_func ("/recognizer/bad-samples", test_bad_samples);
  g_test_add_func ("/recognizer/silence-is-zeros", test_silence_is_zeros);
  g_test_add_func ("/recognizer/drain-and-reset", test_drain_and_reset_start_afresh);
  g_test_add_func ("/recognizer/drain-without-audio", test_drain_without_audio);
  g_test_add_func ("/recognizer/latency", test_latency);
  g_test_add_func ("/recognizer/flush", test_flush);
  g_test_add_func ("/recognizer/after-look-ahead", test_after_look_ahead);
  g_test_add_func ("/recognizer/finalize-resets", test_finalize_resets);
  g_test_add_func ("/recognizer/shortest-silence", test_shortest_silence);
  g_test_add_func ("/recognizer/reset-in-the-look-ahead", test_reset_in_the_look_ahead);
  g_test_add_func ("/recognizer/state-is-carried", test_state_is_carried);
  g_test_add_func ("/recognizer/bounds-of-speech", test_bounds_of_speech);
  g_test_add_func ("/recognizer/overflow", test_overflow);
  return g_test_run ();
}
