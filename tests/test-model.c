/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Tensors, files and the cache: what is wrong is said, by name; what is right loads, once. */

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "model-internal.h"
#include "test-golden.h"
#include "test-loading.h"

#define METADATA HEARKEN_MODEL_ERROR_METADATA
#define UNSUPPORTED HEARKEN_MODEL_ERROR_UNSUPPORTED
#define NORMALIZED                                                                                 \
  "{\"type\": \"kaldi.mfcc\", \"normalization\": {\"mean\": \"mean\", \"std\": \"std\"}}"
#define TENSOR HEARKEN_MODEL_ERROR_TENSOR

static const float values[4 * 16 * 16 + 1];

static const struct {
  const char *tensor;
  const char *dtype; /* NULL: the tensor is removed */
  gsize n_dims;
  gsize dims[3];
  int code;
  const char *about;
  const char *reason;
} bad_tensors[] = {
  { "lstm.weight_ih_l0", NULL, 0, { 0 }, TENSOR, "'lstm.weight_ih_l0'", "missing" },
  { "lstm.weight_hh_l0", NULL, 0, { 0 }, TENSOR, "'lstm.weight_hh_l0'", "missing" },
  { "lstm.bias_ih_l0", NULL, 0, { 0 }, TENSOR, "'lstm.bias_ih_l0'", "missing" },
  { "lstm.bias_hh_l1", NULL, 0, { 0 }, TENSOR, "'lstm.bias_hh_l1'", "missing" },
  { "lstm.weight_ih_l1", NULL, 0, { 0 }, TENSOR, "l1'", "belongs to no layer" },
  { "fc.weight", NULL, 0, { 0 }, TENSOR, "'fc.weight'", "missing" },
  { "lstm.weight_ih_l0", "F32", 2, { 63, 13 }, TENSOR, "'lstm.weight_ih_l0'", "four gates" },
  { "lstm.weight_ih_l0", "F32", 2, { 64, 12 }, TENSOR, "'lstm.weight_ih_l0'",
      "[64, 12], but must have [64, 13]" },
  { "lstm.weight_ih_l0", "F32", 1, { 64 }, TENSOR, "'lstm.weight_ih_l0'", "[64]" },
  { "lstm.weight_ih_l0", "F32", 2, { 0, 13 }, TENSOR, "'lstm.weight_ih_l0'", "[0, 13]" },
  { "lstm.weight_ih_l0", "F32", 2, { 300000, 0 }, TENSOR, "'lstm.weight_ih_l0'", "at most" },
  { "lstm.weight_hh_l0", "F32", 2, { 64, 15 }, TENSOR, "'lstm.weight_hh_l0'", "[64, 15]" },
  { "lstm.weight_hh_l0", "F32", 3, { 64, 16, 1 }, TENSOR, "'lstm.weight_hh_l0'", "[64, 16, 1]" },
  { "lstm.weight_ih_l1", "F32", 2, { 64, 15 }, TENSOR, "'lstm.weight_ih_l1'", "[64, 15]" },
  { "lstm.bias_ih_l0", "F32", 1, { 63 }, TENSOR, "'lstm.bias_ih_l0'", "[63]" },
  { "lstm.bias_hh_l1", "F32", 2, { 64, 1 }, TENSOR, "'lstm.bias_hh_l1'", "[64, 1]" },
  { "lstm.weight_hr_l0", "F32", 2, { 16, 16 }, TENSOR, "'lstm.weight_hr_l0'", "fewer" },
  { "lstm.weight_hr_l0", "F32", 2, { 8, 16 }, TENSOR, "'lstm.weight_hh_l0'", "[64, 8]" },
  { "fc.weight", "F32", 2, { 5, 15 }, TENSOR, "'fc.weight'", "[5, 15], but must have [5, 16]" },
  { "fc.weight", "F32", 2, { 6, 16 }, TENSOR, "'fc.bias'", "[5], but must have [6]" },
  { "fc.bias", "F32", 1, { 6 }, TENSOR, "'fc.bias'", "[6], but must have [5]" },
  { "fc.bias", "F32", 0, { 0 }, TENSOR, "'fc.bias'", "[], but must have [5]" },
  { "fc.weight", "F64", 2, { 5, 16 }, UNSUPPORTED, "'fc.weight'", "F64" },
  { "fc.weight", "BF16", 2, { 5, 16 }, UNSUPPORTED, "'fc.weight'", "BF16" },
  { "fc.weight", "I8", 2, { 5, 16 }, TENSOR, "'fc.weight.scale'", "missing" },
  { "fc.weight.scale", "F32", 1, { 5 }, TENSOR, "'fc.weight.scale'", "belongs to no layer" },
  { "embedding.weight", "F32", 2, { 5, 4 }, TENSOR, "'embedding.weight'", "belongs to no layer" },
  { "lstm.weight_ih_l3", "F32", 2, { 64, 16 }, TENSOR, "'lstm.weight_ih_l3'", "no layer" },
  { "lstm.weight_ih_l0_reverse", "F32", 2, { 64, 13 }, UNSUPPORTED, "'lstm.weight_ih_l0_reverse'",
      "bidirectional" },
  { "lstm.weight_hh_l0", "F32", 2, { 48, 16 }, UNSUPPORTED, "'lstm.weight_hh_l0'", "a GRU" },
  { "lstm.weight_hh_l1", "F32", 2, { 16, 16 }, UNSUPPORTED, "'lstm.weight_hh_l1'", "a plain RNN" },
};

