/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "json.h"

#include <math.h>
#include <string.h>

#include "model.h"

#define MAX_DEPTH 16
#define MAX_VALUES (1 << 20) /* bounds the memory of the tree, far over any real header */
#define MAX_DIGITS 18        /* of an integer: it fits 64 bits */

/*
 * json-glib recurses without limit, takes comments, octal numbers and other things that are no
 * JSON, lets integers overflow and the last of two equal names win. So the text is checked first.
 */
typedef struct {
  const char *at; /* in UTF-8 without NUL */
  const char *end;
  guint n_values;
  const char *fault;
} Scanner;

static bool scan_value (Scanner *scanner, guint depth);

static bool
fail (Scanner *scanner, const char *fault)
{
  if (scanner->fault == NULL)
    scanner->fault = fault;
  return false;
}

static void
skip_space (Scanner *scanner)
{
  while (scanner->at < scanner->end && strchr (" \t\r\n", *scanner->at) != NULL)
    scanner->at++;
}

static bool
accept (Scanner *scanner, char c)
{
  if (scanner->at >= scanner->end || *scanner->at != c)
    return false;
  scanner->at++;
  return true;
}

static bool
accept_word (Scanner *scanner, const char *word)
{
  const gsize length = strlen (word);

  if ((gsize) (scanner->end - scanner->at) < length || memcmp (scanner->at, word, length) != 0)
    return false;
  scanner->at += length;
  return true;
}

static gsize
skip_digits (Scanner *scanner)
{
  const char *start = scanner->at;

  while (scanner->at < scanner->end && g_ascii_isdigit (*scanner->at))
    scanner->at++;
  return (gsize) (scanner->at - start);
}

static bool
scan_number (Scanner *scanner)
{
  accept (scanner, '-');
  const bool starts_with_zero = scanner->at < scanner->end && *scanner->at == '0';
  const gsize n_digits = skip_digits (scanner);

  if (n_digits == 0)
    return fail (scanner, "a value is missing");
  if (starts_with_zero && n_digits > 1)
    return fail (scanner, "a number starts with 0");
  if (n_digits > MAX_DIGITS)
    return fail (scanner, "a number is too large");
  if (accept (scanner, '.') && skip_digits (scanner) == 0)
    return fail (scanner, "digits are missing after a decimal point");
  if (accept (scanner, 'e') || accept (scanner, 'E')) {
    if (!accept (scanner, '+'))
      accept (scanner, '-');
    if (skip_digits (scanner) == 0)
      return fail (scanner, "digits are missing in an exponent");
  }
  return true;
}

/* After \u. Returns: the code unit, 0 (which is refused too) if there are no four digits */
static guint
scan_code_unit (Scanner *scanner)
{
  guint unit = 0;

  for (int i = 0; i < 4; i++) {
    if (scanner->at >= scanner->end || !g_ascii_isxdigit (*scanner->at))
      return 0;
    unit = unit * 16 + (guint) g_ascii_xdigit_value (*scanner->at++);
  }
  return unit;
}

static bool
scan_escape (Scanner *scanner)
{
  if (!accept (scanner, 'u')) {
    if (scanner->at >= scanner->end || strchr ("\"\\/bfnrt", *scanner->at++) == NULL)
      return fail (scanner, "a string has an unknown escape");
    return true;
  }
  const guint unit = scan_code_unit (scanner);
  if (unit == 0 || (unit >= 0xdc00 && unit < 0xe000))
    return fail (scanner, "a string has an invalid \\u escape");
  if (unit < 0xd800 || unit >= 0xe000)
    return true;
  const guint low = accept_word (scanner, "\\u") ? scan_code_unit (scanner) : 0;
  if (low < 0xdc00 || low >= 0xe000)
    return fail (scanner, "a string has half a surrogate pair");
  return true;
}

static bool
scan_string (Scanner *scanner)
{
  if (!accept (scanner, '"'))
    return fail (scanner, "a name in double quotes is missing");
  while (!accept (scanner, '"')) {
    if (scanner->at >= scanner->end)
      return fail (scanner, "a string does not end");
    const guchar c = (guchar) *scanner->at++;
    if (c < 0x20)
      return fail (scanner, "a string has a control character");
    if (c == '\\' && !scan_escape (scanner))
      return false;
  }
  return true;
}

