/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * SECTION:element-hearkentext
 * @title: hearkentext
 * @short_description: recognised speech as timed text
 *
 * Takes the audio and the `recognized-token` events of a `hearken` element and makes a stream of
 * text of them: a buffer for each caption, word or utterance, with the time at which it is spoken,
 * and GAP events where nothing is.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=speech.flac ! decodebin ! audioconvert ! audioresample ! hearken \
 *   ! hearkentext ! srtenc ! filesink location=speech.srt
 * ]| Writes subtitles for a file.
 */

#include "gsthearkentext.h"

#include <gst/audio/audio.h>

#include "gsthearken.h"
#include "gsthearkencaptioner.h"
#include "gsthearkenoutput.h"
#include "gsthearkentextsettings.h"

#define GST_CAT_DEFAULT gst_hearken_debug

/* Time that goes back by more than this does not only overlap. */
#define BACK_NS (1 * GST_SECOND)

struct _GstHearkenText {
  GstElement parent;
  GstPad *sinkpad;
  GstPad *srcpad;

  /* Guarded by the object lock. */
  GstHearkenTextSettings settings;

  /* Of the streaming thread, from READY to PAUSED. */
  GstHearkenCaptioner *captioner;
  GstHearkenTextSettings active; /* the settings that hold */
  GstAudioInfo audio;
  GstSegment segment; /* format UNDEFINED before the first */
  GstClockTime heard; /* the end of the last audio */
  GstHearkenOutput output;
};

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("audio/x-raw"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_HEARKEN_TEXT_CAPS));

