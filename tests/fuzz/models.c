/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "models.h"

#include <glib/gstdio.h>

#include "fuzz.h"
#include "test-models.h"

static HearkenModel *
load (const TestModel *description)
{
  g_autoptr (GBytes) bytes = test_model_to_bytes (description);
  g_autoptr (GError) error = NULL;
  HearkenModel *model = hearken_model_new_from_bytes (bytes, "fuzz", &error);

  g_assert_no_error (error);
  return model;
}

HearkenModel *
fuzz_get_model (guint choice)
{
  static HearkenModel *models[FUZZ_N_MODELS];
  static const char *const tasks[] = { NULL, "ctc", "classify" };
  static const char *const layers = "[{\"type\": \"splice\", \"right\": 3, \"stride\": 2},"
                                    " {\"type\": \"linear\", \"name\": \"fc\"}]";
  static const float weight[5][24 * 4] = { [0][0] = 1, [1][30] = 1, [2][60] = 1, [3][90] = 1 };

  choice %= G_N_ELEMENTS (models);
  if (models[choice] == NULL) {
    g_autoptr (TestModel) description =
        choice == 0 ? test_model_tones (8000) : test_model_classic (tasks[choice]);
    if (choice == 0) {
      test_model_set (description, "hearken.layers", layers);
      test_model_set (description, "hearken.frontend",
          "{\"type\": \"kaldi.fbank\", \"sample_frequency\": 8000, \"num_mel_bins\": 8,"
          " \"snip_edges\": false, \"deltas\": {\"order\": 2}}");
      test_model_add_floats (description, "fc.weight", 5, 24 * 4, &weight[0][0]);
    }
    models[choice] = load (description);
  }
  return models[choice];
}

HearkenGraph *
fuzz_get_graph (guint choice)
{
  static HearkenGraph *graphs[FUZZ_N_GRAPHS];
  static const char *const texts[] = { NULL, "a b\nb a\n",
    "\\data\\\nngram 1=4\n\n\\1-grams:\n-1 <s>\n-1 </s>\n-1 ab\n-1 b\n\n\\end\\\n", "ab\n",
    "ab\n" };

  choice %= G_N_ELEMENTS (graphs);
  if (graphs[choice] == NULL && choice > 0) {
    HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;
    const char **const places[] = { NULL, &options.grammar, &options.language_model,
      &options.keywords, &options.hotwords };
    g_autoptr (GError) error = NULL;
    g_autofree char *path = NULL;
    const int fd = g_file_open_tmp ("hearken-fuzz-XXXXXX", &path, &error);

    g_assert_no_error (error);
    g_close (fd, NULL);
    g_file_set_contents (path, texts[choice], -1, &error);
    g_assert_no_error (error);
    *places[choice] = path;
    graphs[choice] = hearken_graph_new (fuzz_get_model (0), &options, &error);
    g_assert_no_error (error);
    g_unlink (path);
  }
  return graphs[choice];
}

void
fuzz_pull_all (HearkenRecognizer *recognizer)
{
  HearkenResult *result;

  while ((result = hearken_recognizer_pull (recognizer)) != NULL) {
    g_assert (g_utf8_validate (result->text, -1, NULL));
    g_assert (result->confidence >= 0.0 && result->confidence <= 1.0);
    g_assert (result->level <= HEARKEN_LEVEL_ACTIVITY && result->token < 5);
    hearken_result_free (result);
  }
}

void
fuzz_skip_state_header (HearkenStateReader *reader)
{
  g_autofree char *magic = NULL;
  guint64 digest;

  g_assert (hearken_state_get_string (reader, 1024, &magic));
  for (int i = 0; i < 2; i++)
    g_assert (hearken_state_get_u64 (reader, G_MAXUINT64, &digest));
}
