/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The search against all alignments there are, and what it owes to those who use it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search-internal.h"

enum { BLANK, A, B, C, SEPARATOR, FILLER, N_TOKENS };
enum { N_WORDS = 6, MAX_WORDS = 6, N_STEPS = 6 };

/* Words with the same sound, words within words, two ways to say one, and one token for a word. */
static const struct {
  guint32 word;
  guint n_tokens;
  guint16 tokens[3];
} spoken[] = { { 0, 1, { A } }, { 1, 2, { A, B } }, { 2, 2, { B, C } }, { 3, 1, { C } },
  { 4, 1, { A } }, { 1, 2, { B, B } }, { 5, 3, { A, B, C } } };

/* A state is the whole history, its words as digits from 1 on. */
static guint32
start_all (gconstpointer self)
{
  return 0;
}

static float
advance_all (gconstpointer self, guint32 state, guint32 word, guint32 *next)
{
  *next = state * (N_WORDS + 1) + word + 1;
  return *next % 13 == 0 ? -INFINITY : -0.1f - (float) (*next * 7 % 23) / 10;
}

static float
finish_all (gconstpointer self, guint32 state)
{
  return state % 11 == 5 ? -INFINITY : -(float) (state % 5) / 3;
}

typedef struct {
  HearkenSearchSpace space;
  HearkenLexicon *lexicon;
  double *factors;
  bool fillers[N_TOKENS];
} Fixture;

static void
fixture_init (Fixture *fixture, HearkenWordModel words, guint32 n_states)
{
  HearkenLexiconBuilder *builder = hearken_lexicon_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (spoken); i++)
    hearken_lexicon_builder_add (
        builder, spoken[i].word, 100, spoken[i].tokens, spoken[i].n_tokens);
  fixture->lexicon = hearken_lexicon_builder_finish (builder);
  fixture->factors = g_new (double, HEARKEN_N_COSTS);
  for (guint32 i = 0; i < HEARKEN_N_COSTS; i++)
    fixture->factors[i] = 1;
  memset (fixture->fillers, 0, sizeof (fixture->fillers));
  fixture->fillers[FILLER] = true;
  fixture->space = (HearkenSearchSpace){
    .lexicon = fixture->lexicon,
    .words = words,
    .n_states = n_states,
    .n_words = N_WORDS,
    .factors = fixture->factors,
    .weight = 1.3,
    .bonus = 0.4,
    .n_boost_states = 1,
    .n_tokens = N_TOKENS,
    .blank = BLANK,
    .is_filler = fixture->fillers,
    .separator = HEARKEN_NO_TOKEN,
    .unknown_word = HEARKEN_NO_WORD,
  };
}

static void
fixture_clear (Fixture *fixture)
{
  hearken_lexicon_free (fixture->lexicon);
  g_free (fixture->factors);
}

static const HearkenWordModel all_histories = { NULL, start_all, advance_all, finish_all };
static const HearkenSearchSettings exact = {
  .beam_width = 1000000, .n_best = 1000000, .score_beam = INFINITY, .token_beam = INFINITY
};

/* @log_probs: [n_steps][N_TOKENS] out: the greater @peak, the surer they are */
static void
make_random (double peak, guint n_steps, float *log_probs)
{
  for (guint step = 0; step < n_steps; step++) {
    double sum = 0;

    for (guint i = 0; i < N_TOKENS; i++) {
      log_probs[step * N_TOKENS + i] = g_test_rand_double_range (0, peak);
      sum += exp (log_probs[step * N_TOKENS + i]);
    }
    for (guint i = 0; i < N_TOKENS; i++)
      log_probs[step * N_TOKENS + i] -= log (sum);
  }
}

/* The brute force: every path of outputs, what it collapses to, every way to read that as words. */
typedef struct {
  const HearkenSearchSpace *space;
  GHashTable *masses; /* words, as get_key() has them → double */
} Brute;

/* What the words of @key are granted; a word that is spelled is in no phrase. */
static double
get_boost (const HearkenSearchSpace *space, const char *key)
{
  g_auto (GStrv) words = g_strsplit (key, " ", -1);
  guint32 state = HEARKEN_HOTWORDS_START;
  double boost = 0;

  if (space->hotwords == NULL)
    return 0;
  for (guint i = 1; words[0] != NULL && words[i] != NULL; i++) {
    const guint32 word = atoi (words[i]);

    if (word < N_WORDS) {
      boost += hearken_hotwords_advance (space->hotwords, state, word, &state);
    } else {
      boost += hearken_hotwords_finish (space->hotwords, state);
      state = HEARKEN_HOTWORDS_START;
    }
  }
  return boost + hearken_hotwords_finish (space->hotwords, state);
}

