/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Recognises many recordings, several at a time. The model is loaded once; every recording is
 * heard from the network's zero state.
 */
#pragma once

#include <glib.h>

#include "pipeline.h"
#include "recognition.h"
#include "transcript.h"

G_BEGIN_DECLS

typedef struct ToolBatch ToolBatch;

/* What happens to recording @index; in no order between recordings. */
typedef struct {
  /* @utterance: (transfer full) */
  void (*heard) (guint index, ToolUtterance *utterance, gpointer data);
  void (*warned) (guint index, const GError *warning, gpointer data);
  /* @error: (nullable): %G_IO_ERROR_CANCELLED where it was cut short
   * @seconds: of audio that was recognised */
  void (*ended) (guint index, const GError *error, double seconds, gpointer data);
  /* Returns: (transfer none): what the bar calls it */
  const char *(*get_label) (guint index, gpointer data);
} ToolBatchCallbacks;

/* @uris: (array zero-terminated=1): must outlive the batch, as must the rest
 * @callbacks: all called by tool_batch_run() */
ToolBatch *tool_batch_new (const char *const *uris, const ToolRecognition *recognition,
    const ToolBatchCallbacks *callbacks, gpointer data);
void tool_batch_free (ToolBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolBatch, tool_batch_free)

/* @spans: (element-type ToolSpan): for each recording the part that is recognised, %NULL for all of it */
void tool_batch_set_spans (ToolBatch *batch, const ToolSpan *const *spans);

/* Recognises all, @n_jobs at a time, 0 for as many as there are processors. @shows_bar: on standard error, if
 * that is a terminal. On SIGINT and SIGTERM it stops, as with tool_batch_stop(); the
 * second one has the usual effect. Returns: %FALSE if it was interrupted */
gboolean tool_batch_run (ToolBatch *batch, guint n_jobs, gboolean shows_bar);
/* Begins no other recording and ends the present ones where they are; their last words are heard. */
void tool_batch_stop (ToolBatch *batch);

G_END_DECLS
