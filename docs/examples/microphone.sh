#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Prints what is said into the microphone, a line for each utterance: microphone.sh [DEVICE]
# Ctrl-C ends it, with the last words. `pactl list short sources` has the names of the devices.
exec gst-launch-1.0 -q -e pulsesrc ${1:+device="$1"} \
  ! hearkentranscriber granularity=utterance newline=true ! fdsink
