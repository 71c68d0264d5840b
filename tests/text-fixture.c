/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "text-fixture.h"

#include <string.h>

#include "hearken-token.h"

#define RATE 16000
#define BUFFER_MS 20

static GstPadProbeReturn
log_object (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_ptr_array_add (data, gst_mini_object_ref (info->data));
  return GST_PAD_PROBE_OK;
}

static void
set_properties (GstElement *element, va_list args)
{
  const char *name;

  while ((name = va_arg (args, const char *)) != NULL)
    gst_util_set_object_arg (G_OBJECT (element), name, va_arg (args, const char *));
}

TextFixture *
text_fixture_new (const char *caps, ...)
{
  TextFixture *fixture = g_new0 (TextFixture, 1);
  g_autoptr (GstPad) pad = NULL;
  va_list args;

  fixture->element = gst_element_factory_make ("hearkentext", NULL);
  g_assert_nonnull (fixture->element);
  va_start (args, caps);
  set_properties (fixture->element, args);
  va_end (args);

  fixture->confidence = 1;
  fixture->revisions = g_hash_table_new (NULL, NULL);
  fixture->log = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_mini_object_unref);
  pad = gst_element_get_static_pad (fixture->element, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM, log_object, fixture->log, NULL);
  fixture->harness = gst_harness_new_with_element (fixture->element, "sink", "src");
  gst_harness_set_sink_caps_str (fixture->harness, caps);
  gst_harness_set_src_caps_str (
      fixture->harness, "audio/x-raw, format=S16LE, layout=interleaved, channels=1, rate=16000");
  g_ptr_array_set_size (fixture->log, 0);
  return fixture;
}

void
text_fixture_free (TextFixture *fixture)
{
  gst_harness_teardown (fixture->harness);
  gst_object_unref (fixture->element);
  g_ptr_array_unref (fixture->log);
  g_hash_table_unref (fixture->revisions);
  g_free (fixture);
}

void
text_fixture_hear (TextFixture *fixture, guint64 until_ms)
{
  for (; fixture->heard_ms < until_ms; fixture->heard_ms += BUFFER_MS) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, RATE / 1000 * BUFFER_MS * 2, NULL);

    GST_BUFFER_PTS (buffer) = fixture->heard_ms * GST_MSECOND;
    g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_OK);
  }
}

void
text_fixture_push_event (TextFixture *fixture, GstEvent *event)
{
  g_assert_true (gst_harness_push_event (fixture->harness, event));
}

void
text_fixture_segment (TextFixture *fixture, guint64 start_ms)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = segment.position = start_ms * GST_MSECOND;
  text_fixture_push_event (fixture, gst_event_new_segment (&segment));
  fixture->heard_ms = start_ms;
}

/* Returns: how often this word of the utterance was told before; of other levels no revision counts */
static guint
get_revision (TextFixture *fixture, const char *level, guint index)
{
  gpointer word = GUINT_TO_POINTER (index);
  guint n_told = GPOINTER_TO_UINT (g_hash_table_lookup (fixture->revisions, word));

  if (!g_str_equal (level, "word"))
    return 0;
  g_hash_table_insert (fixture->revisions, word, GUINT_TO_POINTER (n_told + 1));
  return n_told;
}

/* @end_reason: (nullable) */
static void
push_result (TextFixture *fixture, const char *level, guint index, const char *text,
    guint64 start_ms, guint64 end_ms, gboolean is_final, const char *end_reason)
{
  const guint64 start = start_ms == G_MAXUINT64 ? GST_CLOCK_TIME_NONE : start_ms * GST_MSECOND;
  GstStructure *structure = gst_structure_new (HEARKEN_TOKEN_NAME,   //
      "level", G_TYPE_STRING, level, "text", G_TYPE_STRING, text,    //
      "utterance-id", G_TYPE_UINT64, fixture->utterance_id,          //
      "index", G_TYPE_UINT, index,                                   //
      "final", G_TYPE_BOOLEAN, is_final,                             //
      "revision", G_TYPE_UINT, get_revision (fixture, level, index), //
      "confidence", G_TYPE_DOUBLE, fixture->confidence,              //
      "timestamp", G_TYPE_UINT64, start,                             //
      "stream-time", G_TYPE_UINT64, start,                           //
      "running-time", G_TYPE_UINT64, start,                          //
      "duration", G_TYPE_UINT64, end_ms * GST_MSECOND - start, NULL);

  if (g_str_equal (level, "utterance")) {
    g_auto (GStrv) words = g_strsplit (text, " ", -1); /* "" has none */

    gst_structure_set (structure, "words", G_TYPE_UINT, g_strv_length (words), NULL);
  }
  if (end_reason)
    gst_structure_set (structure, "end-reason", G_TYPE_STRING, end_reason, NULL);
  text_fixture_push_event (fixture, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, structure));
}

