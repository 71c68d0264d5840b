#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Every header compiles alone, without a warning; the public ones need GLib only, and can be used in C++
# too. The engine knows no GStreamer, and the plugin no mathematics.
# Usage: test-headers.sh SOURCE_TREE PUBLIC_HEADER...
set -eu
top=$1
shift
public=$*
. "$top/tests/tap.sh"

compiles_alone () # HEADER PKG_CONFIG_MODULES...
{
  header=$1
  shift
  # A module's own headers may warn.
  flags=$(pkg-config --cflags "$@" | sed 's/-I/-isystem /g')
  # shellcheck disable=SC2086
  printf '#include "%s"\n' "$header" |
    ${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I"$top/src" $flags -x c -
}

used_in_cpp () # STANDARD HEADER PKG_CONFIG_MODULE CODE
{
  flags=$(pkg-config --cflags "$3" | sed 's/-I/-isystem /g')
  # shellcheck disable=SC2086
  printf '#include "%s"\n%s\n' "$2" "$4" |
    c++ -std="$1" -Wall -Wextra -pedantic -Werror -fsyntax-only -I"$top/src" -I"$top/plugin" $flags -x c++ -
}

not_included () # HEADERS FILE...
{
  headers=$1
  shift
  ! grep -nE "^ *# *include *[<\"]$headers" "$@"
}

for header in "$top"/src/*.h; do
  name=${header##*/}
  case $name:" $public " in
    *:*" $name "*) check "public $name" compiles_alone "$header" glib-2.0 ;;
    kernels-*) ;; # bodies of the variants, written for the file that includes them
    *) check "private $name" compiles_alone "$header" glib-2.0 json-glib-1.0 ;;
  esac
done
if command -v c++ >/dev/null; then
  for standard in c++11 c++17; do
    check "public in $standard" used_in_cpp $standard hearken.h glib-2.0 \
      'HearkenGraphOptions options = HEARKEN_GRAPH_OPTIONS_INIT;'
    if pkg-config --exists gstreamer-1.0; then
      check "hearken-token.h in $standard" used_in_cpp $standard hearken-token.h gstreamer-1.0 \
        'bool f (HearkenToken *t) { return hearken_token_parse (nullptr, t); }'
    fi
  done
fi
if pkg-config --exists gstreamer-audio-1.0; then
  for header in "$top"/plugin/*.h; do
    check "plugin ${header##*/}" compiles_alone "$header" gstreamer-base-1.0 gstreamer-audio-1.0
  done
fi
check 'no GStreamer in src/' not_included gst/ "$top"/src/*.[ch]
check 'no mathematics in plugin/' not_included '(math|fftw3)\.h' "$top"/plugin/*.[ch]
plan
