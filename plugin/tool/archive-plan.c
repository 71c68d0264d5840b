/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken archive plan: how long it will take, and how to share it. */

#include <time.h>

#include <gio/gio.h>

#include "archive.h"
#include "batch.h"
#include "command.h"
#include "recognition.h"
#include "setup.h"
#include "terminal.h"
#include "work-list-make.h"

#define SAMPLE_PIECES 16
#define SAMPLE_SECONDS 60 /* of one piece, at most */
#define TASK_HOURS                                                                                 \
  1 /* of processor time: long next to the start, short next to what is lost with it */

static char *archive;
static char *list_path;
static int n_shards;
static double split_seconds;
static gboolean quiet;
static char **arguments;

static const GOptionEntry entries[] = {
  { "archive", 'a', 0, G_OPTION_ARG_FILENAME, &archive,
      "Write the work list there, for hearken transcribe --archive DIR", "DIR" },
  { "list", 0, 0, G_OPTION_ARG_FILENAME, &list_path,
      "A file of lines: the path of a recording, a tab and, if they are known, seconds", "FILE" },
  { "shards", 'n', 0, G_OPTION_ARG_INT, &n_shards, "How many; by default, as many as suggested",
      "N" },
  { "split-seconds", 0, 0, G_OPTION_ARG_DOUBLE, &split_seconds,
      "Cut recordings that are longer at silences (at least 10)", "S" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No progress bar", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL },
  { NULL },
};

static const char description[] =
    "Finds out how long the recordings are and, by recognising a sample of them here, how long it "
    "will\n"
    "take, and suggests how many shards to make: of about an hour of processor time each.\n"
    "\n"
    "  hearken archive plan --archive texts --split-seconds 1800 recordings/";

typedef struct {
  guint n_pieces;
  double seconds;
  double cpu_seconds;
} Sample;

/* The sample */

static void
sample_heard (guint index, ToolUtterance *utterance, gpointer data)
{
  tool_utterance_free (utterance);
}

static void
sample_warned (guint index, const GError *warning, gpointer data)
{
}

static void
sample_ended (guint index, const GError *error, double seconds, gpointer data)
{
  Sample *sample = data;

  sample->n_pieces += error == NULL;
  sample->seconds += seconds;
}

static const char *
get_label (guint index, gpointer data)
{
  return "";
}

/* The middle of what is long. Returns: (transfer full) (nullable): %NULL: all of it */
static ToolSpan *
make_span (const ToolInput *input)
{
  GstClockTime start = MAX (0, input->seconds - SAMPLE_SECONDS) / 2 * GST_SECOND;
  ToolSpan *span;

  if (input->is_unseekable || start == 0)
    return NULL;
  span = g_new (ToolSpan, 1);
  *span = (ToolSpan){ start, start + SAMPLE_SECONDS * GST_SECOND };
  return span;
}

/* Recognises some of the recordings, from all over the list.
 *
 * Returns: %FALSE if it was interrupted */
static gboolean
take_sample (const ToolRecognition *recognition, const GPtrArray *list, Sample *sample)
{
  static const ToolBatchCallbacks callbacks = { sample_heard, sample_warned, sample_ended,
    get_label };
  guint n_pieces = MIN (SAMPLE_PIECES, list->len);
  const char *uris[SAMPLE_PIECES + 1] = { NULL };
  g_autoptr (GPtrArray) spans = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ToolBatch) batch = NULL;
  clock_t start;
  gboolean is_complete;

  for (guint i = 0; i < n_pieces; i++) {
    const ToolWork *work = g_ptr_array_index (list, (guint64) i * list->len / n_pieces);

    uris[i] = work->input->uri;
    g_ptr_array_add (spans, make_span (work->input));
  }
  batch = tool_batch_new (uris, recognition, &callbacks, sample);
  tool_batch_set_spans (batch, (const ToolSpan *const *) spans->pdata);
  start = clock ();
  is_complete = tool_batch_run (batch, 1, !quiet);
  sample->cpu_seconds = (double) (clock () - start) / CLOCKS_PER_SEC;
  return is_complete;
}

/* Returns: an exit status */
static int
measure_speed (const GPtrArray *list, Sample *sample)
{
  ToolRecognition recognition = { 0 };
  int status = tool_recognition_load (&recognition);

  if (status == TOOL_OK && !take_sample (&recognition, list, sample))
    status = TOOL_INTERRUPTED;
  tool_recognition_clear (&recognition);
  if (status == TOOL_OK && sample->seconds <= 0) {
    tool_complain ("nothing of the sample could be recognised");
    status = TOOL_FAILED;
  }
  return status;
}

