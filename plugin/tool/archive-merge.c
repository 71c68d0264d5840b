/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken archive merge: one transcript of all shards, in the order of the work list. */

#include <gio/gio.h>

#include "archive.h"
#include "command.h"
#include "output.h"
#include "record-reader.h"
#include "terminal.h"

#define MAX_NAMED 20 /* of what is wrong */

typedef struct {
  const ToolFormat *format;
  GPtrArray *list;    /* (element-type ToolWork) */
  GPtrArray *inputs;  /* (element-type ToolInput): its recordings, which it owns */
  GPtrArray *outputs; /* (element-type filename) (nullable): their paths; %NULL: standard output */
  ToolRecordReader *reader;
  ToolWriter writer; /* for standard output */
  guint n_failed;
} Merge;

static char *format_name;
static char *output_dir;
static gboolean quiet;

static const GOptionEntry entries[] = {
  { "format", 'f', 0, G_OPTION_ARG_STRING, &format_name,
      "text (the default), json, jsonl, srt, vtt or ctm", "FORMAT" },
  { "output-dir", 'o', 0, G_OPTION_ARG_FILENAME, &output_dir,
      "Write a file for each recording there, not to standard output", "DIR" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No summary", NULL },
  { NULL },
};

static const char description[] =
    "Writes what hearken transcribe would have written of all recordings. If a record is missing "
    "or\n"
    "double, it says so and writes nothing; recordings that failed are named.\n"
    "\n"
    "  hearken archive merge --format srt --output-dir subtitles texts";

/* What may be wrong */

/* @work: in the list, where the parts of a recording are one after the other */
typedef gboolean (*WorkFunc) (ToolWork *const *work);

static gboolean
is_missing (ToolWork *const *work)
{
  return work[0]->state == TOOL_WORK_MISSING;
}

static gboolean
is_double (ToolWork *const *work)
{
  return work[0]->is_double;
}

static gboolean
is_otherwise (ToolWork *const *work)
{
  return work[0]->is_otherwise;
}

/* A part of a recording that is not the one whose first part was heard. */
static gboolean
is_of_another (ToolWork *const *work)
{
  const ToolWork *part = work[0], *first = *(work - part->part.index);

  return part->state == TOOL_WORK_DONE && first->state == TOOL_WORK_DONE &&
         (part->size != first->size || part->mtime != first->mtime);
}

/* Complains of the work that is wrong in this way. Returns: how much there is */
static guint
complain_of (const Merge *self, WorkFunc is_wrong, const char *problem)
{
  guint n_wrong = 0;

  for (guint i = 0; i < self->list->len; i++) {
    ToolWork *const *work = (ToolWork *const *) self->list->pdata + i;
    g_autofree char *label = NULL;

    if (!is_wrong (work) || ++n_wrong > MAX_NAMED)
      continue;
    label = tool_work_get_label (work[0]);
    tool_complain ("%s: %s (shard %" TOOL_SHARE_FORMAT ")", label, problem, work[0]->shard.index,
        work[0]->shard.count);
  }
  if (n_wrong > MAX_NAMED)
    tool_complain ("… and %u more: %s", n_wrong - MAX_NAMED, problem);
  return n_wrong;
}

static gboolean
is_whole (const Merge *self, guint n_strangers)
{
  if (n_strangers > 0)
    tool_complain ("%u records are of recordings that are not on the work list", n_strangers);
  return complain_of (self, is_missing, "has no record") +
             complain_of (self, is_double, "has two records") +
             complain_of (
                 self, is_of_another, "the recording has changed since another part was heard") +
             n_strangers ==
         0;
}

/* Returns: whether each recording has its parts, one after the other */
static gboolean
has_all_parts (const GPtrArray *list)
{
  guint n_open = 0, next = 0;

  for (guint i = 0; i < list->len; i++) {
    ToolShare part = ((const ToolWork *) g_ptr_array_index (list, i))->part;

    if (part.index != next || (next > 0 && part.count != n_open))
      return FALSE;
    n_open = part.count;
    next = (part.index + 1) % part.count;
  }
  return next == 0;
}

/* Recordings */

static void
move_utterances (GPtrArray *from, GPtrArray *to)
{
  g_ptr_array_set_free_func (from, NULL);
  g_ptr_array_extend (to, from, NULL, NULL);
  g_ptr_array_set_size (from, 0);
}

/* Reads the records of a recording's parts.
 *
 * @works: [works[0]->part.count]
 * @utterances: what could be heard is added
 * @failure: out: (nullable): why one of them failed
 *
 * Returns: %FALSE with @error set */
static gboolean
read_recording (
    Merge *self, ToolWork *const *works, GPtrArray *utterances, char **failure, GError **error)
{
  for (guint i = 0; i < works[0]->part.count; i++) {
    g_auto (ToolRecord) record = { 0 };
    g_autofree char *label = tool_work_get_label (works[i]);

    if (!tool_record_reader_read (self->reader, works[i], &record, error))
      return FALSE;
    if (record.error)
      tool_complain ("%s: %s", label, record.error);
    if (!*failure)
      *failure = g_steal_pointer (&record.error);
    move_utterances (record.utterances, utterances);
  }
  return TRUE;
}

/* As hearken transcribe, which prints also what it could hear in a recording that then failed. */
static gboolean
print (Merge *self, const ToolInput *input, const GPtrArray *utterances, const char *failure,
    GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  tool_writer_begin (&self->writer, input->label, text);
  for (guint i = 0; i < utterances->len; i++)
    tool_writer_add (&self->writer, g_ptr_array_index (utterances, i), text);
  self->writer.error = failure;
  tool_writer_end (&self->writer, text);
  return tool_print (text->str, error);
}

/* @index: of the recording. Returns: %FALSE with @error set */
static gboolean
merge_recording (Merge *self, guint index, ToolWork *const *works, GError **error)
{
  g_autoptr (GPtrArray) utterances =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_utterance_free);
  const ToolInput *input = works[0]->input;
  g_autofree char *failure = NULL;

  if (!read_recording (self, works, utterances, &failure, error))
    return FALSE;
  self->n_failed += failure != NULL;
  if (!self->outputs)
    return print (self, input, utterances, failure, error);
  return failure || tool_output_write_transcript (g_ptr_array_index (self->outputs, index),
                        self->format, input->label, utterances, error);
}

