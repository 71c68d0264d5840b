/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * SECTION:element-hearkenscope
 * @title: hearkenscope
 * @short_description: shows how speech is heard
 *
 * Recognises speech as `hearken` does, and shows what goes on meanwhile, as video that moves from
 * right to left: the waveform, the features, the words, the posteriors of the model's tokens and, if
 * wanted, the gates and the cells of an LSTM layer.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 autoaudiosrc ! audioconvert ! audioresample ! hearkenscope ! videoconvert \
 *   ! autovideosink
 * ]| Shows what is heard by the microphone.
 */

#include "gsthearkenscope.h"

#include <gst/pbutils/gstaudiovisualizer.h>

#include "gsthearken.h"
#include "gsthearkencaps.h"
#include "gsthearkenloader.h"
#include "gsthearkenscopeview.h"
#include "gsthearkenstream.h"

#define GST_CAT_DEFAULT gst_hearken_debug

#define DEFAULT_HISTORY_MS 6000

#define GST_TYPE_HEARKEN_SCOPE (gst_hearken_scope_get_type ())
G_DECLARE_FINAL_TYPE (GstHearkenScope, gst_hearken_scope, GST, HEARKEN_SCOPE, GstAudioVisualizer)

struct _GstHearkenScope {
  GstAudioVisualizer parent;
  GstHearkenLoader *loader; /* has the model and the vocabulary from READY on */

  /* The base class's functions of the sink pad. */
  GstPadChainFunction draw_audio;
  GstPadEventFunction handle_event;

  /* Guarded by the object lock. */
  GstHearkenSettings settings;
  gboolean settings_changed; /* since the streaming thread has seen them */
  guint history_ms;
  guint lstm;

  /* Of the streaming thread, from READY to PAUSED. */
  GstHearkenStream *stream;
  GstHearkenScopeView *view;
  GstClockTime history; /* how much is shown */
  GstAdapter *waiting;  /* audio that is not enough for a picture yet */
  guint64 n_pictures;   /* since the start or a flush */
  gboolean has_refused; /* what upstream sends, and has said why */
};

/* The first size is the one that is taken where downstream has no wish. */
#define SRC_CAPS(width, height)                                                                    \
  "video/x-raw, format = (string) " GST_HEARKEN_SCOPE_FORMAT ", width = (int) " width              \
  ", height = (int) " height ", framerate = (fraction) [ 1/1, 1000/1 ]"

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (SRC_CAPS ("1280", "720") ";" SRC_CAPS ("[ 480, 8192 ]", "[ 360, 8192 ]")));

G_DEFINE_TYPE (GstHearkenScope, gst_hearken_scope, GST_TYPE_AUDIO_VISUALIZER)
GST_ELEMENT_REGISTER_DEFINE (hearkenscope, "hearkenscope", GST_RANK_NONE, GST_TYPE_HEARKEN_SCOPE)

/* Settings */

static guint prop_history;
static guint prop_gates;

static void
gst_hearken_scope_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (object);
  gboolean is_known = TRUE;

  GST_OBJECT_LOCK (self);
  if (id == prop_history)
    self->history_ms = g_value_get_uint (value);
  else if (id == prop_gates)
    self->lstm = g_value_get_uint (value);
  else
    is_known = gst_hearken_settings_set (&self->settings, id, value);
  self->settings_changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_hearken_scope_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (object);
  gboolean is_known = TRUE;

  GST_OBJECT_LOCK (self);
  if (id == prop_history)
    g_value_set_uint (value, self->history_ms);
  else if (id == prop_gates)
    g_value_set_uint (value, self->lstm);
  else
    is_known = gst_hearken_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
request_vocabulary (GstHearkenScope *self)
{
  GST_OBJECT_LOCK (self);
  gst_hearken_loader_request (self->loader, &self->settings, FALSE);
  GST_OBJECT_UNLOCK (self);
}

