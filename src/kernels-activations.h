/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * σ and tanh in terms of the compiler's vectors; see kernels-float.h for what a variant defines.
 *
 * Relative error against the exact value: at most 2e-7, which tests/test-activations.c checks; but
 * σ is never smaller than about FLT_MIN.
 * Polynomials: Cephes (S. L. Moshier), expf and tanhf.
 */
#pragma once

#include <stdint.h>
#include <string.h>

typedef float Vector __attribute__ ((vector_size (LANES * sizeof (float))));
typedef int32_t VectorInt __attribute__ ((vector_size (LANES * sizeof (int32_t))));

#define INLINE static inline __attribute__ ((always_inline))

#define SIGN_BIT INT32_MIN
#define FLOAT_MANTISSA_BITS 23

INLINE Vector vector_fma (Vector a, Vector b, Vector c);

INLINE Vector
vector_load (const float *values)
{
  Vector vector;

  memcpy (&vector, values, sizeof (vector));
  return vector;
}

INLINE void
vector_store (float *values, Vector vector)
{
  memcpy (values, &vector, sizeof (vector));
}

INLINE Vector
splat (float value)
{
  return value - (Vector){ 0 }; /* which is value, and the compiler knows it */
}

/* Where the condition's lanes are all ones a, where they are zero b. */
INLINE Vector
vector_select (VectorInt condition, Vector a, Vector b)
{
  return (Vector) ((condition & (VectorInt) a) | (~condition & (VectorInt) b));
}

INLINE Vector
vector_abs (Vector x)
{
  return (Vector) ((VectorInt) x & ~SIGN_BIT);
}

INLINE Vector
vector_copy_sign (Vector size, Vector sign)
{
  return (Vector) ((VectorInt) size | ((VectorInt) sign & SIGN_BIT));
}

/* eˣ for |x| <= 88: x = n ln 2 + r with |r| <= ln 2 / 2, and eʳ by its polynomial. */
INLINE Vector
vector_exp (Vector x)
{
  const float magic = 0x1.8p23f; /* a sum with it is rounded to an integer */
  const Vector shifted = vector_fma (x, splat (1.44269504088896341f), splat (magic));
  const Vector n = shifted - magic;
  const Vector r = vector_fma (n, splat (2.12194440e-4f), vector_fma (n, splat (-0.693359375f), x));
  Vector p = splat (1.9875691500e-4f);

  p = vector_fma (p, r, splat (1.3981999507e-3f));
  p = vector_fma (p, r, splat (8.3334519073e-3f));
  p = vector_fma (p, r, splat (4.1665795894e-2f));
  p = vector_fma (p, r, splat (1.6666665459e-1f));
  p = vector_fma (p, r, splat (5.0000001201e-1f));
  p = vector_fma (p, r * r, r) + 1.0f;
  return (Vector) ((VectorInt) p + ((VectorInt) shifted << FLOAT_MANTISSA_BITS));
}

/* σ (x) = 1 / (1 + e⁻ˣ), from e^-|x|, which cannot overflow */
INLINE Vector
vector_sigmoid (Vector x)
{
  const Vector size = vector_abs (x);
  const Vector exp = vector_exp (-vector_select (size < 87.33f, size, splat (87.33f)));

  return vector_select (x < 0.0f, exp, splat (1.0f)) / (1.0f + exp);
}

/* tanh |x| = 1 - 2 / (e^2|x| + 1), and a polynomial where that would cancel */
INLINE Vector
vector_tanh (Vector x)
{
  const Vector size = vector_abs (x), square = x * x;
  const Vector exp = vector_exp (2.0f * vector_select (size < 40.0f, size, splat (40.0f)));
  const Vector large = 1.0f - 2.0f / (exp + 1.0f);
  Vector p = splat (-5.70498872745e-3f);

  p = vector_fma (p, square, splat (2.06390887954e-2f));
  p = vector_fma (p, square, splat (-5.37397155531e-2f));
  p = vector_fma (p, square, splat (1.33314422036e-1f));
  p = vector_fma (p, square, splat (-3.33332819422e-1f));
  p = vector_fma (p * square, size, size);
  return vector_copy_sign (vector_select (size < 0.625f, p, large), x);
}