G_DEFINE_TYPE (GstHearkenText, gst_hearken_text, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE (hearkentext, "hearkentext", GST_RANK_NONE, GST_TYPE_HEARKEN_TEXT)

/* Settings */

static void
gst_hearken_text_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstHearkenText *self = GST_HEARKEN_TEXT (object);
  gboolean is_known;

  GST_OBJECT_LOCK (self);
  is_known = gst_hearken_text_settings_set (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_hearken_text_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstHearkenText *self = GST_HEARKEN_TEXT (object);
  gboolean is_known;

  GST_OBJECT_LOCK (self);
  is_known = gst_hearken_text_settings_get (&self->settings, id, value);
  GST_OBJECT_UNLOCK (self);
  if (!is_known)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Life */

/* Audio comes next that does not follow on what was heard. */
static void
begin_at (GstHearkenText *self, GstClockTime time)
{
  gst_hearken_captioner_start (self->captioner, time);
  self->heard = time;
  self->output.is_discont = TRUE;
}

static void
forget_stream (GstHearkenText *self)
{
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  gst_hearken_captioner_forget (self->captioner);
  begin_at (self, 0);
  gst_hearken_output_forget_segment (&self->output);
  self->output.flow = GST_FLOW_OK;
}

static void
start (GstHearkenText *self)
{
  GST_OBJECT_LOCK (self);
  gst_hearken_text_settings_copy (&self->settings, &self->active);
  GST_OBJECT_UNLOCK (self);
  self->captioner = gst_hearken_captioner_new (&self->active);
  gst_audio_info_init (&self->audio);
  gst_hearken_output_init (&self->output, self->srcpad, &self->active);
  forget_stream (self);
}

static void
stop (GstHearkenText *self)
{
  g_clear_pointer (&self->captioner, gst_hearken_captioner_free);
  gst_hearken_output_forget_segment (&self->output);
  gst_hearken_text_settings_clear (&self->active);
}

static GstStateChangeReturn
gst_hearken_text_change_state (GstElement *element, GstStateChange transition)
{
  GstHearkenText *self = GST_HEARKEN_TEXT (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    start (self);
  ret = GST_ELEMENT_CLASS (gst_hearken_text_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED && ret == GST_STATE_CHANGE_FAILURE))
    stop (self);
  return ret;
}

static void
gst_hearken_text_finalize (GObject *object)
{
  gst_hearken_text_settings_clear (&GST_HEARKEN_TEXT (object)->settings);
  G_OBJECT_CLASS (gst_hearken_text_parent_class)->finalize (object);
}

/* Text */

/* Sends what the captioner has made so far. */
static void
deliver (GstHearkenText *self)
{
  GstHearkenCaption *caption;

  while ((caption = gst_hearken_captioner_pull (self->captioner)) != NULL) {
    gst_hearken_output_push (&self->output, caption, &self->segment);
    gst_hearken_caption_free (caption);
  }
}

static void
finish (GstHearkenText *self)
{
  gst_hearken_captioner_finish (self->captioner);
  deliver (self);
}

/* Audio */

/* Returns: of a buffer without duration, that of its samples */
static GstClockTime
get_duration (GstHearkenText *self, GstBuffer *buffer)
{
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    return GST_BUFFER_DURATION (buffer);
  if (!GST_AUDIO_INFO_IS_VALID (&self->audio))
    return 0;
  return gst_util_uint64_scale (gst_buffer_get_size (buffer) / GST_AUDIO_INFO_BPF (&self->audio),
      GST_SECOND, GST_AUDIO_INFO_RATE (&self->audio));
}

/* Begins anew where audio is that was elsewhere. */
static void
follow_back (GstHearkenText *self, GstClockTime time)
{
  if (time >= self->heard || self->heard - time <= BACK_NS)
    return;
  finish (self);
  begin_at (self, time);
}

/* Backwards nothing is recognised, but who waits for text is to know. */
static void
pass_by (GstHearkenText *self, GstClockTime timestamp, GstClockTime duration)
{
  if (GST_CLOCK_TIME_IS_VALID (timestamp) && duration > 0)
    gst_hearken_output_push_gap (&self->output, timestamp, duration);
}

/* @timestamp: may be GST_CLOCK_TIME_NONE, the audio then follows on what came before */
static void
hear (GstHearkenText *self, GstClockTime timestamp, GstClockTime duration)
{
  if (self->segment.format != GST_FORMAT_TIME)
    return;
  if (self->segment.rate < 0) {
    pass_by (self, timestamp, duration);
    return;
  }
  if (GST_CLOCK_TIME_IS_VALID (timestamp)) {
    follow_back (self, MAX (timestamp, self->segment.start));
    self->heard = timestamp;
  }
  self->heard += duration;
  gst_hearken_captioner_hear (self->captioner, self->heard);
  deliver (self);
}

static GstFlowReturn
gst_hearken_text_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstHearkenText *self = GST_HEARKEN_TEXT (parent);
  GstFlowReturn flow;

  hear (self, GST_BUFFER_PTS (buffer), get_duration (self, buffer));
  gst_buffer_unref (buffer);
  flow = self->output.flow;
  self->output.flow = GST_FLOW_OK;
  return flow;
}

/* Events */

/* Returns: whether the event is consumed */
static gboolean
take_token (GstHearkenText *self, GstEvent *event)
{
  HearkenToken token;

  if (!gst_event_has_name (event, HEARKEN_TOKEN_NAME))
    return FALSE;
  if (hearken_token_parse (gst_event_get_structure (event), &token) &&
      GST_CLOCK_TIME_IS_VALID (token.timestamp) && GST_CLOCK_TIME_IS_VALID (token.duration)) {
    gst_hearken_captioner_add (self->captioner, &token);
    deliver (self);
  }
  return TRUE;
}

/* Another model can be of another language: hearkentranscriber has set it. */
static void
take_language (GstHearkenText *self)
{
  char **active = &self->active.language_code;
  g_autofree char *old = g_steal_pointer (active);

  GST_OBJECT_LOCK (self);
  *active = g_strdup (self->settings.language_code);
  GST_OBJECT_UNLOCK (self);
  if (g_strcmp0 (old, *active) != 0)
    self->output.needs_tags = *active != NULL;
}

/* Returns: whether the event is consumed */
static gboolean
take_custom (GstHearkenText *self, GstEvent *event)
{
  if (gst_event_has_name (event, GST_HEARKEN_MODEL_CHANGED))
    take_language (self);
  return take_token (self, event);
}

/* The text is a stream of its own, with long silences. The same stream announced again goes on. */
static gboolean
start_stream (GstHearkenText *self, GstEvent *event)
{
  g_autofree char *old_id = gst_pad_get_stream_id (self->sinkpad);
  g_autofree char *own_id = NULL;
  const char *id;
  GstEvent *own;
  GstStreamFlags flags;
  guint group_id;

  gst_event_parse_stream_start (event, &id);
  if (g_strcmp0 (old_id, id) != 0) {
    finish (self);
    forget_stream (self);
    self->output.needs_tags = self->active.language_code != NULL;
  }
  own_id = g_strdup_printf ("%s/text", id);
  own = gst_event_new_stream_start (own_id);
  gst_event_parse_stream_flags (event, &flags);
  gst_event_set_stream_flags (own, flags | GST_STREAM_FLAG_SPARSE);
  if (gst_event_parse_group_id (event, &group_id))
    gst_event_set_group_id (own, group_id);
  gst_event_set_seqnum (own, gst_event_get_seqnum (event));
  return gst_pad_push_event (self->srcpad, own);
}

static gboolean
set_audio_caps (GstHearkenText *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  return gst_audio_info_from_caps (&self->audio, caps);
}

static gboolean
is_same_segment (const GstSegment *a, const GstSegment *b)
{
  return a->format == b->format && a->rate == b->rate && a->applied_rate == b->applied_rate &&
         a->base == b->base && a->offset == b->offset && a->start == b->start &&
         a->stop == b->stop && a->time == b->time;
}

/* The end of the audio is not that of text, which can be shown after it. */
static void
push_segment (GstHearkenText *self, GstEvent *event)
{
  GstSegment segment;
  GstEvent *own;

  gst_event_copy_segment (event, &segment);
  if (segment.rate > 0)
    segment.stop = GST_CLOCK_TIME_NONE;
  own = gst_event_new_segment (&segment);
  gst_event_set_seqnum (own, gst_event_get_seqnum (event));
  gst_hearken_output_set_segment (&self->output, own);
}

/* What is open leaves in the times that it was spoken in. */
static void
set_segment (GstHearkenText *self, GstEvent *event)
{
  GstSegment segment;

  gst_event_copy_segment (event, &segment);
  if (!is_same_segment (&segment, &self->segment)) {
    finish (self);
    self->segment = segment;
    begin_at (self, segment.format == GST_FORMAT_TIME ? segment.start : 0);
  }
  push_segment (self, event);
}

/* Of the audio's own tags only its language is one of the text, too. */
static gboolean
push_tags (GstHearkenText *self, GstEvent *event)
{
  GstTagList *tags, *own;
  g_autofree char *language = NULL;

  gst_event_parse_tag (event, &tags);
  if (gst_tag_list_get_scope (tags) == GST_TAG_SCOPE_GLOBAL)
    return gst_pad_push_event (self->srcpad, gst_event_ref (event));
  if (self->active.language_code ||
      !gst_tag_list_get_string (tags, GST_TAG_LANGUAGE_CODE, &language))
    return TRUE;
  own = gst_tag_list_new (GST_TAG_LANGUAGE_CODE, language, NULL);
  return gst_pad_push_event (self->srcpad, gst_event_new_tag (own));
}

static void
hear_gap (GstHearkenText *self, GstEvent *event)
{
  GstClockTime timestamp, duration;

  gst_event_parse_gap (event, &timestamp, &duration);
  hear (self, timestamp, GST_CLOCK_TIME_IS_VALID (duration) ? duration : 0);
}

/* Returns: whether the event goes on as it is */
static gboolean
handle_event (GstHearkenText *self, GstEvent *event, gboolean *result)
{
  *result = TRUE;
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_CUSTOM_DOWNSTREAM:
    return !take_custom (self, event);
  case GST_EVENT_STREAM_START:
    *result = start_stream (self, event);
    return FALSE;
  case GST_EVENT_CAPS:
    *result = set_audio_caps (self, event);
    return FALSE;
  case GST_EVENT_SEGMENT:
    set_segment (self, event);
    return FALSE;
  case GST_EVENT_TAG:
    *result = push_tags (self, event);
    return FALSE;
  case GST_EVENT_GAP:
    hear_gap (self, event);
    return FALSE;
  case GST_EVENT_SEGMENT_DONE:
  case GST_EVENT_EOS:
    finish (self);
    return TRUE;
  case GST_EVENT_FLUSH_STOP:
    forget_stream (self);
    return TRUE;
  default:
    return TRUE;
  }
}

