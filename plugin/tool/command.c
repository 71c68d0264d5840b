/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "command.h"

#include "terminal.h"

/* GLib leaves "--" where a name with a hyphen follows. */
static void
drop_separator (int *argc, char **argv)
{
  int i = 1;

  while (i < *argc && !g_str_equal (argv[i], "--"))
    i++;
  if (i == *argc)
    return;
  (*argc)--;
  for (; i <= *argc; i++)
    argv[i] = argv[i + 1];
}

gboolean
tool_parse_options (int *argc, char ***argv, const GOptionEntry *entries,
    const GOptionEntry *common, const char *parameters, const char *description)
{
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("hearken %s", (*argv)[0]);

  g_set_prgname (name);
  g_option_context_add_main_entries (context, entries, NULL);
  if (common)
    g_option_context_add_main_entries (context, common, NULL);
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    tool_misused ("%s", error->message);
    return FALSE;
  }
  drop_separator (argc, *argv);
  return TRUE;
}

int
tool_misused (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  tool_complain ("%s (see %s --help)", text, g_get_prgname ());
  return TOOL_USAGE;
}
