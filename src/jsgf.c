/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "jsgf.h"

#include <string.h>

#include "jsgf-scanner.h"
#include "language-text.h"

#define MAX_DEPTH 100 /* of brackets in brackets */

typedef struct {
  HearkenJsgfScanner scanner;
  HearkenJsgf *jsgf;
  guint depth;
} Parser;

static HearkenJsgfNode *parse_alternatives (Parser *parser, GError **error);

static void
free_node (gpointer data)
{
  HearkenJsgfNode *node = data;

  g_free (node->text);
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_free (node);
}

static void
free_rule (gpointer data)
{
  HearkenJsgfRule *rule = data;

  g_free (rule->name);
  g_free (rule);
}

void
hearken_jsgf_free (HearkenJsgf *jsgf)
{
  if (jsgf == NULL)
    return;
  g_free (jsgf->file);
  g_free (jsgf->name);
  g_hash_table_unref (jsgf->named);
  g_ptr_array_unref (jsgf->rules);
  g_ptr_array_unref (jsgf->nodes);
  g_free (jsgf);
}

static HearkenJsgf *
jsgf_new (const char *file)
{
  HearkenJsgf *jsgf = g_new0 (HearkenJsgf, 1);

  jsgf->file = g_strdup (file);
  jsgf->rules = g_ptr_array_new_with_free_func (free_rule);
  jsgf->named = g_hash_table_new (g_str_hash, g_str_equal);
  jsgf->nodes = g_ptr_array_new_with_free_func (free_node);
  return jsgf;
}

/* @text: copied, nullable. @child: the first, nullable. */
static HearkenJsgfNode *
add_node (Parser *parser, HearkenJsgfKind kind, const char *text, HearkenJsgfNode *child)
{
  HearkenJsgfNode *node = g_new0 (HearkenJsgfNode, 1);

  *node = (HearkenJsgfNode){
    .kind = kind, .line = parser->scanner.token.line, .text = g_strdup (text), .weight = 1
  };
  g_ptr_array_add (parser->jsgf->nodes, node);
  if (child != NULL) {
    node->children = g_ptr_array_new ();
    g_ptr_array_add (node->children, child);
  }
  return node;
}

G_GNUC_PRINTF (3, 4)
static gpointer
fail (const Parser *parser, GError **error, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, parser->jsgf->file,
      parser->scanner.token.line, "%s", reason);
  return NULL;
}

static bool
is_sign (const Parser *parser, char sign)
{
  return parser->scanner.token.kind == HEARKEN_JSGF_TOKEN_SIGN &&
         parser->scanner.token.sign == sign;
}

static bool
is_word (const Parser *parser, const char *word)
{
  return parser->scanner.token.kind == HEARKEN_JSGF_TOKEN_WORD &&
         g_str_equal (parser->scanner.token.text->str, word);
}

static bool
advance (Parser *parser, GError **error)
{
  return hearken_jsgf_scanner_advance (&parser->scanner, error);
}

/* Takes a sign that must come next. */
static bool
take_sign (Parser *parser, char sign, GError **error)
{
  if (is_sign (parser, sign))
    return advance (parser, error);
  fail (parser, error, "“%c” was expected", sign);
  return false;
}

/* Returns: (transfer full): the name that is next, which is not taken */
static char *
get_name (const Parser *parser, GError **error)
{
  g_autofree char *name = g_strdup (parser->scanner.token.text->str);

  g_strstrip (name);
  if (*name == '\0' || strpbrk (name, " \t\r\v\f<") != NULL)
    return fail (parser, error, "“<%s>” is no name of a rule", name);
  return g_steal_pointer (&name);
}

static HearkenJsgfNode *
parse_reference (Parser *parser, GError **error)
{
  g_autofree char *name = get_name (parser, error);

  if (name == NULL)
    return NULL;
  if (g_str_equal (name, "NULL"))
    return add_node (parser, HEARKEN_JSGF_NOTHING, NULL, NULL);
  if (g_str_equal (name, "VOID"))
    return add_node (parser, HEARKEN_JSGF_NEVER, NULL, NULL);
  return add_node (parser, HEARKEN_JSGF_RULE, name, NULL);
}

/* Several words between quotes are said one after the other. */
static HearkenJsgfNode *
parse_quoted (Parser *parser, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (parser->scanner.token.text->str, " \t\r\n\v\f", -1);
  HearkenJsgfNode *sequence = NULL;

  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0')
      continue;
    HearkenJsgfNode *word = add_node (parser, HEARKEN_JSGF_WORD, words[i], NULL);
    if (sequence == NULL)
      sequence = add_node (parser, HEARKEN_JSGF_SEQUENCE, NULL, word);
    else
      g_ptr_array_add (sequence->children, word);
  }
  return sequence != NULL ? sequence : fail (parser, error, "quotes without a word between them");
}

