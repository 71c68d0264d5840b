/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "weights.h"

#include <string.h>

/* Look-ahead beyond which times would overflow, and nobody would wait. */
#define MAX_LOOKAHEAD_FRAMES 10000
#define MAX_STRIDE 1000

void
hearken_weights_init (HearkenWeights *weights, const HearkenSafetensors *file)
{
  weights->file = file;
  weights->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
hearken_weights_clear (HearkenWeights *weights)
{
  g_hash_table_unref (weights->used);
}

static const HearkenTensor *
find (HearkenWeights *weights, const char *name, GError **error)
{
  const HearkenTensor *tensor = hearken_safetensors_get_tensor (weights->file, name);

  if (tensor == NULL)
    g_set_error (
        error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR, "tensor '%s' is missing", name);
  return tensor;
}

static char *
describe_shape (const gsize *dims, guint n_dims)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? ", " : "", dims[i]);
  g_string_append (text, "]");
  return g_string_free (text, FALSE);
}

static bool
check_shape (const HearkenTensor *tensor, const gsize *dims, guint n_dims, GError **error)
{
  if (tensor->n_dims == n_dims && memcmp (tensor->dims, dims, n_dims * sizeof (*dims)) == 0)
    return true;
  g_autofree char *actual = describe_shape (tensor->dims, tensor->n_dims);
  g_autofree char *expected = describe_shape (dims, n_dims);
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
      "tensor '%s' has the shape %s, but must have %s", tensor->name, actual, expected);
  return false;
}

/* The tensor of that name and shape, which is used from now on. */
static const HearkenTensor *
take (HearkenWeights *weights, const char *name, const gsize *dims, guint n_dims, GError **error)
{
  const HearkenTensor *tensor = find (weights, name, error);

  if (tensor == NULL || !check_shape (tensor, dims, n_dims, error))
    return NULL;
  if (!g_hash_table_add (weights->used, g_strdup (name))) {
    g_set_error (
        error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR, "tensor '%s' is used twice", name);
    return NULL;
  }
  if (tensor->dtype == HEARKEN_DTYPE_I8)
    g_hash_table_add (weights->used, g_strconcat (name, ".scale", NULL));
  return tensor;
}

float *
hearken_weights_take_vector (
    HearkenWeights *weights, const char *name, gsize n_values, GError **error)
{
  const HearkenTensor *tensor = take (weights, name, &n_values, 1, error);

  return tensor != NULL ? hearken_safetensors_dup_floats (weights->file, tensor, error) : NULL;
}

/* The weights of a layer; what is not the file's own belongs to it. */
typedef struct {
  HearkenRows rows;
  gpointer values; /* nullable */
  float *scales;
} Matrix;

static void
clear_matrix (Matrix *matrix)
{
  g_free (matrix->values);
  g_free (matrix->scales);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Matrix, clear_matrix)

static guint16 *
dup_halves (const HearkenTensor *tensor)
{
  guint16 *values = g_new (guint16, tensor->n_values);

  for (gsize i = 0; i < tensor->n_values; i++)
    values[i] = GUINT16_FROM_LE (((const guint16 *) tensor->data)[i]);
  return values;
}

static float *
dup_scales (const HearkenWeights *weights, const char *name)
{
  g_autofree char *scale_name = g_strconcat (name, ".scale", NULL);

  return hearken_safetensors_dup_floats (
      weights->file, hearken_safetensors_get_tensor (weights->file, scale_name), NULL);
}

