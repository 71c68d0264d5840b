#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken score: what it counts, and that NIST's sclite counts the same.
# Usage: see setup.sh
# shellcheck disable=SC2016
set -eu
. "$1/tests/tool/setup.sh"

score ()
{
  hearken score --model tones.safetensors "$@"
}

mkdir data
wav data/1.wav 'ab c'
wav data/2.wav 'c cc'
wav data/3.wav 'a b'
wav data/4.wav ''
head -c 30 data/1.wav >data/5.wav
# Said and heard: right; a deletion and a substitution; an insertion and a substitution.
printf 'path\tseconds\tspeaker\ttext\n1.wav\t1\tann\tAB, C\n2.wav\t1\tbob\tc-b c\n3.wav\t1\tann\tX\n' >good.tsv
{ cat good.tsv; printf 'nix.wav\t1\tbob\tc\n4.wav\t1\tbob\t?\n5.wav\t1\tbob\tc\n'; } >bad.tsv
printf 'path\ttext\n2.wav\tc cc\n3.wav\ta b\n' >plain.tsv

# The table and the rates, without what depends on the machine.
table ()
{
  score -q --data data "$@" | grep -v '^Real-time factor'
}

expected='Text compared: lower case; hyphens and dashes are spaces; other punctuation and symbols are left out

Speaker               Clips   Words    Sub    Del    Ins    WER %    CER %
ann                       2       3      1      0      1    66.67    50.00
bob                       1       3      1      1      0    66.67    33.33
all                       3       6      2      1      1    66.67    42.86

Words: 6 said, 2 substituted, 1 deleted, 1 inserted
Characters: 7 said, 2 substituted, 0 deleted, 1 inserted
WER 66.67 %
CER 42.86 %
95 % interval of the WER: 66.67 … 66.67 % (bootstrap over 2 speakers)'

check 'a manifest' says 0 "$expected" table --manifest good.tsv
check 'as one stream' says 0 "$expected" table --manifest good.tsv --stream
check 'with a threshold that is no number' says 0 "$expected" table --manifest good.tsv --stream \
  --rejection-threshold nan
check 'as one stream without silence between' says 0 "$expected" \
  table --manifest good.tsv --stream --silence 0
check 'without speakers' says 0 '95 % interval of the WER: 0.00 … 0.00 % (bootstrap over 2 recordings)' \
  sh -c '"$1" score --model tones.safetensors --data data --manifest plain.tsv | grep 95' sh "$tool"
check 'real-time factor' sh -c \
  '"$1" score --model tones.safetensors --data data --manifest good.tsv | grep -q "^Real-time factor [0-9.]* ("' \
  sh "$tool"

status=0
score -q --manifest bad.tsv --data data >bad.out 2>bad.err || status=$?
check 'problems: the status' same 1 "$status"
check 'problems: named' same "\
hearken: bad.tsv:5: data/nix.wav: there is no such file
hearken: 4.wav: no words in its text
hearken: data/5.wav:" "$(sed 's|\(data/5.wav:\).*|\1|' bad.err)"
check 'problems: counted' same 'Problems: 3 (3 recordings scored)' "$(tail -n 1 bad.out)"
check 'problems: the rest is scored' grep -qx 'WER 66.67 %' bad.out
check 'problems: in a stream, too' sh -c \
  '! "$1" score --model tones.safetensors --data data --manifest bad.tsv --stream >out 2>/dev/null && grep -qx "WER 66.67 %" out' \
  sh "$tool"

check 'no manifest' complains 1 '.*nix.tsv' score --manifest nix.tsv
check 'a manifest without its first line' complains 1 'data.tsv: the first line must name the columns' \
  sh -c 'tail -n +2 good.tsv >data.tsv; "$1" score --manifest data.tsv' sh "$tool"
printf 'path\ttext\n1.wav\tab\000c\n' >zero.tsv
check 'a manifest that is no text' complains 1 'zero.tsv is not UTF-8 text' score --manifest zero.tsv
printf 'path\tspeaker\ttext\n1.wav\tan-n_o (x)\tab c\n' >names.tsv
score -q --data data --manifest names.tsv --write-trn names >out
check 'a speaker in an id of sclite' same 'ab c (an.n.o..x.-1)' "$(cat names/ref.trn)"
check 'nothing to score' complains 1 'nothing to score' \
  sh -c 'head -n 1 good.tsv >none.tsv; "$1" score --manifest none.tsv' sh "$tool"
