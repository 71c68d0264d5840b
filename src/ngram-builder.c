/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * N-grams as a trie: an entry is a word after a shorter n-gram, its parent. Entries of an order are
 * sorted by parent, then by the word's key, as the arcs are that they become.
 */
#include "ngram-builder.h"

#include <string.h>

#include "ngram-internal.h"

typedef struct {
  guint32 parent; /* the entry of the words before the last, 0 for words alone */
  guint32 word;
  float log_prob;
  float backoff;
  guint32 line;
} Entry;

typedef struct {
  GArray *entries;   /* of Entry */
  guint32 *first;    /* [n_entries + 1]: into the next order's entries; NULL if there are none */
  guint32 *contexts; /* [n_entries]: as contexts, 0 for an entry that is none */
} Order;

struct HearkenNgramBuilder {
  HearkenWords *words;
  guint n_orders;
  Order orders[HEARKEN_NGRAM_MAX_ORDER];
};

static void
begin_order (HearkenNgramBuilder *builder)
{
  Order *order = &builder->orders[builder->n_orders++];

  order->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
}

HearkenNgramBuilder *
hearken_ngram_builder_new (void)
{
  HearkenNgramBuilder *builder = g_new0 (HearkenNgramBuilder, 1);

  builder->words = hearken_words_new ();
  begin_order (builder);
  return builder;
}

void
hearken_ngram_builder_free (HearkenNgramBuilder *builder)
{
  for (guint i = 0; i < builder->n_orders; i++) {
    g_array_unref (builder->orders[i].entries);
    g_free (builder->orders[i].first);
    g_free (builder->orders[i].contexts);
  }
  hearken_words_free (builder->words);
  g_free (builder);
}

const HearkenWords *
hearken_ngram_builder_get_words (const HearkenNgramBuilder *builder)
{
  return builder->words;
}

static guint32
get_n_entries (const Order *order)
{
  return order->entries->len;
}

static const Entry *
get_entry (const Order *order, guint32 index)
{
  return &g_array_index (order->entries, Entry, index);
}

/* Adding */

bool
hearken_ngram_builder_add_word (
    HearkenNgramBuilder *builder, const char *text, double log_prob, double backoff, char **reason)
{
  const guint32 n_words = hearken_words_get_n (builder->words);
  const Entry entry = { 0, n_words, (float) log_prob, (float) backoff, 0 };

  if (n_words == HEARKEN_NGRAM_MAX_WORDS) {
    *reason = g_strdup_printf ("there are more than %u words", HEARKEN_NGRAM_MAX_WORDS);
    return false;
  }
  if (hearken_words_add (builder->words, text) != n_words) {
    *reason = g_strdup_printf ("the word '%s' is given twice", text);
    return false;
  }
  g_array_append_val (builder->orders[0].entries, entry);
  return true;
}

guint
hearken_ngram_builder_begin_order (HearkenNgramBuilder *builder)
{
  begin_order (builder);
  return builder->n_orders;
}

static guint32
find_child (const Order *order, const Order *children, guint32 parent, guint32 word)
{
  const guint32 key = hearken_ngram_word_to_key (word);
  guint32 low = order->first[parent], high = order->first[parent + 1];

  while (low < high) {
    const guint32 middle = low + (high - low) / 2;
    const guint32 found = hearken_ngram_word_to_key (get_entry (children, middle)->word);
    if (found == key)
      return middle;
    if (found < key)
      low = middle + 1;
    else
      high = middle;
  }
  return G_MAXUINT32;
}

/* Returns: the entry of @words, [n_words]; G_MAXUINT32 if there is none */
static guint32
find_entry (const HearkenNgramBuilder *builder, const guint32 *words, guint n_words)
{
  guint32 entry = words[0];

  for (guint i = 1; i < n_words && entry != G_MAXUINT32; i++)
    entry = find_child (&builder->orders[i - 1], &builder->orders[i], entry, words[i]);
  return entry;
}

static char *
join_words (const HearkenNgramBuilder *builder, const guint32 *words, guint n_words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_words; i++) {
    if (i > 0)
      g_string_append_c (text, ' ');
    g_string_append (text, hearken_words_get (builder->words, words[i]));
  }
  return g_string_free (text, FALSE);
}

bool
hearken_ngram_builder_add (HearkenNgramBuilder *builder, const guint32 *words, double log_prob,
    double backoff, guint line, char **reason)
{
  const guint n_words = builder->n_orders;
  const guint32 parent = find_entry (builder, words, n_words - 1);
  const Entry entry = { parent, words[n_words - 1], (float) log_prob, (float) backoff, line };

  if (parent == G_MAXUINT32) {
    g_autofree char *history = join_words (builder, words, n_words - 1);
    *reason =
        g_strdup_printf ("there is no %u-gram '%s' for it to begin with", n_words - 1, history);
    return false;
  }
  g_array_append_val (builder->orders[n_words - 1].entries, entry);
  return true;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  if (x->parent != y->parent)
    return x->parent < y->parent ? -1 : 1;
  if (x->word != y->word)
    return hearken_ngram_word_to_key (x->word) < hearken_ngram_word_to_key (y->word) ? -1 : 1;
  return x->line < y->line ? -1 : x->line > y->line;
}

