#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken transcribe: what it writes, what it makes of bad input and output, and how it is stopped.
# Usage: see setup.sh
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"

transcribe ()
{
  hearken transcribe --model tones.safetensors "$@"
}

wav a.wav 'ab c'
wav b.wav 'c cc'
wav silent.wav ''
wav c.wav 'a b c'

cat >g.jsgf <<'END'
#JSGF V1.0;
grammar g;
public <s> = ab {first} c {second} | b a;
END
printf 'ab c\nhello\n' >unsayable.txt
printf 'ab\nc /0.4/\n' >keywords.txt

# Formats

check 'text' says 0 'ab c' transcribe a.wav
check 'several files, in order' says 0 "\
b.wav: c cc
a.wav: ab c" transcribe -q --jobs 2 b.wav silent.wav a.wav
for n in 2 3 6 7 12; do
  wav "$n.wav" 'ab c' "$n"
done
check 'many channels, placed or not' says 0 "\
2.wav: ab c
3.wav: ab c
6.wav: ab c
7.wav: ab c
12.wav: ab c" transcribe -q 2.wav 3.wav 6.wav 7.wav 12.wav
rm 2.wav 3.wav 6.wav 7.wav 12.wav
check 'a URI' says 0 'ab c' transcribe "file://$tmp/a.wav"
check 'standard input' sh -c '[ "$("$1" transcribe --model tones.safetensors - <a.wav)" = "ab c" ]' \
  sh "$tool"

# A byte at a time, so that much is written while the pipe is being opened.
mkfifo named
dd status=none bs=1 if=a.wav of=named &
check 'a named pipe, from its first byte' says 0 'ab c' timeout -s KILL 60 "$tool" transcribe \
  --model tones.safetensors named
wait

