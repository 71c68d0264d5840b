/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The hearken.* metadata: every key, its default, and what it refuses. */

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "hearken.h"
#include "model-internal.h"
#include "test-loading.h"

#define METADATA HEARKEN_MODEL_ERROR_METADATA
#define UNSUPPORTED HEARKEN_MODEL_ERROR_UNSUPPORTED
#define KALDI(settings) "{\"type\":\"kaldi.mfcc\"," settings "}"
#define FBANK(settings) "{\"type\":\"kaldi.fbank\"," settings "}"
#define TORCH(settings) "{\"type\":\"torchaudio.MFCC\"," settings "}"
#define MEL(settings) "{\"type\":\"torchaudio.MFCC\",\"melkwargs\":{" settings "}}"
#define FC "{\"type\":\"linear\",\"name\":\"fc\"}"

static const struct {
  const char *key;   /* without "hearken." */
  const char *value; /* NULL: the key is removed */
  int code;
  const char *reason;
} bad_metadata[] = {
  { "format", NULL, METADATA, "has no 'hearken.format'" },
  { "format", "2", UNSUPPORTED, "is '2'" },
  { "format", "1.0", UNSUPPORTED, "is '1.0'" },
  { "task", NULL, METADATA, "has no 'hearken.task'" },
  { "task", "translate", UNSUPPORTED, "'translate'" },
  { "colour", "red", METADATA, "no metadata key of the name 'hearken.colour'" },
  { "blank", "5", METADATA, "is '5'" },
  { "blank", "-1", METADATA, "is '-1'" },
  { "blank", "99999999999999999999", METADATA, "index of a token" },
  { "blank", "first", METADATA, "index of a token" },
  { "blank", "", METADATA, "index of a token" },

  { "tokens", NULL, METADATA, "has no 'hearken.tokens'" },
  { "tokens", "a b c", METADATA, "not valid JSON" },
  { "tokens", "\"abc\"", METADATA, "array of strings" },
  { "tokens", "[]", METADATA, "array of strings" },
  { "tokens", "[\"-\",\" \",\"a\",\"b\"]", METADATA, "4 tokens, but the network has 5 outputs" },
  { "tokens", "[\"-\",\" \",\"a\",\"b\",\"c\",\"d\"]", METADATA, "6 tokens" },
  { "tokens", "[\"-\",\" \",\"a\",\"b\",5]", METADATA, "token 4 is not a string" },
  { "tokens", "[\"-\",\" \",\"a\",\"b\",null]", METADATA, "token 4 is not a string" },
  { "tokens", "[\"-\",\" \",\"\",\"b\",\"c\"]", METADATA, "token 2 is empty" },
  { "tokens", "[\"-\",\" \",\"\\u001b[2J\",\"b\",\"c\"]", METADATA,
      "token 2 has a control character" },
  { "tokens", "[\"-\",\" \",\"a\",\"b\",\"a\"]", METADATA, "token 4 is there twice" },

  { "decoding", "[]", METADATA, "decoding: it must be a JSON object" },
  { "decoding", "{\"beam\":9}", METADATA, "'beam'" },
  { "decoding", "{\"dictionary\":\"../words.dict\"}", METADATA, "without a path" },
  { "decoding", "{\"dictionary\":\"\"}", METADATA, "without a path" },
  { "decoding", "{\"language_model\":\"..\"}", METADATA, "without a path" },
  { "decoding", "{\"language_model\":\"a\\\\b\"}", METADATA, "without a path" },
  { "decoding", "{\"language_weight\":-1}", METADATA, "'language_weight'" },
  { "decoding", "{\"word_bonus\":101}", METADATA, "'word_bonus'" },
  { "decoding", "{\"blank_bias\":0.1}", METADATA, "'blank_bias'" },
  { "decoding", "{\"rejection_threshold\":1.1}", METADATA, "'rejection_threshold'" },
  { "decoding", "{\"flush_ms\":1001}", METADATA, "'flush_ms'" },
  { "decoding", "{\"beam_width\":0}", METADATA, "'beam_width'" },
  { "decoding", "{\"beam_width\":1001}", METADATA, "'beam_width'" },
  { "fillers", "5", METADATA, "array of indexes" },
  { "fillers", "[5]", METADATA, "array of indexes" },
  { "fillers", "[0]", METADATA, "without the blank" },
  { "fillers", "[\"a\"]", METADATA, "array of indexes" },
  { "confidence", "[1]", METADATA, "two numbers" },
  { "confidence", "[0,1,2]", METADATA, "two numbers" },
  { "confidence", "[0,-1]", METADATA, "b not under 0" },
  { "confidence", "[0,\"1\"]", METADATA, "two numbers" },
  { "token-offsets", "[[0,0]]", METADATA, "an element for each token" },
  { "token-offsets", "[[0,0],[0,0],[0],[0,0],[0,0]]", METADATA, "element 2" },
  { "token-offsets", "[[0,0],[0,0],[0,0],[0,0],[0,1001]]", METADATA, "element 4" },

  { "layers", "lstm", METADATA, "not valid JSON" },
  { "layers", "{}", METADATA, "array of 1 to 64 layers" },
  { "layers", "[]", METADATA, "array of 1 to 64 layers" },
  { "layers", "[1]", METADATA, "layers[0]: it must be a JSON object" },
  { "layers", "[{}]", METADATA, "layers[0]: 'type' is missing" },
  { "layers", "[{\"type\":\"lstm\",\"name\":\"lstm\"},{\"type\":\"softmax\"}]", UNSUPPORTED,
      "layers[1]: 'type' is 'softmax'" },
  { "layers", "[{\"type\":\"gru\",\"name\":\"gru\"}]", UNSUPPORTED, "'gru'" },
  { "layers", "[{\"type\":\"linear\"}]", METADATA, "'name' is missing" },
  { "layers", "[{\"type\":\"linear\",\"name\":7}]", METADATA, "'name' must be a string" },
  { "layers", "[{\"type\":\"linear\",\"name\":\"fc\",\"dropout\":0.1}]", METADATA, "'dropout'" },
  { "layers", "[{\"type\":\"linear\",\"name\":\"fc\",\"activation\":\"gelu\"}]", UNSUPPORTED,
      "'gelu'" },
  { "layers", "[{\"type\":\"linear\",\"name\":\"fc\",\"clip\":20}]", METADATA, "'clip' goes only" },
  { "layers", "[{\"type\":\"linear\",\"name\":\"fc\",\"activation\":\"clipped relu\",\"clip\":-1}]",
      METADATA, "'clip' is -1" },
  { "layers", "[{\"type\":\"lstm\",\"name\":\"lstm\",\"layers\":3}," FC "]",
      HEARKEN_MODEL_ERROR_TENSOR, "must have 3 layers, but there are tensors of 2" },
  { "layers", "[{\"type\":\"lstm\",\"name\":\"lstm\",\"layers\":0}," FC "]", METADATA,
      "'layers' is 0" },
  { "layers", "[{\"type\":\"lstm\",\"name\":\"lstm\",\"bidirectional\":true}," FC "]", UNSUPPORTED,
      "bidirectional" },
  { "layers", "[{\"type\":\"splice\",\"left\":-1}," FC "]", METADATA, "'left' is -1" },
  { "layers", "[{\"type\":\"splice\",\"right\":0.5}," FC "]", METADATA, "whole number" },
  { "layers", "[{\"type\":\"splice\",\"stride\":0}," FC "]", METADATA, "'stride' is 0" },
  { "layers", "[{\"type\":\"splice\",\"padding\":\"wrap\"}," FC "]", UNSUPPORTED, "'wrap'" },
  { "layers", "[{\"type\":\"splice\",\"left\":1000,\"right\":1000}," FC "]", METADATA,
      "26013 values" },
  { "layers", "[{\"type\":\"splice\",\"name\":\"s\"}," FC "]", METADATA, "'name'" },
  { "layers",
      "[{\"type\":\"splice\",\"stride\":100},{\"type\":\"splice\",\"stride\":100},"
      "{\"type\":\"lstm\",\"name\":\"lstm\"}," FC "]",
      METADATA, "too far" },

  { "frontend", NULL, METADATA, "has no 'hearken.frontend'" },
  { "frontend", "mfcc", METADATA, "not valid JSON" },
  { "frontend", "[]", METADATA, "must be a JSON object" },
  { "frontend", "{}", METADATA, "'type' is missing" },
  { "frontend", "{\"type\":\"wav2vec\"}", UNSUPPORTED, "'wav2vec'" },
  { "frontend", "{\"type\":\"kaldi.plp\"}", UNSUPPORTED, "'kaldi.plp'" },
  { "frontend", KALDI ("\"n_mfcc\":13"), METADATA, "no setting of the name 'n_mfcc'" },
  { "frontend", KALDI ("\"use_log_fbank\":true"), METADATA, "'use_log_fbank'" },
  { "frontend", FBANK ("\"num_ceps\":13"), METADATA, "'num_ceps'" },
  { "frontend", KALDI ("\"num_ceps\":13,\"num_ceps\":13"), METADATA, "twice" },
  { "frontend", KALDI ("\"num_ceps\":12"), HEARKEN_MODEL_ERROR_TENSOR, "'lstm.weight_ih_l0'" },
  { "frontend", KALDI ("\"num_ceps\":24"), METADATA, "24 cepstra cannot be had from 23" },
  { "frontend", KALDI ("\"num_mel_bins\":12"), METADATA, "13 cepstra cannot be had from 12" },
  { "frontend", KALDI ("\"num_ceps\":0"), METADATA, "'num_ceps' is 0" },
  { "frontend", KALDI ("\"num_ceps\":\"13\""), METADATA, "'num_ceps' must be a number" },
  { "frontend", KALDI ("\"num_ceps\":null"), METADATA, "'num_ceps' must be a number" },
  { "frontend", KALDI ("\"num_mel_bins\":3"), METADATA, "'num_mel_bins' is 3" },
  { "frontend", KALDI ("\"num_mel_bins\":1e9"), METADATA, "'num_mel_bins' is 1e+09" },
  { "frontend", KALDI ("\"num_mel_bins\":1e999"), METADATA, "'num_mel_bins' is inf" },
  { "frontend", KALDI ("\"sample_frequency\":999"), METADATA, "'sample_frequency' is 999" },
  { "frontend", KALDI ("\"sample_frequency\":1000000"), METADATA, "'sample_frequency'" },
  { "frontend", KALDI ("\"sample_frequency\":16000.5"), METADATA, "whole number" },
  { "frontend", KALDI ("\"frame_length\":0"), METADATA, "makes 0 samples" },
  { "frontend", KALDI ("\"frame_length\":5000"), METADATA, "makes 80000 samples" },
  { "frontend", KALDI ("\"frame_shift\":0.01"), METADATA, "makes 0 samples" },
  { "frontend", KALDI ("\"frame_shift\":26"), METADATA, "makes 416 samples" },
  { "frontend", KALDI ("\"frame_shift\":-10"), METADATA, "'frame_shift' is -10" },
  { "frontend", KALDI ("\"frame_length\":25.0625,\"round_to_power_of_two\":false"), METADATA,
      "even" },
  { "frontend", KALDI ("\"round_to_power_of_two\":1"), METADATA, "true or false" },
  { "frontend", KALDI ("\"window_type\":\"bartlett\""), UNSUPPORTED, "'bartlett'" },
  { "frontend", KALDI ("\"preemphasis_coefficient\":1.5"), METADATA, "is 1.5" },
  { "frontend", KALDI ("\"blackman_coeff\":2"), METADATA, "is 2" },
  { "frontend", KALDI ("\"cepstral_lifter\":-22"), METADATA, "is -22" },
  { "frontend", KALDI ("\"energy_floor\":-1"), METADATA, "is -1" },
  { "frontend", KALDI ("\"low_freq\":-20"), METADATA, "is -20" },
  { "frontend", KALDI ("\"low_freq\":4000,\"high_freq\":3000"), METADATA, "too narrow" },
  { "frontend", KALDI ("\"low_freq\":4000,\"high_freq\":4020"), METADATA, "too narrow" },
  { "frontend", KALDI ("\"high_freq\":8001"), METADATA, "is 8001" },
  { "frontend", KALDI ("\"high_freq\":-8000"), METADATA, "too narrow" },
  { "frontend", KALDI ("\"dither\":1"), UNSUPPORTED, "'dither'" },
  { "frontend", KALDI ("\"subtract_mean\":true"), UNSUPPORTED, "normalization" },
  { "frontend", KALDI ("\"vtln_warp\":1.1"), UNSUPPORTED, "'vtln_warp'" },
  { "frontend", KALDI ("\"min_duration\":1"), UNSUPPORTED, "'min_duration'" },
  { "frontend", KALDI ("\"channel\":1"), METADATA, "'channel'" },
  { "frontend", KALDI ("\"scale\":0"), METADATA, "'scale' is 0" },
  { "frontend", KALDI ("\"scale\":1e30"), METADATA, "'scale' is 1e+30" },
  { "frontend", KALDI ("\"deltas\":2"), METADATA, "deltas: it must be a JSON object" },
  { "frontend", KALDI ("\"deltas\":{\"order\":3}"), METADATA, "deltas: 'order' is 3" },
  { "frontend", KALDI ("\"deltas\":{\"win_length\":4}"), METADATA, "'win_length' must be odd" },
  { "frontend", KALDI ("\"deltas\":{\"win_length\":101}"), METADATA, "'win_length' is 101" },
  { "frontend", KALDI ("\"deltas\":{\"mode\":\"replicate\"}"), METADATA, "'mode'" },
  { "frontend", KALDI ("\"normalization\":{\"mean\":\"mean\"}"), METADATA, "'std' is missing" },
  { "frontend", KALDI ("\"normalization\":{\"mean\":\"mean\",\"std\":\"std\"}"),
      HEARKEN_MODEL_ERROR_TENSOR, "'mean' is missing" },

  { "frontend", TORCH ("\"num_ceps\":13"), METADATA, "'num_ceps'" },
  { "frontend", TORCH ("\"sample_rate\":0"), METADATA, "'sample_rate' is 0" },
  { "frontend", TORCH ("\"n_mfcc\":129"), METADATA, "129 cepstra cannot be had from 128" },
  { "frontend", TORCH ("\"dct_type\":3"), UNSUPPORTED, "'dct_type'" },
  { "frontend", TORCH ("\"norm\":\"slaney\""), UNSUPPORTED, "'norm' is 'slaney'" },
  { "frontend", TORCH ("\"log_mels\":true,\"top_db\":80"), METADATA, "'top_db'" },
  { "frontend", TORCH ("\"top_db\":-1"), METADATA, "'top_db' is -1" },
  { "frontend", TORCH ("\"melkwargs\":[]"), METADATA, "melkwargs: it must be a JSON object" },
  { "frontend", MEL ("\"wkwargs\":null"), METADATA, "'wkwargs'" },
  { "frontend", MEL ("\"n_fft\":401"), UNSUPPORTED, "odd 'n_fft'" },
  { "frontend", MEL ("\"n_fft\":131072"), METADATA, "'n_fft' is 131072" },
  { "frontend", MEL ("\"win_length\":401"), METADATA, "'win_length' is 401" },
  { "frontend", MEL ("\"hop_length\":0"), METADATA, "'hop_length' is 0" },
  { "frontend", MEL ("\"hop_length\":401"), METADATA, "'hop_length' is 401" },
  { "frontend", MEL ("\"window_fn\":\"kaiser_window\""), UNSUPPORTED, "'kaiser_window'" },
  { "frontend", MEL ("\"pad_mode\":\"constant\""), UNSUPPORTED, "'constant'" },
  { "frontend", MEL ("\"power\":1.5"), UNSUPPORTED, "'power'" },
  { "frontend", MEL ("\"power\":3"), METADATA, "'power' is 3" },
  { "frontend", MEL ("\"pad\":1"), UNSUPPORTED, "'pad'" },
  { "frontend", MEL ("\"normalized\":true"), UNSUPPORTED, "'normalized'" },
  { "frontend", MEL ("\"onesided\":false"), UNSUPPORTED, "'onesided'" },
  { "frontend", MEL ("\"n_mels\":0"), METADATA, "'n_mels' is 0" },
  { "frontend", MEL ("\"n_mels\":513"), METADATA, "'n_mels' is 513" },
  { "frontend", MEL ("\"f_max\":8001"), METADATA, "'f_max' is 8001" },
  { "frontend", MEL ("\"f_min\":7990"), METADATA, "too narrow" },
  { "frontend", MEL ("\"mel_scale\":\"bark\""), UNSUPPORTED, "'bark'" },
  { "frontend", MEL ("\"norm\":\"area\""), UNSUPPORTED, "'area'" },
};

