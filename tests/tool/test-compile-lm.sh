#!/bin/sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# hearken compile-lm: what it writes, what it measures, and what it says of bad models.
# Usage: see setup.sh
set -eu
. "$1/tests/tool/setup.sh"

# After "a", "b" has P = 1/100; every other word, and every end, has 1/10.
cat >small.arpa <<'END'
\data\
ngram 1=4
ngram 2=1

\1-grams:
-99 <s>
-1 </s>
-1 a
-1 b

\2-grams:
-2 a b

\end\
END
printf 'a a\n\n b\ta \r\n' >known.txt
printf 'a b\nc a\n' >other.txt
sed 's/^-2 a b/-2 a c/' small.arpa >bad.arpa

check 'perplexity' says 0 'perplexity 10.00: 2 sentences, 4 words, 0 unknown' \
  hearken compile-lm --perplexity known.txt small.arpa
# Five words and ends, (1e-1 1e-2 1e-1 1e-1 1e-1) ^ (-1 / 5)
check 'perplexity with unknown words' says 0 'perplexity 15.85: 2 sentences, 3 words, 1 unknown' \
  hearken compile-lm -p other.txt small.arpa
printf '\357\273\277a a\n' >marked.txt
check 'a byte order mark is no word' says 0 'perplexity 10.00: 1 sentences, 2 words, 0 unknown' \
  hearken compile-lm -p marked.txt small.arpa
check 'compile' says 0 '' hearken compile-lm small.arpa small.lm
check 'is compiled' sh -c 'head -c 7 small.lm | grep -q HKNGRAM'
check 'is the same model' says 0 'perplexity 15.85: 2 sentences, 3 words, 1 unknown' \
  hearken compile-lm -p other.txt small.lm
check 'compile and measure' says 0 'perplexity 10.00: 2 sentences, 4 words, 0 unknown' \
  hearken compile-lm -p known.txt small.lm again.lm
check 'compiling again changes nothing' cmp small.lm again.lm

printf 'a EY\nb B IY\n' >small.dict
check 'compile for a model' says 0 '' \
  hearken compile-lm --model english --dictionary small.dict small.arpa said.lm
check 'has more in it' test "$(wc -c <said.lm)" -gt "$(wc -c <small.lm)"
check 'is still the same model' says 0 'perplexity 10.00: 2 sentences, 4 words, 0 unknown' \
  hearken compile-lm -p known.txt said.lm
echo 'a XYZ' >bad.dict
check 'a bad dictionary' complains 1 'bad.dict:1: the model has no phone "XYZ"' \
  hearken compile-lm --model english --dictionary bad.dict small.arpa x.lm
check 'a dictionary alone' complains 2 'pronunciations of which model?' \
  hearken compile-lm --dictionary small.dict small.arpa x.lm

check 'a bad model' complains 1 "bad.arpa:12: the word 'c' is not among the 1-grams" \
  hearken compile-lm bad.arpa bad.lm
check 'leaves nothing' test ! -e bad.lm
check 'no model' complains 1 '.*nix.arpa: ' hearken compile-lm nix.arpa x.lm
check 'no text' complains 1 '.*nix.txt' hearken compile-lm -p nix.txt small.lm
: >empty.txt
check 'an empty text' complains 1 'empty.txt has no words' hearken compile-lm -p empty.txt small.lm
check 'to nowhere' complains 1 '.*nix/x.lm' hearken compile-lm small.arpa nix/x.lm
check 'nothing' complains 2 'which language model, and to which file?' hearken compile-lm
check 'nothing to do' complains 2 'compile to which file, or measure on which text?' \
  hearken compile-lm small.arpa
plan
