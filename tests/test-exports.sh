#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The library exports what its headers declare, the plugin its entry points, and neither more.
# Usage: test-exports.sh SOURCE_TREE LIBRARY [PLUGIN]
set -eu
top=$1
library=$2
plugin=${3-}
. "$top/tests/tap.sh"

exported () # SHARED_OBJECT
{
  nm -D --defined-only "$1" | awk '{ print $3 }' | sort
}

# The functions of all declarations that begin with HEARKEN_API.
declared ()
{
  cat "$top"/src/*.h | awk '
    /^HEARKEN_API/ { declaration = "" ; inside = 1 }
    inside { declaration = declaration " " $0 }
    inside && /;/ {
      match(declaration, /hearken_[a-z0-9_]+ \(/)
      print substr(declaration, RSTART, RLENGTH - 2)
      inside = 0
    }' | sort
}

check library same "$(declared)" "$(exported "$library")"
if [ -n "$plugin" ]; then
  check plugin same "$(printf '%s\n' gst_plugin_hearken_get_desc gst_plugin_hearken_register)" \
    "$(exported "$plugin")"
fi
plan
