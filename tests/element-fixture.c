/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "element-fixture.h"

#include <gst/audio/audio.h>
#include <math.h>

#include "model-internal.h"
#include "test-loading.h"

/* Models */

static GPtrArray *model_paths; /* of char* */

/* @model: (transfer full) */
static const char *
write_model (TestModel *model, const char *base_name)
{
  char *path = test_model_to_file (model, base_name);

  test_model_free (model);
  g_ptr_array_add (model_paths, path);
  return path;
}

const char *
fixture_tones (void)
{
  static const char *path;

  if (!path)
    path = write_model (test_model_tones (RATE), "tones.safetensors");
  return path;
}

const char *
fixture_tones_8k (void)
{
  static const char *path;

  if (!path)
    path = write_model (test_model_tones (8000), "tones-8k.safetensors");
  return path;
}

const char *
fixture_classic (void)
{
  static const char *path;

  if (!path)
    path = write_model (test_model_classic ("ctc"), "classic.safetensors");
  return path;
}

int
count_holders (const char *path)
{
  g_autoptr (HearkenModel) model = hearken_model_load (path, NULL);

  return g_atomic_int_get (&model->cached.ref_count) - 1;
}

static void
remove_models (void)
{
  for (guint i = 0; i < model_paths->len; i++)
    test_remove_file (g_ptr_array_index (model_paths, i));
  g_ptr_array_unref (model_paths);
}

/* Life */

static GstPadProbeReturn
log_object (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_ptr_array_add (data, gst_mini_object_ref (info->data));
  return GST_PAD_PROBE_OK;
}

/* Returns: (transfer full) */
static char *
get_caps (Fixture *fixture)
{
  return g_strdup_printf ("audio/x-raw, format=%s, layout=interleaved, channels=1, rate=%d",
      g_str_equal (fixture->format, "S16") ? GST_AUDIO_NE (S16) : GST_AUDIO_NE (F32), RATE);
}

Fixture *
fixture_new (const char *model, const char *format)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (GstPad) pad = NULL;
  g_autofree char *caps = NULL;

  fixture->format = format;
  fixture->element = gst_element_factory_make ("hearken", NULL);
  g_assert_nonnull (fixture->element);
  g_object_set (fixture->element, "model", model ? model : fixture_tones (), NULL);
  fixture->bus = gst_bus_new ();
  gst_element_set_bus (fixture->element, fixture->bus);

  fixture->log = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_mini_object_unref);
  pad = gst_element_get_static_pad (fixture->element, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM, log_object, fixture->log, NULL);

  fixture->harness = gst_harness_new_with_element (fixture->element, "sink", "src");
  caps = get_caps (fixture);
  gst_harness_set_src_caps_str (fixture->harness, caps);
  gst_harness_push_upstream_event (fixture->harness, gst_event_new_latency (0));
  return fixture;
}

static void
element_is_gone (gpointer is_gone, GObject *element)
{
  g_atomic_int_set ((int *) is_gone, TRUE);
}

/* Returns when the element is gone: a thread that has loaded something may be about to let go of it,
 * and the leaks tracer, asked meanwhile, would take a reference to what is being freed. */
void
fixture_free (Fixture *fixture)
{
  int is_gone = FALSE;

  g_object_weak_ref (G_OBJECT (fixture->element), element_is_gone, &is_gone);
  gst_element_set_bus (fixture->element, NULL);
  gst_harness_teardown (fixture->harness);
  gst_object_unref (fixture->element);
  gst_object_unref (fixture->bus);
  g_ptr_array_unref (fixture->log);
  g_free (fixture);
  while (!g_atomic_int_get (&is_gone))
    g_usleep (1000);
}

void
fixture_restart (Fixture *fixture)
{
  g_autofree char *caps = get_caps (fixture);

  gst_element_set_state (fixture->element, GST_STATE_READY);
  gst_element_set_state (fixture->element, GST_STATE_PLAYING);
  fixture_push_event (fixture, gst_event_new_stream_start ("again"));
  gst_harness_set_src_caps_str (fixture->harness, caps);
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 0);
}

void
fixture_flush (Fixture *fixture)
{
  fixture_push_event (fixture, gst_event_new_flush_start ());
  fixture_push_event (fixture, gst_event_new_flush_stop (TRUE));
  fixture_push_segment (fixture, 1.0, 0, GST_CLOCK_TIME_NONE, 0, 0);
}

/* Audio */

float *
speech_new (const char *pattern, gsize *n_samples)
{
  const gsize n_letters = strlen (pattern);
  float *samples = g_new0 (float, n_letters *LETTER);

  for (gsize i = 0; i < n_letters; i++) {
    static const char letters[] = " abc";
    static const double frequencies_hz[] = { 300, 800, 1500, 2600 };

    if (pattern[i] != '.')
      test_add_tone (samples, i * LETTER, (i + 1) * LETTER,
          frequencies_hz[strchr (letters, pattern[i]) - letters], RATE);
  }
  *n_samples = n_letters * LETTER;
  return samples;
}

