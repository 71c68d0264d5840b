/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "model.h"

#include <stdint.h>
#include <string.h>

#include <glib/gstdio.h>

#include "config.h"
#include "digest.h"
#include "model-file.h"
#include "model-internal.h"
#include "safetensors.h"
#include "weights.h"

#define MAX_FILE_BYTES (G_GUINT64_CONSTANT (4) << 30)
#define MAX_SIDECAR_BYTES (16u << 20)
#define MIN_STD 1e-12f /* a division by it stays finite */

static HearkenCache cache;

GQuark
hearken_model_error_quark (void)
{
  return g_quark_from_static_string ("hearken-model-error-quark");
}

/* The bytes of a model, not yet trusted. */
typedef struct {
  GBytes *bytes;
  GBytes *sidecar;          /* nullable */
  const char *name;         /* of the file, for messages */
  const char *sidecar_name; /* nullable; where a sidecar is, or would be */
} Source;

/* A value of the sidecar can be a string, as in the file, or the JSON itself. */
static bool
add_sidecar_value (GHashTable *metadata, const char *key, JsonNode *node, GError **error)
{
  if (JSON_NODE_HOLDS_NULL (node)) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA, "'%s' is null", key);
    return false;
  }
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_hash_table_insert (metadata, g_strdup (key), json_node_dup_string (node));
  else
    g_hash_table_insert (metadata, g_strdup (key), json_to_string (node, FALSE));
  return true;
}

static bool
add_sidecar (GHashTable *metadata, GBytes *sidecar, GError **error)
{
  gsize n_bytes;
  const char *text = g_bytes_get_data (sidecar, &n_bytes);
  g_autoptr (JsonNode) root =
      hearken_json_parse (text, n_bytes, HEARKEN_MODEL_ERROR_METADATA, error);
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  if (root == NULL)
    return false;
  if (!JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "it must be a JSON object of metadata keys");
    return false;
  }
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &key, &node))
    if (g_str_has_prefix (key, "hearken.") && !add_sidecar_value (metadata, key, node, error))
      return false;
  return true;
}

/* Returns: (transfer full): key → value of the sidecar and, before it, of the file */
static GHashTable *
gather_metadata (const Source *source, const HearkenSafetensors *file, GError **error)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GList) keys = hearken_safetensors_list_metadata (file);

  if (source->sidecar != NULL && !add_sidecar (metadata, source->sidecar, error)) {
    g_prefix_error (error, "%s: ", source->sidecar_name);
    return NULL;
  }
  for (const GList *key = keys; key != NULL; key = key->next)
    g_hash_table_insert (metadata, g_strdup (key->data),
        g_strdup (hearken_safetensors_get_metadata (file, key->data)));
  if (source->sidecar == NULL && source->sidecar_name != NULL &&
      !g_hash_table_contains (metadata, "hearken.format")) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "the metadata has no 'hearken.format', and there is no description in '%s'",
        source->sidecar_name);
    return NULL;
  }
  return g_steal_pointer (&metadata);
}

static bool
take_normalization (HearkenConfig *config, HearkenWeights *weights, GError **error)
{
  HearkenFrontendConfig *frontend = &config->frontend;
  const guint dim = hearken_frontend_config_get_dim (frontend);

  if (config->mean == NULL)
    return true;
  frontend->mean = hearken_weights_take_vector (weights, config->mean, dim, error);
  if (frontend->mean == NULL)
    return false;
  frontend->std = hearken_weights_take_vector (weights, config->std, dim, error);
  if (frontend->std == NULL)
    return false;
  for (guint i = 0; i < dim; i++)
    if (frontend->std[i] < MIN_STD) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
          "tensor '%s' has a value of %g, but a standard deviation must be over 0", config->std,
          (double) frontend->std[i]);
      return false;
    }
  return true;
}