static void
test_bad_metadata (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_metadata); i++) {
    g_autofree char *key = g_strconcat ("hearken.", bad_metadata[i].key, NULL);
    g_autoptr (TestModel) model = test_model_classic ("ctc");
    /* A tensor's error names the tensor, any other the key. */
    const bool about_tensor = bad_metadata[i].code == HEARKEN_MODEL_ERROR_TENSOR;

    g_test_message ("%s = %s", key, bad_metadata[i].value);
    test_model_set (model, key, bad_metadata[i].value);
    test_assert_refused (
        model, bad_metadata[i].code, about_tensor ? "" : key, bad_metadata[i].reason);
  }
}

static void
test_bad_texts (void)
{
  const char *token_format = "[\"%s\",\"a\",\"b\",\"c\",\"d\"]";
  g_autofree char *long_text = g_strnfill (1025, 'x');
  g_autofree char *long_token = g_strdup_printf (token_format, long_text + 1025 - 257);
  g_autofree char *longest_token = g_strdup_printf (token_format, long_text + 1025 - 256);
  g_autofree char *long_file = g_strdup_printf ("{\"dictionary\":\"%s\"}", long_text + 1025 - 256);
  const char *const keys[] = { "hearken.name", "hearken.language", "hearken.licence" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (TestModel) model = test_model_classic ("ctc");
    test_model_set (model, keys[i], long_text);
    test_assert_refused (model, METADATA, keys[i], "longer than");
    test_model_set (model, keys[i], "a\n");
    test_assert_refused (model, METADATA, keys[i], "has a control character");
  }
  g_autoptr (TestModel) model = test_model_classic ("ctc");
  test_model_set (model, "hearken.tokens", long_token);
  test_assert_refused (model, METADATA, "hearken.tokens", "token 0 is too long");
  test_model_set (model, "hearken.tokens", longest_token);
  test_model_set (model, "hearken.decoding", long_file);
  test_assert_refused (model, METADATA, "hearken.decoding", "without a path");
  test_model_set (model, "hearken.decoding", NULL);
  test_model_set (model, "hearken.name", long_text + 1);
  g_autoptr (HearkenModel) longest = test_load (model);
  g_assert_cmpuint (strlen (hearken_model_get_token (longest, 0)), ==, 256);
  g_autoptr (TestModel) classifier = test_model_classic ("classify");
  test_model_set (classifier, "hearken.blank", "0");
  test_assert_refused (classifier, METADATA, "hearken.blank", "'classify'");
}

