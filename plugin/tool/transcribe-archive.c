/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "transcribe-archive.h"

#include <sys/stat.h>

#include <gio/gio.h>

#include "batch.h"
#include "command.h"
#include "cut.h"
#include "ledger.h"
#include "shard-file.h"
#include "terminal.h"
#include "work-list-make.h"

/* What is heard of a piece of work. */
typedef struct {
  const ToolWork *work;
  ToolRecord record;
  ToolSpan span; /* where the work is a part of a recording */
} Piece;

typedef struct {
  const ToolShardOptions *options;
  ToolShare shard;
  GPtrArray *list; /* (element-type ToolWork): the shard's */
  ToolShardFile *file;
  ToolRecognition recognition;
  char *by; /* that, in words */

  GPtrArray *pieces; /* (element-type Piece): what is to be done */
  ToolBatch *batch;
  guint n_there; /* pieces that were done before */
  guint n_done;
  guint n_failed;
  gboolean is_broken; /* the file */
} Shard;

static void
piece_free (Piece *piece)
{
  tool_record_clear (&piece->record);
  g_free (piece);
}

static Piece *
get_piece (Shard *self, guint index)
{
  return g_ptr_array_index (self->pieces, index);
}

/* Records */

/* What tells the file from others, now; nothing where it is not there, or a pipe. */
static void
identify (const ToolInput *input, gint64 *size, gint64 *mtime)
{
  struct stat status;

  *size = -1;
  *mtime = 0;
  if (stat (input->path, &status) != 0 || !S_ISREG (status.st_mode))
    return;
  *size = status.st_size;
  *mtime = status.st_mtime;
}

static Piece *
piece_new (const ToolWork *work, gint64 size, gint64 mtime)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->work = work;
  piece->record.file = g_strdup (work->input->label);
  piece->record.size = size;
  piece->record.mtime = mtime;
  piece->record.part = work->part;
  piece->record.utterances = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_utterance_free);
  return piece;
}

/* Whether the file is another than when the task began; what is gone since, is none. */
static gboolean
has_changed (const Piece *piece)
{
  gint64 size, mtime;

  identify (piece->work->input, &size, &mtime);
  return size >= 0 && (size != piece->record.size || mtime != piece->record.mtime);
}

/* Chooses what is to be done. */
static void
find_pieces (Shard *self)
{
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) piece_free);
  for (guint i = 0; i < self->list->len; i++) {
    const ToolWork *work = g_ptr_array_index (self->list, i);
    gint64 size, mtime;

    identify (work->input, &size, &mtime);
    /* What was done and is gone since, stays done. */
    if (work->state != TOOL_WORK_DONE ||
        (size >= 0 && (work->size != size || work->mtime != mtime)))
      g_ptr_array_add (self->pieces, piece_new (work, size, mtime));
    else
      self->n_there++;
  }
}

/* Without the file there is no point in going on. */
static void
stop (Shard *self, const GError *error)
{
  if (!self->is_broken)
    tool_complain ("%s", error->message);
  self->is_broken = TRUE;
  if (self->batch)
    tool_batch_stop (self->batch);
}

/* Notes how a piece went. */
static void
finish_piece (Shard *self, Piece *piece, const GError *error)
{
  g_autofree char *label = tool_work_get_label (piece->work);
  g_autoptr (GError) write_error = NULL;

  if (error) {
    tool_complain ("%s: %s", label, error->message);
    piece->record.error = g_strdup (error->message);
  }
  piece->record.by = g_strdup (self->by);
  if (!tool_shard_file_append (self->file, &piece->record, &write_error))
    stop (self, write_error);
  else if (error)
    self->n_failed++;
  else
    self->n_done++;
  g_ptr_array_set_size (piece->record.utterances, 0);
}

/* Finds the places where recordings are cut; a piece that has none is over. */
static void
cut_pieces (Shard *self)
{
  for (guint i = self->pieces->len; i-- > 0;) {
    Piece *piece = get_piece (self, i);
    g_autoptr (GError) error = NULL;

    if (piece->work->part.count == 1 ||
        tool_cut_find (piece->work, &piece->span.start, &piece->span.stop, &error))
      continue;
    finish_piece (self, piece, error);
    g_ptr_array_remove_index (self->pieces, i);
  }
}

/* Recognition */

static void
piece_heard (guint index, ToolUtterance *utterance, gpointer data)
{
  Shard *self = data;

  if (self->options->cleans_up)
    tool_utterance_clean_up (utterance);
  g_ptr_array_add (get_piece (self, index)->record.utterances, utterance);
}

static void
piece_warned (guint index, const GError *warning, gpointer data)
{
  tool_complain ("%s: %s", get_piece (data, index)->work->input->label, warning->message);
}

