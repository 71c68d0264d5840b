#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken listen: live words, the end by Ctrl-C, and no microphone; and one, where PulseAudio is.
# Usage: see setup.sh
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"

wav long.wav 'ab______c a'

listen ()
{
  hearken listen --model tones.safetensors "$@"
}

check 'to the end' says 0 "\
    0.50  ab
    2.10  c a" listen --source 'filesrc location=long.wav ! decodebin'
check 'elements that there are not' complains 1 'no element "nix"' listen --source 'nix ! nix'
check 'a file that there is not' complains 1 'the source: it is not there' listen --source 'filesrc location=nix ! wavparse'
check 'a source without sound' complains 1 '' listen --source 'videotestsrc num-buffers=3'
echo ab >keywords.txt
check 'keywords as people write sentences' complains 2 '--clean-up is for sentences, not for --keywords' \
  listen --clean-up --keywords keywords.txt
check 'files are not for it' complains 2 'what is "a.wav"? Files are for' listen a.wav
check 'no such device' complains 1 'there is no microphone "nix"' listen --device nix

# No element that records is left to choose from, whatever the machine has.
no_microphone='alsasrc:NONE,pulsesrc:NONE,pipewiresrc:NONE,jackaudiosrc:NONE,osssrc:NONE,oss4src:NONE,openalsrc:NONE'
check 'no microphone' complains 1 '' env GST_PLUGIN_FEATURE_RANK="$no_microphone" \
  "$tool" listen --model tones.safetensors

# On a terminal each line grows in place: it is written anew when there is more of it.
if command -v script >/dev/null; then
  TERM=xterm script -qfec \
    "'$tool' listen --model tones.safetensors --source 'filesrc location=long.wav ! wavparse'" \
    terminal </dev/null >/dev/null
  check 'words are redrawn in place' same "\
    0.50  {a}
    0.50  {ab}
    0.50  ab
    2.10  {c}
    2.10  c
    2.10  c{ a}
    2.10  c a" "$(grep -v '^Script ' terminal | tr '\r' '\n' |
      sed -e 's/\x1b\[K//; s/\x1b\[2m/{/; s/\x1b\[0m/}/; /^$/d' | awk '$0 != last; { last = $0 }')"

  # The beginning of a recording, whose end does not come.
  wav open.wav 'ab______c a__________'
  mkfifo pipe
  TERM=xterm script -qfec "echo \$\$ >number; exec '$tool' listen --model tones.safetensors \
    --source 'fdsrc ! wavparse' <pipe" interrupted </dev/null >/dev/null &
  script=$!
  exec 3>pipe
  head -c 92844 open.wav >&3
  await "c$(printf '\033[2m a')" interrupted
  kill -INT "$(cat number)"
  status=0
  wait "$script" || status=$?
  exec 3>&-
  check 'Ctrl-C: the last words are out' same "\
    2.10  c a
0" "$(grep -v '^Script ' interrupted | tr '\r' '\n' | sed 's/\x1b\[K//; /^$/d' | tail -n 1; echo "$status")"
else
  skip 'words on a terminal' 'there is no script'
fi

# A sound server whose loudspeaker is the microphone. Without shared memory: when a server goes away, libpulse
# may wait for ever for blocks of it that a thread holds which waits for libpulse.
export PULSE_SERVER="unix:$tmp/socket"
if command -v pulseaudio >/dev/null && gst-inspect-1.0 --exists pulsesrc; then
  HOME=$tmp XDG_RUNTIME_DIR=$tmp pulseaudio -n --disable-shm=yes --exit-idle-time=-1 --use-pid-file=no \
    -L 'module-null-sink sink_name=wire rate=16000' \
    -L 'module-null-sink sink_name=fence rate=16000 sink_properties=device.description=Fence' \
    -L "module-native-protocol-unix socket=$tmp/socket auth-anonymous=1" 2>pulse.log &
  server=$!
  until [ -S socket ] || ! kill -0 "$server" 2>/dev/null; do sleep 0.05; done
  wav speech.wav '_____ab______c_______'

  # One of them, by its name.
  hear () # DEVICE
  {
    : >one
    "$tool" listen --model tones.safetensors --device "$1" >one 2>said-by-one &
    other=$!
    until ! kill -0 "$other" 2>/dev/null || grep -q 'c$' one; do
      gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! pulsesink device=fence || break
    done
    kill -INT "$other"
    wait "$other" || true
    cat said-by-one >&2
    sed 's/.* //' one | head -n 2 | xargs
  }
  number=$("$tool" devices | sed -n 's/^ *\([0-9]*\)  .*Fence.*/\1/p')
  check 'both are listed' same 2 "$("$tool" devices | wc -l)"
  check 'a microphone by a part of its name' same 'ab c' "$(hear fence)"
  check 'by its whole name' same 'ab c' "$(hear 'Monitor of Fence')"
  check 'by its number' same 'ab c' "$(hear "$number")"
  check 'a name that several have' complains 1 '"monitor" is part of the names of several microphones' \
    listen --device monitor
  check 'a number that none has' complains 1 'there is no microphone "99"' listen --device 99
  check 'a list that cannot be written' complains 1 'cannot write to standard output: ' \
    sh -c '"$1" devices >/dev/full' sh "$tool"

  : >heard
  "$tool" listen --model tones.safetensors >heard 2>said &
  program=$!
  until ! kill -0 "$program" 2>/dev/null || grep -q 'c$' heard; do
    gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! pulsesink || break
  done
  check 'a microphone is listed' sh -c '"$1" devices | grep -q "Monitor"' sh "$tool"
  # It goes away.
  kill "$server"
  status=0
  wait "$program" || status=$?
  check 'a microphone' same 'ab c' "$(sed 's/.* //' heard | head -n 2 | xargs)"
  check 'which goes away' sh -c '[ "$1" -eq 1 ] && cat said && [ "$(grep -cv "audio fast enough" said)" -eq 1 ]' sh "$status"
else
  skip 'a microphone' 'pulseaudio is not installed'
fi
check 'devices takes nothing' complains 2 'what is "x"?' hearken devices x
check 'no sound server and no card' sh -c \
  '"$1" devices >out 2>err; [ $? -eq 1 ] && grep -q "^hearken: no microphone: " err || [ -s out ]' sh "$tool"
plan