static bool
scan_members (Scanner *scanner, guint depth, bool named, char close)
{
  skip_space (scanner);
  if (accept (scanner, close))
    return true;
  do {
    if (named) {
      skip_space (scanner);
      if (!scan_string (scanner))
        return false;
      skip_space (scanner);
      if (!accept (scanner, ':'))
        return fail (scanner, "a colon is missing");
    }
    if (!scan_value (scanner, depth + 1))
      return false;
  } while (accept (scanner, ','));
  if (!accept (scanner, close))
    return fail (scanner, "an object or array does not end");
  return true;
}

static bool
scan_value (Scanner *scanner, guint depth)
{
  bool ok;

  if (depth >= MAX_DEPTH)
    return fail (scanner, "it is nested too deeply");
  if (++scanner->n_values > MAX_VALUES)
    return fail (scanner, "it has too many values");
  skip_space (scanner);
  if (accept (scanner, '{'))
    ok = scan_members (scanner, depth, true, '}');
  else if (accept (scanner, '['))
    ok = scan_members (scanner, depth, false, ']');
  else if (scanner->at < scanner->end && *scanner->at == '"')
    ok = scan_string (scanner);
  else
    ok = accept_word (scanner, "true") || accept_word (scanner, "false") ||
         accept_word (scanner, "null") || scan_number (scanner);
  skip_space (scanner);
  return ok;
}

static bool
check_syntax (const char *text, gsize n_bytes, int code, GError **error)
{
  Scanner scanner = { .at = text, .end = text + n_bytes };

  if (!g_utf8_validate_len (text, n_bytes, NULL)) {
    g_set_error (error, HEARKEN_MODEL_ERROR, code, "not valid JSON: it is not UTF-8");
    return false;
  }
  if (scan_value (&scanner, 0) && scanner.at < scanner.end)
    fail (&scanner, "something follows its end");
  if (scanner.fault == NULL)
    return true;
  g_set_error (error, HEARKEN_MODEL_ERROR, code,
      "not valid JSON: %s, at byte %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, scanner.fault,
      (gsize) (scanner.at - text), n_bytes);
  return false;
}

typedef struct {
  GHashTable *seen; /* "object address/name" */
  char *duplicate;
} Names;

static void
note_name (JsonParser *parser, JsonObject *object, const char *name, gpointer user_data)
{
  Names *names = user_data;

  if (!g_hash_table_add (names->seen, g_strdup_printf ("%p/%s", (void *) object, name)) &&
      names->duplicate == NULL)
    names->duplicate = g_strdup (name);
}

JsonNode *
hearken_json_parse (const char *text, gsize n_bytes, int code, GError **error)
{
  JsonNode *root = NULL;

  if (!check_syntax (text, n_bytes, code, error))
    return NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;
  Names names = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), NULL };
  g_signal_connect (parser, "object-member", G_CALLBACK (note_name), &names);
  if (!json_parser_load_from_data (parser, text, (gssize) n_bytes, &parse_error))
    g_set_error (error, HEARKEN_MODEL_ERROR, code, "not valid JSON: %s", parse_error->message);
  else if (names.duplicate != NULL)
    g_set_error (error, HEARKEN_MODEL_ERROR, code, "the name '%s' is given twice", names.duplicate);
  else
    root = json_parser_steal_root (parser);
  g_hash_table_unref (names.seen);
  g_free (names.duplicate);
  return root;
}

void
hearken_fields_init (HearkenFields *fields, const char *where, JsonNode *node)
{
  fields->where = g_strdup (where);
  fields->known = g_hash_table_new (g_str_hash, g_str_equal);
  fields->error = NULL;
  fields->object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
  if (fields->object == NULL)
    fields->object = json_object_new ();
  if (!JSON_NODE_HOLDS_OBJECT (node))
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA, "it must be a JSON object");
}

void
hearken_fields_init_member (HearkenFields *fields, HearkenFields *parent, const char *name)
{
  g_autofree char *where = g_strdup_printf ("%s.%s", parent->where, name);
  g_autoptr (JsonNode) empty = json_node_init_object (json_node_alloc (), NULL);

  if (hearken_fields_has (parent, name))
    hearken_fields_init (fields, where, hearken_fields_get_node (parent, name));
  else
    hearken_fields_init (fields, where, empty);
}

void
hearken_fields_finish_member (HearkenFields *fields, HearkenFields *parent)
{
  g_autoptr (GError) error = NULL;

  if (!hearken_fields_finish (fields, &error) && parent->error == NULL)
    parent->error = g_steal_pointer (&error);
}

