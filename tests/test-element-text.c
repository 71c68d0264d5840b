/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Which text hearkentext makes of what is recognised, and when it leaves. */

#include <json-glib/json-glib.h>

#include "element-fixture.h"
#include "text-fixture.h"

/* Granularity */

static void
test_words (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_say (fixture, "one two", 2000);
  assert_told (fixture, "0-2000; 2000-2400 one; 2400-2500; 2500-2900 two");
  text_fixture_hear (fixture, 6000);
  assert_told (fixture, "2900-5000");
}

static void
test_lines (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "line-length", "7", "max-lines", "2", NULL);

  text_fixture_say (fixture, "one two six three four", 1000);
  assert_told (fixture, "0-1000; 1000-2400 one two\nsix; 2400-2500; 2500-3500 three\nfour");
}

/* 42 characters are no end of the line by themselves, 43 are. */
static void
test_line_length (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_say (fixture, "aaaaaaaaaaaaaaaaaaaa äääääääääääääääääääää b", 0);
  text_fixture_say (fixture, "cccccccccccccccccccc dddddddddddddddddddddd e", 4000);
  assert_told (fixture, "0-1400 aaaaaaaaaaaaaaaaaaaa äääääääääääääääääääää\nb; 1400-4000; "
                        "4000-5400 cccccccccccccccccccc\ndddddddddddddddddddddd e");
}

static void
test_utterances (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "granularity", "utterance", "line-length", "5", NULL);

  text_fixture_say (fixture, "one two three four", 0);
  assert_told (fixture, "0-1900 one\ntwo\nthree\nfour");
}

/* A caption that nobody could read stays longer, if silence follows, but never into the next. */
static void
test_short_captions (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "line-length", "3", "max-lines", "1", NULL);

  text_fixture_say (fixture, "yes no", 1000);
  text_fixture_utterance (fixture, "", 0, 0, "silence");
  assert_told (fixture, "0-1000; 1000-1500 yes; 1500-2400 no");
  text_fixture_word (fixture, 0, "so", 4000, 4100);
  text_fixture_utterance (fixture, "so", 4000, 4100, "max-length");
  text_fixture_word (fixture, 0, "oh", 5000, 5100);
  text_fixture_utterance (fixture, "oh", 5000, 5100, "silence"); /* which is not yet heard */
  assert_told (fixture, "2400-4000; 4000-4100 so; 4100-5000; 5000-5100 oh");
}

/* Seven seconds at most. */
static void
test_long_captions (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "latency", "20000", NULL);

  text_fixture_word (fixture, 0, "slow", 0, 1000);
  text_fixture_word (fixture, 1, "speech", 5000, 7000);
  text_fixture_word (fixture, 2, "is", 7100, 7200);
  text_fixture_hear (fixture, 8000);
  text_fixture_utterance (fixture, "slow speech is", 0, 7200, "silence");
  assert_told (fixture, "0-7000 slow speech; 7000-7100; 7100-7700 is");
}

/* Where words do not come one by one. */
static void
test_only_utterances (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_utterance (fixture, "four five", 1000, 2000, "silence");
  assert_told (fixture, "0-1000; 1000-1500 four; 1500-2000 five");
}

static void
test_nothing_said (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_token (fixture, 500);
  text_fixture_hear (fixture, 3000);
  text_fixture_utterance (fixture, "", 500, 600, "silence");
  text_fixture_hear (fixture, 3200);
  assert_told (fixture, "0-2120");
}

/* Clean-up */

/* What is written for several words has the time of all of them. */
static void
test_clean_lines (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "clean-up", "true", "line-length", "10", NULL);

  text_fixture_say (fixture, "flight a n four at twenty five now", 1000);
  assert_told (fixture, "0-1000; 1000-4900 Flight AN4\nat 25 now");
}

