/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "safetensors.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "json.h"
#include "matrix.h"
#include "model.h"

#define PREFIX_BYTES 8 /* the length of the header, little-endian */
#define MAX_HEADER_BYTES 100000000u

struct HearkenSafetensors {
  GBytes *bytes;
  JsonNode *header;
  const char *data; /* after the header */
  gsize n_data_bytes;
  GArray *tensors;      /* of HearkenTensor, in the order of their data */
  GHashTable *by_name;  /* name → its HearkenTensor in tensors */
  JsonObject *metadata; /* nullable */
};

static const struct {
  const char *name;
  HearkenDtype dtype;
} dtypes[] = {
  { "F32", HEARKEN_DTYPE_F32 },
  { "F16", HEARKEN_DTYPE_F16 },
  { "I8", HEARKEN_DTYPE_I8 },
};

static gsize
get_width (HearkenDtype dtype)
{
  return dtype == HEARKEN_DTYPE_F32 ? 4 : dtype == HEARKEN_DTYPE_F16 ? 2 : 1;
}

static bool fail (GError **error, HearkenModelError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static bool
fail (GError **error, HearkenModelError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (HEARKEN_MODEL_ERROR, code, format, arguments);
  va_end (arguments);
  return false;
}

/* Returns: whether @node is an array of at most @max whole numbers >= 0; it is copied to @values */
static bool
get_sizes (JsonNode *node, gsize *values, guint max, guint *n_values)
{
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return false;
  JsonArray *array = json_node_get_array (node);
  *n_values = json_array_get_length (array);
  if (*n_values > max)
    return false;
  for (guint i = 0; i < *n_values; i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_INT64 ||
        json_node_get_int (element) < 0)
      return false;
    values[i] = (gsize) json_node_get_int (element);
  }
  return true;
}

static bool
parse_dtype (HearkenTensor *tensor, JsonObject *entry, GError **error)
{
  JsonNode *node = json_object_get_member (entry, "dtype");
  const char *name =
      node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  if (name == NULL)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "tensor '%s' has no dtype", tensor->name);
  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (name, dtypes[i].name) == 0) {
      tensor->dtype = dtypes[i].dtype;
      return true;
    }
  return fail (error, HEARKEN_MODEL_ERROR_UNSUPPORTED,
      "tensor '%s' is of dtype %s, which is not supported; it can be F32, F16 or I8", tensor->name,
      name);
}

static bool
parse_shape (HearkenTensor *tensor, JsonObject *entry, GError **error)
{
  JsonNode *node = json_object_get_member (entry, "shape");

  if (!get_sizes (node, tensor->dims, HEARKEN_TENSOR_MAX_DIMS, &tensor->n_dims))
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "tensor '%s' has no valid shape: an array of at most %d whole numbers", tensor->name,
        HEARKEN_TENSOR_MAX_DIMS);
  tensor->n_values = 1;
  for (guint i = 0; i < tensor->n_dims; i++)
    if (!g_size_checked_mul (&tensor->n_values, tensor->n_values, tensor->dims[i]))
      return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "tensor '%s' has an impossibly large shape",
          tensor->name);
  return true;
}

