#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# What `meson install` leaves is where GStreamer and applications find it.
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

installed () # FILE UNDER prefix...
{
  for file; do [ -s "$prefix/$file" ] || { echo "$file is not installed"; return 1; }; done
}

example_compiles ()
{
  # shellcheck disable=SC2046
  ${CC:-cc} -o "$tmp/recognize" "$top/docs/examples/recognize.c" \
    $(pkg-config --cflags --libs hearken-1.0) && "$tmp/recognize" --help
}

# The messages of the element over a recording, with no property set.
pipeline_words () # FILE
{
  gst-launch-1.0 -m filesrc location="$1" ! decodebin ! audioconvert ! audioresample ! hearken ! \
    fakesink >"$tmp/messages" 2>&1 || { cat "$tmp/messages"; return 1; }
  grep -q 'recognized-token, .*level=(string)word' "$tmp/messages" || { cat "$tmp/messages"; return 1; }
}

unset GST_PLUGIN_PATH
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
export GST_PLUGIN_PATH_1_0="$prefix/lib/gstreamer-1.0" GST_REGISTRY="$tmp/registry.bin"

check 'meson install' installs
check 'files' installed include/hearken-1.0/hearken.h lib/libhearken.so \
  lib/pkgconfig/hearken-1.0.pc lib/gstreamer-1.0/libgsthearken.so share/hearken/models/an4.safetensors
check 'an application compiles' example_compiles
check 'the element is found' gst-inspect-1.0 hearken
for clip in "$top"/models/clips/*.opus "$top"/models/clips/*.flac; do
  if [ -e "$clip" ]; then check "the default model hears ${clip##*/}" pipeline_words "$clip"; fi
done
plan
