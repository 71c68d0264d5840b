/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkensettings.h"

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
    { GST_HEARKEN_LEVELS_ACTIVITY, "Speech activity: where speech begins and ends", "activity" },
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

/* What a property's field is. */
typedef enum {
  STRING,  /* char * */
  BOOLEAN, /* gboolean */
  UINT,    /* guint */
  DOUBLE,  /* double */
  ENUM,    /* an enum */
  FLAGS,   /* the same, for sets */
} Kind;

typedef struct {
  const char *name;
  const char *nick;
  const char *blurb;
  Kind kind;
  gsize offset; /* of the field in GstHearkenSettings */
  /* By the kind, what it takes. */
  double minimum;
  double maximum;
  double initial;
  GType (*get_type) (void);
} Setting;

#define FIELD(name) G_STRUCT_OFFSET (GstHearkenSettings, name)
/* The end of an entry. */
#define STRING_AT(name) STRING, FIELD (name), 0, 0, 0, NULL
#define BOOLEAN_AT(name, initial) BOOLEAN, FIELD (name), 0, 0, initial, NULL
#define UINT_AT(name, minimum, maximum, initial) UINT, FIELD (name), minimum, maximum, initial, NULL
#define DOUBLE_AT(name, minimum, maximum, initial)                                                 \
  DOUBLE, FIELD (name), minimum, maximum, initial, NULL
#define ENUM_AT(name, initial, type) ENUM, FIELD (name), 0, 0, initial, type
#define FLAGS_AT(name, initial, type) FLAGS, FIELD (name), 0, 0, initial, type

