/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A panel of a figure: a rectangle over time, what frames it, and its texts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As cairo.h says: those who only fill in a figure can do without cairo. */
typedef struct _cairo cairo_t;

/* All panels of a figure have the same time axis: @seconds from @start at the left on. */
typedef struct {
  cairo_t *cr;
  double x;
  double y;
  double width;
  double height;
  double start;
  double seconds;
  double origin; /* what the axis calls time 0, in seconds */
} PlotPanel;

typedef struct {
  double red;
  double green;
  double blue;
} PlotColour;

extern const PlotColour plot_ground;
extern const PlotColour plot_ink;   /* texts */
extern const PlotColour plot_faded; /* lesser texts */
extern const PlotColour plot_line;  /* frames and grids */

void plot_set_colour (cairo_t *cr, PlotColour colour, double alpha);

/* Where that time is. */
double plot_panel_get_x (const PlotPanel *panel, double seconds);

/* Until cairo_restore(), only what is within the panel is drawn. */
void plot_panel_clip (const PlotPanel *panel);

/* Writes on a base line; @align: 0 from @x on, 0.5 around it, 1 up to it */
void plot_text_draw (cairo_t *cr, const char *text, double size, double x, double y, double align);
double plot_text_get_width (cairo_t *cr, const char *text, double size);

/* The panel's white ground with a line at every tick of the axis. */
void plot_panel_draw_ground (const PlotPanel *panel);
/* The frame, with a title above it. */
void plot_panel_draw_frame (const PlotPanel *panel, const char *title);
/* The numbers at the ends of the vertical axis. */
void plot_panel_draw_range (const PlotPanel *panel, const char *top, const char *bottom);
/* The numbers of the time axis, under the panel. */
void plot_panel_draw_axis (const PlotPanel *panel);

G_END_DECLS
