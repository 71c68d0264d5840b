/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Live audio and what goes wrong with it: a machine that is too slow, clocks that jump, a consumer that
 * stalls, a sound server that restarts. */

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

#include "element-fixture.h"
#include "pipeline-fixture.h"

/* A machine that is too slow */

typedef struct {
  guint n_dropped;
  guint64 dropped_samples;
} Drops;

/* Each message counts what was left out so far, to the sample, and what was not. */
static void
take_qos (Fixture *fixture, guint64 n_pushed, Drops *drops)
{
  GstMessage *message;

  while ((message = fixture_pop (fixture, GST_MESSAGE_QOS)) != NULL) {
    GstClockTime timestamp, duration;
    guint64 processed, dropped;

    gst_message_parse_qos (message, NULL, NULL, NULL, &timestamp, &duration);
    gst_message_parse_qos_stats (message, NULL, &processed, &dropped);
    g_assert_cmpuint (timestamp + duration, ==, n_pushed / LETTER * LETTER_NS);
    drops->n_dropped++;
    drops->dropped_samples += gst_util_uint64_scale_round (duration, RATE, GST_SECOND);
    g_assert_cmpuint (dropped, ==, drops->dropped_samples);
    g_assert_cmpuint (processed + dropped, ==, n_pushed);
    gst_message_unref (message);
  }
}

#define N_LETTERS 400

/* A live source of 100 ms a buffer on a machine that takes @cost for each that is recognised. Returns:
 * how far behind it is in the end; @drops: what was told */
static GstClockTimeDiff
overload (Fixture *fixture, GstClockTime cost, Drops *drops)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);
  GstClockTime now = 0;

  *drops = (Drops){ 0 };
  gst_harness_use_testclock (fixture->harness);
  for (guint i = 0; i < N_LETTERS; i++) {
    const guint n_dropped = drops->n_dropped;

    now = MAX (now, (i + 1) * LETTER_NS); /* when the buffer is full */
    gst_harness_set_time (fixture->harness, now);
    fixture_push_samples (
        fixture, samples + i % (n_samples / LETTER) * LETTER, LETTER, i * LETTER_NS);
    take_qos (fixture, (i + 1) * LETTER, drops);
    if (drops->n_dropped == n_dropped)
      now += cost;
  }
  g_assert_cmpuint (gst_harness_buffers_in_queue (fixture->harness), ==, N_LETTERS);
  return now - N_LETTERS * LETTER_NS;
}

/* Falls behind without end, and loses nothing. */
static void
test_overload_block (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  Drops drops;

  g_assert_cmpint (
      overload (fixture, 3 * LETTER_NS / 2, &drops), >, N_LETTERS * LETTER_NS / 2 - GST_SECOND);
  g_assert_cmpuint (drops.n_dropped, ==, 0);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, N_LETTERS * LETTER);
  g_assert_cmpuint (fixture_stat (fixture, "utterances"), ==, N_LETTERS / strlen (SPEECH));
}

/* Keeps up: never much later than allowed. What is left out is counted to the sample. */
static void
test_overload_drop (void)
{
  for (guint factor = 11; factor < 40; factor += 7) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    Drops drops;

    gst_util_set_object_arg (G_OBJECT (fixture->element), "late-policy", "drop");
    g_assert_cmpint (
        overload (fixture, factor * LETTER_NS / 10, &drops), <, GST_SECOND + 5 * LETTER_NS);
    g_assert_cmpuint (drops.n_dropped, >, 0);
    g_assert_cmpuint (drops.dropped_samples, ==, drops.n_dropped * LETTER);
    g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, drops.dropped_samples);
    g_assert_cmpuint (fixture_stat (fixture, "recognized-samples") + drops.dropped_samples, ==,
        N_LETTERS * LETTER);
  }
}

/* Clocks */