/* In the precision that the file has it in. */
static bool
take_matrix (HearkenWeights *weights, const char *name, gsize n_rows, gsize n_cols, Matrix *matrix,
    GError **error)
{
  const gsize dims[] = { n_rows, n_cols };
  const HearkenTensor *tensor = take (weights, name, dims, 2, error);

  if (tensor == NULL)
    return false;
  switch (tensor->dtype) {
  case HEARKEN_DTYPE_F16:
    matrix->rows.precision = HEARKEN_PRECISION_F16;
    if (hearken_safetensors_check_values (weights->file, tensor, error))
      matrix->rows.values = matrix->values = dup_halves (tensor);
    break;
  case HEARKEN_DTYPE_I8:
    matrix->rows.precision = HEARKEN_PRECISION_I8;
    if (hearken_safetensors_check_values (weights->file, tensor, error)) {
      matrix->rows.values = tensor->data;
      matrix->rows.scales = matrix->scales = dup_scales (weights, name);
    }
    break;
  case HEARKEN_DTYPE_F32:
  default:
    matrix->rows.values = matrix->values =
        hearken_safetensors_dup_floats (weights->file, tensor, error);
    break;
  }
  return matrix->rows.values != NULL;
}

/* Number of rows of the matrix of that name; 0 with @error set if there is none. */
static gsize
find_n_rows (HearkenWeights *weights, const char *name, GError **error)
{
  const HearkenTensor *tensor = find (weights, name, error);

  if (tensor == NULL)
    return 0;
  if (tensor->n_dims == 2 && tensor->dims[0] >= 1 && tensor->dims[0] <= 4 * HEARKEN_MAX_WIDTH)
    return tensor->dims[0];
  g_autofree char *shape = describe_shape (tensor->dims, tensor->n_dims);
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
      "tensor '%s' has the shape %s, but must be a matrix of at most %d rows", name, shape,
      4 * HEARKEN_MAX_WIDTH);
  return 0;
}

static bool
has (const HearkenWeights *weights, const char *name)
{
  return hearken_safetensors_get_tensor (weights->file, name) != NULL;
}

static bool
add_splice (const HearkenLayerConfig *config, gsize n_inputs, GArray *layers, GError **error)
{
  const gsize n_outputs = n_inputs * (config->splice.left + 1 + config->splice.right);
  HearkenLayer layer;

  if (n_outputs > HEARKEN_MAX_SPLICE_WIDTH) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.layers: a splice makes %" G_GSIZE_FORMAT " values of %" G_GSIZE_FORMAT
        ", but %d are the most",
        n_outputs, n_inputs, HEARKEN_MAX_SPLICE_WIDTH);
    return false;
  }
  hearken_layer_init_splice (&layer, n_inputs, config->splice);
  g_array_append_val (layers, layer);
  return true;
}

static bool
add_linear (HearkenWeights *weights, const HearkenLayerConfig *config, gsize n_inputs,
    GArray *layers, GError **error)
{
  g_autofree char *weight_name = g_strconcat (config->name, ".weight", NULL);
  g_autofree char *bias_name = g_strconcat (config->name, ".bias", NULL);
  const gsize n_outputs = find_n_rows (weights, weight_name, error);
  g_auto (Matrix) weight = { 0 };
  g_autofree float *bias = NULL;
  HearkenLayer layer;

  if (n_outputs == 0)
    return false;
  if (!take_matrix (weights, weight_name, n_outputs, n_inputs, &weight, error))
    return false;
  if (has (weights, bias_name)) {
    bias = hearken_weights_take_vector (weights, bias_name, n_outputs, error);
    if (bias == NULL)
      return false;
  }
  hearken_layer_init_linear (
      &layer, n_inputs, n_outputs, weight.rows, bias, config->activation, config->clip);
  g_array_append_val (layers, layer);
  return true;
}

/* The names of one stacked layer's tensors, as PyTorch has them. */
typedef struct {
  char *weight_ih;
  char *weight_hh;
  char *bias_ih;
  char *bias_hh;
  char *weight_hr;
} LstmNames;

static void
init_lstm_names (LstmNames *names, const char *name, guint k)
{
  names->weight_ih = g_strdup_printf ("%s.weight_ih_l%u", name, k);
  names->weight_hh = g_strdup_printf ("%s.weight_hh_l%u", name, k);
  names->bias_ih = g_strdup_printf ("%s.bias_ih_l%u", name, k);
  names->bias_hh = g_strdup_printf ("%s.bias_hh_l%u", name, k);
  names->weight_hr = g_strdup_printf ("%s.weight_hr_l%u", name, k);
}

