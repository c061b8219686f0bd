import type { Project } from '../../project/types.js';
import { findPython, type Python } from '../process/python.js';
import type { HostFacts } from './facts.js';
import type { OnHost } from './on-host.js';

/** The interpreter of a host for a project; it needs no pip of its own where wheels are shipped. @throws DK_PYTHON_*. */
export function hostPython(
  on: OnHost,
  project: Project,
  facts: HostFacts,
  build: 'host' | 'local',
): Promise<Python> {
  const options = { bringsPip: build === 'local' };
  return findPython(project.app.python, (argv) => on.try(argv), facts.osRelease, options);
}