static void
add_reading (Brute *brute, const char *key, guint32 state, double log_mass)
{
  double *mass = g_hash_table_lookup (brute->masses, key);

  if (mass == NULL) {
    mass = g_new0 (double, 1);
    g_hash_table_insert (brute->masses, g_strdup (key), mass);
  }
  *mass += exp (
      log_mass + get_boost (brute->space, key) + brute->space->weight * finish_all (NULL, state));
}

typedef struct {
  const guint16 *tokens; /* [n] that are not read yet */
  guint n;
  const char *key; /* the words before */
  guint32 state;
  bool may_begin;   /* a word */
  bool is_spelling; /* the last word was spelled, and may go on */
  double log_mass;
} Reading;

static void read_words (Brute *brute, Reading reading);

static void
read_piece (Brute *brute, Reading reading, bool begins)
{
  const HearkenSearchSpace *space = brute->space;
  g_autofree char *key =
      g_strdup_printf ("%s %u", reading.key, N_WORDS + reading.tokens[0] + (begins ? 0 : N_TOKENS));
  guint32 state = reading.state;
  double log_mass = reading.log_mass;

  if (begins)
    log_mass += space->log_unknown;
  if (begins && space->unknown_word != HEARKEN_NO_WORD)
    log_mass +=
        space->bonus + space->weight * advance_all (NULL, state, space->unknown_word, &state);
  read_words (brute, (Reading){ reading.tokens + 1, reading.n - 1, key, state,
                         space->separator == HEARKEN_NO_TOKEN, true, log_mass });
}

static void
read_word (Brute *brute, Reading reading, gsize way)
{
  const HearkenSearchSpace *space = brute->space;
  g_autofree char *key = g_strdup_printf ("%s %u", reading.key, spoken[way].word);
  guint32 next;
  const double log_prob = advance_all (NULL, reading.state, spoken[way].word, &next);

  if (spoken[way].n_tokens <= reading.n &&
      memcmp (spoken[way].tokens, reading.tokens, spoken[way].n_tokens * sizeof (guint16)) == 0)
    read_words (
        brute, (Reading){ reading.tokens + spoken[way].n_tokens, reading.n - spoken[way].n_tokens,
                   key, next, space->separator == HEARKEN_NO_TOKEN, false,
                   reading.log_mass + space->weight * log_prob + space->bonus });
}

static void
read_words (Brute *brute, Reading reading)
{
  const HearkenSearchSpace *space = brute->space;
  const guint pieces =
      reading.n > 0 && space->pieces != NULL ? space->pieces[reading.tokens[0]] : 0;

  if (reading.n == 0)
    add_reading (brute, reading.key, reading.state, reading.log_mass);
  if (reading.n > 0 && reading.tokens[0] == space->separator)
    read_words (brute, (Reading){ reading.tokens + 1, reading.n - 1, reading.key, reading.state,
                           true, false, reading.log_mass });
  if (reading.may_begin && pieces & HEARKEN_PIECE_BEGINS)
    read_piece (brute, reading, true);
  if (reading.is_spelling && pieces & HEARKEN_PIECE_GOES_ON)
    read_piece (brute, reading, false);
  for (gsize i = 0; reading.may_begin && i < G_N_ELEMENTS (spoken); i++)
    read_word (brute, reading, i);
}

static void
read_path (Brute *brute, const float *log_probs, guint path)
{
  guint16 tokens[N_STEPS], last = BLANK;
  double log_prob = 0;
  guint n = 0;

  for (guint step = 0; step < N_STEPS; step++, path /= N_TOKENS) {
    const guint16 output = path % N_TOKENS;
    const guint16 token = output == FILLER ? BLANK : output;

    log_prob += log_probs[step * N_TOKENS + output];
    if (token != last && token != BLANK)
      tokens[n++] = token;
    last = token;
  }
  read_words (brute, (Reading){ tokens, n, "", 0, true, false, log_prob });
}

