/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "hotwords.h"

#include "digest.h"
#include "language-error.h"
#include "letter-case.h"
#include "phrase-list.h"

#define DEFAULT_BOOST 2.0
#define MAX_BOOST 100.0
#define NOWHERE G_MAXUINT32

/*
 * Aho and Corasick, 1975. A node is the longest beginning of a phrase that the latest words are. What
 * a hypothesis has been given is the boosts of the phrases that it completed and an advance on the one
 * that it is in; because the advance depends on the node alone, the differences from word to word add
 * up to just that, whichever way a hypothesis goes.
 */
typedef struct {
  guint32 word;
  guint32 parent;
  guint32 fallback;   /* the longest end of this node's words that is a node too */
  float boost;        /* of the phrase that ends here, then of all that end here */
  float advance;      /* granted here for phrases that go on */
  guint32 first_edge; /* into edges */
  guint32 n_edges;
} Node;

typedef struct {
  guint32 word;
  guint32 node;
} Edge;

struct HearkenHotwords {
  GArray *nodes; /* of Node; a node comes after its parent */
  Edge *edges;   /* [nodes->len - 1], those of a node side by side, in order of their words */
};

static Node *
get_node (const HearkenHotwords *hotwords, guint32 node)
{
  return &g_array_index (hotwords->nodes, Node, node);
}

static guint32
add_node (HearkenHotwords *hotwords, guint32 parent, guint32 word)
{
  const Node node = { .word = word, .parent = parent };

  g_array_append_val (hotwords->nodes, node);
  return hotwords->nodes->len - 1;
}

/* While the nodes grow, children are found by parent and word. */
static guint32
reach (HearkenHotwords *hotwords, GHashTable *children, guint32 parent, guint32 word)
{
  const gint64 key = (gint64) (((guint64) parent << 32) | word);
  gpointer child = g_hash_table_lookup (children, &key);

  if (child == NULL) {
    child = GUINT_TO_POINTER (add_node (hotwords, parent, word));
    g_hash_table_insert (children, g_memdup2 (&key, sizeof (key)), child);
  }
  return GPOINTER_TO_UINT (child);
}

/* The words that a hotword may have. */
typedef struct {
  const HearkenWords *words;
  GHashTable *lowered; /* in lower case → word; NULL until one is looked for */
} Vocabulary;

static void
vocabulary_clear (Vocabulary *vocabulary)
{
  g_clear_pointer (&vocabulary->lowered, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Vocabulary, vocabulary_clear)

/* Of words that differ in nothing else, the first. */
static GHashTable *
lower_all (const HearkenWords *words)
{
  GHashTable *lowered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint32 word = hearken_words_get_n (words); word-- > 0;)
    g_hash_table_replace (
        lowered, hearken_text_to_lower (hearken_words_get (words, word)), GUINT_TO_POINTER (word));
  return lowered;
}

static guint32
find_in_any_case (Vocabulary *vocabulary, const char *lower)
{
  gpointer word;

  if (vocabulary->lowered == NULL)
    vocabulary->lowered = lower_all (vocabulary->words);
  return g_hash_table_lookup_extended (vocabulary->lowered, lower, NULL, &word)
             ? GPOINTER_TO_UINT (word)
             : HEARKEN_NO_WORD;
}

/* As it is written, or else in another case; most vocabularies have only one, and need no table. */
static guint32
find_word (Vocabulary *vocabulary, const char *text)
{
  g_autofree char *lower = hearken_text_to_lower (text);
  g_autofree char *upper = hearken_text_to_upper (text);
  const char *const spellings[] = { text, lower, upper };
  guint32 word = HEARKEN_NO_WORD;

  for (guint i = 0; i < G_N_ELEMENTS (spellings) && word == HEARKEN_NO_WORD; i++)
    word = hearken_words_find (vocabulary->words, spellings[i]);
  return word != HEARKEN_NO_WORD ? word : find_in_any_case (vocabulary, lower);
}

/* Every word on the way to a boost is worth an equal share of it. */
static bool
add_phrase (HearkenHotwords *hotwords, GHashTable *children, const HearkenPhrase *phrase,
    const char *name, Vocabulary *vocabulary, GError **error)
{
  g_auto (GStrv) texts = g_strsplit (phrase->text, " ", -1);
  const guint n_texts = g_strv_length (texts);
  guint32 node = HEARKEN_HOTWORDS_START;

  for (guint i = 0; i < n_texts; i++) {
    const guint32 word = find_word (vocabulary, texts[i]);
    const float share = (float) (phrase->value * i / n_texts);

    if (word == HEARKEN_NO_WORD) {
      g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_WORD,
          "%s:%u: “%s” is not in the vocabulary", name, phrase->line, texts[i]);
      return false;
    }
    get_node (hotwords, node)->advance = MAX (get_node (hotwords, node)->advance, share);
    node = reach (hotwords, children, node, word);
  }
  get_node (hotwords, node)->boost = (float) phrase->value;
  return true;
}

static int
compare_edges (gconstpointer a, gconstpointer b)
{
  const guint32 left = ((const Edge *) a)->word, right = ((const Edge *) b)->word;

  return left < right ? -1 : left > right;
}

