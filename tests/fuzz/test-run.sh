#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# run.sh passes where the time is over and nothing was found, and nowhere else. A script stands for the target.
# Usage: test-run.sh SOURCE_TREE
# shellcheck disable=SC2016
set -eu
. "$1/tests/tap.sh"
run=$1/tests/fuzz/run.sh

# What the target does, and then run.sh with it.
run_target () # COMMANDS
{
  rm -rf "$tmp/build"
  mkdir -p "$tmp/build/tests/fuzz"
  printf '#!/bin/sh\nfinds=%s\n%s\n' "$tmp/build/fuzz/config/finds" "$1" >"$tmp/build/tests/fuzz/fuzz-config"
  chmod +x "$tmp/build/tests/fuzz/fuzz-config"
  "$run" "$tmp/build" 10 config
}

passes ()
{
  run_target "$1" >"$tmp/out" 2>&1 || { cat "$tmp/out"; return 1; }
}

fails () # COMMANDS WHAT_IS_TOLD
{
  ! run_target "$1" >"$tmp/out" 2>&1 && grep "$2" "$tmp/out"
}

check 'until the time is over' passes 'kill -XCPU $$'
check 'until it is interrupted' passes 'printf "#7\tNEW cov: 30 ft: 1\n#12\tNEW cov: 34 ft: 2\n"; exit 72'
check 'executions and branches are those of the last line' sh -c 'grep "^config  *12  *0  *34  *0$" "$1"' sh "$tmp/out"
check 'a find' fails 'echo 1 >$finds/crash-1; exit 77' '^config .* 1$'
check 'an end of which no input is kept' fails 'kill -TRAP $$' 'ended with status 133 and kept no input'
plan
