import { type CompletedVerb, KINDS, TARGET_NAMES } from './types.js';

/** The completion of fish. */
export function fishCompletion(verbs: readonly CompletedVerb[]): string {
  return `# Completion of deploykit for fish: deploykit completion fish > ~/.config/fish/completions/deploykit.fish

function __deploykit_targets
    printf '%s\\n' ${KINDS.join(' ')}
    sed -n ${text(TARGET_NAMES)} deploykit.toml pyproject.toml 2>/dev/null
end

${verbs.map(({ name, summary }) => `complete -c deploykit -n __fish_use_subcommand -f -a ${name} -d ${text(summary)}`).join('\n')}
complete -c deploykit -n __fish_use_subcommand -l version -d 'print the version'
${verbs.flatMap(lines).join('\n')}
`;
}

function lines({ name, options, words, files }: CompletedVerb): string[] {
  const on = `complete -c deploykit -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...(files ? [] : [`${on} -f`]),
    ...(words.length > 0 ? [`${on} -f -a ${text(words.join(' '))}`] : []),
    ...options.map(({ names, description, value, choices }) => {
      const spelt = names.map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`));
      return [on, ...spelt, ...given(names, value, choices), `-d ${text(description)}`].join(' ');
    }),
  ];
}

function given(names: readonly string[], value: boolean, choices: readonly string[]): string[] {
  if (!value) return [];
  if (names.includes('--target')) return ['-x', "-a '(__deploykit_targets)'"];
  return choices.length > 0 ? ['-x', `-a ${text(choices.join(' '))}`] : ['-r'];
}

// In fish's single quotes only a backslash and a quote are special.
function text(words: string): string {
  return `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