static void
test_bad_tensors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_tensors); i++) {
    g_autoptr (TestModel) model = test_model_classic ("ctc");
    const char *dtype = bad_tensors[i].dtype;
    gsize n_bytes = 1;

    g_test_message ("%s as %s: %s", bad_tensors[i].tensor, dtype, bad_tensors[i].reason);
    if (dtype == NULL) {
      test_model_remove (model, bad_tensors[i].tensor);
    } else {
      for (gsize d = 0; d < bad_tensors[i].n_dims; d++)
        n_bytes *= bad_tensors[i].dims[d];
      n_bytes *= (gsize) atoi (dtype + strcspn (dtype, "0123456789")) / 8;
      g_assert_cmpuint (n_bytes, <=, sizeof (values));
      test_model_add (model, bad_tensors[i].tensor, dtype, bad_tensors[i].n_dims,
          bad_tensors[i].dims, values, n_bytes);
    }
    test_assert_refused (model, bad_tensors[i].code, bad_tensors[i].about, bad_tensors[i].reason);
  }
}

static void
test_bad_values (void)
{
  const float bias[] = { 0.0f, 0.0f, NAN, 0.0f, 0.0f };
  const float good[13] = { [0 ... 12] = 1.0f };
  const float zero[13] = { [0 ... 11] = 1.0f };
  const guint16 halves[5 * 16] = { [0 ... 79] = GUINT16_TO_LE (0x7c00) };
  const gint8 bytes[5 * 16] = { [0 ... 79] = 1 };
  g_autoptr (TestModel) model = test_model_classic ("ctc");
  g_autoptr (TestModel) tied = test_model_classic ("ctc");
  g_autoptr (TestModel) normalized = test_model_classic ("ctc");

  test_model_add_floats (model, "fc.bias", 5, 0, bias);
  test_assert_refused (model, TENSOR, "'fc.bias'", "NaN, the one of index 2");
  test_model_add (model, "fc.weight", "F16", 2, (gsize[]){ 5, 16 }, halves, sizeof (halves));
  test_assert_refused (model, TENSOR, "'fc.weight'", "infinite, the one of index 0");
  test_model_add (model, "fc.weight", "I8", 2, (gsize[]){ 5, 16 }, bytes, sizeof (bytes));
  test_model_add_floats (model, "fc.weight.scale", 5, 0, bias);
  test_assert_refused (model, TENSOR, "'fc.weight'", "NaN, the one of index 32");
  test_model_set (tied, "hearken.layers",
      "[{\"type\":\"lstm\",\"name\":\"lstm\"},{\"type\":\"lstm\",\"name\":\"lstm\"},{\"type\":"
      "\"linear\",\"name\":\"fc\"}]");
  test_model_add_floats (tied, "lstm.weight_ih_l0", 64, 16, values);
  test_model_set (tied, "hearken.frontend", "{\"type\": \"kaldi.mfcc\", \"num_ceps\": 16}");
  test_assert_refused (tied, TENSOR, "'lstm.weight_ih_l0'", "used twice");
  test_model_set (normalized, "hearken.frontend", NORMALIZED);
  test_model_add_floats (normalized, "mean", 13, 0, good);
  test_assert_refused (normalized, TENSOR, "'std'", "missing");
  test_model_add_floats (normalized, "std", 13, 0, zero);
  test_assert_refused (normalized, TENSOR, "'std'", "must be over 0");
  test_model_add_floats (normalized, "std", 12, 0, good);
  test_assert_refused (normalized, TENSOR, "'std'", "[12], but must have [13]");
  test_model_add_floats (normalized, "std", 13, 0, good);
  hearken_model_unref (test_load (normalized));
}