static bool
fill_in (HearkenModel *model, HearkenConfig *config, const HearkenSafetensors *file, GError **error)
{
  HearkenWeights weights;

  hearken_weights_init (&weights, file);
  const bool ok =
      take_normalization (config, &weights, error) &&
      hearken_weights_take_network (&weights, config,
          hearken_frontend_config_get_dim (&config->frontend), &model->network, error) &&
      hearken_weights_check_all_used (&weights, error);
  hearken_weights_clear (&weights);
  if (!ok)
    return false;
  model->name = g_steal_pointer (&config->name);
  model->language = g_steal_pointer (&config->language);
  model->licence = g_steal_pointer (&config->licence);
  model->task = config->task;
  model->blank = config->blank;
  model->n_tokens = config->n_tokens;
  model->tokens = g_steal_pointer (&config->tokens);
  model->frontend = hearken_frontend_new (&config->frontend);
  model->decoding = config->decoding;
  config->decoding = (HearkenDecodingConfig){ 0 };
  return true;
}

static guint64
compute_digest (const Source *source)
{
  GBytes *const parts[] = { source->bytes, source->sidecar };
  guint64 digest = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts) && parts[i] != NULL; i++) {
    gsize n_bytes;
    gconstpointer data = g_bytes_get_data (parts[i], &n_bytes);
    digest = hearken_digest (digest, data, n_bytes);
  }
  return digest;
}

/* The base name without its extension. */
static char *
strip_name (const char *name)
{
  char *base = g_path_get_basename (name);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return base;
}

static HearkenModel *
build (const Source *source, GError **error)
{
  g_autoptr (HearkenSafetensors) file = hearken_safetensors_parse (source->bytes, error);
  if (file == NULL)
    return NULL;
  g_autoptr (GHashTable) metadata = gather_metadata (source, file, error);
  if (metadata == NULL)
    return NULL;
  g_autoptr (HearkenConfig) config = hearken_config_new (metadata, error);
  if (config == NULL)
    return NULL;
  g_autoptr (HearkenModel) model = g_new0 (HearkenModel, 1);
  model->cached.ref_count = 1;
  if (!fill_in (model, config, file, error))
    return NULL;
  if (model->name == NULL)
    model->name = strip_name (source->name);
  model->digest = compute_digest (source);
  return g_steal_pointer (&model);
}

static HearkenModel *
build_with_name (const Source *source, GError **error)
{
  HearkenModel *model = build (source, error);

  if (model == NULL)
    g_prefix_error (error, "%s: ", source->name);
  return model;
}

HearkenModel *
hearken_model_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  const Source source = { .bytes = bytes, .name = name };

  return build_with_name (&source, error);
}

/* The path with its extension replaced. */
static char *
get_sidecar_path (const char *path)
{
  const char *base = strrchr (path, G_DIR_SEPARATOR);
  const char *dot = strrchr (base != NULL ? base : path, '.');
  const gsize length = dot != NULL ? (gsize) (dot - path) : strlen (path);

  return g_strdup_printf ("%.*s.json", (int) length, path);
}

/* Where a file lies, also after the process has gone to another directory.
 * Returns: (transfer full): an absolute path */
static char *
get_directory (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *here = g_get_current_dir ();

  return g_path_is_absolute (directory) ? g_steal_pointer (&directory)
                                        : g_build_filename (here, directory, NULL);
}

/* Which directory it is, however it is written: a model's dictionary and language model lie beside it,
 * and a link to the same file elsewhere may have others. */
static char *
identify_directory (const char *directory)
{
  GStatBuf info = { 0 };

  g_stat (directory, &info);
  return g_strdup_printf ("%ju:%ju", (uintmax_t) info.st_dev, (uintmax_t) info.st_ino);
}

static HearkenModel *
load (const HearkenModelFile *file, const HearkenModelFile *sidecar, const char *sidecar_path,
    GError **error)
{
  g_autoptr (GBytes) bytes = hearken_model_file_read (file, error);
  g_autoptr (GBytes) sidecar_bytes = NULL;

  if (bytes == NULL)
    return NULL;
  if (sidecar != NULL) {
    sidecar_bytes = hearken_model_file_read (sidecar, error);
    if (sidecar_bytes == NULL)
      return NULL;
  }
  g_autofree char *sidecar_name = g_filename_display_name (sidecar_path);
  const Source source = { bytes, sidecar_bytes, file->name, sidecar_name };
  return build_with_name (&source, error);
}

