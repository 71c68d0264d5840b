/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * SECTION:element-hearkentranscriber
 * @title: hearkentranscriber
 * @short_description: audio to timed text
 *
 * Recognises speech in any raw audio and sends it as text: `audioconvert ! audioresample ! hearken
 * ! hearkentext ! queue` in one. It has the properties `latency`, `lateness` and `language-code` of
 * GStreamer's transcribers, with their meaning, so that it can be used where they are, as in
 * `transcriberbin`; and all properties of `hearken` and `hearkentext`.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 videotestsrc is-live=true ! textoverlay name=caption ! videoconvert \
 *   ! autovideosink  pulsesrc ! hearkentranscriber ! caption.text_sink
 * ]| Captions of what is said into the microphone.
 */

#include "gsthearkentranscriber.h"

#include <string.h>

#include "gsthearken.h"
#include "gsthearkenchannels.h"
#include "gsthearkensettings.h"
#include "gsthearkentextsettings.h"

#define GST_CAT_DEFAULT gst_hearken_debug

/* What the queue holds beyond the latency, for text that comes early. */
#define QUEUE_EXTRA_NS (1 * GST_SECOND)

struct _GstHearkenTranscriber {
  GstBin parent;

  /* The bin's; set once. */
  GstElement *hearken;
  GstElement *text;
  GstElement *queue;
  const char *missing; /* nullable: the element that is not installed */

  int has_models_language; /* atomic: language-code is not the application's */
  char *language;          /* nullable: of the model, as last settled */
  guint n_held;            /* atomic: see hold_notifications() */
};

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("audio/x-raw"));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC,
    GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("text/x-raw, format = (string) { utf8, pango-markup }; application/x-json"));

G_DEFINE_TYPE (GstHearkenTranscriber, gst_hearken_transcriber, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (
    hearkentranscriber, "hearkentranscriber", GST_RANK_NONE, GST_TYPE_HEARKEN_TRANSCRIBER)

/* Properties: those of the two elements within, which keep them; what both have is set on both. */

static guint n_hearken_props;

/* Returns: the element that a property is of */
static GObject *
get_owner (GstHearkenTranscriber *self, guint id)
{
  return G_OBJECT (id <= n_hearken_props ? self->hearken : self->text);
}

/* hearken hears of what one g_object_set() sets when all of it is set, so that it loads it together. */
static void
hold_notifications (GstHearkenTranscriber *self)
{
  g_object_freeze_notify (G_OBJECT (self->hearken));
  g_atomic_int_inc (&self->n_held);
}

/* Called once for all that one g_object_set() sets. */
static void
gst_hearken_transcriber_dispatch_properties_changed (
    GObject *object, guint n_pspecs, GParamSpec **pspecs)
{
  GstHearkenTranscriber *self = GST_HEARKEN_TRANSCRIBER (object);

  for (guint n = g_atomic_int_and (&self->n_held, 0); n > 0; n--)
    g_object_thaw_notify (G_OBJECT (self->hearken));
  G_OBJECT_CLASS (gst_hearken_transcriber_parent_class)
      ->dispatch_properties_changed (object, n_pspecs, pspecs);
}

static void
gst_hearken_transcriber_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstHearkenTranscriber *self = GST_HEARKEN_TRANSCRIBER (object);
  GObject *owner = get_owner (self, id), *text = G_OBJECT (self->text);

  if (g_str_equal (pspec->name, "language-code"))
    g_atomic_int_set (&self->has_models_language, FALSE);
  hold_notifications (self);
  g_object_set_property (owner, pspec->name, value);
  if (owner != text && g_object_class_find_property (G_OBJECT_GET_CLASS (text), pspec->name))
    g_object_set_property (text, pspec->name, value);
}

static void
gst_hearken_transcriber_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_object_get_property (get_owner (GST_HEARKEN_TRANSCRIBER (object), id), pspec->name, value);
}

/* Life */

/* Whether two codes are of the same language, as "en" and "en-US" are. */
static gboolean
is_same_language (const char *a, const char *b)
{
  gsize length = strcspn (a, "-_");

  return length == strcspn (b, "-_") && g_ascii_strncasecmp (a, b, length) == 0;
}

/* The language is that of the model: a wish for another cannot be met. Without a wish, the text is
 * tagged with it. @language: (nullable) */
static void
settle_language (GstHearkenTranscriber *self, const char *model, const char *language)
{
  g_autofree char *wish = NULL;
  gboolean is_new = g_strcmp0 (language, self->language) != 0;

  if (!g_atomic_int_get (&self->has_models_language))
    g_object_get (self->text, "language-code", &wish, NULL);
  if (!wish) {
    g_object_set (self->text, "language-code", language, NULL);
    g_atomic_int_set (&self->has_models_language, TRUE);
  } else if (is_new && language && !is_same_language (language, wish)) {
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("The speech model \"%s\" is for the language \"%s\", not \"%s\".", model, language, wish),
        ("language-code names no model; the property \"model\" does"));
  }
  g_free (self->language);
  self->language = g_strdup (language);
}

