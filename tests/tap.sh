# shellcheck shell=sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The Test Anything Protocol for the tests written in shell.

n_cases=0

# Passes if the command does; its output is shown where it does not.
check () # NAME COMMAND...
{
  n_cases=$((n_cases + 1))
  case_name=$1
  shift
  if output=$("$@" 2>&1); then
    echo "ok $n_cases $case_name"
  else
    # On standard error, which meson shows when a program fails.
    printf '%s: %s\n' "$case_name" "$output" >&2
    echo "not ok $n_cases $case_name"
  fi
}

skip () # NAME REASON
{
  n_cases=$((n_cases + 1))
  echo "ok $n_cases $1 # SKIP $2"
}

# Passes if the texts are equal; shows the difference.
same () # EXPECTED ACTUAL
{
  printf '%s\n' "$1" >"$tmp/expected"
  printf '%s\n' "$2" >"$tmp/actual"
  diff -u "$tmp/expected" "$tmp/actual"
}

plan ()
{
  echo "1..$n_cases"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
