/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* CTC's best path, classification, words, utterances and endpoints, on posteriors made by hand. */
#include <math.h>
#include <string.h>

#include "decoder.h"
#include "endpoint.h"
#include "model-internal.h"
#include "utterance.h"

#define STEP 160 /* samples per network step */
#define NO_LIMIT G_MAXUINT64

static const char *letters[] = { "_", " ", "a", "b", "c", NULL };
static const char *pieces[] = { "_", "▁", "▁a", "b", "c", NULL };
static const char *words[] = { "_", "▁", "▁yes", "▁no", "▁go", NULL };
static const char *phones[] = { "_", "EY", "B", "IY", "S", NULL };

static HearkenModel
make_model (HearkenTask task, const char **tokens)
{
  return (HearkenModel){ .task = task, .n_tokens = 5, .tokens = (char **) tokens };
}

/* Pushes one step for each digit of @winners: that output has the posterior 0.6, the others 0.1. */
static guint
push (HearkenDecoder *decoder, const char *winners)
{
  guint n_ended = 0;

  for (; *winners != '\0'; winners++) {
    float log_probs[5];

    for (guint i = 0; i < 5; i++)
      log_probs[i] = logf (i == (guint) g_ascii_digit_value (*winners) ? 0.6f : 0.1f);
    n_ended += hearken_decoder_push (decoder, log_probs);
  }
  return n_ended;
}

static void
set_rules (HearkenDecoder *decoder, guint64 silence_steps, guint64 max_steps)
{
  const HearkenDecoderSettings settings = {
    .rules.silence_steps = silence_steps, .rules.max_steps = max_steps, .n_best = 1
  };

  hearken_decoder_configure (decoder, &settings);
}

/* All results that wait, as "level:text@start+duration/index" with times in steps; utterances as
 * "utterance:text@start+duration!reason". */
static char *
pull_all (HearkenDecoder *decoder)
{
  g_autoptr (GString) line = g_string_new (NULL);
  HearkenResult *result;

  while ((result = hearken_decoder_pull (decoder)) != NULL) {
    if (result->level == HEARKEN_LEVEL_ACTIVITY) {
      hearken_result_free (result);
      continue;
    }
    g_string_append_printf (line, "%s%c:%s@%g+%g", line->len > 0 ? " " : "",
        hearken_level_to_string (result->level)[0], result->text,
        (double) result->start_samples / STEP, (double) result->duration_samples / STEP);
    if (result->level == HEARKEN_LEVEL_UTTERANCE)
      g_string_append_printf (line, "!%s#%" G_GUINT64_FORMAT,
          hearken_end_reason_to_string (result->end_reason), result->utterance_id);
    else
      g_string_append_printf (line, "/%u", result->index);
    g_assert_true (result->is_final);
    g_assert_cmpfloat_with_epsilon (result->confidence, 0.6, 1e-6);
    hearken_result_free (result);
  }
  return g_strdup (line->str);
}

typedef struct {
  const char *name;
  HearkenTask task;
  const char **tokens;
  const char *winners; /* then end of stream */
  const char *expected;
} DecoderCase;

static const DecoderCase decoder_cases[] = {
  { "nothing", HEARKEN_TASK_CTC, letters, "", "" },
  { "blanks", HEARKEN_TASK_CTC, letters, "0000", "" },
  { "repeats-collapse", HEARKEN_TASK_CTC, letters, "0222300",
      "t:a@1+3/0 t:b@4+1/1 w:ab@1+4/0 u:ab@1+4!eos#0" },
  { "blank-separates", HEARKEN_TASK_CTC, letters, "202",
      "t:a@0+1/0 t:a@2+1/1 w:aa@0+3/0 u:aa@0+3!eos#0" },
  { "separator", HEARKEN_TASK_CTC, letters, "2134",
      "t:a@0+1/0 w:a@0+1/0 t: @1+1/1 t:b@2+1/2 t:c@3+1/3 w:bc@2+2/1 u:a bc@0+4!eos#0" },
  { "idle-separators-are-dropped", HEARKEN_TASK_CTC, letters, "1101021010",
      "t:a@5+1/0 w:a@5+1/0 t: @6+1/1 u:a@5+1!eos#0" },
  { "only-separators", HEARKEN_TASK_CTC, letters, "10100", "" },
  { "pieces", HEARKEN_TASK_CTC, pieces, "2324",
      "t:▁a@0+1/0 t:b@1+1/1 w:ab@0+2/0 t:▁a@2+1/2 t:c@3+1/3 w:ac@2+2/1 u:ab ac@0+4!eos#0" },
  { "whole-words-are-final-at-once", HEARKEN_TASK_CTC, words, "2030",
      "t:▁yes@0+1/0 w:yes@0+1/0 t:▁no@2+1/1 w:no@2+1/1 u:yes no@0+3!eos#0" },
  { "no-marks", HEARKEN_TASK_CTC, phones, "2300",
      "t:B@0+1/0 w:B@0+1/0 t:IY@1+1/1 w:IY@1+1/1 u:B IY@0+2!eos#0" },
  { "class-of-the-last-step", HEARKEN_TASK_CLASSIFY, phones, "2234",
      "t:S@0+4/0 w:S@0+4/0 u:S@0+4!eos#0" },
  { "class-of-nothing", HEARKEN_TASK_CLASSIFY, phones, "", "" },
};

