/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* hearkenscope: pictures and their times; what they show; what it refuses. */

#include <gst/audio/audio.h>
#include <string.h>

#include "element-fixture.h"

#define FRAME_NS (40 * GST_MSECOND) /* 25 a second, where nobody wants others */
#define SMALL "video/x-raw, width=640, height=360"

typedef struct {
  GstHarness *harness;
  GstElement *element;
  GstBus *bus;
} Scope;

/* @format: as in audio caps, or %NULL for no audio yet. Further arguments are properties and their
 * values, as text, up to %NULL. Returns: (transfer full): plays */
static Scope *
scope_new (const char *format, ...)
{
  Scope *scope = g_new0 (Scope, 1);
  const char *name;
  va_list args;

  scope->element = gst_element_factory_make ("hearkenscope", NULL);
  g_assert_nonnull (scope->element);
  g_object_set (scope->element, "model", fixture_tones (), NULL);
  va_start (args, format);
  while ((name = va_arg (args, const char *)) != NULL)
    gst_util_set_object_arg (G_OBJECT (scope->element), name, va_arg (args, const char *));
  va_end (args);
  scope->bus = gst_bus_new ();
  gst_element_set_bus (scope->element, scope->bus);
  scope->harness = gst_harness_new_with_element (scope->element, "sink", "src");
  gst_harness_set_sink_caps_str (scope->harness, SMALL);
  if (format) {
    g_autofree char *caps = g_strdup_printf (
        "audio/x-raw, format=%s, layout=interleaved, channels=1, rate=%d", format, RATE);

    gst_harness_set_src_caps_str (scope->harness, caps);
  }
  return scope;
}

static void
scope_free (Scope *scope)
{
  gst_element_set_bus (scope->element, NULL);
  gst_harness_teardown (scope->harness);
  gst_object_unref (scope->element);
  gst_object_unref (scope->bus);
  g_free (scope);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scope, scope_free)

static void
push (Scope *scope, const float *samples, gsize n_samples, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n_samples * sizeof (float), NULL);

  gst_buffer_fill (buffer, 0, samples, n_samples * sizeof (float));
  GST_BUFFER_PTS (buffer) = pts;
  g_assert_cmpint (gst_harness_push (scope->harness, buffer), ==, GST_FLOW_OK);
}

/* In buffers of @n_samples. */
static void
push_speech (Scope *scope, const char *pattern, gsize n_samples, GstClockTime pts)
{
  gsize n_all;
  g_autofree float *samples = speech_new (pattern, &n_all);

  for (gsize start = 0; start < n_all; start += n_samples)
    push (scope, samples + start, MIN (n_samples, n_all - start),
        pts + gst_util_uint64_scale (start, GST_SECOND, RATE));
}

/* Returns: (transfer full) (element-type GstBuffer): the pictures since it was last called */
static GPtrArray *
take_pictures (Scope *scope)
{
  GPtrArray *pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_mini_object_unref);
  GstBuffer *picture;

  while ((picture = gst_harness_try_pull (scope->harness)) != NULL)
    g_ptr_array_add (pictures, picture);
  return pictures;
}

static gboolean
is_same_picture (GstBuffer *a, GstBuffer *b)
{
  GstMapInfo x, y;
  gboolean is_same;

  gst_buffer_map (a, &x, GST_MAP_READ);
  gst_buffer_map (b, &y, GST_MAP_READ);
  is_same = x.size == y.size && memcmp (x.data, y.data, x.size) == 0;
  gst_buffer_unmap (a, &x);
  gst_buffer_unmap (b, &y);
  return is_same;
}

static void
assert_same_pictures (const GPtrArray *a, const GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    g_assert_cmpuint (GST_BUFFER_PTS (a->pdata[i]), ==, GST_BUFFER_PTS (b->pdata[i]));
    g_assert_true (is_same_picture (a->pdata[i], b->pdata[i]));
  }
}

