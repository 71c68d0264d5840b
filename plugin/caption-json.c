/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "caption-json.h"

#include "caption-shape.h"

void
caption_json_append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_printf (out, "\\%c", *c);
    else if (caption_get_control_bytes (c) > 0) {
      g_string_append_printf (out, "\\u%04x", g_utf8_get_char (c));
      c += caption_get_control_bytes (c) - 1;
    } else
      g_string_append_c (out, *c);
  }
  g_string_append_c (out, '"');
}

/* Whatever the locale. */
void
caption_json_append_number (GString *out, double value, CaptionJsonNumbers numbers)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, numbers == CAPTION_JSON_EXACT
                            ? g_ascii_dtostr (digits, sizeof digits, value)
                            : g_ascii_formatd (digits, sizeof digits, "%.3f", value));
}

static void
append_seconds (GString *out, GstClockTime time, CaptionJsonNumbers numbers)
{
  if (numbers == CAPTION_JSON_EXACT)
    g_string_append_printf (
        out, "%" G_GUINT64_FORMAT ".%09u", time / GST_SECOND, (guint) (time % GST_SECOND));
  else
    caption_json_append_number (out, (double) (time / GST_MSECOND) / 1000, numbers);
}

void
caption_json_append_span (GString *out, GstClockTime start, GstClockTime end, const char *text,
    double confidence, CaptionJsonNumbers numbers)
{
  g_string_append (out, "\"start\": ");
  append_seconds (out, start, numbers);
  g_string_append (out, ", \"end\": ");
  append_seconds (out, end, numbers);
  g_string_append (out, ", \"text\": ");
  caption_json_append_string (out, text);
  g_string_append (out, ", \"confidence\": ");
  caption_json_append_number (out, confidence, numbers);
}
