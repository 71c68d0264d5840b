#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Disks that fail under an archive: each is told with the file and the reason, and what is written afterwards is
# what one process writes. strace lets the calls of the system fail.
# Usage: see setup.sh
set -eu
. "$1/tests/tool/setup.sh"

if ! strace -qq -o /dev/null true 2>/dev/null; then
  skip 'disks that fail' 'strace is not installed, or may not trace'
  plan
  exit
fi

mkdir clips
for i in 1 2 3; do wav "clips/$i.wav" 'ab c'; done
hearken archive plan --model tones.safetensors -q --archive whole --shards 1 clips >said
records=$tmp/archive/shard-0-of-1.jsonl
list=$tmp/archive/work.tsv

# Runs the tool, while a call fails, on one file or, where that is empty, on all.
with_fault () # CALL:error=NAME[:when=N] FILE ARGUMENT...
{
  fault=$1
  file=$2
  shift 2
  timeout --signal=KILL 60 strace -f -qq -o /dev/null ${file:+-P "$file"} -e trace="${fault%%:*}" -e inject="$fault" \
    "$tool" "$@"
}

transcribe_with () # FAULT FILE
{
  with_fault "$1" "$2" transcribe --model tones.safetensors -q --jobs 1 --archive archive
}

begin ()
{
  rm -rf archive
  cp -r whole archive
}

# Goes on after the fault, and has all that there is.
is_mended ()
{
  hearken transcribe --model tones.safetensors -q --archive archive &&
    hearken archive merge -q archive >merged && cmp texts merged
}

begin
hearken transcribe --model tones.safetensors -q clips >texts
check 'without a fault' is_mended

refuses_records () # FAULT REASON
{
  begin
  complains 1 "cannot write archive/shard-0-of-1.jsonl: $2\$" transcribe_with "$1" "$records" && is_mended
}
no_space='No space left on device'
io_error='Input/output error'
check 'a full disk, at the second record' refuses_records write:error=ENOSPC:when=2 "$no_space"
check 'a record that cannot be written' refuses_records write:error=EIO:when=1 "$io_error"
check 'records that cannot be made safe' refuses_records fdatasync:error=EIO "$io_error"
check 'records that cannot be cut' refuses_records ftruncate:error=EIO "$io_error"
goes_on ()
{
  begin
  transcribe_with write:error=EINTR:when=1 "$records" && is_mended
}
check 'a write that is interrupted goes on' goes_on

# Reading

begin
hearken transcribe --model tones.safetensors -q --archive archive
cannot_read () # FILE COMMAND...
{
  file=$1
  shift
  complains 1 "cannot read ${file#"$tmp/"}: $io_error\$" with_fault read:error=EIO "$file" "$@" &&
    test ! -s stdout
}
check 'records that cannot be read, by status' cannot_read "$records" archive status archive
check 'by merge' cannot_read "$records" archive merge -q archive
check 'by a task' cannot_read "$records" transcribe --model tones.safetensors -q --archive archive
check 'a list that cannot be read, by merge' cannot_read "$list" archive merge -q archive
check 'by a task' cannot_read "$list" transcribe --model tones.safetensors -q --archive archive

changes_while_it_is_read ()
{
  complains 1 'archive/shard-0-of-1.jsonl: the record of clips/1.wav cannot be read$' \
    with_fault read:error=EIO:when=3+ "$records" archive merge -q archive
}
check 'records that merge can count and no longer read' changes_while_it_is_read

recording=$tmp/clips/2.wav
check 'a recording that cannot be read' complains 1 "clips/2.wav: .*" \
  with_fault read:error=EIO "$recording" transcribe -q --model tones.safetensors clips/2.wav
check 'a recording that can be read up to a place' complains 1 "clips/2.wav: .*" \
  with_fault read:error=EIO:when=9+ "$recording" transcribe -q --model tones.safetensors clips/2.wav
mkdir clips/locked
check 'a directory that cannot be read spoils no other recording' says 1 "$(cat texts)" \
  with_fault openat:error=EACCES clips/locked transcribe -q --model tones.safetensors clips
check 'and is named' grep -q '^hearken: clips/locked: Could not open' stderr
rmdir clips/locked
check 'a model that cannot be read' complains 1 ".*tones.safetensors.*: $io_error" \
  with_fault read:error=EIO "$tmp/tones.safetensors" transcribe -q --model tones.safetensors clips/2.wav

# Lists and texts: whole, or not there

plan_with () # FAULT
{
  rm -rf archive
  with_fault "$1" '' archive plan --model tones.safetensors -q --archive archive clips
}
leaves_no_list () # FAULT
{
  complains 1 ".*work.tsv.*: $io_error\$" plan_with "$1" && test ! -e "$list"
}
check 'a list that cannot be written' leaves_no_list fsync:error=EIO
check 'a list that cannot get its name' leaves_no_list rename:error=EIO
leaves_no_text ()
{
  complains 1 ".*texts-of-files/2.txt.*: $io_error\$" with_fault fsync:error=EIO '' \
    transcribe -q --model tones.safetensors --output-dir texts-of-files clips/2.wav &&
    test ! -e texts-of-files/2.txt
}
check 'a text that cannot be written' leaves_no_text
plan
