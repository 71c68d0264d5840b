/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * For applications: reads the structure `recognized-token`, which the element `hearken` sends as
 * events downstream and as messages on the bus.
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
} HearkenToken;

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

  return token->level && token->text &&
         gst_structure_get_uint64 (structure, "utterance-id", &token->utterance_id) &&
         gst_structure_get_uint (structure, "index", &token->index) &&
         gst_structure_get_uint (structure, "revision", &token->revision) &&
         gst_structure_get_boolean (structure, "final", &token->is_final) &&
         gst_structure_get_double (structure, "confidence", &token->confidence) &&
         gst_structure_get_uint64 (structure, "timestamp", &token->timestamp) &&
         gst_structure_get_uint64 (structure, "stream-time", &token->stream_time) &&
         gst_structure_get_uint64 (structure, "running-time", &token->running_time) &&
         gst_structure_get_uint64 (structure, "duration", &token->duration);
}

G_END_DECLS
