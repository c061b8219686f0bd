import pep440 from '@renovatebot/pep440';
import { splitRequirement } from '../detect/requirement-parts.js';
import { distributionName } from '../distribution-name.js';
import type { Requirements } from '../types.js';
import { DRIVERS, type Driver, GEVENT_SINCE } from './drivers.js';
import { HAZARDS } from './hazards.js';
import type { CodeUses, GeventFinding } from './types.js';

const DRIVER_OF = new Map(DRIVERS.flatMap((driver) => driver.names.map((name) => [name, driver] as const)));

/** Judges the listed distributions. One that is not known and has compiled code in the lock is `unknown`. */
export function judgeDependencies(
  { specs, file, lock }: Requirements,
  { uses }: CodeUses,
  python: string | null,
): GeventFinding[] {
  const compiled = new Set(
    lock?.packages.filter((each) => each.compiled).map(({ name }) => distributionName(name)),
  );
  const place = file === undefined ? {} : { file };
  const findings = new Map<string, GeventFinding>();
  for (const spec of specs) {
    const name = distributionName(spec);
    const finding = judge(name, spec) ?? (compiled.has(name) ? unknown(name) : null);
    if (finding && findings.get(name)?.severity !== 'blocking') findings.set(name, { ...finding, ...place });
  }
  return [...findings.values()];

  function judge(name: string, spec: string): GeventFinding | null {
    if (name === 'gevent') return judgeGevent(spec, python);
    const driver = DRIVER_OF.get(name);
    if (!driver) return null;
    const mended = driver.mendedBy;
    if (mended !== undefined && uses.some((use) => use.name === mended)) {
      return { severity: 'fine', what: name, why: `the code uses ${mended}`, fix: null };
    }
    return judgeVersion(name, spec, driver);
  }
}

/** Judges the uses in the project's own code; one finding a hazard and line. */
export function judgeCode({ uses }: CodeUses): GeventFinding[] {
  const findings = uses.flatMap((use) => {
    const hazard = HAZARDS.find(
      ({ kind, names }) => kind === use.kind && names.some((name) => fits(name, use.name)),
    );
    if (!hazard) return [];
    const { severity, why, fix } = hazard;
    const what = use.kind === 'coroutine' ? 'async def' : use.name;
    return [{ severity, what, why, fix, file: use.file, line: use.line }];
  });
  return findings.filter((each, index) => {
    return (
      findings.findIndex(
        ({ file, line, why }) => file === each.file && line === each.line && why === each.why,
      ) === index
    );
  });
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function judgeVersion(name: string, spec: string, { severity, why, fix, since }: Driver): GeventFinding {
  const pinned = since === undefined ? null : pinnedVersion(spec);
  if (since !== undefined && pinned !== null && pep440.lt(pinned, since)) {
    return { severity: 'blocking', what: `${name} ${pinned}`, why: `before ${since} it waits in C`, fix };
  }
  return { severity, what: name, why, fix: severity === 'fine' ? null : fix };
}

function judgeGevent(spec: string, python: string | null): GeventFinding | null {
  const pinned = pinnedVersion(spec);
  if (pinned === null || python === null) return null;
  const minor = Number(python.split('.')[1]);
  const since = GEVENT_SINCE.find(([each]) => each <= minor)?.[1];
  if (since === undefined || pep440.gte(pinned, since)) return null;
  const why = `Python ${python} needs gevent ${since} or newer`;
  return { severity: 'blocking', what: `gevent ${pinned}`, why, fix: `Require gevent>=${since}.` };
}

function unknown(name: string): GeventFinding {
  return {
    severity: 'unknown',
    what: name,
    why: 'it has compiled code, and whether that waits is not known',
    fix: 'Prove it with deploykit bench on a path that uses it.',
  };
}

function pinnedVersion(spec: string): string | null {
  const version = /^\s*={2,3}\s*([^\s,;*]+)\s*$/.exec(splitRequirement(spec).rest)?.[1];
  return version !== undefined && pep440.valid(version) ? version : null;
}
