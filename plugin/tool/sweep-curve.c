/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sweep-curve.h"

#include <math.h>
#include <string.h>

#include "normalize.h"

/* Finer where confidences crowd. */
static const double thresholds[TOOL_SWEEP_N_THRESHOLDS] = { 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35,
  0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98,
  0.99, 0.995, 0.998, 0.999 };

typedef struct {
  guint keyword;
  guint clip;
} Heard;

struct ToolSweep {
  GPtrArray *phrases;                     /* of char, normalised */
  GArray *said;                           /* of guint, [n_clips][phrases->len] */
  GArray *heard[TOOL_SWEEP_N_THRESHOLDS]; /* of Heard */
};

double
tool_sweep_get_threshold (guint threshold)
{
  return thresholds[threshold];
}

ToolSweep *
tool_sweep_new (const char *list)
{
  ToolSweep *sweep = g_new (ToolSweep, 1);
  g_auto (GStrv) lines = g_strsplit (list, "\n", -1);

  sweep->phrases = g_ptr_array_new_with_free_func (g_free);
  sweep->said = g_array_new (FALSE, TRUE, sizeof (guint));
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++)
    sweep->heard[i] = g_array_new (FALSE, FALSE, sizeof (Heard));
  for (guint i = 0; lines[i]; i++) {
    g_autoptr (GRegex) extras = g_regex_new ("(^|\\s)#.*|/[^/]*/\\s*((^|\\s)#.*)?$", 0, 0, NULL);
    g_autofree char *phrase = g_regex_replace (extras, lines[i], -1, 0, "", 0, NULL);
    g_autofree char *normal = tool_normalize (phrase ? phrase : "");

    if (*normal != '\0')
      g_ptr_array_add (sweep->phrases, g_steal_pointer (&normal));
  }
  return sweep;
}

void
tool_sweep_free (ToolSweep *sweep)
{
  g_ptr_array_unref (sweep->phrases);
  g_array_unref (sweep->said);
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++)
    g_array_unref (sweep->heard[i]);
  g_free (sweep);
}

/* How often the words of @phrase are side by side in @text. */
static guint
count_phrase (const char *text, const char *phrase)
{
  g_autofree char *padded = g_strconcat (" ", text, " ", NULL);
  g_autofree char *wanted = g_strconcat (" ", phrase, " ", NULL);
  guint n = 0;

  for (const char *at = padded; (at = strstr (at, wanted)) != NULL; at++)
    n++;
  return n;
}

void
tool_sweep_add_clip (ToolSweep *sweep, const char *text)
{
  g_autofree char *normal = tool_normalize (text);

  for (guint i = 0; i < sweep->phrases->len; i++) {
    guint n = count_phrase (normal, g_ptr_array_index (sweep->phrases, i));

    g_array_append_val (sweep->said, n);
  }
}

void
tool_sweep_add_heard (ToolSweep *sweep, guint clip, const char *phrase, guint threshold)
{
  g_autofree char *normal = tool_normalize (phrase);

  for (guint i = 0; i < sweep->phrases->len; i++) {
    if (g_str_equal (g_ptr_array_index (sweep->phrases, i), normal)) {
      Heard heard = { i, clip };

      g_array_append_val (sweep->heard[threshold], heard);
      return;
    }
  }
}

guint
tool_sweep_get_n_keywords (const ToolSweep *sweep)
{
  return sweep->phrases->len;
}

ToolSweepCount
tool_sweep_count (const ToolSweep *sweep, guint keyword, guint threshold)
{
  const GArray *all_heard = sweep->heard[threshold];
  guint n_keywords = sweep->phrases->len;
  guint first = keyword == TOOL_SWEEP_ALL ? 0 : keyword;
  guint step = keyword == TOOL_SWEEP_ALL ? 1 : n_keywords;
  g_autofree guint *n_heard =
      g_new0 (guint, sweep->said->len / MAX (step, 1) + 1); /* every step-th of said */
  ToolSweepCount count = { 0 };

  for (guint i = 0; i < all_heard->len; i++) {
    const Heard *heard = &g_array_index (all_heard, Heard, i);

    if (keyword == TOOL_SWEEP_ALL || heard->keyword == keyword)
      n_heard[(heard->clip * n_keywords + heard->keyword) / step]++;
  }
  for (guint i = first, n = 0; i < sweep->said->len; i += step, n++) {
    guint n_said = g_array_index (sweep->said, guint, i);

    count.n_said += n_said;
    count.n_missed += n_said - MIN (n_said, n_heard[n]);
    count.n_false += n_heard[n] - MIN (n_said, n_heard[n]);
  }
  return count;
}

static double
get_missed_percent (ToolSweepCount count)
{
  return count.n_said > 0 ? 100.0 * count.n_missed / count.n_said : 0;
}