static double
sum_masses (Brute *brute)
{
  GHashTableIter iter;
  gpointer mass;
  double sum = 0;

  g_hash_table_iter_init (&iter, brute->masses);
  while (g_hash_table_iter_next (&iter, NULL, &mass))
    sum += *(double *) mass;
  return sum;
}

static char *
get_key (const GArray *words)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (key, " %u", g_array_index (words, HearkenFound, i).word);
  return g_string_free (key, FALSE);
}

/* The state that the sentence's words lead to. */
static guint32
get_state (const GArray *words)
{
  guint32 state = 0;

  for (guint i = 0; i < words->len; i++)
    state = state * (N_WORDS + 1) + g_array_index (words, HearkenFound, i).word + 1;
  return state;
}

static void
check_grid (const HearkenSearchSpace *space, const float *log_probs)
{
  g_autoptr (GHashTable) masses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  Brute brute = { space, masses };
  HearkenSearch *search = hearken_search_new (space);
  guint n_paths = 1, n_sentences, n_expected = 0;
  GHashTableIter iter;
  gpointer mass;
  double all, last = INFINITY;

  for (guint step = 0; step < N_STEPS; step++)
    n_paths *= N_TOKENS;
  for (guint path = 0; path < n_paths; path++)
    read_path (&brute, log_probs, path);
  all = sum_masses (&brute);

  hearken_search_configure (search, &exact);
  for (guint step = 0; step < N_STEPS; step++)
    hearken_search_push (search, log_probs + step * N_TOKENS);
  n_sentences = hearken_search_finish (search);
  for (guint i = 0; i < n_sentences; i++) {
    const double share = hearken_search_get_sentence (search, i, words);
    g_autofree char *key = get_key (words);
    const double *expected = g_hash_table_lookup (masses, key);

    g_assert_nonnull (expected);
    g_assert_cmpfloat_with_epsilon (share, *expected / all, 1e-9);
    g_assert_cmpfloat (share, <=, last);
    last = share;
  }
  g_hash_table_iter_init (&iter, masses);
  while (g_hash_table_iter_next (&iter, NULL, &mass))
    n_expected += *(double *) mass > 0;
  g_assert_cmpuint (n_sentences, ==, n_expected);
  hearken_search_free (search);
}

typedef struct {
  const char *path;
  guint separator;
  const guint8 *pieces;
  guint32 unknown_word;
  const char *hotwords; /* nullable; of words that are named by their numbers */
} BruteCase;

static const guint8 letters[N_TOKENS] = { [A] = HEARKEN_PIECE_BEGINS | HEARKEN_PIECE_GOES_ON,
  [B] = HEARKEN_PIECE_BEGINS | HEARKEN_PIECE_GOES_ON,
  [C] = HEARKEN_PIECE_BEGINS | HEARKEN_PIECE_GOES_ON };
static const guint8 marked[N_TOKENS] = {
  [A] = HEARKEN_PIECE_BEGINS, [B] = HEARKEN_PIECE_GOES_ON, [C] = HEARKEN_PIECE_GOES_ON
};

static const BruteCase brute_cases[] = {
  { "/search/brute-force", HEARKEN_NO_TOKEN, NULL, HEARKEN_NO_WORD, "3 0 /2/\n0 1 2 /3/\n5" },
  { "/search/brute-force-with-separator", SEPARATOR, NULL, HEARKEN_NO_WORD, NULL },
  { "/search/brute-force-spelling-letters", SEPARATOR, letters, HEARKEN_NO_WORD, NULL },
  { "/search/brute-force-spelling-pieces", HEARKEN_NO_TOKEN, marked, 2, "4 3 /2/\n3 3" },
};

/* Boosts of words that are named by their numbers. */
static HearkenHotwords *
make_hotwords (const char *list)
{
  HearkenWords *names = hearken_words_new ();
  g_autoptr (GError) error = NULL;
  HearkenHotwords *hotwords;

  for (char name = '0'; name < '0' + N_WORDS; name++)
    hearken_words_add (names, (char[]){ name, '\0' });
  hotwords = hearken_hotwords_new_from_text (list, "list", names, &error);
  g_assert_no_error (error);
  hearken_words_free (names);
  return hotwords;
}

