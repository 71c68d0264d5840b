#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# How much faster two tasks of Slurm are than one: recordings as an archive of one shard and as one of two, in turn,
# by docs/examples/archive.sbatch on this machine. Tells the seconds from the first task's start to the end
# of the last, and the median of the ratios. The machine must have two processors that nothing else uses.
# Usage: slurm-tasks.sh SOURCE_TREE HEARKEN ROUNDS OPTION... (of hearken transcribe, with --list)
set -eu
top=$(cd "$1" && pwd -P)
tool=$(readlink -f "$2")
rounds=$3
shift 3
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=tests/tool/slurm.sh
. "$top/tests/tool/slurm.sh"
find_slurm

cat >"$tmp/task" <<END
#!/bin/sh
date +%s.%N >"\$1-begin-\$SLURM_ARRAY_TASK_ID"
taskset -c "\$SLURM_ARRAY_TASK_ID" sh "$top/docs/examples/archive.sbatch" "\$@"
date +%s.%N >"\$1-end-\$SLURM_ARRAY_TASK_ID"
END

run_tasks () # N OPTION...
{
  last=$(($1 - 1))
  shift
  rm -rf "$tmp/archive"*
  sbatch --quiet --wait --mem=0 --cpus-per-task=1 --output="$tmp/log" --open-mode=append --array="0-$last" \
    "$tmp/task" "$tmp/archive" "$@"
  cat "$tmp"/archive-begin-* "$tmp"/archive-end-* |
    awk 'NR == 1 || $1 < first { first = $1 } $1 > last { last = $1 } END { printf "%.2f\n", last - first }'
}

start_slurm
echo 'one task  two tasks  ratio'
for _ in $(seq "$rounds"); do
  one=$(run_tasks 1 "$@")
  two=$(run_tasks 2 "$@")
  awk -v one="$one" -v two="$two" 'BEGIN { printf "%8.2f  %9.2f  %5.3f\n", one, two, one / two }' |
    tee -a "$tmp/ratios"
done
sort -n -k 3 "$tmp/ratios" | awk '{ ratio[NR] = $3 } END { print "median", ratio[int((NR + 1) / 2)] }'
