/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * SECTION:element-hearken
 * @title: hearken
 * @short_description: streaming speech recognition
 *
 * Recognises speech with a stateful LSTM. Audio passes through untouched; what was said leaves as
 * custom downstream events named `recognized-token`, each before the buffer whose samples completed
 * it or, with #GstHearken:chunk-duration, its chunk, and as element messages of the same structure.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 -m filesrc location=speech.flac ! decodebin ! audioconvert ! audioresample ! hearken ! fakesink
 * ]| Prints what is said in a file.
 */

#include "gsthearken.h"

#include <gst/audio/audio.h>

#include "gsthearkencaps.h"
#include "gsthearkenlateness.h"
#include "gsthearkenloader.h"
#include "gsthearkensettings.h"
#include "gsthearkenstream.h"
#include "hearken-token.h"

GST_DEBUG_CATEGORY (gst_hearken_debug);
#define GST_CAT_DEFAULT gst_hearken_debug

/* What an action signal has asked the streaming thread to do. */
typedef struct {
  void (*carry_out) (GstHearken *self, GBytes *state);
  GBytes *state; /* nullable: to be restored */
} Request;

struct _GstHearken {
  GstBaseTransform parent;
  GstHearkenLoader *loader; /* has the model and the vocabulary from READY on */
  GstHearkenLateness lateness;

  /* Guarded by the object lock. */
  GstHearkenSettings settings;
  gboolean settings_changed; /* since the streaming thread has seen them */
  GQueue requests;           /* (element-type Request): in the order that they were made in */
  GstHearkenStats stats;     /* as the streaming thread last left them */

  /* Of the streaming thread. */
  GstHearkenStream *stream; /* from READY to PAUSED */
  GstAudioInfo info;
  gboolean has_refused; /* what upstream sends, and has said why */
  gboolean warned_bad_samples;
  gboolean warned_cut_sample;
};

G_DEFINE_TYPE (GstHearken, gst_hearken, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE (hearken, "hearken", GST_RANK_NONE, GST_TYPE_HEARKEN)

static guint prop_stats;

/* Settings */

static void
gst_hearken_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstHearken *self = GST_HEARKEN (object);
  gboolean is_known;

  GST_OBJECT_LOCK (self);
  is_known = gst_hearken_settings_set (&self->settings, id, value);
  self->settings_changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_hearken_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstHearken *self = GST_HEARKEN (object);
  gboolean is_known = TRUE;

  GST_OBJECT_LOCK (self);
  if (id == prop_stats)
    g_value_take_boxed (value, gst_hearken_stats_to_structure (&self->stats));
  else
    is_known = gst_hearken_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
request_vocabulary (GstHearken *self, gboolean with_model)
{
  GST_OBJECT_LOCK (self);
  gst_hearken_loader_request (self->loader, &self->settings, with_model);
  GST_OBJECT_UNLOCK (self);
}

/* Called once for all that one g_object_set() sets, so that what belongs together, such as a grammar
 * in place of a language model, is loaded together. */
static void
gst_hearken_dispatch_properties_changed (GObject *object, guint n_pspecs, GParamSpec **pspecs)
{
  gboolean is_vocabulary = FALSE, is_model = FALSE;

  for (guint i = 0; i < n_pspecs; i++) {
    if (pspecs[i]->owner_type == GST_TYPE_HEARKEN) {
      is_vocabulary |= gst_hearken_settings_is_vocabulary (pspecs[i]->param_id);
      is_model |= gst_hearken_settings_is_model (pspecs[i]->param_id);
    }
  }
  if (is_vocabulary || is_model)
    request_vocabulary (GST_HEARKEN (object), is_model);
  G_OBJECT_CLASS (gst_hearken_parent_class)->dispatch_properties_changed (object, n_pspecs, pspecs);
}

/* Life */

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_pointer (&request->state, g_bytes_unref);
  g_free (request);
}

static gboolean
load (GstHearken *self)
{
  request_vocabulary (self, TRUE);
  return gst_hearken_loader_start (self->loader);
}

