/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A caption: words that are shown together, and from when to when. */
#pragma once

#include <gst/gst.h>

/* Times are in the time of the buffers. */
typedef struct {
  char *text;
  double confidence; /* 0 … 1 */
  GstClockTime start;
  GstClockTime end;
  gboolean is_final;
  gboolean begins_line; /* where the caption has several */
  guint n_said;         /* words said that it stands for, at least 1 */
  guint index;          /* of the first of them among the words of the utterance */
} GstHearkenWord;

typedef struct {
  GstClockTime start;
  GstClockTime end;
  GPtrArray *words; /* (element-type GstHearkenWord); none: nothing is said, a gap */
} GstHearkenCaption;

/* @text: becomes as caption_text_new() makes it */
GstHearkenWord *gst_hearken_word_new (
    const char *text, double confidence, GstClockTime start, GstClockTime end);
GstHearkenWord *gst_hearken_word_copy (const GstHearkenWord *word);
void gst_hearken_word_free (GstHearkenWord *word);

/* Returns: (transfer full) (element-type GstHearkenWord): an empty array that owns its words */
GPtrArray *gst_hearken_words_new (void);

/* Returns: (transfer full): the words with spaces between */
char *gst_hearken_words_join (const GPtrArray *words);

/* @words: (transfer full) */
GstHearkenCaption *gst_hearken_caption_new (GPtrArray *words, GstClockTime start, GstClockTime end);
void gst_hearken_caption_free (GstHearkenCaption *caption);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstHearkenCaption, gst_hearken_caption_free)

typedef enum {
  GST_HEARKEN_TEXT_UTF8,
  GST_HEARKEN_TEXT_PANGO, /* GStreamer's pango-markup */
  GST_HEARKEN_TEXT_JSON,
} GstHearkenTextFormat;

typedef struct {
  GstHearkenTextFormat format;
  double mark_confidence;    /* pango: words below it are marked */
  const char *mark_color;    /* (nullable): none is marked */
  gboolean newline;          /* at the end; JSON has one in any case */
  const GstSegment *segment; /* JSON has the captions' stream time */
} GstHearkenTextStyle;

/* @caption: not a gap. Returns: (transfer full): what a buffer of it holds */
char *gst_hearken_caption_write (
    const GstHearkenCaption *caption, const GstHearkenTextStyle *style);
