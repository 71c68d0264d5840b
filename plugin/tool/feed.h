/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The audio of recordings, as samples: for anything, or into a recogniser, one after the other, as one
 * unbroken stream. */
#pragma once

#include "pipeline.h"
#include "recognizer.h"

G_BEGIN_DECLS

/* @samples: [n_samples]: mono
 * @time: of the first one in the recording, ns
 * From the streaming thread. */
typedef void (*ToolSamplesFunc) (
    const float *samples, gsize n_samples, GstClockTime time, gpointer data);

/* Decodes the file's audio at @rate_hz; what can be read of a damaged file is decoded. Returns: %FALSE
 * with @error set */
gboolean tool_decode (
    const char *path, guint rate_hz, ToolSamplesFunc take, gpointer data, GError **error);

/* The same of a part of the audio; samples just before and behind may come, too. */
gboolean tool_decode_span (const char *uri, guint rate_hz, const ToolSpan *span,
    ToolSamplesFunc take, gpointer data, GError **error);

/* Pushes the file's audio at @rate_hz; what can be read of a damaged file is pushed. Returns: %FALSE
 * with @error set */
gboolean tool_feed (HearkenRecognizer *recognizer, const char *path, guint rate_hz, GError **error);

G_END_DECLS
