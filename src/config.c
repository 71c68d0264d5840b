/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "config.h"

#include <string.h>

#define FORMAT_VERSION "1"
#define MAX_TOKEN_BYTES 256
#define MAX_TEXT_BYTES 1024 /* of name, language and licence */
#define MAX_CONTEXT_FRAMES 1000
#define MAX_STRIDE 100

/* The classic module: self.lstm = nn.LSTM (…), self.fc = nn.Linear (…) */
#define DEFAULT_LAYERS                                                                             \
  "[{\"type\": \"lstm\", \"name\": \"lstm\"}, {\"type\": \"linear\", \"name\": \"fc\"}]"

static const char *const known_keys[] = { "hearken.format", "hearken.task", "hearken.frontend",
  "hearken.layers", "hearken.tokens", "hearken.blank", "hearken.language", "hearken.licence",
  "hearken.name", "hearken.decoding", "hearken.confidence", "hearken.token-offsets",
  "hearken.fillers", NULL };

static bool
check_keys (GHashTable *metadata, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, metadata);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, "hearken.") && !g_strv_contains (known_keys, key)) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
          "there is no metadata key of the name '%s'", (char *) key);
      return false;
    }
  return true;
}

/* The value of a key that must be there. */
static const char *
require (GHashTable *metadata, const char *key, GError **error)
{
  const char *value = g_hash_table_lookup (metadata, key);

  if (value == NULL)
    g_set_error (
        error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA, "the metadata has no '%s'", key);
  return value;
}

static bool
read_format (GHashTable *metadata, GError **error)
{
  const char *version = require (metadata, "hearken.format", error);

  if (version == NULL)
    return false;
  if (strcmp (version, FORMAT_VERSION) == 0)
    return true;
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_UNSUPPORTED,
      "hearken.format is '%s'; this version reads only format '" FORMAT_VERSION "'", version);
  return false;
}

static bool
read_task (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  const char *task = require (metadata, "hearken.task", error);

  if (task == NULL)
    return false;
  config->task = strcmp (task, "classify") == 0 ? HEARKEN_TASK_CLASSIFY : HEARKEN_TASK_CTC;
  if (config->task == HEARKEN_TASK_CLASSIFY || strcmp (task, "ctc") == 0)
    return true;
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_UNSUPPORTED,
      "hearken.task is '%s'; it can be 'ctc' or 'classify'", task);
  return false;
}

/* What is printed is not to move the cursor of a terminal, or begin a line of its own. */
static bool
has_control (const char *text)
{
  while (*text != '\0' && !g_ascii_iscntrl (*text))
    text++;
  return *text != '\0';
}

static bool
read_text (char **text, GHashTable *metadata, const char *key, GError **error)
{
  *text = g_strdup (g_hash_table_lookup (metadata, key));
  if (*text == NULL)
    return true;
  if (strlen (*text) > MAX_TEXT_BYTES)
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "%s is longer than %d bytes", key, MAX_TEXT_BYTES);
  else if (has_control (*text))
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "%s has a control character", key);
  else
    return true;
  return false;
}

static JsonNode *
parse_value (const char *key, const char *value, GError **error)
{
  JsonNode *node = hearken_json_parse (value, strlen (value), HEARKEN_MODEL_ERROR_METADATA, error);

  if (node == NULL)
    g_prefix_error (error, "%s: ", key);
  return node;
}

static bool
read_frontend (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  const char *value = require (metadata, "hearken.frontend", error);

  if (value == NULL)
    return false;
  g_autoptr (JsonNode) node = parse_value ("hearken.frontend", value, error);
  return node != NULL && hearken_config_read_frontend (config, node, error);
}

/* Returns: why the token cannot be had, or NULL */
static const char *
find_token_fault (JsonNode *node, GHashTable *seen)
{
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return "is not a string";
  const char *token = json_node_get_string (node);
  if (*token == '\0')
    return "is empty";
  if (strlen (token) > MAX_TOKEN_BYTES)
    return "is too long";
  if (has_control (token))
    return "has a control character";
  if (!g_hash_table_add (seen, (char *) token))
    return "is there twice";
  return NULL;
}

static bool
copy_tokens (HearkenConfig *config, JsonArray *array, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  config->n_tokens = json_array_get_length (array);
  config->tokens = g_new0 (char *, config->n_tokens + 1);
  for (guint i = 0; i < config->n_tokens; i++) {
    JsonNode *node = json_array_get_element (array, i);
    const char *fault = find_token_fault (node, seen);
    if (fault != NULL) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
          "hearken.tokens: token %u %s", i, fault);
      return false;
    }
    config->tokens[i] = g_strdup (json_node_get_string (node));
  }
  return true;
}

static bool
read_tokens (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  const char *value = require (metadata, "hearken.tokens", error);

  if (value == NULL)
    return false;
  g_autoptr (JsonNode) node = parse_value ("hearken.tokens", value, error);
  if (node == NULL)
    return false;
  if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0)
    return copy_tokens (config, json_node_get_array (node), error);
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
      "hearken.tokens: it must be a JSON array of strings, one for each output");
  return false;
}

static bool
read_blank (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  const char *value = g_hash_table_lookup (metadata, "hearken.blank");
  guint64 blank;

  if (value == NULL)
    return true;
  if (config->task != HEARKEN_TASK_CTC) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.blank does not go with hearken.task 'classify'");
    return false;
  }
  if (!g_ascii_string_to_unsigned (value, 10, 0, config->n_tokens - 1, &blank, NULL)) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.blank is '%s', but must be the index of a token, 0 to %u", value,
        config->n_tokens - 1);
    return false;
  }
  config->blank = (guint) blank;
  return true;
}

