import { expect, it } from 'vitest';
import { lastError } from '../../src/uwsgi/last-error.js';

const newest = (log: string): string | null =>
  lastError(log.split('\n').map((text) => ({ at: null, text })))?.text ?? null;

it('of a traceback the exception, not its head', () => {
  expect(
    newest(`Traceback (most recent call last):
  File "/srv/shop/app/s1.py", line 7, in hello
    raise Sick("of it")
s1.Sick: of it
WSGI app 0 (mountpoint='') ready in 1 seconds`),
  ).toBe('s1.Sick: of it');
});

it.each([
  'DAMN ! worker 1 (pid: 41) died, killed by signal 9 :( trying respawn ...',
  '*** uWSGI listen queue of socket "127.0.0.1:8000" (fd: 3) full !!! (101/100) ***',
  'shop@1.service: A process of this unit has been killed by the OOM killer.',
  "shop@1.service: Failed with result 'oom-kill'.",
  'shop@1.service: Main process exited, code=killed, status=9/KILL',
  '2026-11-25 10:00:00,123 ERROR shop.orders: no such order',
])('%s', (line) => {
  expect(newest(`spawned uWSGI worker 1 (pid: 41, cores: 100)\n${line}\nspawned uWSGI worker 1`)).toBe(line);
});

it('a log of a start and a graceful stop tells of none', () => {
  expect(
    newest(`*** Starting uWSGI 2.0.31 (64bit) on [Wed Nov 25 10:26:01 2026] ***
*** Stats server enabled on /run/stats.sock fd: 13 ***
shop@1.service: Main process exited, code=exited, status=0/SUCCESS
shop@1.service: Deactivated successfully.`),
  ).toBeNull();
});
