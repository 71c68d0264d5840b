/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The element `hearken` in a harness, with a model that hears tones (test_model_tones()) and a
 * log of all that leaves its src pad, in order. Speech is written as a pattern, 100 ms a letter:
 * "a", "b", "c" are spoken, " " separates words, "." is silence.
 */
#pragma once

#include <gst/check/gstharness.h>
#include <gst/gst.h>

#include "hearken-token.h"
#include "test-models.h"

#define RATE 16000
#define SPEECH "..a.b. .c.........." /* "ab c", and the silence that ends it */
#define LETTER (RATE / 10)           /* samples */
#define LETTER_NS (100 * GST_MSECOND)

/* A result may be this far from its sound: a window and a step of the front end. */
#define TOLERANCE_NS (30 * GST_MSECOND)

typedef struct {
  GstHarness *harness;
  GstElement *element; /* the harness's */
  GstBus *bus;
  const char *format; /* "F32" or "S16" */
  GPtrArray *log;     /* of GstMiniObject: events and buffers that left the src pad */
} Fixture;

/* Paths of models that exist while the program runs. */
const char *fixture_tones (void);
const char *fixture_tones_8k (void);
const char *fixture_classic (void);
/* How many hold the model, besides the one who asks. */
int count_holders (const char *path);

/* Plays, at RATE; with segment and caps sent. @model: (nullable): fixture_tones () */
Fixture *fixture_new (const char *model, const char *format);
void fixture_free (Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* By way of READY. Both begin a segment at 0 again. */
void fixture_restart (Fixture *fixture);
void fixture_flush (Fixture *fixture);

/* Returns: (transfer full): [*n_samples] */
float *speech_new (const char *pattern, gsize *n_samples);

/* Returns: (transfer full): samples in the fixture's format, without duration or flags */
GstBuffer *fixture_buffer (
    Fixture *fixture, const float *samples, gsize n_samples, GstClockTime pts);
/* Each asserts that the element takes it. */
void fixture_push_samples (
    Fixture *fixture, const float *samples, gsize n_samples, GstClockTime pts);
void fixture_push (Fixture *fixture, const char *pattern, GstClockTime pts);
/* One buffer a letter; @pts of the first, or GST_CLOCK_TIME_NONE for all. */
void fixture_push_letters (Fixture *fixture, const char *pattern, GstClockTime pts);
void fixture_push_event (Fixture *fixture, GstEvent *event);
/* @stop: may be GST_CLOCK_TIME_NONE */
void fixture_push_segment (Fixture *fixture, double rate, GstClockTime start, GstClockTime stop,
    GstClockTime time, GstClockTime base);

/* What was recognised at a level ("token", "word", "utterance") since the log was last cleared,
 * as "text text"; an utterance as "text:end-reason". */
char *fixture_heard (Fixture *fixture, const char *level);
#define assert_heard(fixture, level, expected)                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *heard_ = fixture_heard ((fixture), (level));                                  \
    g_assert_cmpstr (heard_, ==, (expected));                                                      \
  }                                                                                                \
  G_STMT_END

void fixture_clear_log (Fixture *fixture);

/* Returns: (transfer container): the recognized-token structures in the log, owned by it */
GPtrArray *fixture_structures (Fixture *fixture);
/* Each recognized-token in the log as text. */
GStrv fixture_structure_strings (Fixture *fixture);
/* The first recognized-token with this level and text, which must be there. */
HearkenToken fixture_find (Fixture *fixture, const char *level, const char *text);

/* That the fixture has heard what another does that is given the pattern at once: the same; or the
 * same, but later by so much in each of the times. */
void assert_like (Fixture *fixture, const char *pattern);
void assert_shifted (Fixture *fixture, const char *pattern, GstClockTime timestamp,
    GstClockTime stream_time, GstClockTime running_time);
void assert_near (GstClockTime a, GstClockTime b, GstClockTime tolerance);
/* Index in the log of the first event of this type, or of the first buffer for 0. */
guint fixture_find_in_log (Fixture *fixture, GstEventType type);

/* Pops messages up to one of these types. Returns: (transfer full) (nullable) */
GstMessage *fixture_pop (Fixture *fixture, GstMessageType types);
/* A field of the property `stats`. */
guint64 fixture_stat (Fixture *fixture, const char *field);

/* g_test_run () in between, and last tests that all models, buffers, events and messages are freed. */
void fixture_init (int *argc, char ***argv);
int fixture_run (void);
