import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runLoad } from '../../src/bench/run-load.js';
import type { ErrorClass, LoadPlan } from '../../src/bench/types.js';
import { type Answer, closedEndpoint, endpointAt, loadPlan, rawServer, slotServer } from './servers.js';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

describe.concurrent('one class for every failure', () => {
  test.each<[ErrorClass, Answer, Partial<LoadPlan>?]>([
    ['timeout_response', () => undefined, { timeoutMs: 150 }],
    ['timeout_body', (socket) => socket.write(`${OK}Content-Length: 9\r\n\r\nabc`), { timeoutMs: 150 }],
    ['timeout_body', (socket) => socket.write('HTTP/1.1 2'), { timeoutMs: 150 }],
    ['reset_before_response', (socket) => socket.resetAndDestroy()],
    ['reset_mid_response', (socket) => void socket.write(`${OK}Content-Length: 9\r\n\r\nabc`, later(socket))],
    ['reset_mid_response', (socket) => void socket.write(`${OK}\r\nuntil EOF`, later(socket))],
    ['closed_before_response', (socket) => socket.end()],
    ['truncated_header', `${OK}Content-Le`],
    ['short_body', `${OK}Content-Length: 300\r\n\r\nabc`],
    ['short_body', `${CHUNKED}5\r\nhello\r\n`],
    ['extra_bytes', `${OK}Content-Length: 2\r\n\r\nabc`],
    ['bad_status_line', 'ICY 200 OK\r\n\r\n'],
    ['bad_chunk', `${CHUNKED}xyz\r\n`],
    ['bad_content_length', `${OK}Content-Length: 1e3\r\n\r\n`],
    ['header_overflow', `${OK}X: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['http_3xx', 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n'],
    ['http_4xx', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'],
    ['http_5xx', 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'],
    ['body_mismatch', `${OK}Content-Length: 2\r\n\r\nok`, { expect: { bodyBytes: 3 } }],
    ['body_mismatch', `${OK}Content-Length: 2\r\n\r\nok`, { expect: { status: 204 } }],
  ])('%s', async (error, answer, change = {}) => {
    const endpoint = await rawServer(answer);
    for (const keepAlive of [false, true]) {
      const result = await runLoad(loadPlan(endpoint, { requests: 4, concurrency: 2, keepAlive, ...change }));
      expect(result).toMatchObject({ sent: 4, ok: 0, errors: { [error]: 4 }, latency: null });
    }
  });

  test('extra_bytes also when they come later than the answer', async () => {
    const endpoint = await rawServer((socket) => {
      socket.setNoDelay(true);
      socket.write(`${OK}Content-Length: 2\r\n\r\nok`, () => setTimeout(() => socket.end('more'), 20));
    });
    expect(await runLoad(loadPlan(endpoint))).toMatchObject({ sent: 1, ok: 0, errors: { extra_bytes: 1 } });
  });

  test('refused, without spinning', async () => {
    const endpoint = await closedEndpoint();
    const result = await runLoad(loadPlan(endpoint, { requests: null, durationMs: 300, concurrency: 2 }));
    expect(Object.keys(result.errors)).toEqual(['refused']);
    expect(result.sent).toBeLessThan(2 * 45);
    expect(result.health.problems).toEqual([]);
  });

  test('aborted_at_deadline is neither an error nor a success', async () => {
    const { endpoint } = await slotServer(1, 250);
    const plan = loadPlan(endpoint, { requests: 5, concurrency: 5, durationMs: 350, drainMs: 0 });
    const result = await runLoad(plan);
    expect(result).toMatchObject({ sent: 5, ok: 1, errors: { aborted_at_deadline: 4 }, partial: false });
    expect(result.makespanMs).toBeLessThan(340);
  });

  test('a good answer among bad ones', async () => {
    const endpoint = await rawServer((socket, nth) =>
      socket.end(nth % 2 === 0 ? `${OK}\r\nok` : 'HTTP/1.1 500 No\r\n\r\n'),
    );
    const result = await runLoad(loadPlan(endpoint, { requests: 6 }));
    expect(result).toMatchObject({ ok: 3, errors: { http_5xx: 3 }, statuses: { 200: 3, 500: 3 } });
    expect([...result.samples.ok]).toEqual([1, 0, 1, 0, 1, 0]);
  });
});

test('timeout_connect: the listen queue of a stopped server is full', async () => {
  const script = `const s=require('net').createServer();s.listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  const plan = loadPlan(endpointAt(Number(String(line))), { requests: 6, concurrency: 6, timeoutMs: 400 });
  const { errors } = await runLoad(plan);
  expect(errors.timeout_connect).toBeGreaterThanOrEqual(3);
  expect((errors.timeout_connect ?? 0) + (errors.timeout_response ?? 0)).toBe(6);
});

test('local_exhaustion: no free file descriptors make the run invalid, not the server bad', async () => {
  const { endpoint } = await slotServer(1000, 200);
  const module = fileURLToPath(new URL('../../dist/bench/run-load.js', import.meta.url));
  const plan = loadPlan(endpoint, { requests: 150, concurrency: 150 });
  const script = `import(${JSON.stringify(module)}).then(async ({ runLoad }) => {
    const { errors, ok, health } = await runLoad(${JSON.stringify(plan)});
    process.stdout.write(JSON.stringify({ errors, ok, problems: health.problems }));
  })`;
  // Node raises its soft limit to the hard one, so both are lowered.
  const child = spawn('sh', ['-c', 'ulimit -n 90 && exec "$0" -e "$1"', process.execPath, script]);
  child.stdout.setEncoding('utf8');
  let output = '';
  child.stdout.on('data', (piece: string) => (output += piece));
  await once(child, 'close');
  const { errors, ok, problems } = JSON.parse(output) as {
    errors: Record<string, number>;
    ok: number;
    problems: string[];
  };
  expect(Object.keys(errors)).toEqual(['local_exhaustion']);
  expect((errors['local_exhaustion'] ?? 0) + ok).toBe(150);
  expect(problems[0]).toMatch(/requests failed on this machine/);
});

/** Resets a little later, so that the client has read what was sent. */
function later(socket: { resetAndDestroy(): unknown }): () => void {
  return () => void setTimeout(() => socket.resetAndDestroy(), 30);
}
