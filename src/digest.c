/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "digest.h"

#include <string.h>

#define PRIME_1 G_GUINT64_CONSTANT (0x9e3779b185ebca87)
#define PRIME_2 G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f)
#define PRIME_3 G_GUINT64_CONSTANT (0x165667b19e3779f9)
#define PRIME_4 G_GUINT64_CONSTANT (0x85ebca77c2b2ae63)
#define PRIME_5 G_GUINT64_CONSTANT (0x27d4eb2f165667c5)

#define N_LANES 4
#define STRIPE_BYTES (N_LANES * sizeof (guint64))

static guint64
rotate (guint64 value, guint n_bits)
{
  return value << n_bits | value >> (64 - n_bits);
}

static guint64
read_u64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof (value));
  return GUINT64_FROM_LE (value);
}

static guint64
read_u32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof (value));
  return GUINT32_FROM_LE (value);
}

static guint64
mix (guint64 lane, guint64 word)
{
  return rotate (lane + word * PRIME_2, 31) * PRIME_1;
}

/* Takes whole stripes off *@bytes. Returns: what they come to */
static guint64
digest_stripes (guint64 seed, const guint8 **bytes, const guint8 *end)
{
  guint64 lanes[N_LANES] = { seed + PRIME_1 + PRIME_2, seed + PRIME_2, seed, seed - PRIME_1 };
  guint64 sum;

  for (; (gsize) (end - *bytes) >= STRIPE_BYTES; *bytes += STRIPE_BYTES)
    for (guint i = 0; i < N_LANES; i++)
      lanes[i] = mix (lanes[i], read_u64 (*bytes + i * sizeof (guint64)));
  sum = rotate (lanes[0], 1) + rotate (lanes[1], 7) + rotate (lanes[2], 12) + rotate (lanes[3], 18);
  for (guint i = 0; i < N_LANES; i++)
    sum = (sum ^ mix (0, lanes[i])) * PRIME_1 + PRIME_4;
  return sum;
}

static guint64
digest_rest (guint64 sum, const guint8 *bytes, const guint8 *end)
{
  for (; end - bytes >= 8; bytes += 8)
    sum = rotate (sum ^ mix (0, read_u64 (bytes)), 27) * PRIME_1 + PRIME_4;
  for (; end - bytes >= 4; bytes += 4)
    sum = rotate (sum ^ read_u32 (bytes) * PRIME_1, 23) * PRIME_2 + PRIME_3;
  for (; bytes < end; bytes++)
    sum = rotate (sum ^ *bytes * PRIME_5, 11) * PRIME_1;
  return sum;
}

guint64
hearken_digest (guint64 seed, gconstpointer data, gsize n_bytes)
{
  const guint8 *bytes = data, *end = bytes + n_bytes;
  guint64 sum = n_bytes >= STRIPE_BYTES ? digest_stripes (seed, &bytes, end) : seed + PRIME_5;

  sum = digest_rest (sum + n_bytes, bytes, end);
  sum = (sum ^ sum >> 33) * PRIME_2;
  sum = (sum ^ sum >> 29) * PRIME_3;
  return sum ^ sum >> 32;
}
