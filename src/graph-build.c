/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "graph-build.h"

#include "dictionary.h"
#include "digest.h"
#include "language-text.h"
#include "model-internal.h"
#include "phrase-list.h"
#include "phrase-spelling.h"
#include "word-marks.h"

#define MAX_LIST_BYTES (16u << 20)

/* How words are said: by their pronunciations, or else spelled. */
typedef struct {
  HearkenDictionary *dictionary; /* nullable */
  HearkenSpeller *speller;
} Voice;

static bool
voice_init (Voice *voice, const HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  *voice = (Voice){ NULL, NULL };
  if (parts->dictionary != NULL) {
    voice->dictionary = hearken_dictionary_load (parts->dictionary, graph->model, error);
    if (voice->dictionary == NULL)
      return false;
  }
  voice->speller = hearken_speller_new (graph->model);
  return true;
}

static void
voice_clear (Voice *voice)
{
  hearken_speller_free (voice->speller);
  g_clear_pointer (&voice->dictionary, hearken_dictionary_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Voice, voice_clear)

/* A word on its way into a lexicon. */
typedef struct {
  HearkenLexiconBuilder *builder;
  guint32 word;
  HearkenCost cost;
} Entry;

static void
add_pronunciation (const guint16 *tokens, guint n_tokens, gpointer data)
{
  const Entry *entry = data;

  hearken_lexicon_builder_add (entry->builder, entry->word, entry->cost, tokens, n_tokens);
}

/* Returns: whether there is a way to say @text */
static bool
add_word (const Voice *voice, Entry *entry, const char *text)
{
  g_autoptr (GArray) tokens = NULL;

  if (voice->dictionary != NULL)
    return hearken_dictionary_look_up (voice->dictionary, text, add_pronunciation, entry) > 0;
  tokens = g_array_new (FALSE, FALSE, sizeof (guint16));
  if (!hearken_speller_spell (voice->speller, text, tokens))
    return false;
  add_pronunciation ((const guint16 *) tokens->data, tokens->len, entry);
  return true;
}

/* The language model's marks of sentences' ends, and what stands for words it does not have. */
static bool
is_mark (const char *text)
{
  return g_str_equal (text, "<s>") || g_str_equal (text, "</s>") || g_str_equal (text, "<unk>") ||
         g_str_equal (text, "<UNK>");
}

/* The digest of what decides how words are said: tokens and dictionary. */
static bool
find_origin (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  const HearkenModel *model = graph->model;
  const guint32 blank = GUINT32_TO_LE (model->blank);
  guint64 origin = hearken_digest (0, &blank, sizeof (blank));

  for (guint i = 0; i < model->n_tokens; i++)
    origin = hearken_digest (origin, model->tokens[i], strlen (model->tokens[i]) + 1);
  if (parts->dictionary != NULL && !hearken_language_file_digest (parts->dictionary,
                                       HEARKEN_DICTIONARY_MAX_BYTES, &origin, error))
    return false;
  graph->origin = origin;
  return true;
}

/* Whether the model has all tokens of a lexicon from a file. */
static bool
has_tokens (const HearkenModel *model, const HearkenLexicon *lexicon)
{
  for (guint32 i = HEARKEN_LEXICON_ROOT + 1; i < lexicon->n_nodes; i++)
    if (lexicon->nodes[i].token >= model->n_tokens || lexicon->nodes[i].token == model->blank)
      return false;
  return true;
}

/* The words of a language model that can be said; the others are as good as not there. */
static bool
build_ngram_lexicon (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  g_auto (Voice) voice = { NULL, NULL };
  Entry entry = { 0 };
  guint32 n_said = 0;

  if (!voice_init (&voice, graph, parts, error))
    return false;
  entry.builder = hearken_lexicon_builder_new ();
  for (; entry.word < hearken_words_get_n (graph->words); entry.word++) {
    const char *text = hearken_words_get (graph->words, entry.word);

    entry.cost = hearken_ngram_get_unigram (graph->ngram, entry.word);
    n_said += !is_mark (text) && add_word (&voice, &entry, text);
  }
  graph->own_lexicon = hearken_lexicon_builder_finish (entry.builder);
  if (n_said > 0)
    return true;
  g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_WORD,
      "%s: the model can say none of its words%s", parts->language_model,
      voice.dictionary == NULL ? "; a model of phones needs a dictionary" : "");
  return false;
}

