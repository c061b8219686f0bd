import path from 'node:path';
import { expect, test } from 'vitest';
import { compareRuns } from '../../src/bench/compare/compare-runs.js';
import { benchEnvironment } from '../../src/flow/environment.js';
import { readSaved } from '../../src/flow/saved-bench.js';
import type { Session } from '../../src/flow/session.js';
import type { Side } from '../../src/flow/side.js';
import { makeProject } from '../helpers/project.js';
import { tempProject } from '../helpers/temp.js';
import { PASSED } from '../report/fixture.js';

const session = { loaded: { project: makeProject() }, choice: { kind: 'process' } } as unknown as Session;
const running = { endpoint: PASSED.endpoint } as unknown as Side;
const GOOD = { ...PASSED, environment: benchEnvironment('process') };

const read = (data: unknown, request = {}) => {
  const text = typeof data === 'string' ? data : JSON.stringify({ schemaVersion: 1, command: 'bench', data });
  const dir = tempProject({ 'before.json': text });
  const file = path.join(dir, 'before.json');
  return readSaved(session, { kind: 'saved', label: 'before.json', file }, running, request);
};

test('its closed loop is the base and the load', async () => {
  expect(await read(GOOD)).toMatchObject({
    block: { label: 'before.json', requestsPerSecond: [4.97] },
    load: { requests: 10, concurrency: 5, keepAlive: false },
    side: { label: 'before.json', wave: { effectiveConcurrency: 200 }, memory: null },
    doubts: [],
  });
});

test('the blocks of a comparison it holds are several runs', async () => {
  const load = { concurrency: 7, keepAlive: false, requests: null, durationMs: null };
  const comparison = compareRuns(
    [5, 5.1, 4.9].map((b) => ({ a: 1, b, order: 'AB' as const })),
    { labels: { a: 'sync', b: 'gevent' }, load },
  );
  const { block, load: taken } = await read({ ...GOOD, comparisons: [comparison] });
  expect([block.requestsPerSecond, taken]).toEqual([[5, 5.1, 4.9], load]);
});

test.each([
  [{ ...PASSED }, 'does not say where it was measured'],
  [{ ...GOOD, environment: { ...GOOD.environment, cpus: 99 } }, 'Another number of CPUs'],
  [{ ...GOOD, environment: benchEnvironment('docker') }, 'Another target'],
  [
    { ...GOOD, endpoint: { ...PASSED.endpoint, route: { kind: 'ssh-tunnel', note: '' } } },
    'Another route then and now: ssh-tunnel and direct.',
  ],
  [{ ...GOOD, partial: true }, 'interrupted'],
])('%# from elsewhere it is doubted', async (data, words) => {
  expect((await read(data)).doubts.join()).toContain(words);
});

test.each([
  ['{', {}, 'is not JSON'],
  ['[]', {}, 'is not a result of bench'],
  ['null', {}, 'is not a result of bench'],
  [{ ...GOOD, throughput: null }, {}, 'has no closed loop'],
  [GOOD, { concurrency: 6 }, 'was measured with concurrency 5, and 6 is asked for'],
  [GOOD, { path: '/other' }, 'was measured with path /'],
  [GOOD, { keepAlive: true }, 'keepAlive'],
])('%# is refused', async (data, request, words) => {
  await expect(read(data, request)).rejects.toMatchObject({
    code: 'DK_USAGE',
    message: expect.stringContaining(words),
  });
});