static bool
parse_offsets (
    const HearkenSafetensors *file, HearkenTensor *tensor, JsonObject *entry, GError **error)
{
  const gsize width = get_width (tensor->dtype);
  gsize offsets[2], n_bytes;
  guint n_offsets;

  if (!get_sizes (json_object_get_member (entry, "data_offsets"), offsets, 2, &n_offsets) ||
      n_offsets != 2 || offsets[0] > offsets[1])
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "tensor '%s' has no valid data_offsets: [begin, end]", tensor->name);
  if (offsets[1] > file->n_data_bytes)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "tensor '%s' ends at byte %" G_GSIZE_FORMAT " of the data, which has only %" G_GSIZE_FORMAT
        ": the file is truncated or damaged",
        tensor->name, offsets[1], file->n_data_bytes);
  if (!g_size_checked_mul (&n_bytes, tensor->n_values, width) || n_bytes != offsets[1] - offsets[0])
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "tensor '%s' has %" G_GSIZE_FORMAT " bytes, which is not what its dtype and shape take",
        tensor->name, offsets[1] - offsets[0]);
  tensor->data = file->data + offsets[0];
  if ((guintptr) tensor->data % width != 0)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "tensor '%s' is misaligned: its data starts at byte %" G_GSIZE_FORMAT
        " of the file, which is not a multiple of %" G_GSIZE_FORMAT
        " (pad the header with spaces, put wide dtypes first)",
        tensor->name,
        (gsize) (file->data - (const char *) g_bytes_get_data (file->bytes, NULL)) + offsets[0],
        width);
  return true;
}

static bool
parse_tensor (HearkenSafetensors *file, const char *name, JsonNode *node, GError **error)
{
  HearkenTensor tensor = { .name = name };

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (
        error, HEARKEN_MODEL_ERROR_FORMAT, "tensor '%s' is not described by a JSON object", name);
  JsonObject *entry = json_node_get_object (node);
  if (!parse_dtype (&tensor, entry, error) || !parse_shape (&tensor, entry, error) ||
      !parse_offsets (file, &tensor, entry, error))
    return false;
  g_array_append_val (file->tensors, tensor);
  return true;
}

static bool
parse_metadata (HearkenSafetensors *file, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "__metadata__ is not a JSON object");
  file->metadata = json_node_get_object (node);
  json_object_iter_init (&iter, file->metadata);
  while (json_object_iter_next (&iter, &key, &value))
    if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
      return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "'%s' in __metadata__ is not a string", key);
  return true;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const HearkenTensor *tensor_a = a, *tensor_b = b;
  const char *place_a = tensor_a->data, *place_b = tensor_b->data;

  if (place_a != place_b)
    return place_a < place_b ? -1 : 1;
  return (tensor_a->n_values > 0) -
         (tensor_b->n_values > 0); /* an empty one before its neighbour */
}

/* The format wants the data used exactly once: no overlap, no hole, nothing after the end. */
static bool
check_places (const HearkenSafetensors *file, GError **error)
{
  const char *end = file->data;

  for (guint i = 0; i < file->tensors->len; i++) {
    const HearkenTensor *tensor = &g_array_index (file->tensors, HearkenTensor, i);
    const char *begin = tensor->data;
    if (begin < end)
      return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "tensor '%s' overlaps tensor '%s'",
          tensor->name, (tensor - 1)->name);
    if (begin > end)
      return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
          "there is a hole of %" G_GSIZE_FORMAT " bytes before tensor '%s'", (gsize) (begin - end),
          tensor->name);
    end = begin + tensor->n_values * get_width (tensor->dtype);
  }
  const gsize n_left = file->n_data_bytes - (gsize) (end - file->data);
  if (n_left > 0)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "%" G_GSIZE_FORMAT " bytes follow the last tensor", n_left);
  return true;
}

static bool
parse_header (HearkenSafetensors *file, const char *text, gsize n_bytes, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  file->header = hearken_json_parse (text, n_bytes, HEARKEN_MODEL_ERROR_FORMAT, error);
  if (file->header == NULL) {
    g_prefix_error (error, "the header is ");
    return false;
  }
  if (!JSON_NODE_HOLDS_OBJECT (file->header))
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "the header is not a JSON object");
  json_object_iter_init (&iter, json_node_get_object (file->header));
  while (json_object_iter_next (&iter, &name, &node)) {
    const bool ok = strcmp (name, "__metadata__") == 0 ? parse_metadata (file, node, error)
                                                       : parse_tensor (file, name, node, error);
    if (!ok)
      return false;
  }
  g_array_sort (file->tensors, compare_places);
  for (guint i = 0; i < file->tensors->len; i++) {
    HearkenTensor *tensor = &g_array_index (file->tensors, HearkenTensor, i);
    g_hash_table_insert (file->by_name, (char *) tensor->name, tensor);
  }
  return check_places (file, error);
}

