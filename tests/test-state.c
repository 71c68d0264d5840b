/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The bytes of a saved state: what is written comes back, and damage is noticed. */
#include <math.h>
#include <string.h>

#include "state.h"

static HearkenStateReader
read_from (const HearkenStateWriter *writer)
{
  return (HearkenStateReader){ writer->data, writer->len };
}

static void
test_round_trip (void)
{
  static const float values[3] = { 1.5f, -0.0f, 1e-40f };
  g_autoptr (GByteArray) writer = g_byte_array_new ();
  HearkenStateReader reader;
  float read_values[3] = { 0 };
  guint64 number = 0;
  g_autofree char *text = NULL;

  hearken_state_put_u64 (writer, G_MAXUINT64);
  hearken_state_put_floats (writer, values, 3);
  hearken_state_put_string (writer, "héarken");
  hearken_state_put_floats (writer, NULL, 0);

  reader = read_from (writer);
  g_assert_true (hearken_state_get_u64 (&reader, G_MAXUINT64, &number));
  g_assert_cmpuint (number, ==, G_MAXUINT64);
  g_assert_true (hearken_state_get_floats (&reader, read_values, 3));
  g_assert_cmpmem (values, sizeof (values), read_values, sizeof (read_values));
  g_assert_true (hearken_state_get_string (&reader, 100, &text));
  g_assert_cmpstr (text, ==, "héarken");
  g_assert_true (hearken_state_get_floats (&reader, read_values, 0));
  g_assert_cmpuint (reader.n_bytes, ==, 0);
}

static void
test_damage (void)
{
  static const float values[2] = { 1, 2 };
  static const float bad_values[2] = { 1, INFINITY };
  g_autoptr (GByteArray) floats = g_byte_array_new ();
  g_autoptr (GByteArray) infinite = g_byte_array_new ();
  g_autoptr (GByteArray) huge = g_byte_array_new ();
  g_autoptr (GByteArray) latin1 = g_byte_array_new ();
  HearkenStateReader reader;
  float read_values[2] = { 7, 7 };
  guint64 number = 7;
  char *text = NULL;

  hearken_state_put_floats (floats, values, 2);
  for (gsize length = 0; length < floats->len; length++) {
    reader = (HearkenStateReader){ floats->data, length };
    g_assert_false (hearken_state_get_floats (&reader, read_values, 2));
  }
  reader = read_from (floats);
  g_assert_false (hearken_state_get_floats (&reader, read_values, 1));
  reader = read_from (floats);
  g_assert_false (hearken_state_get_floats (&reader, read_values, 3));

  hearken_state_put_floats (infinite, bad_values, 2);
  reader = read_from (infinite);
  g_assert_false (hearken_state_get_floats (&reader, read_values, 2));
  g_assert_true (read_values[0] == 7 && read_values[1] == 7);

  hearken_state_put_u64 (huge, G_MAXUINT64);
  reader = read_from (huge);
  g_assert_false (hearken_state_get_u64 (&reader, 10, &number));
  g_assert_cmpuint (number, ==, 7);
  reader = read_from (huge);
  g_assert_false (hearken_state_get_string (&reader, G_MAXSIZE, &text));

  hearken_state_put_string (latin1, "h\xe9");
  reader = read_from (latin1);
  g_assert_false (hearken_state_get_string (&reader, 100, &text));
  g_assert_null (text);
}

/* A checksum passes over what it was put for, and over nothing else. */
static void
test_checksum (void)
{
  g_autoptr (GByteArray) writer = g_byte_array_new ();
  HearkenStateReader reader;

  hearken_state_put_string (writer, "listen");
  hearken_state_put_checksum (writer);
  g_assert_cmpuint (writer->len, ==, 8 + 6 + HEARKEN_STATE_CHECKSUM_BYTES);
  for (gsize i = 0; i < writer->len; i++) {
    writer->data[i] ^= 1;
    reader = read_from (writer);
    g_assert_false (hearken_state_take_checksum (&reader));
    writer->data[i] ^= 1;
  }
  for (gsize length = 0; length < writer->len; length++) {
    reader = (HearkenStateReader){ writer->data, length };
    g_assert_false (hearken_state_take_checksum (&reader));
  }
  reader = read_from (writer);
  g_assert_true (hearken_state_take_checksum (&reader));
  g_assert_cmpuint (reader.n_bytes, ==, 8 + 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/state/round-trip", test_round_trip);
  g_test_add_func ("/state/damage", test_damage);
  g_test_add_func ("/state/checksum", test_checksum);
  return g_test_run ();
}
