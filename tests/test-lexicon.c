/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The lexicon as a trie: every way to say a word is found again, and nothing else. */

#include <string.h>

#include "lexicon-file.h"
#include "test-models.h"

static void
add (HearkenLexiconBuilder *builder, guint32 word, HearkenCost cost, const char *letters)
{
  guint16 tokens[32];
  const guint n_tokens = strlen (letters);

  for (guint i = 0; i < n_tokens; i++)
    tokens[i] = letters[i];
  hearken_lexicon_builder_add (builder, word, cost, tokens, n_tokens);
}

/* Returns: the node that @letters lead to, the root if there is none */
static guint32
walk (const HearkenLexicon *lexicon, const char *letters)
{
  guint32 node = HEARKEN_LEXICON_ROOT;

  for (; *letters != '\0'; letters++) {
    node = hearken_lexicon_find_child (lexicon, node, *letters);
    if (node == HEARKEN_LEXICON_ROOT)
      break;
  }
  return node;
}

static void
assert_words (const HearkenLexicon *lexicon, const char *letters, guint n_words, ...)
{
  const HearkenLexiconNode *node = &lexicon->nodes[walk (lexicon, letters)];
  va_list words;

  g_assert_cmpuint (hearken_lexicon_get_n_words (node), ==, n_words);
  va_start (words, n_words);
  for (guint i = 0; i < n_words; i++)
    g_assert_cmpuint (lexicon->words[node->first_word + i], ==, va_arg (words, guint));
  va_end (words);
}

static void
test_prefixes (void)
{
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();

  add (builder, 0, 1, "tonight");
  add (builder, 1, 2, "to");
  add (builder, 3, 3, "two");
  add (builder, 2, 5, "to"); /* a homophone */
  add (builder, 4, 4, "a");
  add (builder, 1, 2, "to");
  add (builder, 1, 2, "ta"); /* another way to say it */
  add (builder, 5, 6, "tonic");
  g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);

  g_assert_cmpuint (lexicon->n_entries, ==, 7);
  g_assert_cmpuint (lexicon->n_nodes, ==, 13);
  assert_words (lexicon, "to", 2, 1, 2);
  assert_words (lexicon, "ta", 1, 1);
  assert_words (lexicon, "tonight", 1, 0);
  assert_words (lexicon, "tonic", 1, 5);
  assert_words (lexicon, "two", 1, 3);
  assert_words (lexicon, "a", 1, 4);
  assert_words (lexicon, "ton", 0);
  g_assert_cmpuint (walk (lexicon, "o"), ==, HEARKEN_LEXICON_ROOT);
  g_assert_cmpuint (walk (lexicon, "tonights"), ==, HEARKEN_LEXICON_ROOT);
}

static void
test_look_ahead (void)
{
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();

  add (builder, 0, 3, "ab");
  add (builder, 1, 1, "abcd");
  add (builder, 2, 2, "abce");
  add (builder, 3, 4, "b");
  add (builder, 4, 9, "b");
  g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);

  g_assert_cmpuint (lexicon->nodes[HEARKEN_LEXICON_ROOT].look_ahead, ==, 1);
  g_assert_cmpuint (lexicon->nodes[walk (lexicon, "ab")].look_ahead, ==, 1);
  g_assert_cmpuint (lexicon->nodes[walk (lexicon, "abce")].look_ahead, ==, 2);
  g_assert_cmpuint (lexicon->nodes[walk (lexicon, "b")].look_ahead, ==, 4);
}

static void
test_empty (void)
{
  g_autoptr (HearkenLexicon) lexicon =
      hearken_lexicon_builder_finish (hearken_lexicon_builder_new ());

  g_assert_cmpuint (lexicon->n_nodes, ==, 1);
  g_assert_cmpuint (lexicon->n_entries, ==, 0);
  g_assert_cmpuint (lexicon->nodes[HEARKEN_LEXICON_ROOT].look_ahead, ==, HEARKEN_COST_IMPOSSIBLE);
  g_assert_cmpuint (hearken_lexicon_find_child (lexicon, 0, 7), ==, HEARKEN_LEXICON_ROOT);
}

