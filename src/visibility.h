/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Only what is marked HEARKEN_API leaves the library; everything else has hidden visibility. */
#pragma once

#define HEARKEN_API __attribute__ ((visibility ("default")))