HearkenModel *
hearken_model_load (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autofree char *sidecar_path = get_sidecar_path (path);
  g_autoptr (GError) sidecar_error = NULL;
  g_autoptr (HearkenModelFile) file = hearken_model_file_open (path, MAX_FILE_BYTES, false, error);

  if (file == NULL)
    return NULL;
  g_autoptr (HearkenModelFile) sidecar =
      hearken_model_file_open (sidecar_path, MAX_SIDECAR_BYTES, true, &sidecar_error);
  if (sidecar_error != NULL) {
    g_propagate_prefixed_error (error, g_steal_pointer (&sidecar_error), "%s: ", file->name);
    return NULL;
  }
  g_autofree char *directory = get_directory (path);
  g_autofree char *place = identify_directory (directory);
  g_autofree char *key =
      g_strdup_printf ("%s/%s/%s", file->identity, sidecar != NULL ? sidecar->identity : "", place);
  HearkenModel *model = hearken_cache_lookup (&cache, key);
  if (model != NULL || (model = load (file, sidecar, sidecar_path, error)) == NULL)
    return model;
  model->directory = g_steal_pointer (&directory);
  HearkenModel *earlier = hearken_cache_insert (&cache, key, &model->cached);
  if (earlier == NULL)
    return model;
  hearken_model_unref (model);
  return earlier;
}

HearkenModel *
hearken_model_ref (HearkenModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  g_atomic_int_inc (&model->cached.ref_count);
  return model;
}

void
hearken_model_unref (HearkenModel *model)
{
  g_return_if_fail (model != NULL);
  if (!hearken_cache_unref (&cache, &model->cached))
    return;
  g_free (model->name);
  g_free (model->language);
  g_free (model->licence);
  g_strfreev (model->tokens);
  g_free (model->directory);
  hearken_decoding_config_clear (&model->decoding);
  g_clear_pointer (&model->frontend, hearken_frontend_free);
  hearken_network_clear (&model->network);
  g_free (model);
}

const char *
hearken_model_get_name (const HearkenModel *model)
{
  return model->name;
}

const char *
hearken_model_get_language (const HearkenModel *model)
{
  return model->language;
}

const char *
hearken_model_get_licence (const HearkenModel *model)
{
  return model->licence;
}

HearkenTask
hearken_model_get_task (const HearkenModel *model)
{
  return model->task;
}

guint
hearken_model_get_sample_rate_hz (const HearkenModel *model)
{
  return hearken_frontend_get_config (model->frontend)->sample_rate_hz;
}

guint
hearken_model_get_n_tokens (const HearkenModel *model)
{
  return model->n_tokens;
}

const char *
hearken_model_get_token (const HearkenModel *model, guint token)
{
  g_return_val_if_fail (token < model->n_tokens, NULL);
  return model->tokens[token];
}

guint
hearken_model_get_step_samples (const HearkenModel *model)
{
  return hearken_frontend_get_config (model->frontend)->hop_samples *
         (guint) hearken_network_get_stride (&model->network);
}

/*
 * Let s be the sound's last sample. The last frame f that s has a part in starts no later than s,
 * and is whole one frame's length after its start. It belongs to a step whose first frame is no
 * later than f; that the token has ended shows in the next step at the latest, one step later,
 * which waits for the frames of the splices' look-ahead, of which the last waits for the deltas'.
 */
guint
hearken_model_get_latency_samples (const HearkenModel *model)
{
  const HearkenFrontendConfig *config = hearken_frontend_get_config (model->frontend);
  const guint lookahead_frames = hearken_frontend_get_lookahead_frames (model->frontend) +
                                 (guint) hearken_network_get_lookahead (&model->network);

  return (guint) hearken_frontend_config_get_frame_samples (config) +
         lookahead_frames * config->hop_samples + hearken_model_get_step_samples (model);
}