/* Called once for all that one g_object_set() sets. */
static void
gst_hearken_scope_dispatch_properties_changed (GObject *object, guint n_pspecs, GParamSpec **pspecs)
{
  gboolean is_vocabulary = FALSE;

  for (guint i = 0; i < n_pspecs; i++)
    is_vocabulary |= pspecs[i]->owner_type == GST_TYPE_HEARKEN_SCOPE &&
                     gst_hearken_settings_is_vocabulary (pspecs[i]->param_id);
  if (is_vocabulary)
    request_vocabulary (GST_HEARKEN_SCOPE (object));
  G_OBJECT_CLASS (gst_hearken_scope_parent_class)
      ->dispatch_properties_changed (object, n_pspecs, pspecs);
}

/* Life */

static guint
get_lstm (GstHearkenScope *self)
{
  guint lstm;

  GST_OBJECT_LOCK (self);
  lstm = self->lstm;
  GST_OBJECT_UNLOCK (self);
  return lstm;
}

/* Returns: whether the model has the layer; if not, an error has been posted */
static gboolean
check_lstm (GstHearkenScope *self, HearkenModel *model, guint lstm)
{
  const guint n_lstms = hearken_trace_get_n_lstms (model);

  if (lstm > n_lstms)
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("There is no LSTM layer %u: the speech model \"%s\" has %u.", lstm,
            hearken_model_get_name (model), n_lstms),
        ("property \"gates\""));
  return lstm <= n_lstms;
}

static gboolean
load (GstHearkenScope *self)
{
  g_autoptr (HearkenModel) model = NULL;

  request_vocabulary (self);
  if (!gst_hearken_loader_start (self->loader))
    return FALSE;
  model = gst_hearken_loader_get (self->loader, NULL);
  if (check_lstm (self, model, get_lstm (self)))
    return TRUE;
  gst_hearken_loader_stop (self->loader);
  return FALSE;
}

/* Returns: whether it could; if not, an error has been posted */
static gboolean
start (GstHearkenScope *self)
{
  const guint lstm = get_lstm (self); /* can have been set since it was loaded */
  g_autoptr (HearkenModel) model = NULL;

  gst_hearken_loader_wait (self->loader);
  model = gst_hearken_loader_get (self->loader, NULL);
  if (!check_lstm (self, model, lstm))
    return FALSE;
  self->view = gst_hearken_scope_view_new (model, lstm);
  self->stream = gst_hearken_stream_new (GST_OBJECT (self), model);
  gst_hearken_stream_set_tracer (self->stream, gst_hearken_scope_view_get_tracer (self->view));
  self->waiting = gst_adapter_new ();
  self->n_pictures = 0;
  self->has_refused = FALSE;
  GST_OBJECT_LOCK (self);
  self->settings_changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
stop (GstHearkenScope *self)
{
  g_clear_object (&self->waiting);
  g_clear_pointer (&self->stream, gst_hearken_stream_free);
  g_clear_pointer (&self->view, gst_hearken_scope_view_free);
}

static GstStateChangeReturn
gst_hearken_scope_change_state (GstElement *element, GstStateChange transition)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && !load (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  ret = GST_ELEMENT_CLASS (gst_hearken_scope_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED && ret == GST_STATE_CHANGE_FAILURE))
    stop (self);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_hearken_loader_stop (self->loader);
  return ret;
}

static void
gst_hearken_scope_finalize (GObject *object)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (object);

  gst_hearken_loader_free (self->loader);
  gst_hearken_settings_clear (&self->settings);
  G_OBJECT_CLASS (gst_hearken_scope_parent_class)->finalize (object);
}

/* Caps */

static gboolean
query_caps (GstHearkenScope *self, GstQuery *query)
{
  g_autoptr (HearkenModel) model = gst_hearken_loader_get (self->loader, NULL);
  g_autoptr (GstCaps) own = gst_hearken_caps_get (model);
  g_autoptr (GstCaps) result = NULL;
  GstCaps *filter;

  gst_query_parse_caps (query, &filter);
  result =
      filter ? gst_caps_intersect_full (filter, own, GST_CAPS_INTERSECT_FIRST) : gst_caps_ref (own);
  gst_query_set_caps_result (query, result);
  return TRUE;
}

