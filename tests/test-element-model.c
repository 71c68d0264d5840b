/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Models found, shared, refused; states; properties. */

#include <glib/gstdio.h>

#include "element-fixture.h"

/* Runs from NULL to READY with a model that cannot be loaded. Returns: (transfer full): the text of
 * the one error posted */
static char *
fail_to_load (const char *model, GstResourceError code)
{
  GstElement *element = gst_element_factory_make ("hearken", NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *advice = NULL;

  gst_element_set_bus (element, bus);
  g_object_set (element, "model", model, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==, GST_STATE_CHANGE_FAILURE);
  g_assert_cmpint (GST_STATE (element), ==, GST_STATE_NULL);

  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, &advice);
  g_assert_error (error, GST_RESOURCE_ERROR, (int) code);
  g_assert_nonnull (strstr (advice, "property \"model\""));
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));

  /* It is not broken for good. */
  g_object_set (element, "model", fixture_tones (), NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==, GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
  return g_strdup (error->message);
}

static void
assert_contains (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("\"%s\" does not contain \"%s\"", text, part);
}

static void
test_missing (void)
{
  g_autofree char *path = fail_to_load ("/no/such/model.safetensors", GST_RESOURCE_ERROR_NOT_FOUND);
  g_autofree char *suffix = fail_to_load ("model.safetensors", GST_RESOURCE_ERROR_NOT_FOUND);
  g_autofree char *name = NULL, *unset = NULL;

  assert_contains (path, "/no/such/model.safetensors");
  assert_contains (suffix, "model.safetensors");
  g_assert_null (strstr (suffix, ".safetensors.safetensors"));

  g_setenv ("HEARKEN_MODEL_DIR", "/no/such/dir", TRUE);
  name = fail_to_load ("klingon", GST_RESOURCE_ERROR_NOT_FOUND);
  assert_contains (name, "\"klingon\"");
  assert_contains (name, "/no/such/dir");
  assert_contains (name, "/models");
  g_setenv ("HEARKEN_MODEL_DIR", "", TRUE);
  unset = fail_to_load ("klingon", GST_RESOURCE_ERROR_NOT_FOUND);
  assert_contains (unset, "no klingon.safetensors in /");
  g_unsetenv ("HEARKEN_MODEL_DIR");
}

/* A file with these bytes, for the error it gives. */
static void
check_refused (const char *name, gconstpointer bytes, gsize n_bytes)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, bytes, n_bytes, NULL));
  text = fail_to_load (path, GST_RESOURCE_ERROR_READ);
  assert_contains (text, path);
  g_remove (path);
}

static void
test_refused (void)
{
  static const char wav[] =
      "RIFF\x24\x08\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10";
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  g_assert_true (g_file_get_contents (fixture_tones (), &bytes, &n_bytes, NULL));
  check_refused ("empty.safetensors", bytes, 0);
  check_refused ("truncated.safetensors", bytes, n_bytes - 1);
  check_refused ("beheaded.safetensors", bytes, 20);
  check_refused ("speech.wav", wav, sizeof (wav));
  bytes[9] ^= 0x20;
  check_refused ("corrupt.safetensors", bytes, n_bytes);
}

static void
test_directory (void)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *text = fail_to_load (dir, GST_RESOURCE_ERROR_OPEN_READ);

  assert_contains (text, dir);
}

static void
assert_loads (const char *model)
{
  GstElement *element = gst_element_factory_make ("hearken", NULL);

  g_object_set (element, "model", model, NULL);
  g_assert_cmpint (gst_element_set_state (element, GST_STATE_READY), ==, GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);
}

/* Short names, and none, in the user's directory. */
static void
test_names (void)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *path = g_build_filename (dir, "english.safetensors", NULL);
  g_autofree char *bytes = NULL, *text = NULL;
  gsize n_bytes;

  g_setenv ("HEARKEN_MODEL_DIR", dir, TRUE);
  assert_loads ("tones");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  text = fail_to_load (NULL, GST_RESOURCE_ERROR_READ);
  assert_contains (text, path);
  g_assert_true (g_file_get_contents (fixture_tones (), &bytes, &n_bytes, NULL));
  g_assert_true (g_file_set_contents (path, bytes, n_bytes, NULL));
  assert_loads (NULL);
  g_remove (path);
  g_unsetenv ("HEARKEN_MODEL_DIR");
}

