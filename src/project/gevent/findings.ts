import path from 'node:path';
import type { Project } from '../types.js';
import { DRIVERS } from './drivers.js';
import { HAZARDS } from './hazards.js';
import { judgeCode, judgeDependencies } from './judge.js';
import { scanCode } from './scan-code.js';
import type { GeventFinding, GeventSeverity } from './types.js';

const ORDER: readonly GeventSeverity[] = ['blocking', 'risk', 'unknown', 'fine'];

/**
 * What in a project's dependencies and own code keeps greenlets from working at once, worst first, as far as reading
 * tells: bench proves it. Nothing of the project is run.
 */
export async function geventFindings(project: Project): Promise<GeventFinding[]> {
  const { requirements, dir, python } = project.app;
  const code = await scanCode(path.join(project.dir, dir), dir, interesting());
  const findings = [...judgeDependencies(requirements, code, python), ...judgeCode(code)];
  return findings.sort(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || compare(key(a), key(b)),
  );
}

/** Judges single requirements (PEP 508) of a project folder: why one keeps greenlets from working at once, or null. */
export async function driverJudge(
  dir: string,
): Promise<(requirement: string) => Pick<GeventFinding, 'why' | 'fix'> | null> {
  const code = await scanCode(dir, '.', interesting());
  return (requirement) => {
    const listed = { kind: 'requirements' as const, files: [], specs: [requirement] };
    return judgeDependencies(listed, code, null).find(({ severity }) => severity === 'blocking') ?? null;
  };
}

/** `psycopg2 (requirements.txt): libpq waits for the database in C`. */
export function geventSentence({ what, why, file, line }: GeventFinding): string {
  const place = file === undefined ? '' : ` (${line === undefined ? file : `${file}:${line}`})`;
  return `${what}${place}: ${why}`;
}

// A file that has none of the modules in question needs no parsing.
function interesting(): RegExp {
  const names = [
    ...HAZARDS.flatMap((each) => each.names),
    ...DRIVERS.flatMap(({ mendedBy }) => mendedBy ?? []),
  ];
  const modules = new Set(names.map((name) => name.split('.')[0] ?? name));
  return new RegExp(`\\b(${[...modules].join('|')}|async def)\\b`);
}

function key({ file, line, what }: GeventFinding): string {
  return `${file ?? ''}:${String(line ?? 0).padStart(6, '0')}:${what}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