static gboolean
gst_hearken_text_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gboolean result;

  if (handle_event (GST_HEARKEN_TEXT (parent), event, &result))
    return gst_pad_event_default (pad, parent, event);
  gst_event_unref (event);
  return result;
}

/* Text that is late is no reason for the audio to hurry. */
static gboolean
gst_hearken_text_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) != GST_EVENT_QOS)
    return gst_pad_event_default (pad, parent, event);
  gst_event_unref (event);
  return TRUE;
}

/* Queries */

/* Nothing is buffered here: when text comes early, a sink that waits for its time blocks the
 * audio, which is why the maximum stays as it is. A queue behind the element adds to it. */
static gboolean
query_latency (GstHearkenText *self, GstQuery *query)
{
  GstClockTime own, min, max;
  gboolean is_live;

  if (!gst_pad_peer_query (self->sinkpad, query))
    return FALSE;
  GST_OBJECT_LOCK (self);
  own = gst_hearken_captioner_get_latency (&self->settings);
  GST_OBJECT_UNLOCK (self);
  gst_query_parse_latency (query, &is_live, &min, &max);
  gst_query_set_latency (query, is_live, min + own, max);
  return TRUE;
}

static gboolean
gst_hearken_text_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_LATENCY)
    return query_latency (GST_HEARKEN_TEXT (parent), query);
  return gst_pad_query_default (pad, parent, query);
}

/* Class */

static void
gst_hearken_text_class_init (GstHearkenTextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_hearken_text_set_property;
  object_class->get_property = gst_hearken_text_get_property;
  object_class->finalize = gst_hearken_text_finalize;
  gst_hearken_text_settings_install (object_class, 0);

  element_class->change_state = gst_hearken_text_change_state;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Recognised speech to text",
      "Filter/Converter/Text",
      "Makes timed text of what a hearken element upstream recognises: captions, words or "
      "utterances, as plain text, Pango markup or JSON, with gaps between",
      "The Hearken developers");
}

static void
gst_hearken_text_init (GstHearkenText *self)
{
  gst_hearken_text_settings_init (&self->settings, G_OBJECT_GET_CLASS (self));

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad, gst_hearken_text_chain);
  gst_pad_set_event_function (self->sinkpad, gst_hearken_text_sink_event);
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_use_fixed_caps (self->srcpad);
  gst_pad_set_event_function (self->srcpad, gst_hearken_text_src_event);
  gst_pad_set_query_function (self->srcpad, gst_hearken_text_src_query);
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);
}
