/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "model-cache.h"

#include "model-internal.h"

static GMutex lock;
static GHashTable *models; /* key, owned by the model → model; under lock, NULL while empty */

/* A model whose last reference was dropped is about to leave the cache, and must not be revived. */
static HearkenModel *
try_ref (HearkenModel *model)
{
  gint count = g_atomic_int_get (&model->ref_count);

  while (count > 0) {
    if (g_atomic_int_compare_and_exchange (&model->ref_count, count, count + 1))
      return model;
    count = g_atomic_int_get (&model->ref_count);
  }
  return NULL;
}

static HearkenModel *
lookup_locked (const char *key)
{
  HearkenModel *model = models != NULL ? g_hash_table_lookup (models, key) : NULL;

  return model != NULL ? try_ref (model) : NULL;
}

HearkenModel *
hearken_model_cache_lookup (const char *key)
{
  g_mutex_lock (&lock);
  HearkenModel *model = lookup_locked (key);
  g_mutex_unlock (&lock);
  return model;
}

HearkenModel *
hearken_model_cache_insert (const char *key, HearkenModel *model)
{
  g_mutex_lock (&lock);
  HearkenModel *earlier = lookup_locked (key);
  if (earlier == NULL) {
    if (models == NULL)
      models = g_hash_table_new (g_str_hash, g_str_equal);
    model->cache_key = g_strdup (key);
    g_hash_table_replace (models, model->cache_key, model);
  }
  g_mutex_unlock (&lock);
  if (earlier == NULL)
    return model;
  hearken_model_unref (model);
  return earlier;
}

void
hearken_model_cache_remove (HearkenModel *model)
{
  g_mutex_lock (&lock);
  /* Another thread may have loaded the file again since the last reference was dropped. */
  if (models != NULL && g_hash_table_lookup (models, model->cache_key) == model)
    g_hash_table_remove (models, model->cache_key);
  if (models != NULL && g_hash_table_size (models) == 0)
    g_clear_pointer (&models, g_hash_table_unref);
  g_mutex_unlock (&lock);
}