static gboolean
gst_hearken_scope_sink_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS)
    return query_caps (GST_HEARKEN_SCOPE (parent), query);
  return gst_pad_query_default (pad, parent, query);
}

static GstPadProbeReturn
look_at_caps (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (data);

  gst_hearken_caps_check (
      GST_ELEMENT (self), self->loader, GST_PAD_PROBE_INFO_EVENT (info), &self->has_refused);
  return GST_PAD_PROBE_OK;
}

/* Audio */

/* Hands on what the stream has recognised so far. */
static void
collect (GstHearkenScope *self)
{
  GstStructure *structure;
  HearkenToken token;

  while ((structure = gst_hearken_stream_pull (self->stream)) != NULL) {
    if (hearken_token_parse (structure, &token))
      gst_hearken_scope_view_add (self->view, &token);
    gst_structure_free (structure);
  }
}

/* Does what the application has asked for since the last audio. */
static void
catch_up (GstHearkenScope *self)
{
  g_autoptr (HearkenGraph) graph = NULL;
  g_autoptr (HearkenModel) model = gst_hearken_loader_get (self->loader, &graph);

  GST_OBJECT_LOCK (self);
  if (self->settings_changed)
    gst_hearken_stream_configure (self->stream, &self->settings);
  self->settings_changed = FALSE;
  self->history = self->history_ms * GST_MSECOND;
  GST_OBJECT_UNLOCK (self);
  if (model)
    gst_hearken_stream_set_vocabulary (self->stream, model, graph);
}

/* Hands on what is recognised by now, in place of what is too old to be shown. */
static void
take_results (GstHearkenScope *self)
{
  collect (self);
  gst_hearken_scope_view_forget (self->view, gst_hearken_stream_get_origin (self->stream),
      gst_hearken_stream_get_next (self->stream), self->history);
}

static void
listen (GstHearkenScope *self, GstBuffer *buffer)
{
  const GstAudioInfo *info = &GST_AUDIO_VISUALIZER (self)->ainfo;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  catch_up (self);
  gst_hearken_stream_push_audio (self->stream, GST_BUFFER_PTS (buffer),
      GST_AUDIO_INFO_FORMAT (info), map.data, map.size / GST_AUDIO_INFO_BPF (info));
  gst_buffer_unmap (buffer, &map);
  take_results (self);
}

/* Returns: the timestamp of the audio that waits, or of what is to come */
static GstClockTime
get_waiting_pts (GstHearkenScope *self)
{
  const GstAudioInfo *info = &GST_AUDIO_VISUALIZER (self)->ainfo;
  guint64 distance;
  const GstClockTime pts = gst_adapter_prev_pts (self->waiting, &distance);

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    return gst_hearken_stream_get_next (self->stream);
  return pts + gst_util_uint64_scale (
                   distance / GST_AUDIO_INFO_BPF (info), GST_SECOND, GST_AUDIO_INFO_RATE (info));
}

/* Returns: (transfer full): the next @n_bytes of the audio that waits, with their timestamp */
static GstBuffer *
take (GstHearkenScope *self, gsize n_bytes)
{
  const GstClockTime pts = get_waiting_pts (self);
  GstBuffer *buffer = gst_buffer_make_writable (gst_adapter_take_buffer (self->waiting, n_bytes));

  GST_BUFFER_PTS (buffer) = pts;
  return buffer;
}

/* What is too little for a picture, or is not to be seen, is heard all the same. */
static void
listen_to_rest (GstHearkenScope *self)
{
  const gsize n_bytes = gst_adapter_available (self->waiting);

  if (n_bytes > 0) {
    g_autoptr (GstBuffer) buffer = take (self, n_bytes);

    listen (self, buffer);
  }
  gst_adapter_clear (self->waiting); /* and of its times */
}