static void
test_brute_force (gconstpointer data)
{
  const BruteCase *test = data;
  Fixture fixture;
  float log_probs[N_STEPS * N_TOKENS];
  g_autoptr (HearkenHotwords) hotwords =
      test->hotwords != NULL ? make_hotwords (test->hotwords) : NULL;

  fixture_init (&fixture, all_histories, G_MAXUINT32);
  fixture.space.hotwords = hotwords;
  fixture.space.unknown_word = test->unknown_word;
  fixture.space.separator = test->separator;
  fixture.space.pieces = test->pieces;
  fixture.space.log_unknown = -0.7;
  for (guint trial = 0; trial < 2; trial++) {
    make_random (4.0 * trial, N_STEPS, log_probs);
    check_grid (&fixture.space, log_probs);
  }
  fixture_clear (&fixture);
}

/* One state: every word may follow. */
static float
advance_any (gconstpointer self, guint32 state, guint32 word, guint32 *next)
{
  *next = 0;
  return -0.2f * (1 + word);
}

static float
finish_any (gconstpointer self, guint32 state)
{
  return 0;
}

static const HearkenWordModel any_word = { NULL, start_all, advance_any, finish_any };
static const HearkenSearchSettings usual = {
  .beam_width = 64, .n_best = 1, .score_beam = 14, .token_beam = 8
};

/* Steps on which the outputs named have nearly all the probability, in equal parts: "a" "b" "c", "-"
 * the blank, "(ab)" a or b. */
static void
push_text (HearkenSearch *search, const char *text)
{
  while (*text != '\0') {
    float log_probs[N_TOKENS];
    const bool is_group = *text == '(';
    const char *end = is_group ? strchr (text, ')') : text + 1;

    text += is_group;
    for (guint i = 0; i < N_TOKENS; i++)
      log_probs[i] = logf (1e-5f);
    for (const char *at = text; at < end; at++)
      log_probs[*at == '-' ? BLANK : A + *at - 'a'] = logf (1.0f / (end - text) - 1e-4f);
    hearken_search_push (search, log_probs);
    text = end + is_group;
  }
}

/* The words that became final, as "word@start-end". */
static char *
pull_text (HearkenSearch *search)
{
  GString *text = g_string_new (NULL);
  HearkenFound found;

  while (hearken_search_pull (search, &found))
    g_string_append_printf (text, "%s%u@%u-%u", text->len > 0 ? " " : "", found.word,
        (guint) found.timing.start_step, (guint) found.timing.end_step);
  return g_string_free (text, FALSE);
}

static char *
get_words (const GArray *words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++) {
    const HearkenFound *found = &g_array_index (words, HearkenFound, i);

    g_string_append_printf (text, "%s%u@%u-%u", i > 0 ? " " : "", found->word,
        (guint) found->timing.start_step, (guint) found->timing.end_step);
  }
  return g_string_free (text, FALSE);
}

/* Words have the times of their tokens, become final while others follow, and the last one is not
 * lost. Word 5 is "abc", 2 "bc", 3 "c". */
static void
test_words_and_times (void)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  g_autofree char *final = NULL, *last = NULL;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  fixture.space.bonus = -1; /* rather one long word than short ones */
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  push_text (search, "--aa-b-cc---bc---c-----c");
  final = pull_text (search);
  g_assert_cmpstr (final, ==, "5@2-9 2@12-14 3@17-18");
  g_assert_cmpuint (hearken_search_finish (search), >, 0);
  hearken_search_get_sentence (search, 0, words);
  last = get_words (words);
  g_assert_cmpstr (last, ==, "3@23-24");
  g_assert_cmpfloat (g_array_index (words, HearkenFound, 0).posterior, >, 0.99);
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* A sound that five readings share makes none of them sure, though all hypotheses but one
 * are given up long before the end; the word that was never in doubt is. */
