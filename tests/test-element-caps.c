/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What the element takes and passes on: caps, formats, memory. */

#include <gst/audio/audio.h>
#include <math.h>

#include "element-fixture.h"

static GstCaps *
query_caps (GstElement *element, const char *pad_name, GstCaps *filter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  return gst_pad_query_caps (pad, filter);
}

static gboolean
accepts (GstElement *element, const char *pad_name, const char *text)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  return gst_pad_query_accept_caps (pad, caps);
}

/* The same buffer leaves, memory and metadata untouched. */
static void
test_passthrough (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  gsize n_samples;
  g_autofree float *samples = speech_new ("a.b", &n_samples);
  GstBuffer *in = fixture_buffer (fixture, samples, n_samples, 5 * GST_SECOND);
  const GstMemory *memory = gst_buffer_peek_memory (in, 0);
  g_autoptr (GstBuffer) out = NULL, kept = gst_buffer_ref (in); /* somebody else has it, too */

  fixture_clear_log (fixture);
  g_assert_cmpint (gst_harness_push (fixture->harness, in), ==, GST_FLOW_OK);
  out = gst_harness_pull (fixture->harness);
  g_assert_true (out == in);
  g_assert_true (gst_buffer_peek_memory (out, 0) == memory);
  g_assert_cmpuint (GST_BUFFER_PTS (out), ==, 5 * GST_SECOND);
  g_assert_false (GST_BUFFER_DURATION_IS_VALID (out));
  g_assert_cmpint (gst_buffer_memcmp (out, 0, samples, n_samples * sizeof (float)), ==, 0);
}

/* Before there is a model any rate may turn out right, then only its own does. */
static void
test_caps_query (void)
{
  static const char *pads[] = { "sink", "src" };

  for (guint i = 0; i < G_N_ELEMENTS (pads); i++) {
    GstElement *element = gst_element_factory_make ("hearken", NULL);
    g_autoptr (GstCaps) any = query_caps (element, pads[i], NULL);
    g_autoptr (GstCaps) expected = gst_caps_from_string ("audio/x-raw, format={ " GST_AUDIO_NE (
        F32) ", " GST_AUDIO_NE (S16) " }, "
                                     "layout=interleaved, channels=1, rate=8000");
    g_autoptr (GstCaps) filter =
        gst_caps_from_string ("audio/x-raw, format=" GST_AUDIO_NE (S16) "; video/x-raw");
    g_autoptr (GstCaps) own = NULL, filtered = NULL, again = NULL;

    g_object_set (element, "model", fixture_tones_8k (), NULL);
    g_assert_true (gst_caps_is_subset (expected, any));
    g_assert_false (gst_caps_is_subset (any, expected));

    gst_element_set_state (element, GST_STATE_READY);
    own = query_caps (element, pads[i], NULL);
    g_assert_true (gst_caps_is_equal (own, expected));
    filtered = query_caps (element, pads[i], filter);
    gst_caps_set_simple (expected, "format", G_TYPE_STRING, GST_AUDIO_NE (S16), NULL);
    g_assert_true (gst_caps_is_equal (filtered, expected));

    gst_element_set_state (element, GST_STATE_NULL);
    again = query_caps (element, pads[i], NULL);
    g_assert_true (gst_caps_is_equal (again, any));
    gst_object_unref (element);
  }
}

static void
test_accept_caps (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  const char *good = "audio/x-raw, layout=interleaved, channels=1, rate=16000, format=";
  g_autofree char *f32 = g_strconcat (good, GST_AUDIO_NE (F32), NULL);
  g_autofree char *s16 = g_strconcat (good, GST_AUDIO_NE (S16), NULL);
  g_autofree char *s32 = g_strconcat (good, GST_AUDIO_NE (S32), NULL);
  g_autofree char *other_endian = g_strconcat (good, GST_AUDIO_OE (S16), NULL);

  g_assert_true (accepts (fixture->element, "sink", f32));
  g_assert_true (accepts (fixture->element, "sink", s16));
  g_assert_false (accepts (fixture->element, "sink", s32));
  g_assert_false (accepts (fixture->element, "sink", other_endian));
  g_assert_false (accepts (fixture->element, "sink",
      "audio/x-raw, layout=interleaved, channels=1, rate=44100, format=" GST_AUDIO_NE (F32)));
  g_assert_false (accepts (fixture->element, "sink",
      "audio/x-raw, layout=interleaved, channels=2, rate=16000, format=" GST_AUDIO_NE (F32)));
}