void
text_fixture_token (TextFixture *fixture, guint64 start_ms)
{
  push_result (fixture, "token", 0, "x", start_ms, start_ms + 30, TRUE, NULL);
}

void
text_fixture_word (
    TextFixture *fixture, guint index, const char *text, guint64 start_ms, guint64 end_ms)
{
  push_result (fixture, "word", index, text, start_ms, end_ms, TRUE, NULL);
}

void
text_fixture_partial (
    TextFixture *fixture, guint index, const char *text, guint64 start_ms, guint64 end_ms)
{
  push_result (fixture, "word", index, text, start_ms, end_ms, FALSE, NULL);
}

void
text_fixture_utterance (TextFixture *fixture, const char *text, guint64 start_ms, guint64 end_ms,
    const char *end_reason)
{
  push_result (fixture, "utterance", 0, text, start_ms, end_ms, end_reason != NULL, end_reason);
  if (end_reason) {
    fixture->utterance_id++;
    g_hash_table_remove_all (fixture->revisions);
  }
}

void
text_fixture_say (TextFixture *fixture, const char *words, guint64 start_ms)
{
  g_auto (GStrv) texts = g_strsplit (words, " ", -1);
  guint64 time_ms = start_ms;

  for (guint i = 0; texts[i]; i++, time_ms += 500) {
    text_fixture_hear (fixture, time_ms + 200);
    text_fixture_token (fixture, time_ms);
    text_fixture_hear (fixture, time_ms + 500);
    text_fixture_word (fixture, i, texts[i], time_ms, time_ms + 400);
  }
  text_fixture_hear (fixture, time_ms + 900);
  text_fixture_utterance (fixture, words, start_ms, time_ms - 100, "silence");
}

static void
append_span (GString *told, GstClockTime start, GstClockTime end, const char *text)
{
  g_string_append_printf (told, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "%s%s",
      told->len > 0 ? "; " : "", start / GST_MSECOND, end / GST_MSECOND, *text ? " " : "", text);
}

static void
append_buffer (GString *told, GstBuffer *buffer)
{
  g_autofree char *text = NULL;
  gpointer data;
  gsize n_bytes;

  gst_buffer_extract_dup (buffer, 0, -1, &data, &n_bytes);
  text = g_strndup (data, n_bytes);
  g_free (data);
  append_span (
      told, GST_BUFFER_PTS (buffer), GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer), text);
}

static void
get_span (gpointer object, GstClockTime *start, GstClockTime *end)
{
  if (GST_IS_BUFFER (object)) {
    *start = GST_BUFFER_PTS (object);
    *end = *start + GST_BUFFER_DURATION (object);
  } else {
    gst_event_parse_gap (object, start, end);
    *end += *start;
  }
}

char *
text_fixture_told (TextFixture *fixture)
{
  GString *told = g_string_new (NULL);
  GstClockTime gap_start = GST_CLOCK_TIME_NONE, position = GST_CLOCK_TIME_NONE;

  for (guint i = 0; i <= fixture->log->len; i++) {
    gpointer object = i < fixture->log->len ? g_ptr_array_index (fixture->log, i) : NULL;
    gboolean is_gap = object && GST_IS_EVENT (object) && GST_EVENT_TYPE (object) == GST_EVENT_GAP;
    gboolean is_timed = object && (GST_IS_BUFFER (object) || is_gap);
    GstClockTime start, end;

    if (GST_CLOCK_TIME_IS_VALID (gap_start) && !is_gap) {
      append_span (told, gap_start, position, "");
      gap_start = GST_CLOCK_TIME_NONE;
    }
    if (is_timed) {
      get_span (object, &start, &end);
      g_assert_cmpuint (start, <, end);
      if (GST_CLOCK_TIME_IS_VALID (position))
        g_assert_cmpuint (start, ==, position);
      position = end;
    }
    if (is_gap && !GST_CLOCK_TIME_IS_VALID (gap_start))
      gap_start = start;
    else if (is_timed && !is_gap)
      append_buffer (told, object);
    else if (object && !is_timed) {
      position = GST_CLOCK_TIME_NONE;
      g_string_append_printf (
          told, "%s%s", told->len > 0 ? "; " : "", GST_EVENT_TYPE_NAME (object));
    }
  }
  g_ptr_array_set_size (fixture->log, 0);
  return g_string_free (told, FALSE);
}