/* Returns: how many pixels have this colour, 0xRRGGBB */
static guint
count_pixels (GstBuffer *picture, guint32 colour)
{
  GstMapInfo map;
  guint n = 0;

  gst_buffer_map (picture, &map, GST_MAP_READ);
  for (gsize i = 0; i + 4 <= map.size; i += 4) {
    guint32 pixel;

    memcpy (&pixel, map.data + i, 4);
    n += (pixel & 0xffffff) == colour;
  }
  gst_buffer_unmap (picture, &map);
  return n;
}

/* Pictures */

static void
test_times (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) pictures = NULL;
  g_autoptr (GstCaps) caps = NULL, expected = gst_caps_from_string (SMALL ", framerate=25/1");

  push_speech (scope, SPEECH, LETTER / 3, 5 * GST_SECOND);
  pictures = take_pictures (scope);
  g_assert_cmpuint (pictures->len, ==, strlen (SPEECH) * LETTER_NS / FRAME_NS);
  for (guint i = 0; i < pictures->len; i++) {
    g_assert_cmpuint (GST_BUFFER_PTS (pictures->pdata[i]), ==, 5 * GST_SECOND + i * FRAME_NS);
    g_assert_cmpuint (GST_BUFFER_DURATION (pictures->pdata[i]), ==, FRAME_NS);
  }
  caps = gst_pad_get_current_caps (scope->harness->sinkpad);
  g_assert_true (gst_caps_is_subset (caps, expected));
}

/* Where downstream takes any size, it is one that can be read. */
static void
test_size (void)
{
  g_autoptr (Scope) scope = scope_new (NULL, NULL);
  g_autoptr (GstCaps) caps = NULL;
  int width, height;

  gst_harness_set_sink_caps_str (scope->harness, "video/x-raw");
  gst_harness_set_src_caps_str (scope->harness,
      "audio/x-raw, format=" GST_AUDIO_NE (S16) ", layout=interleaved, channels=1, rate=16000");
  caps = gst_pad_get_current_caps (scope->harness->sinkpad);
  gst_structure_get (gst_caps_get_structure (caps, 0), "width", G_TYPE_INT, &width, "height",
      G_TYPE_INT, &height, NULL);
  g_assert_cmpint (width, ==, 1280);
  g_assert_cmpint (height, ==, 720);
}

/* However the audio is cut into buffers, the pictures are the same to the last pixel. */
static void
test_slicing (void)
{
  static const gsize sizes[] = { 100000, 641, 97 };
  g_autoptr (GPtrArray) expected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
    g_autoptr (GPtrArray) pictures = NULL;

    push_speech (scope, SPEECH, sizes[i], 0);
    pictures = take_pictures (scope);
    if (expected)
      assert_same_pictures (pictures, expected);
    else
      expected = g_steal_pointer (&pictures);
  }
}

/* The ground of the panels where a word is. */
#define WORD_TINT 0xf0f4fa

static void
test_words (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) silent = NULL, spoken = NULL, later = NULL;

  push_speech (scope, "..........", LETTER, 0);
  silent = take_pictures (scope);
  push_speech (scope, SPEECH, LETTER, GST_SECOND);
  spoken = take_pictures (scope);
  push_speech (scope, "............................................................", LETTER,
      GST_SECOND + strlen (SPEECH) * LETTER_NS);
  later = take_pictures (scope);

  g_assert_cmpuint (count_pixels (silent->pdata[silent->len - 1], WORD_TINT), ==, 0);
  g_assert_cmpuint (count_pixels (spoken->pdata[spoken->len - 1], WORD_TINT), >, 100);
  g_assert_cmpuint (count_pixels (later->pdata[later->len - 1], WORD_TINT), ==, 0);
}

/* They are under the rest, in a picture that moves like it. */
static void
test_gates (void)
{
  g_autoptr (Scope) without = scope_new (GST_AUDIO_NE (F32), "model", fixture_classic (), NULL);
  g_autoptr (Scope) with =
      scope_new (GST_AUDIO_NE (F32), "model", fixture_classic (), "gates", "2", NULL);
  g_autoptr (GPtrArray) a = NULL, b = NULL;

  push_speech (without, SPEECH, LETTER, 0);
  a = take_pictures (without);
  push_speech (with, SPEECH, LETTER, 0);
  b = take_pictures (with);
  g_assert_cmpuint (a->len, ==, b->len);
  g_assert_false (is_same_picture (a->pdata[a->len - 1], b->pdata[b->len - 1]));
}

