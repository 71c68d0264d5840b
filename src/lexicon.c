/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "lexicon.h"

/* A way to say a word. Its first tokens are packed in a number, by which entries are sorted in linear
 * time; hardly any two need a look at the rest. Tokens count from 1 there, so that an end sorts before
 * any token. */
#define N_PACKED 4

typedef struct {
  guint64 packed;
  guint32 first_token; /* into tokens */
  guint32 n_tokens;
  guint32 word;
  HearkenCost cost;
} Entry;

struct HearkenLexiconBuilder {
  GArray *entries; /* of Entry */
  GArray *tokens;  /* of guint16: those of all entries */
  guint max_tokens;
};

HearkenLexiconBuilder *
hearken_lexicon_builder_new (void)
{
  HearkenLexiconBuilder *builder = g_new (HearkenLexiconBuilder, 1);

  builder->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  builder->tokens = g_array_new (FALSE, FALSE, sizeof (guint16));
  builder->max_tokens = 0;
  return builder;
}

void
hearken_lexicon_builder_add (HearkenLexiconBuilder *builder, guint32 word, HearkenCost cost,
    const guint16 *tokens, guint n_tokens)
{
  Entry entry = { 0, builder->tokens->len, n_tokens, word, cost };

  g_return_if_fail (n_tokens > 0);
  for (guint i = 0; i < N_PACKED; i++)
    entry.packed = entry.packed << 16 | (i < n_tokens ? tokens[i] + 1 : 0);
  g_array_append_val (builder->entries, entry);
  g_array_append_vals (builder->tokens, tokens, n_tokens);
  builder->max_tokens = MAX (builder->max_tokens, n_tokens);
}

/* One pass of a radix sort: stable, by the 16 bits of the packed tokens from @shift on. */
static void
sort_by_token (const Entry *from, Entry *to, guint n_entries, guint shift)
{
  g_autofree guint32 *places = g_new0 (guint32, G_MAXUINT16 + 2);

  for (guint i = 0; i < n_entries; i++)
    places[(from[i].packed >> shift & G_MAXUINT16) + 1]++;
  for (guint i = 1; i <= G_MAXUINT16; i++)
    places[i] += places[i - 1];
  for (guint i = 0; i < n_entries; i++)
    to[places[from[i].packed >> shift & G_MAXUINT16]++] = from[i];
}

/* Of two entries whose packed tokens are equal. */
static int
compare_rest (gconstpointer a, gconstpointer b, gpointer data)
{
  const Entry *x = a, *y = b;
  const guint16 *tokens = data;

  for (guint i = N_PACKED; i < MIN (x->n_tokens, y->n_tokens); i++) {
    const int difference = tokens[x->first_token + i] - tokens[y->first_token + i];
    if (difference != 0)
      return difference;
  }
  if (x->n_tokens != y->n_tokens)
    return x->n_tokens < y->n_tokens ? -1 : 1;
  return (x->word > y->word) - (x->word < y->word);
}

/* By their tokens, then by their words. */
static void
sort (HearkenLexiconBuilder *builder)
{
  const guint n_entries = builder->entries->len;
  Entry *entries = (Entry *) builder->entries->data;
  g_autofree Entry *other = g_new (Entry, n_entries);

  for (guint shift = 0; shift < 16 * N_PACKED; shift += 32) {
    sort_by_token (entries, other, n_entries, shift);
    sort_by_token (other, entries, n_entries, shift + 16);
  }
  for (guint begin = 0, end; begin < n_entries; begin = end) {
    for (end = begin + 1; end < n_entries && entries[end].packed == entries[begin].packed;)
      end++;
    g_qsort_with_data (
        entries + begin, end - begin, sizeof (Entry), compare_rest, builder->tokens->data);
  }
}

/* Returns: how many first tokens two entries share */
static guint
count_shared (const Entry *a, const Entry *b, const guint16 *tokens)
{
  const guint n_tokens = MIN (a->n_tokens, b->n_tokens);
  guint n = 0;

  while (n < n_tokens && tokens[a->first_token + n] == tokens[b->first_token + n])
    n++;
  return n;
}

/* Nodes are numbered by depth, then in the order of their entries: children lie side by side.
 * @next: the first node of each depth, [max_tokens + 1]. Returns: the number of all nodes */
static guint32
number_nodes (const HearkenLexiconBuilder *builder, const guint *n_shared, guint32 *next)
{
  guint32 n_nodes = 1;

  for (guint i = 0; i < builder->entries->len; i++)
    for (guint depth = g_array_index (builder->entries, Entry, i).n_tokens; depth > n_shared[i];
         depth--)
      next[depth]++;
  for (guint depth = 1; depth <= builder->max_tokens; depth++) {
    const guint32 n_here = next[depth];
    next[depth] = n_nodes;
    n_nodes += n_here;
  }
  return n_nodes;
}

#define NO_CHILD G_MAXUINT32

static void
add_child (HearkenLexicon *lexicon, guint32 parent, guint32 child, guint16 token)
{
  if (lexicon->nodes[parent].first_child == NO_CHILD)
    lexicon->nodes[parent].first_child = child;
  lexicon->nodes[child] = (HearkenLexiconNode){ NO_CHILD, 0, token, HEARKEN_COST_IMPOSSIBLE };
}

