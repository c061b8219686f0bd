import { distributionName } from '../../distribution-name.js';
import { ALWAYS, and, type Condition, NEVER, or } from './marker.js';

/** A package that another one, or the project, asks for. */
export interface Edge {
  name: string;
  /** Tells which, where the lock holds several versions. */
  accepts: (version: string) => boolean;
  extras: readonly string[];
  when: (extras: ReadonlySet<string>) => Condition;
}

/** A locked package and what it asks for. */
export interface Node {
  name: string;
  version: string | null;
  /** What it needs; edges of an extra look at the extras that are asked for. */
  needs: readonly Edge[];
}

/** When each package is installed, and the names that the project asks for and that are not locked. */
export interface Reached<T> {
  when: Map<T, Condition>;
  missing: string[];
}

/**
 * Follows what the project asks for through the locked packages, gathering the condition under which each is needed:
 * the markers along one way all hold, of several ways one suffices.
 */
export function reach<T extends Node>(nodes: readonly T[], roots: readonly Edge[]): Reached<T> {
  const byName = new Map<string, T[]>();
  for (const node of nodes) {
    const name = distributionName(node.name);
    byName.set(name, [...(byName.get(name) ?? []), node]);
  }
  const when = new Map<T, Condition>();
  const extras = new Map<T, Set<string>>();
  const missing = roots.filter(({ name, when: holds }) => {
    return holds(new Set()).length > 0 && !byName.has(distributionName(name));
  });
  const queue: { edge: Edge; when: Condition }[] = roots.map((edge) => ({
    edge,
    when: edge.when(new Set()),
  }));
  for (let item = queue.shift(); item; item = queue.shift()) {
    if (item.when.length === 0) continue;
    const named = byName.get(distributionName(item.edge.name)) ?? [];
    for (const node of chosen(named, item.edge)) {
      const wanted = extras.get(node) ?? new Set();
      const before = when.get(node) ?? NEVER;
      const after = or(before, item.when);
      const isKnown = item.edge.extras.every((each) => wanted.has(each));
      if (isKnown && sameText(before, after)) continue;
      for (const each of item.edge.extras) wanted.add(each);
      extras.set(node, wanted);
      when.set(node, after);
      for (const edge of node.needs) queue.push({ edge, when: and(after, edge.when(wanted)) });
    }
  }
  return { when, missing: missing.map(({ name }) => name).sort() };
}

/** An edge that always holds and takes every version. */
export function plainEdge(name: string, extras: readonly string[] = []): Edge {
  return { name, extras, accepts: () => true, when: () => ALWAYS };
}

function chosen<T extends Node>(nodes: readonly T[], edge: Edge): readonly T[] {
  if (nodes.length < 2) return nodes;
  return nodes.filter(({ version }) => version === null || edge.accepts(version));
}

function sameText(a: Condition, b: Condition): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
