/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "caption-shape.h"
#include "format.h"

/* Between the head of a record and what is heard. A string cannot hold it, since quotes in strings follow a
 * backslash. */
#define UTTERANCES ", \"utterances\": ["
#define END "] }"

#define MAX_DEPTH 16      /* a record has 5 levels */
#define MAX_SECONDS 9.2e9 /* in nanoseconds, a time of GStreamer's */

void
tool_record_clear (ToolRecord *record)
{
  g_clear_pointer (&record->file, g_free);
  g_clear_pointer (&record->by, g_free);
  g_clear_pointer (&record->error, g_free);
  g_clear_pointer (&record->utterances, g_ptr_array_unref);
}

/* @value: nullable: no member then */
static void
append_string (GString *out, const char *name, const char *value)
{
  if (!value)
    return;
  g_string_append_printf (out, ", \"%s\": ", name);
  caption_json_append_string (out, value);
}

/* Appends the members up to the utterances. */
static void
append_head (GString *out, const ToolRecord *record)
{
  g_string_append (out, "{ \"file\": ");
  caption_json_append_string (out, record->file);
  if (record->size >= 0)
    g_string_append_printf (out, ", \"size\": %" G_GINT64_FORMAT ", \"mtime\": %" G_GINT64_FORMAT,
        record->size, record->mtime);
  if (record->part.count > 1)
    g_string_append_printf (
        out, ", \"part\": \"%" TOOL_SHARE_FORMAT "\"", record->part.index, record->part.count);
  g_string_append (out, ", \"seconds\": ");
  caption_json_append_number (out, record->seconds, CAPTION_JSON_ROUNDED);
  append_string (out, "by", record->by);
  append_string (out, "error", record->error);
}

void
tool_record_append (GString *out, const ToolRecord *record)
{
  append_head (out, record);
  g_string_append (out, UTTERANCES);
  for (guint i = 0; i < record->utterances->len; i++) {
    g_string_append (out, i > 0 ? ", { " : " { ");
    tool_json_append_utterance (out, g_ptr_array_index (record->utterances, i), CAPTION_JSON_EXACT);
    g_string_append (out, " }");
  }
  g_string_append (out, " " END "\n");
}

/* Reading */

/* The getters give a default where there is no such member, or not of that type, and nothing that is out of
 * range. */

static JsonNode *
get_value (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/* Returns: 0 by default */
static double
get_number (JsonObject *object, const char *name, double max)
{
  JsonNode *node = get_value (object, name);

  return node ? CLAMP (json_node_get_double (node), 0, max) : 0;
}

static gint64
get_integer (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = get_value (object, name);

  return node ? json_node_get_int (node) : otherwise;
}

static gboolean
get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);

  return node && json_node_get_boolean (node);
}

/* The parser makes of half a surrogate pair what is no UTF-8. Returns: (transfer full) (nullable) */
static char *
get_string_of (JsonNode *node)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return text ? g_utf8_make_valid (text, -1) : NULL;
}

/* Returns: (transfer full) (nullable) */
static char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node ? get_string_of (node) : NULL;
}

static void
get_span (JsonObject *object, GstClockTime *start, GstClockTime *end)
{
  *start = (GstClockTime) (get_number (object, "start", MAX_SECONDS) * GST_SECOND + 0.5);
  *end = (GstClockTime) (get_number (object, "end", MAX_SECONDS) * GST_SECOND + 0.5);
  *end = MAX (*start, *end);
}

static double
get_confidence (JsonObject *object)
{
  return get_number (object, "confidence", 1);
}

/* Returns: (transfer full) */
static char *
get_text (JsonObject *object)
{
  g_autofree char *text = get_string (object, "text");

  return caption_text_new (text ? text : "");
}

/* Calls @add for what is in a list. */
static void
for_each (JsonObject *object, const char *name, JsonArrayForeach add, gpointer data)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node && JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), add, data);
}

static JsonObject *
get_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
add_word (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  ToolUtterance *utterance = data;
  JsonObject *object = get_object (node);
  g_autofree char *text = object ? get_text (object) : NULL;
  GstClockTime start, end;

  if (!text)
    return;
  get_span (object, &start, &end);
  g_ptr_array_add (utterance->words, tool_word_new (text, get_confidence (object), start, end));
}