/* A word waits for the next one, which could belong to it; only an utterance begins with a capital. */
static void
test_clean_words (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "clean-up", "true", "granularity", "word", NULL);

  text_fixture_word (fixture, 0, "in", 0, 400);
  text_fixture_word (fixture, 1, "nineteen", 500, 900);
  assert_told (fixture, "0-400 In");
  text_fixture_word (fixture, 2, "eighty", 1000, 1400);
  assert_told (fixture, "");
  text_fixture_word (fixture, 3, "and", 1500, 1900);
  assert_told (fixture, "400-500; 500-1400 1980");
  text_fixture_utterance (fixture, "in nineteen eighty and", 0, 1900, "silence");
  assert_told (fixture, "1400-1500; 1500-1900 and");
}

/* What may join the next word but one to a number is waited for, too. */
static void
test_clean_joints (void)
{
  static const char *const numbers[][2] = {
    { "one hundred and five", "105" },
    { "nineteen oh five", "1905" },
    { "nine oh oh five", "9005" },
    { "three point five", "3.5" },
    { "three point oh five", "3.05" },
    { "a hundred and twenty", "120" },
    { "a four n", "A4N" },
    { "i a n", "IAN" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autoptr (TextFixture) fixture =
        text_fixture_new (TEXT_CAPS, "clean-up", "true", "granularity", "word", NULL);
    g_auto (GStrv) words = g_strsplit (numbers[i][0], " ", -1);
    const guint n_words = g_strv_length (words);
    g_autofree char *expected = g_strdup_printf ("0-%u %s", n_words * 100, numbers[i][1]);

    for (guint j = 0; j < n_words; j++)
      text_fixture_word (fixture, j, words[j], 100 * j, 100 * (j + 1));
    text_fixture_utterance (fixture, numbers[i][0], 0, 100 * n_words, "silence");
    assert_told (fixture, expected);
  }
}

/* What has left is not taken back: the rest of a number comes after it. */
static void
test_clean_late (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (
      TEXT_CAPS, "clean-up", "true", "granularity", "word", "latency", "1000", NULL);

  text_fixture_word (fixture, 0, "twenty", 0, 400);
  text_fixture_hear (fixture, 1200);
  text_fixture_word (fixture, 1, "five", 1200, 1600);
  text_fixture_utterance (fixture, "twenty five", 0, 1600, "silence");
  assert_told (fixture, "0-400 20; 400-1200; 1200-1600 five");
}

static void
test_clean_rolling (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "clean-up", "true", "partial-results", "true", NULL);

  text_fixture_partial (fixture, 0, "twenty", 0, 400);
  text_fixture_partial (fixture, 1, "nine", 500, 900);
  text_fixture_hear (fixture, 1000);
  text_fixture_partial (fixture, 1, "five", 500, 900);
  text_fixture_utterance (fixture, "twenty five", 0, 900, NULL);
  text_fixture_hear (fixture, 1500);
  assert_told (fixture, "0-400; 400-900 20; 900-1000 29; 1000-1500 25");
}

/* Time */

/* Nothing is said to be silent that is not known to be. */
static void
test_gaps_wait_for_tokens (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 3000);
  assert_told (fixture, "0-2000");
  text_fixture_token (fixture, 2900);
  text_fixture_hear (fixture, 9000);
  assert_told (fixture, "2000-2900");
  text_fixture_word (fixture, 0, "looong", 2900, 8900);
  text_fixture_utterance (fixture, "looong", 2900, 8900, "silence");
  assert_told (fixture, "2900-8900 looong");
}

/* Also where a word has come before its token's one is told anew. */
static void
test_gaps_wait_for_next_token (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_partial (fixture, 0, "one", 1000, 1300);
  text_fixture_hear (fixture, 2300);
  text_fixture_token (fixture, 2000);
  text_fixture_word (fixture, 0, "one", 1000, 1400);
  text_fixture_hear (fixture, 6000);
  text_fixture_word (fixture, 1, "two", 2000, 2400);
  assert_told (fixture, "0-1000; 1000-1400 one; 1400-2000; 2000-2400 two");
}

/* A gap is told in 100 ms at least, but before that nothing is missing. */
static void
test_gaps_are_not_tiny (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_hear (fixture, 1080);
  assert_told (fixture, "");
  text_fixture_hear (fixture, 1100);
  assert_told (fixture, "0-100");
}