static gboolean
merge_all (Merge *self, GError **error)
{
  ToolWork *const *works = (ToolWork *const *) self->list->pdata;
  g_autoptr (GString) end = g_string_new (NULL);

  for (guint i = 0; i < self->inputs->len; i++) {
    if (!merge_recording (self, i, works, error))
      return FALSE;
    works += works[0]->part.count;
  }
  tool_writer_close (&self->writer, end);
  return self->outputs || end->len == 0 || tool_print (end->str, error);
}

/* The command */

static void
collect_inputs (Merge *self)
{
  self->inputs = g_ptr_array_new ();
  for (guint i = 0; i < self->list->len; i++) {
    const ToolWork *work = g_ptr_array_index (self->list, i);

    if (work->part.index == 0)
      g_ptr_array_add (self->inputs, work->input);
  }
}

/* Returns: an exit status */
static int
prepare (Merge *self, const char *dir, GError **error)
{
  guint n_strangers;

  self->list = tool_archive_read (dir, &n_strangers, error);
  if (!self->list)
    return TOOL_FAILED;
  if (!has_all_parts (self->list)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
        "the work list of %s does not have the parts of its recordings one after the other", dir);
    return TOOL_FAILED;
  }
  if (!is_whole (self, n_strangers))
    return TOOL_FAILED;
  complain_of (
      self, is_otherwise, "was recognised with another model or other options than the first");
  collect_inputs (self);
  self->writer = (ToolWriter){ .format = self->format, .is_list = self->inputs->len > 1 };
  if (!output_dir && self->format->is_one_file && self->inputs->len > 1)
    return tool_misused (
        "--format %s needs --output-dir for several recordings", self->format->name);
  if (output_dir)
    self->outputs = tool_output_paths_new (output_dir, self->inputs, self->format, error);
  return *error ? TOOL_FAILED : TOOL_OK;
}

/* Returns: an exit status */
static int
merge (Merge *self, const char *dir)
{
  g_autoptr (GError) error = NULL;
  int status = prepare (self, dir, &error);

  if (status == TOOL_OK) {
    self->reader = tool_record_reader_new (dir);
    status = merge_all (self, &error) && self->n_failed == 0 ? TOOL_OK : TOOL_FAILED;
  }
  if (error)
    tool_complain ("%s", error->message);
  else if (self->reader && !quiet)
    tool_complain ("%u recordings: %u merged, %u failed", self->inputs->len,
        self->inputs->len - self->n_failed, self->n_failed);
  return status;
}

static void
clear (Merge *self)
{
  g_clear_pointer (&self->reader, tool_record_reader_free);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->list, g_ptr_array_unref);
}

int
tool_archive_merge (int argc, char **argv)
{
  Merge self = { 0 };
  int status;

  if (!tool_parse_options (&argc, &argv, entries, NULL, "DIR", description))
    return TOOL_USAGE;
  if (argc != 2)
    return tool_misused ("which archive?");
  self.format = tool_format_find (format_name ? format_name : "text");
  if (!self.format)
    return tool_misused ("there is no format \"%s\"", format_name);
  status = merge (&self, argv[1]);
  clear (&self);
  return status;
}