/* The expansion in brackets, up to the closing one. */
static HearkenJsgfNode *
parse_brackets (Parser *parser, GError **error)
{
  const bool is_optional = is_sign (parser, '[');
  const char closing = is_optional ? ']' : ')';

  if (++parser->depth > MAX_DEPTH)
    return fail (parser, error, "more than %d brackets in each other", MAX_DEPTH);
  if (!advance (parser, error))
    return NULL;
  HearkenJsgfNode *inside = parse_alternatives (parser, error);
  if (inside == NULL)
    return NULL;
  if (!is_sign (parser, closing))
    return fail (parser, error, "“%c” was expected", closing);
  parser->depth--;
  return is_optional ? add_node (parser, HEARKEN_JSGF_OPTIONAL, NULL, inside) : inside;
}

static HearkenJsgfNode *
parse_operand (Parser *parser, GError **error)
{
  switch (parser->scanner.token.kind) {
  case HEARKEN_JSGF_TOKEN_WORD:
    return add_node (parser, HEARKEN_JSGF_WORD, parser->scanner.token.text->str, NULL);
  case HEARKEN_JSGF_TOKEN_QUOTED:
    return parse_quoted (parser, error);
  case HEARKEN_JSGF_TOKEN_NAME:
    return parse_reference (parser, error);
  case HEARKEN_JSGF_TOKEN_TAG:
    return fail (parser, error, "a tag with nothing before it");
  case HEARKEN_JSGF_TOKEN_WEIGHT:
    return fail (parser, error, "a weight that is not at the beginning of an alternative");
  case HEARKEN_JSGF_TOKEN_END:
    return fail (parser, error, "the grammar ends within a rule");
  case HEARKEN_JSGF_TOKEN_SIGN:
    if (is_sign (parser, '(') || is_sign (parser, '['))
      return parse_brackets (parser, error);
    break;
  }
  return fail (
      parser, error, "“%c” where words or a rule were expected", parser->scanner.token.sign);
}

/* An operand and what follows it: "*", "+" and tags. */
static HearkenJsgfNode *
parse_item (Parser *parser, GError **error)
{
  HearkenJsgfNode *node = parse_operand (parser, error);
  guint n_operators = 0;

  while (node != NULL && advance (parser, error)) {
    if (is_sign (parser, '*'))
      node = add_node (parser, HEARKEN_JSGF_ANY_TIMES, NULL, node);
    else if (is_sign (parser, '+'))
      node = add_node (parser, HEARKEN_JSGF_SOME_TIMES, NULL, node);
    else if (parser->scanner.token.kind == HEARKEN_JSGF_TOKEN_TAG)
      node = add_node (parser, HEARKEN_JSGF_TAGGED, parser->scanner.token.text->str, node);
    else
      return node;
    if (++n_operators > MAX_DEPTH)
      return fail (parser, error, "more than %d tags, “*” and “+” in a row", MAX_DEPTH);
  }
  return NULL;
}

static bool
ends_sequence (const Parser *parser)
{
  return parser->scanner.token.kind == HEARKEN_JSGF_TOKEN_SIGN &&
         strchr ("|;)]=", parser->scanner.token.sign) != NULL;
}

static HearkenJsgfNode *
parse_sequence (Parser *parser, GError **error)
{
  HearkenJsgfNode *first = parse_item (parser, error);
  HearkenJsgfNode *sequence = NULL;

  while (first != NULL && !ends_sequence (parser)) {
    HearkenJsgfNode *next = parse_item (parser, error);
    if (next == NULL)
      return NULL;
    if (sequence == NULL)
      sequence = add_node (parser, HEARKEN_JSGF_SEQUENCE, NULL, first);
    g_ptr_array_add (sequence->children, next);
  }
  return sequence != NULL ? sequence : first;
}

static HearkenJsgfNode *
parse_alternatives (Parser *parser, GError **error)
{
  HearkenJsgfNode *alternatives = NULL;
  double total = 0;

  do {
    double weight = 1;
    if (alternatives != NULL && !advance (parser, error)) /* past the "|" */
      return NULL;
    if (parser->scanner.token.kind == HEARKEN_JSGF_TOKEN_WEIGHT) {
      weight = parser->scanner.token.number;
      if (!advance (parser, error))
        return NULL;
    }
    HearkenJsgfNode *node = parse_sequence (parser, error);
    if (node == NULL)
      return NULL;
    node->weight = weight;
    total += weight;
    if (alternatives == NULL)
      alternatives = add_node (parser, HEARKEN_JSGF_ALTERNATIVES, NULL, node);
    else
      g_ptr_array_add (alternatives->children, node);
  } while (is_sign (parser, '|'));
  if (total > 0 && total <= G_MAXDOUBLE)
    return alternatives;
  return fail (parser, error, "weights that sum to %s", total > 0 ? "infinity" : "0");
}

