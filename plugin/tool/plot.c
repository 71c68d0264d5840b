/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken plot: draws how a recording is heard. */

#include "caption-shape.h"
#include "command.h"
#include "feed.h"
#include "output.h"
#include "plot-picture.h"
#include "recognition.h"
#include "setup.h"
#include "terminal.h"

#define DEFAULT_WIDTH 1600
#define DEFAULT_HEIGHT 1000
#define MAX_SIZE 20000
#define MAX_SECONDS 300

static char *output;
static int lstm;
static int width = DEFAULT_WIDTH;
static int height = DEFAULT_HEIGHT;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "The picture, a .png or a .svg", "PICTURE" },
  { "gates", 0, 0, G_OPTION_ARG_INT, &lstm,
      "Draw the gates and the cells of an LSTM layer, too; 1 is the first", "LAYER" },
  { "width", 0, 0, G_OPTION_ARG_INT, &width, "Of the picture (default: 1600)", "PIXELS" },
  { "height", 0, 0, G_OPTION_ARG_INT, &height, "Of the picture (default: 1000)", "PIXELS" },
  { NULL },
};

static const char description[] = "Draws, over time, the waveform, the features, the words that "
                                  "are recognised and the posteriors\n"
                                  "of the tokens that were probable at some time.\n"
                                  "\n"
                                  "  hearken plot --gates 1 talk.opus -o talk.png";

/* Returns: (nullable): by the ending of the name */
static ToolMakePicture
find_maker (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (lower, ".png"))
    return tool_picture_make_png;
  return g_str_has_suffix (lower, ".svg") ? tool_picture_make_svg : NULL;
}

typedef struct {
  GArray *samples;    /* of float */
  GstClockTime start; /* of the first one: in a film, sound can begin late */
} Sound;

static void
keep_samples (const float *samples, gsize n_samples, GstClockTime time, gpointer data)
{
  Sound *sound = data;

  if (sound->samples->len == 0)
    sound->start = time;
  g_array_append_vals (sound->samples, samples, (guint) n_samples);
}

/* Returns: whether it could; if not, @error is set */
static gboolean
decode (const char *path, guint rate_hz, Sound *sound, GError **error)
{
  if (!tool_decode (path, rate_hz, keep_samples, sound, error))
    return FALSE;
  if (sound->samples->len > MAX_SECONDS * rate_hz)
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
        "it is %u s long, too much for a picture; %d s are the most", sound->samples->len / rate_hz,
        MAX_SECONDS);
  else if (sound->samples->len == 0)
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "it is empty");
  else
    return TRUE;
  return FALSE;
}

/* Drops the words of an utterance that was rejected. */
static void
drop_words (GPtrArray *words, guint64 utterance_id)
{
  while (
      words->len > 0 &&
      ((HearkenResult *) g_ptr_array_index (words, words->len - 1))->utterance_id == utterance_id)
    g_ptr_array_set_size (words, (int) words->len - 1);
}

/* Returns: (transfer full) (element-type HearkenResult): the final words */
static GPtrArray *
recognize (const ToolRecognition *recognition, const GArray *samples)
{
  g_autoptr (HearkenRecognizer) recognizer = tool_recognition_make_recognizer (recognition);
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) hearken_result_free);
  HearkenResult *result;

  hearken_recognizer_push (recognizer, (const float *) samples->data, samples->len);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    if (result->level == HEARKEN_LEVEL_WORD && result->is_final) {
      g_ptr_array_add (words, result);
      continue;
    }
    if (result->is_rejected)
      drop_words (words, result->utterance_id);
    hearken_result_free (result);
  }
  return words;
}

/* Returns: (transfer full) (element-type PlotWord): what the results stand for, which own the texts */
static GArray *
make_words (const GPtrArray *results, double rate_hz)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (PlotWord));

  for (guint i = 0; i < results->len; i++) {
    const HearkenResult *result = g_ptr_array_index (results, i);
    const PlotWord word = {
      .text = result->text,
      .start = result->start_samples / rate_hz,
      .end = (result->start_samples + result->duration_samples) / rate_hz,
      .confidence = result->confidence,
      .is_final = TRUE,
    };

    g_array_append_val (words, word);
  }
  return words;
}

static gboolean
write_picture (
    const ToolRecognition *recognition, const char *path, const Sound *sound, GError **error)
{
  const GArray *samples = sound->samples;
  HearkenModel *model = recognition->model;
  const double rate_hz = hearken_model_get_sample_rate_hz (model);
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *title = caption_text_new (name);
  g_autofree char *subtitle =
      g_strdup_printf ("heard with the model “%s”", hearken_model_get_name (model));
  g_autoptr (GPtrArray) results = recognize (recognition, samples);
  g_autoptr (GArray) words = make_words (results, rate_hz);
  g_autoptr (HearkenTracer) tracer = hearken_tracer_new (model, (guint) lstm);
  PlotFigure figure = {
    .title = title,
    .subtitle = subtitle,
    .model = model,
    .words = words,
    .seconds = samples->len / rate_hz,
    .origin = (double) sound->start / GST_SECOND,
    .lstm = (guint) lstm,
  };
  gboolean is_written;
  GString *bytes;

  hearken_tracer_push (tracer, (const float *) samples->data, samples->len);
  hearken_tracer_drain (tracer);
  figure.trace = hearken_tracer_get_trace (tracer);
  bytes = find_maker (output) (&figure, (guint) width, (guint) height, error);
  is_written = bytes && tool_output_write (output, bytes, error);
  if (bytes)
    g_string_free (bytes, TRUE);
  return is_written;
}

/* Returns: an exit status */
static int
plot (const ToolRecognition *recognition, const char *path)
{
  const guint n_lstms = hearken_trace_get_n_lstms (recognition->model);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (float));
  Sound sound = { .samples = samples };
  g_autoptr (GError) error = NULL;

  if ((guint) lstm > n_lstms) {
    tool_complain ("there is no LSTM layer %d: the model has %u", lstm, n_lstms);
    return TOOL_FAILED;
  }
  if (!decode (path, tool_recognition_get_rate_hz (recognition), &sound, &error)) {
    tool_complain ("%s: %s", path, error->message);
    return TOOL_FAILED;
  }
  if (write_picture (recognition, path, &sound, &error))
    return TOOL_OK;
  tool_complain ("%s", error->message);
  return TOOL_FAILED;
}

/* Returns: an exit status, after having complained unless it is %TOOL_OK */
static int
check_options (int argc)
{
  if (argc != 2)
    return tool_misused ("which recording? It is one");
  if (!output || !find_maker (output))
    return tool_misused ("--output is needed, a name that ends in .png or .svg");
  if (lstm < 0)
    return tool_misused ("LSTM layers are counted from 1");
  if (width < 400 || width > MAX_SIZE || height < 400 || height > MAX_SIZE)
    return tool_misused ("--width and --height are 400 … %d", MAX_SIZE);
  return TOOL_OK;
}

int
tool_plot (int argc, char **argv)
{
  ToolRecognition recognition = { 0 };
  int status;

  if (!tool_parse_options (
          &argc, &argv, entries, tool_recognition_entries, "FILE -o PICTURE", description))
    return TOOL_USAGE;
  status = check_options (argc);
  if (status != TOOL_OK)
    return status;
  if (!tool_setup_gstreamer ())
    return TOOL_FAILED;
  status = tool_recognition_load (&recognition);
  if (status == TOOL_OK)
    status = plot (&recognition, argv[1]);
  tool_recognition_clear (&recognition);
  return status;
}