/* A live source stamps what it records with the clock: an hour is missing, then comes again. */
static void
test_clock_jumps (void)
{
  static const GstClockTime begin[] = { 0, 3600 * GST_SECOND, 1800 * GST_SECOND };
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  static const char *const words[] = { "a", "b", "c" };
  static const char *const patterns[] = { "..a", "..b", "..c.........." };

  for (guint i = 0; i < 3; i++)
    fixture_push_letters (fixture, patterns[i], begin[i]);
  assert_heard (fixture, "utterance", "a:gap b:gap c:silence");
  for (guint i = 0; i < 3; i++) {
    HearkenToken token = fixture_find (fixture, "word", words[i]);

    assert_near (token.running_time, begin[i] + 2 * LETTER_NS, TOLERANCE_NS);
  }
  g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, 0);
  g_assert_cmpuint (fixture_stat (fixture, "silence-samples"), ==, 0);
}

/* A clock that jumps makes everything late that was recorded before, and nothing that comes after. */
static void
test_clock_jumps_late (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  gst_util_set_object_arg (G_OBJECT (fixture->element), "late-policy", "drop");
  gst_harness_use_testclock (fixture->harness);
  fixture_push (fixture, "..a", 0);
  gst_harness_set_time (fixture->harness, 3600 * GST_SECOND);
  fixture_push (fixture, "bb", 3 * LETTER_NS);
  fixture_push (fixture, "..c..........", 3600 * GST_SECOND);
  assert_heard (fixture, "utterance", "a:gap c:silence");
  g_assert_cmpuint (fixture_stat (fixture, "dropped-samples"), ==, 2 * LETTER);
}

/* A consumer that stalls */

typedef struct {
  GMutex lock;
  GCond cond;
  gboolean is_stalled;
} Stall;

static GstPadProbeReturn
stall (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Stall *self = data;

  g_mutex_lock (&self->lock);
  self->is_stalled = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static gpointer
push_speech (gpointer fixture)
{
  fixture_push_letters (fixture, SPEECH, 0);
  return NULL;
}

/* Nobody else has to wait, and nothing is lost. */
static void
test_stalled_consumer (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (fixture->element, "src");
  Stall self = { .is_stalled = FALSE };
  GThread *thread;
  gulong probe;

  probe = gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, stall, &self, NULL);
  thread = g_thread_new ("push", push_speech, fixture);
  g_mutex_lock (&self.lock);
  while (!self.is_stalled)
    g_cond_wait (&self.cond, &self.lock);
  g_mutex_unlock (&self.lock);

  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, LETTER);
  g_object_set (fixture->element, "n-best", 2, "n-best", 1, NULL);
  g_signal_emit_by_name (fixture->element, "save-state");
  gst_pad_remove_probe (pad, probe);
  g_thread_join (thread);
  assert_like (fixture, SPEECH);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, strlen (SPEECH) * LETTER);
}

/* A sound server that restarts */