static const HearkenFrontendConfig *
get_config (const HearkenModel *model)
{
  return hearken_frontend_get_config (model->frontend);
}

/* torchaudio's defaults. */
static void
test_frontend_defaults (void)
{
  static const float weight[5 * 40];
  g_autoptr (TestModel) model = test_model_tones (16000);
  const HearkenFrontendConfig *config;

  test_model_set (model, "hearken.frontend", "{\"type\":\"kaldi.mfcc\"}");
  test_model_add_floats (model, "fc.weight", 5, 13, weight);
  g_autoptr (HearkenModel) mfcc = test_load (model);
  config = get_config (mfcc);
  g_assert_cmpint (config->features, ==, HEARKEN_FEATURES_KALDI_MFCC);
  g_assert_cmpuint (config->sample_rate_hz, ==, 16000);
  g_assert_cmpfloat (config->scale, ==, 1.0f);
  g_assert_cmpuint (config->window_samples, ==, 400);
  g_assert_cmpuint (config->hop_samples, ==, 160);
  g_assert_cmpuint (config->fft_samples, ==, 512);
  g_assert_cmpint (config->edge, ==, HEARKEN_EDGE_SNIP);
  g_assert_cmpint (config->window, ==, HEARKEN_WINDOW_POVEY);
  g_assert_cmpfloat (config->blackman_coeff, ==, 0.42f);
  g_assert_true (config->remove_dc_offset);
  g_assert_cmpfloat (config->preemphasis, ==, 0.97f);
  g_assert_cmpfloat (config->power, ==, 2.0f);
  g_assert_cmpuint (config->n_mels, ==, 23);
  g_assert_cmpfloat (config->low_hz, ==, 20.0);
  g_assert_cmpfloat (config->high_hz, ==, 8000.0);
  g_assert_cmpint (config->mel_scale, ==, HEARKEN_MEL_KALDI);
  g_assert_false (config->mel_area_norm);
  g_assert_cmpint (config->log, ==, HEARKEN_LOG_FLOORED);
  g_assert_cmpuint (config->n_ceps, ==, 13);
  g_assert_true (config->dct_ortho);
  g_assert_cmpfloat (config->cepstral_lifter, ==, 22.0f);
  g_assert_false (config->use_energy);
  g_assert_true (config->raw_energy);
  g_assert_false (config->htk_compat);
  g_assert_cmpfloat (config->energy_floor, ==, 1.0f);
  g_assert_cmpuint (config->delta_order, ==, 0);
  g_assert_null (config->mean);
  g_assert_null (config->std);

  test_model_set (model, "hearken.frontend", "{\"type\":\"kaldi.fbank\"}");
  test_model_add_floats (model, "fc.weight", 5, 23, weight);
  g_autoptr (HearkenModel) fbank = test_load (model);
  config = get_config (fbank);
  g_assert_cmpint (config->features, ==, HEARKEN_FEATURES_KALDI_FBANK);
  g_assert_cmpfloat (config->power, ==, 2.0f);
  g_assert_cmpint (config->log, ==, HEARKEN_LOG_FLOORED);
  g_assert_cmpuint (config->n_ceps, ==, 0);

  test_model_set (model, "hearken.frontend", "{\"type\":\"torchaudio.MFCC\"}");
  test_model_add_floats (model, "fc.weight", 5, 40, weight);
  g_autoptr (HearkenModel) torchaudio = test_load (model);
  config = get_config (torchaudio);
  g_assert_cmpint (config->features, ==, HEARKEN_FEATURES_TORCHAUDIO_MFCC);
  g_assert_cmpuint (config->sample_rate_hz, ==, 16000);
  g_assert_cmpuint (config->window_samples, ==, 400);
  g_assert_cmpuint (config->hop_samples, ==, 200);
  g_assert_cmpuint (config->fft_samples, ==, 400);
  g_assert_cmpint (config->edge, ==, HEARKEN_EDGE_REFLECT);
  g_assert_cmpint (config->window, ==, HEARKEN_WINDOW_HANN_PERIODIC);
  g_assert_false (config->remove_dc_offset);
  g_assert_cmpfloat (config->preemphasis, ==, 0.0f);
  g_assert_cmpfloat (config->power, ==, 2.0f);
  g_assert_cmpuint (config->n_mels, ==, 128);
  g_assert_cmpfloat (config->low_hz, ==, 0.0);
  g_assert_cmpfloat (config->high_hz, ==, 8000.0);
  g_assert_cmpint (config->mel_scale, ==, HEARKEN_MEL_HTK);
  g_assert_false (config->mel_area_norm);
  g_assert_cmpint (config->log, ==, HEARKEN_LOG_DECIBEL);
  g_assert_cmpfloat (config->top_db, ==, 80.0f);
  g_assert_cmpuint (config->n_ceps, ==, 40);
  g_assert_true (config->dct_ortho);
  g_assert_cmpfloat (config->cepstral_lifter, ==, 0.0f);
  g_assert_false (config->use_energy);
}

