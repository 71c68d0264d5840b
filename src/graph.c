/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "graph.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "graph-build.h"
#include "language-file.h"
#include "model-internal.h"

#define MAX_FILE_BYTES (G_GUINT64_CONSTANT (4) << 30) /* each loader has a limit of its own */
#define MAX_WEIGHT 100.0

static HearkenCache cache;

static bool
fail (GError **error, const char *reason)
{
  g_set_error_literal (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_OPTIONS, reason);
  return false;
}

static bool
is_given (const char *path)
{
  return path != NULL && *path != '\0';
}

/* NaN is a default, and in range. */
static bool
is_out_of_range (double value, double min)
{
  return value < min || value > MAX_WEIGHT;
}

static bool
has_language_model (const HearkenModel *model, const HearkenGraphOptions *options)
{
  return options->language_model != NULL
             ? *options->language_model != '\0'
             : model->directory != NULL && model->decoding.language_model != NULL;
}

static bool
check_options (const HearkenModel *model, const HearkenGraphOptions *options, GError **error)
{
  const bool has_keywords = is_given (options->keywords);

  if (is_given (options->language_model) && is_given (options->grammar))
    return fail (error, "a grammar and a language model exclude each other");
  if (has_keywords && (is_given (options->language_model) || is_given (options->grammar) ||
                          is_given (options->hotwords)))
    return fail (error, "keywords exclude a language model, a grammar and hotwords");
  if (is_out_of_range (options->unknown_penalty, 0))
    return fail (error, "the penalty of unknown words must be 0 to 100");
  if (!isnan (options->unknown_penalty) && !is_given (options->hotwords) &&
      !has_language_model (model, options))
    return fail (error, "unknown words go only with a language model or hotwords");
  if (!isnan (options->unknown_penalty) && is_given (options->grammar))
    return fail (error, "unknown words do not go with a grammar");
  if (is_out_of_range (options->language_weight, 0))
    return fail (error, "the language weight must be 0 to 100");
  if (is_out_of_range (options->word_bonus, -MAX_WEIGHT))
    return fail (error, "the word bonus must be -100 to 100");
  if (model->task == HEARKEN_TASK_CTC)
    return true;
  if (is_given (options->dictionary) || is_given (options->language_model) ||
      is_given (options->grammar) || has_keywords || is_given (options->hotwords))
    return fail (error, "the model classifies whole sequences, it hears no words");
  return true;
}

/* @own: the model's, a file beside it. Returns: (transfer full) (nullable): @given, or else it */
static char *
resolve_path (const HearkenModel *model, const char *given, const char *own)
{
  if (given != NULL)
    return *given != '\0' ? g_strdup (given) : NULL;
  if (own == NULL || model->directory == NULL)
    return NULL;
  return g_build_filename (model->directory, own, NULL);
}

static void
resolve (const HearkenModel *model, const HearkenGraphOptions *options, HearkenGraphParts *parts)
{
  const HearkenDecodingConfig *own = &model->decoding;
  const bool has_list = is_given (options->grammar) || is_given (options->keywords);

  *parts = (HearkenGraphParts){
    .dictionary = resolve_path (model, options->dictionary, own->dictionary),
    .language_model =
        resolve_path (model, options->language_model, has_list ? NULL : own->language_model),
    .grammar = resolve_path (model, options->grammar, NULL),
    .keywords = resolve_path (model, options->keywords, NULL),
    .hotwords = resolve_path (model, options->hotwords, NULL),
    .language_weight =
        isnan (options->language_weight) ? own->language_weight : options->language_weight,
    .word_bonus = isnan (options->word_bonus) ? own->word_bonus : options->word_bonus,
    .unknown_penalty = options->unknown_penalty,
  };
  /* Hotwords alone favour some words of all that can be spelled. */
  if (parts->hotwords != NULL && parts->language_model == NULL && parts->grammar == NULL &&
      isnan (parts->unknown_penalty))
    parts->unknown_penalty = 0;
}

static void
clear_parts (HearkenGraphParts *parts)
{
  g_free (parts->dictionary);
  g_free (parts->language_model);
  g_free (parts->grammar);
  g_free (parts->keywords);
  g_free (parts->hotwords);
}

/* Returns: (transfer full) (nullable): what graphs of the same model and unchanged files have in
 * common; NULL if a file cannot be had */
static char *
get_key (const HearkenModel *model, const HearkenGraphParts *parts, GError **error)
{
  const char *const paths[] = { parts->dictionary, parts->language_model, parts->grammar,
    parts->keywords, parts->hotwords };
  GString *key = g_string_new (NULL);

  g_string_printf (key, "%p %a %a %a", (const void *) model, parts->language_weight,
      parts->word_bonus, parts->unknown_penalty);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (HearkenModelFile) file = NULL;

    if (paths[i] != NULL) {
      file = hearken_language_file_open (paths[i], MAX_FILE_BYTES, error);
      if (file == NULL) {
        g_string_free (key, TRUE);
        return NULL;
      }
    }
    g_string_append_printf (key, " %s", file != NULL ? file->identity : "-");
  }
  return g_string_free (key, FALSE);
}

static HearkenGraph *
build (HearkenModel *model, const HearkenGraphParts *parts, GError **error)
{
  HearkenGraph *graph = g_new0 (HearkenGraph, 1);

  graph->cached.ref_count = 1;
  graph->model = hearken_model_ref (model);
  if (!hearken_graph_build (graph, parts, error))
    g_clear_pointer (&graph, hearken_graph_unref);
#ifdef __GLIBC__
  malloc_trim (0); /* loading takes megabytes that nothing needs again */
#endif
  return graph;
}

HearkenGraph *
hearken_graph_new (HearkenModel *model, const HearkenGraphOptions *options, GError **error)
{
  HearkenGraphParts parts;
  HearkenGraph *graph, *earlier;
  g_autofree char *key = NULL;

  g_return_val_if_fail (model != NULL && options != NULL, NULL);

  if (!check_options (model, options, error))
    return NULL;
  resolve (model, options, &parts);
  key = get_key (model, &parts, error);
  graph = key != NULL ? hearken_cache_lookup (&cache, key) : NULL;
  if (key != NULL && graph == NULL && (graph = build (model, &parts, error)) != NULL &&
      (earlier = hearken_cache_insert (&cache, key, &graph->cached)) != NULL) {
    hearken_graph_unref (graph);
    graph = earlier;
  }
  clear_parts (&parts);
  return graph;
}

HearkenGraph *
hearken_graph_ref (HearkenGraph *graph)
{
  g_return_val_if_fail (graph != NULL, NULL);
  g_atomic_int_inc (&graph->cached.ref_count);
  return graph;
}

void
hearken_graph_unref (HearkenGraph *graph)
{
  g_return_if_fail (graph != NULL);
  if (!hearken_cache_unref (&cache, &graph->cached))
    return;
  hearken_graph_clear (graph);
  hearken_model_unref (graph->model);
  g_free (graph);
}