static void
test_doubt_is_remembered (void)
{
  HearkenFound found;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  fixture.space.weight = 0;
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  push_text (search, "c---(abc)bc---c---c--c---");
  g_assert_true (hearken_search_pull (search, &found));
  g_assert_cmpuint (found.word, ==, 3);
  g_assert_cmpfloat (found.posterior, >, 0.99);
  g_assert_true (hearken_search_pull (search, &found));
  g_assert_cmpfloat (found.posterior, <, 0.35);
  g_assert_cmpfloat (found.posterior, >, 0.1);
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* Words 0 and 4 sound the same, and one is as sure as its share of the two; a phrase that has only begun is
 * followed as well. */
static void
test_words_that_sound_the_same (void)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  g_autoptr (HearkenHotwords) hotwords = make_hotwords ("4 3 /1.5/");
  g_autofree char *text = NULL;
  HearkenSearchSettings settings = usual;
  Fixture fixture;
  HearkenSearch *search;
  double share;

  fixture_init (&fixture, any_word, 1);
  search = hearken_search_new (&fixture.space);
  settings.n_best = 3;
  hearken_search_configure (search, &settings);
  push_text (search, "-a-");
  g_assert_cmpuint (hearken_search_finish (search), >=, 2);
  share = hearken_search_get_sentence (search, 0, words);
  g_assert_cmpfloat_with_epsilon (share, 1 / (1 + exp (-0.2 * 4 * 1.3)), 1e-3);
  g_assert_cmpfloat_with_epsilon (g_array_index (words, HearkenFound, 0).posterior, share, 1e-3);
  hearken_search_free (search);

  fixture.space.hotwords = hotwords;
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  push_text (search, "-a--c-");
  hearken_search_finish (search);
  hearken_search_get_sentence (search, 0, words);
  text = get_words (words);
  g_assert_cmpstr (text, ==, "4@1-2 3@4-5");
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* Nothing that follows tells these two apart. */
static void
test_delay_is_bounded (void)
{
  HearkenSearchSettings settings = usual;
  HearkenFound found;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, all_histories, G_MAXUINT32);
  fixture.space.weight = 0;
  settings.n_best = 4;
  for (guint delay = 0; delay <= 10; delay += 10) {
    settings.delay_steps = delay;
    search = hearken_search_new (&fixture.space);
    hearken_search_configure (search, &settings);
    push_text (search, "a---------"); /* it ends after one step, and 9 more are not 10 */
    g_assert_false (hearken_search_pull (search, &found));
    push_text (search, "-");
    g_assert_true (hearken_search_pull (search, &found) == (delay > 0));
    if (delay > 0)
      g_assert_cmpfloat (found.posterior, <, 0.5); /* it could also go on */
    hearken_search_free (search);
  }
  fixture_clear (&fixture);
}

/* Where an utterance is cut for its length, words are final and the one that is open goes on. */
static void
test_split_in_a_word (void)
{
  g_autofree char *first = NULL, *second = NULL;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  fixture.space.bonus = -1;
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  push_text (search, "-bc--a");
  first = pull_text (search);
  hearken_search_split (search);
  second = pull_text (search);
  g_assert_true (g_str_has_prefix (*first != '\0' ? first : second, "2@1-3"));
  push_text (search, "bc---c--");
  g_free (second);
  second = pull_text (search);
  g_assert_true (strstr (second, "3@11-12") != NULL);
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* And of two words that sound the same one is final, the other no more thought of. */
static void
test_split_between_two (void)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  HearkenSearchSettings settings = usual;
  g_autofree char *first = NULL;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  search = hearken_search_new (&fixture.space);
  settings.n_best = 4;
  hearken_search_configure (search, &settings);
  push_text (search, "c--a-");
  hearken_search_split (search);
  first = pull_text (search);
  g_assert_cmpstr (first, ==, "3@0-1 0@3-4");
  push_text (search, "--c-");
  for (guint i = 0, n = hearken_search_finish (search); i < n; i++) {
    hearken_search_get_sentence (search, i, words);
    for (guint k = 0; k < words->len; k++)
      g_assert_cmpuint (g_array_index (words, HearkenFound, k).timing.start_step, >=, 4);
  }
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* The same of a word that is spelled, which might be over. */
static void
test_split_in_a_spelled_word (void)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));
  g_autofree char *first = NULL, *second = NULL;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  fixture.space.bonus = -1;
  fixture.space.pieces = marked;
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  push_text (search, "-bc--ac-");
  hearken_search_split (search);
  first = pull_text (search);
  g_assert_cmpstr (first, ==, "2@1-3");
  push_text (search, "b--");
  g_assert_cmpuint (hearken_search_finish (search), >, 0);
  hearken_search_get_sentence (search, 0, words);
  second = get_words (words);
  g_assert_cmpstr (second, ==, "7@5-6 15@6-7 14@8-9"); /* a, c, b */
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* As many as there are, and no more, whichever other sentences are more probable. */
static void
test_grammar_needs_its_sentence (void)
{
  Fixture fixture;
  HearkenSearch *search;
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));

  fixture_init (&fixture, all_histories, G_MAXUINT32);
  fixture.space.is_whole = true;
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &exact);
  push_text (search, "--bc--a-");
  for (guint i = 0, n = hearken_search_finish (search); i < n; i++) {
    hearken_search_get_sentence (search, i, words);
    g_assert_true (isfinite (finish_all (NULL, get_state (words))));
  }
  g_assert_cmpfloat (hearken_search_get_match (search), <=, 0);
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* A sentence of 120 words, each of which sounds less likely than something else. How much the words
 * themselves are worth changes nothing about their sound. */
