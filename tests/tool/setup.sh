# shellcheck shell=sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# What the tests of the tool begin with. Usage of each: test-NAME.sh SOURCE_TREE HEARKEN FIXTURE
# shellcheck disable=SC2034,SC2154,SC2164

top=$1
tool=$(readlink -f "$2")
fixture=$(readlink -f "$3")
. "$top/tests/tap.sh"

# The tool is to find everything by itself.
unset GST_PLUGIN_PATH GST_PLUGIN_PATH_1_0 HEARKEN_MODEL_DIR
LC_ALL=C.UTF-8 G_DEBUG=fatal-warnings
export LC_ALL G_DEBUG
cd "$tmp"
"$fixture" model tones.safetensors

hearken ()
{
  "$tool" "$@"
}

wav () # FILE LETTERS [CHANNELS]
{
  "$fixture" wav "$@"
}

# Passes if the command ends with this status and says just this: on standard output or, where that
# is empty, on standard error.
says () # STATUS TEXT COMMAND...
{
  expected_status=$1
  expected_text=$2
  shift 2
  actual_status=0
  "$@" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null || actual_status=$?
  [ -s "$tmp/stdout" ] && stream=stdout || stream=stderr
  cat "$tmp/stderr"
  same "$expected_text" "$(cat "$tmp/$stream")" || return 1
  [ "$actual_status" -eq "$expected_status" ] || {
    echo "status $actual_status, not $expected_status"
    return 1
  }
}

# Passes if the command ends with this status and has one line on standard error that matches.
complains () # STATUS PATTERN COMMAND...
{
  expected_status=$1
  pattern=$2
  shift 2
  actual_status=0
  "$@" 2>"$tmp/stderr" >"$tmp/stdout" </dev/null || actual_status=$?
  cat "$tmp/stderr"
  [ "$actual_status" -eq "$expected_status" ] || {
    echo "status $actual_status, not $expected_status"
    return 1
  }
  [ "$(wc -l <"$tmp/stderr")" -eq 1 ] && grep -q "^hearken: $pattern" "$tmp/stderr"
}

# Waits until the file has the text, which something that runs is to write.
await () # TEXT FILE
{
  until grep -qF -- "$1" "$2" 2>/dev/null; do sleep 0.05; done
}