/* The property with identifier i + 1 is entry i. */
static const Setting table[] = {
  { "model", "Model",
      "The model to recognise with: the path of a .safetensors file, or the short name of a "
      "shipped one, such as \"english\". Unset, the default model is used. It is loaded from NULL "
      "to READY; another of the same rate that hearken is given later takes over when nobody "
      "speaks",
      STRING_AT (model) },

  { "dictionary", "Dictionary",
      "How words are pronounced: a file in CMUdict's format. Unset, the model's own, if it has "
      "one; \"\": none, words are spelled with the model's tokens",
      STRING_AT (dictionary) },
  { "language-model", "Language model",
      "How probable words are one after the other: n-grams, in an ARPA file or compiled. Unset, "
      "the model's own, if it has one and neither grammar nor keywords are given; \"\": none",
      STRING_AT (language_model) },
  { "grammar", "Grammar",
      "What may be said: a JSGF file, or a list of sentences, one a line. Only these are "
      "recognised; any other utterance is rejected",
      STRING_AT (grammar) },
  { "keywords", "Keywords",
      "What is listened for: a list of words or phrases, one a line, perhaps with a threshold of "
      "its own behind it, as in \"ok computer /0.8/\". Nothing else is recognised",
      STRING_AT (keywords) },
  { "hotwords", "Hotwords",
      "What is favoured: a list of words or phrases, one a line, perhaps with a boost of its own "
      "behind it, as in \"hearken /3.5/\"",
      STRING_AT (hotwords) },
  { "language-weight", "Language weight",
      "How much the language model's probabilities count next to the sound; -1: as much as the "
      "model says, else 1",
      DOUBLE_AT (
          language_weight, GST_HEARKEN_OWN_LANGUAGE_WEIGHT, 100, GST_HEARKEN_OWN_LANGUAGE_WEIGHT) },
  { "word-bonus", "Word bonus",
      "Added for each word, as a natural logarithm: less of it gives fewer and longer words; "
      "-1000: "
      "what the model says, else 0",
      DOUBLE_AT (word_bonus, GST_HEARKEN_OWN_WORD_BONUS, 100, GST_HEARKEN_OWN_WORD_BONUS) },
  { "unknown-penalty", "Unknown penalty",
      "Words that are not in the vocabulary are spelled, if the model has letters or subwords, for "
      "this much off each, as a natural logarithm; -1: there are no such words",
      DOUBLE_AT (
          unknown_penalty, GST_HEARKEN_NO_UNKNOWN_WORDS, 100, GST_HEARKEN_NO_UNKNOWN_WORDS) },

  { "beam-width", "Beam width",
      "How many hypotheses are followed: more is slower and misses less; 0: as many as the model "
      "says",
      UINT_AT (beam_width, 0, 1000, 0) },
  { "max-delay", "Maximum delay",
      "The time after which a word is final even if it could still turn out to be another, in ms "
      "of audio from its end; 0: only when it is certain",
      UINT_AT (max_delay_ms, 0, TEN_MINUTES_MS, 3000) },
  { "keyword-threshold", "Keyword threshold",
      "The confidence from which a keyword is told that has no threshold of its own",
      DOUBLE_AT (keyword_threshold, 0, 1, 0.5) },
  { "keyword-debounce", "Keyword debounce",
      "The least time from one hearing of a keyword to the next of the same, in ms of audio",
      UINT_AT (keyword_debounce_ms, 0, TEN_MINUTES_MS, 500) },
  { "rejection-threshold", "Rejection threshold",
      "With a grammar: the confidence under which a sentence is rejected; 0: only what is none at "
      "all, and with a language model nothing, which else the model may find too doubtful",
      DOUBLE_AT (rejection_threshold, 0, 1, 0.1) },

  { "levels", "Levels", "What is emitted, as events and as messages",
      FLAGS_AT (levels,
          GST_HEARKEN_LEVELS_TOKEN | GST_HEARKEN_LEVELS_WORD | GST_HEARKEN_LEVELS_UTTERANCE |
              GST_HEARKEN_LEVELS_ACTIVITY,
          gst_hearken_levels_get_type) },
  { "post-messages", "Post messages",
      "Post everything on the bus too; downstream it is always sent as an event",
      BOOLEAN_AT (post_messages, TRUE) },
  { "n-best", "N best",
      "Sentences that are told with a final utterance, the most probable first; 1: no alternatives",
      UINT_AT (n_best, 1, 20, 1) },
  { "partial-interval", "Partial interval",
      "Time between results that are not final, in ms of audio; one comes if its text has changed. "
      "0: none",
      UINT_AT (partial_interval_ms, 0, TEN_SECONDS_MS, 0) },
  { "clean-up", "Clean up",
      "Write the texts of utterances, and captions, as people do: \"Flight AN4 at 10\", not "
      "\"flight a n four at ten\". For English. The events of tokens and words stay as said",
      BOOLEAN_AT (clean_up, FALSE) },

  { "endpoint-silence", "Endpoint silence",
      "Silence after the last token that ends an utterance, in ms of audio; 0: none ends it",
      UINT_AT (endpoint_silence_ms, 0, TEN_MINUTES_MS, 800) },
  { "initial-silence", "Initial silence",
      "Silence before any speech that is told as speech-activity \"silence\", in ms of audio; 0: "
      "it is not",
      UINT_AT (initial_silence_ms, 0, TEN_MINUTES_MS, 0) },
  { "max-utterance", "Maximum utterance",
      "Length at which an utterance is ended in any case, in ms of audio",
      UINT_AT (max_utterance_ms, 100, TEN_MINUTES_MS, 30000) },
  { "state-policy", "State policy",
      "What the end of an utterance does to the recurrent state of the network",
      ENUM_AT (state_policy, HEARKEN_STATE_POLICY_PERSIST, gst_hearken_state_policy_get_type) },

  { "max-gap-fill", "Maximum gap fill",
      "The longest hole in the timestamps that is heard as silence, in ms; a longer one ends the "
      "utterance. Less than 40 ms is jitter and never a hole",
      UINT_AT (max_gap_fill_ms, 0, TEN_SECONDS_MS, 500) },
  { "late-policy", "Late policy",
      "What is done with audio that is later than max-lateness; it is passed on in any case",
      ENUM_AT (late_policy, GST_HEARKEN_LATE_POLICY_BLOCK, gst_hearken_late_policy_get_type) },
  { "max-lateness", "Maximum lateness",
      "With late-policy=drop: how far audio may be behind the pipeline's clock and latency and "
      "still be recognised, in ms",
      UINT_AT (max_lateness_ms, 0, TEN_MINUTES_MS, 1000) },
  { "chunk-duration", "Chunk duration",
      "Audio that is collected and then heard at once, in ms: the same results for less work where "
      "buffers are short, but so much later; 0: each buffer is heard when it comes",
      UINT_AT (chunk_duration_ms, 0, TEN_SECONDS_MS, 0) },
};

/* Returns: (nullable): the property's entry */
static const Setting *
find (guint id)
{
  return id >= 1 && id <= G_N_ELEMENTS (table) ? &table[id - 1] : NULL;
}

gboolean
gst_hearken_settings_is_vocabulary (guint id)
{
  const Setting *setting = find (id);

  return setting && setting->offset >= FIELD (dictionary) &&
         setting->offset <= FIELD (unknown_penalty);
}

gboolean
gst_hearken_settings_is_model (guint id)
{
  const Setting *setting = find (id);

  return setting && setting->offset == FIELD (model);
}

/* Class */