name=$(printf 'two\nlines\033[2J.wav')
cp a.wav "$name"
check 'a name of two lines, on one' says 0 "\
two?lines?[2J.wav: ab c
a.wav: ab c" transcribe -q "$name" a.wav
check 'and in one field' says 0 "\
two_lines_[2J 1 0.50 0.34 ab 1.00
two_lines_[2J 1 1.10 0.14 c 1.00" transcribe --format ctm "$name"
rm "$name"

check 'subtitles' says 0 "\
WEBVTT

00:00:00.497 --> 00:00:01.497
ab c" transcribe --format vtt a.wav
check 'conversation time marks' says 0 "\
a 1 0.50 0.34 ab 1.00
a 1 1.10 0.14 c 1.00" transcribe --format ctm a.wav

# Prints the words in JSON, as Python reads it.
json_words () # FORMAT FILE...
{
  format=$1
  shift
  transcribe -q --format "$format" "$@" | python3 -c '
import json, sys
text = sys.stdin.read()
files = [json.loads(line) for line in text.splitlines()] if sys.argv[1] == "jsonl" else json.loads(text)
for file in files if isinstance(files, list) else [files]:
    for utterance in file.get("utterances", [file]):
        print(file["file"], utterance["end-reason"], *(word["text"] for word in utterance["words"]))
' "$format"
}
if command -v python3 >/dev/null; then
  wav 'q"\.wav' 'a b'
  check 'JSON' says 0 'a.wav eos ab c' json_words json a.wav
  check 'JSON of a grammar' sh -c '"$1" transcribe --model tones.safetensors -q --format json --n-best 2 \
    --grammar g.jsgf a.wav b.wav | python3 -c "
import json, sys
said, rejected = (file[\"utterances\"][0] for file in json.load(sys.stdin))
assert said[\"tags\"] == [\"first\", \"second\"]
assert said[\"alternatives\"][0][\"text\"] == \"ab c\" and len(said[\"alternatives\"]) <= 2
assert rejected[\"rejected\"] and rejected[\"words\"] == []"' sh "$tool"
  check 'JSON of several files' says 0 "\
q\"\\.wav eos a b
a.wav eos ab c" json_words json 'q"\.wav' silent.wav a.wav
  check 'JSON lines' says 0 "\
q\"\\.wav eos a b
a.wav eos ab c" json_words jsonl 'q"\.wav' silent.wav a.wav
else
  skip 'JSON' 'there is no python3 to read it'
fi

# What may be said

check 'a grammar: its sentences only' says 0 'a.wav: ab c' transcribe -q --grammar g.jsgf a.wav b.wav
check 'keywords' says 0 'c' transcribe --keywords keywords.txt c.wav
check 'as people write' says 0 'ABC' transcribe --clean-up c.wav
check 'a grammar that cannot be said' complains 1 'unsayable.txt: the model cannot spell .hello' \
  transcribe --grammar unsayable.txt a.wav
check 'a list that is wrong: file and line' complains 1 'unsayable.txt:2: ' \
  transcribe --keywords unsayable.txt a.wav
check 'a grammar that is not there' complains 1 'cannot read nix.jsgf: ' transcribe --grammar nix.jsgf a.wav
check 'a grammar and keywords' complains 1 'keywords exclude ' \
  transcribe --grammar g.jsgf --keywords keywords.txt a.wav
check 'keywords as people write sentences' complains 2 '--clean-up is for sentences, not for --keywords' \
  transcribe --clean-up --keywords keywords.txt a.wav
check 'no keywords' says 0 'ABC' transcribe --clean-up --keywords '' c.wav
check 'a beam of zero' complains 2 '--beam-width is 1 … 1000, not 0' transcribe --beam-width 0 a.wav
check 'a threshold out of range' complains 2 '--keyword-threshold is 0 … 1, not 1.5' \
  transcribe --keyword-threshold 1.5 a.wav
check 'too many sentences' complains 2 '--n-best is 1 … 20, not 21' transcribe --n-best 21 a.wav

# Directories

mkdir -p clips/below clips/.hidden
for i in $(seq 1 200); do
  case $((i % 3)) in 0) cp a.wav "clips/$i.wav" ;; 1) cp b.wav "clips/$i.wav" ;; *) cp silent.wav "clips/$i.wav" ;; esac
done
head -c 2000 /dev/zero >clips/77.wav
mv clips/9.wav clips/below/
echo 'no recording' >clips/notes.txt
cp a.wav clips/.hidden/

expected_outputs ()
{
  for i in $(seq 1 200); do
    [ "$i" -ne 77 ] || continue
    [ "$i" -eq 9 ] && name=below/9 || name=$i
    case $((i % 3)) in 0) text='ab c' ;; 1) text='c cc' ;; *) text= ;; esac
    echo "$name.txt: $text"
  done | sort
}

outputs () # DIR
{
  (cd "$1" && find . -type f | sed 's|^\./||' | sort | while read -r name; do echo "$name: $(cat "$name")"; done)
}

check '200 clips with one corrupt: it is named' says 1 "\
hearken: clips/77.wav: Could not determine type of stream.
hearken: 200 recordings: 199 transcribed, 1 failed" transcribe --output-dir texts clips
check '199 right outputs, and nothing else' same "$(expected_outputs | sort)" "$(outputs texts | sort)"

rm texts/1.txt texts/below/9.txt
echo 'changed by hand' >texts/2.txt
touch -d '2000-01-01' texts/3.txt
check 'taken up again: only what is missing or old' says 1 "\
hearken: clips/77.wav: Could not determine type of stream.
hearken: 200 recordings: 3 transcribed, 196 there already, 1 failed" transcribe --output-dir texts clips
check 'the others stay as they are' same 'changed by hand' "$(cat texts/2.txt)"
check '--force' says 0 '' transcribe -q --force --output-dir texts clips/2.wav
check 'writes them again' same '' "$(cat texts/2.txt)"

