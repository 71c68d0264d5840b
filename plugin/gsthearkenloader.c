/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenloader.h"

#include "gsthearken.h"
#include "gsthearkenmodels.h"

#define GST_CAT_DEFAULT gst_hearken_debug

struct GstHearkenLoader {
  GstElement *owner;

  GMutex lock;
  GCond loaded; /* the latest request */
  /* Under lock. */
  HearkenModel *model; /* nullable */
  HearkenGraph *graph; /* nullable */
  GstHearkenSettings wanted;
  guint n_wanted;       /* counts requests */
  guint n_wanted_model; /* the latest that asked for the model, too */
  guint n_loaded;       /* the request that the graph is of, or that could not be loaded */
  gboolean is_running;  /* whether there is a thread that loads */
};

/* What is being loaded. */
typedef struct {
  HearkenModel *model;
  GstHearkenSettings settings;
  guint number;
  gboolean with_model;
} Job;

GstHearkenLoader *
gst_hearken_loader_new (GstElement *owner)
{
  GstHearkenLoader *loader = g_new0 (GstHearkenLoader, 1);

  loader->owner = owner;
  g_mutex_init (&loader->lock);
  g_cond_init (&loader->loaded);
  return loader;
}

void
gst_hearken_loader_free (GstHearkenLoader *loader)
{
  gst_hearken_loader_stop (loader);
  gst_hearken_settings_clear (&loader->wanted);
  g_mutex_clear (&loader->lock);
  g_cond_clear (&loader->loaded);
  g_free (loader);
}

static void
swap (gpointer *a, gpointer *b)
{
  gpointer old = *a;

  *a = *b;
  *b = old;
}

/* Graphs and models, while there is a stream */

static HearkenGraph *
load_graph (HearkenModel *model, const GstHearkenSettings *settings, GError **error)
{
  HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;

  options.dictionary = settings->dictionary;
  options.language_model = settings->language_model;
  options.grammar = settings->grammar;
  options.keywords = settings->keywords;
  options.hotwords = settings->hotwords;
  if (settings->language_weight != GST_HEARKEN_OWN_LANGUAGE_WEIGHT)
    options.language_weight = settings->language_weight;
  if (settings->word_bonus != GST_HEARKEN_OWN_WORD_BONUS)
    options.word_bonus = settings->word_bonus;
  if (settings->unknown_penalty != GST_HEARKEN_NO_UNKNOWN_WORDS)
    options.unknown_penalty = settings->unknown_penalty;
  return hearken_graph_new (model, &options, error);
}

/* Returns: whether there is something to be loaded for @job, which is empty; if not, the thread has
 * ended */
static gboolean
begin (GstHearkenLoader *loader, Job *job)
{
  g_mutex_lock (&loader->lock);
  loader->is_running = loader->model && loader->n_loaded != loader->n_wanted;
  if (loader->is_running) {
    job->model = hearken_model_ref (loader->model);
    gst_hearken_settings_copy (&job->settings, &loader->wanted);
    job->number = loader->n_wanted;
    job->with_model = loader->n_wanted_model > loader->n_loaded;
  }
  g_mutex_unlock (&loader->lock);
  return job->model != NULL;
}

/* @graph: (transfer full) (nullable): takes the place of the old one, with the job's model
 * Returns: whether it was the latest request's */
static gboolean
finish (GstHearkenLoader *loader, Job *job, HearkenGraph *graph)
{
  gboolean is_latest;

  g_mutex_lock (&loader->lock);
  is_latest = job->number == loader->n_wanted;
  if (is_latest) {
    loader->n_loaded = job->number;
    g_cond_broadcast (&loader->loaded);
    if (graph) {
      swap ((gpointer *) &loader->graph, (gpointer *) &graph);
      swap ((gpointer *) &loader->model, (gpointer *) &job->model);
    }
  }
  g_mutex_unlock (&loader->lock);
  g_clear_pointer (&graph, hearken_graph_unref);
  return is_latest;
}

/* The caps are settled, and they are those of the model. */
static gboolean
has_same_rate (GstHearkenLoader *loader, HearkenModel *old, HearkenModel *model)
{
  guint old_rate_hz = hearken_model_get_sample_rate_hz (old);
  guint rate_hz = hearken_model_get_sample_rate_hz (model);

  if (rate_hz == old_rate_hz)
    return TRUE;
  GST_ELEMENT_WARNING (loader->owner, RESOURCE, SETTINGS,
      ("Cannot go on with the speech model \"%s\": it takes audio at %u Hz, not at %u Hz.",
          hearken_model_get_name (model), rate_hz, old_rate_hz),
      ("It can be loaded from NULL to READY."));
  return FALSE;
}

/* Puts the model that is wanted in the place of the job's. Returns: whether it could; if not, a
 * warning has been posted */