static void
test_decoder_case (gconstpointer data)
{
  const DecoderCase *test = data;
  const HearkenModel model = make_model (test->task, test->tokens);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL;

  g_assert_cmpuint (push (decoder, test->winners), ==, 0);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, test->expected);
  hearken_decoder_free (decoder);
}

static void
test_silence_ends_utterance (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL, *tail = NULL;

  set_rules (decoder, 3, NO_LIMIT);
  g_assert_cmpuint (push (decoder, "00000000"), ==, 0); /* no utterance, no end */
  g_assert_cmpuint (push (decoder, "2002"), ==, 0);     /* too short a silence */
  g_assert_cmpuint (push (decoder, "00"), ==, 0);
  g_assert_cmpuint (push (decoder, "0"), ==, 1);
  g_assert_cmpuint (push (decoder, "0000000"), ==, 0); /* only once */
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, "t:a@8+1/0 t:a@11+1/1 w:aa@8+4/0 u:aa@8+4!silence#0");

  g_assert_cmpuint (push (decoder, "3"), ==, 0);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_GAP, NO_LIMIT);
  tail = pull_all (decoder);
  g_assert_cmpstr (tail, ==, "t:b@22+1/0 w:b@22+1/0 u:b@22+1!gap#1");
  hearken_decoder_free (decoder);
}

/* Words become final later than tokens that come after them. */
static void
test_late_word_ends_nothing (void)
{
  const HearkenEndpointRules rules = { .silence_steps = 10, .max_steps = NO_LIMIT };
  HearkenEndpoint endpoint;

  hearken_endpoint_reset (&endpoint);
  hearken_endpoint_hear (&endpoint, 5, 30); /* tokens */
  hearken_endpoint_hear (&endpoint, 5, 15); /* a word of the first of them */
  g_assert_cmpint (hearken_endpoint_check (&endpoint, &rules, 39, true), ==, HEARKEN_ENDPOINT_NONE);
  g_assert_cmpint (
      hearken_endpoint_check (&endpoint, &rules, 40, true), ==, HEARKEN_ENDPOINT_SILENCE);
}

/* It is told once, when it has lasted, and not in the middle of a sound. */
static void
test_initial_silence (void)
{
  const HearkenEndpointRules rules = { .initial_steps = 10, .max_steps = NO_LIMIT };
  HearkenEndpoint endpoint;

  hearken_endpoint_reset (&endpoint);
  g_assert_cmpint (hearken_endpoint_check (&endpoint, &rules, 9, true), ==, HEARKEN_ENDPOINT_NONE);
  g_assert_cmpint (
      hearken_endpoint_check (&endpoint, &rules, 10, false), ==, HEARKEN_ENDPOINT_NONE);
  g_assert_cmpint (
      hearken_endpoint_check (&endpoint, &rules, 10, true), ==, HEARKEN_ENDPOINT_NO_SPEECH);
  g_assert_cmpint (hearken_endpoint_check (&endpoint, &rules, 11, true), ==, HEARKEN_ENDPOINT_NONE);
}

