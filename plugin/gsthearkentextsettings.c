/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkentextsettings.h"

#include "caption-shape.h"

enum {
  PROP_GRANULARITY = 1,
  PROP_LINE_LENGTH,
  PROP_MAX_LINES,
  PROP_PARTIAL_RESULTS,
  PROP_MARK_CONFIDENCE,
  PROP_MARK_COLOR,
  PROP_NEWLINE,
  PROP_LANGUAGE_CODE,
  PROP_LATENCY,
  PROP_LATENESS,
  PROP_CLEAN_UP,
};

/* As GStreamer's transcribers have. */
#define DEFAULT_LATENCY_MS 8000
#define TEN_MINUTES_MS 600000

GType
gst_hearken_granularity_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_HEARKEN_GRANULARITY_WORD, "Each word by itself, from when to when it is spoken", "word" },
    { GST_HEARKEN_GRANULARITY_LINE, "Captions of up to max-lines lines and 7 seconds", "line" },
    { GST_HEARKEN_GRANULARITY_UTTERANCE, "All words up to a silence, in as many lines as it takes",
        "utterance" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstHearkenGranularity", values));
  return type;
}

static void
install_shape (GObjectClass *klass, guint n_before, GParamFlags flags)
{
  g_object_class_install_property (klass, n_before + PROP_GRANULARITY,
      g_param_spec_enum ("granularity", "Granularity", "What one buffer of text is",
          GST_TYPE_HEARKEN_GRANULARITY, GST_HEARKEN_GRANULARITY_LINE, flags));
  g_object_class_install_property (klass, n_before + PROP_LINE_LENGTH,
      g_param_spec_uint ("line-length", "Line length",
          "Characters that fit on a line; a longer word has a line of its own", 1, 10000,
          CAPTION_LINE_CHARS, flags));
  g_object_class_install_property (klass, n_before + PROP_MAX_LINES,
      g_param_spec_uint ("max-lines", "Maximum lines",
          "With granularity=line: lines that a caption has at most", 1, 100, CAPTION_MAX_LINES,
          flags));
  g_object_class_install_property (klass, n_before + PROP_PARTIAL_RESULTS,
      g_param_spec_boolean ("partial-results", "Partial results",
          "Show words as soon as they are heard, before it is certain what they are: captions "
          "roll. "
          "A buffer is then what is known at its time, not what is spoken at its time",
          FALSE, flags));
}

static void
install_look (GObjectClass *klass, guint n_before, GParamFlags flags)
{
  g_object_class_install_property (klass, n_before + PROP_MARK_CONFIDENCE,
      g_param_spec_double ("mark-confidence", "Mark confidence",
          "In pango-markup: words of a lower confidence have mark-color; 0: none", 0, 1, 0, flags));
  g_object_class_install_property (klass, n_before + PROP_MARK_COLOR,
      g_param_spec_string ("mark-color", "Mark colour",
          "Colour of the words that mark-confidence marks, as Pango writes it: a name or #rrggbb",
          "#ffb000", flags));
  g_object_class_install_property (klass, n_before + PROP_NEWLINE,
      g_param_spec_boolean ("newline", "Newline",
          "End each text with a newline, for a file or a terminal; JSON has one in any case", FALSE,
          flags));
  g_object_class_install_property (klass, n_before + PROP_LANGUAGE_CODE,
      g_param_spec_string ("language-code", "Language code",
          "The language that the stream of text is tagged with, such as \"en\" or \"en-US\". "
          "Unset or \"\", it is that of the audio, if that is tagged",
          NULL, flags));
}

static void
install_timing (GObjectClass *klass, guint n_before, GParamFlags flags)
{
  g_object_class_install_property (klass, n_before + PROP_LATENCY,
      g_param_spec_uint ("latency", "Latency",
          "How much audio may be heard, from the beginning of a text on, before the text leaves, "
          "in ms; what is not final or not complete by then leaves as it is",
          0, TEN_MINUTES_MS, DEFAULT_LATENCY_MS, flags));
  g_object_class_install_property (klass, n_before + PROP_LATENESS,
      g_param_spec_uint ("lateness", "Lateness",
          "How much later than it is spoken text is shown, in ms. Recognition gets that much more "
          "time, and the pipeline no more latency",
          0, TEN_MINUTES_MS, 0, flags));
}

