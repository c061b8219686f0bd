import { expect, test } from 'vitest';
import { blockLoad } from '../../src/flow/load-block.js';
import { parseVersus } from '../../src/flow/versus.js';

test.each([
  ['sync', { kind: 'shape', topology: 'sync', perProcess: null }],
  ['threads:8', { kind: 'shape', topology: 'threads', perProcess: 8, label: 'threads:8' }],
  ['gevent:1000', { kind: 'shape', topology: 'gevent', perProcess: 1000 }],
  ['release:935b43e1f7a4', { kind: 'release', id: '935b43e1f7a4', label: 'release 935b43e1f7a4' }],
  ['out/before.json', { kind: 'saved', file: 'out/before.json', label: 'before.json' }],
])('--vs %s', (text, versus) => {
  expect(parseVersus(text)).toMatchObject(versus);
});

test.each([
  '',
  'async',
  'threads:0',
  'threads:1',
  'gevent:99999',
  'sync:2',
  'release:',
  'release:../x',
  'x.toml',
])('--vs %j is refused', (text) => {
  expect(() => parseVersus(text)).toThrow(expect.objectContaining({ code: 'DK_USAGE' }));
});

const side = (slots: number, s0Ms: number) => ({ claim: { slots }, s0Ms });

test.each([
  ['a slow handler: as many clients as one slot works off in 5 s', {}, [1, 100], 1000, { concurrency: 5 }],
  ['a quick one: 64 clients', {}, [1, 100], 10, { concurrency: 64, requests: null }],
  ['few slots: no more clients than slots', {}, [1, 4], 10, { concurrency: 4 }],
  ['a handler of 20 s: one client', {}, [1, 100], 20_000, { concurrency: 1 }],
  [
    'the load asked for, where it fills a second',
    { requests: 10, concurrency: 5 },
    [1, 100],
    1000,
    { requests: 10, concurrency: 5 },
  ],
  [
    'by time, where so few requests are over at once',
    { requests: 10, concurrency: 5 },
    [1, 100],
    10,
    { requests: null, concurrency: 5, durationMs: null },
  ],
  ['a time asked for', { durationMs: 500 }, [1, 100], 10, { requests: null, durationMs: 500 }],
  ['no more clients than requests', { requests: 3 }, [1, 100], 1000, { requests: 3, concurrency: 3 }],
] as const)('the load of a comparison, %s', (_, asked, slots, s0Ms, load) => {
  expect(
    blockLoad(
      asked,
      slots.map((count) => side(count, s0Ms)),
    ),
  ).toMatchObject(load);
});
