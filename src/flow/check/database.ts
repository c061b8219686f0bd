import path from 'node:path';
import type { Plan } from '../../plan/types.js';
import { findPythonFiles } from '../../project/detect/python-files.js';
import { readText } from '../../project/detect/read-text.js';
import { distributionName } from '../../project/distribution-name.js';
import type { Project } from '../../project/types.js';
import { type CheckFinding, well } from './finding.js';

// QueuePool's own: pool_size 5, max_overflow 10, pool_timeout 30 s (docs.sqlalchemy.org, "Connection Pooling").
const POOL_SIZE = 5;
const MAX_OVERFLOW = 10;
// psycopg_pool's own, which Django's OPTIONS["pool"] has: min_size 4, max_size the same, timeout 30 s (psycopg.org).
const PSYCOPG_POOL_SIZE = 4;

interface Setting {
  value: number;
  file: string;
  line: number;
}

/** The connections a process may have against the requests it serves at once, from what the code says in plain numbers. */
export async function databaseFindings(project: Project, plan: Plan): Promise<CheckFinding[]> {
  const named = new Set(project.app.requirements.specs.map(distributionName));
  const alchemy = ['sqlalchemy', 'flask-sqlalchemy'].some((name) => named.has(name));
  const django = project.app.framework === 'django';
  if (!alchemy && !django) return [];
  const sources = await readSources(project);
  return [...(alchemy ? [poolFinding(sources, plan)] : []), ...(django ? djangoFindings(sources, plan) : [])];
}

function poolFinding(sources: Sources, plan: Plan): CheckFinding {
  const size = numberOf(sources, /\b(?:SQLALCHEMY_POOL_SIZE|pool_size)\b/);
  const overflow = numberOf(sources, /\b(?:SQLALCHEMY_MAX_OVERFLOW|max_overflow)\b/);
  const most = (size?.value ?? POOL_SIZE) + (overflow?.value ?? MAX_OVERFLOW);
  const names = {
    owner: 'SQLAlchemy',
    sizes: 'pool_size and max_overflow together',
    timeout: 'pool_timeout',
  };
  return judgePool(most, size ?? overflow, names, plan);
}

function djangoPoolFinding(sources: Sources, plan: Plan): CheckFinding {
  const size = numberOf(sources, /\bmax_size\b/) ?? numberOf(sources, /\bmin_size\b/);
  const names = { owner: 'psycopg_pool', sizes: 'max_size', timeout: 'its timeout' };
  return judgePool(size?.value ?? PSYCOPG_POOL_SIZE, size, names, plan);
}

/** @param most connections of a process. */
function judgePool(
  most: number,
  written: Setting | null,
  names: { owner: string; sizes: string; timeout: string },
  plan: Plan,
): CheckFinding {
  const { processes, slots } = plan.server;
  const each = slots / processes;
  const place = written ? { file: written.file, line: written.line } : {};
  const message = `${most} connections a process (${written ? 'as written' : `${names.owner}'s own numbers`}) for ${each} requests at once`;
  if (most >= each) {
    const total = processes * most;
    return {
      ...well('database', 'pool', `${message}; up to ${total} in all: the server must allow them`),
      ...place,
    };
  }
  return {
    severity: 'warning',
    area: 'database',
    what: 'pool',
    message: `${message}: ${each - most} of them wait for a connection, up to ${names.timeout}, when all use the database`,
    remedy: `Set ${names.sizes} to ${each} (${slots} connections in all), or ask for fewer slots.`,
    ...place,
  };
}

function djangoFindings(sources: Sources, plan: Plan): CheckFinding[] {
  if (sources.some(({ text }) => POOLED.test(withoutComments(text))))
    return [djangoPoolFinding(sources, plan)];
  const age = numberOf(sources, /\bCONN_MAX_AGE\b/);
  const { slots, topology } = plan.server;
  if (topology !== 'gevent' || !age || age.value === 0) {
    return [well('database', 'connections', `a connection for each of ${slots} slots at most`)];
  }
  return [
    {
      severity: 'warning',
      area: 'database',
      what: 'CONN_MAX_AGE',
      message: `a connection is kept for the thread that opened it, and with gevent each request is a new one: ${age.value} s of connections that nobody uses again`,
      remedy:
        'Set CONN_MAX_AGE = 0 with async, and pool outside (pgbouncer), or use OPTIONS = {"pool": True} of Django 5.1.',
      file: age.file,
      line: age.line,
    },
  ];
}

// A pool asked for in OPTIONS: True, a dictionary, or what only running it tells; not False.
const POOLED = /["']pool["']\s*:(?!\s*(?:False|None)\b)/;

function withoutComments(text: string): string {
  return text.replace(/#.*$/gm, (comment) => ' '.repeat(comment.length));
}

type Sources = { file: string; text: string }[];

async function readSources(project: Project): Promise<Sources> {
  const { files } = await findPythonFiles(project.dir);
  const read = files.map(async (file) => ({
    file,
    text: (await readText(path.join(project.dir, file))) ?? '',
  }));
  return Promise.all(read);
}

/** The first plain number a name is set to, as a keyword, a key or a variable; what code computes is not seen. */
function numberOf(sources: Sources, name: RegExp): Setting | null {
  const pattern = new RegExp(`${name.source}["']?\\]?\\s*[=:]\\s*(\\d+)\\b`);
  for (const { file, text } of sources) {
    const match = pattern.exec(withoutComments(text));
    if (match?.[1])
      return { value: Number(match[1]), file, line: text.slice(0, match.index).split('\n').length };
  }
  return null;
}