/* It has no pictures: downstream gets the gap, too. */
static void
listen_to_gap (GstHearkenScope *self, GstEvent *event)
{
  GstClockTime timestamp, duration;

  gst_event_parse_gap (event, &timestamp, &duration);
  if (!GST_CLOCK_TIME_IS_VALID (duration) || !gst_hearken_stream_get_segment (self->stream))
    return;
  listen_to_rest (self);
  catch_up (self);
  gst_hearken_stream_push_silence (
      self->stream, timestamp, gst_hearken_stream_time_to_samples (self->stream, duration));
  take_results (self);
}

/* Returns: the first sample of a picture */
static guint64
get_picture_start (const GstAudioVisualizer *base, guint64 number)
{
  const guint64 rate_hz = GST_AUDIO_INFO_RATE (&base->ainfo);

  return gst_util_uint64_scale (
      number, rate_hz * GST_VIDEO_INFO_FPS_D (&base->vinfo), GST_VIDEO_INFO_FPS_N (&base->vinfo));
}

/* Returns: the audio of the next picture, of which some have a sample more than the base class asks for;
 * 0 before caps are negotiated */
static gsize
get_picture_bytes (GstHearkenScope *self)
{
  const GstAudioVisualizer *base = GST_AUDIO_VISUALIZER (self);

  if (base->req_spf == 0)
    return 0;
  return (get_picture_start (base, self->n_pictures + 1) -
             get_picture_start (base, self->n_pictures)) *
         GST_AUDIO_INFO_BPF (&base->ainfo);
}

/* What the base class gets is the audio of one picture, marked as discontinuous so that it keeps
 * nothing of it: else it would draw a picture for each buffer that it gets, however short.
 * @buffer: (transfer full) */
static GstFlowReturn
draw (GstHearkenScope *self, GstPad *pad, GstBuffer *buffer)
{
  self->n_pictures++;
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  return self->draw_audio (pad, GST_OBJECT (self), buffer);
}

static GstFlowReturn
show (GstHearkenScope *self, GstPad *pad, gsize n_bytes)
{
  GstBuffer *buffer = take (self, n_bytes);

  listen (self, buffer);
  return draw (self, pad, buffer);
}

static gboolean
has_heard (GstHearkenScope *self)
{
  return (GstClockTimeDiff) gst_hearken_stream_get_next (self->stream) >
         gst_hearken_stream_get_origin (self->stream);
}

/* What was too little for a picture, and what is known only now that nothing follows. */
static void
show_end (GstHearkenScope *self, GstPad *pad)
{
  const GstClockTime pts = get_waiting_pts (self);
  const gsize n_bytes = get_picture_bytes (self);
  GstBuffer *silence;

  listen_to_rest (self);
  if (n_bytes == 0 || !has_heard (self))
    return;
  gst_hearken_stream_finalize (self->stream);
  collect (self);
  silence = gst_buffer_new_allocate (NULL, n_bytes, NULL);
  gst_buffer_memset (silence, 0, 0, n_bytes);
  GST_BUFFER_PTS (silence) = pts;
  draw (self, pad, silence);
}

static GstFlowReturn
gst_hearken_scope_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (parent);
  GstFlowReturn ret = GST_FLOW_OK;
  gsize n_bytes;

  if (!gst_hearken_stream_get_segment (self->stream) || get_picture_bytes (self) == 0)
    return self->draw_audio (pad, parent, buffer);
  if (GST_BUFFER_IS_DISCONT (buffer))
    listen_to_rest (self);
  gst_adapter_push (self->waiting, buffer);
  while (ret == GST_FLOW_OK && (n_bytes = get_picture_bytes (self)) > 0 &&
         gst_adapter_available (self->waiting) >= n_bytes)
    ret = show (self, pad, n_bytes);
  if (ret != GST_FLOW_OK)
    listen_to_rest (self);
  return ret;
}