static bool
parse_rule (Parser *parser, GError **error)
{
  g_autofree char *name = NULL;
  HearkenJsgfRule *rule;
  const bool is_public = is_word (parser, "public");

  if (is_public && !advance (parser, error))
    return false;
  if (parser->scanner.token.kind != HEARKEN_JSGF_TOKEN_NAME) {
    fail (parser, error, "a rule was expected: <name> = words;");
    return false;
  }
  if ((name = get_name (parser, error)) == NULL)
    return false;
  rule = g_hash_table_lookup (parser->jsgf->named, name);
  if (rule != NULL || g_str_equal (name, "NULL") || g_str_equal (name, "VOID")) {
    fail (parser, error, "<%s> is defined already", name);
    return false;
  }
  rule = g_new0 (HearkenJsgfRule, 1);
  rule->line = parser->scanner.token.line;
  rule->name = g_steal_pointer (&name);
  rule->is_public = is_public;
  g_ptr_array_add (parser->jsgf->rules, rule);
  g_hash_table_insert (parser->jsgf->named, rule->name, rule);
  if (!advance (parser, error) || !take_sign (parser, '=', error))
    return false;
  rule->node = parse_alternatives (parser, error);
  return rule->node != NULL && take_sign (parser, ';', error);
}

/* "#JSGF V1.0 UTF-8 en;": the encoding does not matter, since the text is UTF-8 in any case. */
static bool
parse_header (Parser *parser, GError **error)
{
  const char *text = parser->scanner.next;
  const gsize n_bytes = strcspn (text, ";\n");
  g_autofree char *header = g_strndup (text, n_bytes);
  g_auto (GStrv) fields = g_strsplit_set (header, " \t\r", -1);
  const char *version = NULL;

  for (guint i = 1; fields[0] != NULL && fields[i] != NULL && version == NULL; i++)
    version = *fields[i] != '\0' ? fields[i] : NULL;
  parser->scanner.token.line = 1;
  if (!g_str_equal (fields[0], HEARKEN_JSGF_MAGIC))
    fail (parser, error, "a grammar begins with " HEARKEN_JSGF_MAGIC);
  else if (text[n_bytes] != ';')
    fail (parser, error, "the first line must end with “;”: " HEARKEN_JSGF_MAGIC " V1.0;");
  else if (version != NULL && g_ascii_strncasecmp (version, "V1.", 3) != 0)
    fail (parser, error, "“%s” is no version of JSGF that is known", version);
  else
    return parser->scanner.next += n_bytes + 1, advance (parser, error);
  return false;
}

static bool
parse_declaration (Parser *parser, GError **error)
{
  if (!is_word (parser, "grammar")) {
    fail (parser, error, "“grammar NAME;” was expected");
    return false;
  }
  if (!advance (parser, error))
    return false;
  if (parser->scanner.token.kind != HEARKEN_JSGF_TOKEN_WORD) {
    fail (parser, error, "the name of the grammar was expected");
    return false;
  }
  parser->jsgf->name = g_strdup (parser->scanner.token.text->str);
  return advance (parser, error) && take_sign (parser, ';', error);
}

static bool
parse_rules (Parser *parser, GError **error)
{
  while (parser->scanner.token.kind != HEARKEN_JSGF_TOKEN_END) {
    if (is_word (parser, "import")) {
      if (advance (parser, error))
        fail (parser, error, "imports are not supported: <%s>", parser->scanner.token.text->str);
      return false;
    }
    if (!parse_rule (parser, error))
      return false;
  }
  return true;
}

HearkenJsgf *
hearken_jsgf_parse (const char *text, const char *file, GError **error)
{
  g_autoptr (HearkenJsgf) jsgf = jsgf_new (file);
  Parser parser = { .jsgf = jsgf };
  bool success;

  hearken_jsgf_scanner_init (&parser.scanner, text, file);
  success = parse_header (&parser, error) && parse_declaration (&parser, error) &&
            parse_rules (&parser, error);
  hearken_jsgf_scanner_clear (&parser.scanner);
  return success ? g_steal_pointer (&jsgf) : NULL;
}