static void
test_max_length_ends_utterance (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL;

  set_rules (decoder, 0, 4);
  /* The utterance begins at step 1; the run of b that crosses its end goes to the next. */
  g_assert_cmpuint (push (decoder, "0213"), ==, 0);
  g_assert_cmpuint (push (decoder, "3"), ==, 1);
  g_assert_cmpuint (push (decoder, "0"), ==, 0);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==,
      "t:a@1+1/0 w:a@1+1/0 t: @2+1/1 u:a@1+1!max-length#0 t:b@3+2/0 w:b@3+2/0 u:b@3+2!eos#1");
  hearken_decoder_free (decoder);
}

/* The end of an utterance cuts no word in two, and keeps none back for ever: one that ended just then
 * comes with a silence, or with the next end. */
static void
test_word_over_max_length (void)
{
  static const struct {
    guint64 silence_steps;
    const char *winners;
    const char *expected;
  } cases[] = {
    { 0, "0213040",
        "t:a@1+1/0 w:a@1+1/0 t: @2+1/1 t:b@3+1/2 u:a@1+1!max-length#0 "
        "t:c@5+1/0 w:bc@3+3/0 u:bc@3+3!eos#1" },
    { 2, "0213000",
        "t:a@1+1/0 w:a@1+1/0 t: @2+1/1 t:b@3+1/2 u:a@1+1!max-length#0 "
        "w:b@3+1/0 u:b@3+1!silence#1" },
    { 0, "021300000",
        "t:a@1+1/0 w:a@1+1/0 t: @2+1/1 t:b@3+1/2 u:a@1+1!max-length#0 "
        "w:b@3+1/0 u:b@3+1!max-length#1" },
  };
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
    g_autofree char *results = NULL;

    set_rules (decoder, cases[i].silence_steps, 4);
    push (decoder, cases[i].winners);
    hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
    results = pull_all (decoder);
    g_assert_cmpstr (results, ==, cases[i].expected);
    hearken_decoder_free (decoder);
  }
}

static void
test_class_at_max_length (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CLASSIFY, phones);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL;

  set_rules (decoder, 0, 3);
  g_assert_cmpuint (push (decoder, "1124"), ==, 1);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
  results = pull_all (decoder);
  g_assert_cmpstr (
      results, ==, "t:B@0+3/0 w:B@0+3/0 u:B@0+3!max-length#0 t:S@3+1/0 w:S@3+1/0 u:S@3+1!eos#1");
  hearken_decoder_free (decoder);
}

static void
test_times_stay_in_the_stream (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ -STEP / 2, STEP });
  g_autofree char *results = NULL;

  push (decoder, "20003");
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, 4 * STEP);
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, "t:a@0+0.5/0 t:b@3.5+0.5/1 w:ab@0+4/0 u:ab@0+4!eos#0");
  hearken_decoder_free (decoder);
}

/* Sounds may be told to have ended a little late; the next utterance begins no earlier. */
static void
test_utterances_do_not_overlap (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  const HearkenHeard heard[] = { { "first", 0.9, 0, 10 }, { "second", 0.9, 8, 20 },
    { "within", 0.9, 12, 18 } };
  HearkenUtterance utterance;

  for (int has_given_words = 0; has_given_words < 2; has_given_words++) {
    hearken_utterance_init (&utterance, &model);
    utterance.has_given_words = has_given_words;
    for (gsize i = 0; i < G_N_ELEMENTS (heard); i++) {
      HearkenEnding ending = { .reason = HEARKEN_END_REASON_MAX_LENGTH };
      HearkenResult *result;

      hearken_utterance_add (&utterance, 2, -0.1f, heard[i].start_samples, heard[i].end_samples);
      g_assert_true (hearken_utterance_accepts (&utterance, 1)); /* a separator, after a token */
      if (has_given_words)
        hearken_utterance_add_word (&utterance, &heard[i]);
      hearken_utterance_close (&utterance, &ending);
      while ((result = hearken_utterance_pull (&utterance)) != NULL) {
        g_assert_cmpuint (result->start_samples, ==, i * 10);
        g_assert_cmpuint (result->duration_samples, ==, i < 2 ? 10 : 0);
        hearken_result_free (result);
      }
    }
    hearken_utterance_clear (&utterance);
  }
}

