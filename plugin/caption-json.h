/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* How Hearken writes what was said as JSON, wherever it does. */
#pragma once

#include <gst/gst.h>

/* @text: UTF-8; appended as a string, in quotes. */
void caption_json_append_string (GString *out, const char *text);

/* How exactly numbers are written. */
typedef enum {
  CAPTION_JSON_ROUNDED, /* to three digits: for people, and good enough for programs */
  CAPTION_JSON_EXACT    /* so that reading them gives the same again */
} CaptionJsonNumbers;

void caption_json_append_number (GString *out, double value, CaptionJsonNumbers numbers);

/* Appends what words and utterances have in common: "start": …, "end": …, "text": …,
 * "confidence": …. Times are in seconds. */
void caption_json_append_span (GString *out, GstClockTime start, GstClockTime end, const char *text,
    double confidence, CaptionJsonNumbers numbers);
