import { z } from 'zod';
import { poetryRequirements } from '../poetry-requirement.js';
import { condition, type LockEntry, type LockInput, lockError, type Origin, shaped } from './lock-file.js';

const pipfilePackage = z.looseObject({
  version: z.string().optional(),
  hashes: z.array(z.string()).default([]),
  markers: z.string().optional(),
  index: z.string().optional(),
  file: z.string().optional(),
  path: z.string().optional(),
  git: z.string().optional(),
});
const pipfileLock = z.looseObject({
  _meta: z.looseObject({
    sources: z.array(z.looseObject({ name: z.string(), url: z.string() })).default([]),
  }),
  default: z.record(z.string(), pipfilePackage).default({}),
});

/** Reads Pipfile.lock: its `default` section, and further sections (categories) that app.groups names. */
export function readPipfileLock(input: LockInput): LockEntry[] {
  const document = json(input);
  const lock = shaped(pipfileLock, document, input);
  const categories = shaped(z.record(z.string(), z.unknown()), document, input);
  const urls = new Map(lock._meta.sources.map(({ name, url }) => [name, url]));
  const sections = [
    lock.default,
    ...input.groups.map((group) => {
      return shaped(z.record(z.string(), pipfilePackage).default({}), categories[group], input);
    }),
  ];
  const packages = new Map(sections.flatMap((section) => Object.entries(section)));
  return [...packages].map(([name, each]) => ({
    name,
    version: each.version?.startsWith('==') ? each.version.slice(2) : null,
    when: condition(each.markers, input),
    hashes: each.hashes,
    files: [],
    origin: originOf(name, each, urls),
  }));
}

function originOf(name: string, each: z.output<typeof pipfilePackage>, urls: Map<string, string>): Origin {
  if (each.git !== undefined || each.path !== undefined) {
    const { markers: _markers, version: _version, ...source } = each;
    return { kind: 'direct', text: poetryRequirements(name, source).join('') };
  }
  if (each.file !== undefined) return { kind: 'archive', text: `${name} @ ${each.file}` };
  // A package of another system than the one that locked it is left open: `*`.
  if (!each.version?.startsWith('==')) {
    return { kind: 'direct', text: poetryRequirements(name, each.version ?? '*').join('') };
  }
  return { kind: 'index', url: each.index === undefined ? null : (urls.get(each.index) ?? null) };
}

function json(input: LockInput): unknown {
  try {
    return JSON.parse(input.text);
  } catch (error) {
    throw lockError(input, (error as Error).message);
  }
}
