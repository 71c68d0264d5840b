/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken.decoding and its kin, the metadata about decoding. */

#include <string.h>

#include "config.h"

#define DEFAULT_BEAM_WIDTH 300
#define MAX_BEAM_WIDTH 1000
#define MAX_FLUSH_MS 1000
#define MAX_WEIGHT 100.0
#define MAX_OFFSET_MS 1000.0
#define MAX_FILE_NAME_BYTES 255

void
hearken_decoding_config_init (HearkenDecodingConfig *config)
{
  *config = (HearkenDecodingConfig){
    .language_weight = 1, .beam_width = DEFAULT_BEAM_WIDTH, .confidence = { 0, 1 }
  };
}

void
hearken_decoding_config_clear (HearkenDecodingConfig *config)
{
  g_free (config->dictionary);
  g_free (config->language_model);
  g_free (config->token_offsets);
  g_free (config->is_filler);
}

/* @node: (transfer full): NULL if there is no such key */
static bool
parse_key (GHashTable *metadata, const char *key, JsonNode **node, GError **error)
{
  const char *value = g_hash_table_lookup (metadata, key);

  *node = NULL;
  if (value == NULL)
    return true;
  *node = hearken_json_parse (value, strlen (value), HEARKEN_MODEL_ERROR_METADATA, error);
  if (*node == NULL)
    g_prefix_error (error, "%s: ", key);
  return *node != NULL;
}

/* A model must not make its user read any file: only one that lies beside it. */
static char *
get_file_name (HearkenFields *fields, const char *name)
{
  const char *file;

  if (!hearken_fields_has (fields, name))
    return NULL;
  file = hearken_fields_get_string (fields, name, "");
  if (*file != '\0' && *file != '.' && strchr (file, '/') == NULL && strchr (file, '\\') == NULL &&
      strlen (file) <= MAX_FILE_NAME_BYTES)
    return g_strdup (file);
  hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
      "'%s' must be the name of a file beside the model, without a path", name);
  return NULL;
}

static bool
read_defaults (HearkenDecodingConfig *decoding, GHashTable *metadata, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  HearkenFields fields;

  if (!parse_key (metadata, "hearken.decoding", &node, error))
    return false;
  if (node == NULL)
    return true;
  hearken_fields_init (&fields, "hearken.decoding", node);
  decoding->dictionary = get_file_name (&fields, "dictionary");
  decoding->language_model = get_file_name (&fields, "language_model");
  decoding->language_weight =
      hearken_fields_get_number (&fields, "language_weight", 1, 0, MAX_WEIGHT);
  decoding->word_bonus =
      hearken_fields_get_number (&fields, "word_bonus", 0, -MAX_WEIGHT, MAX_WEIGHT);
  decoding->blank_bias = hearken_fields_get_number (&fields, "blank_bias", 0, -MAX_WEIGHT, 0);
  decoding->rejection_threshold =
      hearken_fields_get_number (&fields, "rejection_threshold", 0, 0, 1);
  decoding->beam_width =
      hearken_fields_get_count (&fields, "beam_width", DEFAULT_BEAM_WIDTH, 1, MAX_BEAM_WIDTH);
  decoding->flush_ms = hearken_fields_get_count (&fields, "flush_ms", 0, 0, MAX_FLUSH_MS);
  return hearken_fields_finish (&fields, error);
}

/* @node: to be an array of @n numbers in [@min, @max] */
static bool
read_numbers (JsonNode *node, guint n, double min, double max, double *values)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) != n)
    return false;
  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (element) ||
        (json_node_get_value_type (element) != G_TYPE_INT64 &&
            json_node_get_value_type (element) != G_TYPE_DOUBLE))
      return false;
    values[i] = json_node_get_double (element);
    if (!(values[i] >= min && values[i] <= max))
      return false;
  }
  return true;
}

static bool
read_confidence (HearkenDecodingConfig *decoding, GHashTable *metadata, GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  if (!parse_key (metadata, "hearken.confidence", &node, error))
    return false;
  if (node == NULL || (read_numbers (node, 2, -MAX_WEIGHT, MAX_WEIGHT, decoding->confidence) &&
                          decoding->confidence[1] >= 0))
    return true;
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
      "hearken.confidence: it must be two numbers, [a, b] with b not under 0");
  return false;
}

static bool
read_offsets (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *array;

  if (!parse_key (metadata, "hearken.token-offsets", &node, error))
    return false;
  if (node == NULL)
    return true;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) != config->n_tokens) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.token-offsets: it must be a JSON array with an element for each token");
    return false;
  }
  config->decoding.token_offsets = g_malloc0_n (config->n_tokens, sizeof (float[2]));
  for (guint i = 0; i < config->n_tokens; i++) {
    double offsets[2];

    if (!read_numbers (
            json_array_get_element (array, i), 2, -MAX_OFFSET_MS, MAX_OFFSET_MS, offsets)) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
          "hearken.token-offsets: element %u is not two numbers, [start, end] in ms, %g at most", i,
          MAX_OFFSET_MS);
      return false;
    }
    for (guint end = 0; end < 2; end++)
      config->decoding.token_offsets[i][end] = (float) offsets[end];
  }
  return true;
}

static bool
read_fillers (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *array;

  if (!parse_key (metadata, "hearken.fillers", &node, error))
    return false;
  if (node == NULL)
    return true;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  config->decoding.is_filler = g_new0 (bool, config->n_tokens);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    const gint64 token =
        JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_INT64
            ? json_node_get_int (element)
            : -1;

    if (token < 0 || token >= config->n_tokens || token == config->blank)
      array = NULL;
    else
      config->decoding.is_filler[token] = true;
  }
  if (array == NULL)
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.fillers: it must be a JSON array of indexes of tokens, without the blank");
  return array != NULL;
}

bool
hearken_config_read_decoding (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  static const char *const keys[] = { "hearken.decoding", "hearken.confidence",
    "hearken.token-offsets", "hearken.fillers" };

  hearken_decoding_config_init (&config->decoding);
  for (gsize i = 0; config->task != HEARKEN_TASK_CTC && i < G_N_ELEMENTS (keys); i++)
    if (g_hash_table_contains (metadata, keys[i])) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
          "%s does not go with hearken.task 'classify'", keys[i]);
      return false;
    }
  return read_defaults (&config->decoding, metadata, error) &&
         read_confidence (&config->decoding, metadata, error) &&
         read_offsets (config, metadata, error) && read_fillers (config, metadata, error);
}