/* A file that is there, but is no model, is not said to be missing. */
static void
test_file_without_path (void)
{
  g_autofree char *dir = g_path_get_dirname (fixture_tones ());
  g_autofree char *old_dir = g_get_current_dir ();
  g_autofree char *path = g_build_filename (dir, "speech.wav", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, "RIFF", 4, NULL));
  g_chdir (dir);
  text = fail_to_load ("speech.wav", GST_RESOURCE_ERROR_READ);
  g_chdir (old_dir);
  g_remove (path);
  assert_contains (text, "speech.wav");
}

/* One copy for all, from NULL to READY and back. */
static void
test_sharing (void)
{
  GstElement *elements[] = { gst_element_factory_make ("hearken", NULL),
    gst_element_factory_make ("hearken", NULL) };
  int n_first;

  for (guint i = 0; i < 2; i++)
    g_object_set (elements[i], "model", fixture_tones (), NULL);
  gst_element_set_state (elements[0], GST_STATE_READY);
  n_first = count_holders (fixture_tones ());
  g_assert_cmpint (n_first, >, 0);
  gst_element_set_state (elements[1], GST_STATE_READY);
  g_assert_cmpint (count_holders (fixture_tones ()), >, n_first);
  for (guint i = 0; i < 2; i++) {
    gst_element_set_state (elements[i], GST_STATE_NULL);
    g_assert_cmpint (count_holders (fixture_tones ()), ==, i == 0 ? n_first : 0);
    gst_object_unref (elements[i]);
  }
}

static gpointer
keep_starting (gpointer element)
{
  for (guint i = 0; i < 200; i++)
    gst_element_set_state (element, GST_STATE_PLAYING);
  return NULL;
}

/* Stopped by one thread while another loads. */
static void
test_stop_while_loading (void)
{
  GstElement *element = gst_element_factory_make ("hearken", NULL);
  GThread *thread;

  g_object_set (element, "model", fixture_tones (), NULL);
  thread = g_thread_new ("start", keep_starting, element);
  for (guint i = 0; i < 200; i++)
    gst_element_set_state (element, GST_STATE_NULL);
  g_thread_join (thread);
  gst_element_set_state (element, GST_STATE_NULL);
  g_assert_cmpint (count_holders (fixture_tones ()), ==, 0);
  gst_object_unref (element);
}

/* Properties */

/* Returns: (transfer full): all values of a type of few, or the least and the greatest */
static GArray *
list_values (GParamSpec *pspec)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (guint));
  guint limits[] = { 0, 1 };

  if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    limits[1] = G_PARAM_SPEC_ENUM (pspec)->enum_class->n_values - 1;
  } else if (G_IS_PARAM_SPEC_FLAGS (pspec)) {
    limits[1] = G_PARAM_SPEC_FLAGS (pspec)->flags_class->mask;
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    limits[0] = G_PARAM_SPEC_UINT (pspec)->minimum;
    limits[1] = G_PARAM_SPEC_UINT (pspec)->maximum;
    g_array_append_vals (values, limits, 2);
    return values;
  }
  for (guint i = limits[0]; i <= limits[1]; i++)
    g_array_append_val (values, i);
  return values;
}

static void
check_property (GObject *object, GParamSpec *pspec)
{
  g_autoptr (GArray) values = list_values (pspec);
  g_auto (GValue) value = G_VALUE_INIT;
  guint number;

  g_object_get_property (object, pspec->name, &value);
  g_assert_true (g_param_value_defaults (pspec, &value));
  for (guint i = 0; i < values->len; i++) {
    g_object_set (object, pspec->name, g_array_index (values, guint, i), NULL);
    g_object_get (object, pspec->name, &number, NULL);
    g_assert_cmpuint (number, ==, g_array_index (values, guint, i));
  }
}