/* What was compiled into the language model, if it is what building would make. */
static bool
find_ngram_lexicon (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  if (!find_origin (graph, parts, error))
    return false;
  graph->lexicon = hearken_ngram_get_lexicon (graph->ngram, graph->origin);
  if (graph->lexicon != NULL && has_tokens (graph->model, graph->lexicon))
    return true;
  if (!build_ngram_lexicon (graph, parts, error))
    return false;
  graph->lexicon = graph->own_lexicon;
  return true;
}

/* All words of a grammar or of hotwords; one that cannot be said is a fault. */
static bool
build_whole_lexicon (
    HearkenGraph *graph, const HearkenGraphParts *parts, const char *name, GError **error)
{
  g_auto (Voice) voice = { NULL, NULL };
  Entry entry = { 0 };
  const char *unsaid = NULL;

  if (!voice_init (&voice, graph, parts, error))
    return false;
  entry.builder = hearken_lexicon_builder_new ();
  for (; entry.word < hearken_words_get_n (graph->words); entry.word++) {
    const char *text = hearken_words_get (graph->words, entry.word);

    if (!add_word (&voice, &entry, text) && unsaid == NULL)
      unsaid = text;
  }
  graph->lexicon = graph->own_lexicon = hearken_lexicon_builder_finish (entry.builder);
  if (unsaid == NULL)
    return true;
  g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_WORD, "%s: %s “%s”", name,
      voice.dictionary != NULL ? "the dictionary does not have" : "the model cannot spell", unsaid);
  return false;
}

static void
build_factors (HearkenGraph *graph, const HearkenGraphParts *parts)
{
  const HearkenLexicon *lexicon = graph->lexicon;

  graph->factors = g_new0 (double, HEARKEN_N_COSTS);
  for (guint32 i = 0; i < lexicon->n_nodes; i++) {
    const HearkenCost cost = lexicon->nodes[i].look_ahead;
    const double log_prob = hearken_cost_get_log_prob (cost);

    if (graph->ngram == NULL)
      graph->factors[cost] = 1;
    else if (graph->factors[cost] == 0)
      graph->factors[cost] = exp (parts->language_weight * log_prob + parts->word_bonus);
  }
}

/* The token that stands between words, where their beginnings are not marked in themselves. */
static guint
find_separator (const HearkenModel *model)
{
  guint separator = HEARKEN_NO_TOKEN;
  bool begins_words = false;

  for (guint i = 0; i < model->n_tokens; i++)
    begins_words |= hearken_token_begins_word (model->tokens[i]) &&
                    !hearken_token_is_separator (model->tokens[i]);
  for (guint i = 0; i < model->n_tokens && separator == HEARKEN_NO_TOKEN; i++)
    if (hearken_token_is_separator (model->tokens[i]) &&
        !(begins_words && hearken_token_begins_word (model->tokens[i])))
      separator = i;
  return separator;
}

/* What each token can do in a word that is spelled. */
static bool
build_pieces (HearkenGraph *graph, guint separator, GError **error)
{
  const HearkenModel *model = graph->model;
  bool can_spell = separator != HEARKEN_NO_TOKEN;

  graph->pieces = g_new0 (guint8, model->n_tokens);
  for (guint i = 0; i < model->n_tokens; i++) {
    const bool begins = hearken_token_begins_word (model->tokens[i]);

    if (i == model->blank || i == separator || hearken_model_is_filler (model, i))
      continue;
    if (separator != HEARKEN_NO_TOKEN)
      graph->pieces[i] = HEARKEN_PIECE_BEGINS | HEARKEN_PIECE_GOES_ON;
    else
      graph->pieces[i] = begins ? HEARKEN_PIECE_BEGINS : HEARKEN_PIECE_GOES_ON;
    can_spell |= begins;
  }
  if (!can_spell)
    g_set_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_OPTIONS,
        "words that are not in the vocabulary cannot be spelled: the tokens of the model have no "
        "marks where words begin");
  return can_spell;
}

