/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-figure.h"

#include <string.h>

#include <cairo.h>

#include "plot-heat.h"
#include "plot-panel.h"
#include "plot-tokens.h"
#include "plot-wave.h"

/* In units of a picture of this size; others are scaled. */
#define FULL_WIDTH 1600.0
#define FULL_HEIGHT 1000.0
/* The same for films, which are smaller; they are not scaled further down than can be read. */
#define ROLLING_WIDTH 1280.0
#define ROLLING_HEIGHT 720.0
#define ROLLING_LEAST_SCALE 0.75
#define ROLLING_WORDS_HEIGHT 44.0
#define ROLLING_LEFT 80.0
#define ROLLING_RIGHT 60.0
#define LEFT 130.0 /* of the panels: names of tokens */
#define RIGHT 80.0 /* what colours mean */
#define TOP 64.0   /* the title */
#define BOTTOM 36.0
#define GAP 30.0 /* above a panel: its title */

enum { WAVE, FEATURES, TOKENS, INPUT_GATE, FORGET_GATE, OUTPUT_GATE, CELL, N_PANELS };

/* How the height is shared. */
static const double weights[N_PANELS] = { 1.0, 1.7, 2.9, 1.2, 1.2, 1.2, 1.2 };

static guint
get_rate_hz (const PlotFigure *figure)
{
  return hearken_model_get_sample_rate_hz (figure->model);
}

static guint
get_n_panels (const PlotFigure *figure)
{
  return figure->lstm > 0 ? N_PANELS : TOKENS + 1;
}

static void
select_font (cairo_t *cr, cairo_font_weight_t weight)
{
  cairo_select_font_face (cr, "sans", CAIRO_FONT_SLANT_NORMAL, weight);
}

static void
draw_title (const PlotFigure *figure, cairo_t *cr)
{
  select_font (cr, CAIRO_FONT_WEIGHT_BOLD);
  plot_set_colour (cr, plot_ink, 1);
  plot_text_draw (cr, figure->title, 18, LEFT, 34, 0);
  cairo_rel_move_to (cr, 16, 0);
  select_font (cr, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 13);
  plot_set_colour (cr, plot_faded, 1);
  cairo_show_text (cr, figure->subtitle);
}

/* Returns: the last words of @text, as many as there is room for */
static const char *
get_last_words (cairo_t *cr, const char *text, double size, double width)
{
  const char *blank;

  while (plot_text_get_width (cr, text, size) > width && (blank = strchr (text, ' ')) != NULL)
    text = blank + 1;
  return text;
}

/* What was said last, and at the right the subtitle. */
static void
draw_rolling_title (const PlotFigure *figure, const PlotPanel *panel)
{
  const double right = panel->x + panel->width;
  const char *text;

  plot_set_colour (panel->cr, plot_faded, 1);
  plot_text_draw (panel->cr, figure->subtitle, 13, right, 36, 1);
  select_font (panel->cr, CAIRO_FONT_WEIGHT_BOLD);
  plot_set_colour (panel->cr, plot_ink, 1);
  text = get_last_words (panel->cr, figure->title, 22, 0.85 * panel->width);
  plot_text_draw (panel->cr, text, 22, panel->x, 36, 0);
  select_font (panel->cr, CAIRO_FONT_WEIGHT_NORMAL);
}

/* Returns: what the waveform reaches up to; in a film it changes in few steps, of which 1 is one */
static double
get_peak (const PlotFigure *figure)
{
  const double peak = plot_wave_get_peak (&figure->trace->samples);
  double step = 0.05;

  for (guint i = 0; figure->is_rolling && step < peak; i++)
    step *= i % 3 == 2 ? 2.5 : 2;
  return figure->is_rolling ? step : peak;
}

static void
draw_wave (const PlotFigure *figure, const PlotPanel *panel)
{
  const double peak = get_peak (figure);
  g_autofree char *top = g_strdup_printf ("%.2g", peak);
  g_autofree char *bottom = g_strdup_printf ("-%.2g", peak);

  plot_panel_draw_ground (panel);
  plot_words_draw_spans (panel, figure->words);
  plot_wave_draw (panel, &figure->trace->samples, get_rate_hz (figure), peak);
  plot_panel_draw_range (panel, top, bottom);
  plot_panel_draw_frame (panel, "Waveform (full scale ±1)");
}

static void
draw_features (const PlotFigure *figure, const PlotPanel *panel)
{
  const HearkenTrack *track = &figure->trace->features;
  g_autofree char *last = g_strdup_printf ("%u", track->n_values - 1);
  g_autofree char *title =
      g_strdup_printf ("Features: %s as the network gets them", figure->trace->features_name);

  plot_heat_draw (panel, track, get_rate_hz (figure), PLOT_SCALE_PERCENTILES, NULL);
  plot_panel_draw_range (panel, last, "0");
  plot_panel_draw_frame (panel, title);
}

static void
draw_tokens (const PlotFigure *figure, const PlotPanel *panel)
{
  plot_panel_draw_ground (panel);
  plot_words_draw_spans (panel, figure->words);
  if (figure->is_rolling)
    plot_tokens_draw_rolling (panel, figure->trace, figure->model);
  else
    plot_tokens_draw (panel, figure->trace, figure->model);
  plot_panel_draw_frame (panel, "");
}

/* Cells in the order of how much of them stays: those that forget are below.
 * Returns: (transfer full): [n_values] */
static guint *
sort_cells (const HearkenTrack *forget)
{
  g_autofree double *sums = g_new0 (double, forget->n_values); /* [n_values] */
  guint *order = g_new (guint, forget->n_values);

  for (gsize i = 0; i < (gsize) forget->n_steps * forget->n_values; i++)
    sums[i % forget->n_values] += forget->values[i];
  for (guint i = 0; i < forget->n_values; i++) {
    guint place = i;

    for (; place > 0 && sums[order[place - 1]] > sums[i]; place--)
      order[place] = order[place - 1];
    order[place] = i;
  }
  return order;
}

