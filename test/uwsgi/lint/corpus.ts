import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lint } from '../../../src/uwsgi/lint/lint.js';
import type { Finding } from '../../../src/uwsgi/lint/types.js';
import type { Setup } from '../../../src/uwsgi/lint/view.js';
import { parseVersion } from '../../../src/uwsgi/option-table/versions.js';

export const CORPUS = path.join(path.dirname(fileURLToPath(import.meta.url)), 'corpus');

/** One ini of the corpus, and the findings it should have: NAME.txt beside it. */
export interface CorpusFile {
  name: string;
  text: string;
  setup: Setup;
  /** The first line of NAME.txt, where it names a version or a build. */
  head: string;
  expected: string;
}

export function corpus(): CorpusFile[] {
  const names = readdirSync(CORPUS).filter((file) => file.endsWith('.ini'));
  return names.map((file) => {
    const name = file.slice(0, -4);
    const beside = path.join(CORPUS, `${name}.txt`);
    const expected = existsSync(beside) ? readFileSync(beside, 'utf8') : '';
    const head = /^# .*\n/.exec(expected)?.[0] ?? '';
    return {
      name,
      text: readFileSync(path.join(CORPUS, file), 'utf8'),
      setup: setupOf(head),
      head,
      expected,
    };
  });
}

function setupOf(head: string): Setup {
  const version = parseVersion(/version (\S+)/.exec(head)?.[1] ?? '2.0.31');
  if (!version) throw new Error(`no such version: ${head}`);
  const build = /build (pip|modular)/.exec(head)?.[1] as Setup['build'] | undefined;
  return {
    version,
    build: build ?? null,
    somaxconn: 4096,
    exists: (file) => existsSync(path.join(CORPUS, file)),
  };
}

export function findingsOf({ name, text, setup }: Pick<CorpusFile, 'name' | 'text' | 'setup'>): Finding[] {
  return lint({ file: `/srv/app/${name}.ini`, text, setup, include: () => null });
}

/** `12:3 error gevent-threads`, and ` boot` where uWSGI does not come up. */
export function lineOf({ line, column, severity, rule, stopsBoot }: Finding): string {
  return `${line}:${column} ${severity} ${rule}${stopsBoot ? ' boot' : ''}\n`;
}