static void
settle_loaded_language (GstHearkenTranscriber *self)
{
  g_autoptr (HearkenModel) model = gst_hearken_wait_for_model (GST_HEARKEN (self->hearken));

  if (model)
    settle_language (self, hearken_model_get_name (model), hearken_model_get_language (model));
}

/* Another model has taken over, behind which hearkentext looks at its language again. */
static GstPadProbeReturn
look_at_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  const GstStructure *structure = gst_event_get_structure (event);

  if (gst_event_has_name (event, GST_HEARKEN_MODEL_CHANGED))
    settle_language (data, gst_structure_get_string (structure, "model"),
        gst_structure_get_string (structure, "language"));
  return GST_PAD_PROBE_OK;
}

static void
forget_models_language (GstHearkenTranscriber *self)
{
  if (g_atomic_int_and (&self->has_models_language, FALSE))
    g_object_set (self->text, "language-code", NULL, NULL);
  g_clear_pointer (&self->language, g_free);
}

static gboolean
is_complete (GstHearkenTranscriber *self)
{
  if (!self->missing)
    return TRUE;
  GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
      ("The GStreamer element \"%s\" is not installed.", self->missing), (NULL));
  return FALSE;
}

/* Text comes up to `latency` and `lateness` before it is shown. */
static void
size_queue (GstHearkenTranscriber *self)
{
  guint latency_ms, lateness_ms;

  g_object_get (self->text, "latency", &latency_ms, "lateness", &lateness_ms, NULL);
  g_object_set (self->queue, "max-size-time",
      (latency_ms + lateness_ms) * GST_MSECOND + QUEUE_EXTRA_NS, "max-size-buffers", 0,
      "max-size-bytes", 0, NULL);
}

static GstStateChangeReturn
gst_hearken_transcriber_change_state (GstElement *element, GstStateChange transition)
{
  GstHearkenTranscriber *self = GST_HEARKEN_TRANSCRIBER (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && !is_complete (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    size_queue (self);
    settle_loaded_language (self);
  }
  ret =
      GST_ELEMENT_CLASS (gst_hearken_transcriber_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_NULL_TO_READY && ret != GST_STATE_CHANGE_FAILURE)
    settle_loaded_language (self);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    forget_models_language (self);
  return ret;
}

/* Class */

static void
gst_hearken_transcriber_class_init (GstHearkenTranscriberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_hearken_transcriber_set_property;
  object_class->get_property = gst_hearken_transcriber_get_property;
  object_class->dispatch_properties_changed = gst_hearken_transcriber_dispatch_properties_changed;
  n_hearken_props = gst_hearken_settings_install (object_class);
  gst_hearken_text_settings_install (object_class, n_hearken_props);

  element_class->change_state = gst_hearken_transcriber_change_state;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Speech transcriber", "Audio/Text/Filter",
      "Recognises speech with a stateful LSTM and sends it as timed text: audioconvert, "
      "audioresample, hearken, hearkentext and a queue in one",
      "The Hearken developers");
}

/* Returns: the new element, which the bin owns; or %NULL, and remembers what is missing */
static GstElement *
add (GstHearkenTranscriber *self, const char *factory)
{
  GstElement *element = gst_element_factory_make (factory, factory);

  if (element)
    gst_bin_add (GST_BIN (self), element);
  else
    self->missing = factory;
  return element;
}

/* @template: (transfer none) */
static void
add_ghost_pad (
    GstHearkenTranscriber *self, GstElement *target, const char *name, GstStaticPadTemplate *pads)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (target, name);
  g_autoptr (GstPadTemplate) template = gst_static_pad_template_get (pads);

  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new_from_template (name, pad, template));
}

static void
gst_hearken_transcriber_init (GstHearkenTranscriber *self)
{
  GstElement *convert = add (self, "audioconvert");
  GstElement *resample = add (self, "audioresample");
  g_autoptr (GstPad) hearken_src = NULL;

  self->hearken = add (self, "hearken");
  self->text = add (self, "hearkentext");
  self->queue = add (self, "queue");
  if (self->missing)
    return;
  gst_hearken_channels_mix_unplaced (convert);
  gst_element_link_many (convert, resample, self->hearken, self->text, self->queue, NULL);
  hearken_src = gst_element_get_static_pad (self->hearken, "src");
  gst_pad_add_probe (hearken_src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, look_at_event, self, NULL);
  add_ghost_pad (self, convert, "sink", &sink_template);
  add_ghost_pad (self, self->queue, "src", &src_template);
}
