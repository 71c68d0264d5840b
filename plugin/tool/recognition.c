/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "recognition.h"

#include <math.h>

#include "command.h"
#include "model-path.h"
#include "setup.h"
#include "terminal.h"

static char *model_name;

/* Options that are called like the properties of the element. */

static struct {
  const char *name;
  char *value; /* nullable: not given */
} files[] = {
  { "dictionary", NULL },
  { "language-model", NULL },
  { "grammar", NULL },
  { "keywords", NULL },
  { "hotwords", NULL },
};
enum { DICTIONARY, LANGUAGE_MODEL, GRAMMAR, KEYWORDS, HOTWORDS };

static struct {
  const char *name;
  double minimum;
  double maximum;
  double value; /* NaN: the element's default */
} numbers[] = {
  { "language-weight", 0, 100, NAN },
  { "word-bonus", -100, 100, NAN },
  { "unknown-penalty", 0, 100, NAN },
  { "beam-width", 1, 1000, NAN },
  { "keyword-threshold", 0, 1, NAN },
  { "rejection-threshold", 0, 1, 0.1 },
};
enum {
  LANGUAGE_WEIGHT,
  WORD_BONUS,
  UNKNOWN_PENALTY,
  BEAM_WIDTH,
  KEYWORD_THRESHOLD,
  REJECTION_THRESHOLD
};

const GOptionEntry tool_recognition_entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
      "A .safetensors file, or the name of a shipped model (default: " HEARKEN_DEFAULT_MODEL ")",
      "MODEL" },
  { "dictionary", 0, 0, G_OPTION_ARG_FILENAME, &files[DICTIONARY].value,
      "How words are pronounced, as in CMUdict; '' for none (default: the model's)", "FILE" },
  { "language-model", 0, 0, G_OPTION_ARG_FILENAME, &files[LANGUAGE_MODEL].value,
      "N-grams, ARPA or compiled; '' for none (default: the model's)", "FILE" },
  { "grammar", 'g', 0, G_OPTION_ARG_FILENAME, &files[GRAMMAR].value,
      "What may be said: JSGF, or sentences, one a line", "FILE" },
  { "keywords", 'k', 0, G_OPTION_ARG_FILENAME, &files[KEYWORDS].value,
      "What is listened for: words or phrases, one a line", "FILE" },
  { "hotwords", 0, 0, G_OPTION_ARG_FILENAME, &files[HOTWORDS].value,
      "What is favoured: words or phrases, one a line", "FILE" },
  { "language-weight", 0, 0, G_OPTION_ARG_DOUBLE, &numbers[LANGUAGE_WEIGHT].value,
      "How much the language model counts next to the sound (default: the model's)", "X" },
  { "word-bonus", 0, 0, G_OPTION_ARG_DOUBLE, &numbers[WORD_BONUS].value,
      "Added for each word, as a natural logarithm (default: the model's)", "X" },
  { "unknown-penalty", 0, 0, G_OPTION_ARG_DOUBLE, &numbers[UNKNOWN_PENALTY].value,
      "Spell words that are not in the vocabulary, for so much off each (default: there are none)",
      "X" },
  { "beam-width", 0, 0, G_OPTION_ARG_DOUBLE, &numbers[BEAM_WIDTH].value,
      "Hypotheses that are followed (default: the model's)", "N" },
  { "keyword-threshold", 0, 0, G_OPTION_ARG_DOUBLE, &numbers[KEYWORD_THRESHOLD].value,
      "The confidence from which a keyword is told (default: 0.5)", "P" },
  { "rejection-threshold", 0, 0, G_OPTION_ARG_DOUBLE, &numbers[REJECTION_THRESHOLD].value,
      "The confidence under which a sentence of a grammar is rejected (default: 0.1)", "P" },
  { NULL },
};

/* Returns: an exit status */
static int
check_options (const ToolRecognition *recognition)
{
  const char *keywords = files[KEYWORDS].value;

  if (recognition->cleans_up && keywords && *keywords)
    return tool_misused ("--clean-up is for sentences, not for --keywords: each stands for itself");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    double value = numbers[i].value;

    if (!isnan (value) && !(value >= numbers[i].minimum && value <= numbers[i].maximum))
      return tool_misused ("--%s is %g … %g, not %g", numbers[i].name, numbers[i].minimum,
          numbers[i].maximum, value);
  }
  return TOOL_OK;
}