static bool
parse (HearkenSafetensors *file, GError **error)
{
  gsize n_bytes;
  const char *start = g_bytes_get_data (file->bytes, &n_bytes);
  guint64 header_length;

  if (n_bytes == 0)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT, "the file is empty");
  if (n_bytes < PREFIX_BYTES)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "the file is truncated: %" G_GSIZE_FORMAT " bytes are no safetensors file", n_bytes);
  memcpy (&header_length, start, PREFIX_BYTES);
  header_length = GUINT64_FROM_LE (header_length);
  if (header_length > MAX_HEADER_BYTES || header_length > n_bytes - PREFIX_BYTES)
    return fail (error, HEARKEN_MODEL_ERROR_FORMAT,
        "the header claims %" G_GUINT64_FORMAT " bytes in a file of %" G_GSIZE_FORMAT
        ": it is truncated, or no safetensors file",
        header_length, n_bytes);
  file->data = start + PREFIX_BYTES + header_length;
  file->n_data_bytes = n_bytes - PREFIX_BYTES - (gsize) header_length;
  return parse_header (file, start + PREFIX_BYTES, (gsize) header_length, error);
}

/* Alignment within the file is alignment in memory only if the file starts aligned. */
static GBytes *
ref_aligned (GBytes *bytes)
{
  gsize n_bytes;
  gconstpointer start = g_bytes_get_data (bytes, &n_bytes);

  return (guintptr) start % PREFIX_BYTES == 0 ? g_bytes_ref (bytes) : g_bytes_new (start, n_bytes);
}

HearkenSafetensors *
hearken_safetensors_parse (GBytes *bytes, GError **error)
{
  g_autoptr (HearkenSafetensors) file = g_new0 (HearkenSafetensors, 1);

  file->bytes = ref_aligned (bytes);
  file->tensors = g_array_new (FALSE, FALSE, sizeof (HearkenTensor));
  file->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return parse (file, error) ? g_steal_pointer (&file) : NULL;
}

void
hearken_safetensors_free (HearkenSafetensors *file)
{
  g_hash_table_unref (file->by_name);
  g_array_unref (file->tensors);
  g_clear_pointer (&file->header, json_node_unref);
  g_bytes_unref (file->bytes);
  g_free (file);
}

const char *
hearken_safetensors_get_metadata (const HearkenSafetensors *file, const char *key)
{
  if (file->metadata == NULL || !json_object_has_member (file->metadata, key))
    return NULL;
  return json_object_get_string_member (file->metadata, key);
}

GList *
hearken_safetensors_list_metadata (const HearkenSafetensors *file)
{
  return file->metadata != NULL ? json_object_get_members (file->metadata) : NULL;
}

const HearkenTensor *
hearken_safetensors_get_tensor (const HearkenSafetensors *file, const char *name)
{
  return g_hash_table_lookup (file->by_name, name);
}

gsize
hearken_safetensors_get_n_tensors (const HearkenSafetensors *file)
{
  return file->tensors->len;
}

const HearkenTensor *
hearken_safetensors_get_nth (const HearkenSafetensors *file, gsize index)
{
  return &g_array_index (file->tensors, HearkenTensor, index);
}

static float
read_f32 (const HearkenTensor *tensor, gsize index)
{
  const guint32 bits = GUINT32_FROM_LE (((const guint32 *) tensor->data)[index]);
  float value;

  memcpy (&value, &bits, sizeof (value));
  return value;
}

