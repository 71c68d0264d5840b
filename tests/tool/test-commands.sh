#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken itself: help, versions, hearken inspect; and that manual and completion know every option.
# Usage: see setup.sh
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"

commands='transcribe archive listen score sweep plot inspect quantize compile-lm devices'

check 'nothing at all: the help, and a status' says 2 "$(hearken --help)" hearken
check 'no such command' complains 2 'there is no command "nix" (see hearken --help)' hearken nix
check 'version' sh -c '"$1" --version | grep -qx "hearken [0-9.]*"' sh "$tool"
for command in $commands; do
  check "$command --help" sh -c '"$1" "$2" --help | grep -q "^  hearken $2 "' sh "$tool" "$command"
  check "the help tells of $command" sh -c '"$1" --help | grep -q "^  $2 "' sh "$tool" "$command"
done

check 'the help of archive, in columns' says 0 "\
  hearken archive plan    [OPTION…] FILE|DIR …  how long it will take, and how to share it
  hearken archive status  DIR                   what is done, what failed
  hearken archive merge   [OPTION…] DIR         one transcript of all shards" \
  sh -c '"$1" archive --help | sed -n 2,4p' sh "$tool"
check 'inspect' says 0 "\
file         tones.safetensors, $(wc -c <tones.safetensors) bytes
name         tones
language     not told
licence      not told
task         ctc: tokens at any time
tokens       5: <blank> (space) a b c
             blank: <blank> (0)
audio        16000 Hz, mono
features     Kaldi filterbanks, 8 a frame
             window 25 ms, hop 10 ms, FFT of 512
             8 mel bands, 120 … 4000 Hz
layers       linear  8 → 5
parameters   45
step         10 ms
latency      35 ms" sh -c '"$1" inspect tones.safetensors | sed "s/\xc2\xa0/ /"' sh "$tool"
check 'inspect what is no model' complains 1 'cannot load the model: ' hearken inspect "$tool"
check 'inspect nothing' complains 2 'which model?' hearken inspect
check 'a model by its short name' env HEARKEN_MODEL_DIR=. "$tool" inspect tones

check 'inspect several, one of which there is not' complains 1 'there is no model "nix": no nix.safetensors in ' \
  hearken inspect tones.safetensors nix
check 'tells of the others' grep -q '^name  *tones$' stdout
check 'inspect where nothing can be written' complains 1 'cannot write to standard output: ' \
  sh -c '"$1" inspect tones.safetensors >/dev/full' sh "$tool"

cp tones.safetensors ./-f16.safetensors
check 'a name that begins with a hyphen, after --' sh -c '"$1" inspect -- -f16.safetensors' sh "$tool"

# Installations that lack something: what is lacking is told, and where it is to be had.
LD_LIBRARY_PATH=$(dirname "$tool")/../../src
export LD_LIBRARY_PATH
mkdir -p empty alone broken/tool
wav a.wav 'ab c'
check 'no GStreamer plugins' complains 1 \
  'GStreamer has no element uridecodebin here (Debian: gstreamer1.0-plugins-base)' \
  env GST_PLUGIN_SYSTEM_PATH_1_0="$tmp/empty" GST_REGISTRY="$tmp/empty.registry" \
  "$tool" transcribe --model tones.safetensors a.wav
cp "$tool" alone/hearken
check 'no plugin of Hearken' complains 1 'cannot load the GStreamer plugin: ' \
  env GST_PLUGIN_SYSTEM_PATH_1_0="$(pkg-config --variable=pluginsdir gstreamer-1.0)" \
  alone/hearken transcribe --model tones.safetensors a.wav
cp "$tool" broken/tool/hearken
echo nonsense >broken/libgsthearken.so
check 'a plugin that is none' sh -c '! G_DEBUG= broken/tool/hearken transcribe --model tones.safetensors a.wav 2>said &&
  grep "^hearken: cannot load the GStreamer plugin: " said' sh
unset LD_LIBRARY_PATH

check 'quantize' says 0 '' hearken quantize tones.safetensors eight.safetensors
check 'makes weights of a byte' sh -c 'grep -aq "\"dtype\":\"I8\"" eight.safetensors'
check 'keeps what the model is' same "$(hearken inspect tones.safetensors | tail -n +2)" \
  "$(hearken inspect eight.safetensors | tail -n +2)"
check 'and what it hears' says 0 'ab c' hearken transcribe -q --model eight.safetensors a.wav
check 'quantize --f16' says 0 '' hearken quantize --f16 tones.safetensors sixteen.safetensors
check 'makes weights of two bytes' sh -c 'grep -aq "\"dtype\":\"F16\"" sixteen.safetensors'
"$fixture" state-dict bare.safetensors bare.json
check 'quantize with a description beside the model' says 0 '' hearken quantize bare.safetensors small.safetensors
check 'copies that, too' same "$(hearken inspect bare.safetensors | tail -n +3)" \
  "$(hearken inspect small.safetensors | tail -n +3)"
check 'quantize in place' says 0 '' hearken quantize small.safetensors small.safetensors
check 'quantize what is no model' complains 1 'cannot load the model: ' hearken quantize "$tool" x.safetensors
check 'leaves nothing' test ! -e x.safetensors
check 'quantize to nowhere' complains 1 '.*nix/x.safetensors' hearken quantize tones.safetensors nix/x.safetensors
check 'quantize one name' complains 2 'which model, and to which file?' hearken quantize tones.safetensors

# Every long option of a command's help is in the manual and in the completion.
options_of () # COMMAND…
{
  hearken "$@" --help | sed -n 's/^  .*\(--[a-z-]*\).*  .*/\1/p' | grep -v '^--help'
}

last_of () # WORD…
{
  shift $(($# - 1))
  echo "$1"
}

documented () # COMMAND…
{
  for option in $(options_of "$@"); do
    sed 's/\\-/-/g' "$top/docs/hearken.1" | grep -q -- "$option" || {
      echo "docs/hearken.1 lacks $option"
      return 1
    }
    grep -q "^ *$(last_of "$@")) options=.*$option\|recognition=.*$option\|$option)" "$top/plugin/tool/hearken.bash" || {
      echo "hearken.bash lacks $option of $*"
      return 1
    }
  done
}
check 'there are options' test "$(options_of score | wc -l)" -ge 10
for command in transcribe listen score sweep plot quantize compile-lm; do check "options of $command" documented "$command"; done
for command in plan merge; do check "options of archive $command" documented archive "$command"; done

if command -v man >/dev/null; then
  check 'the manual is one' sh -c '[ -z "$(man --warnings -E UTF-8 -l "$1" 2>&1 >/dev/null)" ]' \
    sh "$top/docs/hearken.1"
else
  skip 'the manual is one' 'there is no man'
fi

completed () # WORD...
{
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hearken; echo "${COMPREPLY[@]}"' \
    bash "$top/plugin/tool/hearken.bash" hearken "$@"
}
if command -v bash >/dev/null; then
  check 'completion of commands' same 'transcribe' "$(completed tr)"
  check 'completion of options' same '--format --force' "$(completed transcribe --fo)"
  check 'completion of formats' same 'srt' "$(completed transcribe --format s)"
  check 'and behind an equals sign' same 'srt' "$(completed transcribe --format = s)"
  check 'with nothing behind it yet' same 'text json jsonl srt vtt ctm' "$(completed transcribe --format =)"
  check 'completion of the parts of archive' same 'plan' "$(completed archive p)"
  check 'completion of their options' same '--format' "$(completed archive merge --f)"
  check 'completion of files' same 'tones.safetensors' "$(completed inspect to)"
else
  skip 'completion' 'there is no bash'
fi
plan