static void
test_bad_files (void)
{
  g_autoptr (TestModel) model = test_model_tones (16000);
  g_autoptr (GBytes) bytes = test_model_to_bytes (model);
  char *path = test_model_to_file (model, "bad.safetensors");
  g_autofree char *directory = g_path_get_dirname (path);

  test_assert_path_refused (directory, HEARKEN_MODEL_ERROR_IO, "cannot read", "directory");
  test_assert_path_refused ("/dev/zero", HEARKEN_MODEL_ERROR_IO, "cannot read", "no regular file");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_FORMAT, "", "empty");
  g_assert_true (g_file_set_contents (path, "\377\377\377\377\377\377\377\377{}", 10, NULL));
  test_assert_path_refused (
      path, HEARKEN_MODEL_ERROR_FORMAT, "", "claims 18446744073709551615 bytes");
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), 600, NULL));
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_FORMAT, "", "truncated");
  g_assert_true (g_file_set_contents (path, "RIFF\0\0\0\0WAVEfmt ", 16, NULL));
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_FORMAT, "", "no safetensors file");
  g_assert_cmpint (truncate (path, G_GINT64_CONSTANT (5) << 30), ==, 0);
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_IO, "cannot read", "larger than");
  g_assert_cmpint (g_remove (path), ==, 0);
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_IO, "cannot read", g_strerror (ENOENT));
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_IO, "cannot read", "no regular file");
  test_remove_file (path);
}

static void
test_truncated (void)
{
  g_autoptr (TestModel) model = test_model_tones (16000);
  g_autoptr (GBytes) whole = test_model_to_bytes (model);

  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, n);
    g_autoptr (GError) error = NULL;
    g_assert_null (hearken_model_new_from_bytes (part, "part.safetensors", &error));
    g_assert_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, "part.safetensors"));
  }
  g_autoptr (HearkenModel) loaded = hearken_model_new_from_bytes (whole, "whole", NULL);
  g_assert_nonnull (loaded);
}

