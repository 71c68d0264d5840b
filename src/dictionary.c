/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A dictionary has hundreds of thousands of lines, and is read while somebody waits. So there is no
 * allocation for a line, and the few phones are found in a table of those met last.
 */

#include "dictionary.h"

#include <string.h>

#include "language-text.h"
#include "letter-case.h"
#include "model-internal.h"
#include "words.h"

#define MAX_PHONES 1000        /* of a pronunciation */
#define MAX_PRONUNCIATIONS 255 /* of a word */
#define N_PHONES_MET 1024

typedef struct {
  guint32 first_token; /* into tokens */
  guint32 n_tokens;
  guint32 next; /* the word's next pronunciation + 1; 0: there is none */
} Pronunciation;

struct HearkenDictionary {
  HearkenWords *words;    /* in lower case */
  GArray *first;          /* of guint32: the first pronunciation of each word + 1 */
  GArray *tokens;         /* of guint16 */
  GArray *pronunciations; /* of Pronunciation */
};

/* A part of a line, hashed while it is looked for. */
typedef struct {
  const char *text;
  gsize n_bytes;
  guint32 hash;
} Field;

typedef struct {
  HearkenDictionary *dictionary;
  const char *name;
  guint line;
  GHashTable *tokens; /* text, the model's → token + 1 */
  GString *word;      /* of the line, in lower case */
  struct {
    Field field; /* as it was written */
    guint16 token;
  } met[N_PHONES_MET];        /* phones by hash */
  guint16 phones[MAX_PHONES]; /* of the line, [n_phones] */
  guint n_phones;
} Reader;

#define HASH_START 2166136261u

/* FNV-1a. */
static inline guint32
hash_byte (guint32 hash, char byte)
{
  return (hash ^ (guint8) byte) * 16777619u;
}

/* Takes the next field of a line off *@text. Returns: whether there was one, and no comment */
static bool
take_field (const char **text, const char *end, Field *field)
{
  const char *p = *text;
  guint32 hash = HASH_START;

  while (p < end && (guint8) *p <= ' ')
    p++;
  field->text = p;
  for (; p < end && (guint8) *p > ' '; p++)
    hash = hash_byte (hash, *p);
  field->n_bytes = p - field->text;
  field->hash = hash;
  *text = p;
  return field->n_bytes > 0 && *field->text != '#';
}

/* The phone as written, then in the other case; each without its stress then. Returns: the token + 1,
 * 0 if the model has none */
static guint
find_token (const Reader *reader, const Field *field)
{
  g_autofree char *written = g_strndup (field->text, field->n_bytes);
  g_autofree char *upper = hearken_text_to_upper (written);
  g_autofree char *lower = hearken_text_to_lower (written);
  char *const spellings[] = { written, upper, lower };
  guint token = 0;

  for (guint i = 0; i < G_N_ELEMENTS (spellings) && token == 0; i++)
    token = GPOINTER_TO_UINT (g_hash_table_lookup (reader->tokens, spellings[i]));
  if (!g_ascii_isdigit (field->text[field->n_bytes - 1]))
    return token;
  for (guint i = 0; i < G_N_ELEMENTS (spellings) && token == 0; i++) {
    spellings[i][strlen (spellings[i]) - 1] = '\0';
    token = GPOINTER_TO_UINT (g_hash_table_lookup (reader->tokens, spellings[i]));
  }
  return token;
}

static bool
add_phone (Reader *reader, const Field *field, GError **error)
{
  const guint i = (field->hash ^ field->hash >> 16) % N_PHONES_MET;
  const Field *met = &reader->met[i].field;

  if (met->hash != field->hash || met->n_bytes != field->n_bytes ||
      memcmp (met->text, field->text, field->n_bytes) != 0) {
    const guint token = find_token (reader, field);
    if (token == 0) {
      hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_WORD, reader->name, reader->line,
          "the model has no phone \"%.*s\"", (int) MIN (field->n_bytes, 100), field->text);
      return false;
    }
    reader->met[i].field = *field;
    reader->met[i].token = token - 1;
  }
  reader->phones[reader->n_phones++] = reader->met[i].token;
  return true;
}

/* Leaves out the number of a further pronunciation. */
static gsize
get_word_length (const Field *field)
{
  gsize n_digits = 0;

  if (field->text[field->n_bytes - 1] != ')')
    return field->n_bytes;
  while (
      n_digits + 3 < field->n_bytes && g_ascii_isdigit (field->text[field->n_bytes - 2 - n_digits]))
    n_digits++;
  if (n_digits == 0 || field->text[field->n_bytes - 2 - n_digits] != '(')
    return field->n_bytes;
  return field->n_bytes - 2 - n_digits;
}

static void
read_word (Reader *reader, const Field *field)
{
  g_string_truncate (reader->word, 0);
  g_string_append_len (reader->word, field->text, (gssize) get_word_length (field));
  for (char *c = reader->word->str; *c != '\0'; c++) {
    if ((*c & 0x80) != 0) {
      g_autofree char *lower = hearken_text_to_lower (reader->word->str);
      g_string_assign (reader->word, lower);
      break;
    }
    *c = g_ascii_tolower (*c);
  }
}

/* Adds the phones after the pronunciations that the word has, unless they are among them. Returns:
 * false if there are too many */
