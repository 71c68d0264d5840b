/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Grammars as the search sees them: which sentences there are, how probable, and with which tags. */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "grammar.h"
#include "language-error.h"

#define HEADER "#JSGF V1.0;\ngrammar test;\n"

static HearkenGrammar *
read (const char *text)
{
  g_autoptr (GError) error = NULL;
  HearkenGrammar *grammar = hearken_grammar_new_from_text (text, "test", &error);

  g_assert_no_error (error);
  return grammar;
}

static GArray *
get_words (const HearkenGrammar *grammar, const char *sentence)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_auto (GStrv) texts = g_strsplit (sentence, " ", -1);

  for (guint i = 0; texts[i] != NULL; i++) {
    const guint32 word = hearken_words_find (hearken_grammar_get_words (grammar), texts[i]);
    g_array_append_val (words, word);
  }
  return words;
}

/* Returns: P(@sentence), 0 if it is none */
static double
get_probability (const HearkenGrammar *grammar, const char *sentence)
{
  const HearkenWordModel model = hearken_grammar_get_word_model (grammar);
  g_autoptr (GArray) words = get_words (grammar, sentence);
  guint32 state = model.start (model.self);
  double log_prob = 0;

  for (guint i = 0; i < words->len; i++)
    log_prob += model.advance (model.self, state, g_array_index (words, guint32, i), &state);
  return exp (log_prob + model.finish (model.self, state));
}

static void
assert_probability (const HearkenGrammar *grammar, const char *sentence, double expected)
{
  g_test_message ("%s", sentence);
  g_assert_cmpfloat_with_epsilon (get_probability (grammar, sentence), expected, 1e-4);
}

/* Every sentence, and none of the others. */
static void
assert_sentences (const char *text, const char *const *sentences, const char *const *others)
{
  g_autoptr (HearkenGrammar) grammar = read (text);

  for (; *sentences != NULL; sentences++) {
    g_test_message ("%s", *sentences);
    g_assert_cmpfloat (get_probability (grammar, *sentences), >, 0);
  }
  for (; *others != NULL; others++) {
    g_test_message ("%s", *others);
    g_assert_cmpfloat (get_probability (grammar, *others), ==, 0);
  }
}

#define STRINGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
assert_tags (const HearkenGrammar *grammar, const char *sentence, const char *expected)
{
  g_autoptr (GArray) words = get_words (grammar, sentence);
  g_auto (GStrv) tags =
      hearken_grammar_get_tags (grammar, (const guint32 *) words->data, words->len);
  g_autofree char *joined = g_strjoinv ("|", tags);

  g_test_message ("%s", sentence);
  g_assert_cmpstr (joined, ==, expected);
}

/* What leaves each state that can be reached, and ending there, sums to 1. Returns: their number */
static guint
assert_sums (const HearkenGrammar *grammar)
{
  const HearkenWordModel model = hearken_grammar_get_word_model (grammar);
  const guint n_words = hearken_words_get_n (hearken_grammar_get_words (grammar));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) states = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 state = model.start (model.self);

  g_array_append_val (states, state);
  g_hash_table_add (seen, GUINT_TO_POINTER (state));
  for (guint i = 0; i < states->len; i++) {
    double total = exp (model.finish (model.self, g_array_index (states, guint32, i)));
    for (guint32 word = 0; word < n_words; word++) {
      const float log_prob =
          model.advance (model.self, g_array_index (states, guint32, i), word, &state);
      total += exp (log_prob);
      if (log_prob > -INFINITY && g_hash_table_add (seen, GUINT_TO_POINTER (state)))
        g_array_append_val (states, state);
    }
    g_assert_cmpfloat_with_epsilon (total, 1, 1e-4);
  }
  return states->len;
}

