/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The front end as a stream: however samples are sliced, and wherever the state is saved and
 * restored, the same frames come out to the last bit. For every case of the golden vectors.
 */
#include <string.h>

#include "test-frontend-cases.h"
#include "test-golden.h"
#include "test-models.h"

#define MAX_SAMPLES 3000

static HearkenSafetensors *golden;

/* Noise, a different one for every case; the second half is 80 dB softer, so that what comes out
 * depends on the loudest so far. Returns: (transfer full): [MAX_SAMPLES] */
static float *
make_samples (const char *case_name)
{
  float *samples = g_new (float, MAX_SAMPLES);

  test_random_floats (g_str_hash (case_name), 1.0f, samples, MAX_SAMPLES);
  for (gsize i = MAX_SAMPLES / 2; i < MAX_SAMPLES; i++)
    samples[i] *= 1e-4f;
  return samples;
}

static void
assert_equal_frames (const GArray *a, const GArray *b)
{
  g_assert_cmpmem (a->data, a->len * sizeof (float), b->data, b->len * sizeof (float));
}

static GByteArray *
save (const HearkenFrontendStream *stream)
{
  GByteArray *state = g_byte_array_new ();

  hearken_frontend_stream_save (stream, state);
  return state;
}

static bool
restore (HearkenFrontendStream *stream, const GByteArray *state, gsize n_bytes)
{
  HearkenStateReader reader = { state->data, n_bytes };

  return hearken_frontend_stream_restore (stream, &reader) && reader.n_bytes == 0;
}

/* 1 … @max_slice, but at most the @n_left that there are. */
static gsize
draw_slice (gsize n_left, gint max_slice)
{
  gsize n_samples = g_test_rand_int_range (1, max_slice + 1);

  return MIN (n_left, n_samples);
}

/* Slices of 1 … @max_slice samples, then drain. */
static void
run_sliced (const HearkenFrontend *frontend, HearkenFrontendStream *stream, const float *samples,
    gsize n_samples, gint max_slice, GArray *frames)
{
  for (gsize i = 0; i < n_samples;) {
    gsize n = draw_slice (n_samples - i, max_slice);

    test_frontend_push (frontend, stream, samples + i, n, frames);
    i += n;
  }
  hearken_frontend_stream_drain (stream);
  test_frontend_pull_all (frontend, stream, frames);
}

static void
check_slicing (const HearkenFrontend *frontend, const float *samples, gsize n_samples)
{
  static const gint max_slices[] = { 1, 7, 500 };
  g_autoptr (GArray) expected = test_frontend_run (frontend, samples, n_samples);
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);

  /* The same stream again and again: this tries the reset as well. */
  for (guint i = 0; i < G_N_ELEMENTS (max_slices); i++) {
    g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));

    run_sliced (frontend, stream, samples, n_samples, max_slices[i], frames);
    assert_equal_frames (frames, expected);
    hearken_frontend_stream_reset (stream);
  }
  hearken_frontend_stream_free (stream);
}

static void
test_slicing (gconstpointer case_name)
{
  HearkenFrontend *frontend = test_frontend_new (golden, case_name);
  const HearkenFrontendConfig *config = hearken_frontend_get_config (frontend);
  const gsize frame = hearken_frontend_config_get_frame_samples (config);
  const gsize lengths[] = { 0, 1, frame / 2, frame / 2 + 1, frame - 1, frame, frame + 1,
    frame + config->hop_samples - 1, 2 * frame + 3, MAX_SAMPLES };
  g_autofree float *samples = make_samples (case_name);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    check_slicing (frontend, samples, lengths[i]);
  hearken_frontend_free (frontend);
}

/* Pushes or pulls once, or drains at the end. Returns: whether the stream goes on */
static bool
step (const HearkenFrontend *frontend, HearkenFrontendStream *stream, const float *samples,
    gsize *position, bool *drained, GArray *frames)
{
  const guint n_dims = hearken_frontend_config_get_dim (hearken_frontend_get_config (frontend));
  g_autofree float *frame = g_new (float, n_dims);

  if (hearken_frontend_stream_pull (stream, frame)) {
    g_array_append_vals (frames, frame, n_dims);
    return true;
  }
  if (*drained)
    return false;
  if (*position < MAX_SAMPLES) {
    gsize n = draw_slice (MAX_SAMPLES - *position, 300);
    *position += hearken_frontend_stream_push (stream, samples + *position, n);
  } else {
    hearken_frontend_stream_drain (stream);
    *drained = true;
  }
  return true;
}