static gboolean
load_model (GstHearkenLoader *loader, Job *job)
{
  g_autoptr (HearkenModel) model =
      gst_hearken_models_load (loader->owner, job->settings.model, GST_MESSAGE_WARNING);

  if (!model || !has_same_rate (loader, job->model, model))
    return FALSE;
  swap ((gpointer *) &job->model, (gpointer *) &model);
  return TRUE;
}

static void
do_job (GstHearkenLoader *loader, Job *job)
{
  g_autoptr (GError) error = NULL;
  HearkenGraph *graph = NULL;

  if (!job->with_model || load_model (loader, job))
    graph = load_graph (job->model, &job->settings, &error);
  if (!finish (loader, job, graph))
    GST_DEBUG_OBJECT (loader->owner, "another request has come: dropping what was loaded");
  else if (error)
    GST_ELEMENT_WARNING (loader->owner, RESOURCE, SETTINGS,
        ("Cannot load what may be said, which stays as it was: %s", error->message), (NULL));
}

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->model, hearken_model_unref);
  gst_hearken_settings_clear (&job->settings);
}

/* The thread. */
static void
run (GstElement *owner, gpointer data)
{
  GstHearkenLoader *loader = data;
  Job job = { 0 };

  while (begin (loader, &job)) {
    do_job (loader, &job);
    job_clear (&job);
  }
}

/* The lock is held. Its element, and so the loader, live as long as the thread runs. */
static void
start_thread_locked (GstHearkenLoader *loader)
{
  if (loader->is_running || !loader->model || loader->n_loaded == loader->n_wanted)
    return;
  loader->is_running = TRUE;
  gst_element_call_async (loader->owner, run, loader, NULL);
}

void
gst_hearken_loader_request (
    GstHearkenLoader *loader, const GstHearkenSettings *settings, gboolean with_model)
{
  g_mutex_lock (&loader->lock);
  gst_hearken_settings_copy (&loader->wanted, settings);
  loader->n_wanted++;
  if (with_model)
    loader->n_wanted_model = loader->n_wanted;
  start_thread_locked (loader);
  g_mutex_unlock (&loader->lock);
}

/* States */

/* Loads the model, too. Returns: whether it could; if not, an error has been posted */
static gboolean
load (GstHearkenLoader *loader, Job *job, HearkenGraph **graph)
{
  g_autoptr (GError) error = NULL;

  job->model = gst_hearken_models_load (loader->owner, job->settings.model, GST_MESSAGE_ERROR);
  if (!job->model)
    return FALSE;
  *graph = load_graph (job->model, &job->settings, &error);
  if (!*graph)
    GST_ELEMENT_ERROR (loader->owner, RESOURCE, SETTINGS,
        ("Cannot load what may be said: %s", error->message),
        ("Its docs/decoding.md says what dictionaries, language models, grammars and lists are."));
  return *graph != NULL;
}

gboolean
gst_hearken_loader_start (GstHearkenLoader *loader)
{
  Job job = { 0 };
  HearkenGraph *graph;

  g_mutex_lock (&loader->lock);
  gst_hearken_settings_copy (&job.settings, &loader->wanted);
  job.number = loader->n_wanted;
  g_mutex_unlock (&loader->lock);

  if (!load (loader, &job, &graph)) {
    job_clear (&job);
    return FALSE;
  }
  g_mutex_lock (&loader->lock);
  loader->model = g_steal_pointer (&job.model);
  loader->graph = graph;
  loader->n_loaded = job.number;
  start_thread_locked (loader); /* for requests of the meantime */
  g_mutex_unlock (&loader->lock);
  job_clear (&job);
  return TRUE;
}

void
gst_hearken_loader_stop (GstHearkenLoader *loader)
{
  g_autoptr (HearkenModel) model = NULL;
  g_autoptr (HearkenGraph) graph = NULL;

  g_mutex_lock (&loader->lock);
  model = g_steal_pointer (&loader->model);
  graph = g_steal_pointer (&loader->graph);
  loader->n_loaded = ++loader->n_wanted;
  g_cond_broadcast (&loader->loaded);
  g_mutex_unlock (&loader->lock);
}

void
gst_hearken_loader_wait (GstHearkenLoader *loader)
{
  g_mutex_lock (&loader->lock);
  while (loader->model && loader->n_loaded != loader->n_wanted)
    g_cond_wait (&loader->loaded, &loader->lock);
  g_mutex_unlock (&loader->lock);
}

/* What there is */

HearkenModel *
gst_hearken_loader_get (GstHearkenLoader *loader, HearkenGraph **graph)
{
  HearkenModel *model;

  g_mutex_lock (&loader->lock);
  model = loader->model ? hearken_model_ref (loader->model) : NULL;
  if (graph)
    *graph = loader->graph ? hearken_graph_ref (loader->graph) : NULL;
  g_mutex_unlock (&loader->lock);
  return model;
}