static gboolean
gst_hearken_scope_render (GstAudioVisualizer *base, GstBuffer *audio, GstVideoFrame *frame)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (base);

  gst_hearken_scope_view_draw (self->view, frame, gst_hearken_stream_get_origin (self->stream),
      GST_BUFFER_PTS (frame->buffer) + GST_BUFFER_DURATION (frame->buffer), self->history);
  return TRUE;
}

/* Events */

static gboolean
set_segment (GstHearkenScope *self, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (!gst_hearken_caps_check_segment (GST_ELEMENT (self), segment, &self->has_refused))
    return FALSE;
  listen_to_rest (self);
  gst_hearken_stream_set_segment (self->stream, segment);
  collect (self);
  return TRUE;
}

static gboolean
gst_hearken_scope_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstHearkenScope *self = GST_HEARKEN_SCOPE (parent);

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_CAPS:
    listen_to_rest (self);
    break;
  case GST_EVENT_SEGMENT:
    if (!set_segment (self, event)) {
      gst_event_unref (event);
      return FALSE;
    }
    break;
  case GST_EVENT_GAP:
    listen_to_gap (self, event);
    break;
  case GST_EVENT_EOS:
    show_end (self, pad);
    break;
  case GST_EVENT_FLUSH_STOP:
    self->n_pictures = 0;
    gst_adapter_clear (self->waiting);
    gst_hearken_stream_flush (self->stream);
    gst_hearken_scope_view_clear (self->view);
    break;
  default:
    break;
  }
  return self->handle_event (pad, parent, event);
}

/* Class */

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  const guint n_props = gst_hearken_settings_install_recognition (klass);

  prop_history = n_props + 1;
  prop_gates = n_props + 2;
  g_object_class_install_property (klass, prop_history,
      g_param_spec_uint ("history", "History", "How much is shown, in ms of audio", 1000, 60000,
          DEFAULT_HISTORY_MS, flags | GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, prop_gates,
      g_param_spec_uint ("gates", "Gates",
          "The LSTM layer whose gates and cells are shown, too, from 1; 0: none", 0, G_MAXUINT, 0,
          flags | GST_PARAM_MUTABLE_READY));
}

static void
gst_hearken_scope_class_init (GstHearkenScopeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_hearken_scope_set_property;
  object_class->get_property = gst_hearken_scope_get_property;
  object_class->dispatch_properties_changed = gst_hearken_scope_dispatch_properties_changed;
  object_class->finalize = gst_hearken_scope_finalize;
  install_properties (object_class);

  GST_AUDIO_VISUALIZER_CLASS (klass)->render = gst_hearken_scope_render;
  element_class->change_state = gst_hearken_scope_change_state;
  gst_element_class_add_static_pad_template (element_class, &gst_hearken_sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Speech recognition scope", "Visualization",
      "Shows how speech is heard: waveform, features, recognised words, posteriors, and the gates "
      "of an LSTM layer",
      "The Hearken developers");
}

static void
init_settings (GstHearkenScope *self)
{
  gst_hearken_settings_init (&self->settings);
  self->settings.levels = GST_HEARKEN_LEVELS_WORD | GST_HEARKEN_LEVELS_UTTERANCE;
  self->settings.partial_interval_ms = 100;
  self->history_ms = DEFAULT_HISTORY_MS;
}

static void
gst_hearken_scope_init (GstHearkenScope *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (self), "sink");

  self->loader = gst_hearken_loader_new (GST_ELEMENT (self));
  init_settings (self);
  /* Each picture is drawn from scratch. */
  gst_util_set_object_arg (G_OBJECT (self), "shader", "none");

  self->draw_audio = GST_PAD_CHAINFUNC (pad);
  self->handle_event = GST_PAD_EVENTFUNC (pad);
  gst_pad_set_chain_function (pad, gst_hearken_scope_chain);
  gst_pad_set_event_function (pad, gst_hearken_scope_sink_event);
  gst_pad_set_query_function (pad, gst_hearken_scope_sink_query);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, look_at_caps, self, NULL);
}
