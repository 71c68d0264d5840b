#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# The sources are formatted as .clang-format says, and every file tells its licence (REUSE).
# Usage: test-style.sh SOURCE_TREE
set -eu
top=$1
. "$top/tests/tap.sh"

# Prints the files that are not; `clang-format -i` mends them.
formatted ()
{
  unformatted=$(find "$top/src" "$top/plugin" "$top/tests" "$top/docs" -name '*.[ch]' -print0 |
    xargs -0 clang-format --dry-run --Werror 2>&1 | sed -n 's/:[0-9]*:[0-9]*: error: .*//p' | sort -u)
  echo "$unformatted"
  [ -z "$unformatted" ]
}

# Looks at a copy of the tree without what a build leaves in it, since git need not be there to tell.
licensed ()
{
  mkdir "$tmp/tree"
  tar -C "$top" --exclude=./.git --exclude='./build*' --exclude=__pycache__ --exclude=runs -cf - . |
    tar -C "$tmp/tree" -xf -
  reuse --root "$tmp/tree" lint
}

# Another major version formats differently.
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
  check formatting formatted
else
  skip formatting 'clang-format 14 is not installed'
fi
if command -v reuse >/dev/null; then
  check licences licensed
else
  skip licences 'reuse is not installed'
fi
plan