/* Where each token is a word, it is told with the token and waits for no other. */
static void
test_words_at_once (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, words);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL;

  push (decoder, "20");
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, "t:▁yes@0+1/0 w:yes@0+1/0");
  hearken_decoder_free (decoder);
}

static void
test_reset (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL;

  push (decoder, "20233");
  hearken_decoder_reset (decoder); /* utterance 0 had tokens, so the next is utterance 1 */
  push (decoder, "04");
  hearken_decoder_reset (decoder); /* c was not reported yet */
  push (decoder, "03");
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_MANUAL, NO_LIMIT);
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, "t:b@1+1/0 w:b@1+1/0 u:b@1+1!manual#1");
  hearken_decoder_free (decoder);
}

/* What was pushed beyond the end of the stream ends no utterance by itself. */
static void
test_bound (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autofree char *results = NULL;

  set_rules (decoder, 3, NO_LIMIT);
  hearken_decoder_bound (decoder, 4 * STEP);
  g_assert_cmpuint (push (decoder, "200"), ==, 0);
  g_assert_cmpuint (push (decoder, "0"), ==, 1); /* up to the last sample */
  hearken_decoder_bound (decoder, 7 * STEP);
  g_assert_cmpuint (push (decoder, "30000"), ==, 0);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
  results = pull_all (decoder);
  g_assert_cmpstr (
      results, ==, "t:a@0+1/0 w:a@0+1/0 u:a@0+1!silence#0 t:b@4+1/0 w:b@4+1/0 u:b@4+1!eos#1");
  hearken_decoder_free (decoder);
}

/* Steps in which nothing was heard can be taken back, also those right behind a token. */
static void
test_rewind (void)
{
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  const HearkenDecoderSettings settings = { .rules = { 0, 4, NO_LIMIT }, .n_best = 1 };
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  HearkenResult *result;
  g_autofree char *results = NULL;

  hearken_decoder_configure (decoder, &settings);
  push (decoder, "0220");
  hearken_decoder_finalize (decoder, HEARKEN_END_REASON_MANUAL, NO_LIMIT);
  g_assert_false (hearken_decoder_rewind (decoder, 2));
  g_assert_true (hearken_decoder_rewind (decoder, 3));
  g_assert_cmpuint (hearken_decoder_get_n_steps (decoder), ==, 3);
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, "t:a@1+2/0 w:a@1+2/0 u:a@1+2!manual#0");
  push (decoder, "000"); /* it waits for four from there on, before it tells of silence */
  g_assert_null (hearken_decoder_pull (decoder));
  push (decoder, "0");
  result = hearken_decoder_pull (decoder);
  g_assert_cmpstr (result->text, ==, "silence");
  hearken_result_free (result);
  push (decoder, "30");
  g_free (g_steal_pointer (&results));
  results = pull_all (decoder);
  g_assert_cmpstr (results, ==, "t:b@7+1/0");
  hearken_decoder_free (decoder);
}

/* A token is as sure as the surest of its steps; where all are as probable, the blank is heard. */
static void
test_confidence (void)
{
  static const struct {
    guint token;
    float log_prob;
  } steps[] = { { 2, -0.7f }, { 2, -0.2f }, { 2, -0.5f }, { 0, -1 }, { 3, 0 }, { 0, -10 },
    { 0, -1 } };
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  const double expected[] = { exp (-0.2), 1 };
  guint n_tokens = 0;
  HearkenResult *result;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    float log_probs[] = { -10, -10, -10, -10, -10 };

    log_probs[steps[i].token] = steps[i].log_prob;
    hearken_decoder_push (decoder, log_probs);
  }
  for (; (result = hearken_decoder_pull (decoder)) != NULL; hearken_result_free (result))
    if (result->level == HEARKEN_LEVEL_TOKEN)
      g_assert_cmpfloat_with_epsilon (result->confidence, expected[n_tokens++], 1e-6);
  g_assert_cmpuint (n_tokens, ==, 2);
  hearken_decoder_free (decoder);
}