static void
append_lines (const ToolSweep *sweep, guint keyword, double seconds, GString *out)
{
  const char *name =
      keyword == TOOL_SWEEP_ALL ? "(all)" : g_ptr_array_index (sweep->phrases, keyword);

  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++) {
    ToolSweepCount count = tool_sweep_count (sweep, keyword, i);

    g_string_append_printf (out, "%s\t%g\t%u\t%u\t%.2f\t%u\t%.3f\n", name, thresholds[i],
        count.n_said, count.n_missed, get_missed_percent (count), count.n_false,
        seconds > 0 ? count.n_false * 3600 / seconds : 0);
  }
}

void
tool_sweep_append_table (const ToolSweep *sweep, double seconds, GString *out)
{
  g_string_append (
      out, "keyword\tthreshold\tsaid\tmissed\tmissed_percent\tfalse\tfalse_per_hour\n");
  append_lines (sweep, TOOL_SWEEP_ALL, seconds, out);
  for (guint i = 0; i < sweep->phrases->len; i++)
    append_lines (sweep, i, seconds, out);
}

/* The drawing */

#define WIDTH 640
#define HEIGHT 440
#define LEFT 60
#define TOP 20
#define PLOT_WIDTH 400
#define PLOT_HEIGHT 360
#define LEAST_PER_HOUR 0.01 /* none at all is drawn here */
#define MOST_PER_HOUR 1000.0

static double
get_x (double per_hour)
{
  double decades = log10 (CLAMP (per_hour, LEAST_PER_HOUR, MOST_PER_HOUR) / LEAST_PER_HOUR);

  return LEFT + PLOT_WIDTH * decades / log10 (MOST_PER_HOUR / LEAST_PER_HOUR);
}

static double
get_y (double percent)
{
  return TOP + PLOT_HEIGHT * (1 - percent / 100);
}

static void
append_axes (GString *out)
{
  for (double per_hour = LEAST_PER_HOUR; per_hour <= MOST_PER_HOUR * 1.01; per_hour *= 10)
    g_string_append_printf (out,
        "<path stroke=\"#ddd\" d=\"M%.1f %d v%d\"/><text x=\"%.1f\" y=\"%d\" "
        "text-anchor=\"middle\">%g</text>\n",
        get_x (per_hour), TOP, PLOT_HEIGHT, get_x (per_hour), TOP + PLOT_HEIGHT + 16, per_hour);
  for (int percent = 0; percent <= 100; percent += 10)
    g_string_append_printf (out,
        "<path stroke=\"#ddd\" d=\"M%d %.1f h%d\"/><text x=\"%d\" y=\"%.1f\" "
        "text-anchor=\"end\">%d</text>\n",
        LEFT, get_y (percent), PLOT_WIDTH, LEFT - 6, get_y (percent) + 4, percent);
  g_string_append_printf (out,
      "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">false alarms in an hour</text>\n"
      "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">missed, %%</text>\n",
      LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 36, TOP + PLOT_HEIGHT / 2);
}

/* @place: of its name in the legend */
static void
append_curve (const ToolSweep *sweep, guint keyword, double seconds, guint place, GString *out)
{
  g_autofree char *name = g_markup_escape_text (
      keyword == TOOL_SWEEP_ALL ? "all" : g_ptr_array_index (sweep->phrases, keyword), -1);
  g_autofree char *colour = keyword == TOOL_SWEEP_ALL
                                ? g_strdup ("black")
                                : g_strdup_printf ("hsl(%u,70%%,45%%)", keyword * 137 % 360);

  g_string_append_printf (out,
      "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" points=\"", colour,
      keyword == TOOL_SWEEP_ALL ? "2.5" : "1");
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++) {
    ToolSweepCount count = tool_sweep_count (sweep, keyword, i);

    g_string_append_printf (out, "%s%.1f,%.1f", i > 0 ? " " : "",
        get_x (seconds > 0 ? count.n_false * 3600 / seconds : 0),
        get_y (get_missed_percent (count)));
  }
  g_string_append_printf (out, "\"/>\n<text x=\"%d\" y=\"%u\" fill=\"%s\">%s</text>\n",
      LEFT + PLOT_WIDTH + 12, TOP + 10 + 14 * place, colour, name);
}

void
tool_sweep_append_svg (const ToolSweep *sweep, double seconds, GString *out)
{
  g_string_append_printf (out,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      WIDTH, HEIGHT);
  append_axes (out);
  append_curve (sweep, TOOL_SWEEP_ALL, seconds, 0, out);
  for (guint i = 0; i < sweep->phrases->len; i++)
    append_curve (sweep, i, seconds, i + 1, out);
  g_string_append (out, "</svg>\n");
}