static GstStateChangeReturn
gst_hearken_change_state (GstElement *element, GstStateChange transition)
{
  GstHearken *self = GST_HEARKEN (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && !load (self))
    return GST_STATE_CHANGE_FAILURE;
  ret = GST_ELEMENT_CLASS (gst_hearken_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_hearken_loader_stop (self->loader);
  return ret;
}

static gboolean
gst_hearken_start (GstBaseTransform *trans)
{
  GstHearken *self = GST_HEARKEN (trans);
  g_autoptr (HearkenModel) model = NULL;
  g_autoptr (HearkenGraph) graph = NULL;

  /* What was set in READY is to hold for the first word. */
  gst_hearken_loader_wait (self->loader);
  model = gst_hearken_loader_get (self->loader, &graph);
  self->stream = gst_hearken_stream_new (GST_OBJECT (self), model);
  gst_hearken_stream_set_vocabulary (self->stream, model, graph);
  gst_audio_info_init (&self->info);
  self->has_refused = FALSE;
  self->warned_bad_samples = FALSE;
  self->warned_cut_sample = FALSE;
  gst_hearken_lateness_init (&self->lateness, GST_ELEMENT (self));

  GST_OBJECT_LOCK (self);
  self->settings_changed = TRUE;
  self->stats = (GstHearkenStats){ 0 };
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
gst_hearken_stop (GstBaseTransform *trans)
{
  GstHearken *self = GST_HEARKEN (trans);

  g_clear_pointer (&self->stream, gst_hearken_stream_free);
  GST_OBJECT_LOCK (self);
  g_queue_clear_full (&self->requests, request_free);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
gst_hearken_finalize (GObject *object)
{
  GstHearken *self = GST_HEARKEN (object);

  gst_hearken_loader_free (self->loader);
  gst_hearken_settings_clear (&self->settings);
  g_queue_clear_full (&self->requests, request_free);
  G_OBJECT_CLASS (gst_hearken_parent_class)->finalize (object);
}

/* Caps */

/* Both pads have the same caps. */
static GstCaps *
gst_hearken_transform_caps (
    GstBaseTransform *trans, GstPadDirection direction, GstCaps *caps, GstCaps *filter)
{
  g_autoptr (HearkenModel) model = gst_hearken_loader_get (GST_HEARKEN (trans)->loader, NULL);
  g_autoptr (GstCaps) own = gst_hearken_caps_get (model);
  g_autoptr (GstCaps) result = gst_caps_intersect_full (caps, own, GST_CAPS_INTERSECT_FIRST);

  if (filter)
    return gst_caps_intersect_full (filter, result, GST_CAPS_INTERSECT_FIRST);
  return g_steal_pointer (&result);
}

static GstPadProbeReturn
look_at_caps (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstHearken *self = GST_HEARKEN (data);

  gst_hearken_caps_check (
      GST_ELEMENT (self), self->loader, GST_PAD_PROBE_INFO_EVENT (info), &self->has_refused);
  return GST_PAD_PROBE_OK;
}

/* Results */

static void
publish_stats (GstHearken *self)
{
  GST_OBJECT_LOCK (self);
  gst_hearken_stream_get_stats (self->stream, &self->stats);
  GST_OBJECT_UNLOCK (self);
}

static void
warn_of_bad_samples (GstHearken *self)
{
  if (self->warned_bad_samples || self->stats.bad_samples == 0)
    return;
  self->warned_bad_samples = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, DECODE,
      ("The audio has samples that are not a number, infinite or absurdly loud; they are taken as "
       "silence."),
      ("property \"stats\" counts them"));
}

static void
warn_of_cut_sample (GstHearken *self, GstBuffer *buffer)
{
  if (self->warned_cut_sample)
    return;
  self->warned_cut_sample = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, FORMAT,
      ("A buffer of audio ends within a sample: if the next one has the rest of it, all from there "
       "on is noise."),
      ("%" GST_PTR_FORMAT ", %u bytes a sample", buffer, GST_AUDIO_INFO_BPF (&self->info)));
}

/* @structure: (transfer full) */
static void
emit (GstHearken *self, GstStructure *structure, gboolean post_message)
{
  GST_LOG_OBJECT (self, "%" GST_PTR_FORMAT, structure);
  if (post_message)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_element (GST_OBJECT (self), gst_structure_copy (structure)));
  gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self),
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, structure));
}