echo 'ab (x-1)' >said.trn
echo 'ab (y-1)' >heard.trn
check 'no rate of nothing' says 1 'hearken: heard.trn: no x-1
hearken: nothing to score' hearken score --ref said.trn --hyp heard.trn
check 'neither manifest nor texts' complains 2 'either --manifest or both' hearken score
check 'a stream of texts' complains 2 '--data and --stream go with --manifest' \
  hearken score --ref good.tsv --hyp good.tsv --stream
check 'a reference alone' complains 2 'either --manifest or both' hearken score --ref good.tsv
check '--silence without a stream' complains 2 '--silence goes with' \
  hearken score --manifest good.tsv --silence 5

# Texts against texts

# Random texts of few different words, in which many alignments cost the same; lines with an id.
random_texts () # SEED
{
  awk -v seed="$1" 'BEGIN {
    srand(seed)
    for (i = 0; i < 800; i++) {
      n_letters = 2 + int(rand() * 5)
      for (j = 0; j < 2; j++) {
        text[j] = ""
        n_words = (j == 0) + int(rand() * 12)
        for (k = 0; k < n_words; k++)
          text[j] = text[j] substr("abcdefgh", 1 + int(rand() * n_letters), 1 + int(rand() * 2)) " "
      }
      printf "%s(s%d-%d)\n", text[0], i % 7, i >"ref.trn"
      printf "%s(s%d-%d)\n", text[1], i % 7, i >"hyp.trn"
    }
  }'
}

# The counts of sclite: words said, then substitutions, deletions, insertions; then all errors in
# percent.
sclite_counts () # OPTION...
{
  sctk sclite -r ref.trn trn -h hyp.trn trn -i spu_id -s "$@" -o rsum stdout |
    awk '$2 == "Sum" { print $5, $8, $9, $10 }'
  sctk sclite -r ref.trn trn -h hyp.trn trn -i spu_id -s "$@" -o sum stdout |
    sed -n 's/.*Sum\/Avg//p' | awk '{ print $9 }'
}

# The same of hearken. WHAT: Words or Characters
own_counts () # WHAT
{
  sed -n "s/^$1: \([0-9]*\) said, \([0-9]*\) sub.*, \([0-9]*\) del.*, \([0-9]*\) ins.*/\1 \2 \3 \4/p" out |
    awk '{ print; printf "%.1f\n", 100 * ($2 + $3 + $4) / $1 }'
}

if command -v sctk >/dev/null; then
  for seed in 1 2 3; do
    random_texts "$seed"
    hearken score --raw --ref ref.trn --hyp hyp.trn >out
    check "words as sclite counts them, seed $seed" same "$(sclite_counts)" "$(own_counts Words)"
    check "characters as sclite counts them, seed $seed" same "$(sclite_counts -c)" "$(own_counts Characters)"
  done
  score -q --data data --manifest good.tsv --write-trn . >out
  check 'what was recognised, as sclite counts it' same "$(sclite_counts)" "$(own_counts Words)"
else
  skip 'counts of sclite' 'sctk is not installed'
fi

check 'fewer than no jobs' complains 2 '--jobs cannot be negative' hearken score --manifest good.tsv --jobs=-1
check 'recordings are in the manifest' complains 2 'what is "data/1.wav"?' hearken score --manifest good.tsv data/1.wav
check 'a model that there is not' complains 1 'there is no model "nix"' \
  hearken score --model nix --data data --manifest good.tsv

printf 'u_1 Yes, no\nu_2 a\n' >said
printf 'no yes (u_1)\n' >heard
check 'texts: an utterance that is missing' complains 1 'heard: no u_2' hearken score --ref said --hyp heard
check 'texts: the others are scored' grep -qx 'WER 100.00 %' stdout
check 'texts: nothing was heard anywhere' complains 1 '.*nix' hearken score --ref said --hyp nix
printf 'yes no (u_1)\nyes no (u_1)\na (u_2)\n' >twice
check 'texts: an id that is there twice' complains 1 'twice:2: u_1 is there already' \
  hearken score --ref said --hyp twice
check 'texts that cannot be written' complains 1 'cannot make the directory said/x: ' \
  hearken score --ref said --hyp said --write-trn said/x
check 'a table that cannot be written' complains 1 'cannot write to standard output: ' \
  sh -c '"$1" score --ref said --hyp said >/dev/full' sh "$tool"
plan
