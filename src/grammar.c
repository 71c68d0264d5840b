/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "grammar.h"

#include <math.h>
#include <string.h>

#include "cache.h"
#include "dfa.h"
#include "digest.h"
#include "jsgf.h"
#include "language-text.h"

#define MAX_BYTES (8 << 20)
#define MAX_WORDS 500000 /* of all phrases together */
#define MAX_STATES 200000
#define BLANKS " \t\r\v\f"

struct HearkenGrammar {
  HearkenCached cached; /* the first member */
  HearkenWords *words;
  HearkenNfa *nfa; /* for tags */
  HearkenDfa *dfa; /* for decoding */
};

static HearkenCache cache;

/* @line: one of a list of phrases, cut where a comment begins. Returns: whether it can be one */
static bool
check_phrase (char *line, const char *name, guint number, GError **error)
{
  for (char *c = line; *c != '\0'; c++)
    if (*c == '#' && (c == line || strchr (BLANKS, c[-1]) != NULL)) {
      *c = '\0';
      break;
    }
  const char *sign = strpbrk (line, "<>{}[]()|=;*/\"");
  if (sign == NULL)
    return true;
  hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, name, number,
      "“%c” in a phrase (a grammar in JSGF begins with %s)", *sign, HEARKEN_JSGF_MAGIC);
  return false;
}

/* Returns: (transfer full): of GStrv, the words of each phrase */
static GPtrArray *
split_phrases (const char *text, const char *name, GError **error)
{
  g_autoptr (GPtrArray) phrases = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    if (!check_phrase (lines[i], name, i + 1, error))
      return NULL;
    g_auto (GStrv) words = g_strsplit_set (lines[i], BLANKS, -1);
    GPtrArray *phrase = g_ptr_array_new ();
    for (guint j = 0; words[j] != NULL; j++)
      if (*words[j] != '\0')
        g_ptr_array_add (phrase, g_strdup (words[j]));
    g_ptr_array_add (phrase, NULL);
    if (phrase->len > 1)
      g_ptr_array_add (phrases, g_ptr_array_free (phrase, FALSE));
    else
      g_ptr_array_unref (phrase);
  }
  return g_steal_pointer (&phrases);
}

/* The words of a phrase as one way from the start to the end. */
static void
add_phrase (HearkenNfa *nfa, HearkenWords *words, char **phrase, double probability)
{
  guint32 from = HEARKEN_NFA_START;

  for (; *phrase != NULL; phrase++) {
    const guint32 to = phrase[1] != NULL ? hearken_nfa_add_state (nfa) : HEARKEN_NFA_END;
    hearken_nfa_add_arc (nfa, from, to, hearken_words_add (words, *phrase), probability, NULL);
    from = to;
    probability = 1;
  }
}

static HearkenNfa *
parse_phrases (const char *text, const char *name, HearkenWords *words, GError **error)
{
  g_autoptr (GPtrArray) phrases = split_phrases (text, name, error);
  g_autoptr (HearkenNfa) nfa = hearken_nfa_new ();

  for (guint i = 0; phrases != NULL && i < phrases->len; i++) {
    add_phrase (nfa, words, g_ptr_array_index (phrases, i), 1.0 / phrases->len);
    if (nfa->arcs->len > MAX_WORDS) {
      hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, name, 1,
          "more than %d words in all phrases together", MAX_WORDS);
      return NULL;
    }
  }
  return phrases != NULL ? g_steal_pointer (&nfa) : NULL;
}

static HearkenNfa *
parse (const char *text, const char *name, HearkenWords *words, GError **error)
{
  if (!g_str_has_prefix (text, HEARKEN_JSGF_MAGIC))
    return parse_phrases (text, name, words, error);
  g_autoptr (HearkenJsgf) jsgf = hearken_jsgf_parse (text, name, error);
  return jsgf != NULL ? hearken_jsgf_compile (jsgf, words, error) : NULL;
}