static void
add_alternative (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  ToolUtterance *utterance = data;
  JsonObject *object = get_object (node);
  ToolAlternative *alternative;

  if (!object)
    return;
  alternative = g_new (ToolAlternative, 1);
  *alternative = (ToolAlternative){ get_text (object), get_confidence (object) };
  g_ptr_array_add (utterance->alternatives, alternative);
}

static void
add_tag (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  ToolUtterance *utterance = data;
  char *tag = get_string_of (node);

  if (tag)
    g_ptr_array_add (utterance->tags, tag);
}

static void
add_utterance (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  JsonObject *object = get_object (node);
  ToolUtterance *utterance;

  if (!object)
    return;
  utterance = tool_utterance_new ();
  utterance->text = get_text (object);
  utterance->confidence = get_confidence (object);
  get_span (object, &utterance->start, &utterance->end);
  utterance->end_reason = get_string (object, "end-reason");
  utterance->is_rejected = get_boolean (object, "rejected");
  for_each (object, "words", add_word, utterance);
  for_each (object, "alternatives", add_alternative, utterance);
  for_each (object, "tags", add_tag, utterance);
  g_ptr_array_add (data, utterance);
}

/* Returns: whether it is what a record's head is */
static gboolean
take_head (JsonObject *object, ToolRecord *record)
{
  g_autofree char *part = get_string (object, "part");

  record->file = get_string (object, "file");
  record->size = get_integer (object, "size", -1);
  record->mtime = get_integer (object, "mtime", 0);
  record->seconds = get_number (object, "seconds", MAX_SECONDS);
  record->by = get_string (object, "by");
  record->error = get_string (object, "error");
  record->part = (ToolShare){ 0, 1 };
  return record->file && (!part || tool_share_parse (part, &record->part));
}

/* Whether it has one object, not nested deeper than records are. The parser calls itself for each level, and its
 * stack has an end; of two values it loses one; and it takes comments, where a quote begins no string. */
static gboolean
is_plain (const char *text, gsize n_bytes)
{
  gboolean is_in_string = FALSE, has_ended = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < n_bytes && depth <= MAX_DEPTH; i++) {
    char c = text[i];

    if (g_ascii_isspace (c))
      continue;
    if (has_ended || (depth == 0 && c != '{'))
      return FALSE;
    if (c == '"')
      is_in_string = !is_in_string;
    else if (is_in_string)
      i += c == '\\';
    else if (c == '[' || c == '{')
      depth++;
    else if (c == ']' || c == '}')
      has_ended = --depth == 0;
    else if (!g_ascii_isalnum (c) && !strchr (":,.+-", c))
      return FALSE;
  }
  return has_ended;
}

/* Returns: (transfer full) (nullable): a parser whose root is an object */
static JsonParser *
parse_object (const char *text, gsize n_bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;

  if (!is_plain (text, n_bytes) || !json_parser_load_from_data (parser, text, n_bytes, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&parser) : NULL;
}

gboolean
tool_record_parse (const char *line, gsize n_bytes, ToolRecord *record)
{
  g_autoptr (JsonParser) parser = parse_object (line, n_bytes);
  JsonObject *object = parser ? json_node_get_object (json_parser_get_root (parser)) : NULL;

  *record = (ToolRecord){ 0 };
  if (!object || !take_head (object, record) || !json_object_has_member (object, "utterances")) {
    tool_record_clear (record);
    return FALSE;
  }
  record->utterances = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_utterance_free);
  for_each (object, "utterances", add_utterance, record->utterances);
  return TRUE;
}

gboolean
tool_record_parse_head (const char *line, gsize n_bytes, ToolRecord *record)
{
  const char *rest = g_strstr_len (line, n_bytes, UTTERANCES);
  g_autofree char *head = rest ? g_strdup_printf ("%.*s }", (int) (rest - line), line) : NULL;
  g_autoptr (JsonParser) parser = NULL;

  *record = (ToolRecord){ 0 };
  if (!head || strlen (line) != n_bytes || !g_str_has_suffix (line, END))
    return FALSE;
  parser = parse_object (head, strlen (head));
  if (parser && take_head (json_node_get_object (json_parser_get_root (parser)), record))
    return TRUE;
  tool_record_clear (record);
  return FALSE;
}
