/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Transcripts as text: every format, subtitles that fit, words that are redrawn in place. */
#include "format.h"
#include "live.h"

static void
add_word (ToolUtterance *utterance, const char *text, guint start_ms, guint end_ms)
{
  g_ptr_array_add (
      utterance->words, tool_word_new (text, 0.5, start_ms * GST_MSECOND, end_ms * GST_MSECOND));
}

/* "yes <&> "no"" at 3661.54 s, which is past an hour. */
static ToolUtterance *
make_utterance (void)
{
  ToolUtterance *utterance = tool_utterance_new ();

  utterance->text = g_strdup ("yes <&> \"no\"");
  utterance->confidence = 0.75;
  utterance->start = 3661540 * GST_MSECOND;
  utterance->end = 3664000 * GST_MSECOND;
  utterance->end_reason = g_strdup ("silence");
  add_word (utterance, "yes", 3661540, 3661810);
  add_word (utterance, "<&>", 3662000, 3662200);
  add_word (utterance, "\"no\"", 3663000, 3664000);
  return utterance;
}

/* @n_files: of one utterance each; if one, not as a list */
static char *
write (const char *format, guint n_files)
{
  g_autoptr (ToolUtterance) utterance = make_utterance ();
  ToolWriter writer = { .format = tool_format_find (format), .is_list = n_files != 1 };
  GString *out = g_string_new (NULL);

  g_assert_nonnull (writer.format);
  for (guint i = 0; i < n_files; i++) {
    tool_writer_begin (&writer, "a b/c d.wav", out);
    tool_writer_add (&writer, utterance, out);
    tool_writer_end (&writer, out);
  }
  tool_writer_close (&writer, out);
  return g_string_free (out, FALSE);
}

static void
check_format (const char *format, guint n_files, const char *expected)
{
  g_autofree char *text = write (format, n_files);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  check_format ("text", 1, "yes <&> \"no\"\n");
  check_format ("text", 2, "a b/c d.wav: yes <&> \"no\"\na b/c d.wav: yes <&> \"no\"\n");
}

static void
test_ctm (void)
{
  check_format ("ctm", 1,
      "c_d 1 3661.54 0.27 yes 0.50\n"
      "c_d 1 3662.00 0.20 <&> 0.50\n"
      "c_d 1 3663.00 1.00 \"no\" 0.50\n");
}

static void
test_subtitles (void)
{
  check_format ("srt", 1, "1\n01:01:01,540 --> 01:01:04,000\nyes <&> \"no\"\n\n");
  check_format ("vtt", 1, "WEBVTT\n\n01:01:01.540 --> 01:01:04.000\nyes &lt;&amp;&gt; \"no\"\n\n");
}

#define WORDS                                                                                      \
  "\"words\": [ { \"start\": 3661.540, \"end\": 3661.810, \"text\": \"yes\", \"confidence\": "     \
  "0.500 }, { \"start\": 3662.000, \"end\": 3662.200, \"text\": \"<&>\", \"confidence\": 0.500 }," \
  " { \"start\": 3663.000, \"end\": 3664.000, \"text\": \"\\\"no\\\"\", \"confidence\": 0.500 } ]"

static void
test_jsonl (void)
{
  check_format ("jsonl", 1,
      "{ \"file\": \"a b/c d.wav\", \"start\": 3661.540, \"end\": 3664.000, "
      "\"text\": \"yes <&> \\\"no\\\"\", \"confidence\": 0.750, \"end-reason\": \"silence\", " WORDS
      " }\n");
}

/* That JSON can be read is tested with a reader, by the tests of the program. */
static void
test_json (void)
{
  g_autofree char *one = write ("json", 1);
  g_autofree char *two = write ("json", 2);
  g_autofree char *list = NULL;

  g_assert_true (g_str_has_prefix (one, "{\n  \"file\": \"a b/c d.wav\",\n"));
  g_assert_true (g_str_has_suffix (one, " } ] }\n  ]\n}\n"));
  g_strchomp (one);
  list = g_strdup_printf ("[\n%s,\n%s\n]\n", one, one);
  g_assert_cmpstr (two, ==, list);
  check_format ("json", 0, "[]\n");
}