/* Pictures whose audio is no whole number of samples do not drift away from it, which would be heard
 * in files of pictures without times, as AVI. */
static void
test_framerate (void)
{
  g_autoptr (Scope) scope = scope_new (NULL, NULL);
  g_autoptr (GPtrArray) pictures = NULL;

  gst_harness_set_sink_caps_str (scope->harness, SMALL ", framerate=30/1");
  gst_harness_set_src_caps_str (scope->harness,
      "audio/x-raw, format=" GST_AUDIO_NE (F32) ", layout=interleaved, channels=1, rate=16000");
  push_speech (scope, SPEECH, LETTER, 0);
  pictures = take_pictures (scope);
  g_assert_cmpuint (pictures->len, ==, strlen (SPEECH) * 30 / 10);
  for (guint i = 0; i < pictures->len; i++)
    g_assert_cmpuint (GST_BUFFER_PTS (pictures->pdata[i]), ==,
        gst_util_uint64_scale (i * RATE / 30, GST_SECOND, RATE));
}

/* The end of the stream has a picture of its own, in which the last word is. */
static void
test_end (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL;

  push_speech (scope, SPEECH "...a.b", LETTER, 0); /* 62.5 pictures */
  before = take_pictures (scope);
  g_assert_cmpuint (before->len, ==, 62);
  gst_harness_push_event (scope->harness, gst_event_new_eos ());
  after = take_pictures (scope);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpuint (GST_BUFFER_PTS (after->pdata[0]), ==, 62 * FRAME_NS);
  g_assert_cmpuint (
      count_pixels (after->pdata[0], WORD_TINT), >, count_pixels (before->pdata[61], WORD_TINT));
}

/* Where nothing was heard, there is nothing to be seen at the end. */
static void
test_end_of_nothing (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) pictures = NULL;

  gst_harness_push_event (scope->harness, gst_event_new_eos ());
  pictures = take_pictures (scope);
  g_assert_cmpuint (pictures->len, ==, 0);
}

#define WAVE 0x3d4f6b

/* Returns: how many pixels the waveform of half a second of this amplitude has */
static guint
count_wave (float amplitude)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) pictures = NULL;
  float samples[5 * LETTER];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = i % 2 == 0 ? amplitude : -amplitude;
  push (scope, samples, G_N_ELEMENTS (samples), 0);
  pictures = take_pictures (scope);
  return count_pixels (pictures->pdata[pictures->len - 1], WAVE);
}

/* Nothing that can be recorded in 16 bits has an axis beyond full scale, on which it would be small. */
static void
test_loud (void)
{
  g_assert_cmpuint (count_wave (0.7f), >, 100);
  g_assert_cmpuint (count_wave (0.9f), >, count_wave (0.7f));
}

/* Returns: how many pixels of text are among the posteriors after this speech, in a minute of history */
static guint
count_text (const char *pattern)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), "history", "60000", NULL);
  g_autoptr (GPtrArray) pictures = NULL;
  GstMapInfo map;
  guint n = 0;

  push_speech (scope, pattern, LETTER, 0);
  pictures = take_pictures (scope);
  gst_buffer_map (pictures->pdata[pictures->len - 1], &map, GST_MAP_READ);
  for (gsize i = 640 * 225 * 4; i < 640 * 330 * 4; i += 4) /* darker than all curves */
    n += MAX (map.data[i], MAX (map.data[i + 1], map.data[i + 2])) < 0x90;
  gst_buffer_unmap (pictures->pdata[pictures->len - 1], &map);
  return n;
}

/* Texts of tokens are not written over each other. */
static void
test_crowd (void)
{
  const guint none = count_text ("....................");
  const guint one = count_text (".a..................") - none;
  const guint crowd = count_text (".a.a.a.a.a.a.a.a.a..") - none;

  g_assert_cmpuint (one, >, 0);
  g_assert_cmpuint (crowd, <, 2 * one);
}