static gint16 *
to_s16 (const float *samples, gsize n_samples)
{
  gint16 *values = g_new (gint16, n_samples);

  for (gsize i = 0; i < n_samples; i++)
    values[i] = (gint16) lrintf (samples[i] * 32767);
  return values;
}

GstBuffer *
fixture_buffer (Fixture *fixture, const float *samples, gsize n_samples, GstClockTime pts)
{
  const gboolean is_s16 = g_str_equal (fixture->format, "S16");
  const gsize n_bytes = n_samples * (is_s16 ? sizeof (gint16) : sizeof (float));
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n_bytes, NULL);
  g_autofree gint16 *values = is_s16 ? to_s16 (samples, n_samples) : NULL;

  gst_buffer_fill (buffer, 0, is_s16 ? (gconstpointer) values : samples, n_bytes);
  GST_BUFFER_PTS (buffer) = pts;
  return buffer;
}

void
fixture_push_samples (Fixture *fixture, const float *samples, gsize n_samples, GstClockTime pts)
{
  GstBuffer *buffer = fixture_buffer (fixture, samples, n_samples, pts);

  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_OK);
}

void
fixture_push (Fixture *fixture, const char *pattern, GstClockTime pts)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (pattern, &n_samples);

  fixture_push_samples (fixture, samples, n_samples, pts);
}

void
fixture_push_letters (Fixture *fixture, const char *pattern, GstClockTime pts)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (pattern, &n_samples);

  for (gsize i = 0; i < n_samples / LETTER; i++)
    fixture_push_samples (fixture, samples + i * LETTER, LETTER,
        GST_CLOCK_TIME_IS_VALID (pts) ? pts + i * LETTER_NS : pts);
}

void
fixture_push_event (Fixture *fixture, GstEvent *event)
{
  g_assert_true (gst_harness_push_event (fixture->harness, event));
}

void
fixture_push_segment (Fixture *fixture, double rate, GstClockTime start, GstClockTime stop,
    GstClockTime time, GstClockTime base)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rate;
  segment.start = segment.position = start;
  segment.stop = stop;
  segment.time = time;
  segment.base = base;
  fixture_push_event (fixture, gst_event_new_segment (&segment));
}

/* Results */

static const GstStructure *
get_structure (gpointer object)
{
  const GstStructure *structure = NULL;

  if (GST_IS_EVENT (object) && GST_EVENT_TYPE (object) == GST_EVENT_CUSTOM_DOWNSTREAM)
    structure = gst_event_get_structure (object);
  return structure && gst_structure_has_name (structure, HEARKEN_TOKEN_NAME) ? structure : NULL;
}

GPtrArray *
fixture_structures (Fixture *fixture)
{
  GPtrArray *structures = g_ptr_array_new ();

  for (guint i = 0; i < fixture->log->len; i++) {
    gconstpointer structure = get_structure (g_ptr_array_index (fixture->log, i));

    if (structure)
      g_ptr_array_add (structures, (gpointer) structure);
  }
  return structures;
}

GStrv
fixture_structure_strings (Fixture *fixture)
{
  g_autoptr (GPtrArray) structures = fixture_structures (fixture);
  GStrvBuilder *builder = g_strv_builder_new ();
  GStrv strings;

  for (guint i = 0; i < structures->len; i++) {
    g_autofree char *string = gst_structure_to_string (g_ptr_array_index (structures, i));

    g_strv_builder_add (builder, string);
  }
  strings = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return strings;
}

char *
fixture_heard (Fixture *fixture, const char *level)
{
  g_autoptr (GPtrArray) structures = fixture_structures (fixture);
  GString *heard = g_string_new (NULL);

  for (guint i = 0; i < structures->len; i++) {
    HearkenToken token;

    g_assert_true (hearken_token_parse (g_ptr_array_index (structures, i), &token));
    if (!g_str_equal (token.level, level))
      continue;
    if (heard->len > 0)
      g_string_append_c (heard, ' ');
    g_string_append (heard, token.text);
    if (token.end_reason)
      g_string_append_printf (heard, ":%s", token.end_reason);
  }
  return g_string_free (heard, FALSE);
}

HearkenToken
fixture_find (Fixture *fixture, const char *level, const char *text)
{
  g_autoptr (GPtrArray) structures = fixture_structures (fixture);
  HearkenToken token = { 0 };

  for (guint i = 0; i < structures->len; i++) {
    g_assert_true (hearken_token_parse (g_ptr_array_index (structures, i), &token));
    if (g_str_equal (token.level, level) && g_str_equal (token.text, text))
      return token;
  }
  g_error ("no %s \"%s\" was recognised", level, text);
}

