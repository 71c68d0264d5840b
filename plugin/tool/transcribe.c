/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken transcribe: writes down what is said. */

#include <stdio.h>
#include <unistd.h>

#include <gio/gio.h>

#include "batch.h"
#include "command.h"
#include "output.h"
#include "setup.h"
#include "terminal.h"
#include "transcribe-archive.h"
#include "work-list.h"

typedef struct {
  const ToolFormat *format;
  ToolRecognition recognition;
  GPtrArray *inputs;  /* (element-type ToolInput): to be recognised */
  GPtrArray *outputs; /* (element-type filename) (nullable): their paths; %NULL: standard output */
  guint n_skipped;

  ToolBatch *batch;
  ToolSpool *spool;       /* where there are no output files */
  GPtrArray **utterances; /* [inputs->len]: (element-type ToolUtterance), else */
  guint n_done;
  guint n_failed;
  gboolean is_broken; /* standard output */
} Transcribe;

static char *format_name;
static char *output_dir;
static char *list;
static char *archive;
static char *shard;
static double split_seconds;
static int n_best = 1;
static int n_jobs;
static gboolean clean_up;
static gboolean force;
static gboolean quiet;
static char **arguments;

static const GOptionEntry entries[] = {
  { "format", 'f', 0, G_OPTION_ARG_STRING, &format_name,
      "text (the default), json, jsonl, srt, vtt or ctm", "FORMAT" },
  { "output-dir", 'o', 0, G_OPTION_ARG_FILENAME, &output_dir,
      "Write a file for each recording there, not to standard output", "DIR" },
  { "list", 0, 0, G_OPTION_ARG_FILENAME, &list,
      "A file of lines: the path of a recording, a tab and, if they are known, seconds", "FILE" },
  { "archive", 'a', 0, G_OPTION_ARG_FILENAME, &archive,
      "Keep what is said in an archive, which several tasks can write", "DIR" },
  { "shard", 0, 0, G_OPTION_ARG_STRING, &shard,
      "The task's share of the archive, from 0/N on; by default, as Slurm or Kubernetes says",
      "I/N" },
  { "split-seconds", 0, 0, G_OPTION_ARG_DOUBLE, &split_seconds,
      "Cut recordings of an archive that are longer at silences (at least 10)", "S" },
  { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Write the files that are there already again",
      NULL },
  { "clean-up", 'c', 0, G_OPTION_ARG_NONE, &clean_up,
      "Write as people do: numbers in digits, capitals (English)", NULL },
  { "n-best", 'n', 0, G_OPTION_ARG_INT, &n_best,
      "Tell up to so many sentences that each utterance may have been (json, jsonl)", "N" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, &n_jobs,
      "Recordings to recognise at the same time; by default, one per processor", "N" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No progress bar, no summary", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL },
  { NULL },
};

static const char description[] =
    "A recording is anything that GStreamer decodes: a file, a URI, or - for standard input. A\n"
    "directory stands for all recordings in it and below. With --output-dir, recordings whose\n"
    "output is there already are skipped, so that what was interrupted can be taken up again.\n"
    "\n"
    "  hearken transcribe talk.mp3\n"
    "  hearken transcribe --format srt --output-dir . film.mkv\n"
    "  hearken transcribe --format json --output-dir texts recordings/\n"
    "\n"
    "With --archive, what is said in many recordings is kept in one file a task, to be written in "
    "any\n"
    "format by hearken archive merge. Any number of tasks, on any machines, take a shard each; "
    "the\n"
    "same line again goes on where it stopped. Without recordings, it goes by the archive's list.\n"
    "\n"
    "  hearken transcribe --archive texts --shard 0/2 recordings/\n"
    "  hearken transcribe --archive texts --shard 1/2 recordings/\n"
    "  hearken archive merge --format srt --output-dir subtitles texts";

/* What happens to the recordings */

static const ToolInput *
get_input (Transcribe *self, guint index)
{
  return g_ptr_array_index (self->inputs, index);
}

/* Without standard output there is no point in going on. */
static void
stop (Transcribe *self, const GError *error)
{
  if (!self->is_broken)
    tool_complain ("%s", error->message);
  self->is_broken = TRUE;
  tool_batch_stop (self->batch);
}

static void
recording_heard (guint index, ToolUtterance *utterance, gpointer data)
{
  Transcribe *self = data;
  g_autoptr (GError) error = NULL;

  if (clean_up)
    tool_utterance_clean_up (utterance);
  if (!self->spool)
    g_ptr_array_add (self->utterances[index], utterance);
  else if (!tool_spool_add (self->spool, index, utterance, &error))
    stop (self, error);
}

static void
recording_warned (guint index, const GError *warning, gpointer data)
{
  tool_complain ("%s: %s", get_input (data, index)->label, warning->message);
}

static void
finish_file (Transcribe *self, guint index, const GError *error)
{
  g_autoptr (GError) write_error = NULL;

  if (!error &&
      !tool_output_write_transcript (g_ptr_array_index (self->outputs, index), self->format,
          get_input (self, index)->label, self->utterances[index], &write_error)) {
    tool_complain ("%s", write_error->message);
    self->n_failed++;
  } else if (!error) {
    self->n_done++;
  }
  g_ptr_array_set_size (self->utterances[index], 0);
}

static void
recording_ended (guint index, const GError *error, double seconds, gpointer data)
{
  Transcribe *self = data;
  g_autoptr (GError) print_error = NULL;

  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    tool_complain ("%s: %s", get_input (self, index)->label, error->message);
    self->n_failed++;
  }
  if (!self->spool) {
    finish_file (self, index, error);
    return;
  }
  self->n_done += error == NULL;
  if (!tool_spool_end (self->spool, index, error, &print_error))
    stop (self, print_error);
}

