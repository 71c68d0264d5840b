/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Transcripts as text: every format, subtitles that fit, words that are redrawn in place. */
#include <string.h>

#include "caption-shape.h"
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

/* What only some utterances have. */
static void
test_collect_details (void)
{
  g_autoptr (GstStructure) structure = gst_structure_from_string (
      "recognized-token, tags=(string)< go, fast >, alternatives=(structure)<"
      " [ alternative, text=(string)a, confidence=(double)0.5 ],"
      " [ alternative, text=(string)ten, confidence=(double)0.25 ] >",
      NULL);
  HearkenToken word = make_token ("word", "a"), end = make_token ("utterance", "a");
  g_autoptr (ToolUtterance) utterance = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  ToolWriter writer = { .format = tool_format_find ("jsonl"), .file = "f" };
  ToolUtterance *open = NULL;

  g_assert_nonnull (structure);
  end.structure = structure;
  end.n_tags = end.n_alternatives = 2;
  g_assert_null (tool_utterance_collect (&open, &word));
  utterance = tool_utterance_collect (&open, &end);
  tool_writer_add (&writer, utterance, out);
  g_assert_nonnull (strstr (out->str,
      ", \"tags\": [ \"go\", \"fast\" ], \"alternatives\": [ { \"text\": \"a\", "
      "\"confidence\": 0.500 }, { \"text\": \"ten\", \"confidence\": 0.250 } ], \"words\""));
  tool_utterance_clean_up (utterance);
  g_assert_cmpstr (((ToolAlternative *) utterance->alternatives->pdata[1])->text, ==, "10");
}

/* What is said cannot pretend to be another line of the output, or talk to the terminal. */
static void
test_control_characters (void)
{
  const HearkenToken word = make_token ("word", "a\n\n2\n--> \x1b[2J"),
                     end = make_token ("utterance", "a\nb");
  ToolWriter writer = { .format = tool_format_find ("srt") };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (ToolUtterance) utterance = NULL;
  ToolUtterance *open = NULL;

  g_assert_null (tool_utterance_collect (&open, &word));
  utterance = tool_utterance_collect (&open, &end);
  tool_writer_add (&writer, utterance, out);
  g_assert_true (g_str_has_suffix (out->str, "\na  2 -->  [2J\n\n"));
  g_assert_cmpstr (utterance->text, ==, "a b");

  /* Terminals obey U+009B as they do ESC [. */
  g_autofree char *c1 = caption_text_new ("a\xc2\x9b"
                                          "2J \xc2\xa0\xc3\x9b\x7f");
  g_assert_cmpstr (c1, ==, "a  2J \xc2\xa0\xc3\x9b ");

  g_autoptr (ToolLive) live = tool_live_new (FALSE);
  g_assert_null (strchr (tool_live_hear (live, &word, 80), '\x1b'));
  g_assert_null (strchr (tool_live_break_off (live), '\x1b'));
}

/* A structure that has not all that a token has is none; a list that is not all right is not there. */
static void
test_malformed (void)
{
#define TOKEN(fields)                                                                              \
  "recognized-token, level=(string)utterance, utterance-id=(guint64)0, index=(uint)0, "            \
  "final=(boolean)true, revision=(uint)0, timestamp=(guint64)0, stream-time=(guint64)0, "          \
  "running-time=(guint64)0, duration=(guint64)0, " fields
  static const struct {
    const char *structure;
    gboolean is_token;
    guint n_lists; /* alternatives and tags */
  } cases[] = {
    { TOKEN ("text=(string)a, confidence=(double)1"), TRUE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1.5"), FALSE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)-0.5"), FALSE, 0 },
    { TOKEN ("text=(string)a, confidence=(string)1"), FALSE, 0 },
    { TOKEN ("text=(int)5, confidence=(double)1"), FALSE, 0 },
    { TOKEN ("confidence=(double)1"), FALSE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, timestamp=(guint64)9223372036854775807"), TRUE,
        0 },
    { TOKEN ("text=(string)a, confidence=(double)1, timestamp=(guint64)9223372036854775808"), FALSE,
        0 },
    { TOKEN ("text=(string)a, confidence=(double)1, stream-time=(guint64)18446744073709551615"),
        FALSE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, running-time=(guint64)9223372036854775807, "
             "duration=(guint64)1"),
        FALSE, 0 },
    { "recognized-token", FALSE, 0 },
    { "speech-activity", FALSE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, tags=(string)<a, b>"), TRUE, 2 },
    { TOKEN ("text=(string)a, confidence=(double)1, tags=(int)<1, 2>"), TRUE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, tags=(string)a"), TRUE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, alternatives=(structure)<"
             "[alternative, text=(string)b, confidence=(double)0.5]>"),
        TRUE, 1 },
    { TOKEN ("text=(string)a, confidence=(double)1, alternatives=(structure)<"
             "[alternative, text=(string)b, confidence=(double)0.5], [alternative]>"),
        TRUE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, alternatives=(structure)<"
             "[alternative, text=(string)b, confidence=(double)5]>"),
        TRUE, 0 },
    { TOKEN ("text=(string)a, confidence=(double)1, alternatives=(string)<a>"), TRUE, 0 },
  };