static guint32
start_anywhere (gconstpointer self)
{
  return 0;
}

static float
advance_anywhere (gconstpointer self, guint32 state, guint32 word, guint32 *next)
{
  *next = 0;
  return 0;
}

static float
finish_anywhere (gconstpointer self, guint32 state)
{
  return 0;
}

/* The word model, and how many states it has. */
static void
fill_word_model (HearkenGraph *graph)
{
  HearkenSearchSpace *space = &graph->space;

  space->unknown_word = HEARKEN_NO_WORD;
  if (graph->ngram != NULL) {
    space->words = hearken_ngram_get_word_model (graph->ngram);
    space->n_states = hearken_ngram_get_n_states (graph->ngram);
    space->unknown_word = hearken_ngram_get_unknown (graph->ngram);
  } else if (graph->grammar != NULL) {
    space->words = hearken_grammar_get_word_model (graph->grammar);
    space->n_states = hearken_grammar_get_n_states (graph->grammar);
  } else {
    space->words = (HearkenWordModel){ NULL, start_anywhere, advance_anywhere, finish_anywhere };
    space->n_states = 1;
  }
}

static bool
fill_space (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  const HearkenModel *model = graph->model;
  const guint separator = find_separator (model);

  if (!isnan (parts->unknown_penalty) && !build_pieces (graph, separator, error))
    return false;
  graph->space = (HearkenSearchSpace){
    .lexicon = graph->lexicon,
    .n_words = hearken_words_get_n (graph->words),
    .factors = graph->factors,
    .weight = parts->language_weight,
    .bonus = parts->word_bonus,
    .hotwords = graph->hotwords,
    .n_boost_states = graph->hotwords != NULL ? hearken_hotwords_get_n_states (graph->hotwords) : 1,
    .n_tokens = model->n_tokens,
    .blank = model->blank,
    .is_filler = model->decoding.is_filler,
    .separator = separator,
    .is_whole = graph->grammar != NULL,
    .pieces = graph->pieces,
    .log_unknown = graph->pieces != NULL ? -parts->unknown_penalty : 0,
  };
  fill_word_model (graph);
  return true;
}

/* What tells one graph from another: all that decides about sounds and words, and of the language
 * model the unigrams. */
static guint64
compute_digest (const HearkenGraph *graph)
{
  const HearkenLexicon *lexicon = graph->lexicon;
  const double weights[] = { graph->space.weight, graph->space.bonus, graph->space.log_unknown };
  const guint32 sizes[] = { graph->space.n_states, graph->space.n_boost_states };
  guint64 digest = hearken_digest (0, weights, sizeof (weights));

  digest = hearken_digest (digest, sizes, sizeof (sizes));
  if (graph->pieces != NULL)
    digest = hearken_digest (digest, graph->pieces, graph->model->n_tokens);
  digest =
      hearken_digest (digest, lexicon->nodes, (lexicon->n_nodes + 1) * sizeof (HearkenLexiconNode));
  digest = hearken_digest (digest, lexicon->words, lexicon->n_entries * sizeof (guint32));
  if (graph->grammar != NULL)
    digest = hearken_grammar_digest (graph->grammar, digest);
  if (graph->hotwords != NULL)
    digest = hearken_hotwords_digest (graph->hotwords, digest);
  return hearken_words_digest (graph->words, digest);
}

/* Returns: (transfer full) (nullable): a list of phrases for people to write */
static char *
load_list (const char *path, GError **error)
{
  return hearken_language_text_load (path, MAX_LIST_BYTES, error);
}

