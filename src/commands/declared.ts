import { Option } from 'commander';
import type { DeclaredVerb } from './command.js';
import { VERBS } from './declare.js';

/** Flags every verb takes; bench has another -c. */
export function globalOptions(verb: string): Option[] {
  const config = verb === 'bench' ? '--config <file>' : '-c, --config <file>';
  return [
    new Option('-C, --project-dir <folder>', 'the project (default: here)'),
    new Option(config, 'the project file'),
    new Option('--json', 'one JSON document on stdout; progress stays on stderr, in plain lines'),
    new Option('-q, --quiet', 'no progress on stderr, warnings only'),
    new Option('-v, --verbose', 'every line of every step; -vv: stacks too')
      .argParser((_, n: number) => n + 1)
      .default(0, ''),
    new Option('--color <when>', 'colour').choices(['auto', 'always', 'never']).default('auto'),
    new Option('-y, --yes', 'take defaults, ask nothing'),
    new Option('--no-input', 'ask nothing; fail where an answer is needed'),
  ];
}

/** Every flag of a verb, its own first. */
export function optionsOf(name: string): Option[] {
  return [...(VERBS[name]?.options ?? []), ...globalOptions(name)];
}

/** The verbs as data. */
export function declaredVerbs(): DeclaredVerb[] {
  return Object.entries(VERBS).map(([name, { summary, argument }]) => ({
    name,
    summary,
    words: argument?.argChoices ?? [],
    files: argument?.variadic ?? false,
    options: optionsOf(name).map(({ short, long, description, required, optional, argChoices }) => ({
      names: [short, long].filter((one) => one !== undefined),
      description,
      value: required || optional,
      choices: argChoices ?? [],
    })),
  }));
}