static void
test_description (void)
{
  g_autoptr (TestModel) model = test_model_tones (8000);
  g_autoptr (TestModel) classic = test_model_classic ("classify");
  g_autoptr (GBytes) bytes = test_model_to_bytes (model);
  g_autoptr (HearkenModel) loaded = test_load (model);
  g_autoptr (HearkenModel) other = test_load (classic);

  g_assert_cmpstr (hearken_model_get_name (loaded), ==, "tones");
  g_assert_null (hearken_model_get_language (loaded));
  g_assert_null (hearken_model_get_licence (loaded));
  g_assert_cmpint (hearken_model_get_task (loaded), ==, HEARKEN_TASK_CTC);
  g_assert_cmpuint (hearken_model_get_sample_rate_hz (loaded), ==, 8000);
  g_assert_cmpuint (hearken_model_get_n_tokens (loaded), ==, 5);
  g_assert_cmpstr (hearken_model_get_token (loaded, 4), ==, "c");
  g_assert_cmphex (loaded->digest, ==,
      hearken_digest (0, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
  g_assert_cmpuint (loaded->blank, ==, 0);
  g_assert_cmpstr (hearken_model_get_name (other), ==, "memory");
  g_assert_cmpint (hearken_model_get_task (other), ==, HEARKEN_TASK_CLASSIFY);
  test_model_set (model, "hearken.language", "en");
  test_model_set (model, "hearken.licence", "CC0-1.0");
  test_model_set (model, "hearken.blank", "3");
  test_model_set (model, "format", "pt");
  g_autoptr (HearkenModel) described = test_load (model);
  g_assert_cmpstr (hearken_model_get_language (described), ==, "en");
  g_assert_cmpstr (hearken_model_get_licence (described), ==, "CC0-1.0");
  g_assert_cmpuint (described->blank, ==, 3);
}

/* The log-probabilities of one frame. */
static void
compute (const HearkenModel *model, float *log_probs)
{
  HearkenNetworkStream *stream = hearken_network_stream_new (&model->network);
  float frame[8];

  test_random_floats (1, 10.0f, frame, G_N_ELEMENTS (frame));
  g_assert_cmpuint (hearken_network_stream_push (stream, frame, 1, log_probs), ==, 1);
  hearken_network_stream_free (stream);
}

static HearkenPrecision
get_precision (const HearkenModel *model)
{
  return model->network.layers[0].linear.weights.precision;
}

/* Weights that F16 and I8 can hold exactly: the same numbers come out, but that I8 rounds its
 * inputs, which are below 10, to 10 / 32639. */
static void
test_narrow_dtypes (void)
{
  enum { N_ROWS = 5, N_COLS = 8 };
  float full[N_ROWS * N_COLS], scales[N_ROWS];
  guint16 half[N_ROWS * N_COLS];
  gint8 narrow[N_ROWS * N_COLS];
  float expected[N_ROWS], actual[N_ROWS];
  g_autoptr (TestModel) model = test_model_tones (16000);

  for (int i = 0; i < N_ROWS * N_COLS; i++) { /* powers of two: ±(row + 1) halves */
    const int row = i / N_COLS;
    narrow[i] = i % 3 - 1;
    scales[row] = ldexpf (1.0f, row - 2);
    full[i] = narrow[i] * scales[row];
    half[i] = GUINT16_TO_LE (narrow[i] == 0 ? 0 : (narrow[i] < 0 ? 0x8000 : 0) | (13 + row) << 10);
  }
  test_model_add_floats (model, "fc.weight", N_ROWS, N_COLS, full);
  g_autoptr (HearkenModel) model_full = test_load (model);
  compute (model_full, expected);
  test_model_add (model, "fc.weight", "F16", 2, (gsize[]){ N_ROWS, N_COLS }, half, sizeof (half));
  g_autoptr (HearkenModel) model_half = test_load (model);
  compute (model_half, actual);
  g_assert_cmpmem (actual, sizeof (actual), expected, sizeof (expected));
  test_model_add (
      model, "fc.weight", "I8", 2, (gsize[]){ N_ROWS, N_COLS }, narrow, sizeof (narrow));
  test_model_add_floats (model, "fc.weight.scale", N_ROWS, 0, scales);
  g_autoptr (HearkenModel) model_narrow = test_load (model);
  compute (model_narrow, actual);
  g_assert_cmpfloat (test_max_difference (actual, expected, N_ROWS), <=, 5e-3);
  g_assert_cmpint (get_precision (model_full), ==, HEARKEN_PRECISION_F32);
  g_assert_cmpint (get_precision (model_half), ==, HEARKEN_PRECISION_F16);
  g_assert_cmpint (get_precision (model_narrow), ==, HEARKEN_PRECISION_I8);
}

#define SIDECAR                                                                                    \
  "{\"hearken.format\": 1, \"hearken.task\": \"ctc\", "                                            \
  "\"hearken.frontend\": {\"type\": \"kaldi.mfcc\"}, "                                             \
  "\"hearken.tokens\": [\"<blank>\", \" \", \"a\", \"b\", \"c\"], "                                \
  "\"hearken.blank\": 0, \"hearken.name\": \"from the sidecar\", \"author\": {\"is\": null}, "     \
  "\"note\": null}"

/* A plain state dict, all metadata beside it. */
static char *
write_state_dict (void)
{
  static const char *const keys[] = { "format", "task", "frontend", "tokens" };
  g_autoptr (TestModel) model = test_model_classic ("ctc");

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *key = g_strconcat ("hearken.", keys[i], NULL);
    test_model_set (model, key, NULL);
  }
  return test_model_to_file (model, "classic.safetensors");
}

static void
test_sidecar (void)
{
  char *path = write_state_dict ();
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize n_bytes;

  test_assert_path_refused (path, METADATA, "has no 'hearken.format'", "classic.json");
  test_write_sidecar (path, SIDECAR);
  g_autoptr (HearkenModel) model = hearken_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (hearken_model_get_name (model), ==, "from the sidecar");
  g_assert_true (g_file_get_contents (path, &contents, &n_bytes, NULL));
  g_assert_cmphex (model->digest, ==,
      hearken_digest (hearken_digest (0, contents, n_bytes), SIDECAR, strlen (SIDECAR)));

  /* A name without an extension, in a folder with one. */
  g_autofree char *directory = g_strconcat (path, ".d", NULL);
  char *plain = g_build_filename (directory, "plain", NULL);
  g_autoptr (GError) plain_error = NULL;
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (plain, contents, n_bytes, NULL));
  g_assert_null (hearken_model_load (plain, &plain_error));
  g_assert_nonnull (strstr (plain_error->message, ".d/plain.json"));
  test_remove_file (plain);
  test_remove_file (path);
}

