import { DeploykitError } from '../errors.js';
import { confidenceOf } from './detect/rank.js';
import type { CallableFinding, Detection } from './types.js';

/**
 * The callable to serve, when the project tells it without doubt.
 * @param hasFile true when there is a project file: then even an empty folder is not "nothing to detect from".
 * @throws DeploykitError DK_DETECT_CALLABLE (none, several equally likely, or one that is asynchronous is
 * likelier than all), DK_CONFIG_MISSING (no Python at all).
 */
export function chooseCallable(dir: string, detection: Detection, hasFile: boolean): CallableFinding {
  const [best] = detection.callables;
  if (best) {
    refuseLikelier(best, detection);
    const equals = equallyLikely(detection.callables);
    if (equals.length === 1) return best;
    throw ambiguous(equals);
  }
  if (detection.pythonFiles === 0 && !hasFile) {
    throw new DeploykitError('DK_CONFIG_MISSING', `${dir} has no deploykit.toml and no Python files`, {
      hint: 'Run deploykit in the folder of a Python project, or name the folder with -C.',
    });
  }
  const obstacles = detection.obstacles.map(({ text }) => text).join('\n');
  const wayOut = detection.obstacles.find((each) => each.wayOut !== null)?.wayOut;
  throw new DeploykitError('DK_DETECT_CALLABLE', `no WSGI callable was found in ${dir}`, {
    hint:
      wayOut ??
      'Name it: [app] module = "package.module:callable" in deploykit.toml (`deploykit init` writes the file).',
    ...(obstacles === '' ? {} : { excerpt: obstacles }),
  });
}

/**
 * The finding of the callable that was written, or null when the search did not meet it.
 * @throws DeploykitError DK_DETECT_CALLABLE when it may be in several folders, or cannot be served.
 */
export function findCallable(written: string, detection: Detection): CallableFinding | null {
  const obstacle = detection.obstacles.find(
    ({ callable, wayOut }) => callable === written && wayOut !== null,
  );
  if (obstacle) {
    const hint = obstacle.wayOut ?? '';
    throw new DeploykitError('DK_DETECT_CALLABLE', obstacle.text, { hint });
  }
  const equals = equallyLikely(detection.callables.filter(({ value }) => value === written));
  if (equals.length > 1) throw ambiguous(equals);
  return equals[0] ?? null;
}

/** The callables that share the best rank; best first is the order they come in. */
export function equallyLikely(callables: CallableFinding[]): CallableFinding[] {
  return callables.filter(({ rank }) => rank === callables[0]?.rank);
}

// Serving the Flask application that a FastAPI one mounts would leave out the rest without a word.
function refuseLikelier({ value, rank, why }: CallableFinding, { obstacles }: Detection): void {
  const likelier = obstacles.find((each) => each.rank !== null && each.rank < rank);
  if (!likelier) return;
  throw new DeploykitError('DK_DETECT_CALLABLE', likelier.text, {
    hint: `${likelier.wayOut ?? ''} If ${value} is what you mean (${why}): [app] module = "${value}" in deploykit.toml, or deploykit init --module ${value}.`,
  });
}

function ambiguous(equals: CallableFinding[]): DeploykitError {
  const [first] = equals;
  const folder = first && first.dir !== '.' ? `, dir = "${first.dir}"` : '';
  return new DeploykitError('DK_DETECT_CALLABLE', `${equals.length} WSGI callables are equally likely`, {
    hint: `Choose one: run \`deploykit init\`, or set [app] module = "${first?.value}"${folder} in deploykit.toml.`,
    excerpt: equals
      .map(({ value, file, line, why, rank }) => `${value}  ${confidenceOf(rank)}  ${file}:${line}  ${why}`)
      .join('\n'),
  });
}
