/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken score: recognises recordings whose words are known and counts the errors. */

#include <time.h>

#include <gio/gio.h>

#include "batch.h"
#include "command.h"
#include "manifest.h"
#include "normalize.h"
#include "output.h"
#include "score-stream.h"
#include "scores.h"
#include "setup.h"
#include "terminal.h"

#define DEFAULT_SILENCE_MS 1000

/* What was said and what was heard. */
typedef struct {
  GPtrArray *clips;    /* (element-type ToolClip) */
  GString **heard;     /* [clips->len] */
  gboolean *is_failed; /* [clips->len] */
  guint n_problems;
  double seconds; /* of audio recognised */
  double cpu_seconds;
  ToolRecognition recognition;
} Score;

static char *manifest;
static char *data_dir;
static char *reference;
static char *hypothesis;
static char *trn_dir;
static int n_jobs;
static int silence_ms = -1;
static gboolean as_stream;
static gboolean raw;
static gboolean quiet;

static const GOptionEntry entries[] = {
  { "manifest", 0, 0, G_OPTION_ARG_FILENAME, &manifest,
      "A file of lines with tabs: path, text and, if they are known, seconds and speaker; the "
      "first line has these names",
      "FILE" },
  { "data", 0, 0, G_OPTION_ARG_FILENAME, &data_dir,
      "What the paths in the manifest are relative to (default: where it is)", "DIR" },
  { "stream", 0, 0, G_OPTION_ARG_NONE, &as_stream,
      "Recognise all recordings as one unbroken stream", NULL },
  { "silence", 0, 0, G_OPTION_ARG_INT, &silence_ms,
      "With --stream: silence between the recordings, in ms (default: 1000)", "MS" },
  { "ref", 0, 0, G_OPTION_ARG_FILENAME, &reference,
      "Compare texts, without recognising anything: lines \"text (id)\" or \"id text\"", "FILE" },
  { "hyp", 0, 0, G_OPTION_ARG_FILENAME, &hypothesis, "What --ref is compared with", "FILE" },
  { "raw", 0, 0, G_OPTION_ARG_NONE, &raw, "Compare the texts as they are", NULL },
  { "write-trn", 0, 0, G_OPTION_ARG_FILENAME, &trn_dir,
      "Write ref.trn and hyp.trn there, as they were compared", "DIR" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, &n_jobs,
      "Recordings to recognise at the same time; by default, one per processor", "N" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "No progress bar", NULL },
  { NULL },
};

static const char description[] =
    "Unless --raw is given, texts are compared in " TOOL_NORMALIZATION ".\n"
    "Errors are counted as NIST's sclite counts them. The interval is what chance in the choice\n"
    "of the speakers makes of the word error rate.\n"
    "\n"
    "  hearken score --manifest test.tsv\n"
    "  hearken score --ref said.trn --hyp heard.trn";

/* Texts */

/* Returns: (transfer full): as it is compared */
static char *
prepare_text (const char *text)
{
  return raw ? g_strdup (text) : tool_normalize (text);
}

static void
problem (Score *self, const char *text)
{
  tool_complain ("%s", text);
  self->n_problems++;
}

/* Leaves recordings out in which nothing is said: what is heard there is no share of anything. */
static void
remove_silent (Score *self)
{
  for (guint i = self->clips->len; i-- > 0;) {
    const ToolClip *clip = g_ptr_array_index (self->clips, i);
    g_autofree char *text = prepare_text (clip->text);
    g_autofree char *line = g_strdup_printf ("%s: no words in its text", clip->id);

    if (*text != '\0')
      continue;
    problem (self, line);
    g_ptr_array_remove_index (self->clips, i);
  }
}

/* Takes the clips; complains of the problems. Returns: an exit status */
static int
take_clips (Score *self, GPtrArray *clips, const GPtrArray *problems, const GError *error)
{
  if (!clips) {
    tool_complain ("%s", error->message);
    return TOOL_FAILED;
  }
  for (guint i = 0; i < problems->len; i++)
    problem (self, g_ptr_array_index (problems, i));
  self->clips = clips;
  remove_silent (self);
  self->heard = g_new (GString *, clips->len);
  for (guint i = 0; i < clips->len; i++)
    self->heard[i] = g_string_new (NULL);
  self->is_failed = g_new0 (gboolean, clips->len);
  if (clips->len > 0)
    return TOOL_OK;
  tool_complain ("nothing to score");
  return TOOL_FAILED;
}

