/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "test-golden.h"

#include <math.h>

HearkenSafetensors *
test_golden_open (const char *file_name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", file_name, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  HearkenSafetensors *golden;
  gsize length;
  char *contents;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new_take (contents, length);
  golden = hearken_safetensors_parse (bytes, &error);
  g_assert_no_error (error);
  return golden;
}

float *
test_golden_dup (const HearkenSafetensors *golden, const char *name, gsize n_values)
{
  const HearkenTensor *tensor = hearken_safetensors_get_tensor (golden, name);
  g_autoptr (GError) error = NULL;
  float *values;

  g_assert_nonnull (tensor);
  g_assert_cmpuint (tensor->n_values, ==, n_values);
  values = hearken_safetensors_dup_floats (golden, tensor, &error);
  g_assert_no_error (error);
  return values;
}

double
test_max_difference (const float *a, const float *b, gsize n_values)
{
  double max = 0;

  for (gsize i = 0; i < n_values; i++) {
    const double difference = fabs ((double) a[i] - b[i]);

    if (!(difference <= max))
      max = difference;
  }
  return max;
}