/* What is not complete leaves when its time is over; a revision of it comes too late. */
static void
test_latency (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "latency", "3000", NULL);

  text_fixture_word (fixture, 0, "sure", 1000, 1400);
  text_fixture_partial (fixture, 1, "may", 1500, 1900);
  text_fixture_token (fixture, 2100);
  text_fixture_hear (fixture, 3880);
  assert_told (fixture, "0-1000");
  text_fixture_hear (fixture, 3900);
  assert_told (fixture, "1000-1900 sure may; 1900-2100");
  text_fixture_word (fixture, 2, "not", 2100, 2500);
  text_fixture_word (fixture, 1, "maybe", 1500, 2000);
  text_fixture_utterance (fixture, "sure maybe not", 1000, 2500, "max-length");
  assert_told (fixture, "2100-2500 not");
}

/* Of what is only a token, the time can run out, too; its word then comes late, in its order. */
static void
test_late_words (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "latency", "2000", "granularity", "word", NULL);

  text_fixture_token (fixture, 1000);
  text_fixture_hear (fixture, 4000);
  assert_told (fixture, "0-2100");
  text_fixture_word (fixture, 0, "past", 1000, 1500);
  text_fixture_word (fixture, 1, "partly", 2200, 3000);
  assert_told (fixture, "2100-2600 past; 2600-3000 partly");
}

/* Without tokens (levels=word) it is learnt how late words come. */
static void
test_hold_is_learnt (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_hear (fixture, 4000);
  text_fixture_word (fixture, 0, "late", 2000, 2500);
  text_fixture_hear (fixture, 10000);
  text_fixture_utterance (fixture, "late", 2000, 2500, "silence");
  assert_told (fixture, "0-3000; 3000-3500 late; 3500-8000");
  text_fixture_word (fixture, 0, "again", 8000, 8500);
  assert_told (fixture, "8000-8500 again");
}

static void
test_lateness (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (
      TEXT_CAPS, "granularity", "word", "lateness", "1500", "latency", "500", NULL);

  text_fixture_say (fixture, "one two", 2000);
  assert_told (fixture, "1500-3500; 3500-3900 one; 3900-4000; 4000-4400 two");
}

/* With lateness, recognition has both. */
static void
test_lateness_gives_time (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "lateness", "2000", "latency", "1000", NULL);

  text_fixture_word (fixture, 0, "one", 1000, 1400);
  text_fixture_hear (fixture, 3880);
  assert_told (fixture, "2000-3000");
  text_fixture_hear (fixture, 3900);
  assert_told (fixture, "3000-3400 one; 3400-4900");
}

/* A word that is withdrawn is not shown. */
static void
test_withdrawn (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_partial (fixture, 0, "ice", 0, 400);
  text_fixture_partial (fixture, 1, "cream", 500, 900);
  text_fixture_utterance (fixture, "ice cream", 0, 900, NULL);
  text_fixture_partial (fixture, 0, "I", 0, 400);
  text_fixture_word (fixture, 0, "I", 0, 400);
  text_fixture_utterance (fixture, "I", 0, 400, "max-length");
  text_fixture_hear (fixture, 1600);
  assert_told (fixture, "0-400 I; 400-600");
}

/* Where only drafts of its words came, what is told of the utterance holds. */
static void
test_only_drafts (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, NULL);

  text_fixture_partial (fixture, 0, "nice", 0, 400);
  text_fixture_utterance (fixture, "ice cream", 0, 900, "silence");
  assert_told (fixture, "0-900 ice cream");
}

/* Text that begins within an utterance, as behind a hearken that was restored: its first words were told
 * elsewhere, and a word that changes can come before one that does not. None that has left comes again. */
static void
test_first_words_missing (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "clean-up", "true", "granularity", "word", NULL);

  text_fixture_partial (fixture, 4, "won", 1500, 1800);
  text_fixture_partial (fixture, 3, "fore", 1000, 1300);
  text_fixture_word (fixture, 3, "yes", 1000, 1400);
  text_fixture_word (fixture, 4, "no", 1500, 1900);
  text_fixture_word (fixture, 3, "yes", 1000, 1400);
  text_fixture_utterance (fixture, "a b c yes no", 0, 1900, "silence");
  assert_told (fixture, "0-1000; 1000-1400 yes; 1400-1500; 1500-1900 no");
}

