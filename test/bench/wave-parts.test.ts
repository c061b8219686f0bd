import { describe, expect, test } from 'vitest';
import type { Claim, GeneratorHealth, WaveRun } from '../../src/bench/types.js';
import { slotsInWords, waveDiagnosis } from '../../src/bench/wave-diagnosis.js';
import { judgeWave } from '../../src/bench/wave-judge.js';
import { unfitForWave, verificationSleepMs } from '../../src/bench/wave-place.js';
import { expectedWaves, waveShape } from '../../src/bench/wave-shape.js';
import { waveVerdict } from '../../src/bench/wave-verdict.js';
import { endpointAt } from './servers.js';

const CLAIM: Claim = { topology: 'gevent', processes: 2, perProcess: 100, slots: 200, listen: 300 };
const HEALTH: GeneratorHealth = {
  loopUtilization: 0.1,
  loopDelayP99Ms: 1,
  littleRatio: null,
  problems: [],
  warnings: [],
};
const RUN: WaveRun = {
  sent: 220,
  waves: [200, 20],
  errors: {},
  maxConnectMs: 5,
  connectedInTime: 220,
  makespanMs: 1000,
  verdict: 'PASS',
  invalid: [],
};

describe('shape', () => {
  test.each([
    [{ slots: 200, listen: 300 }, 220, [200, 20]],
    [{ slots: 8, listen: 100 }, 10, [8, 2]],
    [{ slots: 1, listen: 100 }, 3, [1, 1, 1]],
    [{ slots: 1000, listen: 100 }, 1050, [1000, 50]],
    [{ slots: 4, listen: 1 }, 5, [4, 1]],
  ])('%o', (claim, sent, waves) => {
    expect(waveShape(claim)).toEqual({ sent, waves });
  });

  test.each([
    [8, 5, [5, 3]],
    [10, 5, [5, 5]],
    [3, 5, [3]],
  ])('%i requests on %i slots', (sent, slots, waves) => {
    expect(expectedWaves(sent, slots)).toEqual(waves);
  });
});

describe('one run', () => {
  const evidence = { health: HEALTH, s0Ms: 500, slots: 200, expected: [200, 20], betweenWaves: 0 };
  test.each<[string, Partial<WaveRun>, Partial<typeof evidence>, string, RegExp?]>([
    ['as claimed', {}, {}, 'PASS'],
    ['fewer', { waves: [2, 2, 2] }, {}, 'FAIL'],
    ['one less', { waves: [199, 21] }, {}, 'FAIL'],
    ['the rest came late', { waves: [200, 10, 10] }, {}, 'FAIL'],
    ['errors', { errors: { http_5xx: 1 } }, {}, 'FAIL'],
    ['local errors', { errors: { local_exhaustion: 1 } }, {}, 'INVALID', /free socket/],
    ['a late generator', {}, { health: { ...HEALTH, loopDelayP99Ms: 60 } }, 'INVALID', /late by 60 ms/],
    [
      'slow connects',
      { waves: [103, 0, 117], maxConnectMs: 1020, connectedInTime: 103 },
      {},
      'INCONCLUSIVE',
      /listen queue/,
    ],
    [
      'slow connects, yet connected requests were not served',
      { waves: [2, 2, 2], maxConnectMs: 1020, connectedInTime: 103 },
      {},
      'FAIL',
    ],
    [
      'answers between two waves',
      { waves: [196, 24] },
      { betweenWaves: 6 },
      'INCONCLUSIVE',
      /between two waves/,
    ],
    ['a few between two waves do not hide a blocked hub', { waves: [2, 2, 2] }, { betweenWaves: 1 }, 'FAIL'],
  ])('%s', (_, run, change, verdict, why) => {
    const judged = judgeWave({ ...RUN, ...run }, { ...evidence, ...change });
    expect(judged.verdict).toBe(verdict);
    expect(judged.invalid).toHaveLength(why === undefined ? 0 : 1);
    if (why !== undefined) expect(judged.invalid[0]).toMatch(why);
  });
});