static void
test_frontend_settings (void)
{
  static const float weight[5 * 93];
  g_autoptr (TestModel) model = test_model_tones (16000);
  const HearkenFrontendConfig *config;

  test_model_set (model, "hearken.frontend",
      KALDI ("\"sample_frequency\":8000.0,\"frame_length\":32,\"frame_shift\":12.5,"
             "\"num_mel_bins\":40,\"num_ceps\":30,\"low_freq\":64,\"high_freq\":-200,"
             "\"round_to_power_of_two\":false,\"window_type\":\"blackman\",\"blackman_coeff\":0.5,"
             "\"snip_edges\":false,\"remove_dc_offset\":false,\"preemphasis_coefficient\":0.5,"
             "\"use_energy\":true,\"raw_energy\":false,\"htk_compat\":true,\"energy_floor\":0,"
             "\"cepstral_lifter\":0,\"scale\":32768,\"deltas\":{\"order\":2,\"win_length\":9},"
             "\"dither\":0.0,\"subtract_mean\":false,\"vtln_warp\":1,\"channel\":0,"
             "\"min_duration\":0,\"vtln_low\":50,\"vtln_high\":-20"));
  test_model_add_floats (model, "fc.weight", 5, 90, weight);
  g_autoptr (HearkenModel) kaldi = test_load (model);
  config = get_config (kaldi);
  g_assert_cmpuint (config->sample_rate_hz, ==, 8000);
  g_assert_cmpuint (config->window_samples, ==, 256);
  g_assert_cmpuint (config->fft_samples, ==, 256);
  g_assert_cmpuint (config->hop_samples, ==, 100);
  g_assert_cmpuint (config->n_mels, ==, 40);
  g_assert_cmpuint (config->n_ceps, ==, 30);
  g_assert_cmpfloat (config->low_hz, ==, 64.0);
  g_assert_cmpfloat (config->high_hz, ==, 3800.0);
  g_assert_cmpint (config->window, ==, HEARKEN_WINDOW_BLACKMAN);
  g_assert_cmpfloat (config->blackman_coeff, ==, 0.5f);
  g_assert_cmpint (config->edge, ==, HEARKEN_EDGE_SYMMETRIC);
  g_assert_false (config->remove_dc_offset);
  g_assert_cmpfloat (config->preemphasis, ==, 0.5f);
  g_assert_true (config->use_energy);
  g_assert_false (config->raw_energy);
  g_assert_true (config->htk_compat);
  g_assert_cmpfloat (config->energy_floor, ==, 0.0f);
  g_assert_cmpfloat (config->cepstral_lifter, ==, 0.0f);
  g_assert_cmpfloat (config->scale, ==, 32768.0f);
  g_assert_cmpuint (config->delta_order, ==, 2);
  g_assert_cmpuint (config->delta_window_frames, ==, 9);

  test_model_set (model, "hearken.frontend",
      FBANK ("\"use_power\":false,\"use_log_fbank\":false,\"use_energy\":true"));
  test_model_add_floats (model, "fc.weight", 5, 24, weight);
  g_autoptr (HearkenModel) fbank = test_load (model);
  config = get_config (fbank);
  g_assert_cmpfloat (config->power, ==, 1.0f);
  g_assert_cmpint (config->log, ==, HEARKEN_LOG_NONE);

  test_model_set (model, "hearken.frontend",
      TORCH ("\"sample_rate\":8000,\"n_mfcc\":20,\"dct_type\":2,\"norm\":null,\"top_db\":null,"
             "\"melkwargs\":{\"n_fft\":512,\"win_length\":256,\"hop_length\":80,\"f_min\":100,"
             "\"f_max\":3000,\"pad\":0,\"n_mels\":32,\"window_fn\":\"hamming_window\",\"power\":1,"
             "\"normalized\":false,\"center\":false,\"pad_mode\":\"reflect\",\"onesided\":true,"
             "\"norm\":\"slaney\",\"mel_scale\":\"slaney\"}"));
  test_model_add_floats (model, "fc.weight", 5, 20, weight);
  g_autoptr (HearkenModel) torchaudio = test_load (model);
  config = get_config (torchaudio);
  g_assert_cmpuint (config->sample_rate_hz, ==, 8000);
  g_assert_cmpuint (config->n_ceps, ==, 20);
  g_assert_false (config->dct_ortho);
  g_assert_true (isinf (config->top_db));
  g_assert_cmpuint (config->fft_samples, ==, 512);
  g_assert_cmpuint (config->window_samples, ==, 256);
  g_assert_cmpuint (config->hop_samples, ==, 80);
  g_assert_cmpfloat (config->low_hz, ==, 100.0);
  g_assert_cmpfloat (config->high_hz, ==, 3000.0);
  g_assert_cmpuint (config->n_mels, ==, 32);
  g_assert_cmpint (config->window, ==, HEARKEN_WINDOW_HAMMING_PERIODIC);
  g_assert_cmpfloat (config->power, ==, 1.0f);
  g_assert_cmpint (config->edge, ==, HEARKEN_EDGE_SNIP);
  g_assert_true (config->mel_area_norm);
  g_assert_cmpint (config->mel_scale, ==, HEARKEN_MEL_SLANEY);

  test_model_set (model, "hearken.frontend",
      TORCH ("\"n_mfcc\":20,\"log_mels\":true,\"melkwargs\":{\"win_length\":null,"
             "\"hop_length\":null,\"f_max\":null,\"norm\":null}"));
  g_autoptr (HearkenModel) nulls = test_load (model);
  config = get_config (nulls);
  g_assert_cmpint (config->log, ==, HEARKEN_LOG_OFFSET);
  g_assert_cmpuint (config->window_samples, ==, 400);
  g_assert_cmpuint (config->hop_samples, ==, 200);
  g_assert_cmpfloat (config->high_hz, ==, 8000.0);
  g_assert_false (config->mel_area_norm);

  /* librosa's default, where torchaudio's is cut to a whole number */
  test_model_set (model, "hearken.frontend",
      TORCH ("\"n_mfcc\":20,\"sample_rate\":11025,\"melkwargs\":{\"f_max\":5512.5}"));
  g_autoptr (HearkenModel) odd = test_load (model);
  g_assert_cmpfloat (get_config (odd)->high_hz, ==, 5512.5);
  test_model_set (model, "hearken.frontend",
      TORCH ("\"n_mfcc\":20,\"sample_rate\":11025,\"melkwargs\":{\"win_length\":300}"));
  g_autoptr (HearkenModel) cut = test_load (model);
  g_assert_cmpfloat (get_config (cut)->high_hz, ==, 5512);
  g_assert_cmpuint (get_config (cut)->hop_samples, ==, 150); /* half the window, not half the FFT */

  /* As much as can be had: frames that do not overlap, all cepstra, a band of a Hz per filter. */
  test_model_set (model, "hearken.frontend",
      KALDI ("\"frame_shift\":25,\"num_ceps\":23,\"low_freq\":100,\"high_freq\":124"));
  test_model_add_floats (model, "fc.weight", 5, 23, weight);
  g_autoptr (HearkenModel) extreme = test_load (model);
  g_assert_cmpuint (get_config (extreme)->hop_samples, ==, 400);
}

