import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './cli.js';

const tutorial = path.join(ROOT, 'deploy/tutorial');

/** The tutorial's application: a handler that sleeps one second. */
export const TUTORIAL = {
  's1.py': readFileSync(path.join(tutorial, 's1.py'), 'utf8'),
  'requirements.txt': readFileSync(path.join(tutorial, 'requirements.txt'), 'utf8'),
};

/** The same, answering at once. */
export const QUICK = { ...TUTORIAL, 's1.py': TUTORIAL['s1.py'].replace('time.sleep(1)', 'time.sleep(0)') };

/** The same, sleeping for 50 ms. */
export const SLEEPS_50_MS = {
  ...TUTORIAL,
  's1.py': TUTORIAL['s1.py'].replace('time.sleep(1)', 'time.sleep(0.05)'),
};

/** A handler that blocks its thread in C, out of gevent's reach. */
export const BLOCKING = {
  ...TUTORIAL,
  's1.py': TUTORIAL['s1.py']
    .replace('import time', 'import ctypes')
    .replace('time.sleep(1)', 'ctypes.CDLL(None).usleep(400000)'),
};

/** Runs the real `django-admin startproject` into a folder; Django itself lives in the checkout's cache. */
export function startDjangoProject(dir: string): void {
  const venv = path.join(ROOT, '.cache/django-admin');
  const admin = path.join(venv, 'bin/django-admin');
  if (!existsSync(admin)) {
    must('python3', ['-m', 'venv', venv]);
    must(path.join(venv, 'bin/pip'), ['install', '--quiet', 'django']);
  }
  must(admin, ['startproject', 'mysite', dir]);
}

function must(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
