/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Writes the seeds of the fuzz targets: make-corpus tests/fuzz/corpus. To be run when a format
 * changes, or the seeds are refused at its beginning. Inputs that once found a fault are kept beside
 * them, under the name of the fault; they are changed by hand.
 */

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models.h"
#include "ngram.h"
#include "state.h"
#include "test-models.h"

static const char *corpus;

static void
write_seed (const char *target, const char *name, gconstpointer data, gsize n_bytes)
{
  g_autofree char *directory = g_build_filename (corpus, target, NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0755), ==, 0);
  g_file_set_contents (path, data, (gssize) n_bytes, &error);
  g_assert_no_error (error);
}

static void
write_model (const TestModel *model, const char *name)
{
  g_autoptr (GBytes) bytes = test_model_to_bytes (model);
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (bytes, &n_bytes);

  write_seed ("model", name, data, n_bytes);
}

/* A small model that has every kind of layer, dtype and setting. */
static TestModel *
make_everything (void)
{
  static const float zeros[10 * 16];
  const gint8 narrow[10] = { 1, -128, 127 };
  TestModel *model = test_model_tones (8000);

  test_model_set (model, "hearken.frontend",
      "{\"type\": \"torchaudio.MFCC\", \"sample_rate\": 8000, \"n_mfcc\": 4, \"norm\": null,"
      " \"top_db\": null, \"melkwargs\": {\"n_fft\": 64, \"n_mels\": 4, \"mel_scale\": \"slaney\","
      " \"norm\": \"slaney\", \"center\": false}, \"deltas\": {\"order\": 1},"
      " \"normalization\": {\"mean\": \"mean\", \"std\": \"std\"}}");
  test_model_set (model, "hearken.layers",
      "[{\"type\": \"splice\", \"left\": 1, \"stride\": 2, \"padding\": \"zero\"},"
      " {\"type\": \"linear\", \"name\": \"in\", \"activation\": \"clipped relu\", \"clip\": 6},"
      " {\"type\": \"lstm\", \"name\": \"rnn\"}, {\"type\": \"linear\", \"name\": \"fc\"}]");
  test_model_set (model, "hearken.language", "en");
  test_model_set (model, "hearken.licence", "CC0-1.0");
  test_model_set (model, "hearken.blank", "0");
  test_model_add_floats (model, "mean", 8, 0, zeros);
  test_model_add_floats (model, "std", 8, 0, (float[]){ 1, 1, 1, 1, 1, 1, 1, 1 });
  test_model_add_floats (model, "in.weight", 2, 16, zeros);
  test_model_add (model, "rnn.weight_ih_l0", "F16", 2, (gsize[]){ 8, 2 }, zeros, 32);
  test_model_add_floats (model, "rnn.weight_hh_l0", 8, 1, zeros);
  test_model_add_floats (model, "rnn.weight_hr_l0", 1, 2, zeros);
  test_model_add (model, "fc.weight", "I8", 2, (gsize[]){ 5, 1 }, narrow, 5);
  test_model_add_floats (model, "fc.weight.scale", 5, 0, zeros);
  return model;
}

static void
write_models (void)
{
  g_autoptr (TestModel) tones = test_model_tones (16000);
  g_autoptr (TestModel) everything = make_everything ();
  g_autoptr (TestModel) classifier = make_everything ();
  g_autoptr (TestModel) reverse = make_everything ();
  g_autoptr (TestModel) not_a_number = test_model_tones (16000);
  g_autoptr (GBytes) whole = test_model_to_bytes (everything);
  const float bias[5] = { NAN };

  write_model (tones, "tones");
  write_model (everything, "everything");
  test_model_set (classifier, "hearken.task", "classify");
  test_model_set (classifier, "hearken.blank", NULL);
  write_model (classifier, "classifier");
  test_model_add_floats (reverse, "rnn.weight_ih_l0_reverse", 1, 1, bias);
  write_model (reverse, "bidirectional");
  test_model_add_floats (not_a_number, "fc.bias", 5, 0, bias);
  write_model (not_a_number, "nan");
  write_seed ("model", "truncated", g_bytes_get_data (whole, NULL), 500);
  write_seed ("model", "empty", "", 0);
  write_seed ("model", "huge", "\377\377\377\377\377\377\377\177{}", 10);
}

