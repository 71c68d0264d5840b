#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# What ./try and ./check make of the output of gst-launch-1.0 and meson.
# Usage: test-commands.sh SOURCE_TREE
set -eu
top=$1
. "$top/tests/tap.sh"

message () # FIELDS
{
  printf 'Got message #7 from element "hearken0" (element): recognized-token, %s;\n' "$1"
}

messages ()
{
  echo 'Setting pipeline to PLAYING ...'
  message 'level=(string)token, text=(string)"\ ", final=(boolean)true, confidence=(double)0.25, stream-time=(guint64)0, duration=(guint64)60000000'
  message 'level=(string)word, text=(string)NO, final=(boolean)false, confidence=(double)0.5, stream-time=(guint64)0, duration=(guint64)60000000'
  message 'level=(string)word, text=(string)"\303\251t\303\251\ \"\\\ \,", final=(boolean)true, confidence=(double)0.97123, stream-time=(guint64)3661540000000, duration=(guint64)270000000'
  message 'level=(string)utterance, text=(string)"YES\ NO", final=(boolean)true, confidence=(double)1, stream-time=(guint64)540000000, duration=(guint64)2700000000, end-reason=(string)eos'
}

shown () # STATUS
{
  { cat; echo "exit status $1"; } | LC_ALL=C awk -f "$top/docs/examples/show-tokens.awk" ||
    echo "status $?"
}

check 'tokens, words, utterances' same "\
    time              conf.  level      text
    0.00 –   0.06 s   0.25   token      (space)
 3661.54 – 3661.81 s   0.97   word       été \"\\ ,
    0.54 –   3.24 s   1.00   utterance  YES NO  (ended by: eos)" "$(messages | shown 0)"

check 'nothing recognised' same 'nothing was recognised' "$(echo 'Got EOS' | shown 0)"

check 'an error' same "\
ERROR: Resource not found.
gst-launch-1.0 failed (exit status 1)
status 1" "$(echo 'ERROR: from element /GstPipeline:pipeline0/GstFileSrc:filesrc0: Resource not found.' | shown 1)"

program () # NAME RESULT, standard output on standard input
{
  printf 'test:         hearken:engine / %s\nresult:       %s\n' "$1" "$2"
  echo '----------------------------------- stdout -----------------------------------'
  cat
  echo '----------------------------------- stderr -----------------------------------'
  echo 'ok 9 is no case here'
  echo '=============================================================================='
}

summed_up () # STATUS OF meson test
{
  cat >"$tmp/log"
  awk -v meson_status="$1" -f "$top/tests/summary.awk" "$tmp/log" || echo "status $?"
}

check 'all pass' same '4 passed, 0 failed, 0 skipped' "$({
  printf 'ok 1 /a\nok 2 /b\n1..2\n' | program tap 'exit status 0'
  printf '100%%: Checks: 2, Failures: 0, Errors: 0\n' | program gst-check 'exit status 0'
} | summed_up 0)"

check 'skips give their reason' same "\
skipped: hearken:engine / tap /b: no FFT here
skipped: hearken:engine / program: tool is not installed
1 passed, 0 failed, 2 skipped" "$({
  printf 'ok 1 /a\nok 2 /b # SKIP no FFT here\n1..2\n' | program tap 'exit status 0'
  echo 'tool is not installed' | program program 'exit status 77'
} | summed_up 0)"

check 'failures and crashes' same "\
2 passed, 4 failed, 0 skipped
status 1" "$({
  printf 'ok 1 /a\nnot ok 2 /b\n1..2\n' | program tap 'exit status 1'
  printf 'ok 1 /a\n' | program crash 'killed by signal 6 SIGABRT'
  printf '' | program program 'exit status 1'
  printf '50%%: Checks: 1, Failures: 0, Errors: 1\n' | program gst-check 'exit status 1'
} | summed_up 3)"

check 'a failure that only meson saw' same "\
1 passed, 1 failed, 0 skipped
status 1" "$(printf 'ok 1 /a\n1..2\n' | program plan 'exit status 0' | summed_up 1)"

check 'no test at all' same "\
0 passed, 0 failed, 0 skipped
status 1" "$(printf '' | summed_up 0)"
plan
