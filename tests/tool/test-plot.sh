#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken plot: that there is a picture of what was heard, and what it complains of.
# Usage: see setup.sh
set -eu
. "$1/tests/tool/setup.sh"

plot ()
{
  hearken plot --model tones.safetensors "$@"
}

# Width and height of a PNG.
size ()
{
  od -An -tu1 -j16 -N8 "$1" | awk '{ print ($3 * 256 + $4) "x" ($7 * 256 + $8) }'
}

wav a.wav 'ab c'
if grep -q 'built without cairo' <<END
$(plot a.wav -o a.png 2>&1)
END
then
  check 'without cairo' complains 1 'this hearken cannot draw: it was built without cairo' \
    plot a.wav -o a.png
  skip 'pictures' 'there is no cairo'
  plan
  exit
fi

check 'PNG' same 1600x1000 "$(size a.png)"
check 'PNG of another size' plot a.wav --width 900 --height 500 -o small.PNG
check 'is of that size' same 900x500 "$(size small.PNG)"
check 'SVG' plot a.wav -o a.svg
check 'has the size' grep -q '<svg .*width="1600px\?" height="1000px\?"' a.svg
check 'has the name' grep -q '<title>a.wav</title>' a.svg
name=$(printf 'caf\351\033.wav')
cp a.wav "$name"
check 'a name that is no text' plot "$name" -o name.svg
check 'becomes some' grep -q '<title>caf� .wav</title>' name.svg
check 'has the words in order' same 'ab
c' "$(sed -n 's/^\(<desc>\)\{0,1\}[0-9.]* s … [0-9.]* s: //p' a.svg)"
if command -v xmllint >/dev/null; then
  check 'is well-formed' xmllint --noout a.svg
elif command -v python3 >/dev/null; then
  check 'is well-formed' python3 -c 'import xml.dom.minidom as m; m.parse ("a.svg")'
else
  skip 'is well-formed' 'there is neither xmllint nor python3'
fi

# A film whose sound begins after a minute: times are the film's, as hearken transcribe has them.
if gst-launch-1.0 -q audiotestsrc freq=800 num-buffers=8 timestamp-offset=60000000000 ! \
  audio/x-raw,rate=16000,channels=1 ! matroskamux ! filesink location=film.mkv 2>/dev/null; then
  check 'sound that begins late' plot film.mkv -o film.svg
  check 'has times from there on' grep -q '60\.[0-9]* s … 60\.[0-9]* s: a$' film.svg
else
  skip 'sound that begins late' 'GStreamer has no muxer for Matroska'
fi

# A silent recording, and one too short for a single frame.
wav silent.wav ''
check 'silence' plot silent.wav -o silent.svg
check 'has no words' grep -q '<desc></desc>' silent.svg
head -c 64 a.wav >short.wav
check 'ten samples' plot short.wav -o short.png

# More words than there is room for one beside the other: their labels are in lanes, or not there.
wav crowd.wav "$(printf 'ab c %.0s' $(seq 40))"
check 'many words' plot crowd.wav --width 400 --height 400 -o crowd.svg
check 'all are told' same 80 "$(grep -c ' s … ' crowd.svg)"

# Gates need an LSTM, which the model that hears tones has not.
if [ -e "$top/models/an4.safetensors" ]; then
  check 'gates' hearken plot --model an4 --gates 3 "$top/models/clips/an31-mtje-b.opus" -o gates.png
  hearken plot --model an4 "$top/models/clips/an31-mtje-b.opus" -o plain.png
  check 'are in the picture' [ "$(wc -c <gates.png)" -gt "$(wc -c <plain.png)" ]
  check 'no such layer' complains 1 'there is no LSTM layer 4: the model has 3' \
    hearken plot --model an4 --gates 4 a.wav -o x.png
else
  skip 'gates' 'there is no model an4'
fi
check 'no layer at all' complains 1 'there is no LSTM layer 1: the model has 0' \
  plot --gates 1 a.wav -o x.png
check 'a negative layer' complains 2 'LSTM layers are counted from 1' plot --gates=-1 a.wav -o x.png

mkdir dir.png
check 'an output that cannot be written' complains 1 '.*dir.png' plot a.wav -o dir.png
check 'a directory that cannot be made' complains 1 'cannot make the directory a.wav/x: ' \
  plot a.wav -o a.wav/x/y.svg
check 'leaves nothing behind' same 'dir.png' "$(ls -d ./*dir.png* | sed 's,./,,')"
check 'no output' complains 2 '--output is needed' plot a.wav
check 'another kind of picture' complains 2 '--output is needed, a name that ends in .png or .svg' \
  plot a.wav -o a.jpg
check 'a size that cannot be' complains 2 '--width and --height are 400 … 20000' \
  plot --width 1 a.wav -o x.png
check 'no recording' complains 2 'which recording' plot -o x.png
check 'two recordings' complains 2 'which recording' plot a.wav a.wav -o x.png
check 'a recording that is not there' complains 1 'nix.wav: it is not there' plot nix.wav -o x.png
echo nothing of the kind >text.wav
check 'what is no recording' complains 1 'text.wav: ' plot text.wav -o x.png
wav long.wav "$(printf '%1500s' '' | tr ' ' _)"
check 'a recording that is too long' complains 1 'long.wav: it is 301 s long, too much for a picture' \
  plot long.wav -o x.png
check 'no picture of what failed' [ ! -e x.png ]
plan
