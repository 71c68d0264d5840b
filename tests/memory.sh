#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Runs a test program under valgrind: no invalid access, no use of what was never written, nothing lost.
# Usage: memory.sh SUPPRESSIONS PROGRAM ARGUMENTS...
set -eu
suppressions=$1
shift

if ! command -v valgrind >/dev/null; then
  echo '1..0 # SKIP valgrind is not installed'
  exit
fi
glib=$(pkg-config --variable=datadir glib-2.0)/glib-2.0/valgrind/glib.supp
if [ -e "$glib" ]; then glib=--suppressions=$glib; else glib=; fi
# GLib and GStreamer keep what they register; only what nobody can free any more is a leak.
exec valgrind -q --error-exitcode=1 --leak-check=full --show-leak-kinds=definite \
  --errors-for-leak-kinds=definite --suppressions="$suppressions" ${glib:+"$glib"} "$@"