/* @mutability: when it can be changed */
static GParamSpec *
make_pspec (const Setting *s, GParamFlags mutability)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | mutability;

  switch (s->kind) {
  case STRING:
    return g_param_spec_string (s->name, s->nick, s->blurb, NULL, flags);
  case BOOLEAN:
    return g_param_spec_boolean (s->name, s->nick, s->blurb, s->initial != 0, flags);
  case UINT:
    return g_param_spec_uint (
        s->name, s->nick, s->blurb, s->minimum, s->maximum, s->initial, flags);
  case DOUBLE:
    return g_param_spec_double (
        s->name, s->nick, s->blurb, s->minimum, s->maximum, s->initial, flags);
  case ENUM:
    return g_param_spec_enum (s->name, s->nick, s->blurb, s->get_type (), s->initial, flags);
  case FLAGS:
    return g_param_spec_flags (s->name, s->nick, s->blurb, s->get_type (), s->initial, flags);
  }
  g_return_val_if_reached (NULL);
}

/* Those up to the one at @last_offset. Returns: how many they are */
static guint
install (GObjectClass *klass, gsize last_offset, GParamFlags models_mutability)
{
  guint n = 0;

  for (; n < G_N_ELEMENTS (table) && table[n].offset <= last_offset; n++) {
    const gboolean is_model = table[n].offset == FIELD (model);

    g_object_class_install_property (klass, n + 1,
        make_pspec (&table[n], is_model ? models_mutability : GST_PARAM_MUTABLE_PLAYING));
    if (table[n].get_type)
      gst_type_mark_as_plugin_api (table[n].get_type (), 0);
  }
  return n;
}

guint
gst_hearken_settings_install (GObjectClass *klass)
{
  return install (klass, sizeof (GstHearkenSettings), GST_PARAM_MUTABLE_PLAYING);
}

guint
gst_hearken_settings_install_recognition (GObjectClass *klass)
{
  return install (klass, FIELD (rejection_threshold), 0);
}

/* Values */

gboolean
gst_hearken_settings_set (GstHearkenSettings *settings, guint id, const GValue *value)
{
  const Setting *setting = find (id);
  gpointer field = setting ? G_STRUCT_MEMBER_P (settings, setting->offset) : NULL;

  if (!setting)
    return FALSE;
  switch (setting->kind) {
  case STRING:
    g_free (*(char **) field);
    *(char **) field = g_value_dup_string (value);
    break;
  case BOOLEAN:
    *(gboolean *) field = g_value_get_boolean (value);
    break;
  case UINT:
    *(guint *) field = g_value_get_uint (value);
    break;
  case DOUBLE:
    *(double *) field = g_value_get_double (value);
    break;
  case ENUM:
    *(int *) field = g_value_get_enum (value);
    break;
  case FLAGS:
    *(guint *) field = g_value_get_flags (value);
    break;
  }
  return TRUE;
}

gboolean
gst_hearken_settings_get (const GstHearkenSettings *settings, guint id, GValue *value)
{
  const Setting *setting = find (id);
  gconstpointer field = setting ? G_STRUCT_MEMBER_P (settings, setting->offset) : NULL;

  if (!setting)
    return FALSE;
  switch (setting->kind) {
  case STRING:
    g_value_set_string (value, *(char *const *) field);
    break;
  case BOOLEAN:
    g_value_set_boolean (value, *(const gboolean *) field);
    break;
  case UINT:
    g_value_set_uint (value, *(const guint *) field);
    break;
  case DOUBLE:
    g_value_set_double (value, *(const double *) field);
    break;
  case ENUM:
    g_value_set_enum (value, *(const int *) field);
    break;
  case FLAGS:
    g_value_set_flags (value, *(const guint *) field);
    break;
  }
  return TRUE;
}

void
gst_hearken_settings_init (GstHearkenSettings *settings)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    GParamSpec *pspec = g_param_spec_ref_sink (make_pspec (&table[i], 0));

    gst_hearken_settings_set (settings, i + 1, g_param_spec_get_default_value (pspec));
    g_param_spec_unref (pspec);
  }
}

void
gst_hearken_settings_copy (GstHearkenSettings *settings, const GstHearkenSettings *from)
{
  gst_hearken_settings_clear (settings);
  *settings = *from;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    char **field = G_STRUCT_MEMBER_P (settings, table[i].offset);

    if (table[i].kind == STRING)
      *field = g_strdup (*field);
  }
}

void
gst_hearken_settings_clear (GstHearkenSettings *settings)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    char **field = G_STRUCT_MEMBER_P (settings, table[i].offset);

    if (table[i].kind == STRING)
      g_clear_pointer (field, g_free);
  }
}