static const char *
get_label (guint index, gpointer data)
{
  return get_input (data, index)->label;
}

/* The command */

/* Returns: (transfer full) (element-type ToolInput) (nullable): %NULL with @error set */
static GPtrArray *
get_inputs (GError **error)
{
  return list ? tool_inputs_read_list (list, error) : tool_inputs_new (arguments, error);
}

/* Removes the inputs whose outputs are there. */
static void
skip_done (Transcribe *self)
{
  for (guint i = self->inputs->len; i-- > 0;) {
    if (tool_output_is_done (g_ptr_array_index (self->outputs, i), get_input (self, i))) {
      g_ptr_array_remove_index (self->inputs, i);
      g_ptr_array_remove_index (self->outputs, i);
      self->n_skipped++;
    }
  }
}

/* Returns: an exit status */
static int
prepare (Transcribe *self)
{
  g_autoptr (GError) error = NULL;

  self->inputs = get_inputs (&error);
  if (!self->inputs) {
    tool_complain ("%s", error->message);
    return TOOL_FAILED;
  }
  if (!output_dir)
    return self->format->is_one_file && self->inputs->len > 1
               ? tool_misused (
                     "--format %s needs --output-dir for several recordings", self->format->name)
               : TOOL_OK;

  self->outputs = tool_output_paths_new (output_dir, self->inputs, self->format, &error);
  if (!self->outputs) {
    tool_complain ("%s", error->message);
    return TOOL_FAILED;
  }
  if (!force)
    skip_done (self);
  return TOOL_OK;
}

static void
say_summary (Transcribe *self, gboolean was_interrupted)
{
  guint n_all = self->inputs->len + self->n_skipped;
  g_autofree char *what = g_strdup_printf ("%u recording%s", n_all, n_all == 1 ? "" : "s");

  if (!quiet && (n_all != 1 || was_interrupted))
    tool_say_transcribed (what, self->n_done, self->n_skipped, self->n_failed, was_interrupted);
}