static void
piece_ended (guint index, const GError *error, double seconds, gpointer data)
{
  Shard *self = data;
  Piece *piece = get_piece (self, index);
  g_autoptr (GError) change = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* What was heard may be half of each. */
  if (!error && has_changed (piece))
    error = change =
        g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "it has changed since the task began");
  piece->record.seconds = seconds;
  finish_piece (self, piece, error);
}

static const char *
get_label (guint index, gpointer data)
{
  return get_piece (data, index)->work->input->label;
}

/* Returns: %FALSE if it was interrupted */
static gboolean
run_batch (Shard *self)
{
  static const ToolBatchCallbacks callbacks = { piece_heard, piece_warned, piece_ended, get_label };
  guint n_pieces = self->pieces->len;
  g_autofree const char **uris = g_new0 (const char *, n_pieces + 1);
  g_autofree const ToolSpan **spans = g_new0 (const ToolSpan *, n_pieces);
  gboolean is_complete;

  for (guint i = 0; i < n_pieces; i++) {
    Piece *piece = get_piece (self, i);

    uris[i] = piece->work->input->uri;
    spans[i] = piece->work->part.count > 1 ? &piece->span : NULL;
  }
  self->batch = tool_batch_new (uris, &self->recognition, &callbacks, self);
  tool_batch_set_spans (self->batch, spans);
  is_complete = tool_batch_run (self->batch, self->options->n_jobs, !self->options->is_quiet);
  g_clear_pointer (&self->batch, tool_batch_free);
  return is_complete;
}

/* The shard */

static void
say_summary (Shard *self, gboolean was_interrupted)
{
  g_autofree char *what = g_strdup_printf ("shard %" TOOL_SHARE_FORMAT " of %s", self->shard.index,
      self->shard.count, self->options->dir);

  if (!self->options->is_quiet)
    tool_say_transcribed (what, self->n_done, self->n_there, self->n_failed, was_interrupted);
}

/* Returns: an exit status */
static int
transcribe (Shard *self)
{
  int status = tool_recognition_load (&self->recognition);

  if (status != TOOL_OK)
    return status;
  self->by = tool_recognition_describe (&self->recognition);
  cut_pieces (self);
  if (!self->is_broken && !run_batch (self))
    return TOOL_INTERRUPTED;
  return self->is_broken ? TOOL_FAILED : TOOL_OK;
}

/* Reads the list and what is done of it. Returns: %FALSE with @error set */
static gboolean
take_over (Shard *self, GError **error)
{
  const char *dir = self->options->dir;
  g_autofree char *path = tool_shard_file_get_path (dir, self->shard);
  g_autoptr (ToolLedger) ledger = NULL;

  self->list = tool_work_list_read (dir, &self->shard, error);
  if (!self->list)
    return FALSE;
  ledger = tool_ledger_new (self->list);
  self->file = tool_shard_file_open (path, tool_ledger_add, ledger, error);
  return self->file != NULL;
}

/* Returns: %FALSE with @error set */
static gboolean
begin (Shard *self, GPtrArray *inputs, GError **error)
{
  const ToolShardOptions *options = self->options;
  const ToolWorkOptions work_options = { self->shard.count, options->split_seconds,
    !options->is_quiet && tool_progress_is_wanted () };

  return tool_work_list_make (options->dir, inputs, &work_options, error) &&
         take_over (self, error);
}

static void
clear (Shard *self)
{
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  tool_recognition_clear (&self->recognition);
  g_free (self->by);
}

/* Returns: an exit status */
static int
run (Shard *self)
{
  g_autoptr (GError) error = NULL;
  int status = TOOL_OK;

  find_pieces (self);
  if (self->pieces->len > 0)
    status = transcribe (self);
  if (!tool_shard_file_close (self->file, &error)) {
    stop (self, error);
    status = TOOL_FAILED;
  }
  if (status != TOOL_USAGE)
    say_summary (self, status == TOOL_INTERRUPTED);
  return status;
}

/* Returns: an exit status */
static int
get_shard (const ToolShardOptions *options, ToolShare *shard)
{
  g_autoptr (GError) error = NULL;

  if (options->shard && !tool_share_parse (options->shard, shard))
    return tool_misused ("--shard is I/N, from 0/N to N-1/N, not %s", options->shard);
  if (options->shard || tool_share_from_environment (shard, &error))
    return TOOL_OK;
  tool_complain ("%s", error->message);
  return TOOL_USAGE;
}

int
tool_transcribe_shard (GPtrArray *inputs, const ToolShardOptions *options)
{
  Shard self = { .options = options, .recognition = { options->n_best, options->cleans_up } };
  g_autoptr (GError) error = NULL;
  int status = get_shard (options, &self.shard);

  if (status == TOOL_OK && !begin (&self, inputs, &error)) {
    tool_complain ("%s", error->message);
    status = TOOL_FAILED;
  }
  if (status == TOOL_OK)
    status = run (&self);
  clear (&self);
  return status;
}
