#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken sweep: what it counts, draws and complains of.
# Usage: see setup.sh
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"

sweep ()
{
  hearken sweep --model tones.safetensors "$@"
}

# Said and heard: a keyword; one in other words; none, but heard; one, but not heard.
wav 1.wav 'ab'
wav 2.wav 'c ab'
wav 3.wav 'ab cc'
wav 4.wav 'cc'
printf 'path\ttext\n1.wav\tAb!\n2.wav\tc ab\n3.wav\tb\n4.wav\tab\n' >test.tsv
printf '# two letters\nab\nbbb /0.3/\n' >words

check 'a sweep' sweep --keywords words --manifest test.tsv --plot curves.svg
sweep --keywords words --manifest test.tsv >table
check 'its first line' same 'keyword	threshold	said	missed	missed_percent	false	false_per_hour' \
  "$(head -n 1 table)"
check 'a keyword' same '3 1 33.33 1' "$(awk '$1 == "ab" && $2 == 0.5 { print $3, $4, $5, $6 }' table)"
check 'that nobody said' same '0 0 0.00 0' \
  "$(awk '$1 == "bbb" && $2 == 0.5 { print $3, $4, $5, $6 }' table)"
check 'all together' same '3 1 33.33 1' "$(awk '$1 == "(all)" && $2 == 0.5 { print $3, $4, $5, $6 }' table)"
check 'false alarms in an hour' sh -c \
  'awk "\$1 == \"(all)\" && \$2 == 0.5 && \$7 > 100 { found = 1 } END { exit !found }" table'
check 'the curves' grep -q '<polyline' curves.svg

# A low threshold takes the faint "a" before the real one for it, and tells the next one half a second
# later at the earliest; a high one does not.
wav faint.wav 'Aa'
printf 'path\ttext\nfaint.wav\ta\n' >faint.tsv
echo a >letter
sweep --keywords letter --manifest faint.tsv >table
check 'every threshold as it would be used' same '0.05 0 0.5 0 0.999 0' \
  "$(awk '$1 == "a" && ($2 == 0.05 || $2 == 0.5 || $2 == 0.999) { print $2, $4 }' table | xargs)"

printf 'xyz\n' >unspeakable
printf 'path\ttext\n' >none.tsv
check 'no recordings' complains 1 'nothing to listen to' sweep --keywords words --manifest none.tsv
check 'no keywords' complains 2 '--keywords and --manifest are needed' hearken sweep --manifest test.tsv
check 'no such list' complains 1 '.*nix' sweep --keywords nix --manifest test.tsv
check 'a keyword that the model cannot say' complains 1 'unspeakable:1: .*xyz' \
  sweep --keywords unspeakable --manifest test.tsv
check 'no such manifest' complains 1 '.*nix.tsv' sweep --keywords words --manifest nix.tsv
printf 'path\ttext\n1.wav\tab\nnix.wav\tab\n' >bad.tsv
check 'a recording that is not there' complains 1 'bad.tsv:3: .*nix.wav' \
  sweep --keywords words --manifest bad.tsv
plan
