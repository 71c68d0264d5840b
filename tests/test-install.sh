#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# What `meson install` leaves, and a subproject, is where GStreamer and applications find it.
# Usage: test-install.sh SOURCE_TREE
set -eu
top=$1
. "$top/tests/tap.sh"

# The path of the installed model is built in, so this is a build of its own, without optimisation.
prefix=$tmp/prefix
quick='-Dlibdir=lib -Dtests=disabled -Dplugin=enabled -Doptimization=0'

installs ()
{
  # shellcheck disable=SC2086
  meson setup "$tmp/build" "$top" --prefix "$prefix" $quick && ninja -C "$tmp/build" install
}

# For packages: nothing is in the way of meson setup --fatal-meson-warnings and meson install --tags.
is_fit_for_packages ()
{
  ! grep -e 'deprecated since' -e 'Failed to guess install tag' "$tmp/build/meson-logs/meson-log.txt"
}

installed () # FILE UNDER prefix...
{
  for file; do [ -s "$prefix/$file" ] || { echo "$file is not installed"; return 1; }; done
}

compiles () # PKG_CONFIG_MODULES ARGUMENTS...
{
  modules=$1
  shift
  # shellcheck disable=SC2046,SC2086
  ${CC:-cc} "$@" $(pkg-config --cflags --libs $modules)
}

helper_compiles ()
{
  echo '#include <hearken-token.h>' >"$tmp/helper.c"
  compiles 'hearken-1.0 gstreamer-1.0' -Wall -Werror -c -o "$tmp/helper.o" "$tmp/helper.c"
}

# In another project's tree, the headers are found as they are when installed.
subproject_compiles ()
{
  mkdir -p "$tmp/other/subprojects" && ln -s "$top" "$tmp/other/subprojects/hearken"
  cat >"$tmp/other/meson.build" <<'END'
project('other', 'c')
subproject('hearken', default_options: ['tests=disabled', 'docs=disabled', 'plugin=enabled'])
hearken = dependency('hearken-1.0')
assert(hearken.type_name() == 'internal')
static_library('other', 'other.c', dependencies: [hearken, dependency('gstreamer-1.0')])
END
  printf '#include <hearken.h>\n#include <hearken-token.h>\n' >"$tmp/other/other.c"
  meson setup "$tmp/other/build" "$tmp/other" && ninja -C "$tmp/other/build" libother.a
}

# The example without GStreamer, on a recording at the model's rate.
example_hears () # FILE
{
  gst-launch-1.0 -q filesrc location="$1" ! decodebin ! audioconvert ! audioresample ! \
    audio/x-raw,format=S16LE,channels=1,rate=16000 ! fdsink >"$tmp/samples" &&
    "$tmp/recognize" "$prefix/share/hearken/models/english.safetensors" <"$tmp/samples" | grep -q '“..*”'
}

# The tool, which finds plugin and model by itself, and nothing of the build.
tool_hears () # FILE
{
  env -u GST_PLUGIN_PATH_1_0 "$prefix/bin/hearken" transcribe "$1" | grep -q .
}

tool_stands_alone ()
{
  mv "$tmp/build" "$tmp/moved"
  gst-launch-1.0 -q audiotestsrc wave=silence num-buffers=10 ! wavenc ! filesink location="$tmp/silence.wav" &&
    env -u GST_PLUGIN_PATH_1_0 "$prefix/bin/hearken" transcribe "$tmp/silence.wav"
}

# The element's messages about a recording, with no property set.
element_hears () # FILE
{
  gst-launch-1.0 -m filesrc location="$1" ! decodebin ! audioconvert ! audioresample ! hearken ! \
    fakesink >"$tmp/messages" 2>&1
  cat "$tmp/messages"
  grep -q 'recognized-token, .*level=(string)word' "$tmp/messages"
}

unset GST_PLUGIN_PATH
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
export GST_PLUGIN_PATH_1_0="$prefix/lib/gstreamer-1.0" GST_REGISTRY="$tmp/registry.bin"

check 'meson install' installs
check 'the build is fit for packages' is_fit_for_packages
check 'files' installed include/hearken-1.0/hearken.h lib/libhearken.so \
  lib/pkgconfig/hearken-1.0.pc lib/gstreamer-1.0/libgsthearken.so \
  include/hearken-1.0/hearken-token.h share/hearken/models/english.safetensors \
  bin/hearken share/man/man1/hearken.1 share/bash-completion/completions/hearken
check 'an application of the library compiles' compiles hearken-1.0 -Wall -Werror \
  -o "$tmp/recognize" "$top/docs/examples/recognize.c"
check 'an application of the element compiles' helper_compiles
check 'an application with a subproject compiles' subproject_compiles
check 'the tool stands alone' tool_stands_alone
check 'the element is found' gst-inspect-1.0 hearken
for clip in "$top"/models/clips/*.opus; do
  check "the library hears ${clip##*/}" example_hears "$clip"
  check "the tool hears ${clip##*/}" tool_hears "$clip"
  check "the element hears ${clip##*/}" element_hears "$clip"
done
plan
