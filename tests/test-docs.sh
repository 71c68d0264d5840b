#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The code that docs/lstm.md quotes stands in the sources, and the files and links that the docs name exist.
# Usage: test-docs.sh SOURCE_TREE
set -eu
top=$1
. "$top/tests/tap.sh"

# Lines between ```c and ``` in a page.
quoted ()
{
  awk '/^```c$/ { code = 1; next } /^```$/ { code = 0 } code' "$1"
}

stands_in_sources () # PAGE
{
  quoted "$1" >"$tmp/quoted"
  [ -s "$tmp/quoted" ] || { echo "$1 quotes nothing"; return 1; }
  while IFS= read -r line; do
    grep -qF -- "$line" "$top"/src/*.[ch] || { echo "not in src/: $line"; return 1; }
  done <"$tmp/quoted"
}

# Relative targets of Markdown links, and src/… tests/… plugin/… paths in backquotes.
named_files ()
{
  sed -n 's/](\([^)#]*\)[^)]*)/\n&\n/gp' "$1" | sed -n 's/^](\([^)#:]*\)\(#[^)]*\)\{0,1\})$/\1/p'
}

links_lead_somewhere () # PAGE
{
  named_files "$1" | while IFS= read -r target; do
    [ -z "$target" ] || [ -e "$(dirname "$1")/$target" ] || { echo "$1: no such file: $target"; exit 1; }
  done
}

sources_exist () # PAGE
{
  grep -oE '`(src|plugin|tests|models|docs)/[a-zA-Z0-9_./-]+`' "$1" | tr -d '`' | while IFS= read -r path; do
    [ -e "$top/$path" ] || { echo "$1: no such file: $path"; exit 1; }
  done
}

check 'docs/lstm.md quotes the sources' stands_in_sources "$top/docs/lstm.md"
for page in "$top"/*.md "$top"/docs/*.md "$top"/models/*.md; do
  [ -e "$page" ] || continue
  check "links of ${page#"$top"/}" links_lead_somewhere "$page"
  check "paths in ${page#"$top"/}" sources_exist "$page"
done
plan
