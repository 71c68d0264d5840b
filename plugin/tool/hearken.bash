# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# Completion of hearken in bash.

_hearken ()
{
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-}
  local options
  local recognition='--model --dictionary --language-model --grammar --keywords --hotwords --language-weight --word-bonus --unknown-penalty --beam-width --keyword-threshold --rejection-threshold'

  # In "--format=srt" the equals sign is a word.
  [ "$current" != = ] || current=
  [ "$previous" != = ] || previous=${COMP_WORDS[COMP_CWORD - 2]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'transcribe archive listen score sweep plot inspect quantize compile-lm devices --help --version' -- "$current")
    return
  fi

  case $previous in
    --format | -f)
      mapfile -t COMPREPLY < <(compgen -W 'text json jsonl srt vtt ctm' -- "$current")
      return
      ;;
    --output-dir | -o | --archive | -a | --data | --write-trn)
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      return
      ;;
    --jobs | -j | --silence | --gates | --width | --height | --device | -d | --source | --n-best | -n | --shard | --shards | --split-seconds) return ;;
    --*-weight | --*-bonus | --*-width | --*-threshold) return ;;
  esac

  case $command in
    transcribe) options="--format --output-dir --list --archive --shard --split-seconds --force --clean-up --n-best --jobs --quiet --help $recognition" ;;
    archive)
      case ${COMP_WORDS[2]-} in
        plan) options="--archive --list --shards --split-seconds --quiet --help $recognition" ;;
        merge) options='--format --output-dir --quiet --help' ;;
        *) options='--help' ;;
      esac
      if [ "$COMP_CWORD" -eq 2 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'plan status merge --help' -- "$current")
        return
      fi
      ;;
    listen) options="--device --source --clean-up --help $recognition" ;;
    score) options="--manifest --data --stream --silence --ref --hyp --raw --write-trn --jobs --quiet --help $recognition" ;;
    sweep) options='--keywords --dictionary --manifest --data --plot --model --help' ;;
    plot) options="--output --gates --width --height --help $recognition" ;;
    quantize) options='--f16 --help' ;;
    compile-lm) options='--model --dictionary --perplexity --help' ;;
    *) options='--help' ;;
  esac
  case $current in
    -*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
  esac
}

complete -o filenames -F _hearken hearken
