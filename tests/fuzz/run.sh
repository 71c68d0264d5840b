#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Runs the fuzz targets under libFuzzer, one after the other, each for some seconds of processor time,
# and tells what came of it. New inputs stay in BUILD/fuzz/TARGET/corpus, so that the next run goes on
# from there; what breaks a target is in BUILD/fuzz/TARGET/finds.
# Usage: run.sh BUILD SECONDS [TARGET...]
set -eu
build=$1
seconds=$2
shift 2
sources=$(cd "$(dirname "$0")" && pwd -P)
if [ $# -eq 0 ]; then
  # shellcheck disable=SC2046
  set -- $(ls "$sources/corpus")
fi
# A warning of GLib's is a fault, and leaks and uses after free show only without its slices.
export G_DEBUG=fatal-warnings G_SLICE=always-malloc
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
out_of_time=152 # by SIGXCPU
interrupted=72 # as libFuzzer ends on SIGINT and SIGTERM

status=0
printf '%-12s %10s %10s %8s %6s\n' target executions seconds branches finds
for target; do
  dir=$build/fuzz/$target
  log=$dir/log
  mkdir -p "$dir/corpus" "$dir/finds"
  times >"$dir/times-before"
  # The limit's signal ends libFuzzer before it tells its figures, which are then those of its last line.
  end=0
  (
    ulimit -S -t "$seconds"
    exec "$build/tests/fuzz/fuzz-$target" -timeout=120 -report_slow_units=120 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="$dir/finds/" "$dir/corpus" "$sources/corpus/$target"
  ) >"$log" 2>&1 || end=$?
  times >"$dir/times-after"
  # shellcheck disable=SC2012
  finds=$(ls "$dir/finds" | wc -l)
  if [ "$finds" -gt 0 ]; then
    status=1
  elif [ "$end" -ne "$out_of_time" ] && [ "$end" -ne "$interrupted" ]; then
    echo "$target ended with status $end and kept no input: see $log" >&2
    status=1
  fi
  awk -v target="$target" -v finds="$finds" '
    /^[0-9]+m[0-9.]+s / { # the second line of each is of processes that have ended
      split($0, t, /[ms ]+/)
      if (FNR == 2) seconds = t[1] * 60 + t[2] + t[3] * 60 + t[4] - seconds
    }
    /^#[0-9]+\t/ { n = substr($1, 2) }
    /number_of_executed_units/ { n = $2 }
    match($0, /cov: [0-9]+/) { branches = substr($0, RSTART + 5, RLENGTH - 5) }
    END { printf "%-12s %10d %10.0f %8d %6d\n", target, n, seconds, branches, finds }
  ' "$dir/times-before" "$dir/times-after" "$log"
done
exit $status