static float
read_value (const HearkenTensor *tensor, gsize index)
{
  switch (tensor->dtype) {
  case HEARKEN_DTYPE_F16:
    return hearken_widen_f16 (GUINT16_FROM_LE (((const guint16 *) tensor->data)[index]));
  case HEARKEN_DTYPE_I8:
    return ((const gint8 *) tensor->data)[index];
  case HEARKEN_DTYPE_F32:
  default:
    return read_f32 (tensor, index);
  }
}

/* The scales of an I8 tensor, NULL with @error set if they do not fit. */
static const HearkenTensor *
find_scales (const HearkenSafetensors *file, const HearkenTensor *tensor, GError **error)
{
  g_autofree char *name = g_strconcat (tensor->name, ".scale", NULL);
  const HearkenTensor *scales = hearken_safetensors_get_tensor (file, name);

  if (scales == NULL)
    fail (error, HEARKEN_MODEL_ERROR_TENSOR,
        "tensor '%s' is missing: the scales of '%s', which is I8", name, tensor->name);
  else if (scales->dtype != HEARKEN_DTYPE_F32 || tensor->n_dims == 0 || scales->n_dims != 1 ||
           scales->dims[0] != tensor->dims[0])
    fail (error, HEARKEN_MODEL_ERROR_TENSOR,
        "tensor '%s' is not F32 with one value per row of '%s'", name, tensor->name);
  else
    return scales;
  return NULL;
}

/* Checks the values where @values is NULL, and otherwise writes them to it, too: [n_values]. */
static bool
read_values (
    const HearkenSafetensors *file, const HearkenTensor *tensor, float *values, GError **error)
{
  const gsize n_cols = tensor->n_dims > 0 ? tensor->n_values / MAX (tensor->dims[0], 1) : 1;
  const HearkenTensor *scales = NULL;

  if (tensor->dtype == HEARKEN_DTYPE_I8 && (scales = find_scales (file, tensor, error)) == NULL)
    return false;
  for (gsize i = 0; i < tensor->n_values; i++) {
    const float scale = scales != NULL ? read_f32 (scales, i / n_cols) : 1;
    const float value = scale * read_value (tensor, i);

    if (!isfinite (value))
      return fail (error, HEARKEN_MODEL_ERROR_TENSOR,
          "tensor '%s' has a value that is %s, the one of index %" G_GSIZE_FORMAT, tensor->name,
          isnan (value) ? "NaN" : "infinite", i);
    if (values != NULL)
      values[i] = value;
  }
  return true;
}

/* A model in F16 loads in half the time if its halves are not widened to be checked. */
static bool
are_finite_halves (const HearkenTensor *tensor)
{
  const guint16 *halves = tensor->data, exponent = GUINT16_TO_LE (0x7c00);
  gsize n_bad = 0;

  for (gsize i = 0; i < tensor->n_values; i++)
    n_bad += (halves[i] & exponent) == exponent;
  return n_bad == 0;
}

/* The same for I8: what the smallest byte becomes is the largest. */
static bool
are_finite_bytes (const HearkenSafetensors *file, const HearkenTensor *tensor)
{
  const HearkenTensor *scales = find_scales (file, tensor, NULL);

  for (gsize i = 0; scales != NULL && i < scales->n_values; i++)
    if (!isfinite (read_f32 (scales, i) * G_MININT8))
      return false;
  return scales != NULL;
}

bool
hearken_safetensors_check_values (
    const HearkenSafetensors *file, const HearkenTensor *tensor, GError **error)
{
  if ((tensor->dtype == HEARKEN_DTYPE_F16 && are_finite_halves (tensor)) ||
      (tensor->dtype == HEARKEN_DTYPE_I8 && are_finite_bytes (file, tensor)))
    return true;
  return read_values (file, tensor, NULL, error);
}

float *
hearken_safetensors_dup_floats (
    const HearkenSafetensors *file, const HearkenTensor *tensor, GError **error)
{
  g_autofree float *values = g_new (float, MAX (tensor->n_values, 1));

  return read_values (file, tensor, values, error) ? g_steal_pointer (&values) : NULL;
}
