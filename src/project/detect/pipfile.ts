import path from 'node:path';
import { parseToml } from '../toml.js';
import { poetryRequirements } from './poetry-requirement.js';
import { tableAt } from './pyproject-lists.js';
import { readText } from './read-text.js';

/**
 * What a Pipfile lists (PEP 508): [packages], and further sections by name; null when there is no such file.
 * @param file relative to the project.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS.
 */
export async function pipfileSpecs(
  dir: string,
  file: string,
  sections: readonly string[],
): Promise<string[] | null> {
  const text = await readText(path.join(dir, file));
  if (text === null) return null;
  const document = parseToml(text, path.join(dir, file), file, 'DK_DETECT_REQUIREMENTS');
  return ['packages', ...sections].flatMap((section) =>
    Object.entries(tableAt(document, section)).flatMap(([name, value]) => poetryRequirements(name, value)),
  );
}