static char *
describe_entry (const HearkenNgramBuilder *builder, guint n_words, const Entry *entry)
{
  guint32 words[HEARKEN_NGRAM_MAX_ORDER];

  for (guint i = n_words; i-- > 0;) {
    words[i] = entry->word;
    if (i > 0)
      entry = get_entry (&builder->orders[i - 1], entry->parent);
  }
  return join_words (builder, words, n_words);
}

bool
hearken_ngram_builder_end_order (HearkenNgramBuilder *builder, guint *line, char **reason)
{
  const guint n_words = builder->n_orders;
  const Order *order = &builder->orders[n_words - 1];
  Order *parents = n_words > 1 ? &builder->orders[n_words - 2] : NULL;

  if (parents == NULL)
    return true;
  g_array_sort (order->entries, compare_entries);
  for (guint32 i = 1; i < get_n_entries (order); i++) {
    const Entry *a = get_entry (order, i - 1), *b = get_entry (order, i);
    if (a->parent == b->parent && a->word == b->word) {
      g_autofree char *text = describe_entry (builder, n_words, b);
      *line = b->line;
      *reason = g_strdup_printf ("the %u-gram '%s' is given twice", n_words, text);
      return false;
    }
  }
  parents->first = g_new (guint32, (gsize) get_n_entries (parents) + 1);
  for (guint32 i = 0, parent = 0; parent <= get_n_entries (parents); parent++) {
    while (i < get_n_entries (order) && get_entry (order, i)->parent < parent)
      i++;
    parents->first[parent] = i;
  }
  return true;
}

/* Finishing */

/* The longest n-grams are no contexts, since nothing follows them. Returns: the number of contexts */
static guint32
number_contexts (HearkenNgramBuilder *builder)
{
  guint32 n_contexts = 1;

  for (guint n = 0; n < builder->n_orders; n++) {
    Order *order = &builder->orders[n];
    order->contexts = g_new0 (guint32, MAX (get_n_entries (order), 1));
    for (guint32 i = 0; order->first != NULL && i < get_n_entries (order); i++)
      if (order->first[i] < order->first[i + 1] || get_entry (order, i)->backoff != 0.0f)
        order->contexts[i] = n_contexts++;
  }
  return n_contexts;
}

/* The longest context at the end of @context and @word; what it needs was filled in before. */
static guint32
find_next (const HearkenNgram *ngram, guint32 context, guint32 word)
{
  float backoff = 0.0f;

  return hearken_ngram_arc_get_next (hearken_ngram_find (ngram, context, word, &backoff));
}

/* Makes arcs of the entries @from to @to of @order, which follow @context. */
static guint32
fill_arcs (HearkenNgram *ngram, const Order *order, guint32 from, guint32 to, guint32 context,
    guint32 n_arcs)
{
  const guint32 shorter = ngram->contexts[context].shorter;

  ngram->contexts[context].first_arc = n_arcs;
  for (guint32 i = from; i < to; i++) {
    const Entry *entry = get_entry (order, i);
    guint32 next = order->contexts[i];
    if (next == 0 && context != 0)
      next = find_next (ngram, shorter, entry->word);
    ngram->arcs[n_arcs++] = hearken_ngram_arc_new (entry->word, next, entry->log_prob);
  }
  return n_arcs;
}

/* The contexts of @n + 1 words, and their arcs. */
static guint32
fill_contexts (HearkenNgram *ngram, const HearkenNgramBuilder *builder, guint n, guint32 n_arcs)
{
  const Order *order = &builder->orders[n];

  for (guint32 i = 0; i < get_n_entries (order); i++) {
    const Entry *entry = get_entry (order, i);
    const guint32 context = order->contexts[i];
    if (context == 0)
      continue;
    guint32 shorter = 0;
    if (n > 0) {
      const guint32 parent = builder->orders[n - 1].contexts[entry->parent];
      shorter = find_next (ngram, ngram->contexts[parent].shorter, entry->word);
    }
    ngram->contexts[context] = (HearkenNgramContext){ 0, shorter, entry->backoff };
    n_arcs = fill_arcs (ngram, order + 1, order->first[i], order->first[i + 1], context, n_arcs);
  }
  return n_arcs;
}

HearkenNgram *
hearken_ngram_builder_finish (HearkenNgramBuilder *builder)
{
  const guint32 n_contexts = number_contexts (builder);
  guint32 n_arcs = 0;
  HearkenNgram *ngram;

  for (guint n = 0; n < builder->n_orders; n++)
    n_arcs += get_n_entries (&builder->orders[n]);
  ngram =
      hearken_ngram_new (builder->n_orders, g_steal_pointer (&builder->words), n_contexts, n_arcs);
  ngram->arcs = g_new (HearkenNgramArc, n_arcs);
  ngram->contexts[0] = (HearkenNgramContext){ 0, 0, 0.0f };
  n_arcs = fill_arcs (ngram, &builder->orders[0], 0, get_n_entries (&builder->orders[0]), 0, 0);
  for (guint n = 0; n + 1 < builder->n_orders; n++)
    n_arcs = fill_contexts (ngram, builder, n, n_arcs);
  ngram->contexts[n_contexts] = (HearkenNgramContext){ n_arcs, 0, 0.0f };
  hearken_ngram_builder_free (builder);
  return hearken_ngram_seal (ngram);
}