static void
test_phrases (void)
{
  g_autoptr (HearkenGrammar) grammar = read ("# what can be said\n"
                                             "\n"
                                             "turn left\n"
                                             "  Turn \t right  # a note\r\n"
                                             "stop\n"
                                             "TURN LEFT\n"
                                             "#stop now");

  assert_probability (grammar, "turn left", 0.5);
  assert_probability (grammar, "turn right", 0.25);
  assert_probability (grammar, "Stop", 0.25);
  assert_probability (grammar, "turn", 0);
  assert_probability (grammar, "left", 0);
  assert_probability (grammar, "stop stop", 0);
  assert_probability (grammar, "stop now", 0);
  g_assert_cmpuint (assert_sums (grammar), ==, 3); /* before, after "turn", at the end */
  g_assert_cmpuint (hearken_words_get_n (hearken_grammar_get_words (grammar)), ==, 4);
  assert_tags (grammar, "turn left", "");
  g_autoptr (HearkenGrammar) with_sign = read ("c# major\nc\n");
  assert_probability (with_sign, "c# major", 0.5);
}

/* Sentences share their ends, too. */
static void
test_states (void)
{
  g_autoptr (HearkenGrammar) phrases = read ("a x y\nb x y\nc x y\nz y\n");
  g_autoptr (HearkenGrammar) rules =
      read (HEADER "public <s> = <t> a <t>; <t> = (b | c) <u>; <u> = d [e | f];");

  g_assert_cmpuint (assert_sums (phrases), ==, 4);
  g_assert_cmpuint (assert_sums (rules), ==, 8);
  assert_probability (phrases, "b x y", 0.25);
  assert_probability (rules, "b d a c d f", 0.5 * 0.5 * 0.5 * 0.25);
}

/* The text of a word is as it was first written. */
static void
test_texts (void)
{
  g_autoptr (HearkenGrammar) grammar = read ("play ABBA\nPlay abba loud\nÉté\nété\n");
  const HearkenWords *words = hearken_grammar_get_words (grammar);

  g_assert_cmpstr (hearken_words_get (words, hearken_words_find (words, "abba")), ==, "ABBA");
  g_assert_cmpstr (hearken_words_get (words, hearken_words_find (words, "PLAY")), ==, "play");
  g_assert_cmpstr (hearken_words_get (words, hearken_words_find (words, "ÉTÉ")), ==, "Été");
  g_assert_cmpuint (hearken_words_get_n (words), ==, 4);
}

static void
test_operators (void)
{
  assert_sentences (HEADER "public <s> = a [b] c;", STRINGS ("a c", "a b c"),
      STRINGS ("a", "c", "a b", "a b b c"));
  assert_sentences (HEADER "public <s> = a b* c;", STRINGS ("a c", "a b c", "a b b b c"),
      STRINGS ("a b", "a b a c"));
  assert_sentences (
      HEADER "public <s> = a b+ c;", STRINGS ("a b c", "a b b b c"), STRINGS ("a c", "a b"));
  assert_sentences (HEADER "public <s> = (a | b c) d | e;", STRINGS ("a d", "b c d", "e"),
      STRINGS ("a", "b d", "a e", "d", "a b c d"));
  assert_sentences (
      HEADER "public <s> = a b | c d;", STRINGS ("a b", "c d"), STRINGS ("a d", "a b d", "a c d"));
  assert_sentences (
      HEADER "public <s> = (a b)+;", STRINGS ("a b", "a b a b"), STRINGS ("a b a", "a"));
  assert_sentences (HEADER "public <s> = a <NULL> b | c <VOID>;", STRINGS ("a b"), STRINGS ("c"));
  assert_sentences (HEADER "public <s> = \"New York\" | \"a|b\" | \"\\\"q\\\\\";",
      STRINGS ("new york", "a|b", "\"q\\"), STRINGS ("new", "a"));
  assert_sentences (HEADER "public <s> = ([a] [b])* c;", STRINGS ("c", "a c", "b c", "b a a b b c"),
      STRINGS ("a", "c c"));
}

