/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * From `recognized-token`s and the audio that was heard to captions and gaps. It decides when a
 * caption is complete, and up to when it is certain that nothing was said. It belongs to the
 * streaming thread. Pull after every other call.
 */
#pragma once

#include "gsthearkencaption.h"
#include "gsthearkentextsettings.h"
#include "hearken-token.h"

typedef struct GstHearkenCaptioner GstHearkenCaptioner;

/* The settings are taken over. */
GstHearkenCaptioner *gst_hearken_captioner_new (const GstHearkenTextSettings *settings);
void gst_hearken_captioner_free (GstHearkenCaptioner *captioner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstHearkenCaptioner, gst_hearken_captioner_free)

/* How far a caption's beginning can be behind the audio when it leaves. */
GstClockTime gst_hearken_captioner_get_latency (const GstHearkenTextSettings *settings);

/* Forgets what is open, and of what utterance it is. */
void gst_hearken_captioner_forget (GstHearkenCaptioner *captioner);
/* Audio begins at @start. What was open has been finished or forgotten. */
void gst_hearken_captioner_start (GstHearkenCaptioner *captioner, GstClockTime start);
/* Audio up to @until was heard. */
void gst_hearken_captioner_hear (GstHearkenCaptioner *captioner, GstClockTime until);
/* Something was recognised. */
void gst_hearken_captioner_add (GstHearkenCaptioner *captioner, const HearkenToken *token);
/* What is open leaves as it is; there is nothing more up to where audio was heard. */
void gst_hearken_captioner_finish (GstHearkenCaptioner *captioner);

/* Returns: (transfer full) (nullable): the next caption or gap; they are in order of time */
GstHearkenCaption *gst_hearken_captioner_pull (GstHearkenCaptioner *captioner);
