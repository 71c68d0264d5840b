/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "test-loading.h"

#include <glib/gstdio.h>
#include <string.h>

HearkenModel *
test_load (const TestModel *description)
{
  g_autoptr (GBytes) bytes = test_model_to_bytes (description);
  g_autoptr (GError) error = NULL;
  HearkenModel *model = hearken_model_new_from_bytes (bytes, "memory", &error);

  g_assert_no_error (error);
  return model;
}

static void
assert_says (const GError *error, const char *words)
{
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" says nothing of \"%s\"", error->message, words);
}

void
test_assert_path_refused (const char *path, int code, const char *about, const char *reason)
{
  g_autoptr (GError) error = NULL;
  HearkenModel *model = hearken_model_load (path, &error);

  g_assert_null (model);
  g_assert_error (error, HEARKEN_MODEL_ERROR, code);
  assert_says (error, path);
  assert_says (error, about);
  assert_says (error, reason);
  g_assert_null (strchr (error->message, '\n'));
}

void
test_assert_refused (const TestModel *description, int code, const char *about, const char *reason)
{
  char *path = test_model_to_file (description, "bad.safetensors");

  test_assert_path_refused (path, code, about, reason);
  test_remove_file (path);
}

char *
test_get_sidecar (const char *path)
{
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".safetensors"));

  return g_strconcat (stem, ".json", NULL);
}

void
test_write_sidecar (const char *path, const char *text)
{
  g_autofree char *sidecar = test_get_sidecar (path);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (sidecar, text, -1, &error);
  g_assert_no_error (error);
}

void
test_remove_file (char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *sidecar = test_get_sidecar (path);

  g_remove (sidecar);
  g_remove (path);
  g_rmdir (directory);
  g_free (path);
}