/* Sends what the stream has recognised so far. */
static void
deliver (GstHearken *self)
{
  GstStructure *structure;
  gboolean post_messages;

  publish_stats (self);
  warn_of_bad_samples (self);
  GST_OBJECT_LOCK (self);
  post_messages = self->settings.post_messages;
  GST_OBJECT_UNLOCK (self);
  while ((structure = gst_hearken_stream_pull (self->stream)) != NULL)
    emit (self, structure, post_messages);
}

static void
hear_pending (GstHearken *self)
{
  gst_hearken_stream_hear_pending (self->stream);
  deliver (self);
}

static void
finish (GstHearken *self, HearkenEndReason reason)
{
  gst_hearken_stream_finish (self->stream, reason);
  deliver (self);
}

static gboolean
gst_hearken_set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstHearken *self = GST_HEARKEN (trans);
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, incaps))
    return FALSE;
  if (GST_AUDIO_INFO_IS_VALID (&self->info) &&
      GST_AUDIO_INFO_FORMAT (&info) != GST_AUDIO_INFO_FORMAT (&self->info))
    finish (self, HEARKEN_END_REASON_CAPS);
  self->info = info;
  return TRUE;
}

/* Audio */

/* Leaves audio out that is later than late-policy allows. Returns: whether it was */
static gboolean
skip_if_late (GstHearken *self, GstClockTime timestamp, guint64 n_samples)
{
  const GstSegment *segment = gst_hearken_stream_get_segment (self->stream);
  GstHearkenLatePolicy policy;
  GstClockTime max_lateness, duration;
  GstClockTimeDiff lateness;

  GST_OBJECT_LOCK (self);
  policy = self->settings.late_policy;
  max_lateness = self->settings.max_lateness_ms * GST_MSECOND;
  GST_OBJECT_UNLOCK (self);
  if (policy == GST_HEARKEN_LATE_POLICY_BLOCK)
    return FALSE;

  gst_hearken_stream_locate (self->stream, &timestamp, &n_samples);
  if (n_samples == 0)
    return FALSE;
  duration = gst_hearken_stream_samples_to_time (self->stream, n_samples);
  lateness = gst_hearken_lateness_get (&self->lateness, GST_ELEMENT (self),
      gst_segment_to_running_time (
          segment, GST_FORMAT_TIME, MIN (timestamp + duration, segment->stop)));
  if (lateness <= (GstClockTimeDiff) max_lateness)
    return FALSE;

  gst_hearken_stream_skip (self->stream, timestamp, n_samples);
  deliver (self);
  gst_hearken_lateness_report (
      GST_ELEMENT (self), segment, timestamp, duration, lateness, &self->stats);
  return TRUE;
}

static void
apply_settings (GstHearken *self)
{
  GstHearkenSettings settings = { 0 };
  gboolean have_changed;

  GST_OBJECT_LOCK (self);
  have_changed = self->settings_changed;
  self->settings_changed = FALSE;
  if (have_changed)
    gst_hearken_settings_copy (&settings, &self->settings);
  GST_OBJECT_UNLOCK (self);
  if (have_changed)
    gst_hearken_stream_configure (self->stream, &settings);
  gst_hearken_settings_clear (&settings);
}

/* What has been loaded since. */
static void
apply_vocabulary (GstHearken *self)
{
  g_autoptr (HearkenGraph) graph = NULL;
  g_autoptr (HearkenModel) model = gst_hearken_loader_get (self->loader, &graph);

  if (!model || !gst_hearken_stream_set_vocabulary (self->stream, model, graph))
    return;
  deliver (self);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), gst_structure_new_empty ("vocabulary-changed")));
}