static void
test_comments (void)
{
  assert_sentences ("#JSGF V1.0 ISO8859-1 en;\n// grammar x;\ngrammar /* a\nb */ com.acme.test;\n"
                    "/** a rule\n * @see <x>\n */public<s>=a/**/b//c\nd;\n",
      STRINGS ("a b d"), STRINGS ("a", "a b c d"));
  assert_sentences (
      "#JSGF \t V1.0  UTF-8 ;\ngrammar a;\npublic <a> = b;", STRINGS ("b"), STRINGS ("a"));
}

static void
test_weights (void)
{
  g_autoptr (HearkenGrammar) grammar =
      read (HEADER "public <size> = /10/ small | /2/ medium | / 8.0e0f / large | /0/ none;");

  assert_probability (grammar, "small", 0.5);
  assert_probability (grammar, "medium", 0.1);
  assert_probability (grammar, "large", 0.4);
  assert_probability (grammar, "none", 0);
  assert_sums (grammar);
}

/* Probabilities are those of the ways that a sentence has, together. */
static void
test_probabilities (void)
{
  g_autoptr (HearkenGrammar) optional = read (HEADER "public <s> = a [b];");
  g_autoptr (HearkenGrammar) repeated = read (HEADER "public <s> = a* b+;");
  g_autoptr (HearkenGrammar) shared = read (HEADER "public <s> = (a | a b | a c | b);");
  g_autoptr (HearkenGrammar) rules =
      read (HEADER "public <s> = <t> <t>; <t> = a | <u>; <u> = b | c; public <v> = a;");
  g_autoptr (HearkenGrammar) weighted =
      read (HEADER "public <s> = (/9/ a | /1/ b) | (/1/ a | /9/ b) c; public <t> = b;");
  g_autoptr (HearkenGrammar) dead = read (HEADER "public <s> = a <VOID> | b | a c;");
  g_autoptr (HearkenGrammar) dead_end = read (HEADER "public <s> = a [b <VOID>];");

  assert_probability (optional, "a", 0.5);
  assert_probability (optional, "a b", 0.5);
  assert_probability (repeated, "b", 0.25);
  assert_probability (repeated, "a b", 0.125);
  assert_probability (repeated, "a a b b", 0.03125);
  assert_probability (shared, "a", 0.25);
  assert_probability (shared, "a b", 0.25);
  assert_probability (shared, "b", 0.25);
  assert_probability (rules, "a", 0.5);
  assert_probability (rules, "a b", 0.5 * 0.5 * 0.25);
  assert_probability (rules, "c b", 0.5 * 0.25 * 0.25);
  assert_probability (weighted, "a", 0.5 * 0.5 * 0.9);
  assert_probability (weighted, "a c", 0.5 * 0.5 * 0.1);
  assert_probability (weighted, "b", 0.5 * 0.5 * 0.1 + 0.5);
  assert_probability (weighted, "b c", 0.5 * 0.5 * 0.9);
  assert_probability (dead, "b", 0.5);
  assert_probability (dead, "a c", 0.5);
  assert_probability (dead_end, "a", 1);
}

/* Silent cycles, ambiguity, extreme weights: still finite, and sums to 1. */
static void
test_sums (void)
{
  static const char *const grammars[] = {
    HEADER "public <s> = ((([a] [b])* [c])* [d])* e;",
    HEADER "public <s> = (a* | (a | b)*) c;",
    HEADER "public <s> = (<NULL> | <NULL>*)* a;",
    HEADER "public <s> = /1e-300/ (/1e-300/ a | /1e300/ b) c | /1e300/ d;",
    HEADER "public <s> = (a | b)* a (a | b) (a | b) (a | b);",
    HEADER "public <s> = [a] [b] [a] [b] [a] [b] [a];",
  };

  for (guint i = 0; i < G_N_ELEMENTS (grammars); i++) {
    g_test_message ("%s", grammars[i]);
    g_autoptr (HearkenGrammar) grammar = read (grammars[i]);
    assert_sums (grammar);
  }
}

