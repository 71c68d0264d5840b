/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "batch.h"

#include <gio/gio.h>
#include <glib-unix.h>

#include "terminal.h"

#define PROGRESS_INTERVAL_MS 200
/* Longer ones save little more, and what is said into a pipe or comes by network need not wait. */
#define CHUNK_MS 240

/* One recording that is being heard. */
typedef struct {
  ToolBatch *batch;
  guint index;
  ToolPipeline *pipeline;
  ToolUtterance *open; /* nullable */
} Job;

struct ToolBatch {
  const char *const *uris;
  const ToolSpan *const *spans; /* nullable */
  const ToolRecognition *recognition;
  const ToolBatchCallbacks *callbacks;
  gpointer data;

  GMainLoop *loop;
  GPtrArray *jobs; /* (element-type Job): the present ones */
  guint next;      /* recording to be begun */
  guint n_ended;
  guint last; /* recording that ended last */
  gboolean is_stopping;
  gboolean is_interrupted;
};

static void job_start_next (ToolBatch *batch);

static void
job_free (Job *job)
{
  tool_pipeline_free (job->pipeline);
  g_clear_pointer (&job->open, tool_utterance_free);
  g_free (job);
}

static void
job_heard (const HearkenToken *token, gpointer data)
{
  Job *job = data;
  ToolUtterance *utterance = tool_utterance_collect (&job->open, token);

  if (utterance)
    job->batch->callbacks->heard (job->index, utterance, job->batch->data);
}

static void
job_warned (const GError *warning, gpointer data)
{
  Job *job = data;

  job->batch->callbacks->warned (job->index, warning, job->batch->data);
}

static void
job_ended (const GError *error, gpointer data)
{
  Job *job = data;
  ToolBatch *batch = job->batch;
  guint rate_hz = tool_recognition_get_rate_hz (batch->recognition);
  double seconds = tool_pipeline_get_seconds (job->pipeline, rate_hz);
  g_autoptr (GError) cancelled = NULL;

  if (!error && batch->is_stopping)
    error = cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
  batch->n_ended++;
  batch->last = job->index;
  batch->callbacks->ended (job->index, error, seconds, batch->data);
  g_ptr_array_remove (batch->jobs, job);
  job_start_next (batch);
}

static void
job_start_next (ToolBatch *batch)
{
  static const ToolPipelineCallbacks callbacks = { job_heard, job_warned, job_ended };
  Job *job;

  if (batch->is_stopping || !batch->uris[batch->next]) {
    if (batch->jobs->len == 0)
      g_main_loop_quit (batch->loop);
    return;
  }
  job = g_new0 (Job, 1);
  job->batch = batch;
  job->index = batch->next++;
  job->pipeline = tool_pipeline_new (tool_source_from_uri (batch->uris[job->index]),
      tool_recognition_make_listener (batch->recognition, CHUNK_MS), &callbacks, job);
  g_ptr_array_add (batch->jobs, job);
  tool_pipeline_start (job->pipeline, batch->spans ? batch->spans[job->index] : NULL);
}

ToolBatch *
tool_batch_new (const char *const *uris, const ToolRecognition *recognition,
    const ToolBatchCallbacks *callbacks, gpointer data)
{
  ToolBatch *batch = g_new0 (ToolBatch, 1);

  batch->uris = uris;
  batch->recognition = recognition;
  batch->callbacks = callbacks;
  batch->data = data;
  batch->loop = g_main_loop_new (NULL, FALSE);
  batch->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
  return batch;
}

void
tool_batch_set_spans (ToolBatch *batch, const ToolSpan *const *spans)
{
  batch->spans = spans;
}

void
tool_batch_free (ToolBatch *batch)
{
  g_ptr_array_unref (batch->jobs);
  g_main_loop_unref (batch->loop);
  g_free (batch);
}

void
tool_batch_stop (ToolBatch *batch)
{
  batch->is_stopping = TRUE;
  /* Backwards, as one that has not begun is gone after this. */
  for (guint i = batch->jobs->len; i-- > 0;) {
    Job *job = g_ptr_array_index (batch->jobs, i);

    tool_pipeline_finish (job->pipeline);
  }
}

static gboolean
interrupt (gpointer data)
{
  ToolBatch *batch = data;

  if (batch->is_interrupted) {
    signal (SIGINT, SIG_DFL);
    raise (SIGINT);
  }
  batch->is_interrupted = TRUE;
  tool_batch_stop (batch);
  return G_SOURCE_CONTINUE;
}

/* How many recordings are done; parts count. */
static double
get_progress (const ToolBatch *batch)
{
  double done = batch->n_ended;

  for (guint i = 0; i < batch->jobs->len; i++) {
    Job *job = g_ptr_array_index (batch->jobs, i);

    done += tool_pipeline_get_progress (job->pipeline);
  }
  return done;
}

static gboolean
show_progress (gpointer data)
{
  const ToolBatch *batch = data;

  tool_progress_show (get_progress (batch), g_strv_length ((char **) batch->uris),
      batch->callbacks->get_label (batch->last, batch->data));
  return G_SOURCE_CONTINUE;
}

/* As many as are wanted, until the end. */
static void
run_jobs (ToolBatch *batch, guint n_jobs)
{
  for (guint i = 0; i < n_jobs; i++)
    job_start_next (batch);
  if (batch->jobs->len > 0)
    g_main_loop_run (batch->loop);
}

gboolean
tool_batch_run (ToolBatch *batch, guint n_jobs, gboolean shows_bar)
{
  guint sigint = g_unix_signal_add (SIGINT, interrupt, batch);
  guint sigterm = g_unix_signal_add (SIGTERM, interrupt, batch);
  guint bar = shows_bar && tool_progress_is_wanted ()
                  ? g_timeout_add (PROGRESS_INTERVAL_MS, show_progress, batch)
                  : 0;

  run_jobs (batch, n_jobs > 0 ? n_jobs : g_get_num_processors ());
  g_source_remove (sigint);
  g_source_remove (sigterm);
  if (bar)
    g_source_remove (bar);
  tool_progress_clear ();
  return !batch->is_interrupted;
}