/* The plan */

typedef struct {
  guint n_recordings;
  guint n_unknown; /* recordings whose length is not known */
  double hours;
  double cpu_hours;
} Totals;

static Totals
add_up (const GPtrArray *list, const Sample *sample)
{
  Totals totals = { 0 };

  for (guint i = 0; i < list->len; i++) {
    const ToolWork *work = g_ptr_array_index (list, i);

    totals.hours += tool_work_get_seconds (work) / 3600;
    totals.n_recordings += work->part.index == 0;
    totals.n_unknown += work->input->seconds <= 0;
  }
  totals.cpu_hours = totals.hours * sample->cpu_seconds / sample->seconds;
  return totals;
}

/* Returns: the audio of the shard that has the most, in hours */
static double
get_longest_shard (const GPtrArray *list)
{
  g_autofree double *hours = g_new0 (double, n_shards); /* [n_shards] */
  double longest = 0;

  for (guint i = 0; i < list->len; i++) {
    const ToolWork *work = g_ptr_array_index (list, i);

    hours[work->shard.index] += tool_work_get_seconds (work) / 3600;
    longest = MAX (longest, hours[work->shard.index]);
  }
  return longest;
}

static void
append_plan (GString *out, const GPtrArray *list, const Totals *totals, const Sample *sample)
{
  double longest = get_longest_shard (list);

  g_string_append_printf (out, "recordings      %u", totals->n_recordings);
  if (totals->n_unknown > 0)
    g_string_append_printf (
        out, ", of which %u cannot be read or are of unknown length", totals->n_unknown);
  g_string_append_printf (out, "\naudio           %.2f h\n", totals->hours);
  if (list->len > totals->n_recordings)
    g_string_append_printf (out, "pieces          %u\n", list->len);
  g_string_append_printf (out,
      "sample          %u pieces, %.1f s: %.4f s of processor time per second\n"
      "processor time  %.2f h\n"
      "shards          %d, the longest of %.2f h of audio and %.2f h of processor time\n",
      sample->n_pieces, sample->seconds, sample->cpu_seconds / sample->seconds, totals->cpu_hours,
      n_shards, longest, longest * sample->cpu_seconds / sample->seconds);
}

static guint
suggest_shards (const GPtrArray *list, const Totals *totals)
{
  return CLAMP (totals->cpu_hours / TASK_HOURS + 1, 1, MIN (list->len, TOOL_MAX_SHARES));
}

/* Returns: %FALSE with @error set */
static gboolean
report (GPtrArray *list, const Sample *sample, GError **error)
{
  Totals totals = add_up (list, sample);
  g_autoptr (GString) out = g_string_new (NULL);

  if (n_shards == 0)
    n_shards = suggest_shards (list, &totals);
  tool_work_list_deal (list, n_shards);
  append_plan (out, list, &totals, sample);
  return (!archive || tool_work_list_publish (archive, list, error)) &&
         tool_print (out->str, error);
}

/* Returns: (transfer full) (element-type ToolWork) (nullable): %NULL with @error set */
static GPtrArray *
find_work (GError **error)
{
  g_autoptr (GPtrArray) inputs =
      list_path ? tool_inputs_read_list (list_path, error) : tool_inputs_new (arguments, error);

  if (!inputs)
    return NULL;
  return tool_work_list_measure (
      inputs, split_seconds, !quiet && tool_progress_is_wanted (), error);
}

/* Returns: an exit status */
static int
plan (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = find_work (&error);
  Sample sample = { 0 };
  int status = TOOL_FAILED;

  if (list)
    status = measure_speed (list, &sample);
  if (status == TOOL_OK && !report (list, &sample, &error))
    status = TOOL_FAILED;
  if (error)
    tool_complain ("%s", error->message);
  return status;
}

int
tool_archive_plan (int argc, char **argv)
{
  if (!tool_parse_options (
          &argc, &argv, entries, tool_recognition_entries, "FILE|DIR …", description))
    return TOOL_USAGE;
  if (!arguments == !list_path)
    return tool_misused ("either recordings or --list");
  if (n_shards < 0 || n_shards > TOOL_MAX_SHARES)
    return tool_misused ("--shards cannot be negative or more than %d", TOOL_MAX_SHARES);
  if (split_seconds != 0 && !(split_seconds >= TOOL_MIN_SPLIT_SECONDS))
    return tool_misused ("--split-seconds is at least %d", TOOL_MIN_SPLIT_SECONDS);
  return tool_setup_gstreamer () ? plan () : TOOL_FAILED;
}
