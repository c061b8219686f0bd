import pep440 from '@renovatebot/pep440';
import { z } from 'zod';
import { parseToml } from '../../toml.js';
import { splitRequirement } from '../requirement-parts.js';
import { declaredRoots } from './declared-roots.js';
import { condition, type LockEntry, type LockInput, lockError, type Origin, shaped } from './lock-file.js';
import { type Edge, type Node, reach } from './lock-graph.js';
import { type Condition, NEVER, or } from './marker.js';

const pdmPackage = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  extras: z.array(z.string()).default([]),
  groups: z.array(z.string()).optional(),
  marker: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  files: z
    .array(
      z.looseObject({
        hash: z.string().optional(),
        file: z.string().default(''),
        url: z.string().default(''),
      }),
    )
    .default([]),
  git: z.string().optional(),
  revision: z.string().optional(),
  subdirectory: z.string().optional(),
  path: z.string().optional(),
  url: z.string().optional(),
});
const pdmLock = z.looseObject({ package: z.array(pdmPackage).default([]) });

type PdmPackage = z.output<typeof pdmPackage>;

/**
 * Reads pdm.lock. A lock of the strategy `inherit_metadata` says groups and markers of each package; another one is
 * followed from pyproject.toml. A package with extras has an entry of its own, which needs the one without.
 */
export function readPdmLock(input: LockInput): LockEntry[] {
  const lock = shaped(
    pdmLock,
    parseToml(input.text, input.file, input.label, 'DK_DETECT_REQUIREMENTS'),
    input,
  );
  const saysGroups = lock.package.some(({ groups }) => groups !== undefined);
  const when = saysGroups
    ? new Map(lock.package.map((each) => [each, stated(each, input)]))
    : followed(lock.package, input);
  return [...merged(lock.package, when)].map(([each, holds]) => ({
    name: each.name,
    version: each.version ?? null,
    when: holds,
    hashes: each.files.flatMap(({ hash }) => (hash ? [hash] : [])),
    files: each.files.map(({ file, url }) => file || url),
    origin: originOf(each),
  }));
}

function stated({ groups = [], marker }: PdmPackage, input: LockInput): Condition {
  const isWanted = groups.some((group) => group === 'default' || input.groups.includes(group));
  return isWanted ? condition(marker, input) : NEVER;
}

function followed(packages: readonly PdmPackage[], input: LockInput): Map<PdmPackage, Condition> {
  const nodes = packages.map((own) => ({
    own,
    name: own.name,
    version: own.version ?? null,
    needs: own.dependencies.map((spec): Edge => {
      const { name, rest, extras, marker } = splitRequirement(spec);
      const accepts = (locked: string): boolean =>
        rest === '' || rest.startsWith('@') || pep440.satisfies(locked, rest);
      return { name, extras, accepts, when: () => condition(marker, input) };
    }),
  }));
  const { when, missing } = reach<Node & { own: PdmPackage }>(nodes, declaredRoots(input));
  if (missing.length > 0) {
    const hint = 'The lock is older than pyproject.toml: run pdm lock.';
    throw lockError(input, `it does not hold ${missing.join(', ')}`, hint);
  }
  return new Map(nodes.map((node) => [node.own, when.get(node) ?? NEVER]));
}

// One entry a package and version, with what its entries for extras ask for.
function merged(
  packages: readonly PdmPackage[],
  when: Map<PdmPackage, Condition>,
): Map<PdmPackage, Condition> {
  const result = new Map<PdmPackage, Condition>();
  for (const each of packages) {
    const same = [...result.keys()].find(
      ({ name, version }) => name === each.name && version === each.version,
    );
    const key = same ?? each;
    result.set(key, or(result.get(key) ?? NEVER, when.get(each) ?? NEVER));
  }
  return result;
}

function originOf({ name, git, revision, subdirectory, path, url }: PdmPackage): Origin {
  const folder = subdirectory ? `#subdirectory=${subdirectory}` : '';
  if (git !== undefined) {
    return { kind: 'direct', text: `${name} @ git+${git}${revision ? `@${revision}` : ''}${folder}` };
  }
  if (path !== undefined) return { kind: 'direct', text: path.startsWith('.') ? path : `./${path}` };
  if (url !== undefined) return { kind: 'archive', text: `${name} @ ${url}${folder}` };
  return { kind: 'index', url: null };
}
