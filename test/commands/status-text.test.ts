import { expect, it } from 'vitest';
import { statusText } from '../../src/commands/status-text.js';
import { LIFELESS, NOTHING, type Status } from '../../src/targets/target.js';

const STATUS: Status = {
  running: true,
  release: '1a2b3c4d5e6f',
  endpoint: {
    host: '127.0.0.1',
    port: 8000,
    hostHeader: 'localhost',
    route: { kind: 'ssh-tunnel', note: 'systemd socket, on web1.example.com itself only' },
  },
  claim: { topology: 'gevent', processes: 2, perProcess: 100, slots: 200, listen: 400 },
  stats: {
    version: '2.0.31',
    pid: 9,
    workerPids: [],
    workers: 2,
    ready: 2,
    hung: 1,
    slots: 200,
    busy: 200,
    requests: 1_234_567,
    exceptions: 3,
    restarts: 4,
    queue: 12,
    queueMax: 400,
    sockets: [],
  },
  requestsPerSecond: 1234.5,
  memory: { bytes: 81 * 1024 ** 2, limitBytes: 512 * 1024 ** 2 },
  restarts: { service: 1, workers: 4 },
  lastError: { at: '2026-11-25T10:26:04.123Z', text: `ValueError: ${'a long tale '.repeat(20)}\u001b[31m` },
  startedAt: '2026-11-25T10:00:00.000Z',
  id: 'shop@1a2b3c4d5e6f.service',
};
const deployment = { name: 'shop', target: 'prod', kind: 'systemd' };
const text = (status: Status): string => statusText(deployment, status, 80, (_, plain) => plain);

it('says of each host release, slots, queue, speed, memory, restarts and the last error, in 80 columns', () => {
  const web2 = { ...STATUS, ...NOTHING, host: 'web2.example.com' };
  const page = text({ ...STATUS, hosts: [{ ...STATUS, host: 'web1.example.com' }, web2] });
  expect(page).toBe(`shop (prod) on http://127.0.0.1:8000
  gevent: 2 processes × 100 greenlets = 200 requests at once
  systemd socket, on web1.example.com itself only
web1.example.com: running release 1a2b3c4d5e6f since 2026-11-25 10:00:00 UTC
  systemd shop@1a2b3c4d5e6f.service
  200 of 200 slots busy, 12 of 400 queued, 1,235 requests/s, 1 of 2 workers hung
  81 MB of 512 MB of memory; restarts: 1 of the server, 4 of workers
  last error 2026-11-25 10:26:04 UTC: ValueError: a long tale a long tale a lon…
web2.example.com: not running
`);
});

it('a server that is not there, and one that does not answer', () => {
  expect(text(NOTHING)).toBe('shop (prod): not running\n');
  expect(text({ ...STATUS, stats: null, requestsPerSecond: null })).toContain(
    'the stats socket does not answer',
  );
});

it('a table of the containers, nginx first, in 80 columns', () => {
  const { stats, memory, requestsPerSecond, restarts } = STATUS;
  const one = { id: 'c0ffee', state: 'running', health: 'unhealthy', startedAt: '2026-11-25T10:00:00.000Z' };
  const nothing = { ...LIFELESS, lastError: undefined };
  const page = text({
    ...STATUS,
    containers: [
      { ...one, ...nothing, name: 'front', health: null, memory: { bytes: 5e6, limitBytes: null } },
      { ...one, name: '1', stats, memory, requestsPerSecond, restarts },
      { ...one, ...nothing, name: '2', state: 'exited', restarts: { service: 1234, workers: 0 } },
    ],
  });
  expect(
    page.split('\n').slice(-5).join('\n'),
  ).toBe(`  container  state    health     busy     req/s  MB of limit  restarts
  front      running  –          –        –      5            –
  1          running  unhealthy  200/200  1,235  81 of 512    1, workers 4
  2          exited   unhealthy  –        –      –            1,234
`);
  for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

it('containers without a front that runs are shown', () => {
  const { stats, memory, requestsPerSecond, restarts } = STATUS;
  const one = { id: 'c0ffee', state: 'running', health: null, startedAt: '2026-11-25T10:00:00.000Z' };
  const containers = [{ ...one, name: '1', stats, memory, requestsPerSecond, restarts }];
  expect(text({ ...STATUS, running: false, endpoint: null, containers })).toMatch(
    /^shop \(prod\): nothing has its port\n(.*\n)* {2}1 {10}running/,
  );
});