/* Caps that slip past all queries are refused, once. Returns: (transfer full): what the error says */
static char *
refuse (const char *description)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstCaps) caps = gst_caps_from_string (description);
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  float samples[441] = { 0 };

  g_assert_null (fixture_pop (fixture, GST_MESSAGE_ERROR));
  gst_pad_push_event (fixture->harness->srcpad, gst_event_new_caps (caps));
  g_assert_cmpint (gst_pad_push (fixture->harness->srcpad,
                       fixture_buffer (fixture, samples, G_N_ELEMENTS (samples), 0)),
      ==, GST_FLOW_NOT_NEGOTIATED);

  message = fixture_pop (fixture, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_ERROR));
  return g_strdup (error->message);
}

/* The text tells what to do. */
static void
test_wrong_rate (void)
{
  g_autofree char *text = refuse (
      "audio/x-raw, layout=interleaved, channels=1, rate=44100, format=" GST_AUDIO_NE (F32));

  g_assert_nonnull (strstr (text, "\"tones\" takes mono audio at 16000 Hz"));
  g_assert_nonnull (strstr (text, "audioconvert ! audioresample"));
}

/* As applications forget it, where nothing in front could help. */
static void
test_no_layout (void)
{
  g_autofree char *text =
      refuse ("audio/x-raw, channels=1, rate=16000, format=" GST_AUDIO_NE (S16));

  g_assert_nonnull (strstr (text, "layout=interleaved"));
  g_assert_null (strstr (text, "audioconvert"));
}

/* Data of which nobody says what it is. */
static void
test_no_caps (void)
{
  GstElement *element = gst_element_factory_make ("hearken", NULL);
  GstHarness *harness;
  GstSegment segment;

  g_object_set (element, "model", fixture_tones (), NULL);
  harness = gst_harness_new_with_element (element, "sink", "src");
  gst_harness_play (harness);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_stream_start ("raw"));
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  g_assert_cmpint (gst_pad_push (harness->srcpad, gst_buffer_new_allocate (NULL, 100, NULL)), ==,
      GST_FLOW_NOT_NEGOTIATED);
  gst_harness_teardown (harness);
  gst_object_unref (element);
}

/* 16-bit audio and the same as floats give the same results, to the last bit. */
static void
test_formats (void)
{
  g_autoptr (Fixture) s16 = fixture_new (fixture_classic (), "S16");
  g_autoptr (Fixture) f32 = fixture_new (fixture_classic (), "F32");
  g_autofree float *samples = g_new (float, 2 * RATE);
  g_auto (GStrv) from_s16 = NULL, from_f32 = NULL;

  test_random_floats (1, 1.0f, samples, 2 * RATE);
  fixture_push_samples (s16, samples, 2 * RATE, 0);
  for (gsize i = 0; i < 2 * RATE; i++)
    samples[i] = lrintf (samples[i] * 32767) / 32768.0f;
  fixture_push_samples (f32, samples, 2 * RATE, 0);

  from_s16 = fixture_structure_strings (s16);
  from_f32 = fixture_structure_strings (f32);
  g_assert_cmpuint (g_strv_length (from_s16), >, 5);
  g_assert_cmpstrv (from_s16, from_f32);
}

