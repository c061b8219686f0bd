import { z } from 'zod';
import { parseToml } from '../../toml.js';
import { condition, type LockEntry, type LockInput, type Origin, shaped } from './lock-file.js';
import type { Decide } from './marker.js';

const archive = z.looseObject({
  url: z.string().optional(),
  name: z.string().optional(),
  hashes: z.record(z.string(), z.string()).default({}),
});
const pylockPackage = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  marker: z.string().optional(),
  index: z.string().optional(),
  vcs: z
    .looseObject({
      type: z.string(),
      url: z.string().optional(),
      path: z.string().optional(),
      'commit-id': z.string(),
      subdirectory: z.string().optional(),
    })
    .optional(),
  directory: z.looseObject({ path: z.string() }).optional(),
  archive: archive.extend({ path: z.string().optional() }).optional(),
  sdist: archive.optional(),
  wheels: z.array(archive).default([]),
});
const pylock = z.looseObject({
  'lock-version': z.string().regex(/^1\./),
  'default-groups': z.array(z.string()).default([]),
  packages: z.array(pylockPackage).default([]),
});

// pip takes these; sha256 first, which every tool writes.
const ALGORITHMS = ['sha256', 'sha384', 'sha512'];

/** Reads pylock.toml (PEP 751): the packages whose markers hold for its default groups and those of app.groups. */
export function readPylock(input: LockInput): LockEntry[] {
  const lock = shaped(
    pylock,
    parseToml(input.text, input.file, input.label, 'DK_DETECT_REQUIREMENTS'),
    input,
  );
  const groups = [...lock['default-groups'], ...input.groups];
  const decide: Decide = (left, _operator, right) => {
    const asked = right === 'dependency_groups' ? groups : right === 'extras' ? input.groups : null;
    return asked === null ? null : asked.includes(left) === (_operator === 'in');
  };
  return lock.packages.map((each) => ({
    name: each.name,
    version: each.version ?? null,
    when: condition(each.marker, input, decide),
    hashes: hashesOf(each),
    files: each.wheels.map(({ name, url }) => name ?? url ?? ''),
    origin: originOf(each),
  }));
}

function hashesOf({ archive: one, sdist, wheels }: z.output<typeof pylockPackage>): string[] {
  const files = [...(one ? [one] : []), ...(sdist ? [sdist] : []), ...wheels];
  return files.flatMap(({ hashes }) => {
    const algorithm = ALGORITHMS.find((each) => hashes[each] !== undefined);
    return algorithm === undefined ? [] : [`${algorithm}:${hashes[algorithm]}`];
  });
}

function originOf({ name, vcs, directory, archive: one, index }: z.output<typeof pylockPackage>): Origin {
  if (vcs) {
    const folder = vcs.subdirectory ? `#subdirectory=${vcs.subdirectory}` : '';
    const address = vcs.url ?? `file:${vcs.path ?? '.'}`;
    return { kind: 'direct', text: `${name} @ ${vcs.type}+${address}@${vcs['commit-id']}${folder}` };
  }
  if (directory) return local(directory.path);
  if (one?.url !== undefined) return { kind: 'archive', text: `${name} @ ${one.url}` };
  if (one?.path !== undefined) return local(one.path);
  return { kind: 'index', url: index ?? null };
}

function local(path: string): Origin {
  if (path === '.') return { kind: 'none' };
  return { kind: 'direct', text: path.startsWith('.') ? path : `./${path}` };
}
