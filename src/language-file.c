/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "language-file.h"

#include "digest.h"
#include "language-error.h"

static void
translate (GError **error, const GError *cause)
{
  if (cause != NULL)
    g_set_error_literal (error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_IO, cause->message);
}

HearkenModelFile *
hearken_language_file_open (const char *path, guint64 max_bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  HearkenModelFile *file = hearken_model_file_open (path, max_bytes, false, &cause);

  translate (error, cause);
  return file;
}

GBytes *
hearken_language_file_read (const HearkenModelFile *file, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GBytes *bytes = hearken_model_file_read (file, &cause);

  translate (error, cause);
  return bytes;
}

bool
hearken_language_file_digest (const char *path, guint64 max_bytes, guint64 *digest, GError **error)
{
  g_autoptr (HearkenModelFile) file = hearken_language_file_open (path, max_bytes, error);
  g_autoptr (GBytes) bytes = file != NULL ? hearken_language_file_read (file, error) : NULL;

  if (bytes == NULL)
    return false;
  *digest = hearken_digest (*digest, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return true;
}
