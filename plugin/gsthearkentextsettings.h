/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The properties of `hearkentext`: what they are called, which values they take, where they are
 * kept. */
#pragma once

#include <gst/gst.h>

/* What one buffer of text is. */
typedef enum {
  GST_HEARKEN_GRANULARITY_WORD,
  GST_HEARKEN_GRANULARITY_LINE,
  GST_HEARKEN_GRANULARITY_UTTERANCE,
} GstHearkenGranularity;

#define GST_TYPE_HEARKEN_GRANULARITY (gst_hearken_granularity_get_type ())
GType gst_hearken_granularity_get_type (void);

typedef struct {
  GstHearkenGranularity granularity;
  guint line_length;
  guint max_lines;
  gboolean partial_results;
  double mark_confidence;
  char *mark_color;
  gboolean newline;
  gboolean clean_up;
  char *language_code; /* nullable */
  guint latency_ms;
  guint lateness_ms;
} GstHearkenTextSettings;

/* Installs the properties on a class that has @n_before of its own; their identifiers follow on
 * those. Where it has none, they are the identifiers of the functions below. One that the class has
 * already, `clean-up`, stays as it is. */
void gst_hearken_text_settings_install (GObjectClass *klass, guint n_before);

/* @settings: zeroed memory, gets the defaults of the properties. */
void gst_hearken_text_settings_init (GstHearkenTextSettings *settings, GObjectClass *klass);
void gst_hearken_text_settings_clear (GstHearkenTextSettings *settings);
/* @to: zeroed memory, gets strings of its own */
void gst_hearken_text_settings_copy (
    const GstHearkenTextSettings *from, GstHearkenTextSettings *to);

/* Each returns %FALSE if there is no property @id. */
gboolean gst_hearken_text_settings_set (
    GstHearkenTextSettings *settings, guint id, const GValue *value);
gboolean gst_hearken_text_settings_get (
    const GstHearkenTextSettings *settings, guint id, GValue *value);