static void
test_layers (void)
{
  static const float weight[10 * 32];
  g_autoptr (TestModel) tones = test_model_tones (16000);

  test_model_set (tones, "hearken.layers",
      "[{\"type\":\"splice\",\"left\":2,\"right\":1,\"stride\":2,\"padding\":\"zero\"},"
      "{\"type\":\"linear\",\"name\":\"in\",\"activation\":\"clipped relu\",\"clip\":6},"
      "{\"type\":\"lstm\",\"name\":\"rnn\",\"layers\":2},"
      "{\"type\":\"linear\",\"name\":\"tanh\",\"activation\":\"tanh\"},"
      "{\"type\":\"linear\",\"name\":\"relu\",\"activation\":\"relu\"},"
      "{\"type\":\"linear\",\"name\":\"fc\",\"activation\":\"none\"}]");
  test_model_add_floats (tones, "in.weight", 10, 32, weight);
  test_model_add_floats (tones, "rnn.weight_ih_l0", 4 * 7, 10, weight);
  test_model_add_floats (tones, "rnn.weight_hh_l0", 4 * 7, 3, weight);
  test_model_add_floats (tones, "rnn.weight_hr_l0", 3, 7, weight);
  test_model_add_floats (tones, "rnn.weight_ih_l1", 4 * 6, 3, weight);
  test_model_add_floats (tones, "rnn.weight_hh_l1", 4 * 6, 6, weight);
  test_model_add_floats (tones, "tanh.weight", 9, 6, weight);
  test_model_add_floats (tones, "tanh.bias", 9, 0, weight);
  test_model_add_floats (tones, "relu.weight", 4, 9, weight);
  test_model_add_floats (tones, "fc.weight", 5, 4, weight);
  g_autoptr (HearkenModel) loaded = test_load (tones);
  const HearkenLayer *layers = loaded->network.layers;
  g_assert_cmpuint (loaded->network.n_layers, ==, 7);
  g_assert_cmpuint (layers[0].splice.left, ==, 2);
  g_assert_cmpuint (layers[0].splice.right, ==, 1);
  g_assert_cmpuint (layers[0].splice.stride, ==, 2);
  g_assert_true (layers[0].splice.pad_zero);
  g_assert_cmpint (layers[1].linear.activation, ==, HEARKEN_ACTIVATION_CLIPPED_RELU);
  g_assert_cmpfloat (layers[1].linear.clip, ==, 6.0f);
  g_assert_cmpuint (layers[2].lstm.n_hidden, ==, 7);
  g_assert_cmpuint (layers[2].n_outputs, ==, 3);
  g_assert_cmpuint (layers[3].lstm.n_hidden, ==, 6);
  g_assert_cmpuint (layers[3].n_inputs, ==, 3);
  g_assert_cmpint (layers[4].linear.activation, ==, HEARKEN_ACTIVATION_TANH);
  g_assert_cmpint (layers[5].linear.activation, ==, HEARKEN_ACTIVATION_RELU);
  g_assert_cmpint (layers[6].linear.activation, ==, HEARKEN_ACTIVATION_NONE);
  g_assert_cmpuint (layers[6].n_outputs, ==, 5);
}