mkdir same
cp a.wav same/x.wav
cp b.wav same/x.wave.wav
cp b.wav same/x.snd
check 'equal names keep their endings' says 0 '' transcribe -q --output-dir texts2 same
check 'and are all there' same "\
x.snd.txt: c cc
x.wav.txt: ab c
x.wave.txt: c cc" "$(outputs texts2)"
check 'names that nothing tells apart' complains 1 'two of the recordings, one of them ./a.wav, would' \
  transcribe --output-dir texts a.wav ./a.wav

# Bad input: the file is named, with a reason

: >empty.wav
head -c 30 a.wav >header.wav
head -c 22000 a.wav >cut.wav
# Not a wonder: it is the program's user that reads.
cp a.wav secret.wav
chmod 000 secret.wav
mkdir none
check 'no such file' complains 1 'nix.wav: it is not there' transcribe nix.wav
check 'a name that would write on the terminal' complains 1 'a??\[2Jb.wav: it is not there' \
  transcribe "$(printf 'a\n\033[2Jb.wav')"
check 'an empty file' complains 1 'empty.wav: Stream contains no data' transcribe empty.wav
check 'half a header' complains 1 'header.wav: ' transcribe header.wav
check 'a file that is cut off: what there is' says 0 'a' transcribe cut.wav
check 'silence' says 0 '' transcribe silent.wav
check 'no recordings in a directory' complains 1 'there is no recording in none' transcribe none
check 'a protocol that nothing reads' complains 1 'nix://a: ' transcribe nix://a
check 'an empty name' complains 1 'a name is empty' transcribe ''
if [ "$(id -u)" -ne 0 ]; then
  check 'a file that is not readable' complains 1 'secret.wav: ' transcribe secret.wav
else
  skip 'a file that is not readable' 'root reads everything'
fi
if gst-launch-1.0 -q videotestsrc num-buffers=3 ! jpegenc ! avimux ! filesink location=video.avi 2>/dev/null; then
  check 'video only' complains 1 'video.avi: it has no audio' transcribe video.avi
else
  skip 'video only' 'GStreamer has no jpegenc or avimux here'
fi
check 'the failure of one spoils no other' complains 1 'nix.wav: ' transcribe -q a.wav nix.wav b.wav
check 'which are there' same "\
a.wav: ab c
b.wav: c cc" "$(cat stdout)"
check 'in JSON, what failed is no silence' says 1 '{
  "file": "nix.wav",
  "utterances": [],
  "error": "it is not there"
}' transcribe --format json nix.wav
check 'no model' complains 1 'cannot load the model: .*nix.safetensors' \
  hearken transcribe --model nix.safetensors a.wav
check 'no model of that name' complains 1 'there is no model "nix": no nix.safetensors in ' \
  hearken transcribe --model nix a.wav
if gst-inspect-1.0 --exists oggdemux; then
  check 'no decoder' complains 1 '.*cen7-mgah-b.opus: GStreamer has no plugin here for: Opus' \
    env GST_PLUGIN_FEATURE_RANK='opusdec:NONE,avdec_opus:NONE' \
    "$tool" transcribe --model tones.safetensors "$top/models/clips/cen7-mgah-b.opus"
else
  skip 'no decoder' 'GStreamer has no oggdemux here'
fi
# A GStreamer that has its core alone.
mkdir core
ln -s "$(pkg-config --variable=pluginsdir gstreamer-1.0)"/libgstcoreelements.so core/
check 'no elements to decode with' complains 1 \
  'GStreamer has no element uridecodebin here (Debian: gstreamer1.0-plugins-base)' \
  env GST_PLUGIN_SYSTEM_PATH_1_0="$tmp/core" GST_REGISTRY="$tmp/core/registry" \
  "$tool" transcribe --model tones.safetensors a.wav

# Bad output

full () # COMMAND...
{
  "$@" >/dev/full
}
if [ -w /dev/full ]; then
  check 'a full disk' complains 1 'cannot write to standard output: No space left' full transcribe -q a.wav b.wav
else
  skip 'a full disk' 'there is no /dev/full'