/* Recognition */

static void
clip_heard (guint index, ToolUtterance *utterance, gpointer data)
{
  Score *self = data;
  GString *text = self->heard[index];

  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", utterance->text);
  tool_utterance_free (utterance);
}

static void
clip_warned (guint index, const GError *warning, gpointer data)
{
  Score *self = data;
  const ToolClip *clip = g_ptr_array_index (self->clips, index);

  tool_complain ("%s: %s", clip->path, warning->message);
}

static void
clip_failed (guint index, const GError *error, gpointer data)
{
  Score *self = data;
  const ToolClip *clip = g_ptr_array_index (self->clips, index);
  g_autofree char *line = g_strdup_printf ("%s: %s", clip->path, error->message);

  problem (self, line);
  self->is_failed[index] = TRUE;
}

static void
clip_ended (guint index, const GError *error, double seconds, gpointer data)
{
  Score *self = data;

  self->seconds += seconds;
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    clip_failed (index, error, data);
}

static const char *
get_label (guint index, gpointer data)
{
  return "";
}

/* Returns: %FALSE if it was interrupted */
static gboolean
recognize_clips (Score *self)
{
  static const ToolBatchCallbacks callbacks = { clip_heard, clip_warned, clip_ended, get_label };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;
  g_autoptr (ToolBatch) batch = NULL;

  for (guint i = 0; i < self->clips->len; i++) {
    const ToolClip *clip = g_ptr_array_index (self->clips, i);
    g_autofree char *absolute = g_canonicalize_filename (clip->path, NULL);
    g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);

    g_strv_builder_add (builder, uri);
  }
  uris = g_strv_builder_end (builder);
  batch = tool_batch_new ((const char *const *) uris, &self->recognition, &callbacks, self);
  return tool_batch_run (batch, n_jobs, !quiet);
}

/* Returns: an exit status */
static int
recognize (Score *self)
{
  clock_t start;
  int status;

  if (!tool_setup_gstreamer ())
    return TOOL_FAILED;
  status = tool_recognition_load (&self->recognition);
  if (status != TOOL_OK)
    return status;
  start = clock ();
  if (as_stream)
    self->seconds = tool_score_stream (&self->recognition, self->clips,
        silence_ms >= 0 ? silence_ms : DEFAULT_SILENCE_MS, self->heard, clip_failed, self);
  else if (!recognize_clips (self))
    return TOOL_INTERRUPTED; /* part of a test says nothing */
  self->cpu_seconds = (double) (clock () - start) / CLOCKS_PER_SEC;
  return TOOL_OK;
}

static int
score_manifest (Score *self)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  GPtrArray *clips = tool_manifest_read (manifest, data_dir, problems, &error);
  int status = take_clips (self, clips, problems, error);

  return status == TOOL_OK ? recognize (self) : status;
}

/* Texts that were recognised before */

/* Gives each clip what was heard in it. */
static void
match (Score *self, GPtrArray *heard)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < heard->len; i++) {
    ToolClip *clip = g_ptr_array_index (heard, i);

    g_hash_table_insert (by_id, clip->id, clip);
  }
  for (guint i = 0; i < self->clips->len; i++) {
    const ToolClip *clip = g_ptr_array_index (self->clips, i);
    const ToolClip *found = g_hash_table_lookup (by_id, clip->id);
    g_autofree char *line = g_strdup_printf ("%s: no %s", hypothesis, clip->id);

    self->is_failed[i] = found == NULL;
    if (found)
      g_string_assign (self->heard[i], found->text);
    else
      problem (self, line);
  }
}

static int
score_texts (Score *self)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) heard = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *said = tool_transcript_read (reference, problems, &error);
  int status;

  if (said)
    heard = tool_transcript_read (hypothesis, problems, &error);
  if (said && !heard)
    g_clear_pointer (&said, g_ptr_array_unref);
  status = take_clips (self, said, problems, error);
  if (status == TOOL_OK)
    match (self, heard);
  return status;
}