void
fixture_clear_log (Fixture *fixture)
{
  g_ptr_array_set_size (fixture->log, 0);
}

GstMessage *
fixture_pop (Fixture *fixture, GstMessageType types)
{
  return gst_bus_pop_filtered (fixture->bus, types);
}

guint64
fixture_stat (Fixture *fixture, const char *field)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 value;

  g_object_get (fixture->element, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, field, &value));
  return value;
}

/* Comparison */

void
assert_near (GstClockTime a, GstClockTime b, GstClockTime tolerance)
{
  g_assert_cmpint (ABS (GST_CLOCK_DIFF (a, b)), <=, tolerance);
}

void
assert_like (Fixture *fixture, const char *pattern)
{
  g_autoptr (Fixture) plain = fixture_new (NULL, "F32");
  g_auto (GStrv) expected = NULL, actual = NULL;

  fixture_push (plain, pattern, 0);
  expected = fixture_structure_strings (plain);
  actual = fixture_structure_strings (fixture);
  g_assert_cmpuint (g_strv_length (expected), >, 0);
  g_assert_cmpstrv (actual, expected);
}

void
assert_shifted (Fixture *fixture, const char *pattern, GstClockTime timestamp,
    GstClockTime stream_time, GstClockTime running_time)
{
  g_autoptr (Fixture) plain = fixture_new (NULL, "F32");
  g_autoptr (GPtrArray) expected = NULL, actual = NULL;

  fixture_push (plain, pattern, 0);
  expected = fixture_structures (plain);
  actual = fixture_structures (fixture);
  g_assert_cmpuint (expected->len, >, 0);
  g_assert_cmpuint (actual->len, ==, expected->len);
  for (guint i = 0; i < expected->len; i++) {
    HearkenToken a, b;

    g_assert_true (hearken_token_parse (g_ptr_array_index (expected, i), &a));
    g_assert_true (hearken_token_parse (g_ptr_array_index (actual, i), &b));
    g_assert_cmpstr (a.text, ==, b.text);
    g_assert_cmpuint (a.timestamp + timestamp, ==, b.timestamp);
    g_assert_cmpuint (a.stream_time + stream_time, ==, b.stream_time);
    g_assert_cmpuint (a.running_time + running_time, ==, b.running_time);
    g_assert_cmpuint (a.duration, ==, b.duration);
  }
}

guint
fixture_find_in_log (Fixture *fixture, GstEventType type)
{
  for (guint i = 0; i < fixture->log->len; i++) {
    gpointer object = g_ptr_array_index (fixture->log, i);

    if (GST_IS_EVENT (object) ? GST_EVENT_TYPE (object) == type : type == 0)
      return i;
  }
  g_assert_not_reached ();
}

/* The program */

/* Models, and with them the vocabularies that were built for them, which valgrind finds in their cache. */
static void
test_no_holders (void)
{
  for (guint i = 0; i < model_paths->len; i++) {
    const char *path = g_ptr_array_index (model_paths, i);

    for (guint n = 0; n < 1000 && count_holders (path) > 0; n++)
      g_usleep (1000); /* a thread that loads may let go of it last */
    g_assert_cmpint (count_holders (path), ==, 0);
  }
}

/* Counts what the leaks tracer, if it is active, still sees alive. */
static void
test_leaks (void)
{
  GList *tracers = gst_tracing_get_active_tracers ();
  g_autoptr (GstStructure) alive = NULL;
  const GValue *objects;

  if (!tracers) {
    g_test_skip ("GST_TRACERS does not name the leaks tracer");
    return;
  }
  g_signal_emit_by_name (tracers->data, "get-live-objects", &alive);
  objects = gst_structure_get_value (alive, "live-objects-list");
  for (guint i = 0; i < gst_value_list_get_size (objects); i++) {
    g_autofree char *text = g_strdup_value_contents (gst_value_list_get_value (objects, i));

    g_test_message ("alive: %s", text);
  }
  g_assert_cmpuint (gst_value_list_get_size (objects), ==, 0);
  g_list_free_full (tracers, gst_object_unref);
}

void
fixture_init (int *argc, char ***argv)
{
  g_unsetenv ("HEARKEN_MODEL_DIR");
  g_test_init (argc, argv, NULL);
  gst_init (argc, argv);
  model_paths = g_ptr_array_new ();
}

int
fixture_run (void)
{
  int status;

  g_test_add_func ("/element/leaks/models", test_no_holders);
  g_test_add_func ("/element/leaks/none", test_leaks);
  status = g_test_run ();
  remove_models ();
  gst_deinit ();
  return status;
}
