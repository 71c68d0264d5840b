#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The description of the Debian packages fits what is built; the packages themselves take longer than
# a test may: docs/debian/build makes them. Usage: test-packages.sh SOURCE_TREE BUILD
set -eu
top=$1
build=$2
info=$build/meson-info
. "$top/tests/tap.sh"
debian=$top/docs/debian

# The lines of a file of debhelper's.
entries () # FILE...
{
  cat "$@" | grep -v '^ *#' | grep .
}

has_version ()
{
  same "$(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' "$info/intro-projectinfo.json")" \
    "$(dpkg-parsechangelog -l "$debian/changelog" -S Version)"
}

# What `meson install` installs, for the prefix /usr.
installed ()
{
  prefix=$(sed -n 's/.*"name": "prefix", "value": "\([^"]*\)".*/\1/p' "$info/intro-buildoptions.json")
  tr ',' '\n' <"$info/intro-installed.json" | sed -n "s|.*\": \"$prefix/\(.*\)\".*|usr/\1|p"
}

# Whether the path is one of the patterns or in a folder that is one.
is_in () # PATH PATTERN...
{
  path=$1
  shift
  for pattern; do
    # shellcheck disable=SC2254
    case $path in $pattern | $pattern/*) return 0 ;; esac
  done
  return 1
}

# As dh_missing asks when the packages are built, but now.
is_packaged ()
{
  patterns=$(entries "$debian"/*.install "$debian/not-installed")
  set -f
  # Word splitting makes arguments of the patterns.
  # shellcheck disable=SC2086
  set -- $patterns
  installed >"$tmp/installed"
  [ -s "$tmp/installed" ]
  while read -r path; do
    is_in "$path" "$@" || { echo "$path is in no package"; return 1; }
  done <"$tmp/installed"
}

# The libraries that ./try and ./check need, and their Debian packages.
libraries ()
{
  # shellcheck disable=SC2154
  (. "$top/.ci/prepare.sh" && printf '%s\n' "$needs") | awk '$1 == "library" { print $2, $4 }'
}

needs_libraries ()
{
  libraries | while read -r _ package; do
    grep -q "^ $package\b" "$debian/control" || { echo "$package is no build dependency"; exit 1; }
  done
}

# pkg-config fails where a module that ours requires is not installed.
depends_on_modules ()
{
  sed -n '/^Package: libhearken-dev/,/^Suggests/p' "$debian/control" >"$tmp/dev"
  sed -n 's/^Requires[.a-z]*: *//p' "$build/meson-private/hearken-1.0.pc" | sed 's/, */\n/g' >"$tmp/modules"
  [ -s "$tmp/modules" ]
  while read -r module _; do
    package=$(libraries | sed -n "s/^$module //p")
    if [ -z "$package" ] || ! grep -q "^ $package," "$tmp/dev"; then
      echo "libhearken-dev does not depend on what $module is in"
      return 1
    fi
  done <"$tmp/modules"
}

# The tree is laid out as dpkg wants it; something else stands for dpkg here.
lays_out ()
{
  mkdir "$tmp/bin"
  printf '#!/bin/sh\necho "$@" >"%s/options"\n' "$tmp" >"$tmp/bin/dpkg-buildpackage"
  chmod +x "$tmp/bin/dpkg-buildpackage"
  PATH=$tmp/bin:$PATH "$debian/build" "$tmp/packages" --no-sign && same '-us -uc -b --no-sign' "$(cat "$tmp/options")" &&
    [ -x "$tmp/packages/hearken/debian/rules" ] && [ ! -e "$tmp/packages/hearken/.git" ]
}

# Every licence that files have is told in full, and the first paragraph stands for all other files.
tells_licences ()
{
  copyright=$tmp/packages/hearken/debian/copyright
  same '*' "$(sed -n 's/^Files: //p' "$copyright" | head -n 1)"
  sed -n 's/^License: //p' "$copyright" | sed 's/ AND /\n/g' | while read -r licence; do
    grep -A 1 -x "License: $licence" "$copyright" | grep -q '^ .' || { echo "no text of $licence"; exit 1; }
  done
}

if command -v dpkg-parsechangelog >/dev/null; then
  check 'the version is that of the project' has_version
else
  skip 'the version is that of the project' 'dpkg-dev is not installed'
fi
check 'what is installed is in a package' is_packaged
check 'what is needed is a build dependency' needs_libraries
check 'what is needed to develop is a dependency' depends_on_modules
check 'a source tree for dpkg' lays_out
check 'licences' tells_licences
plan