static void
test_most_layers (void)
{
  g_autoptr (TestModel) tones = test_model_tones (16000);
  g_autoptr (GString) layers = g_string_new (FC "]");

  for (guint i = 1; i < HEARKEN_MAX_LAYERS; i++)
    g_string_prepend (layers, "{\"type\":\"splice\"},");
  g_string_prepend_c (layers, '[');
  test_model_set (tones, "hearken.layers", layers->str);
  g_autoptr (HearkenModel) loaded = test_load (tones);
  g_assert_cmpuint (loaded->network.n_layers, ==, HEARKEN_MAX_LAYERS);
  g_string_insert (layers, 1, "{\"type\":\"splice\"},");
  test_model_set (tones, "hearken.layers", layers->str);
  test_assert_refused (tones, METADATA, "hearken.layers", "array of 1 to 64 layers");
}

/* The numbers that follow from "hearken.layers" and "hearken.frontend". */
static void
test_latency (void)
{
  static const float weight[5 * 5 * 8];
  g_autoptr (TestModel) model = test_model_tones (16000);
  g_autoptr (HearkenModel) plain = test_load (model);

  g_assert_cmpuint (hearken_model_get_step_samples (plain), ==, 160);
  g_assert_cmpuint (hearken_model_get_latency_samples (plain), ==, 400 + 160);
  test_model_set (model, "hearken.layers",
      "[{\"type\":\"splice\",\"left\":1,\"right\":3,\"stride\":3}," FC "]");
  test_model_add_floats (model, "fc.weight", 5, 5 * 8, weight);
  g_autoptr (HearkenModel) spliced = test_load (model);
  g_assert_cmpuint (hearken_model_get_step_samples (spliced), ==, 3 * 160);
  g_assert_cmpuint (hearken_model_get_latency_samples (spliced), ==, 400 + 3 * 160 + 3 * 160);
  test_model_set (model, "hearken.layers", "[" FC "]");
  test_model_set (model, "hearken.frontend",
      FBANK ("\"num_mel_bins\":8,\"deltas\":{\"order\":2,\"win_length\":7}"));
  test_model_add_floats (model, "fc.weight", 5, 3 * 8, weight);
  g_autoptr (HearkenModel) with_deltas = test_load (model);
  g_assert_cmpuint (hearken_model_get_latency_samples (with_deltas), ==, 400 + 2 * 3 * 160 + 160);
}