static void
write_configs (void)
{
  const struct {
    const char *name;
    const char *text;
  } seeds[] = {
    { "default", "{\"type\":\"kaldi.mfcc\"}\n\n[\"-\",\"a\"]\nctc" },
    { "kaldi-mfcc",
        "{\"type\":\"kaldi.mfcc\",\"sample_frequency\":8000,\"frame_length\":4,\"frame_shift\":1,"
        "\"num_mel_bins\":4,\"num_ceps\":4,\"low_freq\":64,\"high_freq\":-200,"
        "\"round_to_power_of_two\":false,\"window_type\":\"blackman\",\"blackman_coeff\":0.5,"
        "\"snip_edges\":false,\"remove_dc_offset\":false,\"preemphasis_coefficient\":0.5,"
        "\"use_energy\":true,\"raw_energy\":false,\"htk_compat\":true,\"energy_floor\":0,"
        "\"cepstral_lifter\":0,\"scale\":32768,\"deltas\":{\"order\":2,\"win_length\":3},"
        "\"dither\":0.0,\"subtract_mean\":false,\"vtln_warp\":1,\"channel\":0,"
        "\"min_duration\":0,\"vtln_low\":50,\"vtln_high\":-20}\n"
        "[{\"type\":\"splice\",\"left\":2,\"right\":1,\"stride\":2,\"padding\":\"zero\"},"
        "{\"type\":\"linear\",\"name\":\"in\",\"activation\":\"clipped relu\",\"clip\":6},"
        "{\"type\":\"lstm\",\"name\":\"rnn\",\"layers\":2,\"bidirectional\":false}]\n"
        "[\"-\",\"\\u00e9\",\"\\ud83d\\ude00\"]\nctc\n2\nname" },
    { "kaldi-fbank",
        "{\"type\":\"kaldi.fbank\",\"frame_length\":2,\"frame_shift\":1,\"use_power\":false,"
        "\"use_log_fbank\":false,\"window_type\":\"rectangular\"}\n\n[\"a\"]\nclassify" },
    { "torchaudio",
        "{\"type\":\"torchaudio.MFCC\",\"sample_rate\":8000,\"n_mfcc\":20,\"dct_type\":2,"
        "\"norm\":null,\"top_db\":null,\"melkwargs\":{\"n_fft\":64,\"win_length\":32,"
        "\"hop_length\":8,\"f_min\":100,\"f_max\":3000,\"pad\":0,\"n_mels\":32,"
        "\"window_fn\":\"hamming_window\",\"power\":1,\"normalized\":false,\"center\":true,"
        "\"pad_mode\":\"reflect\",\"onesided\":true,\"norm\":\"slaney\",\"mel_scale\":\"slaney\"}}"
        "\n\n[\"-\",\"a\"]\nctc" },
    { "torchaudio-log",
        "{\"type\":\"torchaudio.MFCC\",\"log_mels\":true,\"normalization\":{\"mean\":\"m\","
        "\"std\":\"s\"}}\n\n[\"-\",\"a\"]\nctc" },
    { "nothing", "" },
    { "deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    write_seed ("config", seeds[i].name, seeds[i].text, strlen (seeds[i].text));
}

/* The actions of fuzz-stream.c, after the choice of the model. */
static void
write_streams (void)
{
  static const guint8 silences[] = { 0, 1, 255, 255, 5, 1, 10, 0, 2, 3, 1, 1, 0, 3, 1, 0, 200 };
  static const guint8 bad_samples[] = { 1, 0, 0, 4, 0, 0, 192, 127, 0, 0, 128, 255, 255, 255, 255,
    255, 0, 0, 200, 66, 1, 2, 0, 2, 0 };
  static const guint8 settings[] = { 0, 4, 0, 0, 1, 1, 40, 0, 4, 10, 255, 0, 1, 40, 0, 2, 6 };
  static const guint8 damage[] = { 2, 1, 20, 0, 6, 3, 0, 100, 7, 0, 120, 9, 0, 200, 255, 1, 1, 20,
    0, 6, 0, 0, 0, 40, 1, 3, 3 };
  guint8 tone[4 + 4 * 2000] = { 0, 0, 2000 >> 8, 2000 & 255 };
  float samples[2000] = { 0.0f };

  test_add_tone (samples, 200, 1800, 800.0, 8000);
  memcpy (tone + 4, samples, sizeof (tone) - 4);
  write_seed ("stream", "silences", silences, sizeof (silences));
  write_seed ("stream", "bad-samples", bad_samples, sizeof (bad_samples));
  write_seed ("stream", "settings", settings, sizeof (settings));
  write_seed ("stream", "damage", damage, sizeof (damage));
  write_seed ("stream", "tone", tone, sizeof (tone));
}

/* What fuzz-state.c puts a header before: a stream of a tone and a half, saved. */
static void
write_state (guint choice, HearkenModel *model, HearkenGraph *graph)
{
  HearkenRecognizer *recognizer = hearken_recognizer_new (model);
  g_autofree char *name = g_strdup_printf ("choice-%u", choice);
  g_autoptr (GByteArray) seed = g_byte_array_append (g_byte_array_new (), (guint8[]){ choice }, 1);
  float samples[4000] = { 0.0f };
  HearkenStateReader reader = { 0 };
  gsize n_bytes;

  hearken_recognizer_set_graph (recognizer, graph);
  test_add_tone (samples, 500, 2000, 800, hearken_model_get_sample_rate_hz (model));
  test_add_tone (samples, 2500, 4000, 1500, hearken_model_get_sample_rate_hz (model));
  hearken_recognizer_push (recognizer, samples, G_N_ELEMENTS (samples));
  fuzz_pull_all (recognizer);
  g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);
  reader.bytes = g_bytes_get_data (state, &n_bytes);
  reader.n_bytes = n_bytes - HEARKEN_STATE_CHECKSUM_BYTES;
  fuzz_skip_state_header (&reader);
  g_byte_array_append (seed, reader.bytes, reader.n_bytes);
  write_seed ("state", name, seed->data, seed->len);
  hearken_recognizer_free (recognizer);
}

static void
write_states (void)
{
  for (guint i = 0; i < FUZZ_N_GRAPHS; i++)
    write_state (i, fuzz_get_model (0), fuzz_get_graph (i));
  for (guint i = 1; i < FUZZ_N_MODELS; i++)
    write_state (FUZZ_N_GRAPHS + i - 1, fuzz_get_model (i), NULL);
}

/* Fields, as fuzz-tokens.c names them. */
static void
write_tokens (void)
{
  static const char utterance[] = "gstoken\tou1\nmsa \"b\"\nms<i> &\tfu1\n"
                                  "gsutterance\tmstwenty one\tdseos\tlaopen\tladoor\taAtwenty\n"
                                  "gsutterance\tpt1\tms\thbt\n";
  static const char partial[] = "gsutterance\tmsa b\tpt3\tebf\tiu1\nmsa\tpt3\tebf\tct0\n"
                                "msc\tct18446744073709551615\nmsd\tnt0\nbd1e-5\tms\t\n";

  write_seed ("tokens", "utterance", utterance, strlen (utterance));
  write_seed ("tokens", "partial", partial, strlen (partial));
}

static void
write_transcripts (void)
{
  static const char manifest[] = "path\tseconds\tspeaker\ttext\n.\t1\tanna\tHello, world\n"
                                 "..\t2\t\ttwo-three\nnone.wav\t1\tx\ty\n";
  static const char transcript[] = "hello world (anna-1)\nanna-2 hello\n\nyes (x)\nno (x)\n";

  write_seed ("transcript", "manifest", manifest, strlen (manifest));
  write_seed ("transcript", "transcript", transcript, strlen (transcript));
}

static void
write_archives (void)
{
  static const char work_list[] = "path\tname\tseconds\tpart\tshard\n"
                                  "a/1.wav\ta/1.wav\t3.540\t0/1\t1/2\n"
                                  "b.opus\tb.opus\t45.000\t0/2\t0/2\n"
                                  "b.opus\tb.opus\t45.000\t1/2\t1/2\n";
  static const char inputs[] = "\xef\xbb\xbfseconds\tpath\tx\r\n90000.5\t../a.wav\ty\r\n\t/b\n";
  static const char outside[] = "path\tname\tseconds\tpart\tshard\na\t../../a\t1\t0/1\t0/1\n";
  static const char records[] =
      "{ \"file\": \"a.wav\", \"size\": 81244, \"mtime\": 1732750000, \"part\": \"0/2\","
      " \"seconds\": 2.538, \"utterances\": [ { \"start\": 0.100000001, \"end\": 1.500000000,"
      " \"text\": \"a \\u00e9\", \"confidence\": 0.1, \"end-reason\": \"silence\", \"tags\": [ "
      "\"go\" ],"
      " \"alternatives\": [ { \"text\": \"b\", \"confidence\": 0.33333333333333331 } ],"
      " \"words\": [ { \"start\": 0.100000001, \"end\": 0.300000000, \"text\": \"a\","
      " \"confidence\": 1 } ] }, { \"text\": \"\", \"rejected\": true } ] }\n"
      "{ \"file\": \"b.wav\", \"seconds\": 0.000, \"error\": \"no \\\"reason\\\"\","
      " \"utterances\": [ ] }\n{ \"file\": \"c.wav\", \"sec";
  static const char nonsense[] =
      "{ \"file\": \"a\", \"size\": -1e300, \"mtime\": 1e300, \"seconds\": 1e400, \"utterances\": ["
      " { \"start\": 1e400, \"end\": -1, \"text\": \"\\u001b[2J\\u009b\\u0000\","
      " \"confidence\": 1e400, \"words\": [ { \"start\": 1e12, \"text\": [ ] }, 1, null ],"
      " \"tags\": [ 1, null ], \"alternatives\": { } } ] }\n";

  write_seed ("work-list", "work", work_list, strlen (work_list));
  write_seed ("work-list", "inputs", inputs, strlen (inputs));
  write_seed ("work-list", "outside", outside, strlen (outside));
  write_seed ("records", "shard", records, strlen (records));
  write_seed ("records", "nonsense", nonsense, strlen (nonsense));
}

static void
write_phrases (void)
{
  static const char keywords[] =
      "# wake words\r\ncomputer\nsmart mirror /0.7/\nc#\n aa /1e-3/ # b\n";
  static const char hotwords[] = "new york /3/\nyork\nnew york city /0.5/\nyork minster\n";
  static const char bad[] = "yes /0.5/\nno /x/\n";

  write_seed ("keywords", "list", keywords, strlen (keywords));
  write_seed ("keywords", "bad-threshold", bad, strlen (bad));
  write_seed ("keywords", "latin1", "caf\xe9", 4);
  write_seed ("hotwords", "list", hotwords, strlen (hotwords));
  write_seed ("hotwords", "bad-boost", bad, strlen (bad));
}

static void
write_ngrams (void)
{
  static const char text[] = "\\data\\\nngram 1=5\nngram 2=3\nngram 3=2\n\n\\1-grams:\n-1.5 </s>\n"
                             "-99 <s> -0.5\n-1 a -0.25\n-2 b 0.125\n-1.25 <unk>\n\n\\2-grams:\n"
                             "-0.5 <s> a -0.75\n-0.25 a b\n-0.3 b a -0.1\n\n\\3-grams:\n"
                             "-0.125 <s> a b\n-0.0625 b a b\n\n\\end\\\n";
  static const char bad[] = "\\data\\\nngram 1=99999999999999999999\n\\1-grams:\n-1e-400 a inf\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (HearkenNgram) ngram = hearken_ngram_new_from_bytes (bytes, "text", NULL);
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();
  for (guint16 token = 0; token < 3; token++)
    hearken_lexicon_builder_add (builder, 2 + token, 1, (guint16[]){ 7, token }, 1 + token % 2);
  g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);
  g_autoptr (GBytes) compiled = hearken_ngram_compile (ngram, lexicon, 0);
  gsize n_bytes;
  const char *data = g_bytes_get_data (compiled, &n_bytes);

  write_seed ("ngram", "text", text, strlen (text));
  write_seed ("ngram", "numbers", bad, strlen (bad));
  write_seed ("ngram", "compiled", data, n_bytes);
  write_seed ("ngram", "truncated", data, n_bytes / 2);
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    fprintf (stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  corpus = argv[1];
  write_models ();
  write_configs ();
  write_streams ();
  write_phrases ();
  write_ngrams ();
  write_states ();
  write_tokens ();
  write_transcripts ();
  write_archives ();
  return 0;
}
