/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "words.h"

#include <stdbool.h>
#include <string.h>

#include "digest.h"
#include "letter-case.h"

#define MIN_SLOTS 64

/* A place in the hash table; the hash of a key saves most looks at the keys of others. */
typedef struct {
  guint32 hash;
  guint32 word; /* + 1; 0: free */
} Slot;

typedef struct {
  Slot *slots;     /* [n_slots] */
  guint32 n_slots; /* a power of 2, half as many again as words at least */
} Table;

struct HearkenWords {
  GString *texts; /* of all words, each with its NUL, and where case is ignored its key after it */
  GArray *begins; /* of guint32, into texts, by number */
  Table *table;   /* nullable: until a word is looked for */
  bool ignores_case; /* then a key is the text in lower case; else it is the text */
};

HearkenWords *
hearken_words_new (void)
{
  HearkenWords *words = g_new0 (HearkenWords, 1);

  words->texts = g_string_new (NULL);
  words->begins = g_array_new (FALSE, FALSE, sizeof (guint32));
  return words;
}

HearkenWords *
hearken_words_new_ignoring_case (void)
{
  HearkenWords *words = hearken_words_new ();

  words->ignores_case = true;
  return words;
}

void
hearken_words_free (HearkenWords *words)
{
  if (words == NULL)
    return;
  g_string_free (words->texts, TRUE);
  g_array_unref (words->begins);
  if (words->table != NULL)
    g_free (words->table->slots);
  g_free (words->table);
  g_free (words);
}

static const char *
get_key (const HearkenWords *words, guint32 word)
{
  const char *text = hearken_words_get (words, word);

  return words->ignores_case ? text + strlen (text) + 1 : text;
}

static guint32
hash_key (const char *key)
{
  return (guint32) hearken_digest (0, key, strlen (key));
}

/* Returns: the slot of the word of that key: its own, or the free one where it belongs */
static Slot *
find_slot (const HearkenWords *words, const Table *table, const char *key, guint32 hash)
{
  for (guint32 i = hash;; i++) {
    Slot *slot = &table->slots[i & (table->n_slots - 1)];

    if (slot->word == 0 ||
        (slot->hash == hash && strcmp (get_key (words, slot->word - 1), key) == 0))
      return slot;
  }
}

/* Of the words that there are. */
static Table *
make_table (const HearkenWords *words)
{
  const guint32 n_words = words->begins->len;
  Table *table = g_new (Table, 1);

  for (table->n_slots = MIN_SLOTS; table->n_slots < n_words + n_words / 2;)
    table->n_slots *= 2;
  table->slots = g_new0 (Slot, table->n_slots);
  for (guint32 word = 0; word < n_words; word++) {
    const char *key = get_key (words, word);
    const guint32 hash = hash_key (key);
    Slot *slot = find_slot (words, table, key, hash);

    if (slot->word == 0)
      *slot = (Slot){ hash, word + 1 };
  }
  return table;
}

/* Several threads may look for the first word; what words there are stays the same thereby. */
static Table *
get_table (const HearkenWords *words)
{
  Table **table = (Table **) &words->table;

  if (g_once_init_enter (table))
    g_once_init_leave (table, make_table (words));
  return *table;
}

static void
grow (const HearkenWords *words, Table *table)
{
  g_autofree Slot *old = table->slots;
  const guint32 n_old = table->n_slots;

  table->n_slots *= 2;
  table->slots = g_new0 (Slot, table->n_slots);
  for (guint32 i = 0; i < n_old; i++)
    if (old[i].word != 0)
      *find_slot (words, table, get_key (words, old[i].word - 1), old[i].hash) = old[i];
}

static void
append_text (HearkenWords *words, const char *text)
{
  g_string_append_len (words->texts, text, (gssize) strlen (text) + 1);
}

guint32
hearken_words_add (HearkenWords *words, const char *text)
{
  g_autofree char *lower = words->ignores_case ? hearken_text_to_lower (text) : NULL;
  const char *key = lower != NULL ? lower : text;
  const guint32 hash = hash_key (key);
  Table *table = get_table (words);
  Slot *slot = find_slot (words, table, key, hash);
  const guint32 begin = (guint32) words->texts->len;

  if (slot->word != 0)
    return slot->word - 1;
  *slot = (Slot){ hash, words->begins->len + 1 };
  g_array_append_val (words->begins, begin);
  append_text (words, text);
  if (lower != NULL)
    append_text (words, lower);
  if (table->n_slots < words->begins->len + words->begins->len / 2)
    grow (words, table);
  return words->begins->len - 1;
}

guint32
hearken_words_append (HearkenWords *words, const char *text)
{
  const guint32 begin = (guint32) words->texts->len;

  g_return_val_if_fail (words->table == NULL && !words->ignores_case, HEARKEN_NO_WORD);
  g_array_append_val (words->begins, begin);
  append_text (words, text);
  return words->begins->len - 1;
}

guint32
hearken_words_find (const HearkenWords *words, const char *text)
{
  g_autofree char *lower = words->ignores_case ? hearken_text_to_lower (text) : NULL;
  const char *key = lower != NULL ? lower : text;

  return find_slot (words, get_table (words), key, hash_key (key))->word - 1;
}

const char *
hearken_words_get (const HearkenWords *words, guint32 word)
{
  return words->texts->str + g_array_index (words->begins, guint32, word);
}

guint32
hearken_words_get_n (const HearkenWords *words)
{
  return words->begins->len;
}

guint64
hearken_words_digest (const HearkenWords *words, guint64 seed)
{
  return hearken_digest (seed, words->texts->str, words->texts->len);
}
