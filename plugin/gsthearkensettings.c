/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkensettings.h"

enum {
  PROP_MODEL = 1,
  PROP_LEVELS,
  PROP_POST_MESSAGES,
  PROP_ENDPOINT_SILENCE,
  PROP_MAX_UTTERANCE,
  PROP_STATE_POLICY,
  PROP_MAX_GAP_FILL,
  PROP_LATE_POLICY,
  PROP_MAX_LATENESS,
  N_PROPS = PROP_MAX_LATENESS,
};

#define TEN_MINUTES_MS 600000
#define TEN_SECONDS_MS 10000

GType
gst_hearken_levels_get_type (void)
{
  static const GFlagsValue values[] = {
    { GST_HEARKEN_LEVELS_TOKEN, "Tokens, the units of the model: letters, phones, classes",
        "token" },
    { GST_HEARKEN_LEVELS_WORD, "Words", "word" },
    { GST_HEARKEN_LEVELS_UTTERANCE, "Utterances: all words up to a silence", "utterance" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_flags_register_static ("GstHearkenLevels", values));
  return type;
}

GType
gst_hearken_late_policy_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_HEARKEN_LATE_POLICY_BLOCK, "Recognise everything, however late", "block" },
    { GST_HEARKEN_LATE_POLICY_DROP, "Pass late audio on without recognising it", "drop" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstHearkenLatePolicy", values));
  return type;
}