fi
check 'a standard output that is closed' complains 1 'cannot write to standard output: Bad file descriptor' \
  sh -c '"$1" transcribe --model tones.safetensors a.wav >&-' sh "$tool"
check 'a standard input that is closed' complains 1 '-: Could not read from resource' \
  sh -c 'timeout -s KILL 60 "$1" transcribe --model tones.safetensors - <&-' sh "$tool"
check 'no directory' complains 1 'cannot make the directory a.wav/x: ' \
  transcribe -q --output-dir a.wav/x b.wav
mkdir -p blocked/a.txt
check 'an output that is a directory' complains 1 '.*blocked/a.txt' \
  transcribe -q --force --output-dir blocked a.wav
check 'leaves nothing else' same a.txt "$(ls blocked)"

# The command line

check 'nothing' complains 2 'nothing to transcribe (see ' transcribe
check 'no such format' complains 2 'there is no format "doc" (see ' transcribe --format doc a.wav
check 'no such option' complains 2 '.*--nix' transcribe --nix a.wav
check 'nothing that could be there' complains 2 '--force goes with --output-dir' transcribe --force a.wav
check 'sentences that the format has no place for' complains 2 '--n-best goes with --format json or jsonl' \
  transcribe --n-best 2 --format srt a.wav
check 'standard input, twice' complains 1 'standard input can be read once' transcribe - a.wav -
check 'jobs that cannot be' complains 2 '--jobs cannot be negative' transcribe --jobs=-1 a.wav
check 'subtitles of several files' complains 2 '--format srt needs --output-dir' \
  transcribe --format srt a.wav b.wav

# Ctrl-C, in the middle of standard input: an utterance is complete, another is not. The pipe holds
# the last two seconds at most, so that when the rest is written something of the other is heard.

wav open.wav 'ab______c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c__________'
head -c 410000 open.wav >begun.wav
mkfifo pipe
# Begins "hearken transcribe -" with the recording but not its end; $program is its number.
begin () # OPTION...
{
  : >heard
  "$tool" transcribe --model tones.safetensors "$@" - <pipe >heard 2>said &
  program=$!
  exec 3>pipe
  cat begun.wav >&3
}

interrupt ()
{
  kill -INT "$program"
  status=0
  wait "$program" || status=$?
  exec 3>&-
}

begin
await ab heard
interrupt
check 'interrupted: the last words are out' same "\
ab
c
130" "$(sed 's/^\(c\) [ c]*$/\1/' heard; echo "$status")"

begin --format json
await '"ab"' heard
interrupt
if command -v python3 >/dev/null; then
  check 'interrupted: JSON is whole' python3 -m json.tool heard
else
  skip 'interrupted: JSON is whole' 'there is no python3 to read it'
fi

begin --jobs 1 --output-dir late a.wav
until [ -e late/a.txt ]; do sleep 0.05; done
interrupt
check 'interrupted: a file is whole or not there' same "\
a.txt
130
hearken: 2 recordings: 1 transcribed; interrupted" "$(ls late; echo "$status"; cat said)"

# The bar

if command -v script >/dev/null; then
  mkdir clear
  cp a.wav "clear/$(printf '\033[2J.wav')"
  TERM=xterm script -qfec "exec '$tool' transcribe --model tones.safetensors clear - <pipe" bar >/dev/null &
  program=$!
  exec 3>pipe
  await '/2' bar
  cat b.wav >&3
  exec 3>&-
  status=0
  wait "$program" || status=$?
  # A text follows another where no bar was drawn between the two.
  check 'a bar on a terminal, which leaves the text alone' \
    grep -Eq "(^|$(printf '\033')\[K)-: c cc" bar
  check 'and the terminal, whatever names are' sh -c '! grep -qF "$1" bar' sh "$(printf '\033[2J')"
else
  skip 'a bar on a terminal' 'there is no script'
fi
check 'no bar elsewhere' sh -c '! grep -q "\[" said'
plan
