import type { z } from 'zod';
import { DeploykitError } from '../../../errors.js';
import { distributionName } from '../../distribution-name.js';
import type { Lock, LockedPackage } from '../../types.js';
import { redactUrl } from '../redact-url.js';
import { type Condition, type Decide, markerText, NEVER, parseMarker } from './marker.js';

/** A lock file to read, and what of it to install. */
export interface LockInput {
  text: string;
  /** Absolute. */
  file: string;
  /** How messages name the file. */
  label: string;
  /** Extras and dependency groups to install beside the main list. */
  groups: readonly string[];
  /** pyproject.toml beside it; null when there is none. Old locks do not say what the project itself asks for. */
  pyproject: Record<string, unknown> | null;
}

/** One package of a lock file with where it comes from. */
export interface LockEntry {
  name: string;
  version: string | null;
  when: Condition;
  hashes: readonly string[];
  /** File names, as far as the lock has them. */
  files: readonly string[];
  origin: Origin;
}

/** Where a package comes from; `text` is what pip takes. `none` is the project itself. */
export type Origin =
  | { kind: 'index'; url: string | null }
  | { kind: 'archive'; text: string }
  | { kind: 'direct'; text: string }
  | { kind: 'none' };

// Two ways to write the one index that pip asks without being told.
const DEFAULT_INDEX = /^https:\/\/pypi\.(org|python\.org)\/simple\/?$/;
// deploykit builds uWSGI itself, for the interpreter that will run it.
const SERVERS = new Set(['uwsgi', 'pyuwsgi']);

/** A lock from its entries: those pip can check by hash, and the rest; sorted by name. */
export function lockOf(entries: readonly LockEntry[], label: string): { lock: Lock; warnings: string[] } {
  const packages: LockedPackage[] = [];
  const direct: string[] = [];
  const indexes = new Set<string>();
  const warnings: string[] = [];
  for (const { name, version, when, hashes, files, origin } of entries) {
    const installed = when.length > 0 && origin.kind !== 'none';
    if (!installed) continue;
    if (SERVERS.has(distributionName(name))) {
      warnings.push(
        `${label} locks ${name} ${version ?? ''}; it was left out: deploykit builds uWSGI itself`,
      );
      continue;
    }
    const marker = markerText(when);
    const spec = origin.kind === 'index' ? `${name}==${version}` : origin.text;
    const whole = marker === null ? spec : `${spec} ; ${marker}`;
    if (origin.kind === 'direct' || hashes.length === 0) direct.push(whole);
    else
      packages.push({
        name,
        requirement: whole,
        hashes: [...new Set(hashes)].sort(),
        compiled: hasCompiled(files),
      });
    if (origin.kind !== 'index' || origin.url === null || DEFAULT_INDEX.test(origin.url)) continue;
    if (redactUrl(origin.url) === origin.url) indexes.add(origin.url);
    else
      warnings.push(
        `${label} takes ${name} from an index with a password; tell pip of it: PIP_EXTRA_INDEX_URL`,
      );
  }
  const sorted = packages.sort((a, b) => (a.requirement < b.requirement ? -1 : 1));
  return { lock: { packages: sorted, direct: direct.sort(), indexes: [...indexes].sort() }, warnings };
}

// A wheel says it in its name (PEP 427): `-none-any.whl` runs everywhere.
function hasCompiled(files: readonly string[]): boolean | null {
  const wheels = files.filter((file) => file.endsWith('.whl'));
  return wheels.length === 0 ? null : wheels.some((file) => !file.endsWith('-none-any.whl'));
}

/** Checks the shape of a lock file. @throws DeploykitError DK_DETECT_REQUIREMENTS. */
export function shaped<T extends z.ZodType>(schema: T, value: unknown, input: LockInput): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join('.') ?? '';
  throw lockError(input, `${place}: ${issue?.message}`);
}

/** The marker of a lock file; an absent one always holds. @throws DeploykitError DK_DETECT_REQUIREMENTS. */
export function condition(marker: string | undefined, input: LockInput, decide?: Decide): Condition {
  if (marker === undefined || marker.trim() === '') return [[]];
  if (marker.trim() === '<empty>') return NEVER; // poetry's word for a marker that cannot hold
  try {
    return parseMarker(marker, decide);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw lockError(input, error.message);
  }
}

/** The error of a lock file that cannot be used. */
export function lockError({ file, label }: LockInput, reason: string, hint?: string): DeploykitError {
  return new DeploykitError('DK_DETECT_REQUIREMENTS', `${label} cannot be read: ${reason}`, {
    hint: hint ?? 'Write it anew with its own tool, or name another list in [app] requirements.',
    file,
  });
}
