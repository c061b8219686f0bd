import { describe, expect, test } from 'vitest';
import { bench } from '../../src/bench/bench.js';
import { soakFindings, soakWords } from '../../src/bench/soak-words.js';
import type { Claim, SoakPart, SoakResult } from '../../src/bench/types.js';
import { slotServer } from './servers.js';

const CLAIM: Claim = { topology: 'gevent', processes: 1, perProcess: 20, slots: 20, listen: 511 };
const HEALTH = { loopUtilization: 0.1, loopDelayP99Ms: 1, littleRatio: 1, problems: [], warnings: [] };

function result(change: Partial<SoakResult> = {}, part: Partial<SoakPart> = {}): SoakResult {
  const parts = Array.from({ length: 10 }, (_, i) => ({
    atMs: i * 1_000,
    requestsPerSecond: 100,
    meanMs: 20,
    p99Ms: null,
    memory: null,
    errors: {},
    ...part,
  }));
  const measured = { durationMs: 10_000, rate: null, concurrency: 8, parts, health: HEALTH };
  const all = { ...measured, latencyTrend: 0, memoryTrend: null, ...change };
  return { ...all, explanation: soakWords(all, 10_000) };
}

describe('words and worth', () => {
  test('steady', () => {
    expect(soakFindings(result())).toEqual([
      {
        verdict: 'PASS',
        text: 'Over 10 s: mean latency held steady (20 ms in the first part, 20 ms in the last).',
      },
    ]);
  });

  test('latency that grows, and memory that grows', () => {
    expect(soakFindings(result({ latencyTrend: 0.5 }))).toMatchObject([
      { verdict: 'FAIL', text: expect.stringMatching(/grew by 50 %.*Something piles up/) },
    ]);
    expect(soakFindings(result({ memoryTrend: 0.3 }, { memory: 50 * 1024 ** 2 }))).toMatchObject([
      { verdict: 'FAIL', text: expect.stringMatching(/memory grew by 30 % \(50\.0 MiB.*leak/) },
    ]);
  });

  test('failures come first', () => {
    const failing = soakFindings(result({}, { errors: { http_5xx: 3 } }));
    expect(failing[0]).toMatchObject({
      verdict: 'FAIL',
      text: expect.stringMatching(/^30 of 1030 requests failed/),
    });
  });
});

describe.concurrent('runs', () => {
  test('closed, with the memory of the server', { timeout: 30_000 }, async () => {
    const { endpoint } = await slotServer(20, 10);
    let bytes = 1_000;
    const memory = async () => (bytes += 100);
    const options = { endpoint, path: '/', claim: CLAIM, wave: false, concurrency: 4 };
    const { soak, verdict } = await bench({ ...options, soakMs: 1_500, memory });
    expect(soak?.parts).toHaveLength(10);
    expect(soak?.memoryTrend).toBeCloseTo(900 / 1_100, 6);
    expect(soak).toMatchObject({ rate: null, concurrency: 4 });
    expect(verdict).toBe('FAIL');
  });

  test('at a rate', { timeout: 30_000 }, async () => {
    const { endpoint, arrived } = await slotServer(20, 10);
    const options = { endpoint, path: '/', claim: CLAIM, wave: false };
    const { soak } = await bench({ ...options, soakMs: 2_000, rate: 50 });
    expect(soak?.rate).toBe(50);
    for (const part of soak?.parts ?? []) expect(part.requestsPerSecond).toBeCloseTo(50, 0);
    expect(arrived()).toBeGreaterThanOrEqual(100);
  });
});
