import { type CompletedVerb, KINDS, quoted, TARGET_NAMES } from './types.js';

/** The completion of bash: needs nothing but bash, and asks no program of ours. */
export function bashCompletion(verbs: readonly CompletedVerb[]): string {
  return `# Completion of deploykit for bash. For you: deploykit completion bash > ~/.local/share/bash-completion/completions/deploykit
# For all: deploykit completion bash > /etc/bash_completion.d/deploykit

_deploykit_targets() {
  local folder=. i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in -C | --project-dir) folder=\${COMP_WORDS[i + 1]} ;; esac
  done
  printf '%s\\n' ${KINDS.join(' ')}
  sed -n ${quoted(TARGET_NAMES)} "$folder/deploykit.toml" "$folder/pyproject.toml" 2> /dev/null
}

_deploykit() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted([...verbs.map(({ name }) => name), '--help', '--version'].join(' '))}
  else
    case "\${COMP_WORDS[1]} $before" in
      *' -t' | *' --target') words=$(_deploykit_targets) ;;
${verbs.flatMap(values).join('\n')}
      *)
        case \${COMP_WORDS[1]} in
${verbs.map(flags).join('\n')}
        esac
        ;;
    esac
  fi
  # Without words the shell completes files.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

complete -o default -F _deploykit deploykit
`;
}

function values({ name, options }: CompletedVerb): string[] {
  return options
    .filter(({ value, names }) => value && !names.includes('--target'))
    .map(({ names, choices }) => {
      const pattern = names.map((one) => quoted(`${name} ${one}`)).join(' | ');
      return `      ${pattern}) words=${quoted(choices.join(' '))} ;;`;
    });
}

function flags({ name, options, words, files }: CompletedVerb): string {
  const all = [...words, ...options.flatMap(({ names }) => names), '--help'];
  const offered = `words=${quoted(all.join(' '))}`;
  // A verb that takes files has them offered until a dash is there.
  return `          ${name}) ${files ? `case $current in -*) ${offered} ;; esac` : offered} ;;`;
}
