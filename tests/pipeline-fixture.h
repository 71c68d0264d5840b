/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Pipelines as people write them. */
#pragma once

#include <gst/gst.h>

/* Elements beyond the core that a test needs, and NULL. Returns: whether they are there; if not,
 * skips */
gboolean have (const char *first, ...) G_GNUC_NULL_TERMINATED;

/* A 16-bit WAV file of speech, written as a pattern (element-fixture.h). Returns: (transfer full):
 * its path; remove it */
char *write_wav (const char *pattern);
/* The same by an array of microphones, of which WAV does not say where they are. */
char *write_array_wav (const char *pattern, guint n_channels);

/* @format: a pipeline as for gst-launch-1.0. Returns: (transfer full) */
GstElement *parse_launch (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* @pipeline: (transfer full) */
void close_pipeline (GstElement *pipeline);
