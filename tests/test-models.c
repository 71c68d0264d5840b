/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "test-models.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

typedef struct {
  char *name;
  char *dtype;
  gsize n_dims;
  gsize dims[8];
  GBytes *data;
} TestTensor;

struct TestModel {
  JsonObject *metadata;
  GPtrArray *tensors; /* of TestTensor */
};

/* The finaliser of MurmurHash3 over seed and index; its upper 24 bits are exact in a float. */
static guint32
hash_24_bits (guint32 seed, guint32 index)
{
  guint32 x = seed * 0x9e3779b9u + index;
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return (x ^ (x >> 16)) >> 8;
}

void
test_random_floats (guint32 seed, float bound, float *values, gsize n_values)
{
  for (gsize i = 0; i < n_values; i++)
    values[i] = bound * ((float) hash_24_bits (seed, (guint32) i) * 0x1p-23f - 1.0f);
}

static void
test_tensor_free (TestTensor *tensor)
{
  g_free (tensor->name);
  g_free (tensor->dtype);
  g_bytes_unref (tensor->data);
  g_free (tensor);
}

TestModel *
test_model_new (void)
{
  TestModel *model = g_new0 (TestModel, 1);
  model->metadata = json_object_new ();
  model->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) test_tensor_free);
  return model;
}

void
test_model_free (TestModel *model)
{
  json_object_unref (model->metadata);
  g_ptr_array_unref (model->tensors);
  g_free (model);
}

void
test_model_set (TestModel *model, const char *key, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (model->metadata, key, value);
  else
    json_object_remove_member (model->metadata, key);
}

void
test_model_add (TestModel *model, const char *name, const char *dtype, gsize n_dims,
    const gsize *dims, gconstpointer data, gsize n_bytes)
{
  TestTensor *tensor = g_new0 (TestTensor, 1);

  g_assert_cmpuint (n_dims, <=, G_N_ELEMENTS (tensor->dims));
  test_model_remove (model, name);
  tensor->name = g_strdup (name);
  tensor->dtype = g_strdup (dtype);
  tensor->n_dims = n_dims;
  for (gsize i = 0; i < n_dims; i++)
    tensor->dims[i] = dims[i];
  tensor->data = g_bytes_new (data, n_bytes);
  g_ptr_array_add (model->tensors, tensor);
}

void
test_model_add_floats (
    TestModel *model, const char *name, gsize rows, gsize cols, const float *values)
{
  const gsize dims[] = { rows, cols };
  const gsize n_values = rows * MAX (cols, 1);
  guint32 *little_endian = g_new (guint32, n_values);

  for (gsize i = 0; i < n_values; i++) {
    memcpy (&little_endian[i], &values[i], sizeof (guint32));
    little_endian[i] = GUINT32_TO_LE (little_endian[i]);
  }
  test_model_add (
      model, name, "F32", cols > 0 ? 2 : 1, dims, little_endian, n_values * sizeof (guint32));
  g_free (little_endian);
}

void
test_model_remove (TestModel *model, const char *name)
{
  for (guint i = 0; i < model->tensors->len; i++) {
    const TestTensor *tensor = g_ptr_array_index (model->tensors, i);
    if (strcmp (tensor->name, name) == 0) {
      g_ptr_array_remove_index (model->tensors, i);
      return;
    }
  }
}

/* Size of one value, from the digits of the dtype's name; alignment is kept by writing wide values
 * first. */
static int
get_width (const TestTensor *tensor)
{
  return atoi (tensor->dtype + strcspn (tensor->dtype, "0123456789"));
}

static JsonObject *
describe (const TestTensor *tensor, gsize begin)
{
  JsonObject *entry = json_object_new ();
  JsonArray *shape = json_array_new ();
  JsonArray *offsets = json_array_new ();

  for (gsize i = 0; i < tensor->n_dims; i++)
    json_array_add_int_element (shape, (gint64) tensor->dims[i]);
  json_array_add_int_element (offsets, (gint64) begin);
  json_array_add_int_element (offsets, (gint64) (begin + g_bytes_get_size (tensor->data)));
  json_object_set_string_member (entry, "dtype", tensor->dtype);
  json_object_set_array_member (entry, "shape", shape);
  json_object_set_array_member (entry, "data_offsets", offsets);
  return entry;
}

GBytes *
test_model_to_bytes (const TestModel *model)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *header = json_object_new ();
  GByteArray *data = g_byte_array_new ();
  GByteArray *file = g_byte_array_new ();

  json_node_take_object (root, header);
  json_object_set_object_member (header, "__metadata__", json_object_ref (model->metadata));
  for (int width = 64; width > 0; width /= 2)
    for (guint i = 0; i < model->tensors->len; i++) {
      const TestTensor *tensor = g_ptr_array_index (model->tensors, i);
      if (get_width (tensor) != width)
        continue;
      json_object_set_object_member (header, tensor->name, describe (tensor, data->len));
      g_byte_array_append (
          data, g_bytes_get_data (tensor->data, NULL), (guint) g_bytes_get_size (tensor->data));
    }

  g_autofree char *text = json_to_string (root, FALSE);
  g_autofree char *padded = g_strdup_printf ("%-*s", (int) (strlen (text) + 7) / 8 * 8, text);
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (padded));
  g_byte_array_append (file, (const guint8 *) &length, sizeof (length));
  g_byte_array_append (file, (const guint8 *) padded, (guint) strlen (padded));
  g_byte_array_append (file, data->data, data->len);
  g_byte_array_unref (data);
  return g_byte_array_free_to_bytes (file);
}

