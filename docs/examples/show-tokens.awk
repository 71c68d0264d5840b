#!/usr/bin/awk -f
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Makes the messages of a hearken element readable:
#
#   gst-launch-1.0 -m … ! hearken ! fakesink | show-tokens.awk
#
# A line for each final token, word and utterance: where it is in the stream (seconds), how sure
# the network is (0 … 1), the level, the text. Errors and warnings are passed on.
# -v colour=1: with colours. A last line "exit status N" becomes this program's exit status.

# The value of a field of the structure in $0, without its type and quotes; "" if there is none.
function field (name,    rest, value, c)
{
  if (!match($0, " " name "=\\([a-z0-9]+\\)"))
    return ""
  rest = substr($0, RSTART + RLENGTH)
  if (substr(rest, 1, 1) != "\"") {
    sub(/[,;].*/, "", rest)
    return rest
  }
  for (rest = substr(rest, 2); rest != "" && (c = substr(rest, 1, 1)) != "\""; ) {
    if (c != "\\") {
      value = value c
      rest = substr(rest, 2)
    } else if (rest ~ /^\\[0-7][0-7][0-7]/) {
      value = value sprintf("%c", substr(rest, 2, 1) * 64 + substr(rest, 3, 1) * 8 + substr(rest, 4, 1))
      rest = substr(rest, 5)
    } else {
      value = value substr(rest, 2, 1)
      rest = substr(rest, 3)
    }
  }
  return value
}

function styled (level, line)
{
  if (!colour || level == "word")
    return line
  return (level == "token" ? "\033[2m" : "\033[1;32m") line "\033[0m"
}

/: recognized-token, / {
  if (field("final") != "true")
    next
  if (!n_shown++)
    print "    time              conf.  level      text"
  level = field("level")
  text = field("text")
  start = field("stream-time") / 1e9
  line = sprintf("%8.2f – %6.2f s   %4.2f   %-9s  %s", start, start + field("duration") / 1e9,
    field("confidence"), level, text == " " ? "(space)" : text)
  if (level == "utterance")
    line = line "  (ended by: " field("end-reason") ")"
  print styled(level, line)
  fflush()
  next
}

# The first error is the cause; what GStreamer says after it are consequences.
/^WARNING: / || /^ERROR: / && !n_errors++ {
  sub(/from element [^ ]+: /, "")
  print
  fflush()
  next
}
/^\(gst-launch-1\.0:[0-9]+\): / { print } # GLib's own complaints

/^exit status [0-9]+$/ { status = $3 }

END {
  if (status != 0)
    printf "gst-launch-1.0 failed (exit status %d)\n", status
  else if (!n_shown)
    print "nothing was recognised"
  exit status
}