static void
test_properties (void)
{
  static const char *names[] = { "levels", "post-messages", "endpoint-silence", "max-utterance",
    "state-policy", "max-gap-fill", "late-policy", "max-lateness", "beam-width", "n-best",
    "max-delay", "partial-interval", "initial-silence", "keyword-debounce", "clean-up" };
  GstElement *element = gst_element_factory_make ("hearken", NULL);
  g_autofree char *unset = NULL, *set = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (element), names[i]);

    g_assert_nonnull (pspec);
    g_assert_true (pspec->flags & GST_PARAM_MUTABLE_PLAYING);
    check_property (G_OBJECT (element), pspec);
  }
  g_object_get (element, "model", &unset, NULL);
  g_assert_null (unset);
  g_object_set (element, "model", "something", NULL);
  g_object_get (element, "model", &set, NULL);
  g_assert_cmpstr (set, ==, "something");
  gst_object_unref (element);
}

/* What the values mean when they are in use, both ends of each range. */
static void
test_extreme_settings (void)
{
  static const char *names[] = { "endpoint-silence", "initial-silence", "max-utterance",
    "max-gap-fill", "max-lateness", "partial-interval", "n-best", "beam-width", "max-delay" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
    GParamSpecUInt *pspec = G_PARAM_SPEC_UINT (
        g_object_class_find_property (G_OBJECT_GET_CLASS (fixture->element), names[i]));
    const guint values[] = { pspec->minimum, pspec->maximum };

    for (guint j = 0; j < 2; j++) {
      g_object_set (fixture->element, names[i], values[j], NULL);
      fixture_push (fixture, "..a.b", j * GST_SECOND);
      fixture_push_event (fixture, gst_event_new_gap ((j * 10 + 5) * LETTER_NS, 2 * LETTER_NS));
    }
    assert_heard (fixture, "token", "a b a b");
  }
}

/* Getting, in particular the statistics, changes nothing. */
static void
test_getters (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");

  fixture_push (fixture, "..a.b", 0);
  fixture_clear_log (fixture);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint (fixture_stat (fixture, "tokens"), ==, 1);
  g_assert_cmpuint (fixture->log->len, ==, 0);
  gst_element_set_state (fixture->element, GST_STATE_NULL);
  g_assert_cmpuint (fixture_stat (fixture, "tokens"), ==, 1);
}

static gpointer
keep_changing (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 2000; i++) {
    g_object_set (fixture->element, "endpoint-silence", i, "levels", i % 16, "model", "anything",
        "post-messages", i % 2, NULL);
    fixture_stat (fixture, "tokens");
  }
  return NULL;
}

/* Properties are set and read while audio flows. */
static void
test_threads (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "F32");
  GThread *thread = g_thread_new ("change", keep_changing, fixture);

  for (guint i = 0; i < 100; i++)
    fixture_push (fixture, "a.", 2 * i * LETTER_NS);
  g_thread_join (thread);
  fixture_push_event (fixture, gst_event_new_eos ());
  g_assert_cmpuint (fixture_stat (fixture, "tokens"), ==, 100);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/element/model/missing", test_missing);
  g_test_add_func ("/element/model/refused", test_refused);
  g_test_add_func ("/element/model/directory", test_directory);
  g_test_add_func ("/element/model/names", test_names);
  g_test_add_func ("/element/model/file-without-path", test_file_without_path);
  g_test_add_func ("/element/model/sharing", test_sharing);
  g_test_add_func ("/element/model/stop-while-loading", test_stop_while_loading);
  g_test_add_func ("/element/properties/values", test_properties);
  g_test_add_func ("/element/properties/extremes", test_extreme_settings);
  g_test_add_func ("/element/properties/getters", test_getters);
  g_test_add_func ("/element/properties/threads", test_threads);
  return fixture_run ();
}
