/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The two ways to make captions, for gsthearkencaptioner.c. Both write a track of their own. */
#pragma once

#include "caption-shape.h"
#include "gsthearkentextsettings.h"
#include "gsthearkentrack.h"
#include "gsthearkenutterance.h"

/* Captions of what is final: when each is complete, or at the latest when `latency` is over. */
typedef struct {
  GstHearkenGranularity granularity;
  CaptionShape shape;
  GstClockTime budget; /* a caption leaves when audio is this far beyond its beginning */
  GstClockTime hold;   /* so far behind the audio something new may yet begin */

  GstHearkenTrack track;
  GstHearkenUtterance utterance;
  GstClockTime token_start; /* of the first token that no word has; or GST_CLOCK_TIME_NONE */
  GstClockTime heard;
} GstHearkenFinals;

void gst_hearken_finals_init (GstHearkenFinals *finals, const GstHearkenTextSettings *settings);
void gst_hearken_finals_clear (GstHearkenFinals *finals);
void gst_hearken_finals_start (GstHearkenFinals *finals, GstClockTime start);
void gst_hearken_finals_forget (GstHearkenFinals *finals);
void gst_hearken_finals_hear (GstHearkenFinals *finals, GstClockTime until);
void gst_hearken_finals_add (GstHearkenFinals *finals, const HearkenToken *token);
void gst_hearken_finals_finish (GstHearkenFinals *finals);

/* Captions that roll: at each time what is known at that time. */
typedef struct {
  GstHearkenGranularity granularity;
  CaptionShape shape; /* of an utterance, of which the last max_lines are shown */
  guint max_lines;
  GstClockTime step; /* what is shown is told of at least so often */

  GstHearkenTrack track;
  GstHearkenUtterance utterance;
  GPtrArray *shown;      /* (element-type GstHearkenWord) */
  gboolean is_new;       /* what is shown has not been told of */
  GstClockTime clear_at; /* when it goes away; or GST_CLOCK_TIME_NONE */
  GstClockTime heard;
} GstHearkenRoller;

/* So often at least, where `latency` allows it. */
#define GST_HEARKEN_ROLLER_STEP_NS (500 * GST_MSECOND)

void gst_hearken_roller_init (GstHearkenRoller *roller, const GstHearkenTextSettings *settings);
void gst_hearken_roller_clear (GstHearkenRoller *roller);
void gst_hearken_roller_start (GstHearkenRoller *roller, GstClockTime start);
void gst_hearken_roller_forget (GstHearkenRoller *roller);
void gst_hearken_roller_hear (GstHearkenRoller *roller, GstClockTime until);
void gst_hearken_roller_add (GstHearkenRoller *roller, const HearkenToken *token);
void gst_hearken_roller_finish (GstHearkenRoller *roller);
