import pep440 from '@renovatebot/pep440';
import { z } from 'zod';
import { parseToml } from '../../toml.js';
import { declaredRoots } from './declared-roots.js';
import { condition, type LockEntry, type LockInput, lockError, type Origin, shaped } from './lock-file.js';
import { type Edge, type Node, reach } from './lock-graph.js';
import { type Condition, type Decide, NEVER, or } from './marker.js';

const range = z.union([
  z.string().transform((version) => ({ version, markers: undefined, extras: [] as string[] })),
  z.looseObject({
    version: z.string().default('*'),
    markers: z.string().optional(),
    extras: z.array(z.string()).default([]),
  }),
]);
const poetryPackage = z.looseObject({
  name: z.string(),
  version: z.string(),
  groups: z.array(z.string()).optional(),
  markers: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  files: z.array(z.looseObject({ hash: z.string(), file: z.string().default('') })).default([]),
  dependencies: z.record(z.string(), z.union([range, z.array(range)])).default({}),
  source: z
    .looseObject({
      type: z.string(),
      url: z.string(),
      resolved_reference: z.string().optional(),
      subdirectory: z.string().optional(),
    })
    .optional(),
});
const poetryLock = z.looseObject({
  package: z.array(poetryPackage).default([]),
  metadata: z.looseObject({
    'lock-version': z.string().regex(/^[12]\.\d+$/),
    files: z.record(z.string(), z.array(z.looseObject({ hash: z.string() }))).default({}),
  }),
});

type PoetryPackage = z.output<typeof poetryPackage>;

/**
 * Reads poetry.lock. Since its version 2.1 each package says its groups and markers; before, they follow from
 * pyproject.toml and from what the packages need.
 */
export function readPoetryLock(input: LockInput): LockEntry[] {
  const lock = shaped(
    poetryLock,
    parseToml(input.text, input.file, input.label, 'DK_DETECT_REQUIREMENTS'),
    input,
  );
  const saysGroups = lock.package.some(({ groups }) => groups !== undefined);
  const when = saysGroups
    ? new Map(lock.package.map((each) => [each, stated(each, input)]))
    : followed(lock.package, input);
  return lock.package.map((each) => ({
    name: each.name,
    version: each.version,
    when: when.get(each) ?? NEVER,
    // Version 1 keeps the files apart.
    hashes: [...each.files, ...(lock.metadata.files[each.name] ?? [])].map(({ hash }) => hash),
    files: each.files.map(({ file }) => file),
    origin: originOf(each),
  }));
}

function stated({ groups = [], markers }: PoetryPackage, input: LockInput): Condition {
  const wanted = groups.filter((group) => group === 'main' || input.groups.includes(group));
  const of = (group: string): string | undefined =>
    typeof markers === 'string' ? markers : markers?.[group];
  return wanted
    .map((group) => condition(of(group), input, extrasOf(new Set(input.groups))))
    .reduce(or, NEVER);
}

function followed(packages: readonly PoetryPackage[], input: LockInput): Map<PoetryPackage, Condition> {
  const nodes = packages.map((own) => ({
    own,
    name: own.name,
    version: own.version,
    needs: needsOf(own, input),
  }));
  const { when, missing } = reach<Node & { own: PoetryPackage }>(nodes, declaredRoots(input));
  if (missing.length > 0) {
    const hint = 'The lock is older than pyproject.toml: run poetry lock.';
    throw lockError(input, `it does not hold ${missing.join(', ')}`, hint);
  }
  return new Map(nodes.map((node) => [node.own, when.get(node) ?? NEVER]));
}

function needsOf({ dependencies }: PoetryPackage, input: LockInput): Edge[] {
  return Object.entries(dependencies).flatMap(([name, ranges]) =>
    [ranges].flat().map(({ version, markers, extras }): Edge => {
      return {
        name,
        extras,
        accepts: (locked) => version === '*' || pep440.satisfies(locked, version),
        when: (asked) => condition(markers, input, extrasOf(asked)),
      };
    }),
  );
}

function extrasOf(asked: ReadonlySet<string>): Decide {
  return (left, _operator, right) => {
    if (left !== 'extra' && right !== 'extra') return null;
    return asked.has(left === 'extra' ? right : left);
  };
}

function originOf({ name, source }: PoetryPackage): Origin {
  if (!source) return { kind: 'index', url: null };
  const { type, url, resolved_reference: commit, subdirectory } = source;
  const folder = subdirectory ? `#subdirectory=${subdirectory}` : '';
  if (type === 'git') return { kind: 'direct', text: `${name} @ git+${url}@${commit ?? 'HEAD'}${folder}` };
  if (type === 'url') return { kind: 'archive', text: `${name} @ ${url}${folder}` };
  if (type === 'directory' || type === 'file') {
    return { kind: 'direct', text: url.startsWith('.') ? url : `./${url}` };
  }
  return { kind: 'index', url };
}
