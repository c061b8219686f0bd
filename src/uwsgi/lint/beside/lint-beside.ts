import { findingOf, sorted } from '../lint.js';
import { suppress } from '../suppress.js';
import type { Finding } from '../types.js';
import { BESIDE_RULES, type BesideFile, type BesideKind, type DriverJudge } from './rules.js';

/** What a file beside an ini is, by its name and first lines; null for one that has nothing to do with uWSGI. */
export function besideKind(name: string, text: string): BesideKind | null {
  if (/^(Dockerfile|Containerfile)(\.|$)|\.(dockerfile|containerfile)$/i.test(name)) return 'dockerfile';
  if (/^requirements.*\.txt$/.test(name)) return 'requirements';
  if (/\.service$/.test(name)) return /uwsgi/.test(text) ? 'unit' : null;
  if (/\.ya?ml$/.test(name)) return /^(services|apiVersion)\s*:/m.test(text) ? 'manifest' : null;
  return null;
}

/**
 * What is wrong with a file that decides how uWSGI runs.
 * @param judge knows drivers; null where no ini asks for gevent.
 */
export function lintBeside(file: BesideFile, judge: DriverJudge | null): Finding[] {
  const rules = BESIDE_RULES.filter(({ kinds }) => kinds.includes(file.kind));
  const findings = rules.flatMap((rule) => rule.find(file, judge).map((hit) => findingOf(rule, hit)));
  return suppress(sorted(findings), [file]);
}
