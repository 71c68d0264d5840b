/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * For applications: reads the structures `recognized-token` and `speech-activity`, which the element
 * `hearken` sends as events downstream and as messages on the bus.
 *
 *   HearkenToken token;
 *
 *   if (hearken_token_parse (gst_message_get_structure (message), &token))
 *     g_print ("%" GST_TIME_FORMAT " %s\n", GST_TIME_ARGS (token.stream_time), token.text);
 *
 * This header needs GStreamer and nothing to link with.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define HEARKEN_TOKEN_NAME "recognized-token"
#define HEARKEN_ACTIVITY_NAME "speech-activity"

/**
 * HearkenToken:
 * @level: "token" (one unit of the model), "word" or "utterance"
 * @text: what was recognised
 * @token_id: the network's output index; %G_MAXUINT unless @level is "token"
 * @utterance_id: counts the utterances
 * @index: position within the utterance at this level, from 0
 * @revision: a result with equal level, @utterance_id and @index, and a higher @revision, replaces
 *   this one
 * @is_final: whether no higher revision can come
 * @confidence: 0 … 1, a posterior probability; over several tokens, their geometric mean
 * @timestamp: of the audio spoken, as in the buffers
 * @stream_time: position in the stream: what a player shows
 * @running_time: when it plays, in the pipeline's running time
 * @duration: of the audio spoken, in the buffers' time
 * @end_reason: (nullable): why the utterance ended: "silence", "max-length", "eos", "gap",
 *   "segment", "caps" or "manual"; %NULL unless this is a final utterance
 * @is_rejected: a final utterance in which nothing was said that may be said: @text is empty, and
 *   words that were told of it hold no longer
 * @n_words: how many words an utterance has, as they were said; 0 for other levels
 * @n_alternatives: for hearken_token_get_alternative(); 0 unless they are asked for
 * @n_tags: for hearken_token_get_tag(); 0 unless the grammar has them
 * @structure: what was parsed
 *
 * The strings belong to the structure.
 */
typedef struct {
  const char *level;
  const char *text;
  guint token_id;
  guint64 utterance_id;
  guint index;
  guint revision;
  gboolean is_final;
  double confidence;
  GstClockTime timestamp;
  GstClockTime stream_time;
  GstClockTime running_time;
  GstClockTime duration;
  const char *end_reason;
  gboolean is_rejected;
  guint n_words;
  guint n_alternatives;
  guint n_tags;
  const GstStructure *structure;
} HearkenToken;

/**
 * HearkenActivity:
 * @state: "start" or "end" of speech; or "silence": nobody has begun to speak in time
 * @utterance_id: of the utterance that it belongs to
 * @timestamp: when, as in the buffers
 * @stream_time: position in the stream
 * @running_time: in the pipeline's running time
 */
typedef struct {
  const char *state;
  guint64 utterance_id;
  GstClockTime timestamp;
  GstClockTime stream_time;
  GstClockTime running_time;
} HearkenActivity;

/* Private: whether it is a posterior probability. */
static inline gboolean
hearken_token_is_confidence_ (double confidence)
{
  return confidence >= 0 && confidence <= 1;
}

/* Private: reads a time; whether what begins then ends, too, within the 292 years in which GStreamer can
 * subtract times. */
static inline gboolean
hearken_token_get_time_ (
    const GstStructure *structure, const char *field, GstClockTime duration, GstClockTime *time)
{
  return gst_structure_get_uint64 (structure, field, time) && duration <= G_MAXINT64 &&
         *time <= G_MAXINT64 - duration;
}

/* Private: whether it is a tag. */
static inline gboolean
hearken_token_is_tag_ (const GValue *value)
{
  return G_VALUE_HOLDS_STRING (value) && g_value_get_string (value);
}

/* Private: whether it is an alternative with all that belongs to it. */
static inline gboolean
hearken_token_is_alternative_ (const GValue *value)
{
  const GstStructure *structure =
      GST_VALUE_HOLDS_STRUCTURE (value) ? gst_value_get_structure (value) : NULL;
  double confidence;

  return structure && gst_structure_get_string (structure, "text") &&
         gst_structure_get_double (structure, "confidence", &confidence) &&
         hearken_token_is_confidence_ (confidence);
}

