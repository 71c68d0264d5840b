#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The examples in docs/examples do what they say, with the plugin of this build and a recording.
# Usage: test-examples.sh SOURCE_TREE PLUGIN_FOLDER WORDS (the example, built)
set -eu
top=$1
words=$3
. "$top/tests/tap.sh"

unset HEARKEN_MODEL_DIR
export GST_PLUGIN_PATH="$2"
examples=$top/docs/examples
clip=$top/models/clips/cen7-mgah-b.opus
said='six eight three five zero four one'

have () # ELEMENT...
{
  for element; do
    gst-inspect-1.0 --exists "$element" || { missing="the element $element is not installed"; return 1; }
  done
}

# The second column of lines such as "   0.73 s  six   0.99", in one line.
column ()
{
  sed 's/^.* s  //; s/ *[0-9.]*$//' | xargs
}

prints_words ()
{
  "$words" "$clip" >"$tmp/words"
  same "$said" "$(column <"$tmp/words")"
}

words_complains ()
{
  ! "$words" /no/such/file 2>"$tmp/errors" && [ -s "$tmp/errors" ]
}

# The first Python that has GObject Introspection.
find_python ()
{
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import gi; gi.require_version("Gst", "1.0")' 2>/dev/null && return
  done
  missing='Python has no gi with Gst'
  return 1
}

prints_captions ()
{
  "$python" "$examples/captions.py" "$clip" >"$tmp/captions"
  same "$said" "$(sed 's/^.* s  //; s/ ([0-9.]*)//g' "$tmp/captions")"
}

captions_complains ()
{
  ! "$python" "$examples/captions.py" "$top/README.md" 2>"$tmp/errors" && [ -s "$tmp/errors" ]
}

writes_subtitles ()
{
  "$examples/subtitles.sh" "$clip" | tr -d '\r' >"$tmp/srt"
  grep -qE '^00:00:00,[0-9]{3} --> 00:00:0[0-9],[0-9]{3}$' "$tmp/srt" &&
    same "1 $said" "$(grep -v -e '-->' "$tmp/srt" | xargs)"
}

# Pictures differ where there is a caption, and only there.
draws_captions ()
{
  mkdir "$tmp/frames"
  "$examples/caption-video.sh" "$clip" "$tmp/frames"
  cmp "$tmp/frames/001.png" "$tmp/frames/045.png" &&
    ! cmp -s "$tmp/frames/001.png" "$tmp/frames/020.png"
}

is_bound () # PORT
{
  grep -qi ": [0-9A-F]*:$(printf %04X "$1") " /proc/net/udp /proc/net/udp6 2>/dev/null
}

# What is sent to a port of this machine is printed there.
hears_rtp ()
{
  port=$((20000 + $$ % 20000))
  "$examples/rtp-captions.sh" "$port" >"$tmp/rtp" 2>&1 &
  receiver=$!
  until is_bound "$port" || ! kill -0 "$receiver"; do sleep 0.1; done
  gst-launch-1.0 -q filesrc location="$clip" ! decodebin ! audioconvert ! opusenc ! rtpopuspay \
    ! udpsink host=127.0.0.1 port="$port"
  kill -INT "$receiver"
  wait "$receiver"
  cat "$tmp/rtp"
  grep -qx three "$tmp/rtp" && grep -qx one "$tmp/rtp"
}

# A sound server that plays the recording into its loudspeaker, which is the microphone, until what
# is said there has been heard.
hears_microphone ()
{
  export PULSE_SERVER="unix:$tmp/socket"
  HOME=$tmp XDG_RUNTIME_DIR=$tmp pulseaudio -n --disable-shm=yes --exit-idle-time=-1 --use-pid-file=no \
    -L 'module-null-sink sink_name=wire' \
    -L "module-native-protocol-unix socket=$tmp/socket auth-anonymous=1" &
  server=$!
  until [ -S "$tmp/socket" ] || ! kill -0 "$server"; do sleep 0.1; done
  "$examples/microphone.sh" wire.monitor >"$tmp/spoken" 2>&1 &
  listener=$!
  until grep -q "$said" "$tmp/spoken" || ! kill -0 "$listener"; do
    gst-launch-1.0 -q filesrc location="$clip" ! decodebin ! audioconvert ! audioresample ! pulsesink || break
  done
  kill -INT "$listener"
  wait "$listener"
  kill "$server"
  cat "$tmp/spoken"
  grep -q "$said" "$tmp/spoken"
}

example () # FUNCTION NAME ELEMENT...
{
  function=$1
  name=$2
  shift 2
  if ! command -v gst-launch-1.0 >/dev/null; then
    skip "$name" 'gst-launch-1.0 is not installed'
  elif ! have decodebin oggdemux opusdec audioconvert audioresample "$@"; then
    skip "$name" "$missing"
  else
    check "$name" "$function"
  fi
}

example prints_words 'words.c: messages'
example words_complains 'words.c: no file'
if find_python; then
  example prints_captions 'captions.py: appsink' appsink
  example captions_complains 'captions.py: no recording' appsink
else
  skip 'captions.py' "$missing"
fi
example writes_subtitles 'subtitles.sh' srtenc
example draws_captions 'caption-video.sh' videotestsrc textoverlay videoconvert pngenc multifilesink
if [ -r /proc/net/udp ]; then
  example hears_rtp 'rtp-captions.sh' udpsrc udpsink opusenc rtpopuspay rtpopusdepay rtpjitterbuffer
else
  skip 'rtp-captions.sh' 'there is no /proc/net/udp'
fi
if command -v pulseaudio >/dev/null; then
  example hears_microphone 'microphone.sh' pulsesrc pulsesink
else
  skip 'microphone.sh' 'pulseaudio is not installed'
fi
plan