/* What the file itself says comes first. */
static void
test_sidecar_yields (void)
{
  g_autoptr (TestModel) description = test_model_classic ("ctc");
  char *path = test_model_to_file (description, "classic.safetensors");
  g_autoptr (GError) error = NULL;

  test_write_sidecar (path, "{\"hearken.task\": \"classify\", \"hearken.language\": \"fr\"}");
  g_autoptr (HearkenModel) model = hearken_model_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (hearken_model_get_task (model), ==, HEARKEN_TASK_CTC);
  g_assert_cmpstr (hearken_model_get_language (model), ==, "fr");
  g_assert_cmpstr (hearken_model_get_name (model), ==, "classic");
  test_remove_file (path);
}

static void
test_bad_sidecars (void)
{
  char *path = write_state_dict ();
  g_autofree char *sidecar = test_get_sidecar (path);

  test_write_sidecar (path, "");
  test_assert_path_refused (path, METADATA, sidecar, "not valid JSON");
  test_write_sidecar (path, "[1]");
  test_assert_path_refused (path, METADATA, sidecar, "JSON object");
  test_write_sidecar (path, "{\"hearken.format\": null}");
  test_assert_path_refused (path, METADATA, sidecar, "'hearken.format' is null");
  test_write_sidecar (path, "{\"hearken.format\": 2}");
  test_assert_path_refused (path, UNSUPPORTED, "hearken.format", "'2'");
  test_write_sidecar (path, "{\"hearken.format\": 1, \"hearken.colour\": \"red\"}");
  test_assert_path_refused (path, METADATA, "hearken.colour", "no metadata key");
  g_assert_cmpint (truncate (sidecar, 17 << 20), ==, 0);
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_IO, sidecar, "larger than");
  g_assert_cmpint (g_remove (sidecar), ==, 0);
  g_assert_cmpint (g_mkdir (sidecar, 0700), ==, 0);
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_IO, sidecar, "directory");
  g_assert_cmpint (g_rmdir (sidecar), ==, 0);
  g_assert_cmpint (mkfifo (sidecar, 0600), ==, 0);
  test_assert_path_refused (path, HEARKEN_MODEL_ERROR_IO, sidecar, "no regular file");
  test_remove_file (path);
}

