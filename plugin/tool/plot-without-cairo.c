/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "plot-picture.h"

#include <gio/gio.h>

static GString *
refuse (GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "this hearken cannot draw: it was built without cairo");
  return NULL;
}

GString *
tool_picture_make_png (const PlotFigure *figure, guint width, guint height, GError **error)
{
  return refuse (error);
}

GString *
tool_picture_make_svg (const PlotFigure *figure, guint width, guint height, GError **error)
{
  return refuse (error);
}