/* Returns: an exit status */
static int
transcribe (Transcribe *self)
{
  static const ToolBatchCallbacks callbacks = { recording_heard, recording_warned, recording_ended,
    get_label };
  g_autofree const char **uris = g_new0 (const char *, self->inputs->len + 1);
  g_autoptr (GError) error = NULL;
  gboolean is_complete;

  for (guint i = 0; i < self->inputs->len; i++)
    uris[i] = get_input (self, i)->uri;
  self->batch = tool_batch_new (uris, &self->recognition, &callbacks, self);
  is_complete = tool_batch_run (self->batch, n_jobs, !quiet);
  if (self->spool && !tool_spool_close (self->spool, &error))
    stop (self, error);
  say_summary (self, !is_complete);
  if (!is_complete)
    return TOOL_INTERRUPTED;
  return self->n_failed > 0 || self->is_broken ? TOOL_FAILED : TOOL_OK;
}

static void
make_room (Transcribe *self)
{
  if (!self->outputs) {
    self->spool = tool_spool_new (self->inputs, self->format);
    return;
  }
  self->utterances = g_new (GPtrArray *, self->inputs->len);
  for (guint i = 0; i < self->inputs->len; i++)
    self->utterances[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_utterance_free);
}

static void
clear (Transcribe *self)
{
  for (guint i = 0; self->utterances && i < self->inputs->len; i++)
    g_ptr_array_unref (self->utterances[i]);
  g_free (self->utterances);
  g_clear_pointer (&self->batch, tool_batch_free);
  tool_recognition_clear (&self->recognition);
  g_clear_pointer (&self->spool, tool_spool_free);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
}

/* Returns: an exit status */
static int
check_options (void)
{
  if (arguments && list)
    return tool_misused ("either recordings or --list");
  if (!arguments && !list && !archive)
    return tool_misused ("nothing to transcribe");
  if (n_jobs < 0)
    return tool_misused ("--jobs cannot be negative");
  if (n_best < 1 || n_best > 20)
    return tool_misused ("--n-best is 1 … 20, not %d", n_best);
  if (force && !archive && !output_dir)
    return tool_misused ("--force goes with --output-dir");
  if (archive && (format_name || output_dir || force))
    return tool_misused ("with --archive there is no --format, --output-dir or --force");
  if (!archive && (shard || split_seconds != 0))
    return tool_misused ("--shard and --split-seconds go with --archive");
  if (split_seconds != 0 && !(split_seconds >= TOOL_MIN_SPLIT_SECONDS))
    return tool_misused ("--split-seconds is at least %d", TOOL_MIN_SPLIT_SECONDS);
  return TOOL_OK;
}

/* Returns: an exit status */
static int
transcribe_shard (void)
{
  const ToolShardOptions options = { archive, shard, split_seconds, n_best, n_jobs, clean_up,
    quiet };
  g_autoptr (GPtrArray) inputs = NULL;
  g_autoptr (GError) error = NULL;

  if (arguments || list) {
    inputs = get_inputs (&error);
    if (!inputs) {
      tool_complain ("%s", error->message);
      return TOOL_FAILED;
    }
  }
  return tool_transcribe_shard (inputs, &options);
}

/* Returns: an exit status */
static int
transcribe_to_format (void)
{
  Transcribe self = { .format = tool_format_find (format_name ? format_name : "text") };
  int status;

  if (!self.format)
    return tool_misused ("there is no format \"%s\"", format_name);
  if (n_best > 1 && !g_str_has_prefix (self.format->name, "json"))
    return tool_misused ("--n-best goes with --format json or jsonl");
  self.recognition.n_best = n_best;
  self.recognition.cleans_up = clean_up;
  status = tool_recognition_load (&self.recognition);
  if (status == TOOL_OK)
    status = prepare (&self);
  if (status == TOOL_OK) {
    make_room (&self);
    status = transcribe (&self);
  }
  clear (&self);
  return status;
}

int
tool_transcribe (int argc, char **argv)
{
  int status;

  if (!tool_parse_options (
          &argc, &argv, entries, tool_recognition_entries, "FILE|DIR|URI|- …", description))
    return TOOL_USAGE;
  status = check_options ();
  if (status != TOOL_OK)
    return status;
  if (!tool_setup_gstreamer ())
    return TOOL_FAILED;
  return archive ? transcribe_shard () : transcribe_to_format ();
}
