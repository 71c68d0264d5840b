/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "balance.h"

typedef struct {
  double weight;
  guint n_items;
  guint index;
} Load;

static int
compare_loads (gconstpointer a, gconstpointer b)
{
  const Load *left = a, *right = b;

  if (left->weight != right->weight)
    return left->weight < right->weight ? -1 : 1;
  /* Items may weigh nothing, and are work all the same. */
  if (left->n_items != right->n_items)
    return left->n_items < right->n_items ? -1 : 1;
  return left->index < right->index ? -1 : left->index > right->index;
}

/* Indices, the heaviest first. */
static int
compare_weights (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *weights = data;
  guint left = *(const guint *) a, right = *(const guint *) b;

  if (weights[left] != weights[right])
    return weights[left] > weights[right] ? -1 : 1;
  return left < right ? -1 : left > right;
}

/* Returns: (transfer full): [n_items] */
static guint *
sort_items (const double *weights, guint n_items)
{
  guint *items = g_new (guint, n_items);

  for (guint i = 0; i < n_items; i++)
    items[i] = i;
  g_qsort_with_data (items, n_items, sizeof (*items), compare_weights, (gpointer) weights);
  return items;
}

void
tool_balance (const double *weights, guint n_items, guint n_workers, guint *workers)
{
  g_autofree Load *loads = g_new0 (Load, n_workers); /* [n_workers] */
  g_autofree guint *items = sort_items (weights, n_items);
  g_autoptr (GTree) queue = g_tree_new (compare_loads); /* of loads, the least first */

  for (guint i = 0; i < n_workers; i++) {
    loads[i].index = i;
    g_tree_insert (queue, &loads[i], &loads[i]);
  }
  for (guint i = 0; i < n_items; i++) {
    Load *least = g_tree_node_key (g_tree_node_first (queue));

    g_tree_remove (queue, least);
    workers[items[i]] = least->index;
    least->weight += weights[items[i]];
    least->n_items++;
    g_tree_insert (queue, least, least);
  }
}
