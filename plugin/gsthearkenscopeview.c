/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenscopeview.h"

#include <cairo.h>

#include "gsthearkenutterance.h"
#include "plot-figure.h"

struct GstHearkenScopeView {
  HearkenModel *model;
  guint lstm;
  HearkenTracer *tracer;
  GPtrArray *past; /* (element-type GstHearkenWord): of utterances that are over */
  GstHearkenUtterance utterance;
  char *caption;      /* nullable: what is or was said last */
  GstClockTime heard; /* up to when, as far as it was told */
};

GstHearkenScopeView *
gst_hearken_scope_view_new (HearkenModel *model, guint lstm)
{
  GstHearkenScopeView *view = g_new0 (GstHearkenScopeView, 1);

  view->model = hearken_model_ref (model);
  view->lstm = lstm;
  view->tracer = hearken_tracer_new (model, lstm);
  view->past = gst_hearken_words_new ();
  gst_hearken_utterance_init (&view->utterance);
  return view;
}

void
gst_hearken_scope_view_free (GstHearkenScopeView *view)
{
  gst_hearken_utterance_clear (&view->utterance);
  g_ptr_array_unref (view->past);
  g_free (view->caption);
  hearken_tracer_free (view->tracer);
  hearken_model_unref (view->model);
  g_free (view);
}

HearkenTracer *
gst_hearken_scope_view_get_tracer (GstHearkenScopeView *view)
{
  return view->tracer;
}

void
gst_hearken_scope_view_add (GstHearkenScopeView *view, const HearkenToken *token)
{
  GstHearkenUtterance *utterance = &view->utterance;

  gst_hearken_utterance_add (utterance, token);
  if (token->is_rejected)
    gst_hearken_utterance_reset (utterance);
  g_free (view->caption);
  view->caption = gst_hearken_words_join (utterance->words);
  if (utterance->is_over)
    g_ptr_array_extend_and_steal (
        view->past, gst_hearken_utterance_take (utterance, utterance->words->len));
}

void
gst_hearken_scope_view_clear (GstHearkenScopeView *view)
{
  g_ptr_array_set_size (view->past, 0);
  gst_hearken_utterance_reset (&view->utterance);
  g_clear_pointer (&view->caption, g_free);
}

/* Returns: timestamp of the oldest that is shown */
static GstClockTimeDiff
get_start (GstClockTimeDiff origin, GstClockTime end, GstClockTime history)
{
  return MAX (origin, (GstClockTimeDiff) end - (GstClockTimeDiff) history);
}

void
gst_hearken_scope_view_forget (
    GstHearkenScopeView *view, GstClockTimeDiff origin, GstClockTime end, GstClockTime history)
{
  const GstClockTimeDiff start = get_start (origin, end, history + GST_SECOND);
  const guint rate_hz = hearken_model_get_sample_rate_hz (view->model);

  if (end < view->heard) /* they were at other times, which come once more */
    g_ptr_array_set_size (view->past, 0);
  view->heard = end;
  hearken_tracer_forget (view->tracer, gst_util_uint64_scale (start - origin, rate_hz, GST_SECOND));
  while (view->past->len > 0 &&
         (GstClockTimeDiff) ((const GstHearkenWord *) view->past->pdata[0])->end < start)
    g_ptr_array_remove_index (view->past, 0);
}

/* Drawing */

static double
to_seconds (GstClockTimeDiff time)
{
  return (double) time / GST_SECOND;
}

static void
append_words (GArray *words, const GPtrArray *from, GstClockTimeDiff origin)
{
  for (guint i = 0; i < from->len; i++) {
    const GstHearkenWord *word = g_ptr_array_index (from, i);
    const PlotWord drawn = {
      .text = word->text,
      .start = to_seconds ((GstClockTimeDiff) word->start - origin),
      .end = to_seconds ((GstClockTimeDiff) word->end - origin),
      .confidence = word->confidence,
      .is_final = word->is_final,
    };

    g_array_append_val (words, drawn);
  }
}

/* Returns: (transfer full) (element-type PlotWord): they keep the texts of the view's words */
static GArray *
make_words (const GstHearkenScopeView *view, GstClockTimeDiff origin)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (PlotWord));

  append_words (words, view->past, origin);
  append_words (words, view->utterance.words, origin);
  return words;
}

static void
draw_figure (const PlotFigure *figure, GstVideoFrame *frame)
{
  cairo_surface_t *surface = cairo_image_surface_create_for_data (
      GST_VIDEO_FRAME_PLANE_DATA (frame, 0), CAIRO_FORMAT_RGB24, GST_VIDEO_FRAME_WIDTH (frame),
      GST_VIDEO_FRAME_HEIGHT (frame), GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0));
  cairo_t *cr = cairo_create (surface);

  plot_figure_draw (figure, cr, GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

void
gst_hearken_scope_view_draw (GstHearkenScopeView *view, GstVideoFrame *frame,
    GstClockTimeDiff origin, GstClockTime end, GstClockTime history)
{
  const GstClockTimeDiff start = get_start (origin, end, history);
  g_autoptr (GArray) words = make_words (view, origin);

  draw_figure (
      &(PlotFigure){
          .title = view->caption ? view->caption : "",
          .subtitle = hearken_model_get_name (view->model),
          .model = view->model,
          .trace = hearken_tracer_get_trace (view->tracer),
          .words = words,
          .start = to_seconds (start - origin),
          .seconds = to_seconds ((GstClockTimeDiff) history),
          .origin = to_seconds (origin),
          .lstm = view->lstm,
          .is_rolling = TRUE,
      },
      frame);
}
