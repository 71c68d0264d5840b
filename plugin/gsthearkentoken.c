/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkentoken.h"

#include "hearken-token.h"

GstStructure *
gst_hearken_token_new (const HearkenResult *result, const GstHearkenTimes *times)
{
  GstStructure *structure = gst_structure_new (HEARKEN_TOKEN_NAME,     //
      "level", G_TYPE_STRING, hearken_level_to_string (result->level), //
      "text", G_TYPE_STRING, result->text,                             //
      "utterance-id", G_TYPE_UINT64, result->utterance_id,             //
      "index", G_TYPE_UINT, result->index,                             //
      "final", G_TYPE_BOOLEAN, result->is_final,                       //
      "revision", G_TYPE_UINT, result->revision,                       //
      "confidence", G_TYPE_DOUBLE, result->confidence,                 //
      "timestamp", G_TYPE_UINT64, times->timestamp,                    //
      "stream-time", G_TYPE_UINT64, times->stream_time,                //
      "running-time", G_TYPE_UINT64, times->running_time,              //
      "duration", G_TYPE_UINT64, times->duration, NULL);

  if (result->level == HEARKEN_LEVEL_TOKEN)
    gst_structure_set (structure, "token-id", G_TYPE_UINT, result->token, NULL);
  if (result->end_reason != HEARKEN_END_REASON_NONE)
    gst_structure_set (structure, "end-reason", G_TYPE_STRING,
        hearken_end_reason_to_string (result->end_reason), NULL);
  return structure;
}
