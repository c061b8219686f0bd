import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Artefact, Plan } from '../../plan/types.js';

interface Lists {
  plan: Plan;
  projectDir: string;
  artefacts: readonly Artefact[];
}

/** What pip reads, by its path from the folder pip runs in: the user's own files, or the one rendered from a lock. */
export async function requirementLists({
  plan,
  projectDir,
  artefacts,
}: Lists): Promise<{ file: string; contents: Buffer }[]> {
  const { requirements } = plan.app;
  const locked = artefacts.filter(({ path: name }) => requirements.lock && name === plan.layout.requirements);
  const own = requirements.lock ? [] : requirements.files;
  return [
    ...locked.map((each) => ({ file: each.path, contents: Buffer.from(each.contents) })),
    ...(await Promise.all(
      own.map(async (file) => ({ file, contents: await readFile(path.join(projectDir, file)) })),
    )),
  ];
}