static void
test_match_of_a_long_sentence (void)
{
  static const double bonuses[] = { 0, -8, 8 };
  enum { N_SAID = 120 };

  for (gsize i = 0; i < G_N_ELEMENTS (bonuses); i++) {
    Fixture fixture;
    HearkenSearch *search;
    float said[N_TOKENS], silence[N_TOKENS];

    for (guint token = 0; token < N_TOKENS; token++) {
      said[token] = token == C ? logf (0.4f) : token == SEPARATOR ? logf (0.6f) : -30;
      silence[token] = token == BLANK ? 0 : -30;
    }
    fixture_init (&fixture, any_word, 1);
    fixture.space.is_whole = true;
    fixture.space.bonus = bonuses[i];
    search = hearken_search_new (&fixture.space);
    hearken_search_configure (
        search, &(HearkenSearchSettings){
                    .beam_width = 100, .n_best = 1, .score_beam = 40, .token_beam = 14 });
    for (guint step = 0; step < 2 * N_SAID; step++)
      hearken_search_push (search, step % 2 == 0 ? said : silence);
    g_assert_cmpuint (hearken_search_finish (search), >, 0);
    g_assert_cmpfloat_with_epsilon (
        hearken_search_get_match (search), N_SAID * log (0.4 / 0.6), 1e-3);
    hearken_search_free (search);
    fixture_clear (&fixture);
  }
}

static void
append_ending (GString *log, HearkenSearch *search)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (HearkenFound));

  for (guint i = 0, n = MIN (hearken_search_finish (search), 5); i < n; i++) {
    const double share = hearken_search_get_sentence (search, i, words);
    g_autofree char *text = get_words (words);

    g_string_append_printf (log, "%a %s %a\n", share, text, hearken_search_get_match (search));
  }
}

static char *
search_on (HearkenSearch *search, const float *log_probs, guint n_steps)
{
  GString *log = g_string_new (NULL);

  for (guint step = 0; step < n_steps; step++) {
    g_autofree char *text = NULL;

    hearken_search_push (search, log_probs + step * N_TOKENS);
    text = pull_text (search);
    g_string_append (log, text);
  }
  append_ending (log, search);
  return g_string_free (log, FALSE);
}

static void
test_save_and_restore (void)
{
  enum { N = 60 };
  float log_probs[N * N_TOKENS];
  HearkenSearchSettings settings = usual;
  Fixture fixture;

  settings.n_best = 3;
  settings.delay_steps = 20;
  fixture_init (&fixture, any_word, 1);
  for (guint cut = 0; cut < N; cut += 7) {
    g_autoptr (GByteArray) state = g_byte_array_new ();
    HearkenStateReader reader;
    HearkenSearch *one = hearken_search_new (&fixture.space);
    HearkenSearch *other = hearken_search_new (&fixture.space);
    g_autofree char *head = NULL, *expected = NULL, *restored = NULL;

    make_random (6, N, log_probs);
    hearken_search_configure (one, &settings);
    hearken_search_configure (other, &settings);
    for (guint step = 0; step < cut; step++)
      hearken_search_push (one, log_probs + step * N_TOKENS);
    head = pull_text (one);
    hearken_search_save (one, state);
    push_text (other, "abc--a");
    reader = (HearkenStateReader){ state->data, state->len };
    g_assert_true (hearken_search_restore (other, &reader, cut));
    g_assert_cmpuint (reader.n_bytes, ==, 0);
    expected = search_on (one, log_probs + cut * N_TOKENS, N - cut);
    restored = search_on (other, log_probs + cut * N_TOKENS, N - cut);
    g_assert_cmpstr (restored, ==, expected);
    hearken_search_free (one);
    hearken_search_free (other);
  }
  fixture_clear (&fixture);
}