/* However improbable, it can be said. */
static void
test_extreme_weights (void)
{
  static const char *const grammars[] = {
    HEADER "public <s> = /1e-300/ (/1e-300/ a | /1e300/ b) | /1e300/ d;",
    HEADER "public <s> = /1e-200/ w (/1e-200/ a | z) | w y;",
    HEADER "public <s> = /1e-200/ <r> | y; <r> = /1e-200/ <q> | z; <q> = a;",
  };

  for (guint i = 0; i < G_N_ELEMENTS (grammars); i++) {
    g_test_message ("%s", grammars[i]);
    g_autoptr (HearkenGrammar) grammar = read (grammars[i]);
    const HearkenWordModel model = hearken_grammar_get_word_model (grammar);
    g_autoptr (GArray) words = get_words (grammar, i == 1 ? "w a" : "a");
    guint32 state = model.start (model.self);
    for (guint j = 0; j < words->len; j++)
      g_assert_cmpfloat (
          model.advance (model.self, state, g_array_index (words, guint32, j), &state), >,
          -INFINITY);
  }
}

/* Where what was said leaves open what is meant, in ever other proportions, these do not count. */
static void
test_proportions (void)
{
  g_autoptr (HearkenGrammar) grammar =
      read (HEADER "public <s> = <a> | <b> | <c> | <d>;\n"
                   "<a> = /8/ x <a> | /1/ y <b> | /2/ y <c> | /3/ x <d> | end;\n"
                   "<b> = /5/ x <b> | /7/ y <a> | /1/ x <c> | /2/ y <d> | end;\n"
                   "<c> = /3/ y <c> | /2/ x <a> | /9/ y <b> | /1/ x <d> | end;\n"
                   "<d> = /2/ x <c> | /5/ y <a> | /1/ x <b> | /4/ y <d> | end;\n");

  g_assert_cmpuint (assert_sums (grammar), <, 1000);
  g_assert_cmpfloat (get_probability (grammar, "x y y x end"), >, 0);
}

/* Recursion to the right, as in the specification. */
static void
test_recursion (void)
{
  assert_sentences (HEADER "public <command> = <action> | (<action> and <command>);\n"
                           "<action> = stop | start | pause;",
      STRINGS ("stop", "stop and start", "stop and start and pause"),
      STRINGS ("stop and", "and stop", "stop start"));
  assert_sentences (HEADER "public <X> = something | <Y>; <Y> = another thing <X>;",
      STRINGS ("something", "another thing something", "another thing another thing something"),
      STRINGS ("another thing", "another something"));
  assert_sentences (HEADER "public <s> = begin <x> end; <x> = a [and <x>];",
      STRINGS ("begin a end", "begin a and a end"), STRINGS ("begin a and end", "a end"));
}

static void
test_tags (void)
{
  g_autoptr (HearkenGrammar) grammar =
      read (HEADER "<action> = (pick up {lift} | put down {lower}) {act};\n"
                   "<object> = [the] (/3/ box {b} | /1/ cup {a \\}\\{ \\\\ c});\n"
                   "public <command> = <action> <object> {done} {really} | (go {g})+;");
  g_autoptr (HearkenGrammar) ambiguous =
      read (HEADER "public <s> = /1/ (turn left) {turning} | /3/ turn {turn} left {left};");

  assert_tags (grammar, "pick up the box", "lift|act|b|done|really");
  assert_tags (grammar, "Put DOWN cup", "lower|act|a }{ \\ c|done|really");
  assert_tags (grammar, "go go go", "g|g|g");
  assert_tags (grammar, "pick up", "");
  assert_tags (grammar, "box box", "");
  assert_tags (ambiguous, "turn left", "turn|left"); /* the more probable of two ways */
}