static void
test_decoding (void)
{
  g_autoptr (TestModel) description = test_model_tones (16000);
  g_autoptr (TestModel) classifier = test_model_classic ("classify");
  g_autoptr (HearkenModel) plain = test_load (description);
  g_autoptr (HearkenModel) model = NULL;

  g_assert_cmpuint (plain->decoding.beam_width, ==, 300);
  g_assert_cmpfloat (plain->decoding.confidence[1], ==, 1);
  g_assert_false (hearken_model_is_filler (plain, 3));
  test_model_set (description, "hearken.decoding",
      "{\"dictionary\":\"a.dict\",\"language_weight\":0.7,\"word_bonus\":-1,\"beam_width\":9,"
      "\"blank_bias\":-0.5,\"rejection_threshold\":0.25,\"flush_ms\":120}");
  test_model_set (description, "hearken.fillers", "[3]");
  test_model_set (description, "hearken.confidence", "[-0.5,2]");
  test_model_set (description, "hearken.token-offsets", "[[0,0],[0,0],[-20,30.5],[0,0],[0,0]]");
  model = test_load (description);
  g_assert_cmpstr (model->decoding.dictionary, ==, "a.dict");
  g_assert_null (model->decoding.language_model);
  g_assert_cmpfloat (model->decoding.language_weight, ==, 0.7);
  g_assert_cmpfloat (model->decoding.word_bonus, ==, -1);
  g_assert_cmpuint (model->decoding.beam_width, ==, 9);
  g_assert_cmpfloat (model->decoding.blank_bias, ==, -0.5);
  g_assert_cmpfloat (model->decoding.rejection_threshold, ==, 0.25);
  g_assert_cmpuint (model->decoding.flush_ms, ==, 120);
  g_assert_true (hearken_model_is_filler (model, 3) && !hearken_model_is_filler (model, 2));
  g_assert_cmpfloat (model->decoding.confidence[0], ==, -0.5);
  g_assert_cmpfloat (model->decoding.token_offsets[2][1], ==, 30.5f);

  test_model_set (classifier, "hearken.fillers", "[1]");
  test_assert_refused (classifier, METADATA, "hearken.fillers", "'classify'");
}

