import { type CompletedVerb, KINDS, quoted, TARGET_NAMES } from './types.js';

/** The completion of zsh. */
export function zshCompletion(verbs: readonly CompletedVerb[]): string {
  return `#compdef deploykit
# Completion of deploykit for zsh: deploykit completion zsh > a folder of $fpath/_deploykit

_deploykit_targets() {
  local folder=\${opt_args[-C]:-\${opt_args[--project-dir]:-.}}
  local -a targets
  targets=(${KINDS.join(' ')} \${(f)"$(sed -n ${quoted(TARGET_NAMES)} $folder/deploykit.toml $folder/pyproject.toml 2> /dev/null)"})
  compadd -- $targets
}

_deploykit() {
  local -a verbs
  verbs=(
${verbs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${verbs.map(branch).join('\n')}
  esac
}

if [ "$funcstack[1]" = _deploykit ]; then _deploykit "$@"; else compdef _deploykit deploykit; fi
`;
}

function branch({ name, options, words, files }: CompletedVerb): string {
  const choice = words.length > 0 ? [quoted(`1:which:(${words.join(' ')})`)] : [];
  const own = files ? [quoted('*:file:_files')] : choice;
  const specs = [...options.map(spec), ...own].map((one) => `        ${one}`);
  return `    ${name})\n      _arguments \\\n${specs.join(' \\\n')}\n      ;;`;
}

function spec({ names, description, value, choices }: CompletedVerb['options'][number]): string {
  const what = `[${description.replace(/[[\]:\\]/g, String.raw`\$&`)}]`;
  const action = names.includes('--target')
    ? '_deploykit_targets'
    : choices.length > 0
      ? `(${choices.join(' ')})`
      : '_files';
  const rest = `${what}${value ? `:value:${action}` : ''}`;
  if (names.length === 1) return quoted(`${names[0]}${rest}`);
  return `'(${names.join(' ')})'{${names.join(',')}}${quoted(rest)}`;
}