/* Rules qualified by the name of the grammar, and names with signs in them. */
static void
test_names (void)
{
  assert_sentences ("#JSGF V1.0;\ngrammar com.acme.hotel;\n"
                    "public <s> = <com.acme.hotel.a> < b > <hotel.c+d:1-2,(3)>;\n"
                    "<a> = x; <b> = y; <c+d:1-2,(3)> = z;",
      STRINGS ("x y z"), STRINGS ("x y"));
}

/* Grammars that users of recognisers have. */
static void
test_known (void)
{
  assert_sentences (HEADER "<n> = one | two; <direction> = forward | backward;\n"
                           "public <command> = (go | move) <direction> [<n> times];",
      STRINGS ("go forward", "move backward two times"), STRINGS ("go", "go forward two"));
  /* PocketSphinx's goforward */
  assert_sentences ("#JSGF V1.0;\n\ngrammar goforward;\n\n"
                    "public <move> = go forward ten meters;\n"
                    "public <move2> = go <direction> <distance> [meter | meters];\n"
                    "<direction> = forward | backward;\n"
                    "<distance> = one | two | three | four | five | six | seven | eight | nine | "
                    "ten;\n",
      STRINGS ("go forward ten meters", "go backward one meter", "go forward three"),
      STRINGS ("go meters", "forward"));
  /* The specification's */
  assert_sentences ("#JSGF V1.0 ISO8859-1 en;\ngrammar com.acme.commands;\n"
                    "public <basicCmd> = <startPolite> <command> <endPolite>;\n"
                    "<command> = <action> <object>;\n"
                    "<action> = /10/ open |/2/ close |/1/ delete |/1/ move;\n"
                    "<object> = [the | a] (window | file | menu);\n"
                    "<startPolite> = (please | kindly | could you | oh mighty computer) *;\n"
                    "<endPolite> = [ please | thanks | thank you ];\n",
      STRINGS ("open a window", "close file please", "oh mighty computer please open the menu",
          "please kindly delete a file thank you"),
      STRINGS ("open", "the window", "open a window please thanks"));
  assert_sentences ("#JSGF V1.0;\ngrammar com.acme.flights;\n"
                    "<command> = (open {OPEN} | close {CLOSE} | move {MOVE}) [immediately];\n"
                    "<kleene> = ho hum {boring}*;\n"
                    "<digits> = (one | two)+ ;\n"
                    "public <x> = <command> | <digits> | <kleene>;",
      STRINGS ("open immediately", "one two one", "ho", "ho hum hum"),
      STRINGS ("immediately", "hum"));
}

static void
test_turtle (void)
{
  g_autoptr (HearkenGrammar) grammar =
      read ("#JSGF V1.0 ISO8859-1 en;\n"
            "grammar turtle;\n"
            "public <turtle> = <command> [and then <command>];\n"
            "<command> = (forward | back) <number> {move} [steps] | turn (left {L} | right {R}) "
            "[<number> degrees] | pen (up | down);\n"
            "<number> = <tens> [<digit>] | <digit>;\n"
            "<tens> = twenty | thirty | forty | ninety;\n"
            "<digit> = one | two | three | nine;\n");

  g_assert_cmpfloat (get_probability (grammar, "forward twenty three steps"), >, 0);
  g_assert_cmpfloat (get_probability (grammar, "turn left and then back two"), >, 0);
  g_assert_cmpfloat (get_probability (grammar, "turn"), ==, 0);
  assert_tags (grammar, "turn right ninety degrees and then forward two steps", "R|move");
  assert_sums (grammar);
}

