/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkencaptioner.h"

#include "gsthearkencaptions.h"

struct GstHearkenCaptioner {
  gboolean is_rolling;
  union {
    GstHearkenFinals finals;
    GstHearkenRoller roller;
  };
};

GstHearkenCaptioner *
gst_hearken_captioner_new (const GstHearkenTextSettings *settings)
{
  GstHearkenCaptioner *captioner = g_new0 (GstHearkenCaptioner, 1);

  captioner->is_rolling = settings->partial_results;
  if (captioner->is_rolling)
    gst_hearken_roller_init (&captioner->roller, settings);
  else
    gst_hearken_finals_init (&captioner->finals, settings);
  return captioner;
}

void
gst_hearken_captioner_free (GstHearkenCaptioner *captioner)
{
  if (captioner->is_rolling)
    gst_hearken_roller_clear (&captioner->roller);
  else
    gst_hearken_finals_clear (&captioner->finals);
  g_free (captioner);
}

GstClockTime
gst_hearken_captioner_get_latency (const GstHearkenTextSettings *settings)
{
  GstClockTime latency = settings->latency_ms * GST_MSECOND;

  return settings->partial_results ? MIN (latency, GST_HEARKEN_ROLLER_STEP_NS) : latency;
}

void
gst_hearken_captioner_forget (GstHearkenCaptioner *captioner)
{
  if (captioner->is_rolling)
    gst_hearken_roller_forget (&captioner->roller);
  else
    gst_hearken_finals_forget (&captioner->finals);
}

void
gst_hearken_captioner_start (GstHearkenCaptioner *captioner, GstClockTime start)
{
  if (captioner->is_rolling)
    gst_hearken_roller_start (&captioner->roller, start);
  else
    gst_hearken_finals_start (&captioner->finals, start);
}

void
gst_hearken_captioner_hear (GstHearkenCaptioner *captioner, GstClockTime until)
{
  if (captioner->is_rolling)
    gst_hearken_roller_hear (&captioner->roller, until);
  else
    gst_hearken_finals_hear (&captioner->finals, until);
}

void
gst_hearken_captioner_add (GstHearkenCaptioner *captioner, const HearkenToken *token)
{
  if (captioner->is_rolling)
    gst_hearken_roller_add (&captioner->roller, token);
  else
    gst_hearken_finals_add (&captioner->finals, token);
}

void
gst_hearken_captioner_finish (GstHearkenCaptioner *captioner)
{
  if (captioner->is_rolling)
    gst_hearken_roller_finish (&captioner->roller);
  else
    gst_hearken_finals_finish (&captioner->finals);
}

GstHearkenCaption *
gst_hearken_captioner_pull (GstHearkenCaptioner *captioner)
{
  return gst_hearken_track_pull (
      captioner->is_rolling ? &captioner->roller.track : &captioner->finals.track);
}
