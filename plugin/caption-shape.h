/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What a caption is that can be read in time: how words are broken into lines, and how long the
 * lines stay. The element `hearkentext` and the tool's subtitles have it in common.
 */
#pragma once

#include <gst/gst.h>

/* What fits on a screen and in a glance. */
#define CAPTION_LINE_CHARS 42
#define CAPTION_MAX_LINES 2
#define CAPTION_MAX_NS (7 * GST_SECOND)
/* Shorter than this, a caption cannot be read. */
#define CAPTION_MIN_NS (1 * GST_SECOND)
/* So long a caption may stay after the last word when a silence follows. */
#define CAPTION_LINGER_NS (500 * GST_MSECOND)

typedef struct {
  guint line_chars; /* characters, not bytes; a longer word has a line of its own */
  guint max_lines;
  GstClockTime max_duration;
} CaptionShape;

/* How full a caption is; zeroed, it is empty. */
typedef struct {
  GstClockTime start;
  guint n_lines;
  guint n_chars; /* of the last line */
} CaptionFill;

typedef enum {
  CAPTION_ON_LINE, /* follows on the line, or is the first word */
  CAPTION_NEW_LINE,
  CAPTION_FULL, /* does not fit: begins the next caption */
} CaptionPlace;

/* Returns: how many bytes the control character has that @text begins with; 0 if it begins with another.
 * Terminals obey those from U+0080 to U+009F, too. */
guint caption_get_control_bytes (const char *text);
/* Replaces each byte of a control character. */
void caption_replace_controls (char *text, char replacement);

/* Returns: (transfer full): @text with spaces for its control characters, which would break the formats
 * that captions end up in */
char *caption_text_new (const char *text);

/* Returns: where a word that is spoken from @start to @end goes; unless the caption is full, it is
 * counted in */
CaptionPlace caption_fill_add (CaptionFill *fill, const CaptionShape *shape, const char *text,
    GstClockTime start, GstClockTime end);

/* Returns: when a caption of words from @start to @end goes away, so that it can be read, but no
 * later than @next if @next is after @end */
GstClockTime caption_get_end (GstClockTime start, GstClockTime end, GstClockTime next);