static void
clear_lstm_names (LstmNames *names)
{
  g_free (names->weight_ih);
  g_free (names->weight_hh);
  g_free (names->bias_ih);
  g_free (names->bias_hh);
  g_free (names->weight_hr);
}

/* The sizes of one stacked layer, from the shapes of the matrices that fix them. */
static bool
find_lstm_sizes (HearkenWeights *weights, const LstmNames *names, gsize *n_hidden, gsize *n_outputs,
    GError **error)
{
  const gsize n_rows = find_n_rows (weights, names->weight_ih, error);

  if (n_rows == 0)
    return false;
  if (n_rows % 4 != 0) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
        "tensor '%s' has %" G_GSIZE_FORMAT " rows, which are not four gates of equal size",
        names->weight_ih, n_rows);
    return false;
  }
  *n_outputs = *n_hidden = n_rows / 4;
  if (!has (weights, names->weight_hr))
    return true;
  *n_outputs = find_n_rows (weights, names->weight_hr, error);
  if (*n_outputs < *n_hidden)
    return *n_outputs > 0;
  g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
      "tensor '%s' must project %" G_GSIZE_FORMAT " values to fewer, not to %" G_GSIZE_FORMAT,
      names->weight_hr, *n_hidden, *n_outputs);
  return false;
}

static bool
add_stacked_lstm (
    HearkenWeights *weights, const LstmNames *names, gsize n_inputs, GArray *layers, GError **error)
{
  const bool has_bias = has (weights, names->bias_ih) || has (weights, names->bias_hh);
  const bool has_projection = has (weights, names->weight_hr);
  g_auto (Matrix) weight_ih = { 0 };
  g_auto (Matrix) weight_hh = { 0 };
  g_auto (Matrix) weight_hr = { 0 };
  g_autofree float *bias_ih = NULL;
  g_autofree float *bias_hh = NULL;
  gsize n_hidden, n_outputs;
  HearkenLayer layer;

  if (!find_lstm_sizes (weights, names, &n_hidden, &n_outputs, error))
    return false;
  if (!take_matrix (weights, names->weight_ih, 4 * n_hidden, n_inputs, &weight_ih, error) ||
      !take_matrix (weights, names->weight_hh, 4 * n_hidden, n_outputs, &weight_hh, error))
    return false;
  if (has_bias) {
    bias_ih = hearken_weights_take_vector (weights, names->bias_ih, 4 * n_hidden, error);
    if (bias_ih == NULL)
      return false;
    bias_hh = hearken_weights_take_vector (weights, names->bias_hh, 4 * n_hidden, error);
    if (bias_hh == NULL)
      return false;
  }
  if (has_projection &&
      !take_matrix (weights, names->weight_hr, n_outputs, n_hidden, &weight_hr, error))
    return false;
  hearken_layer_init_lstm (&layer, n_inputs, n_hidden, n_outputs, weight_ih.rows, weight_hh.rows,
      bias_ih, bias_hh, weight_hr.rows);
  g_array_append_val (layers, layer);
  return true;
}

static gsize
get_n_outputs (const GArray *layers, gsize n_inputs)
{
  return layers->len > 0 ? g_array_index (layers, HearkenLayer, layers->len - 1).n_outputs
                         : n_inputs;
}

/* As many layers as there are tensors of, at least one. */
static guint
count_stacked (const HearkenWeights *weights, const char *name)
{
  for (guint k = 1;; k++) {
    g_autofree char *weight_name = g_strdup_printf ("%s.weight_ih_l%u", name, k);
    if (!has (weights, weight_name))
      return k;
  }
}

static bool
add_lstm (HearkenWeights *weights, const HearkenLayerConfig *config, gsize n_inputs, GArray *layers,
    GError **error)
{
  const guint n_stacked = count_stacked (weights, config->name);
  bool ok = true;

  if (config->n_stacked > 0 && config->n_stacked != n_stacked) {
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
        "hearken.layers: the LSTM '%s' must have %u layers, but there are tensors of %u",
        config->name, config->n_stacked, n_stacked);
    return false;
  }
  for (guint k = 0; ok && k < n_stacked; k++) {
    LstmNames names;
    init_lstm_names (&names, config->name, k);
    ok = add_stacked_lstm (weights, &names, get_n_outputs (layers, n_inputs), layers, error);
    clear_lstm_names (&names);
  }
  return ok;
}

