#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# docs/examples/archive.sbatch on a real Slurm: an array, one task of which is killed in the middle and queued
# again, while slurmd stops and comes back; one recording is damaged, one is gone. What is merged must be what
# one process writes.
# Usage: test-slurm.sh SOURCE_TREE HEARKEN FIXTURE [CLIPS TASKS]
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"
. "$1/tests/tool/slurm.sh"
n_clips=${4:-60}
n_tasks=${5:-4}

if ! reason=$(find_slurm); then
  skip 'an array of Slurm' "$reason"
  plan
  exit
fi

# Recordings. Two are pipes at first, in which their tasks wait to be killed or to go on.

mkdir clips kinds
wav kinds/0.wav 'ab c'
wav kinds/1.wav 'c cc a b'
wav kinds/2.wav 'b'
echo 'path	seconds' >clips/list.tsv
for i in $(seq "$n_clips"); do
  cp "kinds/$((i % 3)).wav" "clips/$i.wav"
  echo "$i.wav	$((1 + i % 3))" >>clips/list.tsv
done
head -c 2000 /dev/urandom | tr -d 'R' >clips/13.wav
rm clips/17.wav
transcribe_whole ()
{
  hearken transcribe -q --model tones.safetensors --format "$1" --list clips/list.tsv
}
transcribe_whole jsonl >whole.jsonl 2>whole.errors || true
transcribe_whole ctm >whole.ctm 2>/dev/null || true
killed=clips/$((n_clips / 2)).wav
held=clips/$((n_clips / 2 + 1)).wav
for pipe in "$killed" "$held"; do
  rm "$pipe"
  mkfifo "$pipe"
done

shard_of () # RECORDING
{
  awk -F '\t' -v path="$1" '$1 == path { sub("/.*", "", $5); print $5 }' archive/work.tsv
}

# Waits until all that comes before the recording in its shard has a record, so that its task is at it.
await_at () # RECORDING
{
  until [ -s archive/work.tsv ]; do sleep 0.05; done
  file=archive/shard-$(shard_of "$1")-of-$n_tasks.jsonl
  n_before=$(awk -F '\t' -v path="$1" -v shard="$(shard_of "$1")/$n_tasks" \
    '$1 == path { exit } $5 == shard { n++ } END { print n + 0 }' archive/work.tsv)
  until [ -e "$file" ] && [ "$(wc -l <"$file")" -eq "$n_before" ]; do sleep 0.05; done
}

# The process that has the file open.
writer_of () # FILE
{
  find /proc/[0-9]*/fd -lname "$(readlink -f "$1")" 2>/dev/null | head -n 1 | cut -d / -f 3
}

# The array

start_slurm
job=$(sbatch --parsable --mem=0 --array="1-$n_tasks" "$top/docs/examples/archive.sbatch" archive \
  --model tones.safetensors --list clips/list.tsv)

await_at "$killed"
shard=$(shard_of "$killed")
task=$((shard + 1))
shard_file=archive/shard-$shard-of-$n_tasks.jsonl
kill -KILL "$(writer_of "$shard_file")"
await_end "${job}_$task" running,completing
cp "$shard_file" killed.jsonl
rm "$killed"
cp "kinds/$((n_clips / 2 % 3)).wav" "$killed"
scontrol requeue "${job}_$task"
# Slurm would wait two minutes, lest the task still runs somewhere.
scontrol update JobId="${job}_$task" StartTime=now

await_at "$held"
stop_daemon "$slurm/slurmd.pid"
cat "kinds/$(((n_clips / 2 + 1) % 3)).wav" >"$held"
start_slurmd
await_end "$job" pending,running,completing

check 'the killed task has gone on where it stopped' sh -c 'head -n "$1" "$2" | cmp - killed.jsonl' \
  sh "$(wc -l <killed.jsonl)" "$shard_file"
check 'status' sh -c '"$1" archive status archive >table; grep "^all  *$2  *2  *0 " table' sh "$tool" $((n_clips - 2))
check 'merged, it is what one process writes' sh -c '
  "$1" archive merge -q --format jsonl archive >merged.jsonl 2>merged.errors || status=$?
  [ "$status" -eq 1 ] && cmp whole.jsonl merged.jsonl' sh "$tool"
check 'also as conversation time marks' sh -c '
  "$1" archive merge -q --format ctm archive 2>/dev/null | cmp whole.ctm -' sh "$tool"
check 'just two have failed, by name' same "$(sort whole.errors)" "$(sort merged.errors)"
check 'which are two' same 2 "$(wc -l <merged.errors)"
plan
