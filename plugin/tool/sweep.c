/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken sweep: listens for keywords in recordings whose words are known, and tells what every
 * threshold would miss and hear that nobody said. */

#include <gio/gio.h>

#include "command.h"
#include "feed.h"
#include "graph.h"
#include "manifest.h"
#include "model-path.h"
#include "output.h"
#include "setup.h"
#include "sweep-curve.h"
#include "terminal.h"

#define SILENCE_SECONDS 1 /* between two recordings */
#define HEARD_SECONDS 10  /* at once */

static char *manifest;
static char *data_dir;
static char *keywords;
static char *dictionary;
static char *plot;
static char *model_name;

static const GOptionEntry entries[] = {
  { "keywords", 'k', 0, G_OPTION_ARG_FILENAME, &keywords, "A list of keywords, one a line",
      "FILE" },
  { "dictionary", 0, 0, G_OPTION_ARG_FILENAME, &dictionary,
      "How words are pronounced, in CMUdict's format, for a model of phones", "FILE" },
  { "manifest", 0, 0, G_OPTION_ARG_FILENAME, &manifest,
      "A file of lines with tabs: path and text; the first line has these names", "FILE" },
  { "data", 0, 0, G_OPTION_ARG_FILENAME, &data_dir,
      "What the paths in the manifest are relative to (default: where it is)", "DIR" },
  { "plot", 0, 0, G_OPTION_ARG_FILENAME, &plot, "Draw the curves, as SVG", "FILE" },
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
      "A .safetensors file, or the name of a shipped model (default: " HEARKEN_DEFAULT_MODEL ")",
      "MODEL" },
  { NULL },
};

static const char description[] =
    "The recordings are heard as one unbroken stream. A keyword that is in the text of a "
    "recording\n"
    "must be heard in it, as often; whatever else is heard is a false alarm. Prints, with tabs\n"
    "between, for all keywords and for each: the threshold, how often it was said and missed, and "
    "the\n"
    "false alarms, in all and in an hour. A threshold of the list's own is where its curve "
    "begins.\n"
    "\n"
    "  hearken sweep --model commands --keywords words.txt --manifest test.tsv --plot curves.svg";

/* What hears the recordings: a recogniser for each threshold. Whether and how surely a keyword is heard
 * depends on it: a low one tells of it before it is at its surest, and may take the beginning of a word
 * for the whole. */
typedef struct {
  HearkenRecognizer *recognizers[TOOL_SWEEP_N_THRESHOLDS];
  guint rate_hz;
  GArray *samples; /* of float: what they hear next */
} Ears;

static void
ears_clear (Ears *ears)
{
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++)
    hearken_recognizer_free (ears->recognizers[i]);
  g_clear_pointer (&ears->samples, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ears, ears_clear)

/* Returns: %FALSE with @error set */
static gboolean
ears_init (Ears *ears, HearkenModel *model, GError **error)
{
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
  g_autoptr (HearkenGraph) graph = NULL;

  options.keywords = keywords;
  options.dictionary = dictionary;
  graph = hearken_graph_new (model, &options, error);
  if (!graph)
    return FALSE;
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++) {
    ears->recognizers[i] = hearken_recognizer_new (model);
    hearken_recognizer_set_graph (ears->recognizers[i], graph);
    hearken_recognizer_set_keyword_threshold (ears->recognizers[i], tool_sweep_get_threshold (i));
  }
  ears->rate_hz = hearken_model_get_sample_rate_hz (model);
  ears->samples = g_array_new (FALSE, TRUE, sizeof (float));
  return TRUE;
}

static void
push (gpointer recognizer, gpointer data)
{
  const GArray *samples = data;

  hearken_recognizer_push (recognizer, (const float *) samples->data, samples->len);
}

/* The samples that wait, by as many recognisers at the same time as there are processors. */
static void
hear (Ears *ears)
{
  GThreadPool *pool =
      g_thread_pool_new (push, ears->samples, (int) g_get_num_processors (), FALSE, NULL);

  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++)
    g_thread_pool_push (pool, ears->recognizers[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  g_array_set_size (ears->samples, 0);
}

static void
take (const float *samples, gsize n_samples, GstClockTime time, gpointer data)
{
  Ears *ears = data;

  g_array_append_vals (ears->samples, samples, (guint) n_samples);
  if (ears->samples->len >= ears->rate_hz * HEARD_SECONDS)
    hear (ears);
}

static guint64
get_position (const Ears *ears)
{
  return hearken_recognizer_get_position_samples (ears->recognizers[0]) + ears->samples->len;
}

/* @ends: [n_ends]: where in the stream each recording's turn ends */
static void
collect_of (const Ears *ears, guint threshold, const guint64 *ends, guint n_ends, ToolSweep *sweep)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (ears->recognizers[threshold])) != NULL) {
    guint64 middle = result->start_samples + result->duration_samples / 2;
    guint clip = 0;

    while (clip + 1 < n_ends && middle >= ends[clip])
      clip++;
    /* A keyword with a lower threshold of its own may be heard, but not with this one. */
    if (result->level == HEARKEN_LEVEL_WORD && result->is_final &&
        result->confidence >= (float) tool_sweep_get_threshold (threshold))
      tool_sweep_add_heard (sweep, clip, result->text, threshold);
    hearken_result_free (result);
  }
}

