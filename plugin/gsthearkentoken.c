/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkentoken.h"

#include "clean-up.h"
#include "hearken-token.h"

/* Returns: (transfer full): the text of an utterance as it is told */
static char *
write_text (const char *text, gboolean cleans_up)
{
  return cleans_up ? hearken_clean_up_text (text) : g_strdup (text);
}

static void
set_alternatives (GstStructure *structure, const HearkenResult *result, gboolean cleans_up)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, result->n_alternatives);
  for (guint i = 0; i < result->n_alternatives; i++) {
    g_autofree char *text = write_text (result->alternatives[i].text, cleans_up);
    GValue value = G_VALUE_INIT;

    g_value_init (&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed (
        &value, gst_structure_new ("alternative", //
                    "text", G_TYPE_STRING, text,  //
                    "confidence", G_TYPE_DOUBLE, result->alternatives[i].confidence, NULL));
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (structure, "alternatives", &array);
}

static void
set_tags (GstStructure *structure, char **tags)
{
  GValue array = G_VALUE_INIT;

  gst_value_array_init (&array, g_strv_length (tags));
  for (guint i = 0; tags[i]; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, G_TYPE_STRING);
    g_value_set_string (&value, tags[i]);
    gst_value_array_append_and_take_value (&array, &value);
  }
  gst_structure_take_value (structure, "tags", &array);
}

static guint
count_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint n_words = 0;

  for (guint i = 0; words[i]; i++)
    n_words += *words[i] != '\0';
  return n_words;
}

static void
set_utterance (GstStructure *structure, const HearkenResult *result, gboolean cleans_up)
{
  g_autofree char *text = write_text (result->text, cleans_up);

  gst_structure_set (structure,    //
      "text", G_TYPE_STRING, text, //
      "words", G_TYPE_UINT, count_words (result->text), NULL);
}

/* What only some results have. */
static void
set_details (GstStructure *structure, const HearkenResult *result, gboolean cleans_up)
{
  if (result->level == HEARKEN_LEVEL_UTTERANCE)
    set_utterance (structure, result, cleans_up);
  if (result->level == HEARKEN_LEVEL_TOKEN)
    gst_structure_set (structure, "token-id", G_TYPE_UINT, result->token, NULL);
  if (result->end_reason != HEARKEN_END_REASON_NONE)
    gst_structure_set (structure,                                                       //
        "end-reason", G_TYPE_STRING, hearken_end_reason_to_string (result->end_reason), //
        "rejected", G_TYPE_BOOLEAN, result->is_rejected, NULL);
  if (result->n_alternatives > 0)
    set_alternatives (structure, result, cleans_up);
  if (result->tags)
    set_tags (structure, result->tags);
}

static GstStructure *
make_token (const HearkenResult *result, const GstHearkenTimes *times, gboolean cleans_up)
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

  set_details (structure, result, cleans_up);
  return structure;
}

static GstStructure *
make_activity (const HearkenResult *result, const GstHearkenTimes *times)
{
  return gst_structure_new (HEARKEN_ACTIVITY_NAME,         //
      "state", G_TYPE_STRING, result->text,                //
      "utterance-id", G_TYPE_UINT64, result->utterance_id, //
      "timestamp", G_TYPE_UINT64, times->timestamp,        //
      "stream-time", G_TYPE_UINT64, times->stream_time,    //
      "running-time", G_TYPE_UINT64, times->running_time, NULL);
}

GstStructure *
gst_hearken_token_new (
    const HearkenResult *result, const GstHearkenTimes *times, gboolean cleans_up)
{
  return result->level == HEARKEN_LEVEL_ACTIVITY ? make_activity (result, times)
                                                 : make_token (result, times, cleans_up);
}
