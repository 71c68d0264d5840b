/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* XXH64, compared with what the program xxhsum says. */
#include <glib.h>
#include <string.h>

#include "digest.h"

static void
test_values (void)
{
  static const struct {
    const char *text;
    guint64 digest;
  } cases[] = {
    { "", G_GUINT64_CONSTANT (0xef46db3751d8e999) },
    { "a", G_GUINT64_CONSTANT (0xd24ec4f1a98c6e5b) },
    { "as", G_GUINT64_CONSTANT (0x1c330fb2d66be179) },
    { "asdf", G_GUINT64_CONSTANT (0x415872f599cea71e) },
    { "Call me Ishmael. Some years ago--never mind how long precisely-",
        G_GUINT64_CONSTANT (0x02a2e85470d6fd96) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmphex (
        hearken_digest (0, cases[i].text, strlen (cases[i].text)), ==, cases[i].digest);
}

/* A byte more, a bit that is another, or another seed, and the digest is another. */
static void
test_differences (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint8 bytes[101] = { 0 };
  guint n = 0;

  for (gsize n_bytes = 0; n_bytes <= 100; n_bytes++)
    for (gsize bit = 0; bit <= 8 * n_bytes; bit++, n += 2) {
      bytes[bit / 8] ^= 1 << bit % 8;
      for (guint64 seed = 0; seed < 2; seed++) {
        const guint64 digest =
            hearken_digest (seed, bytes, n_bytes); /* bit 8 * n_bytes has no part in it */
        g_hash_table_add (seen, g_memdup2 (&digest, sizeof (digest)));
      }
      bytes[bit / 8] ^= 1 << bit % 8;
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/digest/values", test_values);
  g_test_add_func ("/digest/differences", test_differences);
  return g_test_run ();
}
