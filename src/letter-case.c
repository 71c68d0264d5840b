/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "letter-case.h"

#include <stdbool.h>
#include <string.h>

static char *
map_letters (const char *text, gunichar (*map) (gunichar))
{
  GString *mapped = g_string_sized_new (strlen (text));

  for (; *text != '\0'; text = g_utf8_next_char (text))
    g_string_append_unichar (mapped, map (g_utf8_get_char (text)));
  return g_string_free (mapped, FALSE);
}

/* Most words are, and need no look at a table for every letter. */
static bool
is_ascii (const char *text)
{
  while (*text != '\0' && (*text & 0x80) == 0)
    text++;
  return *text == '\0';
}

char *
hearken_text_to_lower (const char *text)
{
  return is_ascii (text) ? g_ascii_strdown (text, -1) : map_letters (text, g_unichar_tolower);
}

char *
hearken_text_to_upper (const char *text)
{
  return is_ascii (text) ? g_ascii_strup (text, -1) : map_letters (text, g_unichar_toupper);
}
