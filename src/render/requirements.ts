import { LOCKED_REQUIREMENTS } from '../plan/layout.js';
import type { Artefact, Plan } from '../plan/types.js';
import { file, HEADER } from './artefact.js';
import { requirementLine } from './quote.js';

/** The lock file as a requirements file with hashes, which pip can check by itself; none for other lists. */
export function renderRequirements(plan: Plan): Artefact[] {
  const { lock, file: from } = plan.app.requirements;
  if (!lock || lock.packages.length === 0) return [];
  const lines = [
    `# ${HEADER}`,
    `# From ${requirementLine(from ?? '')}.`,
    ...lock.indexes.map((url) => `--extra-index-url ${requirementLine(url)}`),
    ...lock.packages.map(({ requirement, hashes }) => {
      return [
        requirementLine(requirement),
        ...hashes.map((hash) => `    --hash=${requirementLine(hash)}`),
      ].join(' \\\n');
    }),
  ];
  return [file(LOCKED_REQUIREMENTS, `${lines.join('\n')}\n`)];
}
