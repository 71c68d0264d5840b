/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* With libFuzzer: an input of which GLib warns is kept. */

#include <signal.h>
#include <stdlib.h>

#include "fuzz.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);

static void
on_trap (int signal_number)
{
  abort ();
}

/* GLib stops at a fatal warning by SIGTRAP, as for a debugger; libFuzzer keeps what aborts. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  signal (SIGTRAP, on_trap);
  return 0;
}