/* Whatever is damaged in a state, it is refused, or searched on with without harm. */
static void
test_damaged_states (void)
{
  float log_probs[20 * N_TOKENS];
  g_autoptr (GByteArray) state = g_byte_array_new ();
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  make_random (6, 20, log_probs);
  for (guint step = 0; step < 20; step++)
    hearken_search_push (search, log_probs + step * N_TOKENS);
  hearken_search_save (search, state);
  for (guint trial = 0; trial < 400; trial++) {
    g_autofree guint8 *damaged = g_memdup2 (state->data, state->len);
    HearkenStateReader reader = { damaged, state->len };

    damaged[g_test_rand_int_range (0, state->len)] ^= 1 << g_test_rand_int_range (0, 8);
    if (hearken_search_restore (search, &reader, 20)) {
      g_autofree char *log = search_on (search, log_probs, 20);
      g_autoptr (GByteArray) again = g_byte_array_new ();

      hearken_search_save (search, again);
    }
    hearken_search_reset (search, 0);
  }
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* A state is numbers of 8 bytes: of the search, of each word's record, of each hypothesis. */
enum { STEP, N_RECORDS = 4, RECORDS };
enum {
  PARENT,
  WORD,
  STATE,
  BOOST_STATE,
  LOG_GRAPH = 5,
  LOST,
  BEST_SHARE,
  START,
  END,
  RECORD_NUMBERS = 12
};
enum { NODE, RECORD, LAST, P_BLANK = 4, P_TOKEN, SCORE, ITEM_NUMBERS = 11 };

static guint64
get_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof (bits));
  return bits;
}

static bool
restore_numbers (HearkenSearch *search, const guint64 *numbers, gsize n_bytes)
{
  HearkenStateReader reader = { (const guint8 *) numbers, n_bytes };

  return hearken_search_restore (search, &reader, 2);
}

static void
assert_refused (HearkenSearch *search, const GByteArray *state, gsize at, guint64 value)
{
  g_autofree guint64 *numbers = g_memdup2 (state->data, state->len);

  numbers[at] = value;
  g_assert_false (restore_numbers (search, numbers, state->len));
}

/* @at: where something of @n numbers is that comes twice */
static void
assert_refused_twice (HearkenSearch *search, const GByteArray *state, gsize at, gsize n)
{
  g_autofree guint64 *numbers = g_memdup2 (state->data, state->len);

  memcpy (numbers + at + n, numbers + at, n * sizeof (guint64));
  g_assert_false (restore_numbers (search, numbers, state->len));
}