/* Action signals, which the streaming thread obeys */

static void
finalize_now (GstHearken *self, GBytes *state)
{
  gst_hearken_stream_finalize (self->stream);
  deliver (self);
}

static void
reset_now (GstHearken *self, GBytes *state)
{
  gst_hearken_stream_reset (self->stream);
}

static void
save_now (GstHearken *self, GBytes *state)
{
  hear_pending (self);
  emit (self, gst_hearken_stream_save (self->stream), TRUE);
}

static void
restore_now (GstHearken *self, GBytes *state)
{
  g_autoptr (GError) error = NULL;

  if (!gst_hearken_stream_restore (self->stream, state, &error))
    GST_ELEMENT_WARNING (self, STREAM, DECODE,
        ("Cannot restore the state of the stream, which goes on as it was: %s.", error->message),
        (NULL));
}

/* @state: (nullable) */
static void
add_request (GstHearken *self, void (*carry_out) (GstHearken *, GBytes *), GBytes *state)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ carry_out, state ? g_bytes_ref (state) : NULL };
  GST_OBJECT_LOCK (self);
  g_queue_push_tail (&self->requests, request);
  GST_OBJECT_UNLOCK (self);
}

static void
finalize_utterance (GstHearken *self)
{
  add_request (self, finalize_now, NULL);
}

static void
reset (GstHearken *self)
{
  add_request (self, reset_now, NULL);
}

static void
save_state (GstHearken *self)
{
  add_request (self, save_now, NULL);
}

static void
restore_state (GstHearken *self, GBytes *state)
{
  g_return_if_fail (state != NULL);

  add_request (self, restore_now, state);
}

static void
obey (GstHearken *self)
{
  GQueue requests;
  Request *request;

  GST_OBJECT_LOCK (self);
  requests = self->requests;
  g_queue_init (&self->requests);
  GST_OBJECT_UNLOCK (self);
  while ((request = g_queue_pop_head (&requests)) != NULL) {
    request->carry_out (self, request->state);
    request_free (request);
  }
}

/* Does what the application has asked for since the last audio. */
static void
catch_up (GstHearken *self)
{
  apply_settings (self);
  obey (self);
  apply_vocabulary (self);
}

/* Of a buffer, in samples; of an empty one that stands for a gap, by its duration. */
static guint64
get_n_samples (GstHearken *self, GstBuffer *buffer)
{
  gsize n_bytes = gst_buffer_get_size (buffer);

  if (n_bytes == 0 && GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP) &&
      GST_BUFFER_DURATION_IS_VALID (buffer))
    return gst_hearken_stream_time_to_samples (self->stream, GST_BUFFER_DURATION (buffer));
  if (n_bytes % GST_AUDIO_INFO_BPF (&self->info) != 0)
    warn_of_cut_sample (self, buffer);
  return n_bytes / GST_AUDIO_INFO_BPF (&self->info);
}

static GstFlowReturn
listen (GstHearken *self, GstBuffer *buffer, guint64 n_samples)
{
  GstMapInfo map;

  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP)) {
    gst_hearken_stream_push_silence (self->stream, GST_BUFFER_PTS (buffer), n_samples);
    return GST_FLOW_OK;
  }
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, ("Cannot read the memory of an audio buffer."),
        ("%" GST_PTR_FORMAT, buffer));
    return GST_FLOW_ERROR;
  }
  gst_hearken_stream_push_audio (self->stream, GST_BUFFER_PTS (buffer),
      GST_AUDIO_INFO_FORMAT (&self->info), map.data, n_samples);
  gst_buffer_unmap (buffer, &map);
  return GST_FLOW_OK;
}

