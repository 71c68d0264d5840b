/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The program `hearken`: picks the command. */

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include <glib.h>

#include "command.h"
#include "terminal.h"

static const struct {
  const char *name;
  ToolCommandFunc run;
  const char *summary;
} commands[] = {
  { "transcribe", tool_transcribe, "writes down what is said in files, directories and streams" },
  { "archive", tool_archive, "plans, watches and merges what many tasks transcribe" },
  { "listen", tool_listen, "shows what is said into a microphone, while it is said" },
  { "score", tool_score, "recognises recordings whose words are known and counts the errors" },
  { "sweep", tool_sweep, "finds the thresholds of keywords in recordings whose words are known" },
  { "plot", tool_plot, "draws what goes on in the model while it hears a recording" },
  { "inspect", tool_inspect, "tells what a model is" },
  { "quantize", tool_quantize, "makes a model smaller and faster, a little less exact" },
  { "compile-lm", tool_compile_lm, "makes a language model that loads fast, or measures one" },
  { "devices", tool_devices, "lists the microphones" },
};

static void
print_help (FILE *file)
{
  fputs ("Usage:\n"
         "  hearken COMMAND [OPTION…] …\n"
         "\n"
         "Recognises speech, on this machine, with a stateful LSTM in a GStreamer pipeline.\n"
         "\n"
         "Commands:\n",
      file);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (file, "  %-12s %s\n", commands[i].name, commands[i].summary);
  fputs ("\n"
         "Options:\n"
         "  -h, --help     this help; after a command, the help of the command\n"
         "  --version      the version\n"
         "\n"
         "Exit status: 0 all went well, 1 something failed, 2 the command line is wrong,\n"
         "130 interrupted.\n",
      file);
}

/* Where a standard stream is closed, what is opened next would take its place, and be read or written
 * as if it were that. Something takes it here with which neither succeeds. */
static void
fill_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl (fd, F_GETFD) == -1)
      (void) !open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

static int
run (int argc, char **argv)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (argv[0], commands[i].name))
      return commands[i].run (argc, argv);
  }
  return tool_misused ("there is no command \"%s\"", argv[0]);
}

int
main (int argc, char **argv)
{
  fill_standard_streams ();
  /* Numbers are written in one way everywhere. */
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_set_prgname ("hearken");

  if (argc < 2) {
    print_help (stderr);
    return TOOL_USAGE;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")) {
    print_help (stdout);
    return TOOL_OK;
  }
  if (g_str_equal (argv[1], "--version")) {
    puts ("hearken " PACKAGE_VERSION);
    return TOOL_OK;
  }
  return run (argc - 1, argv + 1);
}
