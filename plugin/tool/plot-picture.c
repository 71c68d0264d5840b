/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-picture.h"

#include <string.h>

#include <cairo-svg.h>
#include <gio/gio.h>

static cairo_status_t
take_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_string_append_len (closure, (const char *) data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Takes the surface. */
static cairo_status_t
draw (const PlotFigure *figure, cairo_surface_t *surface, guint width, guint height)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  plot_figure_draw (figure, cr, width, height);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

/* Takes @bytes. Returns: (nullable): them, or %NULL with @error set */
static GString *
check (GString *bytes, cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return bytes;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot draw the picture: %s",
      cairo_status_to_string (status));
  g_string_free (bytes, TRUE);
  return NULL;
}

GString *
tool_picture_make_png (const PlotFigure *figure, guint width, guint height, GError **error)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cairo_status_t status = draw (figure, surface, width, height);
  GString *bytes = g_string_new (NULL);

  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, take_bytes, bytes);
  cairo_surface_destroy (surface);
  return check (bytes, status, error);
}

/* Puts title and description at the beginning of the <svg>. */
static void
describe (GString *svg, const PlotFigure *figure)
{
  const char *element = strstr (svg->str, "<svg");
  const char *end = element ? strchr (element, '>') : NULL;
  g_autofree char *words = plot_figure_describe (figure);
  g_autofree char *text =
      g_markup_printf_escaped ("\n<title>%s</title>\n<desc>%s</desc>", figure->title, words);

  if (end)
    g_string_insert (svg, end + 1 - svg->str, text);
}

GString *
tool_picture_make_svg (const PlotFigure *figure, guint width, guint height, GError **error)
{
  GString *bytes = g_string_new (NULL);
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (take_bytes, bytes, width, height);
  cairo_status_t status;

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  status = draw (figure, surface, width, height);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  describe (bytes, figure);
  return check (bytes, status, error);
}