static void
find_unknown (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  HearkenFields *fields = user_data;

  if (!g_hash_table_contains (fields->known, name))
    hearken_fields_fail (
        fields, HEARKEN_MODEL_ERROR_METADATA, "there is no setting of the name '%s'", name);
}

bool
hearken_fields_finish (HearkenFields *fields, GError **error)
{
  json_object_foreach_member (fields->object, find_unknown, fields);
  const bool ok = fields->error == NULL;
  if (!ok)
    g_propagate_error (error, fields->error);
  json_object_unref (fields->object);
  g_hash_table_unref (fields->known);
  g_free (fields->where);
  return ok;
}

void
hearken_fields_fail (HearkenFields *fields, int code, const char *format, ...)
{
  va_list arguments;

  if (fields->error != NULL)
    return;
  va_start (arguments, format);
  fields->error = g_error_new_valist (HEARKEN_MODEL_ERROR, code, format, arguments);
  va_end (arguments);
  g_prefix_error (&fields->error, "%s: ", fields->where);
}

JsonNode *
hearken_fields_get_node (HearkenFields *fields, const char *name)
{
  g_hash_table_add (fields->known, (char *) name);
  return json_object_get_member (fields->object, name);
}

bool
hearken_fields_has (HearkenFields *fields, const char *name)
{
  JsonNode *node = hearken_fields_get_node (fields, name);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

static bool
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

double
hearken_fields_get_number (
    HearkenFields *fields, const char *name, double otherwise, double min, double max)
{
  JsonNode *node = hearken_fields_get_node (fields, name);

  if (node == NULL)
    return otherwise;
  if (!holds (node, G_TYPE_INT64) && !holds (node, G_TYPE_DOUBLE)) {
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA, "'%s' must be a number", name);
    return otherwise;
  }
  const double value = json_node_get_double (node);
  if (value >= min && value <= max)
    return value;
  hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA,
      "'%s' is %g, but must be from %g to %g", name, value, min, max);
  return otherwise;
}

guint
hearken_fields_get_count (
    HearkenFields *fields, const char *name, guint otherwise, guint min, guint max)
{
  const double value = hearken_fields_get_number (fields, name, otherwise, min, max);

  if (value == floor (value))
    return (guint) value;
  hearken_fields_fail (
      fields, HEARKEN_MODEL_ERROR_METADATA, "'%s' is %g, but must be a whole number", name, value);
  return otherwise;
}

bool
hearken_fields_get_flag (HearkenFields *fields, const char *name, bool otherwise)
{
  JsonNode *node = hearken_fields_get_node (fields, name);

  if (node == NULL)
    return otherwise;
  if (holds (node, G_TYPE_BOOLEAN))
    return json_node_get_boolean (node);
  hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA, "'%s' must be true or false", name);
  return otherwise;
}

const char *
hearken_fields_get_string (HearkenFields *fields, const char *name, const char *otherwise)
{
  JsonNode *node = hearken_fields_get_node (fields, name);

  if (node != NULL && holds (node, G_TYPE_STRING))
    return json_node_get_string (node);
  if (node != NULL)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA, "'%s' must be a string", name);
  else if (otherwise == NULL)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_METADATA, "'%s' is missing", name);
  return otherwise != NULL ? otherwise : "";
}

guint
hearken_fields_get_choice (HearkenFields *fields, const char *name, const char *const *choices)
{
  const char *value = hearken_fields_get_string (fields, name, choices[0]);

  for (guint i = 0; choices[i] != NULL; i++)
    if (strcmp (value, choices[i]) == 0)
      return i;
  g_autofree char *list = g_strjoinv (", ", (char **) choices);
  hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_UNSUPPORTED,
      "'%s' is '%s', which is not supported; it can be one of: %s", name, value, list);
  return 0;
}

void
hearken_fields_insist_number (
    HearkenFields *fields, const char *name, double value, const char *why)
{
  if (hearken_fields_get_number (fields, name, value, -G_MAXDOUBLE, G_MAXDOUBLE) != value)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_UNSUPPORTED,
        "'%s' other than %g is not supported: %s", name, value, why);
}

void
hearken_fields_insist_flag (HearkenFields *fields, const char *name, bool value, const char *why)
{
  if (hearken_fields_get_flag (fields, name, value) != value)
    hearken_fields_fail (fields, HEARKEN_MODEL_ERROR_UNSUPPORTED,
        "'%s' other than %s is not supported: %s", name, value ? "true" : "false", why);
}