static HearkenGraph *
load_graph (HearkenModel *model, GError **error)
{
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;

  options.dictionary = files[DICTIONARY].value;
  options.language_model = files[LANGUAGE_MODEL].value;
  options.grammar = files[GRAMMAR].value;
  options.keywords = files[KEYWORDS].value;
  options.hotwords = files[HOTWORDS].value;
  options.language_weight = numbers[LANGUAGE_WEIGHT].value;
  options.word_bonus = numbers[WORD_BONUS].value;
  options.unknown_penalty = numbers[UNKNOWN_PENALTY].value;
  return hearken_graph_new (model, &options, error);
}

int
tool_recognition_load (ToolRecognition *recognition)
{
  g_autoptr (GError) error = NULL;
  int status = check_options (recognition);

  if (status != TOOL_OK)
    return status;
  recognition->model = tool_load_model (model_name, &recognition->model_path);
  if (!recognition->model)
    return TOOL_FAILED;
  recognition->graph = load_graph (recognition->model, &error);
  if (recognition->graph)
    return TOOL_OK;
  tool_complain ("%s", error->message);
  return TOOL_FAILED;
}

void
tool_recognition_clear (ToolRecognition *recognition)
{
  g_clear_pointer (&recognition->graph, hearken_graph_unref);
  g_clear_pointer (&recognition->model, hearken_model_unref);
  g_clear_pointer (&recognition->model_path, g_free);
}

/* Directories do not count: they may be others on another machine. */
static void
describe_file (GString *out, const char *name, const char *path)
{
  g_autofree char *file = *path ? g_filename_display_basename (path) : g_strdup ("''");

  g_string_append_printf (out, " --%s %s", name, file);
}

char *
tool_recognition_describe (const ToolRecognition *recognition)
{
  GString *out = g_string_new ("hearken " PACKAGE_VERSION);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  describe_file (out, "model", recognition->model_path);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    if (files[i].value)
      describe_file (out, files[i].name, files[i].value);
  }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (!isnan (numbers[i].value))
      g_string_append_printf (out, " --%s %s", numbers[i].name,
          g_ascii_formatd (number, sizeof (number), "%g", numbers[i].value));
  }
  if (recognition->n_best > 1)
    g_string_append_printf (out, " --n-best %u", recognition->n_best);
  if (recognition->cleans_up)
    g_string_append (out, " --clean-up");
  return g_string_free (out, FALSE);
}

guint
tool_recognition_get_rate_hz (const ToolRecognition *recognition)
{
  return hearken_model_get_sample_rate_hz (recognition->model);
}

GstElement *
tool_recognition_make_listener (const ToolRecognition *recognition, guint chunk_ms)
{
  GstElement *hearken = gst_element_factory_make ("hearken", NULL);

  g_object_set (hearken, "model", recognition->model_path, "n-best", MAX (1, recognition->n_best),
      "chunk-duration", chunk_ms, NULL);
  gst_util_set_object_arg (G_OBJECT (hearken), "levels", "word+utterance");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    if (files[i].value)
      g_object_set (hearken, files[i].name, files[i].value, NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_auto (GValue) value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_DOUBLE);
    g_value_set_double (&value, numbers[i].value);
    if (!isnan (numbers[i].value))
      g_object_set_property (G_OBJECT (hearken), numbers[i].name, &value);
  }
  return hearken;
}

HearkenRecognizer *
tool_recognition_make_recognizer (const ToolRecognition *recognition)
{
  HearkenRecognizer *recognizer = hearken_recognizer_new (recognition->model);

  hearken_recognizer_set_graph (recognizer, recognition->graph);
  if (!isnan (numbers[BEAM_WIDTH].value))
    hearken_recognizer_set_beam_width (recognizer, numbers[BEAM_WIDTH].value);
  if (!isnan (numbers[KEYWORD_THRESHOLD].value))
    hearken_recognizer_set_keyword_threshold (recognizer, numbers[KEYWORD_THRESHOLD].value);
  if (!isnan (numbers[REJECTION_THRESHOLD].value))
    hearken_recognizer_set_rejection_threshold (recognizer, numbers[REJECTION_THRESHOLD].value);
  return recognizer;
}
