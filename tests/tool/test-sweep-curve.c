/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Counting what thresholds miss, and what they hear that nobody said. */
#include <string.h>

#include "sweep-curve.h"

#define LIST "# words\nyes\nView glass /0.3/  # own\nno"

/* Heard with this confidence, whatever the threshold. */
static void
add_heard (ToolSweep *sweep, guint clip, const char *phrase, double confidence)
{
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS && tool_sweep_get_threshold (i) <= confidence; i++)
    tool_sweep_add_heard (sweep, clip, phrase, i);
}

static guint
find_threshold (double threshold)
{
  guint i = 0;

  while (tool_sweep_get_threshold (i) < threshold)
    i++;
  return i;
}

static void
check_count (
    const ToolSweep *sweep, guint keyword, double threshold, guint said, guint missed, guint wrong)
{
  ToolSweepCount count = tool_sweep_count (sweep, keyword, find_threshold (threshold));

  g_assert_cmpuint (count.n_said, ==, said);
  g_assert_cmpuint (count.n_missed, ==, missed);
  g_assert_cmpuint (count.n_false, ==, wrong);
}

/* Three recordings; "yes" is said twice in the first and heard three times. */
static ToolSweep *
make_sweep (void)
{
  ToolSweep *sweep = tool_sweep_new (LIST);

  tool_sweep_add_clip (sweep, "Yes, yes!");
  tool_sweep_add_clip (sweep, "the view, glass and views: no eyes");
  tool_sweep_add_clip (sweep, "");
  add_heard (sweep, 0, "YES", 0.9);
  add_heard (sweep, 0, "yes", 0.5);
  add_heard (sweep, 0, "yes", 0.3);
  add_heard (sweep, 1, "view glass", 0.8);
  add_heard (sweep, 1, "yes", 0.2);
  add_heard (sweep, 2, "no", 0.95);
  add_heard (sweep, 2, "what is not in the list", 0.95);
  return sweep;
}

static void
test_counts (void)
{
  g_autoptr (ToolSweep) sweep = make_sweep ();

  g_assert_cmpuint (tool_sweep_get_n_keywords (sweep), ==, 3);
  check_count (sweep, 0, 0.1, 2, 0, 2);
  check_count (sweep, 0, 0.25, 2, 0, 1);
  check_count (sweep, 0, 0.5, 2, 0, 0);
  check_count (sweep, 0, 0.6, 2, 1, 0);
  check_count (sweep, 0, 0.95, 2, 2, 0);
  check_count (sweep, 1, 0.8, 1, 0, 0);
  check_count (sweep, 1, 0.85, 1, 1, 0);
  check_count (sweep, 2, 0.5, 1, 1, 1);
  check_count (sweep, TOOL_SWEEP_ALL, 0.25, 4, 1, 2);
  check_count (sweep, TOOL_SWEEP_ALL, 0.99, 4, 4, 0);
}

/* What a high threshold hears, a low one need not hear as well. */
static void
test_high_threshold (void)
{
  g_autoptr (ToolSweep) sweep = tool_sweep_new ("yes");

  tool_sweep_add_clip (sweep, "yes");
  tool_sweep_add_heard (sweep, 0, "yes", find_threshold (0.5));
  check_count (sweep, 0, 0.45, 1, 1, 0);
  check_count (sweep, 0, 0.5, 1, 0, 0);
}

/* Each time that nobody said it. */
static void
test_false_alarms (void)
{
  g_autoptr (ToolSweep) sweep = tool_sweep_new ("yes");

  tool_sweep_add_clip (sweep, "yes");
  for (guint i = 0; i < 3; i++)
    tool_sweep_add_heard (sweep, 0, "yes", find_threshold (0.5));
  check_count (sweep, 0, 0.5, 1, 0, 2);
}

static void
test_table (void)
{
  g_autoptr (ToolSweep) sweep = make_sweep ();
  g_autoptr (GString) out = g_string_new (NULL);

  tool_sweep_append_table (sweep, 1800, out);
  g_assert_true (g_str_has_prefix (out->str,
      "keyword\tthreshold\tsaid\tmissed\tmissed_percent\tfalse\tfalse_per_hour\n"
      "(all)\t0.05\t4\t1\t25.00\t3\t6.000\n"));
  g_assert_nonnull (strstr (out->str, "\nview glass\t0.8\t1\t0\t0.00\t0\t0.000\n"));
  g_assert_nonnull (strstr (out->str, "\nno\t0.999\t1\t1\t100.00\t0\t0.000\n"));
}

/* Names are text, whatever is in them, and every keyword has a curve. */
static void
test_drawing (void)
{
  g_autoptr (ToolSweep) sweep = make_sweep ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) curves = NULL;
  g_autoptr (GMarkupParseContext) context = NULL;
  GMarkupParser parser = { 0 };

  tool_sweep_append_svg (sweep, 1800, out);
  curves = g_strsplit (out->str, "<polyline", -1);
  g_assert_cmpuint (g_strv_length (curves), ==, 1 + 4);
  g_assert_null (strstr (out->str, "nan"));
  context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_assert_true (g_markup_parse_context_parse (context, out->str, out->len, NULL));
  g_assert_true (g_markup_parse_context_end_parse (context, NULL));
}

/* Every keyword costs time for itself, not for all the others again. */
static void
test_many_keywords (void)
{
  enum { N_KEYWORDS = 1000, N_CLIPS = 2000 };
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < N_KEYWORDS; i++)
    g_string_append_printf (list, "word %u\n", i);
  g_autoptr (ToolSweep) sweep = tool_sweep_new (list->str);
  for (guint i = 0; i < N_CLIPS; i++) {
    g_autofree char *phrase = g_strdup_printf ("word %u", i % N_KEYWORDS);

    tool_sweep_add_clip (sweep, phrase);
    add_heard (sweep, i, phrase, 0.7);
  }
  tool_sweep_append_table (sweep, 1800, out);
  g_assert_nonnull (strstr (out->str, "\nword 999\t0.7\t2\t0\t0.00\t0\t0.000\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sweep/counts", test_counts);
  g_test_add_func ("/sweep/high-threshold", test_high_threshold);
  g_test_add_func ("/sweep/false-alarms", test_false_alarms);
  g_test_add_func ("/sweep/table", test_table);
  g_test_add_func ("/sweep/many-keywords", test_many_keywords);
  g_test_add_func ("/sweep/drawing", test_drawing);
  return g_test_run ();
}