/* Rolling */

static void
test_rolling (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (
      TEXT_CAPS, "partial-results", "true", "line-length", "9", "max-lines", "1", NULL);

  text_fixture_hear (fixture, 1000);
  assert_told (fixture, "0-1000");
  text_fixture_partial (fixture, 0, "recognise", 200, 900);
  text_fixture_hear (fixture, 1200);
  assert_told (fixture, "");
  text_fixture_partial (fixture, 1, "speech", 900, 1200);
  assert_told (fixture, "1000-1200 recognise");
  text_fixture_hear (fixture, 1400);
  text_fixture_partial (fixture, 0, "wreck", 200, 500);
  text_fixture_partial (fixture, 1, "a", 500, 600);
  text_fixture_partial (fixture, 2, "nice", 600, 1000);
  text_fixture_hear (fixture, 2400);
  assert_told (fixture, "1200-1400 speech; 1400-1900 nice; 1900-2400 nice");
  text_fixture_partial (fixture, 0, "reckon", 200, 500);
  text_fixture_hear (fixture, 2900);
  assert_told (fixture, "2400-2900 nice");
}

/* An utterance stays for two seconds, if no other comes. */
static void
test_rolling_end (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "partial-results", "true", NULL);

  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "one", 200, 900);
  text_fixture_utterance (fixture, "one", 200, 900, "silence");
  text_fixture_hear (fixture, 3500);
  assert_told (
      fixture, "0-1000; 1000-1500 one; 1500-2000 one; 2000-2500 one; 2500-3000 one; 3000-3500");
  text_fixture_word (fixture, 0, "two", 3100, 3400);
  text_fixture_utterance (fixture, "two", 3100, 3400, "eos");
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "3500-4500 two; eos");
}

/* Also if the audio goes on in great steps. */
static void
test_rolling_end_in_steps (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "partial-results", "true", NULL);

  text_fixture_hear (fixture, 1000);
  text_fixture_word (fixture, 0, "one", 200, 900);
  text_fixture_utterance (fixture, "one", 200, 900, "silence");
  text_fixture_push_event (fixture, gst_event_new_gap (GST_SECOND, 3 * GST_SECOND));
  text_fixture_word (fixture, 0, "two", 4100, 4400);
  text_fixture_utterance (fixture, "two", 4100, 4400, "silence");
  text_fixture_word (fixture, 0, "three", 7100, 7400);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  assert_told (fixture, "0-1000; 1000-3000 one; 3000-4400; 4400-6400 two; 6400-7400; "
                        "7400-8400 three; eos");
}

/* Results that come before the buffer that has them all are shown in their order all the same. */
static void
test_rolling_at_once (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "partial-results", "true", "granularity", "word", NULL);

  text_fixture_word (fixture, 0, "one", 0, 400);
  text_fixture_word (fixture, 1, "two", 500, 900);
  text_fixture_utterance (fixture, "one two", 0, 900, "max-length");
  text_fixture_hear (fixture, 1000);
  assert_told (fixture, "0-400; 400-900 one");
}

/* Formats */

static void
test_pango (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (
      "text/x-raw, format=pango-markup", "mark-confidence", "0.5", "mark-color", "red", NULL);

  text_fixture_word (fixture, 0, "<b>&", 0, 400);
  fixture->confidence = 0.25;
  text_fixture_word (fixture, 1, "?'\"", 500, 1000);
  text_fixture_utterance (fixture, "", 0, 1000, "max-length");
  assert_told (fixture, "0-1000 &lt;b&gt;&amp; <span foreground=\"red\">?&apos;&quot;</span>");
}

/* Without a colour nothing is marked: Pango would refuse the text. */
static void
test_pango_without_colour (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new ("text/x-raw, format=pango-markup",
      "granularity", "word", "mark-confidence", "0.5", "mark-color", "NULL", NULL);

  fixture->confidence = 0.25;
  text_fixture_word (fixture, 0, "<b>", 0, 400);
  assert_told (fixture, "0-400 &lt;b&gt;");
}

