import { describe, expect, it } from 'vitest';
import { besideKind, lintBeside } from '../../../src/uwsgi/lint/beside/lint-beside.js';
import type { DriverJudge } from '../../../src/uwsgi/lint/beside/rules.js';
import { applyFixes } from '../../../src/uwsgi/lint/fix.js';
import { lint } from '../../../src/uwsgi/lint/lint.js';
import type { Setup } from '../../../src/uwsgi/lint/view.js';

const SETUP: Setup = { version: '2.0.31', build: null, somaxconn: 4096, exists: () => undefined };
const read = (text: string, files: Record<string, string> = {}) =>
  lint({
    file: '/srv/app/uwsgi.ini',
    text,
    setup: SETUP,
    include: (path) => (files[path] === undefined ? null : { file: path, text: files[path] }),
  });
const rules = (text: string, files?: Record<string, string>) => read(text, files).map(({ rule }) => rule);

const GOOD =
  '[uwsgi]\nstrict = true\nmaster = true\nneed-app = true\nhttp-socket = :8000\nmodule = a:b\ndie-on-term = true\n';

describe('lint', () => {
  it('says nothing of a file that is right', () => {
    expect(read(GOOD)).toEqual([]);
  });

  it('names the place, what happens and how to mend it', () => {
    const [finding] = read(`${GOOD}  threds = 4\n`);
    expect(finding).toMatchObject({
      rule: 'unknown-option',
      line: 8,
      column: 3,
      endColumn: 9,
      message: 'uWSGI 2.0.31 has no option "threds"',
      mend: 'Did you mean "threads"?',
      stopsBoot: true,
    });
  });

  it('looks into what is included, and counts it', () => {
    const files = {
      '/srv/app/more.ini':
        '[uwsgi]\nthreads = 4\ngevent = 10\ngevent-early-monkey-patch = true\nlazy-apps = on\n',
    };
    const [finding] = read(`${GOOD}ini = %dmore.ini\n`, files);
    expect(finding).toMatchObject({ rule: 'gevent-threads', file: '/srv/app/more.ini', line: 2 });
    expect(rules('[uwsgi]\nini = /elsewhere.ini\n')).toEqual(['include-not-read']);
  });

  it('a comment before the line switches off the rule it names, by name or by number', () => {
    const bad = 'stats = :1717\n';
    expect(rules(GOOD + bad)).toEqual(['stats-public']);
    expect(rules(`${GOOD}; deploykit: ignore=stats-public only the monitor reaches it\n${bad}`)).toEqual([]);
    expect(rules(`${GOOD}# deploykit: ignore=E12,W6 because\n${bad}`)).toEqual(['unused-ignore']);
    expect(rules(`${GOOD}; deploykit: ignore=kill-mode no\n${bad}`)).toEqual([
      'stats-public',
      'unused-ignore',
    ]);
  });

  it('mends what is mechanical, and leaves the rest of the file as it is', () => {
    const text =
      '\uFEFF[uwsgi] ; main\n  gevent-monkey-patch = true  ; early\nenv[] = "A"\nlog-date = %Y-%d\nbuffer-size = 70000\n';
    let mended = text;
    for (let round = 0; round < 4; round++) mended = applyFixes(mended, read(mended)).text;
    expect(mended).toBe(
      '; main\n[uwsgi]\n  ; early\n  gevent-monkey-patch = true\nenv = A\nlog-date = %%Y-%%d\nbuffer-size = 65535\n',
    );
  });

  it('takes the name of the file and its folder for %n and %d, and the first value for a placeholder', () => {
    expect(
      rules(`${GOOD}set-placeholder = n=1\nset-placeholder = n=5\nprocesses = 3\ncheaper = %(n)\n`),
    ).toEqual([]);
    expect(rules(`${GOOD}set-placeholder = n=5\nprocesses = 3\ncheaper = %(n)\n`)).toEqual([
      'cheaper-too-many',
    ]);
  });
});

describe('the files beside', () => {
  const beside = (name: string, text: string, judge: DriverJudge | null = null) => {
    const kind = besideKind(name, text);
    return kind
      ? lintBeside({ file: `/srv/${name}`, text, kind }, judge).map(({ rule, line }) => `${line} ${rule}`)
      : null;
  };

  it('requirements that wait in C, where an ini asks for gevent', () => {
    const text = '# psycopg2\nflask\npsycopg2-binary==2.9.10\n';
    const judge: DriverJudge = (requirement) =>
      requirement.startsWith('psycopg2') ? { why: 'libpq waits in C', fix: null } : null;
    expect(beside('requirements.txt', text, judge)).toEqual(['3 blocking-driver']);
    expect(beside('requirements.txt', text)).toEqual([]);
  });

  it('a Dockerfile', () => {
    const text = [
      'FROM centos:7',
      'ENV UWSGI_VERSION=2.0.31',
      'ARG UWSGI_RELEASE=2.0.31',
      '# ENV UWSGI_COMMENT=1',
      'RUN pip install flask pyuwsgi',
      'CMD uwsgi --processes 8 app.ini',
    ].join('\n');
    expect(beside('Dockerfile', text)).toEqual([
      '1 end-of-life-base',
      '2 uwsgi-environment',
      '5 pyuwsgi',
      '6 shell-form',
      '6 flag-before-file',
    ]);
    const good =
      'FROM python:3.12-slim\nENTRYPOINT ["uwsgi", "--ini", "/etc/uwsgi.ini", "--processes", "4"]\n';
    expect(beside('Dockerfile', good)).toEqual([]);
  });

  it('a unit, a manifest, requirements, and what has nothing to do with it', () => {
    const unit = '[Service]\nExecStart=/opt/venv/bin/uwsgi --http-socket fd://3 --ini /etc/app.ini\n';
    expect(beside('app.service', unit)).toEqual(['2 kill-mode', '2 descriptor-twice']);
    expect(
      beside('app.service', `${unit.replace('/opt', '/usr/bin/env -u LISTEN_FDS /opt')}KillMode=mixed\n`),
    ).toEqual([]);
    expect(beside('compose.yaml', 'services:\n  web:\n    environment:\n      UWSGI_PORT: 80\n')).toEqual([
      '4 uwsgi-environment',
    ]);
    expect(beside('pod.yml', 'apiVersion: v1\nenv:\n  - name: UWSGI_X\n')).toEqual(['3 uwsgi-environment']);
    expect(beside('requirements.txt', 'flask\npyuwsgi==2.0.30\n')).toEqual(['2 pyuwsgi']);
    expect(beside('config.yaml', 'uwsgi:\n  master: true\n')).toBeNull();
  });
});