static bool
finish (HearkenGrammar *grammar, const char *name, GError **error)
{
  const char *reason = NULL;

  if (!hearken_nfa_finish (grammar->nfa))
    reason = "a grammar without a sentence";
  else if ((grammar->dfa = hearken_dfa_new (grammar->nfa, MAX_STATES)) == NULL)
    reason = "the grammar is too large, or too ambiguous: more than " G_STRINGIFY (
        MAX_STATES) " states to decode with";
  else if (grammar->dfa->arcs->len == 0)
    reason = "a grammar without a word";
  if (reason == NULL)
    return true;
  hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, name, 1, "%s", reason);
  return false;
}

HearkenGrammar *
hearken_grammar_new_from_text (const char *text, const char *name, GError **error)
{
  g_autoptr (HearkenGrammar) grammar = g_new0 (HearkenGrammar, 1);

  grammar->cached.ref_count = 1;
  grammar->words = hearken_words_new_ignoring_case ();
  if (!hearken_language_text_check (text, strlen (text), name, error))
    return NULL;
  grammar->nfa = parse (text, name, grammar->words, error);
  if (grammar->nfa == NULL || !finish (grammar, name, error))
    return NULL;
  return g_steal_pointer (&grammar);
}

static HearkenGrammar *
load (const HearkenModelFile *file, GError **error)
{
  g_autofree char *text = hearken_language_text_read (file, error);
  HearkenGrammar *grammar =
      text != NULL ? hearken_grammar_new_from_text (text, file->name, error) : NULL;

  if (grammar == NULL)
    return NULL;
  HearkenGrammar *earlier = hearken_cache_insert (&cache, file->identity, &grammar->cached);
  if (earlier == NULL)
    return grammar;
  hearken_grammar_unref (grammar);
  return earlier;
}

HearkenGrammar *
hearken_grammar_load (const char *path, GError **error)
{
  g_autoptr (HearkenModelFile) file = hearken_language_file_open (path, MAX_BYTES, error);
  HearkenGrammar *grammar;

  if (file == NULL)
    return NULL;
  grammar = hearken_cache_lookup (&cache, file->identity);
  return grammar != NULL ? grammar : load (file, error);
}

HearkenGrammar *
hearken_grammar_ref (HearkenGrammar *grammar)
{
  g_atomic_int_inc (&grammar->cached.ref_count);
  return grammar;
}

void
hearken_grammar_unref (HearkenGrammar *grammar)
{
  if (grammar == NULL || !hearken_cache_unref (&cache, &grammar->cached))
    return;
  hearken_words_free (grammar->words);
  hearken_nfa_free (grammar->nfa);
  hearken_dfa_free (grammar->dfa);
  g_free (grammar);
}

const HearkenWords *
hearken_grammar_get_words (const HearkenGrammar *grammar)
{
  return grammar->words;
}

static guint32
start (gconstpointer self)
{
  return 0;
}

static float
advance (gconstpointer self, guint32 state, guint32 word, guint32 *next)
{
  const HearkenGrammar *grammar = self;
  const HearkenDfaArc *arc = hearken_dfa_find_arc (grammar->dfa, state, word);

  *next = arc != NULL ? arc->to : state;
  return arc != NULL ? arc->log_prob : -INFINITY;
}

static float
finish_in (gconstpointer self, guint32 state)
{
  const HearkenGrammar *grammar = self;

  return g_array_index (grammar->dfa->states, HearkenDfaState, state).finish;
}

guint32
hearken_grammar_get_n_states (const HearkenGrammar *grammar)
{
  return grammar->dfa->states->len;
}

HearkenWordModel
hearken_grammar_get_word_model (const HearkenGrammar *grammar)
{
  return (HearkenWordModel){ grammar, start, advance, finish_in };
}

guint64
hearken_grammar_digest (const HearkenGrammar *grammar, guint64 seed)
{
  const GArray *states = grammar->dfa->states, *arcs = grammar->dfa->arcs;

  seed = hearken_digest (seed, states->data, states->len * sizeof (HearkenDfaState));
  return hearken_digest (seed, arcs->data, arcs->len * sizeof (HearkenDfaArc));
}

char **
hearken_grammar_get_tags (const HearkenGrammar *grammar, const guint32 *words, guint n_words)
{
  return hearken_nfa_get_tags (grammar->nfa, words, n_words);
}
