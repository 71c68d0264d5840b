/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-tokens.h"

#include <cairo.h>

#define LEAST_PEAK 0.1   /* what never gets there does not matter */
#define LEAST_VALUE 0.01 /* of a hump */
#define LEAST_LABELLED 0.4
#define LEAST_ROW 15.0
#define SMALL 12.0

typedef struct {
  guint token;
  float peak;
  guint step; /* of the peak */
} Row;

/* Colours that are told apart by everybody (Okabe & Ito, 2008), without the yellow. */
static const PlotColour palette[] = {
  { 0.00, 0.45, 0.70 },
  { 0.84, 0.37, 0.00 },
  { 0.00, 0.62, 0.45 },
  { 0.80, 0.47, 0.65 },
  { 0.34, 0.71, 0.91 },
  { 0.90, 0.62, 0.00 },
};
static const PlotColour grey = { 0.60, 0.63, 0.67 };

static Row
find_peak (const HearkenTrack *track, guint token)
{
  Row row = { .token = token };

  for (guint step = 0; step < track->n_steps; step++) {
    const float value = track->values[(gsize) step * track->n_values + token];

    if (value > row.peak) {
      row.peak = value;
      row.step = step;
    }
  }
  return row;
}

static int
compare_peaks (gconstpointer a, gconstpointer b)
{
  const float x = ((const Row *) a)->peak, y = ((const Row *) b)->peak;

  return (x < y) - (x > y);
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const guint x = ((const Row *) a)->step, y = ((const Row *) b)->step;

  return (x > y) - (x < y);
}

/* Returns: (transfer full) (element-type Row): the most probable tokens, those first whose peaks come
 * first, and last the blank */
static GArray *
find_rows (const HearkenTrace *trace, guint max_rows)
{
  const HearkenTrack *track = &trace->posteriors;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint token = 0; token < track->n_values; token++) {
    Row row = find_peak (track, token);

    if (row.peak >= LEAST_PEAK && (int) token != trace->blank)
      g_array_append_val (rows, row);
  }
  g_array_sort (rows, compare_peaks);
  g_array_set_size (rows, MIN (rows->len, max_rows - 1));
  g_array_sort (rows, compare_steps);
  if (trace->blank >= 0) {
    Row blank = { .token = trace->blank };

    g_array_append_val (rows, blank);
  }
  return rows;
}

/* A row of the panel, and what is drawn in it. */
typedef struct {
  const PlotPanel *panel;
  const HearkenTrack *track;
  double rate_hz;
  guint token;
  PlotColour colour;
  double base; /* its lower end */
  double height;
} Curve;

static float
get_value (const Curve *curve, guint step)
{
  return curve->track->values[(gsize) step * curve->track->n_values + curve->token];
}

static double
get_x (const Curve *curve, guint step)
{
  const HearkenTrack *track = curve->track;

  return plot_panel_get_x (
      curve->panel, (track->first_samples + (double) step * track->step_samples) / curve->rate_hz);
}

/* Returns: the first step from @step on whose value is that of a hump, or of none */
static guint
find_step (const Curve *curve, guint step, gboolean in_hump)
{
  while (step < curve->track->n_steps && (get_value (curve, step) >= LEAST_VALUE) != in_hump)
    step++;
  return step;
}

/* From the step before the hump to the one after it. */
static void
trace_hump (const Curve *curve, guint start, guint end)
{
  cairo_t *cr = curve->panel->cr;
  const guint last = MIN (end, curve->track->n_steps - 1);

  cairo_move_to (cr, get_x (curve, start > 0 ? start - 1 : 0), curve->base);
  for (guint step = start; step < end; step++)
    cairo_line_to (
        cr, get_x (curve, step), curve->base - 0.92 * curve->height * get_value (curve, step));
  cairo_line_to (cr, get_x (curve, last), curve->base);
  cairo_close_path (cr);
}

static void
draw_line (const PlotPanel *panel, double y)
{
  plot_set_colour (panel->cr, plot_line, 0.6);
  cairo_move_to (panel->cr, panel->x, y);
  cairo_rel_line_to (panel->cr, panel->width, 0);
  cairo_stroke (panel->cr);
}

static void
draw_curve (const Curve *curve)
{
  cairo_t *cr = curve->panel->cr;

  for (guint start = find_step (curve, 0, TRUE); start < curve->track->n_steps;) {
    const guint end = find_step (curve, start, FALSE);

    trace_hump (curve, start, end);
    start = find_step (curve, end, TRUE);
  }
  plot_set_colour (cr, curve->colour, 0.55);
  cairo_fill_preserve (cr);
  plot_set_colour (cr, curve->colour, 1);
  cairo_stroke (cr);
}

static const char *
get_text (const HearkenModel *model, guint token)
{
  const char *text = hearken_model_get_token (model, token);

  return g_str_equal (text, " ") ? "(space)" : text;
}

/* At the left of the panel. */
static void
draw_name (const Curve *curve, const HearkenModel *model)
{
  plot_set_colour (curve->panel->cr, plot_ink, 1);
  plot_text_draw (curve->panel->cr, get_text (model, curve->token), SMALL, curve->panel->x - 8,
      curve->base - (curve->height - 9) / 2, 1);
}