/* What cannot be is refused: of the state of a decoder that heard nothing, where it is in bytes. */
static void
test_bad_states (void)
{
  static const struct {
    gsize at;
    guint64 number;
    float log_prob; /* if it is not 0 */
  } cases[] = {
    { 0, G_MAXUINT64, 0 }, /* steps */
    { 16, 5, 0 },          /* class */
    { 32, 0, 0.5f },       /* its probability */
    { 36, 5, 0 },          /* token */
    { 44, 1, 0 },          /* since a step that was not */
    { 60, 0, 0.5f },       /* its probability */
    { 64, 1, 0 },          /* silence since a step that was not */
    { 72, 1, 0 },          /* speech */
    { 80, 1, 0 },          /* up to then */
    { 88, 2, 0 },          /* whether it goes on */
    { 120, 1, 0 },         /* words in no text */
    { 144, 1, 0 },         /* a word that begins behind its end */
    { 176, 0, 0.5f },      /* its probability */
    { 268, 1, 0 },         /* a draft more than there are */
  };
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });
  g_autoptr (GByteArray) state = g_byte_array_new ();
  HearkenStateReader reader;

  hearken_decoder_save (decoder, state);
  g_assert_cmpuint (state->len, ==, 276);
  reader = (HearkenStateReader){ state->data, state->len };
  g_assert_true (hearken_decoder_restore (decoder, &reader));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree guint8 *bad = g_memdup2 (state->data, state->len);

    if (cases[i].log_prob != 0)
      memcpy (bad + cases[i].at, &cases[i].log_prob, sizeof (float));
    else
      memcpy (bad + cases[i].at, &cases[i].number, sizeof (guint64));
    reader = (HearkenStateReader){ bad, state->len };
    g_assert_false (hearken_decoder_restore (decoder, &reader));
  }
  hearken_decoder_free (decoder);
}

/* And a class that is no number is not sure at all. */
static void
test_nan_is_blank (void)
{
  static const float nans[5] = { NAN, NAN, NAN, NAN, NAN };
  const HearkenModel model = make_model (HEARKEN_TASK_CTC, letters);
  const HearkenModel classifier = make_model (HEARKEN_TASK_CLASSIFY, phones);
  HearkenResult *result;
  HearkenDecoder *decoder = hearken_decoder_new (&model, (HearkenStepClock){ 0, STEP });

  hearken_decoder_push (decoder, nans);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
  g_assert_null (hearken_decoder_pull (decoder));
  hearken_decoder_free (decoder);

  decoder = hearken_decoder_new (&classifier, (HearkenStepClock){ 0, STEP });
  hearken_decoder_push (decoder, nans);
  hearken_decoder_finish (decoder, HEARKEN_END_REASON_EOS, NO_LIMIT);
  for (; (result = hearken_decoder_pull (decoder)) != NULL; hearken_result_free (result))
    g_assert_true (result->level == HEARKEN_LEVEL_ACTIVITY || result->confidence == 0);
  hearken_decoder_free (decoder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (decoder_cases); i++) {
    g_autofree char *path = g_strconcat ("/decoder/", decoder_cases[i].name, NULL);

    g_test_add_data_func (path, &decoder_cases[i], test_decoder_case);
  }
  g_test_add_func ("/decoder/silence-ends-utterance", test_silence_ends_utterance);
  g_test_add_func ("/decoder/late-word-ends-nothing", test_late_word_ends_nothing);
  g_test_add_func ("/decoder/initial-silence", test_initial_silence);
  g_test_add_func ("/decoder/max-length-ends-utterance", test_max_length_ends_utterance);
  g_test_add_func ("/decoder/word-over-max-length", test_word_over_max_length);
  g_test_add_func ("/decoder/class-at-max-length", test_class_at_max_length);
  g_test_add_func ("/decoder/times-stay-in-the-stream", test_times_stay_in_the_stream);
  g_test_add_func ("/decoder/utterances-do-not-overlap", test_utterances_do_not_overlap);
  g_test_add_func ("/decoder/words-at-once", test_words_at_once);
  g_test_add_func ("/decoder/reset", test_reset);
  g_test_add_func ("/decoder/bound", test_bound);
  g_test_add_func ("/decoder/rewind", test_rewind);
  g_test_add_func ("/decoder/confidence", test_confidence);
  g_test_add_func ("/decoder/bad-states", test_bad_states);
  g_test_add_func ("/decoder/nan-is-blank", test_nan_is_blank);
  return g_test_run ();
}