/* Private: the length of an array, 0 if there is none or not all of it is right. */
static inline guint
hearken_token_count_ (
    const GstStructure *structure, const char *field, gboolean (*is_right) (const GValue *value))
{
  const GValue *array = gst_structure_get_value (structure, field);
  guint n_values = array && GST_VALUE_HOLDS_ARRAY (array) ? gst_value_array_get_size (array) : 0;

  for (guint i = 0; i < n_values; i++)
    if (!is_right (gst_value_array_get_value (array, i)))
      return 0;
  return n_values;
}

/* @structure: (nullable). Returns: whether it is a complete recognized-token */
static inline gboolean
hearken_token_parse (const GstStructure *structure, HearkenToken *token)
{
  if (!structure || !gst_structure_has_name (structure, HEARKEN_TOKEN_NAME))
    return FALSE;

  token->level = gst_structure_get_string (structure, "level");
  token->text = gst_structure_get_string (structure, "text");
  token->end_reason = gst_structure_get_string (structure, "end-reason");
  if (!gst_structure_get_uint (structure, "token-id", &token->token_id))
    token->token_id = G_MAXUINT;
  if (!gst_structure_get_boolean (structure, "rejected", &token->is_rejected))
    token->is_rejected = FALSE;
  if (!gst_structure_get_uint (structure, "words", &token->n_words))
    token->n_words = 0;
  token->n_alternatives =
      hearken_token_count_ (structure, "alternatives", hearken_token_is_alternative_);
  token->n_tags = hearken_token_count_ (structure, "tags", hearken_token_is_tag_);
  token->structure = structure;

  return token->level && token->text &&
         gst_structure_get_uint64 (structure, "utterance-id", &token->utterance_id) &&
         gst_structure_get_uint (structure, "index", &token->index) &&
         gst_structure_get_uint (structure, "revision", &token->revision) &&
         gst_structure_get_boolean (structure, "final", &token->is_final) &&
         gst_structure_get_double (structure, "confidence", &token->confidence) &&
         hearken_token_is_confidence_ (token->confidence) &&
         gst_structure_get_uint64 (structure, "duration", &token->duration) &&
         hearken_token_get_time_ (structure, "timestamp", token->duration, &token->timestamp) &&
         hearken_token_get_time_ (structure, "stream-time", token->duration, &token->stream_time) &&
         hearken_token_get_time_ (structure, "running-time", token->duration, &token->running_time);
}

/* @index: less than n_alternatives, 0 is the most probable; @confidence: (out): 0 … 1
 * Returns: what the utterance may have been */
static inline const char *
hearken_token_get_alternative (const HearkenToken *token, guint index, double *confidence)
{
  const GValue *array = gst_structure_get_value (token->structure, "alternatives");
  const GstStructure *alternative =
      gst_value_get_structure (gst_value_array_get_value (array, index));

  gst_structure_get_double (alternative, "confidence", confidence);
  return gst_structure_get_string (alternative, "text");
}

/* @index: less than n_tags, in the order of the words. Returns: the tag, as the grammar has it */
static inline const char *
hearken_token_get_tag (const HearkenToken *token, guint index)
{
  const GValue *array = gst_structure_get_value (token->structure, "tags");

  return g_value_get_string (gst_value_array_get_value (array, index));
}

/* @structure: (nullable). Returns: whether it is a complete speech-activity */
static inline gboolean
hearken_activity_parse (const GstStructure *structure, HearkenActivity *activity)
{
  if (!structure || !gst_structure_has_name (structure, HEARKEN_ACTIVITY_NAME))
    return FALSE;

  activity->state = gst_structure_get_string (structure, "state");
  return activity->state &&
         gst_structure_get_uint64 (structure, "utterance-id", &activity->utterance_id) &&
         hearken_token_get_time_ (structure, "timestamp", 0, &activity->timestamp) &&
         hearken_token_get_time_ (structure, "stream-time", 0, &activity->stream_time) &&
         hearken_token_get_time_ (structure, "running-time", 0, &activity->running_time);
}

G_END_DECLS