static GstFlowReturn
gst_hearken_transform_ip (GstBaseTransform *trans, GstBuffer *buffer)
{
  GstHearken *self = GST_HEARKEN (trans);
  guint64 n_samples;
  GstFlowReturn ret;

  if (!GST_AUDIO_INFO_IS_VALID (&self->info))
    return GST_FLOW_NOT_NEGOTIATED;
  if (!gst_hearken_stream_get_segment (self->stream))
    return GST_FLOW_ERROR;
  n_samples = get_n_samples (self, buffer);
  if (n_samples == 0)
    return GST_FLOW_OK;
  catch_up (self);
  if (skip_if_late (self, GST_BUFFER_PTS (buffer), n_samples))
    return GST_FLOW_OK;
  ret = listen (self, buffer, n_samples);
  deliver (self);
  return ret;
}

/* Events */

/* Another stream; the same one announced again goes on. */
static void
start_stream (GstHearken *self, GstEvent *event)
{
  g_autofree char *old_id = gst_pad_get_stream_id (GST_BASE_TRANSFORM_SINK_PAD (self));
  const char *new_id;

  gst_event_parse_stream_start (event, &new_id);
  if (g_strcmp0 (old_id, new_id) != 0)
    finish (self, HEARKEN_END_REASON_SEGMENT);
}

static gboolean
set_segment (GstHearken *self, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (!gst_hearken_caps_check_segment (GST_ELEMENT (self), segment, &self->has_refused))
    return FALSE;
  if (segment->rate < 0)
    GST_ELEMENT_WARNING (self, STREAM, NOT_IMPLEMENTED,
        ("Speech is not recognised while it is played backwards."), ("rate %g", segment->rate));
  gst_hearken_stream_set_segment (self->stream, segment);
  deliver (self);
  return TRUE;
}

static void
hear_gap (GstHearken *self, GstEvent *event)
{
  GstClockTime timestamp, duration;

  gst_event_parse_gap (event, &timestamp, &duration);
  if (!GST_CLOCK_TIME_IS_VALID (duration) || !gst_hearken_stream_get_segment (self->stream))
    return;
  catch_up (self);
  gst_hearken_stream_push_silence (
      self->stream, timestamp, gst_hearken_stream_time_to_samples (self->stream, duration));
  deliver (self);
}

/* Whether a hearken in front has sent it. Nobody behind could tell its results from those of this one:
 * they end here. */
static gboolean
is_of_another (GstEvent *event)
{
  static const char *const names[] = { HEARKEN_TOKEN_NAME, HEARKEN_ACTIVITY_NAME,
    GST_HEARKEN_MODEL_CHANGED, GST_HEARKEN_SAVED_STATE };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (gst_event_has_name (event, names[i]))
      return TRUE;
  return FALSE;
}

static gboolean
gst_hearken_sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstHearken *self = GST_HEARKEN (trans);

  if (is_of_another (event)) {
    gst_event_unref (event);
    return TRUE;
  }
  /* No event overtakes what was said before it. */
  if (GST_EVENT_IS_SERIALIZED (event) && GST_EVENT_TYPE (event) != GST_EVENT_FLUSH_STOP)
    hear_pending (self);
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
    start_stream (self, event);
    break;
  case GST_EVENT_SEGMENT:
    if (!set_segment (self, event)) {
      gst_event_unref (event);
      return FALSE;
    }
    break;
  case GST_EVENT_GAP:
    hear_gap (self, event);
    break;
  case GST_EVENT_SEGMENT_DONE:
    finish (self, HEARKEN_END_REASON_SEGMENT);
    break;
  case GST_EVENT_EOS:
    if (gst_hearken_stream_get_segment (self->stream))
      obey (self);
    finish (self, HEARKEN_END_REASON_EOS);
    break;
  case GST_EVENT_FLUSH_STOP:
    gst_hearken_stream_flush (self->stream);
    break;
  default:
    break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_hearken_parent_class)->sink_event (trans, event);
}

static gboolean
gst_hearken_src_event (GstBaseTransform *trans, GstEvent *event)
{
  GstHearken *self = GST_HEARKEN (trans);

  if (GST_EVENT_TYPE (event) == GST_EVENT_LATENCY)
    gst_hearken_lateness_set_latency (&self->lateness, GST_ELEMENT (self), event);
  return GST_BASE_TRANSFORM_CLASS (gst_hearken_parent_class)->src_event (trans, event);
}

