/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Work for several workers, so that they end at about the same time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * tool_balance:
 * @weights: [n_items]: how much work each is
 * @workers: (out): [n_items]: which of the @n_workers gets it
 *
 * The largest first, each to whoever has the least: Graham's LPT rule (SIAM J. Appl. Math. 17, 1969). Of
 * equals, the first ones go first.
 */
void tool_balance (const double *weights, guint n_items, guint n_workers, guint *workers);

G_END_DECLS