/* Returns: a curve without a place */
static Curve
make_curve (const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model,
    guint token, guint number)
{
  const gboolean is_blank = (int) token == trace->blank;

  return (Curve){
    .panel = panel,
    .track = &trace->posteriors,
    .rate_hz = hearken_model_get_sample_rate_hz (model),
    .token = token,
    .colour = is_blank ? grey : palette[number % G_N_ELEMENTS (palette)],
  };
}

void
plot_tokens_draw (const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model)
{
  g_autoptr (GArray) rows = find_rows (trace, MAX (2, (guint) (panel->height / LEAST_ROW)));

  if (trace->posteriors.n_steps == 0)
    return;
  cairo_set_line_width (panel->cr, 1);
  for (guint i = 0; i < rows->len; i++) {
    Curve curve = make_curve (panel, trace, model, g_array_index (rows, Row, i).token, i);

    curve.height = panel->height / rows->len;
    curve.base = panel->y + (i + 1) * curve.height;
    draw_name (&curve, model);
    draw_line (panel, curve.base);
    draw_curve (&curve);
  }
}

/* Whether none of the row's texts stands so near behind @step that it would be written over @text. */
static gboolean
has_room (const Curve *curve, guint step, const char *text, const guint8 *is_labelled)
{
  const double width = plot_text_get_width (curve->panel->cr, text, SMALL);
  const double end = get_x (curve, step) + width;

  while (step < curve->track->n_steps && get_x (curve, step) < end && !is_labelled[step])
    step++;
  return step == curve->track->n_steps || get_x (curve, step) >= end;
}

/* Writes the token behind each of its humps where there is room: of texts that crowd, the last.
 * @is_labelled: [n_steps]: where any token of the row is probable enough to have its text */
static void
label_humps (const Curve *curve, const HearkenModel *model, const guint8 *is_labelled)
{
  const char *text = get_text (model, curve->token);

  plot_set_colour (curve->panel->cr, plot_ink, 1);
  for (guint start = find_step (curve, 0, TRUE); start < curve->track->n_steps;) {
    const guint end = find_step (curve, start, FALSE);
    guint top = start;

    for (guint step = start; step < end; step++)
      top = get_value (curve, step) > get_value (curve, top) ? step : top;
    if (get_value (curve, top) >= LEAST_LABELLED && has_room (curve, end, text, is_labelled))
      plot_text_draw (curve->panel->cr, text, SMALL, get_x (curve, end) + 1,
          curve->base - (curve->height - 9) / 2, 0);
    start = find_step (curve, end, TRUE);
  }
}

/* Returns: (transfer full) (element-type Curve): those of the row, from the top, that are ever probable;
 * tokens are dealt out to the rows */
static GArray *
make_curves (const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model,
    guint row, guint n_rows)
{
  GArray *curves = g_array_new (FALSE, FALSE, sizeof (Curve));
  guint number = 0; /* of the token, the blank not counted */

  for (guint token = 0; token < trace->posteriors.n_values; token++) {
    Curve curve = make_curve (panel, trace, model, token, number);

    if ((int) token == trace->blank || number++ % (n_rows - (trace->blank >= 0)) != row ||
        find_peak (curve.track, token).peak < LEAST_PEAK)
      continue;
    curve.height = panel->height / n_rows;
    curve.base = panel->y + (row + 1) * curve.height;
    g_array_append_val (curves, curve);
  }
  return curves;
}

static void
draw_rolling_row (const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model,
    guint row, guint n_rows)
{
  const guint n_steps = trace->posteriors.n_steps;
  g_autoptr (GArray) curves = make_curves (panel, trace, model, row, n_rows);
  g_autofree guint8 *is_labelled = g_new0 (guint8, n_steps); /* [n_steps] */

  plot_panel_clip (panel);
  for (guint i = 0; i < curves->len; i++) {
    const Curve *curve = &g_array_index (curves, Curve, i);

    draw_curve (curve);
    for (guint step = 0; step < n_steps; step++)
      is_labelled[step] |= get_value (curve, step) >= LEAST_LABELLED;
  }
  for (guint i = 0; i < curves->len; i++)
    label_humps (&g_array_index (curves, Curve, i), model, is_labelled);
  cairo_restore (panel->cr);
}

static void
draw_rolling_blank (
    const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model, guint n_rows)
{
  Curve curve = make_curve (panel, trace, model, trace->blank, 0);

  curve.height = panel->height / n_rows;
  curve.base = panel->y + panel->height;
  draw_name (&curve, model);
  plot_panel_clip (panel);
  draw_curve (&curve);
  cairo_restore (panel->cr);
}

void
plot_tokens_draw_rolling (
    const PlotPanel *panel, const HearkenTrace *trace, const HearkenModel *model)
{
  const gboolean has_blank = trace->blank >= 0;
  const guint n_tokens = trace->posteriors.n_values - has_blank;
  const guint n_rows = CLAMP ((guint) (panel->height / LEAST_ROW), 1, n_tokens) + has_blank;

  cairo_set_line_width (panel->cr, 1);
  for (guint row = 1; row < n_rows; row++)
    draw_line (panel, panel->y + panel->height * row / n_rows);
  if (has_blank)
    draw_rolling_blank (panel, trace, model, n_rows);
  for (guint row = 0; row < n_rows - has_blank; row++)
    draw_rolling_row (panel, trace, model, row, n_rows);
}