static void
read_splice (HearkenFields *fields, HearkenLayerConfig *layer)
{
  static const char *const paddings[] = { "repeat", "zero", NULL };

  layer->splice.left = hearken_fields_get_count (fields, "left", 0, 0, MAX_CONTEXT_FRAMES);
  layer->splice.right = hearken_fields_get_count (fields, "right", 0, 0, MAX_CONTEXT_FRAMES);
  layer->splice.stride = hearken_fields_get_count (fields, "stride", 1, 1, MAX_STRIDE);
  layer->splice.pad_zero = hearken_fields_get_choice (fields, "padding", paddings) == 1;
}

static void
read_linear (HearkenFields *fields, HearkenLayerConfig *layer)
{
  static const char *const names[] = { "none", "relu", "clipped relu", "tanh", NULL };
  static const HearkenActivation activations[] = { HEARKEN_ACTIVATION_NONE, HEARKEN_ACTIVATION_RELU,
    HEARKEN_ACTIVATION_CLIPPED_RELU, HEARKEN_ACTIVATION_TANH };

  layer->name = g_strdup (hearken_fields_get_string (fields, "name", NULL));
  layer->activation = activations[hearken_fields_get_choice (fields, "activation", names)];
  layer->clip = (float) hearken_fields_get_number (fields, "clip", 20.0, 1e-6, 1e6);
  if (hearken_fields_has (fields, "clip") && layer->activation != HEARKEN_ACTIVATION_CLIPPED_RELU)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
        "'clip' goes only with the activation 'clipped relu'");
}

static void
read_lstm (HearkenFields *fields, HearkenLayerConfig *layer)
{
  layer->name = g_strdup (hearken_fields_get_string (fields, "name", NULL));
  layer->n_stacked = hearken_fields_get_count (fields, "layers", 0, 1, HEARKEN_MAX_LAYERS);
  hearken_fields_insist_flag (
      fields, "bidirectional", false, "a bidirectional LSTM needs the end of the audio first");
}

static bool
read_layer (HearkenLayerConfig *layer, guint index, JsonNode *node, GError **error)
{
  static const char *const names[] = { "splice", "linear", "lstm", NULL };
  static const HearkenLayerType types[] = { HEARKEN_LAYER_SPLICE, HEARKEN_LAYER_LINEAR,
    HEARKEN_LAYER_LSTM };
  void (*const readers[]) (
      HearkenFields *, HearkenLayerConfig *) = { read_splice, read_linear, read_lstm };
  g_autofree char *where = g_strdup_printf ("hearken.layers[%u]", index);
  HearkenFields fields;

  hearken_fields_init (&fields, where, node);
  if (!hearken_fields_has (&fields, "type"))
    hearken_fields_fail (&fields, HEARKEN_MODEL_ERROR_METADATA, "'type' is missing");
  const guint type = hearken_fields_get_choice (&fields, "type", names);
  layer->type = types[type];
  if (fields.error == NULL)
    readers[type](&fields, layer);
  return hearken_fields_finish (&fields, error);
}

static bool
read_layers (HearkenConfig *config, GHashTable *metadata, GError **error)
{
  const char *value = g_hash_table_lookup (metadata, "hearken.layers");
  g_autoptr (JsonNode) node =
      parse_value ("hearken.layers", value != NULL ? value : DEFAULT_LAYERS, error);

  if (node == NULL)
    return false;
  const guint n_layers =
      JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 0;
  if (n_layers < 1 || n_layers > HEARKEN_MAX_LAYERS) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.layers: it must be a JSON array of 1 to %d layers", HEARKEN_MAX_LAYERS);
    return false;
  }
  g_array_set_size (config->layers, n_layers);
  for (guint i = 0; i < n_layers; i++)
    if (!read_layer (&g_array_index (config->layers, HearkenLayerConfig, i), i,
            json_array_get_element (json_node_get_array (node), i), error))
      return false;
  return true;
}

static void
clear_layer (gpointer layer)
{
  g_free (((HearkenLayerConfig *) layer)->name);
}

HearkenConfig *
hearken_config_new (GHashTable *metadata, GError **error)
{
  g_autoptr (HearkenConfig) config = g_new0 (HearkenConfig, 1);

  config->layers = g_array_new (FALSE, TRUE, sizeof (HearkenLayerConfig));
  g_array_set_clear_func (config->layers, clear_layer);
  if (!read_format (metadata, error) || !check_keys (metadata, error) ||
      !read_task (config, metadata, error) || !read_frontend (config, metadata, error) ||
      !read_layers (config, metadata, error) || !read_tokens (config, metadata, error) ||
      !read_blank (config, metadata, error) ||
      !hearken_config_read_decoding (config, metadata, error) ||
      !read_text (&config->name, metadata, "hearken.name", error) ||
      !read_text (&config->language, metadata, "hearken.language", error) ||
      !read_text (&config->licence, metadata, "hearken.licence", error))
    return NULL;
  return g_steal_pointer (&config);
}

void
hearken_config_free (HearkenConfig *config)
{
  g_free (config->name);
  g_free (config->language);
  g_free (config->licence);
  g_strfreev (config->tokens);
  hearken_frontend_config_clear (&config->frontend);
  g_free (config->mean);
  g_free (config->std);
  g_array_unref (config->layers);
  hearken_decoding_config_clear (&config->decoding);
  g_free (config);
}