/* One whose loudspeaker is the microphone. */
static GPid
start_server (const char *dir)
{
  g_autofree char *socket = g_build_filename (dir, "socket", NULL);
  g_autofree char *protocol =
      g_strdup_printf ("module-native-protocol-unix socket=%s auth-anonymous=1", socket);
  const char *argv[] = { "pulseaudio", "-n", "--disable-shm=yes", "--exit-idle-time=-1",
    "--use-pid-file=no", "-L", "module-null-sink sink_name=wire rate=16000", "-L", protocol, NULL };
  g_auto (GStrv) envp = g_get_environ ();
  g_autoptr (GError) error = NULL;
  GPid pid;

  envp = g_environ_setenv (envp, "HOME", dir, TRUE);
  envp = g_environ_setenv (envp, "XDG_RUNTIME_DIR", dir, TRUE);
  g_spawn_async (NULL, (char **) argv, envp,
      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
          G_SPAWN_STDERR_TO_DEV_NULL,
      NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  while (!g_file_test (socket, G_FILE_TEST_EXISTS) && kill (pid, 0) == 0)
    g_usleep (20000);
  return pid;
}

static void
stop_server (GPid pid, const char *dir)
{
  g_autofree char *socket = g_build_filename (dir, "socket", NULL);

  kill (pid, SIGKILL);
  g_spawn_close_pid (pid);
  g_remove (socket);
}

/* Plays it to the loudspeaker until the word is heard. */
static void
await_word (GstElement *pipeline, const char *speaker, const char *word)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstElement *playing = parse_launch ("%s", speaker);
  gboolean is_heard = FALSE;

  gst_element_set_state (playing, GST_STATE_PLAYING);
  while (!is_heard) {
    g_autoptr (GstBus) speaker_bus = gst_element_get_bus (playing);
    g_autoptr (GstMessage) end = gst_bus_pop_filtered (speaker_bus, GST_MESSAGE_EOS);
    g_autoptr (GstMessage) message =
        gst_bus_timed_pop_filtered (bus, GST_SECOND / 10, GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR);
    HearkenToken token;

    if (end)
      gst_element_seek_simple (playing, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0);
    if (!message)
      continue;
    g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_ELEMENT);
    is_heard = hearken_token_parse (gst_message_get_structure (message), &token) &&
               g_str_equal (token.level, "word") && g_str_equal (token.text, word);
  }
  close_pipeline (playing);
}

/* @path: (transfer full) */
static void
remove_tree (char *path)
{
  const char *argv[] = { "rm", "-rf", path, NULL };

  g_spawn_sync (
      NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (path);
}

static void
restart_server (void)
{
  char *dir = g_dir_make_tmp ("hearken-pulse-XXXXXX", NULL);
  g_autofree char *wav = write_wav ("....ab......");
  g_autofree char *speaker = g_strdup_printf (
      "filesrc location=\"%s\" ! wavparse ! pulsesink server=unix:%s/socket", wav, dir);
  GstElement *pipeline = parse_launch (
      "pulsesrc server=unix:%s/socket device=wire.monitor ! audioconvert ! audioresample ! hearken "
      "name=h model=\"%s\" ! fakesink",
      dir, fixture_tones ());
  for (guint i = 0; i < 2; i++) {
    GPid server = start_server (dir);
    g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
    g_autoptr (GstMessage) message = NULL;

    g_assert_cmpint (
        gst_element_set_state (pipeline, GST_STATE_PLAYING), !=, GST_STATE_CHANGE_FAILURE);
    await_word (pipeline, speaker, "ab");
    stop_server (server, dir);
    message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_ERROR);
    g_assert_cmpstr (GST_MESSAGE_SRC_NAME (message), !=, "h");
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
  close_pipeline (pipeline);
  remove_tree (dir);
  remove_tree (g_path_get_dirname (wav)); /* the models are there, too */
}

/* The source fails, the recogniser does not: NULL and PLAYING again, and it hears as before. In a process
 * of its own, which ends at once: what libpulse's threads do at the end, without a server, is theirs. */
static void
test_sound_server (void)
{
  g_autofree char *program = g_find_program_in_path ("pulseaudio");

  if (g_test_subprocess ()) {
    restart_server ();
    _exit (EXIT_SUCCESS);
  }
  if (!have ("pulsesrc", "pulsesink", "wavparse", NULL))
    return;
  if (!program) {
    g_test_skip ("pulseaudio is not installed");
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/faults/overload-block", test_overload_block);
  g_test_add_func ("/element/faults/overload-drop", test_overload_drop);
  g_test_add_func ("/element/faults/clock-jumps", test_clock_jumps);
  g_test_add_func ("/element/faults/clock-jumps-late", test_clock_jumps_late);
  g_test_add_func ("/element/faults/stalled-consumer", test_stalled_consumer);
  g_test_add_func ("/element/faults/sound-server", test_sound_server);
  return fixture_run ();
}