static void
collect (const Ears *ears, const guint64 *ends, guint n_ends, ToolSweep *sweep)
{
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++)
    collect_of (ears, i, ends, n_ends, sweep);
}

/* @seconds: (out): of audio heard. Returns: how many recordings could not be read */
static guint
listen (Ears *ears, const GPtrArray *clips, ToolSweep *sweep, double *seconds)
{
  g_autofree guint64 *ends = g_new0 (guint64, clips->len); /* [clips->len] */
  guint n_failed = 0;

  for (guint i = 0; i < clips->len; i++) {
    const ToolClip *clip = g_ptr_array_index (clips, i);
    g_autoptr (GError) error = NULL;
    gboolean is_read = tool_decode (clip->path, ears->rate_hz, take, ears, &error);

    if (!is_read)
      tool_complain ("%s: %s", clip->path, error->message);
    n_failed += !is_read;
    tool_sweep_add_clip (sweep, is_read ? clip->text : "");
    ends[i] = get_position (ears) + ears->rate_hz * SILENCE_SECONDS / 2;
    g_array_set_size (ears->samples, ears->samples->len + ears->rate_hz * SILENCE_SECONDS);
    hear (ears);
    collect (ears, ends, i + 1, sweep);
  }
  *seconds = (double) get_position (ears) / ears->rate_hz;
  for (guint i = 0; i < TOOL_SWEEP_N_THRESHOLDS; i++)
    hearken_recognizer_drain (ears->recognizers[i], HEARKEN_END_REASON_EOS);
  collect (ears, ends, clips->len, sweep);
  return n_failed;
}

static gboolean
report (const ToolSweep *sweep, double seconds, GError **error)
{
  g_autoptr (GString) table = g_string_new (NULL);
  g_autoptr (GString) drawing = g_string_new (NULL);

  tool_sweep_append_table (sweep, seconds, table);
  tool_sweep_append_svg (sweep, seconds, drawing);
  return tool_print (table->str, error) && (!plot || tool_output_write (plot, drawing, error));
}

/* Returns: an exit status */
static int
run (HearkenModel *model, const GPtrArray *clips, GError **error)
{
  g_auto (Ears) ears = { 0 };
  g_autoptr (ToolSweep) sweep = NULL;
  g_autofree char *list = NULL;
  guint n_failed;
  double seconds;

  if (!ears_init (&ears, model, error) || !g_file_get_contents (keywords, &list, NULL, error))
    return TOOL_FAILED;
  sweep = tool_sweep_new (list);
  n_failed = listen (&ears, clips, sweep, &seconds);
  return report (sweep, seconds, error) && n_failed == 0 ? TOOL_OK : TOOL_FAILED;
}

int
tool_sweep (int argc, char **argv)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) clips = NULL;
  g_autoptr (HearkenModel) model = NULL;
  g_autoptr (GError) error = NULL;
  int status = TOOL_FAILED;

  if (!tool_parse_options (&argc, &argv, entries, NULL, NULL, description))
    return TOOL_USAGE;
  if (argc > 1)
    return tool_misused ("what is \"%s\"?", argv[1]);
  if (!manifest || !keywords)
    return tool_misused ("--keywords and --manifest are needed");

  clips = tool_manifest_read (manifest, data_dir, problems, &error);
  for (guint i = 0; i < problems->len; i++)
    tool_complain ("%s", (const char *) g_ptr_array_index (problems, i));
  if (clips && clips->len == 0)
    tool_complain ("nothing to listen to");
  else if (clips && tool_setup_gstreamer () && (model = tool_load_model (model_name, NULL)))
    status = run (model, clips, &error);
  if (error)
    tool_complain ("%s", error->message);
  return problems->len > 0 ? TOOL_FAILED : status;
}
