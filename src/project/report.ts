import { DeploykitError } from '../errors.js';
import type { ConfigFile } from './config-file.js';
import { excerpt } from './excerpt.js';
import { isSecret, type Problem } from './problems.js';

/** Everything that is wrong with the project file, as one error: with the source for one problem, as a list for more. */
export function fileError(problems: readonly Problem[], config: ConfigFile): DeploykitError {
  const located = problems
    .map((problem) => ({ ...problem, line: config.lineOf(problem.path) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const [first] = located;
  if (!first) return new DeploykitError('DK_INTERNAL', 'an error without a problem was reported');
  const place = { file: config.file, ...(first.line === undefined ? {} : { line: first.line }) };
  if (located.length > 1) {
    const list = located.map((problem) => `${config.label}:${problem.line ?? 1}: ${sentence(problem)}`);
    return new DeploykitError(first.code, `${config.label} has ${located.length} mistakes`, {
      ...place,
      excerpt: list.join('\n'),
    });
  }
  const source = first.line === undefined || isSecret(first.path) ? null : excerpt(config.text, first.line);
  return new DeploykitError(first.code, first.message, {
    ...place,
    ...(first.hint ? { hint: first.hint } : {}),
    ...(source ? { excerpt: source } : {}),
  });
}

/** Wrong flags and variables, as one error: they have no line to show. */
export function settingsError(problems: readonly Problem[]): DeploykitError {
  const [first] = problems;
  if (!first) return new DeploykitError('DK_INTERNAL', 'an error without a problem was reported');
  if (problems.length === 1) {
    return new DeploykitError(first.code, first.message, first.hint ? { hint: first.hint } : {});
  }
  return new DeploykitError(first.code, `${problems.length} flags or variables are not usable`, {
    excerpt: problems.map(sentence).join('\n'),
  });
}

function sentence({ message, hint }: Problem): string {
  return hint ? `${message}. ${hint}` : message;
}