/* What is shown becomes less while it plays. */
static void
test_history (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), "history", "3000", NULL);
  g_autoptr (GPtrArray) longer = NULL, shorter = NULL;

  push_speech (scope, SPEECH ".....", LETTER, 0);
  longer = take_pictures (scope);
  g_assert_cmpuint (count_pixels (longer->pdata[longer->len - 1], WORD_TINT), >, 100);
  g_object_set (scope->element, "history", 1000, NULL);
  push_speech (scope, ".", LETTER, strlen (SPEECH ".....") * LETTER_NS);
  shorter = take_pictures (scope);
  g_assert_cmpuint (count_pixels (shorter->pdata[shorter->len - 1], WORD_TINT), ==, 0);
}

/* Pictures that would come too late are left out; what is heard meanwhile is not. */
static void
test_late (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (Scope) late = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) expected = NULL, pictures = NULL;

  push_speech (scope, SPEECH, LETTER, 0);
  expected = take_pictures (scope);
  gst_harness_push_upstream_event (
      late->harness, gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 2, GST_SECOND / 2, GST_SECOND / 2));
  push_speech (late, SPEECH, LETTER, 0);
  pictures = take_pictures (late);
  g_assert_cmpuint (pictures->len, <, expected->len);
  g_ptr_array_remove_range (expected, 0, expected->len - pictures->len);
  assert_same_pictures (pictures, expected);
}

/* Streams */

static void
push_segment (Scope *scope, GstFormat format, guint64 start)
{
  GstSegment segment;

  gst_segment_init (&segment, format);
  segment.start = segment.time = segment.position = start;
  gst_harness_push_event (scope->harness, gst_event_new_segment (&segment));
}

/* Nothing that came before a flush is shown after it. */
static void
test_flush (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (Scope) fresh = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL, expected = NULL;

  push_speech (scope, "..a.b.a", 1000, 0); /* half a picture waits */
  before = take_pictures (scope);
  gst_harness_push_event (scope->harness, gst_event_new_flush_start ());
  gst_harness_push_event (scope->harness, gst_event_new_flush_stop (TRUE));
  push_segment (scope, GST_FORMAT_TIME, 0);
  push_speech (scope, SPEECH, LETTER, 0);
  after = take_pictures (scope);
  push_speech (fresh, SPEECH, LETTER, 0);
  expected = take_pictures (fresh);
  assert_same_pictures (after, expected);
}

/* After a jump in time the picture begins anew, and its axis with it. */
static void
test_jump (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (Scope) fresh = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL, expected = NULL;

  push_speech (scope, "..a.b. .", LETTER, 0);
  before = take_pictures (scope);
  push_speech (scope, "........", LETTER, 60 * GST_SECOND);
  after = take_pictures (scope);
  push_speech (fresh, "........", LETTER, 60 * GST_SECOND);
  expected = take_pictures (fresh);
  g_assert_cmpuint (count_pixels (after->pdata[after->len - 1], WORD_TINT), ==, 0);
  g_assert_cmpuint (GST_BUFFER_PTS (after->pdata[0]), ==, 60 * GST_SECOND);
  g_assert_cmpuint (expected->len, ==, after->len);
}

/* A gap is the silence that it stands for, behind which the picture goes on. */
static void
test_gap (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL;

  push_speech (scope, "..a.b", LETTER, 0);
  before = take_pictures (scope);
  gst_harness_push_event (
      scope->harness, gst_event_new_gap (5 * LETTER_NS, 10 * LETTER_NS)); /* ends the word */
  push_speech (scope, ".", LETTER, 15 * LETTER_NS);
  after = take_pictures (scope);
  g_assert_cmpuint (count_pixels (after->pdata[after->len - 1], WORD_TINT), >,
      count_pixels (before->pdata[before->len - 1], WORD_TINT));
}