static void
assert_refused (const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *printable = g_strescape (text, NULL);

  g_test_message ("%.100s", printable);
  g_assert_null (hearken_grammar_new_from_text (text, "test", &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused_phrases (void)
{
  assert_refused ("", "test:1: a grammar without a sentence");
  assert_refused ("# nothing\n\n", "test:1: a grammar without a sentence");
  assert_refused (
      "go\npublic <x> = go;", "test:2: “<” in a phrase (a grammar in JSGF begins with #JSGF)");
  assert_refused ("go\n\xc3\n", "test:2: not UTF-8");
}

static void
test_refused_jsgf (void)
{
  static const char *const cases[][2] = {
    { "#JSGF", "1: the first line must end with “;”: #JSGF V1.0;" },
    { "#JSGF V1.0\ngrammar x;", "1: the first line must end with “;”: #JSGF V1.0;" },
    { "#JSGF V2.0;", "1: “V2.0” is no version of JSGF that is known" },
    { "#JSGFX V1.0;", "1: a grammar begins with #JSGF" },
    { "#JSGF V1.0;\n\npublic <a> = b;", "3: “grammar NAME;” was expected" },
    { "#JSGF V1.0;\ngrammar;", "2: the name of the grammar was expected" },
    { "#JSGF V1.0;\ngrammar a", "2: “;” was expected" },
    { HEADER, "1: a grammar without a public rule" },
    { HEADER "<a> = b;", "1: a grammar without a public rule" },
    { HEADER "import <com.acme.polite.*>;\npublic <a> = b;",
        "3: imports are not supported: <com.acme.polite.*>" },
    { HEADER "public <a> = b", "3: the grammar ends within a rule" },
    { HEADER "public <a> = b\n<c> = d;", "4: “;” was expected" },
    { HEADER "public a = b;", "3: a rule was expected: <name> = words;" },
    { HEADER "public <a> b;", "3: “=” was expected" },
    { HEADER "public <a> = ;", "3: “;” where words or a rule were expected" },
    { HEADER "public <a> = b | ;", "3: “;” where words or a rule were expected" },
    { HEADER "public <a> = ();", "3: “)” where words or a rule were expected" },
    { HEADER "public <a> = (b;", "3: “)” was expected" },
    { HEADER "public <a> = [b);", "3: “]” was expected" },
    { HEADER "public <a> = b);", "3: “;” was expected" },
    { HEADER "public <a> = *;", "3: “*” where words or a rule were expected" },
    { HEADER "public <a> = {t};", "3: a tag with nothing before it" },
    { HEADER "public <a> = b {t;\n", "3: “{” without “}”" },
    { HEADER "public <a> = b };", "3: “}” without “{”" },
    { HEADER "public <a> = <b;\n<b> = c;", "3: “<” without “>”" },
    { HEADER "public <a> = b>;", "3: “>” without “<”" },
    { HEADER "public <a> = \"b;", "3: “\"” without “\"”" },
    { HEADER "public <a> = \" \";", "3: quotes without a word between them" },
    { HEADER "public <a> = b /* c;", "3: a comment that does not end" },
    { HEADER "public <a> = b\n\n/* c\n\n", "5: a comment that does not end" },
    { HEADER "public <a> = b /2/;", "3: a weight that is not at the beginning of an alternative" },
    { HEADER "public <a> = /x/ b;", "3: a weight is a number between slashes" },
    { HEADER "public <a> = /1 b;", "3: a weight is a number between slashes" },
    { HEADER "public <a> = /1\nb;", "3: a weight is a number between slashes" },
    { HEADER "public <a> = // b;", "3: the grammar ends within a rule" },
    { HEADER "public <a> = /-1/ b;", "3: a weight must not be negative, and must be finite" },
    { HEADER "public <a> = /nan/ b;", "3: a weight must not be negative, and must be finite" },
    { HEADER "public <a> = /1e999/ b;", "3: a weight must not be negative, and must be finite" },
    { HEADER "public <a> = /0/ b | /0/ c;", "3: weights that sum to 0" },
    { HEADER "public <a> = /1e308/ b | /1e308/ c;", "3: weights that sum to infinity" },
    { HEADER "public <a b> = c;", "3: “<a b>” is no name of a rule" },
    { HEADER "public <a> = <>;", "3: “<>” is no name of a rule" },
    { HEADER "public <NULL> = c;", "3: <NULL> is defined already" },
    { HEADER "public <a> = c;\n<a> = d;", "4: <a> is defined already" },
    { HEADER "public <a> = b\n<c>;", "4: there is no rule <c>" },
    { HEADER "public <a> = b; <c> = <d>;", "3: there is no rule <d>" },
    { HEADER "public <a> = <other.b>; <b> = c;", "3: there is no rule <other.b>" },
    { HEADER "public <a> = <a>;", "3: <a> begins with itself" },
    { HEADER "public <a> = <a> b | c;", "3: <a> begins with itself" },
    { HEADER "public <a> = [b] <a> | c;", "3: <a> begins with itself" },
    { HEADER "public <a> = ([b] [c]) <a> | d;", "3: <a> begins with itself" },
    { HEADER "public <a> = b c | <a>;", "3: <a> begins with itself" },
    { HEADER "public <a> = b | <c>;\n<c> = d* <a>;", "4: <a> begins with itself" },
    { HEADER "public <a> = b <a> c | d;",
        "3: <a> is in itself, and not at the end: only recursion to the right is possible" },
    { HEADER "public <a> = b <a>* | d;",
        "3: <a> is in itself, and not at the end: only recursion to the right is possible" },
    { HEADER "public <a> = b <a>;", "1: a grammar without a sentence" },
    { HEADER "public <a> = <VOID>;", "1: a grammar without a sentence" },
    { HEADER "public <a> = b <VOID>;", "1: a grammar without a sentence" },
    { HEADER "public <a> = <NULL>;", "1: a grammar without a word" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *message = g_strdup_printf ("test:%s", cases[i][1]);
    assert_refused (cases[i][0], message);
  }
}

/* Grammars that would grow without bounds, or take the stack. */
static void
test_refused_sizes (void)
{
  g_autoptr (GString) doubling = g_string_new (HEADER "public <r0> = <r1> <r1>;\n");
  g_autoptr (GString) brackets = g_string_new (HEADER "public <a> = ");
  g_autoptr (GString) chain = g_string_new (HEADER "public <r0> = <r1>;\n");
  g_autoptr (GString) stars = g_string_new (HEADER "public <a> = b");

  for (guint i = 1; i < 40; i++)
    g_string_append_printf (doubling, "<r%u> = <r%u> <r%u>;\n", i, i + 1, i + 1);
  g_string_append (doubling, "<r40> = a;");
  assert_refused (doubling->str,
      "test:43: the grammar is too large: with all rules expanded, more than 500000 states");

  for (guint i = 0; i < 200; i++)
    g_string_append (brackets, "(b) ");
  g_autofree char *side_by_side = g_strconcat (brackets->str, ";", NULL);
  g_autoptr (HearkenGrammar) grammar = read (side_by_side); /* and not in each other */
  g_assert_cmpuint (assert_sums (grammar), ==, 201);
  for (guint i = 0; i < 5000; i++)
    g_string_append_c (brackets, '(');
  assert_refused (brackets->str, "test:3: more than 100 brackets in each other");
  for (guint i = 0; i < 5000; i++)
    g_string_append_c (stars, '*');
  assert_refused (stars->str, "test:3: more than 100 tags, “*” and “+” in a row");
  for (guint i = 1; i < 2000; i++)
    g_string_append_printf (chain, "<r%u> = <r%u>;\n", i, i + 1);
  g_string_append (chain, "<r2000> = a;");
  assert_refused (chain->str, "test:102: more than 100 rules in each other");
  /* What loops of loops, each without a word, sum to would take for ever to find out. */
  g_autoptr (GString) loops = g_string_new (HEADER "public <s> = ");
  for (guint i = 0; i < 99; i++)
    g_string_append_c (loops, '(');
  g_string_append (loops, "a*");
  for (guint i = 0; i < 99; i++)
    g_string_append (loops, "{t}*{t}*{t})*");
  g_string_append (loops, ";");
  assert_refused (loops->str,
      "test:1: the grammar is too large, or too ambiguous: more than 200000 states to decode with");
  /* Which of the latest 25 words were "a" is a state of its own. */
  g_autoptr (GString) remembers = g_string_new (HEADER "public <s> = (a | b)* a");
  for (guint i = 0; i < 25; i++)
    g_string_append (remembers, " (a | b)");
  g_string_append (remembers, ";");
  assert_refused (remembers->str,
      "test:1: the grammar is too large, or too ambiguous: more than 200000 states to decode with");
}

/* The examples of docs/grammars.md: blocks of lines that are set in by four. */
static void
test_docs (void)
{
  g_autofree char *path =
      g_build_filename (g_test_get_dir (G_TEST_DIST), "..", "docs", "grammars.md", NULL);
  g_autofree char *page = NULL;
  g_assert_true (g_file_get_contents (path, &page, NULL, NULL));
  const char *jsgf = strstr (page, "    #JSGF");
  const char *phrases = strstr (page, "    # light.txt");
  g_assert_true (jsgf != NULL && phrases != NULL);
  g_autoptr (GString) grammar = g_string_new (NULL);

  for (const char *line = jsgf; *line == '\n' || g_str_has_prefix (line, "    ");
       line = strchr (line, '\n') + 1)
    g_string_append_len (grammar, line, strcspn (line, "\n") + 1);
  g_strchug (grammar->str);
  g_autoptr (HearkenGrammar) robot = read (grammar->str);
  assert_tags (robot, "please turn left", "LEFT");
  assert_tags (robot, "go backward two times", "BACKWARD");
  g_autofree char *list = g_strndup (phrases, strstr (phrases, "\n\n") - phrases);
  g_autoptr (HearkenGrammar) light = read (list);
  assert_probability (light, "dim the light", 1.0 / 3);
}

static void
test_files (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("hearken-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "phrases.txt", NULL);
  g_autofree char *expected = g_strdup_printf ("%s:1: a grammar without a sentence", path);

  g_assert_true (g_file_set_contents (path, "\xef\xbb\xbfgo\nstop\n", -1, NULL));
  g_autoptr (HearkenGrammar) grammar = hearken_grammar_load (path, &error);
  g_assert_no_error (error);
  assert_probability (grammar, "go", 0.5);
  g_autoptr (HearkenGrammar) again = hearken_grammar_load (path, &error);
  g_assert_true (again == grammar); /* unchanged, so the same */

  g_assert_true (g_file_set_contents (path, "\n", -1, NULL));
  g_assert_null (hearken_grammar_load (path, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==, expected);
  g_clear_error (&error);
  g_remove (path);
  g_assert_null (hearken_grammar_load (path, &error));
  g_assert_error (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_IO);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grammar/phrases", test_phrases);
  g_test_add_func ("/grammar/states", test_states);
  g_test_add_func ("/grammar/texts", test_texts);
  g_test_add_func ("/grammar/operators", test_operators);
  g_test_add_func ("/grammar/comments", test_comments);
  g_test_add_func ("/grammar/weights", test_weights);
  g_test_add_func ("/grammar/probabilities", test_probabilities);
  g_test_add_func ("/grammar/sums", test_sums);
  g_test_add_func ("/grammar/extreme-weights", test_extreme_weights);
  g_test_add_func ("/grammar/proportions", test_proportions);
  g_test_add_func ("/grammar/recursion", test_recursion);
  g_test_add_func ("/grammar/tags", test_tags);
  g_test_add_func ("/grammar/names", test_names);
  g_test_add_func ("/grammar/known", test_known);
  g_test_add_func ("/grammar/turtle", test_turtle);
  g_test_add_func ("/grammar/refused-phrases", test_refused_phrases);
  g_test_add_func ("/grammar/refused-jsgf", test_refused_jsgf);
  g_test_add_func ("/grammar/refused-sizes", test_refused_sizes);
  g_test_add_func ("/grammar/docs", test_docs);
  g_test_add_func ("/grammar/files", test_files);
  return g_test_run ();
}