char *
test_model_to_file (const TestModel *model, const char *base_name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = test_model_to_bytes (model);
  g_autofree char *directory = g_dir_make_tmp ("hearken-test-XXXXXX", &error);

  g_assert_no_error (error);
  char *path = g_build_filename (directory, base_name, NULL);
  g_file_set_contents (
      path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return path;
}

/*
 * The mel bands 0, 2, 4 and 6 are centred near the four tones. A band's log energy under a tone of
 * amplitude 0.5 is about 7 to 11 (8 to 48 kHz), and far below 5 in silence and in the other three
 * bands; 5 is what the blank is worth.
 */
TestModel *
test_model_tones (guint sample_rate_hz)
{
  enum { N_MELS = 8, N_TOKENS = 5 };
  const float gain = 2.0f;
  float weight[N_TOKENS][N_MELS] = { { 0.0f } };
  float bias[N_TOKENS] = { gain * 5.0f };
  TestModel *model = test_model_new ();
  g_autofree char *frontend = g_strdup_printf (
      "{\"type\": \"kaldi.fbank\", \"sample_frequency\": %u, \"num_mel_bins\": %d, "
      "\"low_freq\": 120, \"high_freq\": 4000, \"preemphasis_coefficient\": 0}",
      sample_rate_hz, N_MELS);

  for (int token = 1; token < N_TOKENS; token++)
    weight[token][2 * (token - 1)] = gain;
  test_model_set (model, "hearken.format", "1");
  test_model_set (model, "hearken.name", "tones");
  test_model_set (model, "hearken.task", "ctc");
  test_model_set (model, "hearken.frontend", frontend);
  test_model_set (model, "hearken.layers", "[{\"type\": \"linear\", \"name\": \"fc\"}]");
  test_model_set (model, "hearken.tokens", "[\"<blank>\", \" \", \"a\", \"b\", \"c\"]");
  test_model_add_floats (model, "fc.weight", N_TOKENS, N_MELS, &weight[0][0]);
  test_model_add_floats (model, "fc.bias", N_TOKENS, 0, bias);
  return model;
}

void
test_add_tone (float *samples, gsize start, gsize end, double frequency_hz, guint sample_rate_hz)
{
  for (gsize i = start; i < end; i++)
    samples[i] += 0.5f * (float) sin (2.0 * G_PI * frequency_hz * (double) i / sample_rate_hz);
}

static void
add_random (TestModel *model, const char *name, gsize rows, gsize cols, float bound)
{
  const gsize n_values = rows * MAX (cols, 1);
  g_autofree float *values = g_new (float, n_values);

  test_random_floats (g_str_hash (name), bound, values, n_values);
  test_model_add_floats (model, name, rows, cols, values);
}

TestModel *
test_model_classic (const char *task)
{
  enum { N_CEPS = 13, N_HIDDEN = 16, N_TOKENS = 5 };
  const float bound = 1.0f / sqrtf (N_HIDDEN); /* as PyTorch initialises */
  TestModel *model = test_model_new ();

  test_model_set (model, "hearken.format", "1");
  test_model_set (model, "hearken.task", task);
  test_model_set (model, "hearken.frontend", "{\"type\": \"kaldi.mfcc\"}");
  test_model_set (model, "hearken.tokens", "[\"<blank>\", \" \", \"a\", \"b\", \"c\"]");
  add_random (model, "lstm.weight_ih_l0", 4 * N_HIDDEN, N_CEPS, bound);
  add_random (model, "lstm.weight_hh_l0", 4 * N_HIDDEN, N_HIDDEN, bound);
  add_random (model, "lstm.bias_ih_l0", 4 * N_HIDDEN, 0, bound);
  add_random (model, "lstm.bias_hh_l0", 4 * N_HIDDEN, 0, bound);
  add_random (model, "lstm.weight_ih_l1", 4 * N_HIDDEN, N_HIDDEN, bound);
  add_random (model, "lstm.weight_hh_l1", 4 * N_HIDDEN, N_HIDDEN, bound);
  add_random (model, "lstm.bias_ih_l1", 4 * N_HIDDEN, 0, bound);
  add_random (model, "lstm.bias_hh_l1", 4 * N_HIDDEN, 0, bound);
  /* Weights four times PyTorch's, so that outputs are sure of themselves and differ in time. */
  add_random (model, "fc.weight", N_TOKENS, N_HIDDEN, 4.0f * bound);
  add_random (model, "fc.bias", N_TOKENS, 0, bound);
  return model;
}