/* More homophones than 16 bits count, and the largest token. */
static void
test_extremes (void)
{
  const guint16 tokens[] = { G_MAXUINT16 - 1, 0, G_MAXUINT16 - 1, 0, 0, G_MAXUINT16 - 1 };
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();

  for (guint32 word = 0; word < 70000; word++)
    hearken_lexicon_builder_add (builder, word, 1, tokens, 1 + word % G_N_ELEMENTS (tokens));
  for (guint32 word = 0; word < 70000; word++)
    hearken_lexicon_builder_add (builder, word, 1, tokens, 1);
  g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);

  g_assert_cmpuint (lexicon->n_nodes, ==, 7);
  g_assert_cmpuint (hearken_lexicon_get_n_words (&lexicon->nodes[1]), ==, 70000);
  for (guint i = 1; i < lexicon->n_nodes; i++)
    g_assert_cmpuint (lexicon->nodes[i].token, ==, tokens[i - 1]);
}

/* A word's number is what its letters spell in base 4, with a leading 1: whatever is in the trie says
 * itself where it belongs. */
static void
assert_node (const HearkenLexicon *lexicon, guint32 node, guint32 spelt, guint32 *n_words)
{
  const HearkenLexiconNode *here = &lexicon->nodes[node];

  for (guint32 i = here->first_word; i < here[1].first_word; i++)
    g_assert_cmpuint (lexicon->words[i], ==, spelt);
  *n_words += hearken_lexicon_get_n_words (here);
  for (guint32 child = here->first_child; child < here[1].first_child; child++) {
    g_assert_cmpuint (child, >, node);
    g_assert_true (child == here->first_child ||
                   lexicon->nodes[child].token > lexicon->nodes[child - 1].token);
    assert_node (lexicon, child, 4 * spelt + lexicon->nodes[child].token, n_words);
  }
}

/* What is written is what is read. */
static void
assert_file (const HearkenLexicon *lexicon, const HearkenCost *costs, guint32 n_words)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  const char *reason;

  hearken_lexicon_file_write (lexicon, file);
  g_autoptr (HearkenLexicon) read =
      hearken_lexicon_file_read (file->data, file->len, costs, n_words, &reason);
  g_assert_cmpstr (reason, ==, NULL);
  g_assert_cmpmem (read->words, read->n_entries * sizeof (guint32), lexicon->words,
      lexicon->n_entries * sizeof (guint32));
  for (guint32 i = 0; i < lexicon->n_nodes; i++) {
    g_assert_cmpuint (read->nodes[i].token, ==, lexicon->nodes[i].token);
    g_assert_cmpuint (read->nodes[i].look_ahead, ==, lexicon->nodes[i].look_ahead);
    g_assert_cmpuint (read->nodes[i + 1].first_child, ==, lexicon->nodes[i + 1].first_child);
    g_assert_cmpuint (read->nodes[i + 1].first_word, ==, lexicon->nodes[i + 1].first_word);
  }
}