/* What no search can come to is refused. */
static void
test_bad_states (void)
{
  HearkenSearchSettings settings = usual;
  g_autoptr (GByteArray) state = g_byte_array_new ();
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  search = hearken_search_new (&fixture.space);
  settings.n_best = 3; /* two words sound like that */
  hearken_search_configure (search, &settings);
  push_text (search, "a-");
  hearken_search_save (search, state);
  const guint64 *numbers = (const guint64 *) (gpointer) state->data;
  const gsize first = RECORDS + RECORD_NUMBERS;
  const gsize n_items = RECORDS + numbers[N_RECORDS] * RECORD_NUMBERS, item = n_items + 1;
  g_assert_cmpuint (numbers[N_RECORDS], >, 2);
  g_assert_cmpuint (numbers[n_items], >, 1);
  g_assert_true (restore_numbers (search, numbers, state->len));

  assert_refused (search, state, STEP, 1);
  assert_refused (search, state, N_RECORDS, 0);
  assert_refused (search, state, RECORDS + PARENT, 0);
  assert_refused (search, state, first + PARENT, 1);
  assert_refused (search, state, first + WORD, N_WORDS + 2 * N_TOKENS);
  assert_refused (search, state, first + STATE, 1);
  assert_refused (search, state, first + BOOST_STATE, 1);
  assert_refused (search, state, first + LOG_GRAPH, get_bits (1000));
  assert_refused (search, state, first + LOST, get_bits (-1));
  assert_refused (search, state, first + BEST_SHARE, get_bits (-1));
  assert_refused (search, state, first + START, numbers[first + END] + 1);
  assert_refused (search, state, first + END, 3);
  assert_refused_twice (search, state, first, RECORD_NUMBERS);
  assert_refused (search, state, n_items, 0);
  assert_refused (search, state, item + NODE, fixture.lexicon->n_nodes + 2);
  assert_refused (search, state, item + RECORD, numbers[N_RECORDS]);
  assert_refused (search, state, item + LAST, N_TOKENS);
  assert_refused (search, state, item + P_BLANK, get_bits (-1));
  assert_refused (search, state, item + P_TOKEN, get_bits (-1));
  assert_refused (search, state, item + SCORE, get_bits (-1));
  assert_refused_twice (search, state, item, ITEM_NUMBERS);
  memset (state->data + (item + P_BLANK) * sizeof (guint64), 0, sizeof (guint64));
  assert_refused (search, state, item + P_TOKEN, 0);
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* Words for a long time without an end of utterance: no more memory than in the beginning. */
static void
test_memory_is_flat (void)
{
  enum { N = 400 };
  HearkenSearchSettings settings = usual;
  g_autofree float *log_probs = g_new (float, N *N_TOKENS);
  guint32 n_records = 0, n_items = 0;
  HearkenFound found;
  Fixture fixture;
  HearkenSearch *search;
  guint64 n_found = 0;

  settings.beam_width = 16;
  settings.delay_steps = 50;
  fixture_init (&fixture, any_word, 1);
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &settings);
  make_random (8, N, log_probs);
  for (guint round = 0; round < 100; round++) {
    for (guint step = 0; step < N; step++) {
      hearken_search_push (search, log_probs + step * N_TOKENS);
      while (hearken_search_pull (search, &found))
        n_found++;
    }
    if (round == 2) {
      n_records = search->history.n_allocated;
      n_items = search->beam.n_allocated + search->next.n_allocated;
    }
  }
  g_assert_cmpuint (n_found, >, 3000);
  g_assert_cmpuint (search->history.n_allocated, ==, n_records);
  g_assert_cmpuint (search->beam.n_allocated + search->next.n_allocated, ==, n_items);
  g_assert_cmpuint (search->history.n_live, <, 1000);
  hearken_search_free (search);
  fixture_clear (&fixture);
}

/* What is no probability is heard as blank, and so is what no word has. */
static void
test_nan_is_blank (void)
{
  static const float nans[N_TOKENS] = { NAN, NAN, NAN, NAN, NAN, NAN };
  static const float other[N_TOKENS] = { -INFINITY, -INFINITY, -INFINITY, -INFINITY, 0, -INFINITY };
  g_autofree char *text = NULL;
  Fixture fixture;
  HearkenSearch *search;

  fixture_init (&fixture, any_word, 1);
  search = hearken_search_new (&fixture.space);
  hearken_search_configure (search, &usual);
  push_text (search, "c-");
  hearken_search_push (search, nans);
  hearken_search_push (search, other);
  push_text (search, "c---bc--");
  text = pull_text (search);
  g_assert_cmpstr (text, ==, "3@0-1 3@4-5");
  hearken_search_free (search);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (brute_cases); i++)
    g_test_add_data_func (brute_cases[i].path, &brute_cases[i], test_brute_force);
  g_test_add_func ("/search/words-and-times", test_words_and_times);
  g_test_add_func ("/search/doubt-is-remembered", test_doubt_is_remembered);
  g_test_add_func ("/search/words-that-sound-the-same", test_words_that_sound_the_same);
  g_test_add_func ("/search/delay-is-bounded", test_delay_is_bounded);
  g_test_add_func ("/search/split-in-a-word", test_split_in_a_word);
  g_test_add_func ("/search/split-between-two", test_split_between_two);
  g_test_add_func ("/search/split-in-a-spelled-word", test_split_in_a_spelled_word);
  g_test_add_func ("/search/grammar-needs-its-sentence", test_grammar_needs_its_sentence);
  g_test_add_func ("/search/match-of-a-long-sentence", test_match_of_a_long_sentence);
  g_test_add_func ("/search/save-and-restore", test_save_and_restore);
  g_test_add_func ("/search/bad-states", test_bad_states);
  g_test_add_func ("/search/damaged-states", test_damaged_states);
  g_test_add_func ("/search/memory-is-flat", test_memory_is_flat);
  g_test_add_func ("/search/nan-is-blank", test_nan_is_blank);
  return g_test_run ();
}
