/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "model.h"
#include "safetensors.h"
#include "test-models.h"

/* A file of that header, not padded, and @n_data zeros. */
static GBytes *
make_file (const char *header, gsize n_data)
{
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (header));
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) &length, sizeof (length));
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_set_size (file, file->len + (guint) n_data);
  memset (file->data + file->len - n_data, 0, n_data);
  return g_byte_array_free_to_bytes (file);
}

static void
assert_refused (GBytes *bytes, int code, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenSafetensors) file = hearken_safetensors_parse (bytes, &error);

  g_assert_null (file);
  g_assert_error (error, HEARKEN_MODEL_ERROR, code);
  if (strstr (error->message, reason) == NULL)
    g_error ("'%s' says nothing of '%s'", error->message, reason);
}

#define F32(begin, end) "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" #begin "," #end "]}"

static const struct {
  const char *name;
  const char *header;
  gsize n_data;
  int code;
  const char *reason;
} bad_headers[] = {
  { "not JSON", "hello", 0, HEARKEN_MODEL_ERROR_FORMAT, "not valid JSON" },
  { "no header", "", 0, HEARKEN_MODEL_ERROR_FORMAT, "not valid JSON" },
  { "not an object", "[]", 0, HEARKEN_MODEL_ERROR_FORMAT, "not a JSON object" },
  { "not UTF-8", "{\"\xff\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "not UTF-8" },
  { "open", "{\"a\":", 0, HEARKEN_MODEL_ERROR_FORMAT, "a value is missing" },
  { "open string", "{\"a", 0, HEARKEN_MODEL_ERROR_FORMAT, "a string does not end" },
  { "open object", "{\"a\":1", 0, HEARKEN_MODEL_ERROR_FORMAT, "does not end" },
  { "comment", "{/* */}", 0, HEARKEN_MODEL_ERROR_FORMAT, "double quotes" },
  { "comma at the end", "{\"a\":1,}", 0, HEARKEN_MODEL_ERROR_FORMAT, "double quotes" },
  { "no colon", "{\"a\" 1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "colon" },
  { "single quotes", "{'a':1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "double quotes" },
  { "octal", "{\"a\":010}", 0, HEARKEN_MODEL_ERROR_FORMAT, "starts with 0" },
  { "huge number", "{\"a\":1234567890123456789}", 0, HEARKEN_MODEL_ERROR_FORMAT, "too large" },
  { "no digits", "{\"a\":1.}", 0, HEARKEN_MODEL_ERROR_FORMAT, "decimal point" },
  { "no exponent", "{\"a\":1e+}", 0, HEARKEN_MODEL_ERROR_FORMAT, "exponent" },
  { "bare word", "{\"a\":nil}", 0, HEARKEN_MODEL_ERROR_FORMAT, "a value is missing" },
  { "escape", "{\"\\x\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "unknown escape" },
  { "NUL", "{\"\\u0000\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "\\u escape" },
  { "few digits", "{\"\\u12\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "\\u escape" },
  { "low surrogate", "{\"\\udc00\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "\\u escape" },
  { "high surrogate", "{\"\\ud800\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "surrogate" },
  { "two high", "{\"\\ud800\\ud800\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "surrogate" },
  { "control", "{\"\n\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "control character" },
  { "something after", "{} {}", 0, HEARKEN_MODEL_ERROR_FORMAT, "follows its end" },
  { "same name", "{\"a\":" F32 (0, 8) ",\"\\u0061\":" F32 (8, 16) "}", 16,
      HEARKEN_MODEL_ERROR_FORMAT, "'a' is given twice" },
  { "metadata", "{\"__metadata__\":[]}", 0, HEARKEN_MODEL_ERROR_FORMAT, "__metadata__" },
  { "metadata value", "{\"__metadata__\":{\"k\":1}}", 0, HEARKEN_MODEL_ERROR_FORMAT, "'k'" },
  { "no entry", "{\"t\":1}", 0, HEARKEN_MODEL_ERROR_FORMAT, "'t' is not described" },
  { "no dtype", "{\"t\":{\"shape\":[],\"data_offsets\":[0,4]}}", 4, HEARKEN_MODEL_ERROR_FORMAT,
      "'t' has no dtype" },
  { "dtype", "{\"t\":{\"dtype\":5,\"shape\":[],\"data_offsets\":[0,4]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has no dtype" },
  { "double", "{\"t\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}", 8,
      HEARKEN_MODEL_ERROR_UNSUPPORTED, "'t' is of dtype F64" },
  { "no shape", "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, HEARKEN_MODEL_ERROR_FORMAT,
      "'t' has no valid shape" },
  { "negative shape", "{\"t\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has no valid shape" },
  { "broken shape", "{\"t\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has no valid shape" },
  { "shape of strings", "{\"t\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has no valid shape" },
  { "5 dimensions", "{\"t\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has no valid shape" },
  { "huge shape",
      "{\"t\":{\"dtype\":\"F32\",\"shape\":[99999999999,99999999999],\"data_offsets\":[0,4]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has an impossibly large shape" },
  { "shape of more than its bytes",
      "{\"t\":{\"dtype\":\"F32\",\"shape\":[4611686018427387,1024],\"data_offsets\":[0,0]}}", 0,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has 0 bytes" },
  { "no offsets", "{\"t\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, HEARKEN_MODEL_ERROR_FORMAT,
      "'t' has no valid data_offsets" },
  { "one offset", "{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}", 4,
      HEARKEN_MODEL_ERROR_FORMAT, "'t' has no valid data_offsets" },
  { "backwards", "{\"t\":" F32 (8, 0) "}", 8, HEARKEN_MODEL_ERROR_FORMAT,
      "'t' has no valid data_offsets" },
  { "too few bytes", "{\"t\":" F32 (0, 4) "}", 4, HEARKEN_MODEL_ERROR_FORMAT, "'t' has 4 bytes" },
  { "truncated", "{\"t\":" F32 (0, 8) "}", 7, HEARKEN_MODEL_ERROR_FORMAT, "'t' ends at byte 8" },
  { "trailing", "{\"t\":" F32 (0, 8) "} ", 12, HEARKEN_MODEL_ERROR_FORMAT, "4 bytes follow" },
  { "only data", "{}", 1, HEARKEN_MODEL_ERROR_FORMAT, "1 bytes follow" },
  { "overlap", "{\"a\":" F32 (0, 8) ",\"b\":" F32 (4, 12) "} ", 12, HEARKEN_MODEL_ERROR_FORMAT,
      "'b' overlaps tensor 'a'" },
  { "the same place", "{\"a\":" F32 (0, 8) ",\"b\":" F32 (0, 8) "}   ", 8,
      HEARKEN_MODEL_ERROR_FORMAT, "overlaps" },
  { "hole", "{\"a\":" F32 (0, 8) ",\"b\":" F32 (12, 20) "}", 20, HEARKEN_MODEL_ERROR_FORMAT,
      "hole of 4 bytes before tensor 'b'" },
  { "hole at the start", "{\"a\":" F32 (4, 12) "} ", 12, HEARKEN_MODEL_ERROR_FORMAT,
      "hole of 4 bytes before tensor 'a'" },
  { "misaligned", "{\"t\":" F32 (0, 8) "}", 8, HEARKEN_MODEL_ERROR_FORMAT,
      "'t' is misaligned: its data starts at byte 62" },
};

/* Alignment is checked where a tensor is read; overlap and holes after all. So that each header
 * reaches its own fault, it is padded unless it is about alignment or has no tensor. */
static void
test_bad_headers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_headers); i++) {
    const char *header = bad_headers[i].header;
    const bool about_alignment = strcmp (bad_headers[i].name, "misaligned") == 0;
    const int width = about_alignment ? 0 : (int) (strlen (header) + 7) / 8 * 8;
    g_autofree char *padded = g_strdup_printf ("%-*s", width, header);
    g_autoptr (GBytes) bytes = make_file (padded, bad_headers[i].n_data);

    g_test_message ("%s", bad_headers[i].name);
    assert_refused (bytes, bad_headers[i].code, bad_headers[i].reason);
  }
}

static void
test_bad_lengths (void)
{
  const struct {
    guint64 header_length;
    gsize n_bytes;
    const char *reason;
  } cases[] = {
    { 0, 0, "empty" },
    { 0, 7, "truncated" },
    { 1, 8, "claims 1 bytes in a file of 8" },
    { 100, 16, "claims 100 bytes" },
    { 100000001, 16, "claims" },
    { G_MAXINT64, 16, "claims" },
    { G_MAXUINT64 - 7, 16, "claims" },
    { G_MAXUINT64, 16, "claims" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint64 file[2] = { GUINT64_TO_LE (cases[i].header_length), 0 };
    g_autoptr (GBytes) bytes = g_bytes_new (file, cases[i].n_bytes);
    assert_refused (bytes, HEARKEN_MODEL_ERROR_FORMAT, cases[i].reason);
  }
}

/* A megabyte of brackets must not take the stack, nor a long flat list all memory. */
static void
test_hostile_json (void)
{
  g_autofree char *brackets = g_strnfill (1 << 20, '[');
  g_autoptr (GBytes) deep = make_file (brackets, 0);
  g_autofree char *zeros = g_strnfill ((1 << 22) + 1, '[');
  for (gsize i = 1; i < 1 << 22; i++)
    zeros[i] = i % 2 == 1 ? '0' : ',';
  zeros[1 << 22] = ']';
  g_autoptr (GBytes) wide = make_file (zeros, 0);

  assert_refused (deep, HEARKEN_MODEL_ERROR_FORMAT, "nested too deeply");
  assert_refused (wide, HEARKEN_MODEL_ERROR_FORMAT, "too many values");
}

static GBytes *
make_good_file (void)
{
  static const guint8 f16[] = { 0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b };
  static const gint8 i8[] = { -128, 127, 0, 1, 2, -3 };
  const float scales[] = { 0.5f, 0.25f };
  const float f32[] = { 1.5f, -0.0f };
  g_autoptr (TestModel) model = test_model_new ();

  test_model_set (model, "key", "välue");
  test_model_add (model, "q", "I8", 2, (gsize[]){ 2, 3 }, i8, sizeof (i8));
  test_model_add_floats (model, "q.scale", 2, 0, scales);
  test_model_add (model, "half", "F16", 1, (gsize[]){ 4 }, f16, sizeof (f16));
  test_model_add_floats (model, "full", 2, 0, f32);
  test_model_add (model, "none", "F32", 2, (gsize[]){ 0, 5 }, "", 0);
  return test_model_to_bytes (model);
}

static void
assert_values (
    const HearkenSafetensors *file, const char *name, const float *expected, gsize n_expected)
{
  const HearkenTensor *tensor = hearken_safetensors_get_tensor (file, name);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (tensor);
  g_assert_cmpuint (tensor->n_values, ==, n_expected);
  g_autofree float *values = hearken_safetensors_dup_floats (file, tensor, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (values, n_expected * sizeof (float), expected, n_expected * sizeof (float));
}

static void
test_values (void)
{
  const float q[] = { -64.0f, 63.5f, 0.0f, 0.25f, 0.5f, -0.75f };
  const float half[] = { 1.0f, -2.0f, 0x1p-24f, 65504.0f };
  const float full[] = { 1.5f, -0.0f };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = make_good_file ();
  g_autoptr (HearkenSafetensors) file = hearken_safetensors_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (hearken_safetensors_get_metadata (file, "key"), ==, "välue");
  g_assert_null (hearken_safetensors_get_metadata (file, "other"));
  g_assert_null (hearken_safetensors_get_tensor (file, "other"));
  g_assert_cmpuint (hearken_safetensors_get_n_tensors (file), ==, 5);
  g_assert_cmpstr (hearken_safetensors_get_nth (file, 4)->name, ==, "q");
  assert_values (file, "q", q, G_N_ELEMENTS (q));
  assert_values (file, "half", half, G_N_ELEMENTS (half));
  assert_values (file, "full", full, G_N_ELEMENTS (full));
  assert_values (file, "none", NULL, 0);
}

/* All 65536, against arithmetic on the fields. */
static void
test_f16 (void)
{
  for (guint32 bits = 0; bits < 0x10000; bits += 8) {
    g_autoptr (TestModel) model = test_model_new ();
    const guint16 halves[8] = { GUINT16_TO_LE (bits), GUINT16_TO_LE (bits + 1),
      GUINT16_TO_LE (bits + 2), GUINT16_TO_LE (bits + 3), GUINT16_TO_LE (bits + 4),
      GUINT16_TO_LE (bits + 5), GUINT16_TO_LE (bits + 6), GUINT16_TO_LE (bits + 7) };
    float expected[8];
    if ((bits & 0x7c00) == 0x7c00)
      continue;
    for (guint32 i = 0; i < 8; i++) {
      const int exponent = (int) ((bits + i) >> 10 & 0x1f);
      const double fraction = ((bits + i) & 0x3ff) / 1024.0;
      const double size =
          exponent == 0 ? fraction * 0x1p-14 : (1.0 + fraction) * pow (2, exponent - 15);
      expected[i] = (float) ((bits + i) & 0x8000 ? -size : size);
    }
    test_model_add (model, "t", "F16", 1, (gsize[]){ 8 }, halves, sizeof (halves));
    g_autoptr (GBytes) bytes = test_model_to_bytes (model);
    g_autoptr (HearkenSafetensors) file = hearken_safetensors_parse (bytes, NULL);
    assert_values (file, "t", expected, 8);
  }
}

static void
assert_no_values (TestModel *model, const char *reason)
{
  g_autoptr (GBytes) bytes = test_model_to_bytes (model);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenSafetensors) file = hearken_safetensors_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_null (
      hearken_safetensors_dup_floats (file, hearken_safetensors_get_tensor (file, "t"), &error));
  g_assert_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR);
  g_assert_nonnull (strstr (error->message, "'t"));
  if (strstr (error->message, reason) == NULL)
    g_error ("'%s' says nothing of '%s'", error->message, reason);
}

static void
test_bad_values (void)
{
  const float nan[] = { 0.0f, NAN, 0.0f };
  const float infinite[] = { -INFINITY, 0.0f, 0.0f };
  const guint16 half_nan = GUINT16_TO_LE (0x7c01), half_infinite = GUINT16_TO_LE (0xfc00);
  const gint8 i8[] = { 1, 2 };
  const float scales[] = { 1.0f, NAN, 1.0f };
  g_autoptr (TestModel) model = test_model_new ();

  test_model_add_floats (model, "t", 3, 0, nan);
  assert_no_values (model, "NaN, the one of index 1");
  test_model_add_floats (model, "t", 3, 0, infinite);
  assert_no_values (model, "infinite, the one of index 0");
  test_model_add (model, "t", "F16", 0, NULL, &half_nan, 2);
  assert_no_values (model, "NaN");
  test_model_add (model, "t", "F16", 0, NULL, &half_infinite, 2);
  assert_no_values (model, "infinite");
  test_model_add (model, "t", "I8", 0, NULL, i8, 1);
  assert_no_values (model, "'t.scale' is missing");
  test_model_add_floats (model, "t.scale", 1, 0, scales);
  assert_no_values (model, "one value per row");
  test_model_add (model, "t", "I8", 1, (gsize[]){ 2 }, i8, 2);
  assert_no_values (model, "one value per row");
  test_model_add_floats (model, "t.scale", 3, 0, scales);
  assert_no_values (model, "one value per row");
  test_model_add_floats (model, "t.scale", 2, 0, scales);
  assert_no_values (model, "NaN, the one of index 1");
  test_model_add (model, "t.scale", "F16", 1, (gsize[]){ 2 }, "\0\0\0", 4);
  assert_no_values (model, "not F32");
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) whole = make_good_file ();

  for (gsize n = 0; n < g_bytes_get_size (whole); n++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, n);
    g_autoptr (GError) error = NULL;
    g_assert_null (hearken_safetensors_parse (part, &error));
    g_assert_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_FORMAT);
  }
}

/* Bytes that start at an odd address in memory are as good as others. */
static void
test_unaligned_memory (void)
{
  g_autoptr (GBytes) aligned = make_good_file ();
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (aligned, &n_bytes);
  g_autofree guint8 *shifted = g_malloc (n_bytes + 1);

  memcpy (shifted + 1, data, n_bytes);
  g_autoptr (GBytes) unaligned = g_bytes_new_static (shifted + 1, n_bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenSafetensors) file = hearken_safetensors_parse (unaligned, &error);
  g_assert_no_error (error);
  assert_values (file, "full", (float[]){ 1.5f, -0.0f }, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/bad-headers", test_bad_headers);
  g_test_add_func ("/safetensors/bad-lengths", test_bad_lengths);
  g_test_add_func ("/safetensors/hostile-json", test_hostile_json);
  g_test_add_func ("/safetensors/values", test_values);
  g_test_add_func ("/safetensors/f16", test_f16);
  g_test_add_func ("/safetensors/bad-values", test_bad_values);
  g_test_add_func ("/safetensors/truncated", test_truncated);
  g_test_add_func ("/safetensors/unaligned-memory", test_unaligned_memory);
  return g_test_run ();
}
