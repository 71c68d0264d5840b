/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How a recording was heard, as a picture in the bytes of a file. Without cairo there is only an error. */
#pragma once

#include "plot-figure.h"

G_BEGIN_DECLS

/* @width, @height: in pixels. Returns: (transfer full) (nullable): %NULL with @error set */
typedef GString *(*ToolMakePicture) (
    const PlotFigure *figure, guint width, guint height, GError **error);

GString *tool_picture_make_png (
    const PlotFigure *figure, guint width, guint height, GError **error);
/* In the SVG, words are drawn as outlines; what they say is in its description, for search and for
 * those who cannot see. */
GString *tool_picture_make_svg (
    const PlotFigure *figure, guint width, guint height, GError **error);

G_END_DECLS
