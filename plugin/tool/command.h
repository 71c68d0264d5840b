/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What the commands of `hearken` have in common. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit statuses. */
enum {
  TOOL_OK = 0,
  TOOL_FAILED = 1,        /* something, or some of the files */
  TOOL_USAGE = 2,         /* the command line is wrong; nothing was done */
  TOOL_INTERRUPTED = 130, /* by Ctrl-C, as shells say it */
};

/* A command. argv[0] is its name. Returns: an exit status */
typedef int (*ToolCommandFunc) (int argc, char **argv);

int tool_transcribe (int argc, char **argv);
int tool_archive (int argc, char **argv);
int tool_listen (int argc, char **argv);
int tool_score (int argc, char **argv);
int tool_sweep (int argc, char **argv);
int tool_plot (int argc, char **argv);
int tool_inspect (int argc, char **argv);
int tool_quantize (int argc, char **argv);
int tool_compile_lm (int argc, char **argv);
int tool_devices (int argc, char **argv);

/**
 * tool_parse_options:
 * @entries: the command's options, %NULL-terminated
 * @common: (nullable): the same, of several commands
 * @parameters: what follows the options, for --help
 * @description: what --help says below the options
 *
 * Takes the options out of @argv; --help prints and exits.
 *
 * Returns: %FALSE after having complained
 */
gboolean tool_parse_options (int *argc, char ***argv, const GOptionEntry *entries,
    const GOptionEntry *common, const char *parameters, const char *description);

/* Complains that the command line is wrong. Returns: %TOOL_USAGE */
int tool_misused (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