GType
gst_hearken_state_policy_get_type (void)
{
  static const GEnumValue values[] = {
    { HEARKEN_STATE_POLICY_PERSIST, "Carry the state over, for the whole stream", "persist" },
    { HEARKEN_STATE_POLICY_RESET_ON_ENDPOINT, "Start every utterance from zero state",
        "reset-on-endpoint" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstHearkenStatePolicy", values));
  return type;
}

static void
install_model (GObjectClass *klass, GParamFlags flags)
{
  g_object_class_install_property (klass, PROP_MODEL,
      g_param_spec_string ("model", "Model",
          "The model to recognise with: the path of a .safetensors file, or the short name of a "
          "shipped one, such as \"an4\". Unset, the default model is used. It is loaded from NULL "
          "to READY",
          NULL, flags | GST_PARAM_MUTABLE_READY));
}

static void
install_output (GObjectClass *klass, GParamFlags flags)
{
  g_object_class_install_property (klass, PROP_LEVELS,
      g_param_spec_flags ("levels", "Levels", "What is emitted, as events and as messages",
          GST_TYPE_HEARKEN_LEVELS,
          GST_HEARKEN_LEVELS_TOKEN | GST_HEARKEN_LEVELS_WORD | GST_HEARKEN_LEVELS_UTTERANCE,
          flags));
  g_object_class_install_property (klass, PROP_POST_MESSAGES,
      g_param_spec_boolean ("post-messages", "Post messages",
          "Post every recognized-token on the bus too; downstream it is always sent as an event",
          TRUE, flags));
}

static void
install_utterances (GObjectClass *klass, GParamFlags flags)
{
  g_object_class_install_property (klass, PROP_ENDPOINT_SILENCE,
      g_param_spec_uint ("endpoint-silence", "Endpoint silence",
          "Silence after the last token that ends an utterance, in ms of audio; 0: none ends it", 0,
          TEN_MINUTES_MS, 800, flags));
  g_object_class_install_property (klass, PROP_MAX_UTTERANCE,
      g_param_spec_uint ("max-utterance", "Maximum utterance",
          "Length at which an utterance is ended in any case, in ms of audio", 100, TEN_MINUTES_MS,
          30000, flags));
  g_object_class_install_property (klass, PROP_STATE_POLICY,
      g_param_spec_enum ("state-policy", "State policy",
          "What the end of an utterance does to the recurrent state of the network",
          GST_TYPE_HEARKEN_STATE_POLICY, HEARKEN_STATE_POLICY_PERSIST, flags));
}

static void
install_timing (GObjectClass *klass, GParamFlags flags)
{
  g_object_class_install_property (klass, PROP_MAX_GAP_FILL,
      g_param_spec_uint ("max-gap-fill", "Maximum gap fill",
          "The longest hole in the timestamps that is heard as silence, in ms; a longer one ends "
          "the utterance. Less than 40 ms is jitter and never a hole",
          0, TEN_SECONDS_MS, 500, flags));
  g_object_class_install_property (klass, PROP_LATE_POLICY,
      g_param_spec_enum ("late-policy", "Late policy",
          "What is done with audio that is later than max-lateness; it is passed on in any case",
          GST_TYPE_HEARKEN_LATE_POLICY, GST_HEARKEN_LATE_POLICY_BLOCK, flags));
  g_object_class_install_property (klass, PROP_MAX_LATENESS,
      g_param_spec_uint ("max-lateness", "Maximum lateness",
          "With late-policy=drop: how far audio may be behind the pipeline's clock and latency and "
          "still be recognised, in ms",
          0, TEN_MINUTES_MS, 1000, flags));
}

guint
gst_hearken_settings_install (GObjectClass *klass)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  install_model (klass, flags);
  install_output (klass, flags | GST_PARAM_MUTABLE_PLAYING);
  install_utterances (klass, flags | GST_PARAM_MUTABLE_PLAYING);
  install_timing (klass, flags | GST_PARAM_MUTABLE_PLAYING);
  gst_type_mark_as_plugin_api (GST_TYPE_HEARKEN_LEVELS, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_HEARKEN_LATE_POLICY, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_HEARKEN_STATE_POLICY, 0);
  return N_PROPS;
}

void
gst_hearken_settings_init (GstHearkenSettings *settings, GObjectClass *klass)
{
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (klass, &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++) {
    if (pspecs[i]->owner_type == G_OBJECT_CLASS_TYPE (klass))
      gst_hearken_settings_set (
          settings, pspecs[i]->param_id, g_param_spec_get_default_value (pspecs[i]));
  }
}

void
gst_hearken_settings_clear (GstHearkenSettings *settings)
{
  g_clear_pointer (&settings->model, g_free);
}

gboolean
gst_hearken_settings_set (GstHearkenSettings *settings, guint id, const GValue *value)
{
  switch (id) {
  case PROP_MODEL:
    g_free (settings->model);
    settings->model = g_value_dup_string (value);
    return TRUE;
  case PROP_LEVELS:
    settings->levels = g_value_get_flags (value);
    return TRUE;
  case PROP_POST_MESSAGES:
    settings->post_messages = g_value_get_boolean (value);
    return TRUE;
  case PROP_ENDPOINT_SILENCE:
    settings->endpoint_silence_ms = g_value_get_uint (value);
    return TRUE;
  case PROP_MAX_UTTERANCE:
    settings->max_utterance_ms = g_value_get_uint (value);
    return TRUE;
  case PROP_STATE_POLICY:
    settings->state_policy = g_value_get_enum (value);
    return TRUE;
  case PROP_MAX_GAP_FILL:
    settings->max_gap_fill_ms = g_value_get_uint (value);
    return TRUE;
  case PROP_LATE_POLICY:
    settings->late_policy = g_value_get_enum (value);
    return TRUE;
  case PROP_MAX_LATENESS:
    settings->max_lateness_ms = g_value_get_uint (value);
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
gst_hearken_settings_get (const GstHearkenSettings *settings, guint id, GValue *value)
{
  switch (id) {
  case PROP_MODEL:
    g_value_set_string (value, settings->model);
    return TRUE;
  case PROP_LEVELS:
    g_value_set_flags (value, settings->levels);
    return TRUE;
  case PROP_POST_MESSAGES:
    g_value_set_boolean (value, settings->post_messages);
    return TRUE;
  case PROP_ENDPOINT_SILENCE:
    g_value_set_uint (value, settings->endpoint_silence_ms);
    return TRUE;
  case PROP_MAX_UTTERANCE:
    g_value_set_uint (value, settings->max_utterance_ms);
    return TRUE;
  case PROP_STATE_POLICY:
    g_value_set_enum (value, settings->state_policy);
    return TRUE;
  case PROP_MAX_GAP_FILL:
    g_value_set_uint (value, settings->max_gap_fill_ms);
    return TRUE;
  case PROP_LATE_POLICY:
    g_value_set_enum (value, settings->late_policy);
    return TRUE;
  case PROP_MAX_LATENESS:
    g_value_set_uint (value, settings->max_lateness_ms);
    return TRUE;
  default:
    return FALSE;
  }
}