static void
make_edges (HearkenHotwords *hotwords)
{
  const guint32 n_nodes = hotwords->nodes->len;
  g_autofree guint32 *n_filled = g_new0 (guint32, n_nodes);
  guint32 n_edges = 0;

  hotwords->edges = g_new (Edge, n_nodes - 1);
  for (guint32 i = 1; i < n_nodes; i++)
    get_node (hotwords, get_node (hotwords, i)->parent)->n_edges++;
  for (guint32 i = 0; i < n_nodes; i++) {
    get_node (hotwords, i)->first_edge = n_edges;
    n_edges += get_node (hotwords, i)->n_edges;
  }
  for (guint32 i = 1; i < n_nodes; i++) {
    const guint32 parent = get_node (hotwords, i)->parent;
    const guint32 edge = get_node (hotwords, parent)->first_edge + n_filled[parent]++;

    hotwords->edges[edge] = (Edge){ get_node (hotwords, i)->word, i };
  }
  for (guint32 i = 0; i < n_nodes; i++)
    qsort (hotwords->edges + get_node (hotwords, i)->first_edge, get_node (hotwords, i)->n_edges,
        sizeof (Edge), compare_edges);
}

static guint32
find_child (const HearkenHotwords *hotwords, guint32 node, guint32 word)
{
  const Edge *edges = hotwords->edges + get_node (hotwords, node)->first_edge;
  guint32 low = 0, high = get_node (hotwords, node)->n_edges;

  while (low < high) {
    const guint32 middle = low + (high - low) / 2;

    if (edges[middle].word == word)
      return edges[middle].node;
    if (edges[middle].word < word)
      low = middle + 1;
    else
      high = middle;
  }
  return NOWHERE;
}

static guint32
find_next (const HearkenHotwords *hotwords, guint32 node, guint32 word)
{
  guint32 next;

  while ((next = find_child (hotwords, node, word)) == NOWHERE) {
    if (node == HEARKEN_HOTWORDS_START)
      return HEARKEN_HOTWORDS_START;
    node = get_node (hotwords, node)->fallback;
  }
  return next;
}

/* In order of depth, because a fallback is always less deep than its node. */
static void
make_fallbacks (HearkenHotwords *hotwords)
{
  const guint32 n_nodes = hotwords->nodes->len;
  g_autofree guint32 *queue = g_new (guint32, n_nodes);
  guint32 n_queued = 0;

  queue[n_queued++] = HEARKEN_HOTWORDS_START;
  for (guint32 i = 0; i < n_queued; i++) {
    Node *node = get_node (hotwords, queue[i]);
    const Node *parent = get_node (hotwords, node->parent);
    const Node *fallback;

    if (queue[i] != HEARKEN_HOTWORDS_START) {
      node->fallback = node->parent == HEARKEN_HOTWORDS_START
                           ? HEARKEN_HOTWORDS_START
                           : find_next (hotwords, parent->fallback, node->word);
      fallback = get_node (hotwords, node->fallback);
      node->boost += fallback->boost;
      node->advance = MAX (node->advance, fallback->advance);
    }
    for (guint32 j = 0; j < node->n_edges; j++)
      queue[n_queued++] = hotwords->edges[node->first_edge + j].node;
  }
}

HearkenHotwords *
hearken_hotwords_new_from_text (
    const char *text, const char *name, const HearkenWords *words, GError **error)
{
  g_autoptr (GPtrArray) phrases =
      hearken_phrase_list_parse (text, name, DEFAULT_BOOST, MAX_BOOST, error);
  g_autoptr (GHashTable) children = NULL;
  g_autoptr (HearkenHotwords) hotwords = NULL;
  g_auto (Vocabulary) vocabulary = { words, NULL };

  if (phrases == NULL)
    return NULL;
  children = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  hotwords = g_new0 (HearkenHotwords, 1);
  hotwords->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  add_node (hotwords, HEARKEN_HOTWORDS_START, HEARKEN_NO_WORD);
  for (guint i = 0; i < phrases->len; i++) {
    if (!add_phrase (hotwords, children, g_ptr_array_index (phrases, i), name, &vocabulary, error))
      return NULL;
  }
  make_edges (hotwords);
  make_fallbacks (hotwords);
  return g_steal_pointer (&hotwords);
}

void
hearken_hotwords_free (HearkenHotwords *hotwords)
{
  if (hotwords == NULL)
    return;
  g_array_unref (hotwords->nodes);
  g_free (hotwords->edges);
  g_free (hotwords);
}

float
hearken_hotwords_advance (
    const HearkenHotwords *hotwords, guint32 state, guint32 word, guint32 *next)
{
  const Node *node;

  *next = find_next (hotwords, state, word);
  node = get_node (hotwords, *next);
  return node->boost + node->advance - get_node (hotwords, state)->advance;
}

float
hearken_hotwords_finish (const HearkenHotwords *hotwords, guint32 state)
{
  return -get_node (hotwords, state)->advance;
}

guint32
hearken_hotwords_get_n_states (const HearkenHotwords *hotwords)
{
  return hotwords->nodes->len;
}

guint64
hearken_hotwords_digest (const HearkenHotwords *hotwords, guint64 seed)
{
  return hearken_digest (seed, hotwords->nodes->data, hotwords->nodes->len * sizeof (Node));
}