/* Cues of at most two lines of 42 letters, none longer than 7 s. */
static void
test_long_utterance (void)
{
  g_autoptr (ToolUtterance) utterance = tool_utterance_new ();
  ToolWriter writer = { .format = tool_format_find ("srt") };
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < 12; i++)
    add_word (utterance, i == 0 ? "ééééééééé" : "123456789", i * 100, i * 100 + 50);
  add_word (utterance, "late", 8000, 8100);
  utterance->end = 8100 * GST_MSECOND;
  tool_writer_begin (&writer, "x", out);
  tool_writer_add (&writer, utterance, out);
  g_assert_cmpstr (out->str, ==,
      "1\n00:00:00,000 --> 00:00:00,800\n"
      "ééééééééé 123456789 123456789 123456789\n123456789 123456789 123456789 123456789\n\n"
      "2\n00:00:00,800 --> 00:00:01,800\n123456789 123456789 123456789 123456789\n\n"
      "3\n00:00:08,000 --> 00:00:08,600\nlate\n\n");
}

static void
test_unknown_format (void)
{
  g_autofree char *names = tool_format_list_names ();

  g_assert_null (tool_format_find ("doc"));
  g_assert_cmpstr (names, ==, "text|json|jsonl|srt|vtt|ctm");
}

/* Words, and utterances that end, out of tokens */

static HearkenToken
make_token (const char *level, const char *text)
{
  return (HearkenToken){ .level = level,
    .text = text,
    .is_final = TRUE,
    .stream_time = 2 * GST_SECOND,
    .duration = GST_SECOND };
}

static void
test_collect (void)
{
  const HearkenToken letter = make_token ("token", "y"), word = make_token ("word", "yes"),
                     end = make_token ("utterance", "yes yes");
  HearkenToken open_word = word;
  g_autoptr (ToolUtterance) utterance = NULL;
  ToolUtterance *open = NULL;

  open_word.is_final = FALSE;
  g_assert_null (tool_utterance_collect (&open, &letter));
  g_assert_null (tool_utterance_collect (&open, &open_word));
  g_assert_null (tool_utterance_collect (&open, &word));
  g_assert_null (tool_utterance_collect (&open, &word));
  utterance = tool_utterance_collect (&open, &end);
  g_assert_null (open);
  g_assert_cmpstr (utterance->text, ==, "yes yes");
  g_assert_cmpuint (utterance->words->len, ==, 2);
  g_assert_cmpuint (utterance->end, ==, 3 * GST_SECOND);
}

static void
check_live (ToolLive *live, const char *level, const char *text, const char *expected)
{
  const HearkenToken token = make_token (level, text);

  g_assert_cmpstr (tool_live_hear (live, &token, 20), ==, expected);
}

#define LINE "\r\033[K    2.00  "
#define DIM(text) "\033[2m" text "\033[0m"

static void
test_live_terminal (void)
{
  g_autoptr (ToolLive) live = tool_live_new (TRUE);

  check_live (live, "token", "n", LINE DIM ("n"));
  check_live (live, "token", "o", LINE DIM ("no"));
  check_live (live, "token", " ", LINE DIM ("no"));
  check_live (live, "word", "no", LINE "no ");
  check_live (live, "token", "\u2581yes", LINE "no " DIM ("yes"));
  /* The line is full: 9 columns are left. */
  check_live (live, "token", "terday", LINE DIM ("yesterday"));
  check_live (live, "utterance", "no yesterday", LINE "no yesterday\n");
  g_assert_cmpstr (tool_live_break_off (live), ==, "");
}

static void
test_live_break_off (void)
{
  g_autoptr (ToolLive) live = tool_live_new (FALSE);

  check_live (live, "word", "no", "");
  check_live (live, "token", "y", "");
  g_assert_cmpstr (tool_live_break_off (live), ==, "    2.00  no y\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/text", test_text);
  g_test_add_func ("/format/ctm", test_ctm);
  g_test_add_func ("/format/subtitles", test_subtitles);
  g_test_add_func ("/format/jsonl", test_jsonl);
  g_test_add_func ("/format/json", test_json);
  g_test_add_func ("/format/long-utterance", test_long_utterance);
  g_test_add_func ("/format/unknown", test_unknown_format);
  g_test_add_func ("/collect", test_collect);
  g_test_add_func ("/live/terminal", test_live_terminal);
  g_test_add_func ("/live/break-off", test_live_break_off);
  return g_test_run ();
}
