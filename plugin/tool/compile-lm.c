/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearken compile-lm: a language model in a form that loads fast, and how well it knows a text. */

#include <math.h>

#include "command.h"
#include "language-model.h"
#include "lines.h"
#include "setup.h"
#include "terminal.h"

static char *text_path, *model_name, *dictionary_path;

static const GOptionEntry entries[] = {
  { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_name,
      "Compile how this model says the words, too", "MODEL" },
  { "dictionary", 'd', 0, G_OPTION_ARG_FILENAME, &dictionary_path,
      "Its pronunciations; if not given, those that the model brings", "FILE" },
  { "perplexity", 'p', 0, G_OPTION_ARG_FILENAME, &text_path,
      "Measure the model on this text: sentences, one a line", "TEXT" },
  { NULL },
};

static gboolean
compile (const char *from, const char *to, HearkenModel *model, GError **error)
{
  g_autoptr (GBytes) bytes = hearken_language_model_compile (from, model, dictionary_path, error);

  return bytes && g_file_set_contents (
                      to, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), error);
}

static gboolean
measure (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  HearkenTextFit fit;

  if (!g_file_get_contents (text_path, &text, NULL, error) ||
      !hearken_language_model_measure (path, tool_skip_byte_order_mark (text), &fit, error))
    return FALSE;
  if (fit.n_sentences == 0) {
    g_autofree char *name = g_filename_display_name (text_path);
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s has no words", name);
    return FALSE;
  }
  line = g_strdup_printf ("perplexity %.2f: %" G_GUINT64_FORMAT " sentences, %" G_GUINT64_FORMAT
                          " words, %" G_GUINT64_FORMAT " unknown\n",
      exp (-fit.log_prob / (double) (fit.n_words + fit.n_sentences)), fit.n_sentences, fit.n_words,
      fit.n_unknown);
  return tool_print (line, error);
}

int
tool_compile_lm (int argc, char **argv)
{
  g_autoptr (HearkenModel) model = NULL;
  g_autoptr (GError) error = NULL;

  if (!tool_parse_options (&argc, &argv, entries, NULL, "MODEL [FILE]",
          "MODEL is a language model: n-grams up to order 5, as ARPA text or compiled. FILE "
          "becomes\n"
          "the compiled model. With --model, that model loads the two in a fraction of the time. "
          "A\n"
          "perplexity is by word, ends of sentences counted and unknown words left out."))
    return TOOL_USAGE;
  if (argc < 2 || argc > 3)
    return tool_misused ("which language model, and to which file?");
  if (argc == 2 && !text_path)
    return tool_misused ("compile to which file, or measure on which text?");
  if (dictionary_path && !model_name)
    return tool_misused ("pronunciations of which model? --dictionary needs --model");
  if (model_name && !(model = tool_load_model (model_name, NULL)))
    return TOOL_FAILED;
  if ((argc < 3 || compile (argv[1], argv[2], model, &error)) &&
      (!text_path || measure (argv[1], &error)))
    return TOOL_OK;
  tool_complain ("%s", error->message);
  return TOOL_FAILED;
}
