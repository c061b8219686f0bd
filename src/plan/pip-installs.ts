import { distributionName } from '../project/distribution-name.js';
import type { Project } from '../project/types.js';

/**
 * What pip installs for the application, as the arguments of each `pip install`: the user's list, and gevent when it is
 * not in there. A list with hashes is a run of its own, because pip then wants a hash for everything in that run; what a
 * lock holds is complete, so that nothing else is pulled in with it.
 * @param locked the requirements file rendered from a lock file, from the folder pip runs in.
 */
export function pipInstalls(project: Project, locked: string): string[][] {
  const { requirements } = project.app;
  const { kind, file, specs, lock, hashed } = requirements;
  const own = hasGevent(project) ? [] : ['gevent'];
  const after = own.length > 0 ? [own] : [];
  if (kind === 'lock' && lock) {
    const pinned = lock.packages.length > 0 ? [['--no-deps', '--require-hashes', '-r', locked]] : [];
    const direct = lock.direct.length > 0 ? [['--no-deps', ...lock.direct]] : [];
    return [...pinned, ...direct, ...after];
  }
  const list = kind === 'requirements' && file ? ['-r', file] : specs;
  return hashed ? [list, ...after] : [[...list, ...own]];
}

/** Whether the project lists gevent itself. */
export function hasGevent({ app }: Project): boolean {
  return app.requirements.specs.some((spec) => distributionName(spec) === 'gevent');
}