static bool
add_layer (HearkenWeights *weights, const HearkenLayerConfig *config, gsize n_inputs,
    GArray *layers, GError **error)
{
  switch (config->type) {
  case HEARKEN_LAYER_SPLICE:
    return add_splice (config, n_inputs, layers, error);
  case HEARKEN_LAYER_LINEAR:
    return add_linear (weights, config, n_inputs, layers, error);
  case HEARKEN_LAYER_LSTM:
  default:
    return add_lstm (weights, config, n_inputs, layers, error);
  }
}

/* What the recurrent weights of another kind of layer are, which PyTorch names as an LSTM's; or NULL. */
static const char *
find_other_kind (const HearkenTensor *tensor)
{
  if (strstr (tensor->name, ".weight_hh_l") == NULL || tensor->n_dims != 2)
    return NULL;
  if (tensor->dims[0] == tensor->dims[1])
    return "a plain RNN";
  return tensor->dims[0] == 3 * tensor->dims[1] ? "a GRU" : NULL;
}

static bool
check_kinds (const HearkenWeights *weights, GError **error)
{
  for (gsize i = 0; i < hearken_safetensors_get_n_tensors (weights->file); i++) {
    const HearkenTensor *tensor = hearken_safetensors_get_nth (weights->file, i);
    const char *kind = find_other_kind (tensor);

    if (g_str_has_suffix (tensor->name, "_reverse")) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_UNSUPPORTED,
          "tensor '%s' belongs to a bidirectional LSTM, which needs the end of the audio first; "
          "only unidirectional ones can stream",
          tensor->name);
      return false;
    }
    if (kind != NULL) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_UNSUPPORTED,
          "tensor '%s' belongs to %s, but only LSTMs are supported", tensor->name, kind);
      return false;
    }
  }
  return true;
}

static bool
check_network (const HearkenNetwork *network, const HearkenConfig *config, GError **error)
{
  const gsize n_outputs = hearken_network_get_n_outputs (network);

  if (network->n_layers > HEARKEN_MAX_LAYERS)
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_UNSUPPORTED,
        "hearken.layers: the network has %" G_GSIZE_FORMAT " layers, but %d are the most",
        network->n_layers, HEARKEN_MAX_LAYERS);
  else if (hearken_network_get_stride (network) > MAX_STRIDE ||
           hearken_network_get_lookahead (network) > MAX_LOOKAHEAD_FRAMES)
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.layers: the splices together skip or look ahead too far");
  else if (n_outputs != config->n_tokens)
    g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_METADATA,
        "hearken.tokens: there are %u tokens, but the network has %" G_GSIZE_FORMAT " outputs",
        config->n_tokens, n_outputs);
  else
    return true;
  return false;
}

bool
hearken_weights_take_network (HearkenWeights *weights, const HearkenConfig *config, gsize n_inputs,
    HearkenNetwork *network, GError **error)
{
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (HearkenLayer));
  bool ok = check_kinds (weights, error);

  for (guint i = 0; ok && i < config->layers->len; i++)
    ok = add_layer (weights, &g_array_index (config->layers, HearkenLayerConfig, i),
        get_n_outputs (layers, n_inputs), layers, error);
  network->n_layers = layers->len;
  network->layers = (HearkenLayer *) (void *) g_array_free (layers, FALSE);
  return ok && check_network (network, config, error);
}

bool
hearken_weights_check_all_used (const HearkenWeights *weights, GError **error)
{
  for (gsize i = 0; i < hearken_safetensors_get_n_tensors (weights->file); i++) {
    const char *name = hearken_safetensors_get_nth (weights->file, i)->name;
    if (!g_hash_table_contains (weights->used, name)) {
      g_set_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_TENSOR,
          "tensor '%s' belongs to no layer", name);
      return false;
    }
  }
  return true;
}