describe('all runs', () => {
  const options = {
    target: { endpoint: endpointAt(1), path: '/', method: 'GET', headers: {}, timeoutMs: 1 },
    claim: CLAIM,
    on: 'user-path' as const,
    why: '',
  };
  const service = { s0Ms: 500, spread: 0, calls: 5 };
  const bad = { ...RUN, verdict: 'FAIL' as const, waves: [2, 2, 2] };
  const doubtful = { ...RUN, verdict: 'INCONCLUSIVE' as const, invalid: ['x'] };
  const invalid = { ...RUN, verdict: 'INVALID' as const, invalid: ['x'] };
  test.each([
    ['three agree', [RUN, RUN, RUN], 'PASS', 200],
    ['a spare run', [RUN, invalid, RUN, RUN], 'PASS', 200],
    ['two refute', [bad, bad], 'FAIL', 2],
    ['one refutes and the server could not be asked again', [bad], 'FAIL', 2],
    ['they disagree', [RUN, bad, RUN], 'INCONCLUSIVE', 200],
    ['one refutes among doubts', [bad, doubtful, doubtful], 'INCONCLUSIVE', 200],
    ['all invalid', [invalid, invalid], 'INVALID', 200],
    ['mostly invalid', [invalid, invalid, RUN], 'INCONCLUSIVE', 200],
  ])('%s', (_, runs, verdict, effectiveConcurrency) => {
    expect(waveVerdict(options, service, runs, null)).toMatchObject({ verdict, effectiveConcurrency });
  });

  test('an obstacle', () => {
    const result = waveVerdict(options, service, [], 'Too few open files.');
    expect(result).toMatchObject({
      verdict: 'INVALID',
      explanation: 'Too few open files.',
      effectiveConcurrency: 0,
    });
  });
});

describe('diagnosis', () => {
  test.each<[string, Partial<WaveRun>, Partial<Claim>, RegExp]>([
    ['one a process', { waves: [2, 2, 2] }, {}, /hub is blocked: each process serves one request at a time/],
    ['one a process, threads', { waves: [2, 2, 2] }, { topology: 'threads' }, /Threads have no effect/],
    ['one', { waves: [1, 1, 1] }, {}, /One process serves, or a lock/],
    ['some processes', { waves: [100, 100, 20] }, {}, /1 of 2 processes/],
    ['a pool', { waves: [20, 20, 20] }, {}, /admits 20 at a time \(or 10 in each process\)/],
    ['an odd pool', { waves: [15, 15, 15] }, {}, /admits 15 at a time: /],
    ['more', { waves: [220] }, {}, /more than the 200 slots/],
    ['none', { waves: [0, 0, 2] }, {}, /Nothing was answered within one service time/],
    ['the rest late', { waves: [200, 10, 10] }, {}, /came as 10, 10 in the later waves/],
    [
      'errors',
      { errors: { http_5xx: 3 } },
      {},
      /3 of 220 simultaneous requests failed: 3 × failed in the app/,
    ],
    [
      'backlog',
      { invalid: ['connecting took 1 s: the listen queue was full'] },
      {},
      /at least 220; it is 300/,
    ],
  ])('%s', (_, run, claim, text) => {
    expect(waveDiagnosis({ ...RUN, ...run }, { ...CLAIM, ...claim })).toMatch(text);
  });

  test('slots in words', () => {
    expect(slotsInWords(CLAIM)).toBe('2 processes × 100 greenlets');
    expect(slotsInWords({ ...CLAIM, topology: 'threads', processes: 1 })).toBe('1 process × 100 threads');
    expect(slotsInWords({ ...CLAIM, topology: 'sync', processes: 4 })).toBe('4 processes, one request each');
  });
});

describe('where the wave test may run', () => {
  test.each<[string, number, number, number, RegExp | null]>([
    ['steady and slow enough', 1000, 0.01, 200, null],
    ['too fast', 3.2, 0.01, 8, /answers in 3\.2 ms, and waves of 8 can be told apart from 200 ms on/],
    ['too fast for so many', 300, 0.01, 400, /from 480 ms on/],
    ['unsteady', 500, 0.2, 8, /varies by 20 %/],
    ['like a repeated SYN', 3100, 0.01, 8, /repeated SYN at 3 s/],
    ['too slow', 6000, 0.01, 8, /too long/],
  ])('%s', (_, s0Ms, spread, slots, why) => {
    const unfit = unfitForWave({ s0Ms, spread, calls: 5 }, { slots }, 'direct');
    if (why === null) expect(unfit).toBeNull();
    else expect(unfit).toMatch(why);
  });

  test.each([
    [1, 500],
    [400, 500],
    [500, 1500],
    [2000, 2500],
    [9000, 5000],
  ])('%i slots: sleep %i ms', (slots, sleepMs) => {
    expect(verificationSleepMs({ slots }, 'direct')).toBe(sleepMs);
  });
});