/* Through READY, with other audio, and once more after EOS. */
static void
test_restart (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) first = NULL, end = NULL, second = NULL;

  push_speech (scope, SPEECH, LETTER, 0);
  first = take_pictures (scope);
  gst_harness_push_event (scope->harness, gst_event_new_eos ());
  end = take_pictures (scope);
  gst_element_set_state (scope->element, GST_STATE_READY);
  gst_element_set_state (scope->element, GST_STATE_PLAYING);
  gst_harness_push_event (scope->harness, gst_event_new_stream_start ("again"));
  gst_harness_set_src_caps_str (scope->harness,
      "audio/x-raw, format=" GST_AUDIO_NE (F32) ", layout=interleaved, channels=1, rate=16000");
  push_segment (scope, GST_FORMAT_TIME, 0);
  push_speech (scope, SPEECH, LETTER, 0);
  second = take_pictures (scope);
  assert_same_pictures (first, second);
}

static void
push_s16 (Scope *scope, const char *pattern, GstClockTime pts)
{
  gsize n_samples;
  g_autofree float *samples = speech_new (pattern, &n_samples);
  gint16 *values = g_new (gint16, n_samples);
  GstBuffer *buffer = gst_buffer_new_wrapped (values, n_samples * sizeof *values);

  for (gsize i = 0; i < n_samples; i++)
    values[i] = (gint16) (32767 * samples[i]);
  GST_BUFFER_PTS (buffer) = pts;
  g_assert_cmpint (gst_harness_push (scope->harness, buffer), ==, GST_FLOW_OK);
}

/* Another format in the middle of a word: the audio goes on, and each of its times has a picture. */
static void
test_caps_change (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) pictures = NULL;

  push_speech (scope, "..a", LETTER, 0);
  gst_harness_set_src_caps_str (scope->harness,
      "audio/x-raw, format=" GST_AUDIO_NE (S16) ", layout=interleaved, channels=1, rate=16000");
  push_s16 (scope, ".b..........", 3 * LETTER_NS);
  pictures = take_pictures (scope);
  g_assert_cmpuint (pictures->len, ==, 7 + 30); /* what is left of 300 ms is only heard */
  g_assert_cmpuint (count_pixels (pictures->pdata[36], WORD_TINT), >, 100);
}

/* Refusals */

/* That the one error on the bus is this. */
static void
assert_error (GstBus *bus, GQuark domain, int code, const char *part)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, domain, code);
  if (!strstr (error->message, part))
    g_error ("\"%s\" does not contain \"%s\"", error->message, part);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
}

/* @name, @value: of a property that it cannot begin with */
static void
assert_not_ready (const char *name, const char *value, int code, const char *part)
{
  GstElement *element = gst_element_factory_make ("hearkenscope", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();

  gst_element_set_bus (element, bus);
  g_object_set (element, "model", fixture_tones (), NULL);
  gst_util_set_object_arg (G_OBJECT (element), name, value);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==, GST_STATE_CHANGE_FAILURE);
  assert_error (bus, GST_RESOURCE_ERROR, code, part);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
}

static void
test_not_ready (void)
{
  assert_not_ready (
      "model", "/no/such.safetensors", GST_RESOURCE_ERROR_NOT_FOUND, "/no/such.safetensors");
  assert_not_ready ("grammar", "/no/such.jsgf", GST_RESOURCE_ERROR_SETTINGS, "/no/such.jsgf");
  assert_not_ready ("gates", "9", GST_RESOURCE_ERROR_SETTINGS, "There is no LSTM layer 9");
}

static void
test_refused_audio (void)
{
  g_autoptr (Scope) scope = scope_new (NULL, NULL);
  g_autoptr (GstCaps) wrong = gst_caps_from_string (
      "audio/x-raw, format=" GST_AUDIO_NE (S16) ", layout=interleaved, channels=2, rate=44100");
  g_autoptr (GstCaps) own = NULL;

  own = gst_pad_peer_query_caps (scope->harness->srcpad, NULL);
  g_assert_false (gst_caps_can_intersect (own, wrong));
  gst_harness_push_event (scope->harness, gst_event_new_caps (wrong));
  gst_harness_push_event (scope->harness, gst_event_new_caps (wrong));
  assert_error (
      scope->bus, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE, "in front of hearkenscope");
}

static void
test_refused_segment (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);

  push_segment (scope, GST_FORMAT_BYTES, 0);
  assert_error (scope->bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "in front of hearkenscope");
}