/* At every step the state moves to another stream, one that has heard something else. */
static void
test_save_restore (gconstpointer case_name)
{
  HearkenFrontend *frontend = test_frontend_new (golden, case_name);
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  HearkenFrontendStream *other = hearken_frontend_stream_new (frontend);
  g_autofree float *samples = make_samples (case_name);
  g_autofree float *noise = make_samples ("another");
  g_autoptr (GArray) expected = test_frontend_run (frontend, samples, MAX_SAMPLES);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GArray) ignored = g_array_new (FALSE, FALSE, sizeof (float));
  gsize position = 0;
  bool drained = false;

  run_sliced (frontend, other, noise, MAX_SAMPLES, 1000, ignored);
  while (step (frontend, stream, samples, &position, &drained, frames)) {
    g_autoptr (GByteArray) state = save (stream);
    HearkenFrontendStream *previous = stream;

    g_assert_true (restore (other, state, state->len));
    stream = other;
    other = previous;
  }
  assert_equal_frames (frames, expected);
  hearken_frontend_stream_free (stream);
  hearken_frontend_stream_free (other);
  hearken_frontend_free (frontend);
}

/* Wherever a stream was, reset makes it a new one. */
static void
test_reset (gconstpointer case_name)
{
  HearkenFrontend *frontend = test_frontend_new (golden, case_name);
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  g_autofree float *samples = make_samples (case_name);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GByteArray) fresh = save (stream);
  gsize position = 0;
  bool drained = false;

  while (step (frontend, stream, samples, &position, &drained, frames)) {
    g_autoptr (GByteArray) heard = save (stream);
    g_autoptr (GByteArray) cleared = NULL;

    hearken_frontend_stream_reset (stream);
    cleared = save (stream);
    g_assert_cmpmem (cleared->data, cleared->len, fresh->data, fresh->len);
    g_assert_true (restore (stream, heard, heard->len));
  }
  hearken_frontend_stream_free (stream);
  hearken_frontend_free (frontend);
}

/* Any bytes are safe: a state that is accepted leads to a stream that works and that ends. */
static void
check_hostile (const HearkenFrontend *frontend, const GByteArray *state, const float *samples)
{
  const guint n_dims = hearken_frontend_config_get_dim (hearken_frontend_get_config (frontend));
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));

  if (restore (stream, state, state->len)) {
    test_frontend_pull_all (frontend, stream, frames);
    hearken_frontend_stream_push (stream, samples, MAX_SAMPLES);
    test_frontend_pull_all (frontend, stream, frames);
    hearken_frontend_stream_drain (stream);
    test_frontend_pull_all (frontend, stream, frames);
    g_assert_cmpuint (frames->len / n_dims, <, 1000);
  }
  hearken_frontend_stream_free (stream);
}

static void
test_hostile_state (gconstpointer case_name)
{
  HearkenFrontend *frontend = test_frontend_new (golden, case_name);
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  g_autofree float *samples = make_samples (case_name);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GByteArray) state = NULL;

  test_frontend_push (frontend, stream, samples, MAX_SAMPLES, frames);
  state = save (stream);
  for (gsize n_bytes = 0; n_bytes < state->len; n_bytes += 1 + n_bytes / 16)
    g_assert_false (restore (stream, state, n_bytes));

  for (guint i = 0; i < 300; i++) {
    g_autoptr (GByteArray) damaged = g_byte_array_new ();
    /* Half of the time in the counters, which come first. */
    gint32 end = i % 2 == 0 ? 24 : (gint32) state->len;

    g_byte_array_append (damaged, state->data, state->len);
    for (guint k = 0; k <= i % 4; k++)
      damaged->data[g_test_rand_int_range (0, end)] = g_test_rand_int_range (0, 256);
    check_hostile (frontend, damaged, samples);
  }
  hearken_frontend_stream_free (stream);
  hearken_frontend_free (frontend);
}

