/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * One pipeline from a source to what listens to it:
 *
 *   source ! audioconvert ! audioresample ! listener ! fakesink
 *
 * It runs by itself; the callbacks come from the default main context.
 */
#pragma once

#include <gst/gst.h>

#include "hearken-token.h"

G_BEGIN_DECLS

typedef struct ToolPipeline ToolPipeline;

typedef struct {
  /* A recognized-token. */
  void (*heard) (const HearkenToken *token, gpointer data);
  /* Something is wrong, but it goes on. */
  void (*warned) (const GError *warning, gpointer data);
  /* The end, or with @error the failure; called once, at last. The pipeline may be freed here. */
  void (*ended) (const GError *error, gpointer data);
} ToolPipelineCallbacks;

/* Returns: (transfer floating): a source for any URI that GStreamer can read; "fd://0" is standard
 * input */
GstElement *tool_source_from_uri (const char *uri);

/**
 * tool_pipeline_new:
 * @source: (transfer floating): has, or will have, a source pad with raw audio
 * @listener: (transfer floating): passes audio on
 * @callbacks: must outlive the pipeline
 */
ToolPipeline *tool_pipeline_new (GstElement *source, GstElement *listener,
    const ToolPipelineCallbacks *callbacks, gpointer data);
void tool_pipeline_free (ToolPipeline *pipeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolPipeline, tool_pipeline_free)

/* A part of a recording, in ns. */
typedef struct {
  GstClockTime start;
  GstClockTime stop; /* %GST_CLOCK_TIME_NONE: its end */
} ToolSpan;

/* @span: (nullable): what is played; times stay those of the whole. %NULL: all */
void tool_pipeline_start (ToolPipeline *pipeline, const ToolSpan *span);
/* Ends the stream here; the last words are still heard, then it has ended. */
void tool_pipeline_finish (ToolPipeline *pipeline);

/* How much of it has been heard, 0 … 1; 0 where that is not known. */
double tool_pipeline_get_progress (ToolPipeline *pipeline);
/* The audio that its `hearken` has recognised, in seconds. */
double tool_pipeline_get_seconds (ToolPipeline *pipeline, guint rate_hz);

G_END_DECLS