static void
count_freed (gpointer n_freed, GstMiniObject *buffer)
{
  ++*(guint *) n_freed;
}

/* Where nobody takes the pictures, as behind a tee whose other branch goes on, the audio does not
 * pile up. */
static void
test_nobody_looks (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  guint n_freed = 0;

  gst_pad_set_active (scope->harness->sinkpad, FALSE);
  for (guint i = 0; i < 20; i++) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL, LETTER * sizeof (float), NULL);

    gst_buffer_memset (buffer, 0, 0, LETTER * sizeof (float));
    GST_BUFFER_PTS (buffer) = i * LETTER_NS;
    gst_mini_object_weak_ref (GST_MINI_OBJECT (buffer), count_freed, &n_freed);
    g_assert_cmpint (gst_harness_push (scope->harness, buffer), ==, GST_FLOW_FLUSHING);
  }
  g_assert_cmpuint (n_freed, >=, 18);
}

/* Nor does it show, after one back, the words that were at those times before. */
static void
test_jump_back (void)
{
  g_autoptr (Scope) scope = scope_new (GST_AUDIO_NE (F32), NULL);
  g_autoptr (GPtrArray) before = NULL, after = NULL;

  push_speech (scope, SPEECH, LETTER, 0);
  before = take_pictures (scope);
  push_speech (scope, "..........", LETTER, 0);
  after = take_pictures (scope);
  g_assert_cmpuint (count_pixels (after->pdata[after->len - 1], WORD_TINT), ==, 0);
}

/* A layer that the model does not have is refused in READY, too. */
static void
test_gates_in_ready (void)
{
  g_autoptr (Scope) scope = scope_new (NULL, "model", fixture_classic (), NULL);

  gst_element_set_state (scope->element, GST_STATE_READY);
  g_object_set (scope->element, "gates", 9, NULL);
  g_assert_cmpint (
      gst_element_set_state (scope->element, GST_STATE_PAUSED), ==, GST_STATE_CHANGE_FAILURE);
  assert_error (
      scope->bus, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, "There is no LSTM layer 9");
}

/* What gst-inspect-1.0 tells of when a property can be changed is so. */
static void
test_mutability (void)
{
  g_autoptr (Scope) scope = scope_new (NULL, NULL);
  GObjectClass *klass = G_OBJECT_GET_CLASS (scope->element);

  g_assert_false (g_object_class_find_property (klass, "model")->flags & GST_PARAM_MUTABLE_PLAYING);
  g_assert_true (
      g_object_class_find_property (klass, "grammar")->flags & GST_PARAM_MUTABLE_PLAYING);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/scope/times", test_times);
  g_test_add_func ("/scope/size", test_size);
  g_test_add_func ("/scope/slicing", test_slicing);
  g_test_add_func ("/scope/words", test_words);
  g_test_add_func ("/scope/gates", test_gates);
  g_test_add_func ("/scope/framerate", test_framerate);
  g_test_add_func ("/scope/end", test_end);
  g_test_add_func ("/scope/end-of-nothing", test_end_of_nothing);
  g_test_add_func ("/scope/loud", test_loud);
  g_test_add_func ("/scope/crowd", test_crowd);
  g_test_add_func ("/scope/history", test_history);
  g_test_add_func ("/scope/late", test_late);
  g_test_add_func ("/scope/flush", test_flush);
  g_test_add_func ("/scope/jump", test_jump);
  g_test_add_func ("/scope/gap", test_gap);
  g_test_add_func ("/scope/restart", test_restart);
  g_test_add_func ("/scope/caps-change", test_caps_change);
  g_test_add_func ("/scope/not-ready", test_not_ready);
  g_test_add_func ("/scope/refused-audio", test_refused_audio);
  g_test_add_func ("/scope/refused-segment", test_refused_segment);
  g_test_add_func ("/scope/nobody-looks", test_nobody_looks);
  g_test_add_func ("/scope/jump-back", test_jump_back);
  g_test_add_func ("/scope/gates-in-ready", test_gates_in_ready);
  g_test_add_func ("/scope/mutability", test_mutability);
  return fixture_run ();
}