/* Results are events in a stream that is pushed: nobody can pull it. */
static gboolean
gst_hearken_query (GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  if (direction == GST_PAD_SRC && GST_QUERY_TYPE (query) == GST_QUERY_SCHEDULING) {
    gst_query_set_scheduling (query, GST_SCHEDULING_FLAG_SEQUENTIAL, 1, -1, 0);
    gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
    return TRUE;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_hearken_parent_class)->query (trans, direction, query);
}

HearkenModel *
gst_hearken_wait_for_model (GstHearken *self)
{
  gst_hearken_loader_wait (self->loader);
  return gst_hearken_loader_get (self->loader, NULL);
}

/* Class */

static void
install_properties (GObjectClass *klass)
{
  klass->set_property = gst_hearken_set_property;
  klass->get_property = gst_hearken_get_property;
  klass->dispatch_properties_changed = gst_hearken_dispatch_properties_changed;
  prop_stats = gst_hearken_settings_install (klass) + 1;
  g_object_class_install_property (klass, prop_stats,
      g_param_spec_boxed ("stats", "Statistics",
          "What was heard since PAUSED: recognized-samples; silence-samples, in holes and gaps; "
          "dropped-samples, for lateness; bad-samples, that are no audio; tokens; utterances",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
install_signals (GType type)
{
  /**
   * GstHearken::save-state:
   *
   * Sends, before the next buffer, the state of the stream as an event and a message `saved-state`.
   */
  g_signal_new_class_handler ("save-state", type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (save_state), NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * GstHearken::restore-state:
   * @state: a #GBytes of `saved-state`
   *
   * Goes on, with the next buffer, where that state was saved.
   */
  g_signal_new_class_handler ("restore-state", type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (restore_state), NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  /**
   * GstHearken::finalize:
   *
   * Ends the open utterance before the next buffer, with "manual" as its end reason.
   */
  g_signal_new_class_handler ("finalize", type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (finalize_utterance), NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * GstHearken::reset:
   *
   * Forgets, before the next buffer, all that was heard: the open utterance is not told any more,
   * and the network starts from zero state.
   */
  g_signal_new_class_handler ("reset", type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (reset), NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
install_transform (GstBaseTransformClass *klass)
{
  klass->transform_ip_on_passthrough = TRUE;
  klass->start = gst_hearken_start;
  klass->stop = gst_hearken_stop;
  klass->transform_caps = gst_hearken_transform_caps;
  klass->set_caps = gst_hearken_set_caps;
  klass->transform_ip = gst_hearken_transform_ip;
  klass->sink_event = gst_hearken_sink_event;
  klass->src_event = gst_hearken_src_event;
  klass->query = gst_hearken_query;
}

static void
gst_hearken_class_init (GstHearkenClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_hearken_finalize;
  install_properties (G_OBJECT_CLASS (klass));
  install_signals (G_TYPE_FROM_CLASS (klass));
  install_transform (GST_BASE_TRANSFORM_CLASS (klass));

  element_class->change_state = gst_hearken_change_state;
  gst_element_class_add_static_pad_template (element_class, &gst_hearken_sink_template);
  gst_element_class_add_static_pad_template (element_class, &gst_hearken_src_template);
  gst_element_class_set_static_metadata (element_class, "Speech recogniser",
      "Filter/Analyzer/Audio",
      "Recognises speech with a stateful LSTM: audio passes through untouched, "
      "what was said leaves as recognized-token events and messages",
      "The Hearken developers");
}

static void
gst_hearken_init (GstHearken *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);

  self->loader = gst_hearken_loader_new (GST_ELEMENT (self));
  gst_hearken_settings_init (&self->settings);
  gst_base_transform_set_passthrough (trans, TRUE);
  gst_base_transform_set_gap_aware (trans, TRUE);
  gst_pad_add_probe (GST_BASE_TRANSFORM_SINK_PAD (trans), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      look_at_caps, self, NULL);
}
