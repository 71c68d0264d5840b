/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The element `hearkentext` in a harness that plays the part of `hearken`: audio, and tokens,
 * words and utterances at times that a test chooses. Times are in milliseconds.
 */
#pragma once

#include <gst/check/gstharness.h>
#include <gst/gst.h>

typedef struct {
  GstHarness *harness;
  GstElement *element; /* the harness's */
  GPtrArray *log;      /* of GstMiniObject: events and buffers that left the src pad */
  guint64 heard_ms;
  guint64 utterance_id;
  double confidence;     /* of what is told next */
  GHashTable *revisions; /* index of a word of the utterance → how often it was told */
} TextFixture;

/* Plays, with audio from 0 on. @caps: what downstream takes. Then names and values of properties,
 * as strings, and NULL. */
TextFixture *text_fixture_new (const char *caps, ...) G_GNUC_NULL_TERMINATED;
void text_fixture_free (TextFixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TextFixture, text_fixture_free)

#define TEXT_CAPS "text/x-raw, format=utf8"

/* Audio in buffers of 20 ms. */
void text_fixture_hear (TextFixture *fixture, guint64 until_ms);
void text_fixture_push_event (TextFixture *fixture, GstEvent *event);
void text_fixture_segment (TextFixture *fixture, guint64 start_ms);

/* What hearken sends. A token is only known by its beginning here. */
void text_fixture_token (TextFixture *fixture, guint64 start_ms);
void text_fixture_word (
    TextFixture *fixture, guint index, const char *text, guint64 start_ms, guint64 end_ms);
void text_fixture_partial (
    TextFixture *fixture, guint index, const char *text, guint64 start_ms, guint64 end_ms);
/* @end_reason: (nullable): then it is a partial result */
void text_fixture_utterance (TextFixture *fixture, const char *text, guint64 start_ms,
    guint64 end_ms, const char *end_reason);
/* Words of an utterance from @start_ms on, 400 ms each, 100 ms apart, then its end. */
void text_fixture_say (TextFixture *fixture, const char *words, guint64 start_ms);

/* What has left since the last call: "start-end text" for a buffer, "start-end" for gaps, the names
 * of the events after them, with "; " between. Asserts that captions and gaps follow on each other
 * without hole or overlap. */
char *text_fixture_told (TextFixture *fixture);
#define assert_told(fixture, expected)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *told_ = text_fixture_told (fixture);                                          \
    g_assert_cmpstr (told_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END