/* The words of the hotwords are the vocabulary where nothing else says what it is. */
static bool
load_hotwords_words (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  g_autofree char *text = load_list (parts->hotwords, error);
  g_autoptr (GPtrArray) phrases = NULL;

  if (text != NULL)
    phrases = hearken_phrase_list_parse (text, parts->hotwords, 1, G_MAXDOUBLE, error);
  if (phrases == NULL)
    return false;
  graph->own_words = hearken_words_new_ignoring_case ();
  graph->words = graph->own_words;
  for (guint i = 0; i < phrases->len; i++) {
    const HearkenPhrase *phrase = g_ptr_array_index (phrases, i);
    g_auto (GStrv) words = g_strsplit (phrase->text, " ", -1);

    for (char **word = words; *word != NULL; word++)
      hearken_words_add (graph->own_words, *word);
  }
  return build_whole_lexicon (graph, parts, parts->hotwords, error);
}

static bool
load_words (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  if (parts->grammar != NULL) {
    graph->grammar = hearken_grammar_load (parts->grammar, error);
    if (graph->grammar == NULL)
      return false;
    graph->words = hearken_grammar_get_words (graph->grammar);
    return build_whole_lexicon (graph, parts, parts->grammar, error);
  }
  if (parts->language_model == NULL)
    return load_hotwords_words (graph, parts, error);
  graph->ngram = hearken_ngram_load (parts->language_model, error);
  if (graph->ngram == NULL)
    return false;
  graph->words = hearken_ngram_get_words (graph->ngram);
  return find_ngram_lexicon (graph, parts, error);
}

static bool
load_hotwords (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  g_autofree char *text = NULL;

  if (parts->hotwords == NULL)
    return true;
  text = load_list (parts->hotwords, error);
  if (text != NULL)
    graph->hotwords = hearken_hotwords_new_from_text (text, parts->hotwords, graph->words, error);
  return graph->hotwords != NULL;
}

static bool
build_search (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  if (!load_words (graph, parts, error) || !load_hotwords (graph, parts, error))
    return false;
  build_factors (graph, parts);
  if (!fill_space (graph, parts, error))
    return false;
  graph->digest = compute_digest (graph);
  return true;
}

static bool
build_keywords (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  g_auto (Voice) voice = { NULL, NULL };
  g_autofree char *text = NULL;

  if (!voice_init (&voice, graph, parts, error) || !find_origin (graph, parts, error) ||
      (text = load_list (parts->keywords, error)) == NULL)
    return false;
  HearkenPhraseSpeller speller = { graph->model, voice.speller, voice.dictionary };
  graph->keywords =
      hearken_keywords_new_from_text (text, parts->keywords, hearken_phrase_spell, &speller, error);
  graph->digest = hearken_digest (graph->origin, text, strlen (text));
  return graph->keywords != NULL;
}

bool
hearken_graph_build (HearkenGraph *graph, const HearkenGraphParts *parts, GError **error)
{
  g_auto (Voice) voice = { NULL, NULL };

  if (parts->keywords != NULL)
    return build_keywords (graph, parts, error);
  if (parts->language_model != NULL || parts->grammar != NULL || parts->hotwords != NULL)
    return build_search (graph, parts, error);
  return voice_init (&voice, graph, parts, error); /* a bad dictionary is an error in any case */
}

void
hearken_graph_clear (HearkenGraph *graph)
{
  g_clear_pointer (&graph->keywords, hearken_keywords_unref);
  g_clear_pointer (&graph->ngram, hearken_ngram_unref);
  g_clear_pointer (&graph->grammar, hearken_grammar_unref);
  g_clear_pointer (&graph->hotwords, hearken_hotwords_free);
  g_clear_pointer (&graph->own_lexicon, hearken_lexicon_free);
  g_clear_pointer (&graph->own_words, hearken_words_free);
  g_free (graph->factors);
  g_free (graph->pieces);
}
