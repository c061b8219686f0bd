import { expect, it } from 'vitest';
import { statusText } from '../../src/commands/status-text.js';
import { NOTHING, type Status } from '../../src/targets/target.js';

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
  200 of 200 slots busy, 12 of 400 queued, 1,235 requests/s
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
