#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken transcribe --archive and hearken archive: shards, killed and begun again, parts of long recordings,
# and that what is merged is what one process writes. test-slurm.sh has the same with a real Slurm.
# Usage: see setup.sh
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"
unset SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX

transcribe ()
{
  hearken transcribe --model tones.safetensors "$@"
}

mkdir -p clips/below
wav clips/a.wav 'ab c'
wav clips/b.wav 'c cc'
wav clips/c.wav 'a b c'
wav clips/below/a.wav ''
wav clips/long.wav 'ab ab ab ab ab ab'
wav clips/d.wav 'b'
head -c 2000 /dev/urandom | tr -d 'R' >clips/bad.wav
no_type='clips/bad.wav: Could not determine type of stream.'

# Shards

check 'three shards' sh -c 'for i in 0 1 2; do
    "$1" transcribe --model tones.safetensors -q --archive three --shard $i/3 clips || exit
  done' sh "$tool"
check 'each has a file, and there is a list' same "\
shard-0-of-3.jsonl
shard-1-of-3.jsonl
shard-2-of-3.jsonl
work.lock
work.tsv" "$(ls three)"
check 'all is in one of them' same "$(find clips -name '*.wav' | sort)" \
  "$(cat three/shard-* | sed 's/^{ "file": "\([^"]*\)".*/\1/' | sort)"
check 'shards are as long as each other, not as many' same "\
3
3
1" "$(cut -f 5 three/work.tsv | sed 1d | sort | uniq -c | sed 's/^ *\([0-9]*\) .*/\1/' | sort -r)"
check 'status' says 1 "\
shard              done    failed   missing
0/3                   1         0         0  [########################]
1/3                   3         0         0  [########################]
2/3                   2         1         0  [########################]
all                   6         1         0  [########################]" hearken archive status three

# What is merged is what one process writes.
merges_like_one () # FORMAT
{
  hearken archive merge -q --format "$1" three >merged 2>said && return 1
  transcribe -q --format "$1" clips >whole 2>said2 && return 1
  cmp merged whole && cmp said said2
}
for format in text json jsonl ctm; do check "merged as $format" merges_like_one "$format"; done
merges_files_like_one () # FORMAT
{
  hearken archive merge -q --format "$1" --output-dir "merged-$1" three && return 1
  transcribe -q --format "$1" --output-dir "whole-$1" clips && return 1
  diff -r "merged-$1" "whole-$1" && [ "$(find "merged-$1" -type f | wc -l)" -eq 6 ]
}
for format in srt vtt text; do check "merged as files of $format" merges_files_like_one "$format"; done
check 'the summary' says 1 "\
hearken: $no_type
hearken: 7 recordings: 6 merged, 1 failed" hearken archive merge --output-dir merged-text three
check 'subtitles of several to standard output' complains 2 '--format srt needs --output-dir' \
  hearken archive merge --format srt three

# Names of another time, or of another machine
mkdir latin
cp clips/a.wav "$(printf 'latin/caf\351.wav')"
cp clips/b.wav "$(printf 'latin/caf\350.wav')"
transcribe -q --archive latin-texts --shard 0/1 latin || true
check 'names that are not UTF-8 are told apart' says 0 'latin/caf\xe8.wav: c cc
latin/caf\xe9.wav: ab c' hearken archive merge -q latin-texts
check 'and kept' sh -c '"$1" archive merge -q -o latin-merged latin-texts && ls latin-merged | cmp - "$2"' sh "$tool" \
  "$(printf 'caf\350.txt\ncaf\351.txt\n' >latin-names; echo latin-names)"

# Again

check 'again: only what failed' says 0 "\
hearken: $no_type
hearken: shard 2/3 of three: 0 transcribed, 2 there already, 1 failed" transcribe --archive three --shard 2/3 clips
check 'a failure that is mended' sh -c 'cp clips/a.wav clips/bad.wav &&
  "$1" transcribe --model tones.safetensors -q --archive three --shard 2/3' sh "$tool"
check 'all is done' sh -c '"$1" archive status three >/dev/null' sh "$tool"
cp clips/b.wav clips/d.wav
touch -d '2001-01-01' clips/d.wav
for i in 0 1 2; do transcribe -q --archive three --shard "$i/3"; done
check 'a recording that has changed: its last record counts' same 'clips/d.wav: c cc' \
  "$(hearken archive merge -q three | grep /d.wav)"
mkdir gone
mv clips/d.wav gone/
for i in 0 1 2; do transcribe -q --archive three --shard "$i/3" clips; done
check 'a recording that is gone since stays done' sh -c '"$1" archive status three >/dev/null' sh "$tool"

# What killed a shard: the file ends within a record, and none is lost.
head -c -100 three/shard-2-of-3.jsonl >torn
cp torn three/shard-2-of-3.jsonl
check 'a torn record is done again' says 0 "\
hearken: three/shard-2-of-3.jsonl: its last $(tail -n 1 torn | wc -c) bytes were no whole record, and are cut off
hearken: shard 2/3 of three: 1 transcribed, 2 there already" transcribe --archive three --shard 2/3

# Loud where records are not as they should be

cp -r three double
tail -n 1 three/shard-0-of-3.jsonl >>double/shard-0-of-3.jsonl
check 'a record that is double' complains 1 '.*: has two records (shard 0/3)' hearken archive merge double
check 'nothing is written then' test ! -s stdout
cp -r three missing
rm missing/shard-0-of-3.jsonl
check 'a record that is missing' complains 1 'clips/long.wav: has no record (shard 0/3)' \
  hearken archive merge missing
check 'status tells it, too' sh -c '! "$1" archive status missing >table && grep -q "^0/3  *0  *0  *1 " table' \
  sh "$tool"
cp -r three strange
sed 's/long/longer/' three/shard-0-of-3.jsonl >>strange/shard-0-of-3.jsonl
check 'a record of nothing on the list' complains 1 '1 records are of recordings that are not on' \
  hearken archive merge strange
check 'another number of shards' complains 1 'three/work.tsv is for 3 shards, not for 4' \
  transcribe --archive three --shard 0/4
wav clips/new.wav 'c'
check 'a recording that is not on the list' complains 1 'clips/new.wav is not on the work list of three' \
  transcribe --archive three --shard 0/3 clips
rm clips/new.wav
check 'no list and no recordings' complains 1 'there is no none/work.tsv' transcribe --archive none --shard 0/1
check 'an archive where there can be none' complains 1 'cannot make the directory clips/a.wav/texts: ' \
  transcribe --archive clips/a.wav/texts --shard 0/1 clips
check 'a plan where there can be none' complains 1 'cannot make the directory clips/a.wav/texts: ' \
  hearken archive plan --model tones.safetensors -q --archive clips/a.wav/texts clips
mkdir strange-list
echo 'path	text' >strange-list/work.tsv
check 'a list of something else' complains 1 'strange-list/work.tsv is no work list' \
  transcribe --archive strange-list --shard 0/1 clips
check 'no archive' complains 1 'cannot read nix/work.tsv' hearken archive status nix
check 'no file' complains 1 '- is no file' transcribe --archive none --shard 0/1 -
hearken archive plan --model tones.safetensors -q --archive full --shards 1 clips >/dev/null
# Whoever measures the tests' coverage has files written at the end, too; they are not to be cut short.
export GCOV_PREFIX="$tmp/gcov" GCOV_ERROR_FILE=/dev/null
check 'a full disk' complains 1 'cannot write full/shard-0-of-1.jsonl: ' sh -c \
  'trap "" XFSZ; ulimit -f 3; exec "$1" transcribe --model tones.safetensors -q --archive full --jobs 1' sh "$tool"
check 'leaves no half of a record' sh -c '[ -z "$(tail -c 1 full/shard-0-of-1.jsonl)" ] &&
  "$1" transcribe --model tones.safetensors -q --archive full && "$1" archive merge -q full >merged' sh "$tool"
unset GCOV_PREFIX GCOV_ERROR_FILE

# Which shard: Slurm, whose arrays may begin at 1, and Kubernetes

check 'a task of Slurm' says 0 'hearken: shard 2/3 of three: 0 transcribed, 3 there already' \
  env SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3 \
  "$tool" transcribe --archive three
check 'some tasks of an array' complains 2 'task 2 of a Slurm array of 2 from 0 to 2: which shard' \
  env SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=2 \
  "$tool" transcribe --archive three
check 'a pod of Kubernetes' says 0 'hearken: shard 1/3 of three: 0 transcribed, 3 there already' \
  env JOB_COMPLETION_INDEX=1 JOB_COMPLETION_COUNT=3 "$tool" transcribe --archive three
if command -v python3 >/dev/null && python3 -c 'import yaml' 2>/dev/null; then
  check 'the example for Kubernetes' python3 -c '
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))["spec"]
container = job["template"]["spec"]["containers"][0]
assert container["env"] == [{"name": "JOB_COMPLETION_COUNT", "value": str(job["completions"])}]
assert container["command"][:4] == ["hearken", "transcribe", "--archive", "texts"]
' "$top/docs/examples/archive-job.yaml"
else
  skip 'the example for Kubernetes' 'Python has no yaml'
fi

# With another model, or other options, than the tasks before

cp tones.safetensors other.safetensors
mkdir elsewhere
cp tones.safetensors elsewhere/
for archive in others options same; do
  cp -r three "$archive"
  rm "$archive/shard-2-of-3.jsonl"
done
transcribe -q --archive others --shard 2/3 --model other.safetensors
transcribe -q --archive options --shard 2/3 --clean-up
transcribe -q --archive same --shard 2/3 --model elsewhere/tones.safetensors
names_those () # ARCHIVE
{
  says 0 'hearken: clips/a.wav: was recognised with another model or other options than the first (shard 2/3)
hearken: clips/b.wav: was recognised with another model or other options than the first (shard 2/3)
hearken: clips/bad.wav: was recognised with another model or other options than the first (shard 2/3)' \
    hearken archive merge -q --output-dir texts "$1"
}
check 'records of another model are named' names_those others
check 'records of other options are named' names_those options
check 'the same model elsewhere is no other' says 0 '' hearken archive merge -q --output-dir texts same

# A task that is killed in the middle: it waits for what a pipe is to bring.

mkdir held
wav held/1.wav 'ab'
mkfifo held/2.wav
wav held/3.wav 'c'
printf '1.wav\t1\n2.wav\t1\n3.wav\t1\n' >held/list
"$tool" transcribe --model tones.safetensors -q --jobs 1 --archive kill --shard 0/1 --list held/list &
program=$!
await held/1.wav kill/shard-0-of-1.jsonl
check 'a shard that is begun twice' complains 1 'another process is writing kill/shard-0-of-1.jsonl' \
  timeout --signal=KILL 20 "$tool" transcribe --archive kill --shard 0/1
kill -KILL "$program"
wait "$program" 2>/dev/null || true
rm held/2.wav
wav held/2.wav 'b'
check 'killed, it goes on where it stopped' says 0 'hearken: shard 0/1 of kill: 2 transcribed, 1 there already' \
  transcribe --archive kill --shard 0/1 --list held/list
check 'and nothing is double' says 0 "\
held/1.wav: ab
held/2.wav: b
held/3.wav: c" hearken archive merge -q kill

# Lists

printf '\357\273\277text\tseconds\tpath\r\nx\t1.5\ta.wav\r\ny\t\tb.wav' >clips/list.tsv
check 'a list with names of its fields' says 0 "\
clips/a.wav: ab c
clips/b.wav: c cc" transcribe -q --list clips/list.tsv
check 'its lengths are believed' same "1.500
1.800" "$(transcribe -q --archive listed --shard 0/1 --list clips/list.tsv; cut -f 3 listed/work.tsv | sed 1d)"
printf 'a.wav\n\t3\n' >clips/bad.tsv
check 'a line without a path' complains 1 'clips/bad.tsv:2: no path' transcribe --list clips/bad.tsv
printf 'a.wav\n..\n' >clips/bad.tsv
check 'a path without a name' complains 1 'clips/bad.tsv:2: no path' transcribe --list clips/bad.tsv
check 'a list and recordings' complains 2 'either recordings or --list' transcribe --list clips/list.tsv a.wav
check 'what is there twice' complains 1 'clips/a.wav is there twice' \
  transcribe --archive twice --shard 0/1 clips/a.wav clips/a.wav

# Long recordings: cut where nothing is said, with the times of the whole

letters='ab c______a b c___________cc b a_______abc______c c c___________a a a_______b_______cb______c b a_______ab'
wav long.wav "$letters$letters"
transcribe --format ctm long.wav >whole.ctm
check 'is 40 s long' test "$(wc -l <whole.ctm)" -ge 40
check 'three tasks' sh -c 'for i in 0 1 2; do
    "$1" transcribe --model tones.safetensors -q --archive parts --shard $i/3 --split-seconds 10 long.wav || exit
  done' sh "$tool"
check 'have a part or two each' same '0/5 1/5 2/5 3/5 4/5' \
  "$(cat parts/shard-* | sed 's/.*"part": "\([^"]*\)".*/\1/' | sort | xargs)"
check 'the same words at the same times' same "$(cut -d ' ' -f 1-5 whole.ctm)" \
  "$(hearken archive merge -q --format ctm parts | cut -d ' ' -f 1-5)"
cp -r parts mixed
rm mixed/shard-1-of-3.jsonl
touch -d 2001-01-01 long.wav
hearken transcribe --model tones.safetensors -q --archive mixed --shard 1/3
check 'parts of a recording that changed meanwhile' says 1 "\
hearken: long.wav, part 1/5: the recording has changed since another part was heard (shard 1/3)
hearken: long.wav, part 4/5: the recording has changed since another part was heard (shard 1/3)" \
  hearken archive merge mixed
for i in 0 2; do hearken transcribe --model tones.safetensors -q --archive mixed --shard "$i/3"; done
check 'are heard again by the other tasks' same "$(cut -d ' ' -f 1-5 whole.ctm)" \
  "$(hearken archive merge -q --format ctm mixed | cut -d ' ' -f 1-5)"

# One that changes while a task is at work, which a pipe holds up before it.
mkfifo held/0.wav
cp long.wav held/long.wav
printf '0.wav\t1\nlong.wav\t50\n' >held/list
transcribe -q --archive change --shard 1/2 --split-seconds 25 --list held/list
"$tool" transcribe --model tones.safetensors -q --jobs 1 --archive change --shard 0/2 2>said &
program=$!
exec 3>held/0.wav
touch -d 2002-02-02 held/long.wav
cat clips/a.wav >&3
exec 3>&-
wait "$program"
check 'a part of a recording that changes before it is heard' complains 1 \
  'held/long.wav, part 0/2: it has changed since the task began' hearken archive merge -q --output-dir changed change
check 'is named by the task' grep -qxF 'hearken: held/long.wav, part 0/2: it has changed since the task began' said
for i in 0 1; do transcribe -q --archive change --shard "$i/2"; done
check 'and is right when the tasks come again' hearken archive merge -q change

rm long.wav
rm parts/shard-1-of-3.jsonl
check 'parts whose recording is gone' says 0 "\
hearken: long.wav, part 4/5: it is not there
hearken: long.wav, part 1/5: it is not there
hearken: shard 1/3 of parts: 0 transcribed, 2 failed" transcribe --archive parts --shard 1/3
check 'are named' says 1 "\
hearken: long.wav, part 1/5: it is not there
hearken: long.wav, part 4/5: it is not there" hearken archive merge -q --output-dir parts-text parts

# Plans

check 'a plan' sh -c '"$1" archive plan --model tones.safetensors -q --archive planned --shards 2 clips >plan &&
  grep -q "^recordings  *6$" plan && grep -q "^shards  *2, the longest of 0.00 h of audio" plan' sh "$tool"
check 'is a work list' same '0/2 1/2' "$(cut -f 5 planned/work.tsv | sed 1d | sort -u | xargs)"
check 'another plan' complains 1 'there is a planned/work.tsv already' \
  hearken archive plan --model tones.safetensors -q --archive planned clips
check 'a plan that nothing is written of' sh -c '"$1" archive plan --model tones.safetensors -q clips | grep -q "^shards  *1,"' \
  sh "$tool"
mkdir odd
wav odd/long.wav "$letters$letters$letters$letters"
cp gone/d.wav odd/d.wav
head -c 2000 /dev/urandom | tr -d 'R' >odd/bad.wav
check 'a plan tells what it does not know, and hears just the middle of what is long' sh -c '
  "$1" archive plan --model tones.safetensors -q odd >plan &&
  grep -q "^recordings  *3, of which 1 cannot be read or are of unknown length$" plan &&
  grep -q "^sample  *2 pieces, 6[0-3]\.[0-9] s: " plan' sh "$tool"
check 'a plan that cuts' sh -c '"$1" archive plan --model tones.safetensors -q --split-seconds 10 odd >plan &&
  grep -q "^recordings  *3, " plan && grep -q "^pieces  *1[0-9]$" plan' sh "$tool"
check 'a plan of what cannot be read' complains 1 'nothing of the sample could be recognised' \
  hearken archive plan --model tones.safetensors -q odd/bad.wav
check 'a plan of nothing' complains 1 'cannot read nix.tsv' hearken archive plan -q --list nix.tsv
check 'a plan without a model' complains 1 'cannot load the model: .*nix' \
  hearken archive plan --model nix.safetensors -q odd

# The command line

check 'a plan of a list and recordings' complains 2 'either recordings or --list' \
  hearken archive plan --list clips/list.tsv clips
check 'a plan of parts that are too short' complains 2 '--split-seconds is at least 10' \
  hearken archive plan --split-seconds 5 clips
check 'archive alone' complains 2 'plan, status or merge?' hearken archive
check 'archive of something' complains 2 'what is "nix"?' hearken archive nix
check 'no such shard' complains 2 '--shard is I/N, from 0/N to N-1/N, not 3/3' transcribe --archive three --shard 3/3
check 'a shard of no archive' complains 2 '--shard and --split-seconds go with --archive' transcribe --shard 0/2 clips
check 'an archive and a format' complains 2 'with --archive there is no --format' \
  transcribe --archive three --format srt clips
check 'more shards than anybody has' complains 2 '--shards cannot be negative or more than 1000000' \
  hearken archive plan --shards 2000000000 clips
check 'parts that are too short' complains 2 '--split-seconds is at least 10' \
  transcribe --archive three --split-seconds 5 clips
check 'status of nothing' complains 2 'which archive?' hearken archive status
check 'status to a full disk' complains 1 '.*No space left on device' \
  sh -c '"$1" archive status three >/dev/full' sh "$tool"
check 'merge of nothing' complains 2 'which archive?' hearken archive merge
check 'merge to nothing' complains 2 'there is no format "doc"' hearken archive merge --format doc three
plan