#undef TOKEN

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GstStructure) structure = gst_structure_from_string (cases[i].structure, NULL);
    HearkenToken token;

    g_assert_nonnull (structure);
    g_assert_cmpint (hearken_token_parse (structure, &token), ==, cases[i].is_token);
    if (cases[i].is_token)
      g_assert_cmpuint (token.n_alternatives + token.n_tags, ==, cases[i].n_lists);
  }
}

/* Words that were told hold no longer, and a text has no line for it. */
static void
test_rejection (void)
{
  HearkenToken word = make_token ("word", "a"), end = make_token ("utterance", "");
  g_autoptr (ToolUtterance) utterance = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  ToolWriter text = { .format = tool_format_find ("text") };
  ToolWriter json = { .format = tool_format_find ("jsonl"), .file = "f" };
  ToolUtterance *open = NULL;

  end.is_rejected = TRUE;
  g_assert_null (tool_utterance_collect (&open, &word));
  utterance = tool_utterance_collect (&open, &end);
  g_assert_cmpuint (utterance->words->len, ==, 0);
  tool_writer_add (&text, utterance, out);
  g_assert_cmpstr (out->str, ==, "");
  tool_writer_add (&json, utterance, out);
  g_assert_nonnull (strstr (out->str, ", \"rejected\": true"));
}

/* Words that are written as one have its time, and a confidence between theirs. */
static void
test_clean_up (void)
{
  g_autoptr (ToolUtterance) utterance = tool_utterance_new ();
  const ToolWord *number;

  add_word (utterance, "say", 0, 100);
  add_word (utterance, "twenty", 200, 300);
  add_word (utterance, "five", 350, 400);
  utterance->text = g_strdup ("say twenty five");
  tool_utterance_clean_up (utterance);
  g_assert_cmpstr (utterance->text, ==, "Say 25");
  g_assert_cmpuint (utterance->words->len, ==, 2);
  number = g_ptr_array_index (utterance->words, 1);
  g_assert_cmpstr (number->text, ==, "25");
  g_assert_cmpuint (number->start, ==, 200 * GST_MSECOND);
  g_assert_cmpuint (number->end, ==, 400 * GST_MSECOND);
  g_assert_cmpfloat_with_epsilon (number->confidence, 0.5, 1e-6);
}

/* A phrase that was listened for is one word: the next does not belong to it. */
static void
test_clean_up_phrases (void)
{
  g_autoptr (ToolUtterance) utterance = tool_utterance_new ();

  add_word (utterance, "six eight", 0, 100);
  add_word (utterance, "four one", 2000, 2100);
  utterance->text = g_strdup ("six eight four one");
  tool_utterance_clean_up (utterance);
  g_assert_cmpuint (utterance->words->len, ==, 2);
  g_assert_cmpstr (utterance->text, ==, "Six eight four one");
}

static void
add_alternative (ToolUtterance *utterance, const char *text)
{
  ToolAlternative *alternative = g_new0 (ToolAlternative, 1);

  alternative->text = g_strdup (text);
  g_ptr_array_add (utterance->alternatives, alternative);
}

