/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-heat.h"

#include <cairo.h>

#define BAR_GAP 12.0
#define BAR_WIDTH 12.0
#define BAR_STEPS 64
#define SMALL 12.0

/* viridis (Smith, van der Walt, Firing; CC0): even steps of it look equally large. */
static const guint32 viridis[] = { 0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80,
  0x5ec962, 0xaddc30, 0xfde725 };
/* From blue by way of white to red, equally dark at equal distances. */
static const guint32 diverging[] = { 0x2166ac, 0x67a9cf, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xef8a62,
  0xb2182b };

typedef struct {
  const guint32 *colours; /* [n_colours] */
  guint n_colours;
  double low;
  double high;
} Map;

static guint32
mix (guint32 from, guint32 to, double share)
{
  guint32 mixed = 0;

  for (guint shift = 0; shift < 24; shift += 8) {
    const double a = from >> shift & 0xff, b = to >> shift & 0xff;

    mixed |= (guint32) (a + share * (b - a) + 0.5) << shift;
  }
  return mixed;
}

/* Returns: 0xRRGGBB */
static guint32
map_get_colour (const Map *map, double value)
{
  const double range = map->high - map->low;
  const double place =
      range > 0 ? CLAMP ((value - map->low) / range, 0, 1) * (map->n_colours - 1) : 0;
  const guint index = MIN ((guint) place, map->n_colours - 2);

  return mix (map->colours[index], map->colours[index + 1], place - index);
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  const float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* What is shown: no more points than the panel has room for, each the mean of what falls into it. */
typedef struct {
  guint n_columns;
  guint n_rows;
  float *values; /* [n_rows][n_columns], the lowest row first */
} Points;

static float
get_mean (const HearkenTrack *track, const guint *order, gsize first_step, gsize end_step,
    gsize first_row, gsize end_row)
{
  double sum = 0;

  for (gsize step = first_step; step < end_step; step++) {
    for (gsize row = first_row; row < end_row; row++)
      sum += track->values[step * track->n_values + (order ? order[row] : row)];
  }
  return (float) (sum / ((end_step - first_step) * (end_row - first_row)));
}

static Points
make_points (const PlotPanel *panel, const HearkenTrack *track, const guint *order)
{
  const gsize n_columns = MIN (track->n_steps, (guint) panel->width);
  const gsize n_rows = MIN (track->n_values, (guint) panel->height);
  Points points = { n_columns, n_rows, g_new (float, n_rows *n_columns) };

  for (gsize row = 0; row < n_rows; row++) {
    for (gsize column = 0; column < n_columns; column++)
      points.values[row * n_columns + column] = get_mean (track, order,
          column * track->n_steps / n_columns, (column + 1) * track->n_steps / n_columns,
          row * track->n_values / n_rows, (row + 1) * track->n_values / n_rows);
  }
  return points;
}

/* Returns: (transfer full): [n]: the points in order, their magnitudes if @of_magnitudes */
static float *
sort_points (const Points *points, gsize n, gboolean of_magnitudes)
{
  float *sorted = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    sorted[i] = of_magnitudes ? ABS (points->values[i]) : points->values[i];
  qsort (sorted, n, sizeof *sorted, compare_floats);
  return sorted;
}

static Map
make_map (const Points *points, PlotScale scale)
{
  const gsize n = (gsize) points->n_rows * points->n_columns;
  g_autofree float *sorted = sort_points (points, n, scale == PLOT_SCALE_SIGNED); /* [n] */

  switch (scale) {
  case PLOT_SCALE_PERCENTILES:
    return (Map){ viridis, G_N_ELEMENTS (viridis), sorted[n / 100], sorted[n - 1 - n / 100] };
  case PLOT_SCALE_SIGNED:
    return (Map){ diverging, G_N_ELEMENTS (diverging), -sorted[n - 1 - n / 20],
      sorted[n - 1 - n / 20] };
  default:
    return (Map){ viridis, G_N_ELEMENTS (viridis), 0, 1 };
  }
}

/* Returns: (transfer full) */
static cairo_surface_t *
make_image (const Points *points, const Map *map)
{
  cairo_surface_t *image = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, (int) points->n_columns, (int) points->n_rows);
  const int stride = cairo_image_surface_get_stride (image);
  guint8 *pixels = cairo_image_surface_get_data (image);

  cairo_surface_flush (image);
  for (gsize row = 0; row < points->n_rows; row++) {
    guint32 *line = (guint32 *) (pixels + (points->n_rows - 1 - row) * stride);

    for (gsize column = 0; column < points->n_columns; column++)
      line[column] = map_get_colour (map, points->values[row * points->n_columns + column]);
  }
  cairo_surface_mark_dirty (image);
  return image;
}

/* Fills the rectangle with the image, its points being rectangles. */
static void
draw_image (cairo_t *cr, cairo_surface_t *image, double x, double y, double width, double height)
{
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / cairo_image_surface_get_width (image),
      height / cairo_image_surface_get_height (image));
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
}

static void
draw_bar (const PlotPanel *panel, const Map *map)
{
  cairo_t *cr = panel->cr;
  const double x = panel->x + panel->width + BAR_GAP;
  const int n_digits = map->high - map->low >= 20 ? 0 : 1;
  g_autofree char *low = g_strdup_printf ("%.*f", n_digits, map->low);
  g_autofree char *high = g_strdup_printf ("%.*f", n_digits, map->high);

  for (guint i = 0; i < BAR_STEPS; i++) {
    const guint32 colour =
        map_get_colour (map, map->low + (map->high - map->low) * (i + 0.5) / BAR_STEPS);
    const double top = panel->y + panel->height * (BAR_STEPS - 1 - i) / BAR_STEPS;

    cairo_set_source_rgb (
        cr, (colour >> 16) / 255.0, (colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0);
    /* A little further than to the next, which leaves no seam. */
    cairo_rectangle (cr, x, top, BAR_WIDTH,
        MIN (panel->height / BAR_STEPS + 0.5, panel->y + panel->height - top));
    cairo_fill (cr);
  }
  plot_set_colour (cr, plot_faded, 1);
  plot_text_draw (cr, high, SMALL, x + BAR_WIDTH + 6, panel->y + 10, 0);
  plot_text_draw (cr, low, SMALL, x + BAR_WIDTH + 6, panel->y + panel->height, 0);
}

void
plot_heat_draw (const PlotPanel *panel, const HearkenTrack *track, guint rate_hz, PlotScale scale,
    const guint *order)
{
  const double step = (double) track->step_samples / rate_hz;
  const double start = track->first_samples / rate_hz - step / 2;
  const double left = plot_panel_get_x (panel, start);
  const double right = plot_panel_get_x (panel, start + step * track->n_steps);
  cairo_surface_t *image;
  Points points;
  Map map;

  if (track->n_steps == 0)
    return;
  points = make_points (panel, track, order);
  map = make_map (&points, scale);
  image = make_image (&points, &map);
  plot_panel_clip (panel);
  draw_image (panel->cr, image, left, panel->y, right - left, panel->height);
  cairo_restore (panel->cr);
  cairo_surface_destroy (image);
  g_free (points.values);
  draw_bar (panel, &map);
}
