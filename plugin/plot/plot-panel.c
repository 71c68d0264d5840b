/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-panel.h"

#include <cairo.h>

#define TICK_UNITS 110.0 /* at least, from one to the next */
#define SMALL 12.0
#define MEDIUM 13.0

const PlotColour plot_ground = { 0.985, 0.985, 0.98 };
const PlotColour plot_ink = { 0.13, 0.15, 0.19 };
const PlotColour plot_faded = { 0.38, 0.41, 0.47 };
const PlotColour plot_line = { 0.78, 0.80, 0.83 };

void
plot_set_colour (cairo_t *cr, PlotColour colour, double alpha)
{
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, alpha);
}

double
plot_panel_get_x (const PlotPanel *panel, double seconds)
{
  return panel->x + panel->width * (seconds - panel->start) / panel->seconds;
}

void
plot_panel_clip (const PlotPanel *panel)
{
  cairo_save (panel->cr);
  cairo_rectangle (panel->cr, panel->x, panel->y, panel->width, panel->height);
  cairo_clip (panel->cr);
}

double
plot_text_get_width (cairo_t *cr, const char *text, double size)
{
  cairo_text_extents_t extents;

  cairo_set_font_size (cr, size);
  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
}

void
plot_text_draw (cairo_t *cr, const char *text, double size, double x, double y, double align)
{
  cairo_move_to (cr, x - align * plot_text_get_width (cr, text, size), y);
  cairo_show_text (cr, text);
}

/* Returns: seconds from one tick to the next: 1, 2 or 5 times a power of ten */
static double
get_tick (const PlotPanel *panel)
{
  const double least = panel->seconds * TICK_UNITS / panel->width;
  double decade = 1e-6;

  while (10 * decade < least)
    decade *= 10;
  if (least <= 2 * decade)
    return 2 * decade;
  return least <= 5 * decade ? 5 * decade : 10 * decade;
}

/* Returns: how many digits after the point the multiples of @tick need */
static int
get_n_digits (double tick)
{
  int n_digits = 0;

  for (; tick < 0.999; tick *= 10)
    n_digits++;
  return n_digits;
}

/* Returns: the first multiple of the tick that is on the axis */
static gint64
get_first_tick (const PlotPanel *panel, double tick)
{
  const double left = panel->start + panel->origin;
  const gint64 before = (gint64) (left / tick);

  return before * tick < left ? before + 1 : before;
}

static double
get_tick_x (const PlotPanel *panel, double seconds)
{
  return plot_panel_get_x (panel, seconds - panel->origin);
}

void
plot_panel_draw_ground (const PlotPanel *panel)
{
  const double tick = get_tick (panel), right = panel->x + panel->width;

  cairo_rectangle (panel->cr, panel->x, panel->y, panel->width, panel->height);
  cairo_set_source_rgb (panel->cr, 1, 1, 1);
  cairo_fill (panel->cr);
  cairo_set_line_width (panel->cr, 1);
  plot_set_colour (panel->cr, plot_line, 0.5);
  for (gint64 i = get_first_tick (panel, tick); get_tick_x (panel, i * tick) < right; i++) {
    cairo_move_to (panel->cr, get_tick_x (panel, i * tick), panel->y);
    cairo_rel_line_to (panel->cr, 0, panel->height);
  }
  cairo_stroke (panel->cr);
}

void
plot_panel_draw_frame (const PlotPanel *panel, const char *title)
{
  cairo_rectangle (panel->cr, panel->x, panel->y, panel->width, panel->height);
  cairo_set_line_width (panel->cr, 1);
  plot_set_colour (panel->cr, plot_line, 1);
  cairo_stroke (panel->cr);
  plot_set_colour (panel->cr, plot_ink, 1);
  plot_text_draw (panel->cr, title, MEDIUM, panel->x, panel->y - 6, 0);
}

void
plot_panel_draw_range (const PlotPanel *panel, const char *top, const char *bottom)
{
  plot_set_colour (panel->cr, plot_faded, 1);
  plot_text_draw (panel->cr, top, SMALL, panel->x - 8, panel->y + 10, 1);
  plot_text_draw (panel->cr, bottom, SMALL, panel->x - 8, panel->y + panel->height, 1);
}

void
plot_panel_draw_axis (const PlotPanel *panel)
{
  const double tick = get_tick (panel), right = panel->x + panel->width;
  const int n_digits = get_n_digits (tick);
  const double y = panel->y + panel->height;

  plot_set_colour (panel->cr, plot_faded, 1);
  for (gint64 i = get_first_tick (panel, tick); get_tick_x (panel, i * tick) <= right; i++) {
    g_autofree char *text = g_strdup_printf ("%.*f s", n_digits, i * tick);
    const double x = get_tick_x (panel, i * tick);

    cairo_move_to (panel->cr, x, y);
    cairo_rel_line_to (panel->cr, 0, 5);
    cairo_stroke (panel->cr);
    plot_text_draw (panel->cr, text, SMALL, x, y + 20, 0.5);
  }
}
