import { expect, it } from 'vitest';
import { type EngineEvent, Teller } from '../../src/targets/docker/events/engine-events.js';
import { withCuts } from '../../src/targets/docker/events/journal.js';
import type { DeploymentEvent, EventName } from '../../src/targets/events.js';
import { workerEvent } from '../../src/uwsgi/worker-events.js';

const NAME = 'deploykit-shop.1a2b-1.1';

function engine(seconds: number, Action: string, more: Record<string, string> = {}): EngineEvent {
  const Attributes = { name: NAME, 'dev.deploykit.role': 'server', 'dev.deploykit.release': '1a2b', ...more };
  return { Action, Actor: { ID: 'c0ffee', Attributes }, timeNano: seconds * 1e9 };
}

it('who ended a container: itself, whoever asked the engine, or deploykit in a change; and who started it again', () => {
  const teller = new Teller([{ from: 100_000, to: 110_000 }]);
  const tell = (event: EngineEvent): unknown[] => {
    const told = teller.tell(event);
    return told ? [told.event, told.by, told.message] : [];
  };
  expect(tell(engine(50, 'die', { exitCode: '1' }))).toEqual(['container.died', null, 'ended with code 1']);
  expect(tell(engine(51, 'start'))).toEqual(['container.started', 'engine', 'started again']);
  expect(tell(engine(60, 'kill', { signal: '9' }))).toEqual(['container.killed', 'outside', 'signal KILL']);
  expect(tell(engine(61, 'die', { exitCode: '137' }))).toEqual([
    'container.died',
    'outside',
    'ended with code 137',
  ]);
  expect(tell(engine(70, 'start'))).toEqual(['container.started', 'outside', 'started']);
  expect(tell(engine(105, 'kill', { signal: '15' }))[1]).toBe('deploykit');
  expect(tell(engine(106, 'die', { exitCode: '0' }))[1]).toBe('deploykit');
  expect(tell(engine(120, 'rename', { oldName: '/other' }))).toEqual([
    'container.renamed',
    'outside',
    'was other',
  ]);
  expect(tell(engine(121, 'oom'))).toEqual(['container.oom', null, 'out of memory']);
  expect(tell(engine(122, 'health_status: unhealthy'))[0]).toBe('container.unhealthy');
  expect(tell(engine(123, 'die', { 'dev.deploykit.role': 'lock' }))).toEqual([]);
});

function noted(seconds: number, event: EventName): DeploymentEvent {
  const at = new Date(seconds * 1000).toISOString();
  return {
    at,
    event,
    source: 'journal',
    subject: '',
    release: null,
    by: 'me@here',
    message: event,
  };
}

it('a change without an end was cut, unless the lock is held', () => {
  const journal = [
    noted(10, 'update.began'),
    noted(12, 'switch'),
    noted(20, 'rollback.began'),
    noted(25, 'rollback.failed'),
    noted(30, 'scale.began'),
  ];
  const names = (busy: boolean): string[] => withCuts(journal, busy).events.map(({ event }) => event);
  expect(names(true)).toEqual([
    'update.began',
    'switch',
    'update.cut',
    'rollback.began',
    'rollback.failed',
    'scale.began',
  ]);
  expect(names(false).at(-1)).toBe('scale.cut');
  expect(withCuts(journal, true).changes).toEqual([
    { from: 10_000, to: 12_000 },
    { from: 20_000, to: 25_000 },
    { from: 30_000, to: null },
  ]);
});

it.each([
  ['DAMN ! worker 1 (pid: 12) died, killed by signal 9 :( trying respawn ...', 'worker.died', /by signal 9/],
  ['Respawned uWSGI worker 2 (new pid: 40)', 'worker.respawned', /worker 2 is process 40/],
  [
    'Thu Nov 26 08:00:00 2026 - *** HARAKIRI ON WORKER 1 (pid: 12, try: 1, graceful: no) ***',
    'worker.harakiri',
    /longer/,
  ],
  [
    'ERROR: worker 1 (pid 12) hung and was replaced: nothing else of it ran for 35 s, at x',
    'worker.hung',
    /hung/,
  ],
])('%s', (line, event, message) => {
  expect(workerEvent(line)).toEqual({ event, message: expect.stringMatching(message) });
  expect(workerEvent(`GET /?q=${line}`)?.event).not.toBe('worker.died');
});