static void
test_newline (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new (TEXT_CAPS, "granularity", "word", "newline", "true", NULL);

  text_fixture_word (fixture, 0, "one", 0, 400);
  assert_told (fixture, "0-400 one\n");
}

/* A word cannot break out of its caption. */
static void
test_control_characters (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new (TEXT_CAPS, "granularity", "word", NULL);

  text_fixture_word (fixture, 0, "a\n\n2\r\t\033[", 0, 400);
  assert_told (fixture, "0-400 a  2   [");
}

static void
test_json (void)
{
  g_autoptr (TextFixture) fixture = text_fixture_new ("application/x-json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *told = NULL;
  JsonObject *root, *word;

  text_fixture_segment (fixture, 0);
  text_fixture_word (fixture, 0, "\"\\one", 1000, 1400);
  fixture->confidence = 0.25;
  text_fixture_partial (fixture, 1, "?", 1500, 2500);
  text_fixture_push_event (fixture, gst_event_new_eos ());
  told = text_fixture_told (fixture);
  g_assert_true (g_str_has_prefix (told, "segment; 0-1000; 1000-2500 {"));
  g_assert_true (g_str_has_suffix (told, "}\n; eos"));
  *strrchr (told, ';') = '\0';
  g_assert_true (json_parser_load_from_data (parser, strchr (told, '{'), -1, NULL));

  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (root, "text"), ==, "\"\\one ?");
  g_assert_cmpfloat (json_object_get_double_member (root, "start"), ==, 1.0);
  g_assert_cmpfloat (json_object_get_double_member (root, "end"), ==, 2.5);
  g_assert_cmpfloat (json_object_get_double_member (root, "confidence"), ==, 0.25);
  g_assert_false (json_object_get_boolean_member (root, "final"));
  word = json_array_get_object_element (json_object_get_array_member (root, "words"), 1);
  g_assert_cmpstr (json_object_get_string_member (word, "text"), ==, "?");
  g_assert_cmpfloat (json_object_get_double_member (word, "start"), ==, 1.5);
  g_assert_cmpfloat (json_object_get_double_member (word, "confidence"), ==, 0.25);
}

static void
assert_told_part (TextFixture *fixture, const char *expected)
{
  g_autofree char *told = text_fixture_told (fixture);

  if (!strstr (told, expected))
    g_error ("\"%s\" has no %s", told, expected);
}

/* What is written for several words is as sure as the least sure of them, and final when they are and no
 * other can follow. */
static void
test_json_clean (void)
{
  g_autoptr (TextFixture) fixture =
      text_fixture_new ("application/x-json", "clean-up", "true", "partial-results", "true", NULL);

  text_fixture_hear (fixture, 900);
  fixture->confidence = 0.25;
  text_fixture_word (fixture, 0, "one", 100, 300);
  fixture->confidence = 0.5;
  text_fixture_word (fixture, 1, "hundred", 400, 700);
  text_fixture_hear (fixture, 1400);
  assert_told_part (fixture, "\"text\": \"100\", \"confidence\": 0.250, \"final\": false");
  text_fixture_utterance (fixture, "one hundred", 100, 700, "silence");
  text_fixture_hear (fixture, 1900);
  assert_told_part (fixture, "\"text\": \"100\", \"confidence\": 0.250, \"final\": true");
}

/* Any results at all: each final word leaves once and in order, and time has no hole (which
 * assert_told() asserts). */