/* Results */

/* An id for sclite: the speaker, a hyphen, the number of the line. */
static void
append_trn (GString *out, const char *text, const char *speaker, guint number)
{
  g_autofree char *id = g_strdelimit (g_strdup (speaker ? speaker : "unknown"), " -_()", '.');

  g_string_append_printf (out, "%s (%s-%u)\n", text, id, number);
}

/* Returns: whether both could be written */
static gboolean
write_trn (const GString *said, const GString *heard)
{
  g_autofree char *said_path = g_build_filename (trn_dir, "ref.trn", NULL);
  g_autofree char *heard_path = g_build_filename (trn_dir, "hyp.trn", NULL);
  g_autoptr (GError) error = NULL;

  if (tool_output_write (said_path, said, &error) && tool_output_write (heard_path, heard, &error))
    return TRUE;
  tool_complain ("%s", error->message);
  return FALSE;
}

/* Returns: whether all could be written */
static gboolean
compare (Score *self, ToolScores *scores)
{
  g_autoptr (GString) all_said = g_string_new (NULL);
  g_autoptr (GString) all_heard = g_string_new (NULL);

  for (guint i = 0; i < self->clips->len; i++) {
    const ToolClip *clip = g_ptr_array_index (self->clips, i);
    g_autofree char *said = prepare_text (clip->text);
    g_autofree char *heard = prepare_text (self->heard[i]->str);

    if (self->is_failed[i])
      continue;
    tool_scores_add (scores, clip->speaker, said, heard);
    append_trn (all_said, said, clip->speaker, i + 1);
    append_trn (all_heard, heard, clip->speaker, i + 1);
  }
  return !trn_dir || write_trn (all_said, all_heard);
}

/* Returns: whether everything could be written */
static gboolean
report (Score *self)
{
  g_autoptr (ToolScores) scores = tool_scores_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean is_written = compare (self, scores);

  if (tool_scores_get_n_clips (scores) == 0) {
    tool_complain ("nothing to score");
    return FALSE;
  }
  g_string_append_printf (out, "Text compared: %s\n\n", raw ? "as it is" : TOOL_NORMALIZATION);
  tool_scores_append_report (scores, out);
  if (self->seconds > 0)
    g_string_append_printf (out,
        "Real-time factor %.4f (%.1f s of processor time to decode and recognise %.1f s)\n",
        self->cpu_seconds / self->seconds, self->cpu_seconds, self->seconds);
  if (self->n_problems > 0)
    g_string_append_printf (out, "Problems: %u (%u recordings scored)\n", self->n_problems,
        tool_scores_get_n_clips (scores));
  if (tool_print (out->str, &error))
    return is_written;
  tool_complain ("%s", error->message);
  return FALSE;
}

static void
clear (Score *self)
{
  for (guint i = 0; self->heard && i < self->clips->len; i++)
    g_string_free (self->heard[i], TRUE);
  g_free (self->heard);
  g_free (self->is_failed);
  g_clear_pointer (&self->clips, g_ptr_array_unref);
  tool_recognition_clear (&self->recognition);
}

int
tool_score (int argc, char **argv)
{
  Score self = { 0 };
  int status;

  if (!tool_parse_options (&argc, &argv, entries, tool_recognition_entries, NULL, description))
    return TOOL_USAGE;
  if (argc > 1)
    return tool_misused ("what is \"%s\"?", argv[1]);
  if (!manifest == !(reference && hypothesis) || !reference != !hypothesis)
    return tool_misused ("either --manifest or both --ref and --hyp");
  if (n_jobs < 0)
    return tool_misused ("--jobs cannot be negative");
  if (!manifest && (data_dir || as_stream))
    return tool_misused ("--data and --stream go with --manifest");
  if (silence_ms >= 0 && !as_stream)
    return tool_misused ("--silence goes with --stream");

  status = manifest ? score_manifest (&self) : score_texts (&self);
  if (status == TOOL_OK && (!report (&self) || self.n_problems > 0))
    status = TOOL_FAILED;
  clear (&self);
  return status;
}