/* A push ends where a frame is complete, so that the caller sees every frame at its time. */
static void
test_push_stops_at_frames (void)
{
  HearkenFrontend *frontend = test_frontend_new (golden, "kaldi.mfcc/default");
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  g_autofree float *samples = make_samples ("noise");
  float frame[13];

  g_assert_cmpuint (hearken_frontend_stream_push (stream, samples, 0), ==, 0);
  g_assert_cmpuint (hearken_frontend_stream_push (stream, samples, 399), ==, 399);
  g_assert_false (hearken_frontend_stream_pull (stream, frame));
  g_assert_cmpuint (hearken_frontend_stream_push (stream, samples, 1000), ==, 1);
  g_assert_cmpuint (hearken_frontend_stream_push (stream, samples, 1000), ==, 0);
  g_assert_true (hearken_frontend_stream_pull (stream, frame));
  g_assert_false (hearken_frontend_stream_pull (stream, frame));
  g_assert_cmpuint (hearken_frontend_stream_push (stream, samples, 1000), ==, 160);
  hearken_frontend_stream_free (stream);
  hearken_frontend_free (frontend);
}

/* Deltas hold back as many frames as the front end says. */
static void
test_lookahead (void)
{
  HearkenFrontend *frontend = test_frontend_new (golden, "kaldi.mfcc/normalized");
  const guint n_dims = hearken_frontend_config_get_dim (hearken_frontend_get_config (frontend));
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  g_autofree float *samples = make_samples ("noise");
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));

  test_frontend_push (frontend, stream, samples, 400 + 9 * 160, frames); /* 10 frames */
  g_assert_cmpuint (n_dims, ==, 39);
  g_assert_cmpuint (
      frames->len / n_dims, ==, 10 - hearken_frontend_get_lookahead_frames (frontend));
  hearken_frontend_stream_drain (stream);
  test_frontend_pull_all (frontend, stream, frames);
  g_assert_cmpuint (frames->len / n_dims, ==, 10);
  hearken_frontend_stream_free (stream);
  hearken_frontend_free (frontend);
}

/* Front ends come and go in many threads at once: FFTW's planner alone would not stand that. */
static gpointer
make_many (gpointer config)
{
  for (guint i = 0; i < 500; i++) {
    HearkenFrontendConfig copy = *(const HearkenFrontendConfig *) config;

    copy.fft_samples += 2 * (i % 50); /* new plans for the planner to think about */
    hearken_frontend_free (hearken_frontend_new (&copy));
  }
  return NULL;
}

static void
test_planner_threads (void)
{
  HearkenFrontend *frontend = test_frontend_new (golden, "kaldi.mfcc/default");
  HearkenFrontendConfig config = *hearken_frontend_get_config (frontend);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, make_many, &config);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  hearken_frontend_free (frontend);
}

/* One front end serves streams in many threads. */
typedef struct {
  const HearkenFrontend *frontend;
  const float *samples;
} Shared;

static gpointer
run_in_thread (gpointer data)
{
  const Shared *shared = data;

  return test_frontend_run (shared->frontend, shared->samples, MAX_SAMPLES);
}

static void
test_shared_by_threads (void)
{
  HearkenFrontend *frontend = test_frontend_new (golden, "torchaudio.MFCC/top-db-30");
  g_autofree float *samples = make_samples ("noise");
  Shared shared = { frontend, samples };
  g_autoptr (GArray) expected = run_in_thread (&shared);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, run_in_thread, &shared);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
    g_autoptr (GArray) frames = g_thread_join (threads[i]);
    assert_equal_frames (frames, expected);
  }
  hearken_frontend_free (frontend);
}

static void
add_for_cases (const char *name, char **cases, GTestDataFunc test)
{
  for (guint i = 0; cases[i] != NULL; i++) {
    g_autofree char *path = g_strdup_printf ("/frontend-stream/%s/%s", name, cases[i]);
    g_test_add_data_func (path, cases[i], test);
  }
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) cases = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  golden = test_golden_open ("frontend.safetensors");
  cases = test_frontend_list_cases (golden);
  add_for_cases ("slicing", cases, test_slicing);
  add_for_cases ("save-restore", cases, test_save_restore);
  add_for_cases ("reset", cases, test_reset);
  add_for_cases ("hostile-state", cases, test_hostile_state);
  g_test_add_func ("/frontend-stream/push-stops-at-frames", test_push_stops_at_frames);
  g_test_add_func ("/frontend-stream/lookahead", test_lookahead);
  g_test_add_func ("/frontend-stream/planner-threads", test_planner_threads);
  g_test_add_func ("/frontend-stream/shared-by-threads", test_shared_by_threads);
  status = g_test_run ();
  hearken_safetensors_free (golden);
  return status;
}
