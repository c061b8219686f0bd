import { describe, expect, test } from 'vitest';
import { ERROR_CLASSES } from '../../src/bench/error-class.js';
import { ResponseParser } from '../../src/bench/response-parser.js';
import { runLoad } from '../../src/bench/run-load.js';
import { FRAMINGS } from './framings.js';
import { random } from './random.js';
import { loadPlan, rawServer } from './servers.js';

const SEED = 20_261_125;
const MUTANTS = 200_000;
const CLASSES = new Set<string>(ERROR_CLASSES);
const CORPUS = FRAMINGS.map(({ bytes }) => Buffer.from(bytes, 'latin1'));
// What decides the framing, and what breaks it.
const DICTIONARY = [
  '\r\n',
  '\r\n\r\n',
  '\r',
  '\n',
  '\0',
  ':',
  ';',
  ',',
  'HTTP/1.1 ',
  'HTTP/1.0 ',
  'HTTP/2 ',
  ' 100 Continue\r\n\r\n',
  ' 204 ',
  ' 304 ',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: chunked, gzip\r\n',
  'Connection: close\r\n',
  '0\r\n\r\n',
  'ffffffffffffffffff\r\n',
  'x'.repeat(5_000),
].map((text) => Buffer.from(text, 'latin1'));

/** One answer of the corpus with one to six changes. */
function mutant(next: (below: number) => number): Buffer {
  let bytes = Buffer.from(pick(CORPUS, next));
  for (let changes = 1 + next(6); changes > 0; changes--) bytes = Buffer.from(change(bytes, next));
  return bytes;
}

function change(bytes: Buffer, next: (below: number) => number): Buffer {
  const at = next(bytes.length + 1);
  const to = Math.min(bytes.length, at + next(12));
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(to)];
  switch (next(6)) {
    case 0:
      return Buffer.concat([head, tail]);
    case 1:
      return head;
    case 2:
      return Buffer.concat([head, pick(DICTIONARY, next), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([head, bytes.subarray(at, to), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([head, pick(CORPUS, next)]);
    default:
      if (at < bytes.length) bytes[at] = next(256);
      return bytes;
  }
}

function pick(from: Buffer[], next: (below: number) => number): Buffer {
  return from[next(from.length)] ?? Buffer.alloc(0);
}

describe('mutated answers', () => {
  test(`${MUTANTS} of them: none crashes, none hangs, each is classified`, { timeout: 60_000 }, () => {
    const next = random(SEED);
    const heads = { bytes: Buffer.alloc(0), head: null };
    const parser = new ResponseParser(false, heads);
    const counts = new Map<string, number>();
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = mutant(next);
      parser.reset();
      for (let at = 0; at < bytes.length && !parser.done; ) {
        const end = Math.min(bytes.length, at + 1 + next(64));
        parser.push(bytes.subarray(at, end), end - at);
        at = end;
      }
      parser.eof();
      const fate = parser.error ?? 'good';
      if (!parser.done || (parser.error !== null && !CLASSES.has(parser.error))) {
        expect.fail(`mutant ${i} of seed ${SEED} has no class: ${JSON.stringify(bytes.toString('latin1'))}`);
      }
      if (parser.error === null && (parser.status < 200 || parser.status > 999)) {
        expect.fail(`mutant ${i} of seed ${SEED} is good with status ${parser.status}`);
      }
      counts.set(fate, (counts.get(fate) ?? 0) + 1);
    }
    // A fuzzer that always breaks the answer in the same way would prove little.
    for (const fate of [
      'good',
      'bad_status_line',
      'short_body',
      'bad_chunk',
      'truncated_header',
      'extra_bytes',
    ]) {
      expect(counts.get(fate), fate).toBeGreaterThan(500);
    }
  });

  test('2,000 of them over sockets', { timeout: 60_000 }, async () => {
    const next = random(SEED + 1);
    const endpoint = await rawServer((socket) => void socket.end(mutant(next)));
    const plan = loadPlan(endpoint, { requests: 2_000, concurrency: 20, timeoutMs: 2_000 });
    const { sent, ok, errors } = await runLoad(plan);
    expect(sent).toBe(2_000);
    expect(ok + Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(ok).toBeGreaterThan(20);
    expect(Object.keys(errors).filter((error) => !CLASSES.has(error))).toEqual([]);
  });
});