static void
install_writing (GObjectClass *klass, guint n_before, GParamFlags flags)
{
  if (!g_object_class_find_property (klass, "clean-up"))
    g_object_class_install_property (klass, n_before + PROP_CLEAN_UP,
        g_param_spec_boolean ("clean-up", "Clean up",
            "Write words as people do: \"Flight AN4 at 10\", not \"flight a n four at ten\". For "
            "English",
            FALSE, flags));
}

void
gst_hearken_text_settings_install (GObjectClass *klass, guint n_before)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;

  install_shape (klass, n_before, flags);
  install_look (klass, n_before, flags);
  install_timing (klass, n_before, flags);
  install_writing (klass, n_before, flags);
  gst_type_mark_as_plugin_api (GST_TYPE_HEARKEN_GRANULARITY, 0);
}

void
gst_hearken_text_settings_init (GstHearkenTextSettings *settings, GObjectClass *klass)
{
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (klass, &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++) {
    if (pspecs[i]->owner_type == G_OBJECT_CLASS_TYPE (klass))
      gst_hearken_text_settings_set (
          settings, pspecs[i]->param_id, g_param_spec_get_default_value (pspecs[i]));
  }
}

void
gst_hearken_text_settings_clear (GstHearkenTextSettings *settings)
{
  g_clear_pointer (&settings->mark_color, g_free);
  g_clear_pointer (&settings->language_code, g_free);
}

void
gst_hearken_text_settings_copy (const GstHearkenTextSettings *from, GstHearkenTextSettings *to)
{
  *to = *from;
  to->mark_color = g_strdup (from->mark_color);
  to->language_code = g_strdup (from->language_code);
}

/* gst-launch-1.0 can only set an empty code, not none. */
static char *
dup_code (const char *code)
{
  return code && *code ? g_strdup (code) : NULL;
}

gboolean
gst_hearken_text_settings_set (GstHearkenTextSettings *settings, guint id, const GValue *value)
{
  switch (id) {
  case PROP_GRANULARITY:
    settings->granularity = g_value_get_enum (value);
    return TRUE;
  case PROP_LINE_LENGTH:
    settings->line_length = g_value_get_uint (value);
    return TRUE;
  case PROP_MAX_LINES:
    settings->max_lines = g_value_get_uint (value);
    return TRUE;
  case PROP_PARTIAL_RESULTS:
    settings->partial_results = g_value_get_boolean (value);
    return TRUE;
  case PROP_MARK_CONFIDENCE:
    settings->mark_confidence = g_value_get_double (value);
    return TRUE;
  case PROP_MARK_COLOR:
    g_free (settings->mark_color);
    settings->mark_color = g_value_dup_string (value);
    return TRUE;
  case PROP_NEWLINE:
    settings->newline = g_value_get_boolean (value);
    return TRUE;
  case PROP_LANGUAGE_CODE:
    g_free (settings->language_code);
    settings->language_code = dup_code (g_value_get_string (value));
    return TRUE;
  case PROP_LATENCY:
    settings->latency_ms = g_value_get_uint (value);
    return TRUE;
  case PROP_LATENESS:
    settings->lateness_ms = g_value_get_uint (value);
    return TRUE;
  case PROP_CLEAN_UP:
    settings->clean_up = g_value_get_boolean (value);
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
gst_hearken_text_settings_get (const GstHearkenTextSettings *settings, guint id, GValue *value)
{
  switch (id) {
  case PROP_GRANULARITY:
    g_value_set_enum (value, settings->granularity);
    return TRUE;
  case PROP_LINE_LENGTH:
    g_value_set_uint (value, settings->line_length);
    return TRUE;
  case PROP_MAX_LINES:
    g_value_set_uint (value, settings->max_lines);
    return TRUE;
  case PROP_PARTIAL_RESULTS:
    g_value_set_boolean (value, settings->partial_results);
    return TRUE;
  case PROP_MARK_CONFIDENCE:
    g_value_set_double (value, settings->mark_confidence);
    return TRUE;
  case PROP_MARK_COLOR:
    g_value_set_string (value, settings->mark_color);
    return TRUE;
  case PROP_NEWLINE:
    g_value_set_boolean (value, settings->newline);
    return TRUE;
  case PROP_LANGUAGE_CODE:
    g_value_set_string (value, settings->language_code);
    return TRUE;
  case PROP_LATENCY:
    g_value_set_uint (value, settings->latency_ms);
    return TRUE;
  case PROP_LATENESS:
    g_value_set_uint (value, settings->lateness_ms);
    return TRUE;
  case PROP_CLEAN_UP:
    g_value_set_boolean (value, settings->clean_up);
    return TRUE;
  default:
    return FALSE;
  }
}