static void
test_random (void)
{
  for (guint seed = 0; seed < 20; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (TextFixture) fixture = text_fixture_new (
        TEXT_CAPS, "granularity", seed % 2 ? "word" : "line", "latency", "600000", NULL);
    g_autoptr (GString) said = g_string_new (NULL);
    g_autoptr (GString) shown = g_string_new (NULL);
    guint64 time_ms = 0;

    for (guint i = 0; i < 30; i++) {
      const guint n_words = g_rand_int_range (random, 1, 12);

      time_ms += g_rand_int_range (random, 0, 1500);
      for (guint j = 0; j < n_words; j++) {
        const guint64 end_ms = time_ms + g_rand_int_range (random, 0, 600);
        g_autofree char *text = g_strdup_printf ("w%u", g_rand_int_range (random, 0, 1000));

        text_fixture_hear (fixture, end_ms);
        text_fixture_partial (fixture, j, "x", time_ms, end_ms);
        text_fixture_hear (fixture, end_ms + g_rand_int_range (random, 0, 800));
        text_fixture_word (fixture, j, text, time_ms, end_ms);
        g_string_append_printf (said, "%s ", text);
        time_ms = end_ms;
      }
      text_fixture_utterance (fixture, "", time_ms, time_ms, "silence");
    }
    for (guint i = 0; i < fixture->log->len; i++) {
      gpointer object = g_ptr_array_index (fixture->log, i);
      char text[1000] = "";

      if (GST_IS_BUFFER (object)) {
        gst_buffer_extract (object, 0, text, sizeof text - 1);
        g_string_append_printf (shown, "%s ", g_strdelimit (text, "\n", ' '));
      }
    }
    g_free (text_fixture_told (fixture));
    g_assert_cmpstr (shown->str, ==, said->str);
  }
}

/* Returns: the end of the last caption or gap that has left */
static GstClockTime
get_position (TextFixture *fixture)
{
  GstClockTime start = 0, duration = 0;

  for (guint i = fixture->log->len; i > 0; i--) {
    gpointer object = g_ptr_array_index (fixture->log, i - 1);

    if (GST_IS_BUFFER (object))
      return GST_BUFFER_PTS (object) + GST_BUFFER_DURATION (object);
    if (GST_EVENT_TYPE (object) == GST_EVENT_GAP) {
      gst_event_parse_gap (object, &start, &duration);
      return start + duration;
    }
  }
  return 0;
}

/* Whatever is recognised, of all times that are further back than the latency it has been told what
 * was said; that is what the latency query promises. */
static void
test_latency_is_kept (void)
{
  const char *latencies[] = { "100", "700", "3000", "8000" };
  const char *granularities[] = { "word", "line", "utterance" };

  for (guint seed = 0; seed < 24; seed++) {
    const char *latency = latencies[seed % 4];
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    g_autoptr (TextFixture) fixture =
        text_fixture_new (TEXT_CAPS, "latency", latency, "granularity", granularities[seed % 3],
            "partial-results", seed < 12 ? "false" : "true", NULL);
    guint64 time_ms = 0;
    guint n_words = 0;

    while (time_ms < 12000) {
      const guint64 end_ms = time_ms + g_rand_int_range (random, 0, 3000);

      text_fixture_token (fixture, time_ms);
      while (fixture->heard_ms < end_ms) {
        text_fixture_hear (fixture, fixture->heard_ms + 20);
        g_assert_cmpuint (get_position (fixture) + strtoul (latency, NULL, 10) * GST_MSECOND, >=,
            fixture->heard_ms * GST_MSECOND);
      }
      text_fixture_partial (fixture, n_words, "x", time_ms, end_ms);
      if (g_rand_boolean (random))
        text_fixture_word (fixture, n_words++, "y", time_ms, end_ms);
      if (g_rand_int_range (random, 0, 10) == 0) {
        text_fixture_utterance (fixture, "", end_ms, end_ms, "silence");
        n_words = 0;
      }
      time_ms = end_ms;
    }
    g_free (text_fixture_told (fixture));
  }
}

/* What is set can be read, as text; of the bin as well as of the element. */
static void
test_properties (void)
{
  static const char *const elements[] = { "hearkentext", "hearkentranscriber" };
  static const char *const settings[][2] = { { "granularity", "word" }, { "line-length", "30" },
    { "max-lines", "3" }, { "partial-results", "TRUE" }, { "mark-confidence", "0.25" },
    { "mark-color", "red" }, { "newline", "TRUE" }, { "language-code", "de" },
    { "latency", "1500" }, { "lateness", "200" } };

  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *element = gst_element_factory_make (elements[i], NULL);

    for (gsize j = 0; j < G_N_ELEMENTS (settings); j++) {
      const char *name = settings[j][0];
      GValue value = G_VALUE_INIT;
      g_autofree char *text = NULL;

      if (!g_object_class_find_property (G_OBJECT_GET_CLASS (element), name))
        continue;
      gst_util_set_object_arg (G_OBJECT (element), name, settings[j][1]);
      g_object_get_property (G_OBJECT (element), name, &value);
      text = gst_value_serialize (&value);
      g_assert_cmpint (g_ascii_strcasecmp (text, settings[j][1]), ==, 0);
      g_value_unset (&value);
    }
    gst_object_unref (element);
  }
}

