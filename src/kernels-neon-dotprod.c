/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* aarch64 with the dot products of ARMv8.2. */
#include "kernels-neon.h"

/* SDOT multiplies bytes: weights with the low and with the high bytes of the inputs,
 * q = 256 high + low, both signed. */
#define N_DOTS 8
typedef struct {
  int32x4_t low, high;
} Dot;

/* A quad becomes its four low and its four high bytes. */
static void
arrange (const int16_t *q, size_t n_quads, int32_t (*words)[2])
{
  for (size_t quad = 0; quad < n_quads; quad++) {
    const int16x4_t both = vld1_s16 (q + quad * HEARKEN_QUAD_COLS);
    const int16x4_t high = vshr_n_s16 (vadd_s16 (both, vdup_n_s16 (0x80)), 8);
    const int8x8_t split = vmovn_s16 (vcombine_s16 (both, high));

    vst1_s32 (words[quad], vreinterpret_s32_s8 (split));
  }
}

INLINE Dot
dot_zero (int32_t total)
{
  return (Dot){ vdupq_n_s32 (0), vdupq_n_s32 (0) };
}

INLINE Dot
dot_add (Dot dot, const int8_t *weights, const int32_t *words)
{
  const int8x16_t w = vld1q_s8 (weights);

  dot.low = vdotq_s32 (dot.low, w, vreinterpretq_s8_s32 (vdupq_n_s32 (words[0])));
  dot.high = vdotq_s32 (dot.high, w, vreinterpretq_s8_s32 (vdupq_n_s32 (words[1])));
  return dot;
}

INLINE VectorInt
dot_sum (Dot dot)
{
  return (VectorInt) vaddq_s32 (dot.low, vshlq_n_s32 (dot.high, 8));
}

#include "kernels-i8.h"

const HearkenKernels hearken_kernels_neon_dotprod = {
  .name = "neon-dotprod",
  .multiply_add = { multiply_add_f32, multiply_add_f16, multiply_add_i8 },
  .lstm_cell = lstm_cell,
};
