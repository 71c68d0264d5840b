/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * XXH64 (Y. Collet, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md): tells contents
 * apart, at the speed of reading them. It is no protection against who wants two to be alike.
 */
#pragma once

#include <glib.h>

/* @seed: 0, or the digest of what comes before */
guint64 hearken_digest (guint64 seed, gconstpointer data, gsize n_bytes);
