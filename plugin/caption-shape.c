/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "caption-shape.h"

guint
caption_get_control_bytes (const char *text)
{
  const guchar *bytes = (const guchar *) text;

  if (g_ascii_iscntrl (*text))
    return *text != '\0';
  return bytes[0] == 0xc2 && bytes[1] >= 0x80 && bytes[1] < 0xa0 ? 2 : 0;
}

void
caption_replace_controls (char *text, char replacement)
{
  for (char *c = text; *c; c++)
    for (guint n = caption_get_control_bytes (c); n > 0; n--)
      c[n - 1] = replacement;
}

char *
caption_text_new (const char *text)
{
  char *copy = g_strdup (text);

  caption_replace_controls (copy, ' ');
  return copy;
}

CaptionPlace
caption_fill_add (CaptionFill *fill, const CaptionShape *shape, const char *text,
    GstClockTime start, GstClockTime end)
{
  guint n_chars = (guint) g_utf8_strlen (text, -1);

  if (fill->n_lines == 0) {
    *fill = (CaptionFill){ start, 1, n_chars };
    return CAPTION_ON_LINE;
  }
  if (end > fill->start + shape->max_duration)
    return CAPTION_FULL;
  if (fill->n_chars + 1 + n_chars <= shape->line_chars) {
    fill->n_chars += 1 + n_chars;
    return CAPTION_ON_LINE;
  }
  if (fill->n_lines == shape->max_lines)
    return CAPTION_FULL;
  fill->n_lines++;
  fill->n_chars = n_chars;
  return CAPTION_NEW_LINE;
}

GstClockTime
caption_get_end (GstClockTime start, GstClockTime end, GstClockTime next)
{
  return MAX (end, MIN (start + CAPTION_MIN_NS, next));
}