/* What is written alike is one alternative. */
static void
test_clean_up_alternatives (void)
{
  g_autoptr (ToolUtterance) utterance = tool_utterance_new ();

  utterance->text = g_strdup ("five oh one");
  add_alternative (utterance, "five oh one");
  add_alternative (utterance, "five o one");
  add_alternative (utterance, "five zero one");
  add_alternative (utterance, "five one");
  tool_utterance_clean_up (utterance);
  g_assert_cmpuint (utterance->alternatives->len, ==, 2);
  g_assert_cmpstr (((ToolAlternative *) utterance->alternatives->pdata[0])->text, ==, "501");
  g_assert_cmpstr (((ToolAlternative *) utterance->alternatives->pdata[1])->text, ==, "51");
}

/* @is_final: what is not can still change */
static void
check_live (
    ToolLive *live, const char *level, const char *text, gboolean is_final, const char *expected)
{
  HearkenToken token = make_token (level, text);

  token.is_final = is_final;
  token.end_reason = is_final && g_str_equal (level, "utterance") ? "silence" : NULL;
  g_assert_cmpstr (tool_live_hear (live, &token, 20), ==, expected);
}

#define LINE "\r\033[K    2.00  "
#define DIM(text) "\033[2m" text "\033[0m"

static void
test_live_terminal (void)
{
  g_autoptr (ToolLive) live = tool_live_new (TRUE);

  check_live (live, "utterance", "no", FALSE, LINE DIM ("no"));
  check_live (live, "utterance", "now or", FALSE, LINE DIM ("now or"));
  check_live (live, "utterance", "no", FALSE, LINE DIM ("no"));
  check_live (live, "word", "no", FALSE, "");
  check_live (live, "token", "n", TRUE, "");
  check_live (live, "word", "no", TRUE, LINE "no");
  check_live (live, "utterance", "no yes", FALSE, LINE "no" DIM (" yes"));
  /* The line is full: 9 columns are left. */
  check_live (live, "utterance", "no yesterday", FALSE, LINE DIM ("yesterday"));
  check_live (live, "word", "yesterday", TRUE, LINE "yesterday");
  check_live (live, "utterance", "no yesterday", TRUE, LINE "no yesterday\n");
  g_assert_cmpstr (tool_live_break_off (live), ==, "");
}

/* What turns out to be nothing that may be said is taken away. */
static void
test_live_rejection (void)
{
  g_autoptr (ToolLive) live = tool_live_new (TRUE);
  g_autoptr (ToolLive) pipe = tool_live_new (FALSE);

  check_live (live, "utterance", "no", FALSE, LINE DIM ("no"));
  check_live (live, "utterance", "", TRUE, "\r\033[K");
  check_live (pipe, "utterance", "no", FALSE, "");
  check_live (pipe, "utterance", "", TRUE, "");
}

static void
test_live_break_off (void)
{
  g_autoptr (ToolLive) live = tool_live_new (FALSE);

  check_live (live, "word", "no", TRUE, "");
  check_live (live, "utterance", "no y", FALSE, "");
  g_assert_cmpstr (tool_live_break_off (live), ==, "    2.00  no y\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/format/text", test_text);
  g_test_add_func ("/format/ctm", test_ctm);
  g_test_add_func ("/format/subtitles", test_subtitles);
  g_test_add_func ("/format/jsonl", test_jsonl);
  g_test_add_func ("/format/json", test_json);
  g_test_add_func ("/format/long-utterance", test_long_utterance);
  g_test_add_func ("/format/unknown", test_unknown_format);
  g_test_add_func ("/collect/words", test_collect);
  g_test_add_func ("/collect/details", test_collect_details);
  g_test_add_func ("/collect/control-characters", test_control_characters);
  g_test_add_func ("/collect/malformed", test_malformed);
  g_test_add_func ("/collect/rejection", test_rejection);
  g_test_add_func ("/collect/clean-up", test_clean_up);
  g_test_add_func ("/collect/clean-up-phrases", test_clean_up_phrases);
  g_test_add_func ("/collect/clean-up-alternatives", test_clean_up_alternatives);
  g_test_add_func ("/live/terminal", test_live_terminal);
  g_test_add_func ("/live/rejection", test_live_rejection);
  g_test_add_func ("/live/break-off", test_live_break_off);
  return g_test_run ();
}