static bool
add_pronunciation (
    HearkenDictionary *dictionary, guint32 *link, const guint16 *phones, guint n_phones)
{
  const Pronunciation added = { dictionary->tokens->len, n_phones, 0 };

  for (guint n = 0; *link != 0; n++) {
    Pronunciation *other = &g_array_index (dictionary->pronunciations, Pronunciation, *link - 1);
    if (other->n_tokens == n_phones &&
        memcmp (&g_array_index (dictionary->tokens, guint16, other->first_token), phones,
            n_phones * sizeof (guint16)) == 0)
      return true;
    if (n + 1 == MAX_PRONUNCIATIONS)
      return false;
    link = &other->next;
  }
  *link = dictionary->pronunciations->len + 1;
  g_array_append_val (dictionary->pronunciations, added);
  g_array_append_vals (dictionary->tokens, phones, n_phones);
  return true;
}

static bool
read_phones (Reader *reader, const char *text, const char *end, GError **error)
{
  Field phone;

  reader->n_phones = 0;
  while (take_field (&text, end, &phone)) {
    if (reader->n_phones == MAX_PHONES) {
      hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, reader->name, reader->line,
          "a word of more than %d phones", MAX_PHONES);
      return false;
    }
    if (!add_phone (reader, &phone, error))
      return false;
  }
  if (reader->n_phones > 0)
    return true;
  hearken_language_text_fail (
      error, HEARKEN_LANGUAGE_ERROR_SYNTAX, reader->name, reader->line, "a word without phones");
  return false;
}

static bool
read_line (Reader *reader, const char *text, const char *end, GError **error)
{
  HearkenDictionary *dictionary = reader->dictionary;
  const guint32 none = 0;
  Field field;

  if (!take_field (&text, end, &field) ||
      (field.n_bytes >= 3 && memcmp (field.text, ";;;", 3) == 0))
    return true;
  if (!read_phones (reader, text, end, error))
    return false;
  read_word (reader, &field);
  const guint32 word = hearken_words_add (dictionary->words, reader->word->str);
  if (word == dictionary->first->len)
    g_array_append_val (dictionary->first, none);
  if (add_pronunciation (dictionary, &g_array_index (dictionary->first, guint32, word),
          reader->phones, reader->n_phones))
    return true;
  hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, reader->name, reader->line,
      "more than %d pronunciations of \"%.100s\"", MAX_PRONUNCIATIONS, reader->word->str);
  return false;
}

static bool
read_lines (Reader *reader, const char *text, GError **error)
{
  const char *end;

  for (reader->line = 1; *text != '\0'; reader->line++) {
    end = text + strcspn (text, "\n");
    if (!read_line (reader, text, end, error))
      return false;
    text = *end == '\0' ? end : end + 1;
  }
  if (reader->dictionary->pronunciations->len > 0)
    return true;
  g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX,
      "%s: a dictionary without a word", reader->name);
  return false;
}

static GHashTable *
collect_tokens (const HearkenModel *model)
{
  GHashTable *tokens = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < MIN (model->n_tokens, G_MAXUINT16); i++)
    if (*model->tokens[i] != '\0' && (model->task != HEARKEN_TASK_CTC || i != model->blank))
      g_hash_table_insert (tokens, model->tokens[i], GUINT_TO_POINTER (i + 1));
  return tokens;
}

static HearkenDictionary *
dictionary_new (void)
{
  HearkenDictionary *dictionary = g_new0 (HearkenDictionary, 1);

  dictionary->words = hearken_words_new ();
  dictionary->first = g_array_new (FALSE, FALSE, sizeof (guint32));
  dictionary->tokens = g_array_new (FALSE, FALSE, sizeof (guint16));
  dictionary->pronunciations = g_array_new (FALSE, FALSE, sizeof (Pronunciation));
  return dictionary;
}

HearkenDictionary *
hearken_dictionary_new_from_text (
    const char *text, const char *name, const HearkenModel *model, GError **error)
{
  g_autoptr (HearkenDictionary) dictionary = NULL;
  g_autoptr (GHashTable) tokens = NULL;

  if (!hearken_language_text_check (text, strlen (text), name, error))
    return NULL;
  dictionary = dictionary_new ();
  tokens = collect_tokens (model);
  g_autofree Reader *reader = g_new0 (Reader, 1);
  *reader = (Reader){ .dictionary = dictionary, .name = name, .tokens = tokens };
  reader->word = g_string_new (NULL);
  const bool ok = read_lines (reader, text, error);
  g_string_free (reader->word, TRUE);
  return ok ? g_steal_pointer (&dictionary) : NULL;
}

HearkenDictionary *
hearken_dictionary_load (const char *path, const HearkenModel *model, GError **error)
{
  g_autofree char *text = hearken_language_text_load (path, HEARKEN_DICTIONARY_MAX_BYTES, error);
  g_autofree char *name = g_filename_display_name (path);

  return text != NULL ? hearken_dictionary_new_from_text (text, name, model, error) : NULL;
}

void
hearken_dictionary_free (HearkenDictionary *dictionary)
{
  if (dictionary == NULL)
    return;
  hearken_words_free (dictionary->words);
  g_array_unref (dictionary->first);
  g_array_unref (dictionary->tokens);
  g_array_unref (dictionary->pronunciations);
  g_free (dictionary);
}

guint
hearken_dictionary_look_up (const HearkenDictionary *dictionary, const char *word,
    HearkenPronunciationFunc take, gpointer data)
{
  g_autofree char *lower = hearken_text_to_lower (word);
  const guint32 number = hearken_words_find (dictionary->words, lower);
  guint n = 0;

  if (number == HEARKEN_NO_WORD)
    return 0;
  guint32 next = g_array_index (dictionary->first, guint32, number);
  for (; next != 0; n++) {
    const Pronunciation *found =
        &g_array_index (dictionary->pronunciations, Pronunciation, next - 1);
    take (&g_array_index (dictionary->tokens, guint16, found->first_token), found->n_tokens, data);
    next = found->next;
  }
  return n;
}