static void
draw_gate (const PlotFigure *figure, const PlotPanel *panel, guint which, const guint *order)
{
  const struct {
    const HearkenTrack *track;
    const char *title;
    PlotScale scale;
  } gates[] = {
    { &figure->trace->input_gate, "input gate: how much is written", PLOT_SCALE_PROBABILITY },
    { &figure->trace->forget_gate, "forget gate: how much stays", PLOT_SCALE_PROBABILITY },
    { &figure->trace->output_gate, "output gate: how much is shown", PLOT_SCALE_PROBABILITY },
    { &figure->trace->cell, "state of the cells", PLOT_SCALE_SIGNED },
  };
  const HearkenTrack *track = gates[which].track;
  g_autofree char *title = g_strdup_printf ("LSTM layer %u, %s%s", figure->lstm, gates[which].title,
      which == 0 && order ? " (cells that forget least are at the top)" : "");
  g_autofree char *n_cells = g_strdup_printf ("%u cells", track->n_values);

  plot_heat_draw (panel, track, get_rate_hz (figure), gates[which].scale, order);
  plot_panel_draw_range (panel, n_cells, "");
  plot_panel_draw_frame (panel, title);
}

static void
draw_panel (const PlotFigure *figure, const PlotPanel *panel, guint which, const guint *order)
{
  if (which == WAVE)
    draw_wave (figure, panel);
  else if (which == FEATURES)
    draw_features (figure, panel);
  else if (which == TOKENS)
    draw_tokens (figure, panel);
  else
    draw_gate (figure, panel, which - INPUT_GATE, order);
}

/* In a film, room for two lanes whatever is said. */
static double
get_words_height (const PlotFigure *figure, const PlotPanel *panel)
{
  return figure->is_rolling ? ROLLING_WORDS_HEIGHT : plot_words_get_height (panel, figure->words);
}

/* The words, in place of a title above the tokens. */
static void
draw_words (const PlotFigure *figure, PlotPanel *panel)
{
  panel->y += GAP - 4;
  panel->height = get_words_height (figure, panel);
  plot_set_colour (panel->cr, plot_ink, 1);
  plot_text_draw (panel->cr, "Words, and posteriors of the most probable tokens", 13, panel->x,
      panel->y - 2, 0);
  plot_words_draw (panel, figure->words);
  plot_set_colour (panel->cr, plot_faded, 1);
  if (figure->words->len == 0 && !figure->is_rolling)
    plot_text_draw (
        panel->cr, "nothing was recognised", 14, panel->x, panel->y + panel->height - 8, 0);
  panel->y += panel->height - GAP + 2;
}

/* The panels one below the other. @panel: a place for the first, without a height */
static void
draw_panels (const PlotFigure *figure, PlotPanel *panel, double height)
{
  const guint n_panels = get_n_panels (figure);
  const HearkenTrack *forget = &figure->trace->forget_gate;
  /* [n_values]; in a film they would change places */
  g_autofree guint *order = figure->lstm > 0 && !figure->is_rolling ? sort_cells (forget) : NULL;
  double sum = 0;

  height -= n_panels * GAP + get_words_height (figure, panel);
  for (guint i = 0; i < n_panels; i++)
    sum += weights[i];
  for (guint i = 0; i < n_panels; i++) {
    if (i == TOKENS)
      draw_words (figure, panel);
    panel->y += GAP;
    panel->height = height * weights[i] / sum;
    draw_panel (figure, panel, i, order);
    if (i + 1 == n_panels)
      plot_panel_draw_axis (panel);
    panel->y += panel->height;
  }
}

static double
get_scale (const PlotFigure *figure, double width, double height)
{
  if (figure->is_rolling)
    return MAX (ROLLING_LEAST_SCALE, MIN (width / ROLLING_WIDTH, height / ROLLING_HEIGHT));
  return MIN (width / FULL_WIDTH, height / FULL_HEIGHT);
}

/* In a film, whole columns: what is drawn then looks the same wherever it has moved to. */
static double
get_start (const PlotFigure *figure, const PlotPanel *panel)
{
  const double column = figure->seconds / panel->width;

  return figure->is_rolling ? column * (gint64) (figure->start / column) : figure->start;
}

void
plot_figure_draw (const PlotFigure *figure, cairo_t *cr, double width, double height)
{
  const double scale = get_scale (figure, width, height);
  const double left = figure->is_rolling ? ROLLING_LEFT : LEFT;
  const double right = figure->is_rolling ? ROLLING_RIGHT : RIGHT;
  PlotPanel panel = {
    .cr = cr,
    .x = left,
    .y = TOP - GAP,
    .width = width / scale - left - right,
    .seconds = figure->seconds,
    .origin = figure->origin,
  };

  panel.start = get_start (figure, &panel);
  cairo_scale (cr, scale, scale);
  plot_set_colour (cr, plot_ground, 1);
  cairo_paint (cr);
  select_font (cr, CAIRO_FONT_WEIGHT_NORMAL);
  if (figure->is_rolling)
    draw_rolling_title (figure, &panel);
  else
    draw_title (figure, cr);
  draw_panels (figure, &panel, height / scale - TOP - BOTTOM + GAP);
}

char *
plot_figure_describe (const PlotFigure *figure)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < figure->words->len; i++) {
    const PlotWord *word = &g_array_index (figure->words, PlotWord, i);

    g_string_append_printf (text, "%.2f s … %.2f s: %s\n", figure->origin + word->start,
        figure->origin + word->end, word->text);
  }
  return g_string_free (text, FALSE);
}