/* A tone is recognised not later than promised: after it, so much silence brings its token. */
static void
test_latency_is_kept (void)
{
  const gsize ends[] = { 3200, 3201, 3279, 3280, 3281, 3359 };
  g_autoptr (TestModel) description = test_model_tones (16000);
  g_autoptr (HearkenModel) model = test_load (description);

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (model);
    g_autofree float *samples = g_new0 (float, ends[i]);
    g_autoptr (HearkenResult) before = NULL;
    g_autoptr (HearkenResult) start = NULL;
    g_autoptr (HearkenResult) after = NULL;

    test_add_tone (samples, 800, ends[i], 800.0, 16000);
    hearken_recognizer_push (recognizer, samples, ends[i]);
    before = hearken_recognizer_pull (recognizer);
    g_assert_null (before);
    hearken_recognizer_push_silence (recognizer, hearken_model_get_latency_samples (model));
    start = hearken_recognizer_pull (recognizer);
    g_assert_nonnull (start);
    g_assert_cmpint (start->level, ==, HEARKEN_LEVEL_ACTIVITY);
    after = hearken_recognizer_pull (recognizer);
    g_assert_nonnull (after);
    g_assert_cmpstr (after->text, ==, "a");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/bad-metadata", test_bad_metadata);
  g_test_add_func ("/config/bad-texts", test_bad_texts);
  g_test_add_func ("/config/frontend-defaults", test_frontend_defaults);
  g_test_add_func ("/config/frontend-settings", test_frontend_settings);
  g_test_add_func ("/config/layers", test_layers);
  g_test_add_func ("/config/most-layers", test_most_layers);
  g_test_add_func ("/config/latency", test_latency);
  g_test_add_func ("/config/latency-is-kept", test_latency_is_kept);
  g_test_add_func ("/config/decoding", test_decoding);
  return g_test_run ();
}
