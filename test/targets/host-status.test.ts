import { expect, it } from 'vitest';
import { readReport } from '../../src/targets/systemd/host-status.js';

const worker = (requests: number, busy: number): unknown => ({
  pid: 12,
  status: 'idle',
  requests,
  exceptions: 0,
  respawn_count: 3,
  apps: [{}],
  cores: [{ in_request: busy }, { in_request: 0 }],
});
const document = (requests: number, busy: number): unknown => ({
  version: '2.0.31',
  pid: 9,
  sockets: [{ name: '127.0.0.1:8000', queue: 7, max_queue: 400 }],
  workers: [worker(requests, busy)],
});
const samples = (first: number, second: number): string =>
  JSON.stringify({ seconds: 2, stats: [document(first, 0), document(second, 1)] });
const report = (changes: { samples?: string } = {}): string => `plan={"name":"shop"}
samples=${changes.samples ?? samples(100, 150)}
NRestarts=2
MemoryCurrent=84873216
MemoryMax=infinity
ActiveEnterTimestamp=@1795602364
log=
1795602361.842818 vm env[538]: plan=not the plan
1795602361.859116 vm env[538]: Traceback (most recent call last):
1795602361.859116 vm env[538]:   File "s1.py", line 3
1795602361.859116 vm env[538]: ValueError: sick: very
1795602380.000000 vm systemd[1]: Started shop@1.service.
`;

it('reads what the host reports', () => {
  expect(readReport(report())).toMatchObject({
    plan: { name: 'shop' },
    startedAt: '2026-11-25T10:26:04.000Z',
    stats: { busy: 1, slots: 2, queue: 7 },
    requestsPerSecond: 25,
    memory: { bytes: 84_873_216, limitBytes: null },
    restarts: { service: 2, workers: 2 },
    lastError: { at: '2026-11-25T10:26:01.859Z', text: 'ValueError: sick: very' },
  });
});

it('a reload between the samples starts the count anew', () => {
  expect(readReport(report({ samples: samples(100, 3) })).requestsPerSecond).toBe(0);
});

it('a server that does not answer', () => {
  expect(readReport(report({ samples: '' }))).toMatchObject({ stats: null, requestsPerSecond: null });
});
