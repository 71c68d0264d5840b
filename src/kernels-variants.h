/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Every variant of the kernels; src/meson.build says which are built. */
#pragma once

#include "kernels.h"

extern const HearkenKernels hearken_kernels_c;
extern const HearkenKernels hearken_kernels_avx2;         /* AVX2, FMA, F16C */
extern const HearkenKernels hearken_kernels_avx512;       /* AVX-512 F, BW, VL, VNNI */
extern const HearkenKernels hearken_kernels_neon;         /* aarch64 */
extern const HearkenKernels hearken_kernels_neon_dotprod; /* the same with dot products */
