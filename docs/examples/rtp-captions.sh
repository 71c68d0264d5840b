#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Prints what is said in a stream of Opus over RTP, word by word: rtp-captions.sh PORT
# Ctrl-C ends it, with the last words. To send one from another terminal:
#
#   gst-launch-1.0 pulsesrc ! audioconvert ! opusenc ! rtpopuspay ! udpsink host=127.0.0.1 port=PORT
exec gst-launch-1.0 -q -e udpsrc port="$1" \
  caps='application/x-rtp, media=audio, encoding-name=OPUS, payload=96, clock-rate=48000' \
  ! rtpjitterbuffer do-lost=true ! rtpopusdepay ! opusdec plc=true \
  ! hearkentranscriber granularity=word newline=true ! fdsink