static void
test_cache (void)
{
  g_autoptr (TestModel) description = test_model_tones (16000);
  char *path = test_model_to_file (description, "cached.safetensors");
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *link = g_build_filename (directory, "link", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenModel) first = hearken_model_load (path, &error);
  g_assert_no_error (error);
  g_autoptr (HearkenModel) second = hearken_model_load (path, NULL);
  g_assert_true (first == second);
  g_assert_cmpint (symlink (path, link), ==, 0);
  g_autoptr (HearkenModel) linked = hearken_model_load (link, NULL);
  g_assert_true (first == linked);
  g_remove (link);

  /* What lies beside a link elsewhere may be another dictionary. */
  g_autofree char *elsewhere = g_build_filename (directory, "elsewhere", NULL);
  g_autofree char *far_link = g_build_filename (elsewhere, "link", NULL);
  g_assert_cmpint (g_mkdir (elsewhere, 0700), ==, 0);
  g_assert_cmpint (symlink (path, far_link), ==, 0);
  g_autoptr (HearkenModel) far = hearken_model_load (far_link, NULL);
  g_assert_cmpstr (far->directory, ==, elsewhere);
  g_assert_cmpstr (first->directory, ==, directory);
  g_remove (far_link);
  g_rmdir (elsewhere);

  /* The same path, another file. */
  test_model_set (description, "hearken.name", "another");
  g_autoptr (GBytes) bytes = test_model_to_bytes (description);
  g_assert_true (g_file_set_contents (
      path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
  g_autoptr (HearkenModel) replaced = hearken_model_load (path, NULL);
  g_assert_true (replaced != first);
  g_assert_cmpstr (hearken_model_get_name (replaced), ==, "another");
  g_assert_cmpstr (hearken_model_get_name (first), ==, "tones");

  /* A sidecar appears, changes and goes. */
  test_write_sidecar (path, "{\"hearken.language\": \"en\"}");
  g_autoptr (HearkenModel) english = hearken_model_load (path, NULL);
  g_assert_true (english != replaced);
  g_assert_cmpstr (hearken_model_get_language (english), ==, "en");
  test_write_sidecar (path, "{\"hearken.language\": \"de-AT\"}");
  g_autoptr (HearkenModel) german = hearken_model_load (path, NULL);
  g_assert_cmpstr (hearken_model_get_language (german), ==, "de-AT");
  g_assert_cmpstr (hearken_model_get_language (english), ==, "en");
  test_remove_file (path);
}

/* The cache holds no reference: the last user's unref frees, and the next load loads again. */
static void
test_cache_is_weak (void)
{
  g_autoptr (TestModel) description = test_model_tones (16000);
  char *path = test_model_to_file (description, "weak.safetensors");

  for (int i = 0; i < 3; i++) {
    HearkenModel *model = hearken_model_load (path, NULL);
    HearkenModel *again = hearken_model_ref (model);

    g_assert_cmpint (model->cached.ref_count, ==, 2);
    hearken_model_unref (model);
    model = hearken_model_load (path, NULL);
    g_assert_true (model == again);
    hearken_model_unref (model);
    hearken_model_unref (again);
  }
  test_remove_file (path);
}

#define N_THREADS 8

static gint n_ready;

static gpointer
load_together (gpointer path)
{
  g_atomic_int_inc (&n_ready);
  while (g_atomic_int_get (&n_ready) < N_THREADS)
    g_thread_yield ();
  return hearken_model_load (path, NULL);
}

static gpointer
load_and_drop (gpointer path)
{
  for (int i = 0; i < 100; i++) {
    HearkenModel *model = hearken_model_load (path, NULL);
    g_assert_cmpstr (hearken_model_get_name (model), ==, "tones");
    hearken_model_unref (model);
  }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (TestModel) description = test_model_tones (16000);
  char *path = test_model_to_file (description, "threads.safetensors");
  GThread *threads[N_THREADS];
  HearkenModel *models[N_THREADS];

  n_ready = 0;
  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("load", load_together, path);
  for (int i = 0; i < N_THREADS; i++)
    models[i] = g_thread_join (threads[i]);
  for (int i = 0; i < N_THREADS; i++)
    g_assert_true (models[i] == models[0]);
  g_assert_cmpint (models[0]->cached.ref_count, ==, N_THREADS);
  for (int i = 0; i < N_THREADS; i++)
    hearken_model_unref (models[i]);
  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("drop", load_and_drop, path);
  for (int i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  test_remove_file (path);
}

/* What people are told of a model: every kind of layer and setting. */
static void
test_describe (void)
{
  static const char *const lines[] = { "name         many", "language     en",
    "licence      CC0-1.0", "Kaldi MFCC, 39 a frame, normalised", "13 cepstral coefficients",
    "deltas of order 2 over 5 frames", "splice  39 → 117, 1 frames before and 1 after, stride 2",
    "linear  117 → 4, clipped relu", "linear  4 → 4, tanh", "lstm    4 → 1, 2 cells",
    "parameters   552", "words.dict", "words.lm, weight 0.5, bonus 1" };
  g_autoptr (TestModel) builder = test_model_classic ("ctc");
  float ones[39];

  for (int layer = 0; layer < 2; layer++)
    for (int i = 0; i < 4; i++) {
      static const char *const names[] = { "weight_ih", "weight_hh", "bias_ih", "bias_hh" };
      g_autofree char *name = g_strdup_printf ("lstm.%s_l%d", names[i], layer);
      test_model_remove (builder, name);
    }
  test_model_set (builder, "hearken.name", "many");
  test_model_set (builder, "hearken.language", "en");
  test_model_set (builder, "hearken.licence", "CC0-1.0");
  test_model_set (builder, "hearken.frontend",
      "{\"type\": \"kaldi.mfcc\", \"deltas\": {\"order\": 2},"
      " \"normalization\": {\"mean\": \"mean\", \"std\": \"std\"}}");
  test_model_set (builder, "hearken.decoding",
      "{\"dictionary\": \"words.dict\", \"language_model\": \"words.lm\","
      " \"language_weight\": 0.5, \"word_bonus\": 1}");
  test_model_set (builder, "hearken.layers",
      "[{\"type\": \"splice\", \"left\": 1, \"right\": 1, \"stride\": 2},"
      " {\"type\": \"linear\", \"name\": \"a\", \"activation\": \"clipped relu\", \"clip\": 6},"
      " {\"type\": \"linear\", \"name\": \"b\", \"activation\": \"tanh\"},"
      " {\"type\": \"lstm\", \"name\": \"rnn\"}, {\"type\": \"linear\", \"name\": \"fc\"}]");
  test_model_add_floats (builder, "mean", 39, 0, values);
  for (gsize i = 0; i < G_N_ELEMENTS (ones); i++)
    ones[i] = 1;
  test_model_add_floats (builder, "std", 39, 0, ones);
  test_model_add_floats (builder, "a.weight", 4, 117, values);
  test_model_add_floats (builder, "a.bias", 4, 0, values);
  test_model_add_floats (builder, "b.weight", 4, 4, values);
  test_model_add_floats (builder, "b.bias", 4, 0, values);
  test_model_add_floats (builder, "rnn.weight_ih_l0", 8, 4, values);
  test_model_add_floats (builder, "rnn.weight_hh_l0", 8, 1, values);
  test_model_add_floats (builder, "rnn.weight_hr_l0", 1, 2, values);
  test_model_add_floats (builder, "fc.weight", 5, 1, values);
  test_model_add_floats (builder, "fc.bias", 5, 0, values);
  HearkenModel *model = test_load (builder);
  g_autofree char *text = hearken_model_describe (model);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (strstr (text, lines[i]) == NULL)
      g_error ("no “%s” in:\n%s", lines[i], text);
  hearken_model_unref (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/bad-tensors", test_bad_tensors);
  g_test_add_func ("/model/bad-values", test_bad_values);
  g_test_add_func ("/model/bad-files", test_bad_files);
  g_test_add_func ("/model/truncated", test_truncated);
  g_test_add_func ("/model/description", test_description);
  g_test_add_func ("/model/describe", test_describe);
  g_test_add_func ("/model/narrow-dtypes", test_narrow_dtypes);
  g_test_add_func ("/model/sidecar", test_sidecar);
  g_test_add_func ("/model/sidecar-yields", test_sidecar_yields);
  g_test_add_func ("/model/bad-sidecars", test_bad_sidecars);
  g_test_add_func ("/model/cache", test_cache);
  g_test_add_func ("/model/cache-is-weak", test_cache_is_weak);
  g_test_add_func ("/model/threads", test_threads);
  return g_test_run ();
}
