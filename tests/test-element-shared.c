/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Many elements that share a model and a vocabulary, each with a thread of its own, while all their
 * properties change. */

#include <glib/gstdio.h>

#include "element-fixture.h"

#define N_ELEMENTS 8
#define N_UTTERANCES 20

typedef struct {
  Fixture *
      fixtures[N_ELEMENTS]; /* atomic: set by its thread, from then on the property setter's, too */
  gint n_streaming;         /* atomic: threads that still push */
  char *grammar;
} Shared;

typedef struct {
  Shared *shared;
  guint i;
} Place;

static gpointer
stream (gpointer data)
{
  const Place *place = data;
  Fixture *fixture = fixture_new (NULL, "F32");

  g_atomic_pointer_set (&place->shared->fixtures[place->i], fixture);
  for (guint i = 0; i < N_UTTERANCES; i++)
    fixture_push (fixture, SPEECH, i * strlen (SPEECH) * LETTER_NS);
  fixture_push_event (fixture, gst_event_new_eos ());
  g_atomic_int_dec_and_test (&place->shared->n_streaming);
  return NULL;
}

/* Nothing of it changes what is heard. */
static void
change_properties (Fixture *fixture, guint turn, const char *grammar)
{
  g_object_set (fixture->element, "grammar", turn % 3 ? grammar : NULL, "beam-width",
      10 + turn % 50, "n-best", 1 + turn % 5, "endpoint-silence", 300 + turn % 300, "levels",
      turn % 2 ? 7 : 15, "post-messages", turn % 2, NULL);
  fixture_stat (fixture, "tokens");
}

static void
check (Fixture *fixture)
{
  GstMessage *warning = fixture_pop (fixture, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  g_autofree char *heard = fixture_heard (fixture, "utterance");
  g_autoptr (GString) expected = g_string_new ("ab c:silence");

  g_assert_null (warning);
  for (guint i = 1; i < N_UTTERANCES; i++)
    g_string_append (expected, " ab c:silence");
  g_assert_cmpstr (heard, ==, expected->str);
}

static void
test_shared (void)
{
  g_autofree char *directory = g_path_get_dirname (fixture_tones ());
  Shared shared = { .n_streaming = N_ELEMENTS,
    .grammar = g_build_filename (directory, "grammar.txt", NULL) };
  GThread *threads[N_ELEMENTS];
  Place places[N_ELEMENTS];

  g_assert_true (g_file_set_contents (shared.grammar, "ab c\nb\n", -1, NULL));
  for (guint i = 0; i < N_ELEMENTS; i++) {
    places[i] = (Place){ &shared, i };
    threads[i] = g_thread_new ("stream", stream, &places[i]);
  }
  for (guint turn = 0; g_atomic_int_get (&shared.n_streaming) > 0; turn++) {
    Fixture *fixture = g_atomic_pointer_get (&shared.fixtures[turn % N_ELEMENTS]);
    if (fixture)
      change_properties (fixture, turn, shared.grammar);
  }
  for (guint i = 0; i < N_ELEMENTS; i++) {
    g_thread_join (threads[i]);
    check (shared.fixtures[i]);
    fixture_free (shared.fixtures[i]);
  }
  g_remove (shared.grammar);
  g_free (shared.grammar);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/shared", test_shared);
  return fixture_run ();
}
