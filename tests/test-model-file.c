/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Files on disk, and what can happen to them between opening and reading. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model-file.h"
#include "model.h"

typedef struct {
  char *directory;
  char *path; /* of a file of ten bytes */
} Fixture;

static void
write_file (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("hearken-test-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "file", NULL);
  write_file (fixture->path, "0123456789");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static void
assert_fails (const char *path, guint64 max_bytes, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hearken_model_file_open (path, max_bytes, false, &error));
  g_assert_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_IO);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, reason));
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenModelFile) file = hearken_model_file_open (fixture->path, 10, false, &error);

  g_assert_no_error (error);
  g_autoptr (GBytes) bytes = hearken_model_file_read (file, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "0123456789", 10);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_fails (fixture->path, 9, "it is larger than 9 bytes");
  assert_fails (fixture->directory, 10, "it is a directory");
  g_unlink (fixture->path);
  assert_fails (fixture->path, 10, "No such file");
  g_assert_null (hearken_model_file_open (fixture->path, 10, true, &error));
  g_assert_no_error (error);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_fails (fixture->path, 10, "it is no regular file");
}

/* In place, with the old modification time. */
static void
change (const char *path, const char *text)
{
  GStatBuf info;
  FILE *stream;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  stream = g_fopen (path, "w");
  g_assert_nonnull (stream);
  g_assert_cmpint (fputs (text, stream), >=, 0);
  fflush (stream);
  g_assert_cmpint (
      futimens (fileno (stream), (struct timespec[]){ info.st_atim, info.st_mtim }), ==, 0);
  fclose (stream);
}

static void
test_changed (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "0123", "0123456789a", "abcdefghij" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HearkenModelFile) file = hearken_model_file_open (fixture->path, 100, false, &error);

    g_assert_no_error (error);
    change (fixture->path, texts[i]);
    g_assert_null (hearken_model_file_read (file, &error));
    g_assert_error (error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_IO);
    g_assert_nonnull (strstr (error->message, "it changed while it was read"));
    write_file (fixture->path, "0123456789");
  }
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/model-file/whole", test_whole);
  add ("/model-file/refused", test_refused);
  add ("/model-file/changed", test_changed);
  return g_test_run ();
}
