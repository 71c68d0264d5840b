/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "language-text.h"

#include <string.h>

guint
hearken_language_text_get_line (const char *begin, const char *end)
{
  guint line = 1;

  for (; begin < end; begin++)
    line += *begin == '\n';
  return line;
}

void
hearken_language_text_fail (GError **error, HearkenLanguageError code, const char *name, guint line,
    const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, HEARKEN_LANGUAGE_ERROR, code, "%s:%u: %s", name, line, reason);
}

/* Returns: the first character that is neither to be printed nor white space, or @end */
static const char *
find_control (const char *text, const char *end)
{
  while (text < end && (!g_ascii_iscntrl (*text) || g_ascii_isspace (*text)))
    text++;
  return text;
}

bool
hearken_language_text_check (const char *text, gsize n_bytes, const char *name, GError **error)
{
  const char *end, *control = find_control (text, text + n_bytes);
  const char *fault = "not UTF-8";

  if (g_utf8_validate_len (text, control - text, &end)) {
    if (control == text + n_bytes)
      return true;
    fault = *control == '\0' ? "a NUL, which is no text" : "a control character";
  }
  hearken_language_text_fail (error, HEARKEN_LANGUAGE_ERROR_SYNTAX, name,
      hearken_language_text_get_line (text, end), "%s", fault);
  return false;
}

char *
hearken_language_text_read (const HearkenModelFile *file, GError **error)
{
  g_autoptr (GBytes) bytes = hearken_language_file_read (file, error);
  gsize n_bytes;

  if (bytes == NULL)
    return NULL;
  const char *text = g_bytes_get_data (bytes, &n_bytes);
  if (!hearken_language_text_check (text, n_bytes, file->name, error))
    return NULL;
  char *own = g_bytes_unref_to_data (g_steal_pointer (&bytes), &n_bytes);
  if (g_str_has_prefix (own, HEARKEN_BYTE_ORDER_MARK))
    memmove (own, own + strlen (HEARKEN_BYTE_ORDER_MARK),
        n_bytes + 1 - strlen (HEARKEN_BYTE_ORDER_MARK));
  return own;
}

char *
hearken_language_text_load (const char *path, guint64 max_bytes, GError **error)
{
  g_autoptr (HearkenModelFile) file = hearken_language_file_open (path, max_bytes, error);

  return file != NULL ? hearken_language_text_read (file, error) : NULL;
}
