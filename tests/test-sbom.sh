#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The bill of materials names what is linked, what is not, and the models as they are.
# Usage: test-sbom.sh SOURCE_TREE BUILD
set -eu
top=$1
build=$2
. "$top/tests/tap.sh"

# Prints lines of the fields of the components, with tabs between.
components ()
{
  python3 -c '
import json, sys
for c in json.load(sys.stdin)["components"]:
    print(c["type"], c["name"], c.get("version", ""), c["scope"], *(h["content"] for h in c.get("hashes", [])), sep="\t")
' <"$tmp/sbom"
}

has () # TYPE NAME VERSION SCOPE [HASH]
{
  line=$(IFS='	'; echo "$*")
  grep -qxF -- "$line" "$tmp/components" || { echo "not there: $line"; cat "$tmp/components"; return 1; }
}

links () # LIBRARY...
{
  for name; do has library "$name" "$(pkg-config --modversion "$name")" required; done
}

is_as_installed () # FILE
{
  case $1 in *.safetensors) type=machine-learning-model ;; *) type=data ;; esac
  has "$type" "${1##*/}" '' required "$(sha256sum <"$1" | cut -d ' ' -f 1)"
}

# All references of the document lead to something in it.
is_closed ()
{
  python3 -c '
import json, sys
bill = json.load(sys.stdin)
top = bill["metadata"]["component"]
refs = [c["bom-ref"] for c in [top, *bill["components"]]]
assert len(set(refs)) == len(refs)
(dependency,) = bill["dependencies"]
assert dependency["ref"] == top["bom-ref"] == "hearken" and top["version"]
assert dependency["dependsOn"] and set(dependency["dependsOn"]) < set(refs)
' <"$tmp/sbom"
}

if ! command -v python3 >/dev/null || ! command -v readelf >/dev/null; then
  skip 'bill of materials' 'there is no python3 or no readelf'
  plan
  exit
fi
"$top/docs/sbom.py" "$build" >"$tmp/sbom"
components >"$tmp/components"
check 'references' is_closed
check 'what the library is linked with' links glib-2.0 json-glib-1.0 fftw3f
if [ -e "$build/plugin/libgsthearken.so" ]; then
  check 'what the plugin is linked with' links gstreamer-1.0 gstreamer-base-1.0 gstreamer-audio-1.0
fi
if grep -q gstreamer-check-1.0 "$tmp/components"; then
  check 'what only the tests are linked with' \
    has library gstreamer-check-1.0 "$(pkg-config --modversion gstreamer-check-1.0)" excluded
else
  skip 'what only the tests are linked with' 'gstreamer-check-1.0 is not installed'
fi
for file in "$top"/models/*.safetensors "$top"/models/*.lm "$top"/models/*.dict; do
  check "${file##*/}" is_as_installed "$file"
done
"$top/docs/sbom.py" "$build" >"$tmp/again"
check 'the same bytes once more' cmp "$tmp/sbom" "$tmp/again"
plan
