import type { MachineFacts } from '../../src/plan/types.js';
import { projectSchema } from '../../src/project/schema.js';
import type { Project } from '../../src/project/types.js';

type Deep<T> = { [K in keyof T]?: T[K] extends object ? Deep<T[K]> : T[K] };

/** A valid Flask project as `load` would return it, with changes by section. */
export function makeProject(
  change: Deep<Pick<Project, 'name' | 'app' | 'server' | 'image' | 'front' | 'target'>> = {},
): Project {
  const file = projectSchema.parse({});
  const requirements = {
    kind: 'requirements',
    file: 'requirements.txt',
    files: ['requirements.txt'],
    specs: ['flask'],
  };
  const { module: _m, python: _p, requirements: _r, ...app } = file.app;
  return {
    dir: '/home/me/shop',
    file: null,
    name: change.name ?? 'shop',
    app: {
      ...app,
      module: 's1',
      callable: 'app',
      python: null,
      framework: 'flask',
      requirements,
      ...change.app,
    },
    server: { ...file.server, ...change.server },
    image: { ...file.image, ...change.image },
    front: { ...file.front, ...change.front },
    bench: file.bench,
    target: { ...file.target, ...change.target },
  } as Project;
}

export const FACTS: MachineFacts = { cpus: 2, memoryBytes: 8 * 1024 ** 3, somaxconn: 4096, source: 'test' };
