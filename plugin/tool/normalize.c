/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "normalize.h"

/* What a character becomes; 0 where it is left out. */
static gunichar
normalize_char (gunichar c)
{
  if (g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION)
    return ' ';
  return g_unichar_ispunct (c) ? 0 : g_unichar_tolower (c);
}

char *
tool_normalize (const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  GString *out = g_string_new (NULL);

  for (const char *c = composed; *c; c = g_utf8_next_char (c)) {
    gunichar normal = normalize_char (g_utf8_get_char (c));

    if (normal == ' ' && (out->len == 0 || out->str[out->len - 1] == ' '))
      continue;
    if (normal != 0)
      g_string_append_unichar (out, normal);
  }
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}
