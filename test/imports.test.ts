import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

// The rooms of src/ and what each may import (design: "Rooms"). A room may import itself and the leaf files.
const LEAVES = ['errors', 'endpoint', 'closest', 'shell-word'];
const ROOMS: Record<string, string[]> = {
  cli: ['commands', 'ui'],
  commands: ['flow', 'project', 'plan', 'report', 'ui', 'bench', 'targets', 'host', 'uwsgi'],
  flow: ['project', 'plan', 'render', 'targets', 'host', 'bench', 'uwsgi'],
  project: ['uwsgi'],
  plan: ['project', 'uwsgi'],
  uwsgi: [],
  render: ['plan', 'uwsgi'],
  targets: ['plan', 'render', 'host', 'project', 'uwsgi'],
  host: ['plan'],
  bench: [],
  report: ['bench', 'uwsgi'],
  ui: [],
};

// A package or builtin that only some places may use.
const RESERVED: Record<string, RegExp> = {
  dockerode: /^src\/targets\/docker\//,
  execa: /^src\/host\/(run|pipe)\.ts$/,
  handlebars: /^src\/render\/template\.ts$/,
  commander: /^src\/(cli|commands\/(declare|declared|values))\.ts$/,
  'node:child_process': /^$/,
  zod: /^src\/project\//,
};
const PURE = /^src\/(plan|render|report|uwsgi)\//;
const EFFECTS = /^(node:(fs|net|http|https|child_process|os|dns|worker_threads)|dockerode|execa)/;

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = walk('src');
const imports = files.flatMap(importsOf);

describe('the import rules', () => {
  it('every file lies in a known room', () => {
    for (const file of files) expect([...Object.keys(ROOMS), ...LEAVES], file).toContain(roomOf(file));
  });

  it('a room imports only what it may', () => {
    const broken = imports.filter(({ from, to }) => {
      if (!to.startsWith('src/')) return false;
      const [own, other] = [roomOf(from), roomOf(to)];
      return own !== other && !LEAVES.includes(other) && !(ROOMS[own] ?? []).includes(other);
    });
    expect(broken).toEqual([]);
  });

  it('packages with effects stay in their place', () => {
    const broken = imports.filter(
      ({ from, to, typeOnly }) => !typeOnly && RESERVED[to] && !RESERVED[to].test(from),
    );
    expect(broken).toEqual([]);
  });

  it('decisions, texts and knowledge have no effects', () => {
    expect(
      imports.filter(({ from, to, typeOnly }) => PURE.test(from) && !typeOnly && EFFECTS.test(to)),
    ).toEqual([]);
  });

  it('only cli.ts ends the process', () => {
    const ends = files.filter((file) => /process\.exit\(/.test(readFileSync(file, 'utf8')));
    expect(ends).toEqual(['src/cli.ts']);
  });

  it('nothing imports in a circle', () => {
    const graph = new Map(
      files.map((file) => [file, imports.filter((i) => i.from === file && !i.typeOnly).map((i) => i.to)]),
    );
    expect(findCycle(graph)).toBeNull();
  });

  it('no file has more than 300 lines', () => {
    expect(files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 300)).toEqual([]);
  });
});

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? walk(file) : file.endsWith('.ts') ? [file] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern = /(?:^(import|export)(\s+type)?[\s{*][^;]*?from\s+|import\()'([^']+)'/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const target = match[3] ?? '';
    const resolved = target.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, '.ts')
      : target;
    return { from: file, to: resolved, typeOnly: match[2] !== undefined };
  });
}

function roomOf(file: string): string {
  return file.split('/')[1]?.replace(/\.ts$/, '') ?? '';
}

function findCycle(graph: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, trail: string[]): string[] | null => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...trail, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}