/* Makes the nodes. @ends: [n_entries], the node that each entry leads to. */
static void
build_nodes (const HearkenLexiconBuilder *builder, HearkenLexicon *lexicon, guint32 *ends)
{
  const Entry *entries = (const Entry *) builder->entries->data;
  const guint16 *tokens = (const guint16 *) builder->tokens->data;
  const guint n_entries = builder->entries->len;
  g_autofree guint *n_shared = g_new0 (guint, n_entries);
  g_autofree guint32 *next = g_new0 (guint32, builder->max_tokens + 1);
  /* The nodes on the way to an entry, of which it shares the first with the one before it. */
  g_autofree guint32 *path = g_new0 (guint32, builder->max_tokens + 1);

  for (guint i = 1; i < n_entries; i++)
    n_shared[i] = count_shared (&entries[i - 1], &entries[i], tokens);
  lexicon->n_nodes = number_nodes (builder, n_shared, next);
  lexicon->nodes = g_new (HearkenLexiconNode, lexicon->n_nodes + 1);
  lexicon->nodes[HEARKEN_LEXICON_ROOT] =
      (HearkenLexiconNode){ NO_CHILD, 0, 0, HEARKEN_COST_IMPOSSIBLE };
  lexicon->nodes[lexicon->n_nodes] = (HearkenLexiconNode){ lexicon->n_nodes, 0, 0, 0 };

  for (guint i = 0; i < n_entries; i++) {
    for (guint depth = n_shared[i] + 1; depth <= entries[i].n_tokens; depth++) {
      path[depth] = next[depth]++;
      add_child (lexicon, path[depth - 1], path[depth], tokens[entries[i].first_token + depth - 1]);
    }
    ends[i] = path[entries[i].n_tokens];
  }
}

/* Whether an entry is the same as the one before it: the same way to say the same word. */
static bool
is_repeated (const Entry *entries, const guint32 *ends, guint i)
{
  return i > 0 && ends[i] == ends[i - 1] && entries[i].word == entries[i - 1].word;
}

/* Puts the words of the entries, which are in order of their tokens, in order of the nodes. */
static void
place_words (const HearkenLexiconBuilder *builder, HearkenLexicon *lexicon, const guint32 *ends)
{
  const Entry *entries = (const Entry *) builder->entries->data;
  HearkenLexiconNode *nodes = lexicon->nodes;
  guint32 place = 0;

  for (guint i = 0; i < builder->entries->len; i++)
    nodes[ends[i]].first_word += !is_repeated (entries, ends, i); /* their number, for now */
  for (guint32 i = 0; i <= lexicon->n_nodes; i++) {
    const guint32 n_words = i < lexicon->n_nodes ? nodes[i].first_word : 0;
    nodes[i].first_word = lexicon->n_entries;
    lexicon->n_entries += n_words;
  }
  lexicon->words = g_new (guint32, lexicon->n_entries);
  for (guint i = 0; i < builder->entries->len; i++) {
    HearkenLexiconNode *node = &nodes[ends[i]];
    if (i == 0 || ends[i] != ends[i - 1])
      place = node->first_word;
    node->look_ahead = MIN (node->look_ahead, entries[i].cost);
    if (!is_repeated (entries, ends, i))
      lexicon->words[place++] = entries[i].word;
  }
}

/* A node without children has its place among those that have some. */
static void
close_children (HearkenLexicon *lexicon)
{
  HearkenLexiconNode *nodes = lexicon->nodes;

  for (guint32 i = lexicon->n_nodes; i-- > 0;)
    if (nodes[i].first_child == NO_CHILD)
      nodes[i].first_child = nodes[i + 1].first_child;
}

/* Children come after their parents: the last node first. */
void
hearken_lexicon_look_ahead (HearkenLexicon *lexicon)
{
  HearkenLexiconNode *nodes = lexicon->nodes;

  for (guint32 i = lexicon->n_nodes; i-- > 0;)
    for (guint32 child = nodes[i].first_child; child < nodes[i + 1].first_child; child++)
      nodes[i].look_ahead = MIN (nodes[i].look_ahead, nodes[child].look_ahead);
}

HearkenLexicon *
hearken_lexicon_builder_finish (HearkenLexiconBuilder *builder)
{
  HearkenLexicon *lexicon = g_new0 (HearkenLexicon, 1);
  g_autofree guint32 *ends = g_new (guint32, builder->entries->len);

  sort (builder);
  build_nodes (builder, lexicon, ends);
  place_words (builder, lexicon, ends);
  close_children (lexicon);
  hearken_lexicon_look_ahead (lexicon);
  g_array_unref (builder->entries);
  g_array_unref (builder->tokens);
  g_free (builder);
  return lexicon;
}

void
hearken_lexicon_free (HearkenLexicon *lexicon)
{
  if (lexicon == NULL)
    return;
  g_free (lexicon->nodes);
  g_free (lexicon->words);
  g_free (lexicon);
}

guint32
hearken_lexicon_find_child (const HearkenLexicon *lexicon, guint32 node, guint16 token)
{
  guint32 begin = lexicon->nodes[node].first_child;
  guint32 n = hearken_lexicon_get_n_children (&lexicon->nodes[node]);
  const guint32 end = begin + n;

  while (n > 0) { /* the first child whose token is not less */
    const guint32 half = n / 2;
    if (lexicon->nodes[begin + half].token < token) {
      begin += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return begin < end && lexicon->nodes[begin].token == token ? begin : HEARKEN_LEXICON_ROOT;
}