/* Numbers of nodes and entries; token, number of children and of words of each node; words. */
static const struct {
  const char *reason;
  guint n_bytes;
  guint8 bytes[20];
} bad_files[] = {
  { "sizes", 4, { 1, 0, 0, 0 } },
  { "sizes", 11, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
  { "sizes", 11, { 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
  { "sizes", 11, { 1, 0, 0, 0, 12, 0, 0, 0, 0, 0, 12 } },
  { "before its parent", 14, { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0 } },
  { "incomplete", 11, { 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 } },
  { "tokens of its lexicon are out of order", 17,
      { 3, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 5, 0, 0, 5, 0, 0 } },
  { "words of its lexicon are out of order", 16,
      { 2, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 5, 0, 2, 1, 1 } },
  { "out of range", 12, { 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 6 } },
  { "out of range", 16, { 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x80 } },
  { "out of range", 11, { 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 } },
  { "cut off", 11, { 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 } },
  { "follows its end", 12, { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
};

static void
test_bad_files (void)
{
  static const HearkenCost costs[6] = { 0 };
  const char *reason;

  for (gsize i = 0; i < G_N_ELEMENTS (bad_files); i++) {
    g_assert_null (hearken_lexicon_file_read (
        bad_files[i].bytes, bad_files[i].n_bytes, costs, G_N_ELEMENTS (costs), &reason));
    if (strstr (reason, bad_files[i].reason) == NULL)
      g_error ("“%s” does not say “%s”", reason, bad_files[i].reason);
  }
}

/* Each change of one byte is refused, or makes a lexicon that keeps what searching relies on. */
static void
test_damage (void)
{
  static const HearkenCost costs[6] = { 0 };
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();
  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint n_refused = 0;

  add (builder, 0, 3, "tonight");
  add (builder, 2, 5, "to");
  add (builder, 1, 2, "to");
  add (builder, 5, 6, "tonic");
  g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);
  hearken_lexicon_file_write (lexicon, file);
  for (gsize i = 0; i < file->len; i++)
    for (guint change = 1; change <= 0xff; change++) {
      const char *reason;
      file->data[i] ^= change;
      g_autoptr (HearkenLexicon) read =
          hearken_lexicon_file_read (file->data, file->len, costs, G_N_ELEMENTS (costs), &reason);
      file->data[i] ^= change;
      g_assert_true ((read == NULL) == (reason != NULL));
      n_refused += read == NULL;
      for (guint32 node = 0; read != NULL && node < read->n_nodes; node++) {
        g_assert_cmpuint (read->nodes[node].first_child, >, node);
        g_assert_cmpuint (read->nodes[node + 1].first_child, <=, read->n_nodes);
        for (guint32 at = read->nodes[node].first_word; at < read->nodes[node + 1].first_word; at++)
          g_assert_cmpuint (read->words[at], <, G_N_ELEMENTS (costs));
      }
    }
  g_assert_cmpuint (n_refused, >, file->len * 0x80);
  for (gsize length = 0; length < file->len; length++) {
    const char *reason;
    g_assert_null (
        hearken_lexicon_file_read (file->data, length, costs, G_N_ELEMENTS (costs), &reason));
    g_assert_nonnull (reason);
  }
}

static void
test_random (void)
{
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();
  g_autoptr (GHashTable) expected = g_hash_table_new (NULL, NULL);
  float letters[10];
  guint32 n_words = 0;

  for (guint i = 0; i < 5000; i++) {
    guint16 tokens[10];
    guint32 word = 1;
    test_random_floats (i, 2.0f, letters, G_N_ELEMENTS (letters));
    const guint n_tokens = 1 + i % 10;
    for (guint j = 0; j < n_tokens; j++) {
      tokens[j] = (guint16) (letters[j] + 2.0f);
      word = 4 * word + tokens[j];
    }
    g_hash_table_add (expected, GUINT_TO_POINTER (word));
    hearken_lexicon_builder_add (builder, word, 1, tokens, n_tokens);
  }
  g_autoptr (HearkenLexicon) lexicon = hearken_lexicon_builder_finish (builder);
  assert_node (lexicon, HEARKEN_LEXICON_ROOT, 1, &n_words);
  g_assert_cmpuint (n_words, ==, g_hash_table_size (expected));
  g_assert_cmpuint (n_words, ==, lexicon->n_entries);
  g_autofree HearkenCost *costs = g_new (HearkenCost, 1 << 21); /* 4^10 + … + 1 < 2^21 */
  for (guint i = 0; i < 1 << 21; i++)
    costs[i] = 1;
  assert_file (lexicon, costs, 1 << 21);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lexicon/prefixes", test_prefixes);
  g_test_add_func ("/lexicon/look-ahead", test_look_ahead);
  g_test_add_func ("/lexicon/empty", test_empty);
  g_test_add_func ("/lexicon/extremes", test_extremes);
  g_test_add_func ("/lexicon/bad-files", test_bad_files);
  g_test_add_func ("/lexicon/damage", test_damage);
  g_test_add_func ("/lexicon/random", test_random);
  return g_test_run ();
}
