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

#define LOWEST_THRESHOLD 0.05
#define SILENCE_SECONDS 1 /* between two recordings */

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

/* Returns: (transfer full) (nullable): a recogniser of the keywords; %NULL with @error set */
static HearkenRecognizer *
make_recognizer (HearkenModel *model, GError **error)
{
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
  g_autoptr (HearkenGraph) graph = NULL;
  HearkenRecognizer *recognizer;

  options.keywords = keywords;
  options.dictionary = dictionary;
  graph = hearken_graph_new (model, &options, error);
  if (!graph)
    return NULL;
  recognizer = hearken_recognizer_new (model);
  hearken_recognizer_set_graph (recognizer, graph);
  hearken_recognizer_set_keyword_threshold (recognizer, LOWEST_THRESHOLD);
  return recognizer;
}

/* @ends: [n_ends]: where in the stream each recording's turn ends */
static void
collect (HearkenRecognizer *recognizer, const guint64 *ends, guint n_ends, ToolSweep *sweep)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    guint64 middle = result->start_samples + result->duration_samples / 2;
    guint clip = 0;

    while (clip + 1 < n_ends && middle >= ends[clip])
      clip++;
    if (result->level == HEARKEN_LEVEL_WORD && result->is_final)
      tool_sweep_add_heard (sweep, clip, result->text, result->confidence);
    hearken_result_free (result);
  }
}

/* @seconds: (out): of audio heard. Returns: how many recordings could not be read */
static guint
listen (HearkenRecognizer *recognizer, guint rate_hz, const GPtrArray *clips, ToolSweep *sweep,
    double *seconds)
{
  g_autofree guint64 *ends = g_new0 (guint64, clips->len); /* [clips->len] */
  guint n_failed = 0;

  for (guint i = 0; i < clips->len; i++) {
    const ToolClip *clip = g_ptr_array_index (clips, i);
    g_autoptr (GError) error = NULL;
    gboolean is_read = tool_feed (recognizer, clip->path, rate_hz, &error);

    if (!is_read)
      tool_complain ("%s: %s", clip->path, error->message);
    n_failed += !is_read;
    tool_sweep_add_clip (sweep, is_read ? clip->text : "");
    ends[i] = hearken_recognizer_get_position_samples (recognizer) + rate_hz * SILENCE_SECONDS / 2;
    hearken_recognizer_push_silence (recognizer, rate_hz * SILENCE_SECONDS);
    collect (recognizer, ends, i + 1, sweep);
  }
  *seconds = (double) hearken_recognizer_get_position_samples (recognizer) / rate_hz;
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  collect (recognizer, ends, clips->len, sweep);
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
  guint rate_hz = hearken_model_get_sample_rate_hz (model);
  g_autoptr (HearkenRecognizer) recognizer = make_recognizer (model, error);
  g_autoptr (ToolSweep) sweep = NULL;
  g_autofree char *list = NULL;
  guint n_failed;
  double seconds;

  if (!recognizer || !g_file_get_contents (keywords, &list, NULL, error))
    return TOOL_FAILED;
  sweep = tool_sweep_new (list);
  n_failed = listen (recognizer, rate_hz, clips, sweep, &seconds);
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