/* Another format ends the utterance before it is announced; the same one again does not. */
static void
test_caps_change (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  const char *caps = "audio/x-raw, layout=interleaved, channels=1, rate=16000, format=";
  g_autofree char *f32 = g_strconcat (caps, GST_AUDIO_NE (F32), NULL);
  g_autofree char *s16 = g_strconcat (caps, GST_AUDIO_NE (S16), NULL);
  g_autoptr (GstCaps) same_caps = gst_caps_from_string (f32);
  g_autoptr (GstCaps) same_format = gst_caps_copy (same_caps);

  gst_caps_set_simple (same_format, "microphone", G_TYPE_STRING, "left", NULL);
  fixture_push (fixture, "..a.", 0);
  fixture_push_event (fixture, gst_event_new_caps (same_caps));
  fixture_push_event (fixture, gst_event_new_caps (same_format));
  fixture_push (fixture, "b.", 4 * LETTER_NS);
  assert_heard (fixture, "token", "a b");

  fixture_clear_log (fixture);
  gst_harness_set_src_caps_str (fixture->harness, s16);
  assert_heard (fixture, "utterance", "ab:caps");
  g_assert_cmpint (
      GST_EVENT_TYPE (g_ptr_array_index (fixture->log, 0)), ==, GST_EVENT_CUSTOM_DOWNSTREAM);

  fixture_clear_log (fixture);
  fixture->format = "S16";
  fixture_push (fixture, "..c..........", 6 * LETTER_NS);
  assert_heard (fixture, "utterance", "c:silence");
  g_assert_cmpuint (fixture_find (fixture, "token", "c").utterance_id, ==, 1);
}

/* Memory that begins anywhere. */
static void
test_unaligned (void)
{
  static const char *formats[] = { "F32", "S16" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, formats[i]);
    gsize n_samples;
    g_autofree float *samples = speech_new (SPEECH, &n_samples);
    GstBuffer *aligned = fixture_buffer (fixture, samples, n_samples, 0);
    const gsize n_bytes = gst_buffer_get_size (aligned);
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, n_bytes + 1, NULL);
    GstMapInfo map;

    g_assert_true (gst_buffer_map (aligned, &map, GST_MAP_READ));
    gst_buffer_fill (buffer, 1, map.data, n_bytes);
    gst_buffer_unmap (aligned, &map);
    gst_buffer_unref (aligned);
    gst_buffer_resize (buffer, 1, n_bytes);
    g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_OK);
    assert_heard (fixture, "utterance", "ab c:silence");
  }
}

/* A buffer that ends within a sample: what is whole of it counts, and it is told once, since what follows is
 * noise if the bytes of the sample are divided. */
static void
test_odd_size (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  gsize n_samples;
  g_autofree float *samples = speech_new (SPEECH, &n_samples);
  GstBuffer *odd = fixture_buffer (fixture, samples, n_samples, 0);
  g_autoptr (GstMessage) first = NULL;
  g_autoptr (GError) warning = NULL;

  gst_buffer_resize (odd, 0, n_samples * sizeof (float) - 3);
  g_assert_cmpint (gst_harness_push (fixture->harness, odd), ==, GST_FLOW_OK);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, n_samples - 1);
  assert_heard (fixture, "utterance", "ab c:silence");

  odd = fixture_buffer (fixture, samples, 1, GST_CLOCK_TIME_NONE);
  gst_buffer_resize (odd, 0, 3);
  g_assert_cmpint (gst_harness_push (fixture->harness, odd), ==, GST_FLOW_OK);
  g_assert_cmpuint (fixture_stat (fixture, "recognized-samples"), ==, n_samples - 1);

  first = fixture_pop (fixture, GST_MESSAGE_WARNING);
  g_assert_nonnull (first);
  gst_message_parse_warning (first, &warning, NULL);
  g_assert_error (warning, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_WARNING));
}

/* Memory that cannot be mapped. */
typedef struct {
  GstAllocator parent;
} OpaqueAllocator;
typedef GstAllocatorClass OpaqueAllocatorClass;

GType opaque_allocator_get_type (void);
G_DEFINE_TYPE (OpaqueAllocator, opaque_allocator, GST_TYPE_ALLOCATOR)

