/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-words.h"

#include <cairo.h>

#define SIZE 14.0
#define GAP 8.0 /* between labels, at least */
#define LANE_HEIGHT 19.0
#define BAR_HEIGHT 6.0
#define MAX_LANES 4

static const PlotColour blue = { 0.16, 0.38, 0.68 };

typedef struct {
  double left;
  double right;
  double label; /* its left end */
  guint lane;   /* from the bottom; MAX_LANES: no room for the label */
} Place;

/* Keeps a label within the panel; one whose word has begun before it leaves with its word. */
static double
clamp_label (const PlotPanel *panel, const Place *place, double left, double width)
{
  if (place->left < panel->x)
    return left;
  return CLAMP (left, panel->x, MAX (panel->x, panel->x + panel->width - width));
}

/* Each label goes into the lowest lane that has room for it.
 * Returns: (transfer full): [words->len] */
static Place *
place_words (const PlotPanel *panel, const GArray *words, guint *n_lanes)
{
  double ends[MAX_LANES] = { -G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  Place *places = g_new0 (Place, words->len);

  *n_lanes = 1;
  for (guint i = 0; i < words->len; i++) {
    const PlotWord *word = &g_array_index (words, PlotWord, i);
    const double width = plot_text_get_width (panel->cr, word->text, SIZE);
    Place *place = &places[i];

    place->left = plot_panel_get_x (panel, word->start);
    place->right = plot_panel_get_x (panel, word->end);
    place->label = clamp_label (panel, place, (place->left + place->right - width) / 2, width);
    while (place->lane < MAX_LANES && place->label < ends[place->lane])
      place->lane++;
    if (place->lane == MAX_LANES)
      continue;
    ends[place->lane] = place->label + width + GAP;
    *n_lanes = MAX (*n_lanes, place->lane + 1);
  }
  return places;
}

double
plot_words_get_height (const PlotPanel *panel, const GArray *words)
{
  guint n_lanes;

  g_free (place_words (panel, words, &n_lanes));
  return n_lanes * LANE_HEIGHT + BAR_HEIGHT;
}

/* How long it lasts, and a line from there to its label. */
static void
draw_bar (const PlotPanel *panel, const PlotWord *word, const Place *place)
{
  const double bar = panel->y + panel->height - BAR_HEIGHT;
  const double middle = (place->left + place->right) / 2;

  /* Sure words are dark. */
  plot_set_colour (panel->cr, blue, word->is_final ? 0.25 + 0.75 * word->confidence : 0.25);
  cairo_rectangle (
      panel->cr, place->left + 0.5, bar, MAX (1, place->right - place->left - 1), BAR_HEIGHT);
  cairo_fill (panel->cr);
  if (place->lane == 0 || place->lane == MAX_LANES)
    return;
  plot_set_colour (panel->cr, plot_line, 1);
  cairo_move_to (panel->cr, middle, bar - 1);
  cairo_line_to (panel->cr, middle, bar - place->lane * LANE_HEIGHT - 2);
  cairo_stroke (panel->cr);
}

static void
draw_label (const PlotPanel *panel, const PlotWord *word, const Place *place)
{
  const double base = panel->y + panel->height - BAR_HEIGHT - 6 - place->lane * LANE_HEIGHT;

  if (place->lane == MAX_LANES)
    return;
  /* On a ground of its own: lines of others may pass behind. */
  plot_set_colour (panel->cr, plot_ground, 1);
  cairo_rectangle (panel->cr, place->label - 2, base - SIZE + 1,
      plot_text_get_width (panel->cr, word->text, SIZE) + 4, LANE_HEIGHT - 2);
  cairo_fill (panel->cr);
  plot_set_colour (panel->cr, word->is_final ? plot_ink : plot_faded, 1);
  plot_text_draw (panel->cr, word->text, SIZE, place->label, base, 0);
}

void
plot_words_draw (const PlotPanel *panel, const GArray *words)
{
  guint n_lanes;
  g_autofree Place *places = place_words (panel, words, &n_lanes); /* [words->len] */

  plot_panel_clip (panel);
  for (guint i = 0; i < words->len; i++)
    draw_bar (panel, &g_array_index (words, PlotWord, i), &places[i]);
  for (guint i = 0; i < words->len; i++)
    draw_label (panel, &g_array_index (words, PlotWord, i), &places[i]);
  cairo_restore (panel->cr);
}

void
plot_words_draw_spans (const PlotPanel *panel, const GArray *words)
{
  plot_panel_clip (panel);
  plot_set_colour (panel->cr, blue, 0.07);
  for (guint i = 0; i < words->len; i++) {
    const PlotWord *word = &g_array_index (words, PlotWord, i);
    const double left = plot_panel_get_x (panel, word->start);
    const double right = plot_panel_get_x (panel, word->end);

    cairo_rectangle (panel->cr, left, panel->y, right - left, panel->height);
  }
  cairo_fill (panel->cr);
  cairo_restore (panel->cr);
}
