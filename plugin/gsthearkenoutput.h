/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Captions as buffers of text and GAP events: the src pad of `hearkentext`, its caps and its tags. */
#pragma once

#include "gsthearkencaption.h"
#include "gsthearkentextsettings.h"

/* What can be sent, in the order of preference. */
#define GST_HEARKEN_TEXT_CAPS                                                                      \
  "text/x-raw, format = (string) { utf8, pango-markup }; application/x-json"

typedef struct {
  GstPad *pad;
  const GstHearkenTextSettings *settings;
  GstHearkenTextFormat format;
  gboolean is_negotiated;
  GstEvent *segment;   /* nullable: what waits for caps */
  gboolean needs_tags; /* the language is to be sent before the next caption */
  gboolean is_discont; /* the next caption does not follow on the one before */
  GstFlowReturn flow;  /* of the pushes since audio came; nothing more is pushed if it is not OK */
} GstHearkenOutput;

/* @settings: outlive the output */
void gst_hearken_output_init (
    GstHearkenOutput *output, GstPad *pad, const GstHearkenTextSettings *settings);

/* @segment: (transfer full): is sent as soon as downstream takes any text */
void gst_hearken_output_set_segment (GstHearkenOutput *output, GstEvent *segment);
void gst_hearken_output_forget_segment (GstHearkenOutput *output);

void gst_hearken_output_push_gap (
    GstHearkenOutput *output, GstClockTime timestamp, GstClockTime duration);
/* @segment: the one that the caption is in */
void gst_hearken_output_push (
    GstHearkenOutput *output, const GstHearkenCaption *caption, const GstSegment *segment);