/* Of where a segment does not reach, too, and of one that does not know where in the stream it is. */
static void
test_json_stream_time (void)
{
  static const struct {
    guint64 time;
    const char *expected;
  } cases[] = {
    { 5 * GST_SECOND, "{ \"start\": 4.000, \"end\": 5.500," },
    { 0, "{ \"start\": 0.000, \"end\": 0.500," },
    { GST_CLOCK_TIME_NONE, "{ \"start\": 1.000, \"end\": 2.500," },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TextFixture) fixture = text_fixture_new ("application/x-json", NULL);
    GstSegment segment;

    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.start = 2 * GST_SECOND;
    segment.time = cases[i].time;
    text_fixture_push_event (fixture, gst_event_new_segment (&segment));
    text_fixture_word (fixture, 0, "one", 1000, 2500);
    text_fixture_push_event (fixture, gst_event_new_eos ());
    assert_told_part (fixture, cases[i].expected);
  }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/text/granularity/words", test_words);
  g_test_add_func ("/text/granularity/lines", test_lines);
  g_test_add_func ("/text/granularity/line-length", test_line_length);
  g_test_add_func ("/text/granularity/utterances", test_utterances);
  g_test_add_func ("/text/granularity/short-captions", test_short_captions);
  g_test_add_func ("/text/granularity/long-captions", test_long_captions);
  g_test_add_func ("/text/granularity/only-utterances", test_only_utterances);
  g_test_add_func ("/text/granularity/nothing-said", test_nothing_said);
  g_test_add_func ("/text/clean-up/lines", test_clean_lines);
  g_test_add_func ("/text/clean-up/words", test_clean_words);
  g_test_add_func ("/text/clean-up/joints", test_clean_joints);
  g_test_add_func ("/text/clean-up/late", test_clean_late);
  g_test_add_func ("/text/clean-up/rolling", test_clean_rolling);
  g_test_add_func ("/text/time/gaps-wait-for-tokens", test_gaps_wait_for_tokens);
  g_test_add_func ("/text/time/gaps-wait-for-next-token", test_gaps_wait_for_next_token);
  g_test_add_func ("/text/time/gaps-are-not-tiny", test_gaps_are_not_tiny);
  g_test_add_func ("/text/time/latency", test_latency);
  g_test_add_func ("/text/time/late-words", test_late_words);
  g_test_add_func ("/text/time/hold-is-learnt", test_hold_is_learnt);
  g_test_add_func ("/text/time/lateness", test_lateness);
  g_test_add_func ("/text/time/lateness-gives-time", test_lateness_gives_time);
  g_test_add_func ("/text/time/withdrawn", test_withdrawn);
  g_test_add_func ("/text/time/only-drafts", test_only_drafts);
  g_test_add_func ("/text/time/first-words-missing", test_first_words_missing);
  g_test_add_func ("/text/time/latency-is-kept", test_latency_is_kept);
  g_test_add_func ("/text/time/random", test_random);
  g_test_add_func ("/text/rolling/revisions", test_rolling);
  g_test_add_func ("/text/rolling/end", test_rolling_end);
  g_test_add_func ("/text/rolling/end-in-steps", test_rolling_end_in_steps);
  g_test_add_func ("/text/rolling/at-once", test_rolling_at_once);
  g_test_add_func ("/text/properties", test_properties);
  g_test_add_func ("/text/format/pango", test_pango);
  g_test_add_func ("/text/format/pango-without-colour", test_pango_without_colour);
  g_test_add_func ("/text/format/newline", test_newline);
  g_test_add_func ("/text/format/control-characters", test_control_characters);
  g_test_add_func ("/text/format/json", test_json);
  g_test_add_func ("/text/format/json-clean", test_json_clean);
  g_test_add_func ("/text/format/json-stream-time", test_json_stream_time);
  return fixture_run ();
}
