/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * What `hearkenscope` shows: the last seconds of the audio, of what goes on in the model, and of the
 * words. It belongs to the streaming thread.
 */
#pragma once

#include <gst/video/video.h>

#include "hearken-token.h"
#include "trace.h"

typedef struct GstHearkenScopeView GstHearkenScopeView;

/* @lstm: the LSTM layer whose gates are shown, from 1, or 0 for none */
GstHearkenScopeView *gst_hearken_scope_view_new (HearkenModel *model, guint lstm);
void gst_hearken_scope_view_free (GstHearkenScopeView *view);

/* Returns: (transfer none): is to hear the audio */
HearkenTracer *gst_hearken_scope_view_get_tracer (GstHearkenScopeView *view);
/* @token: of level word or utterance */
void gst_hearken_scope_view_add (GstHearkenScopeView *view, const HearkenToken *token);
/* Forgets the words. */
void gst_hearken_scope_view_clear (GstHearkenScopeView *view);

/* Audio was heard up to @end: forgets what is more than @history, and a second, before it, or was heard
 * before time went back. Times are as below. */
void gst_hearken_scope_view_forget (
    GstHearkenScopeView *view, GstClockTimeDiff origin, GstClockTime end, GstClockTime history);

/**
 * gst_hearken_scope_view_draw:
 * @frame: of %GST_HEARKEN_SCOPE_FORMAT
 * @origin: timestamp of the tracer's sample 0
 * @end: timestamp up to which is shown
 * @history: how much is shown
 */
void gst_hearken_scope_view_draw (GstHearkenScopeView *view, GstVideoFrame *frame,
    GstClockTimeDiff origin, GstClockTime end, GstClockTime history);

/* cairo's CAIRO_FORMAT_RGB24 in memory. */
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define GST_HEARKEN_SCOPE_FORMAT "BGRx"
#else
#define GST_HEARKEN_SCOPE_FORMAT "xRGB"
#endif