static GstMemory *
opaque_alloc (GstAllocator *allocator, gsize n_bytes, GstAllocationParams *params)
{
  GstMemory *memory = g_new0 (GstMemory, 1);

  gst_memory_init (memory, GST_MEMORY_FLAG_NO_SHARE, allocator, NULL, n_bytes, 0, 0, n_bytes);
  return memory;
}

static void
opaque_free (GstAllocator *allocator, GstMemory *memory)
{
  g_free (memory);
}

static gpointer
opaque_map (GstMemory *memory, gsize n_bytes, GstMapFlags flags)
{
  return NULL;
}

static void
opaque_allocator_class_init (OpaqueAllocatorClass *klass)
{
  klass->alloc = opaque_alloc;
  klass->free = opaque_free;
}

static void
opaque_allocator_init (OpaqueAllocator *self)
{
  GST_ALLOCATOR (self)->mem_type = "opaque";
  GST_ALLOCATOR (self)->mem_map = opaque_map;
}

/* It is an error, not a crash. */
static void
test_map_failure (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstAllocator) allocator = g_object_new (opaque_allocator_get_type (), NULL);
  GstBuffer *buffer = gst_buffer_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gst_object_ref_sink (allocator);
  gst_buffer_append_memory (buffer, gst_allocator_alloc (allocator, 400, NULL));
  g_assert_cmpint (gst_harness_push (fixture->harness, buffer), ==, GST_FLOW_ERROR);
  message = fixture_pop (fixture, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);
}

/* What is no audio is silence, is counted, and is told once. */
static void
test_bad_samples (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  float bad[LETTER];
  g_autoptr (GstMessage) first = NULL;

  for (gsize i = 0; i < LETTER; i++)
    bad[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? -INFINITY : 1e30f;
  fixture_push (fixture, "..a", 0);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_WARNING));
  fixture_push_samples (fixture, bad, LETTER, 3 * LETTER_NS);
  fixture_push_samples (fixture, bad, LETTER, 4 * LETTER_NS);
  fixture_push (fixture, "b..........", 5 * LETTER_NS);

  assert_heard (fixture, "utterance", "ab:silence");
  g_assert_cmpuint (fixture_stat (fixture, "bad-samples"), ==, 2 * LETTER);
  first = fixture_pop (fixture, GST_MESSAGE_WARNING);
  g_assert_nonnull (first);
  g_assert_null (fixture_pop (fixture, GST_MESSAGE_WARNING));
}

/* Passing audio through takes no time, and it is pushed, never pulled. */
static void
test_queries (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  g_autoptr (GstPad) src = gst_element_get_static_pad (fixture->element, "src");
  g_autoptr (GstQuery) scheduling = gst_query_new_scheduling ();

  gst_harness_set_upstream_latency (fixture->harness, 30 * GST_MSECOND);
  g_assert_cmpuint (gst_harness_query_latency (fixture->harness), ==, 30 * GST_MSECOND);
  g_assert_true (gst_pad_query (src, scheduling));
  g_assert_true (gst_query_has_scheduling_mode (scheduling, GST_PAD_MODE_PUSH));
  g_assert_false (gst_query_has_scheduling_mode (scheduling, GST_PAD_MODE_PULL));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/caps/passthrough", test_passthrough);
  g_test_add_func ("/element/caps/query", test_caps_query);
  g_test_add_func ("/element/caps/accept", test_accept_caps);
  g_test_add_func ("/element/caps/wrong-rate", test_wrong_rate);
  g_test_add_func ("/element/caps/no-layout", test_no_layout);
  g_test_add_func ("/element/caps/none", test_no_caps);
  g_test_add_func ("/element/caps/formats", test_formats);
  g_test_add_func ("/element/caps/change", test_caps_change);
  g_test_add_func ("/element/caps/unaligned", test_unaligned);
  g_test_add_func ("/element/caps/odd-size", test_odd_size);
  g_test_add_func ("/element/caps/map-failure", test_map_failure);
  g_test_add_func ("/element/caps/bad-samples", test_bad_samples);
  g_test_add_func ("/element/caps/queries", test_queries);
  return fixture_run ();
}
