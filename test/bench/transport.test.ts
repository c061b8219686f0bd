import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, ListenOptions } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkServing } from '../../src/bench/check-serving.js';
import { requestBytes } from '../../src/bench/request-bytes.js';
import { runLoad } from '../../src/bench/run-load.js';
import { endpointAt, loadPlan } from './servers.js';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

async function start(server: Server, where: ListenOptions = { port: 0, host: '127.0.0.1' }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(where, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'deploykit-bench-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

const hello: RequestListener = (_, response) => void response.end('hello');

test('a unix socket', async () => {
  const socketPath = path.join(await folder(), 'app.sock');
  await start(createServer(hello), { path: socketPath });
  const endpoint = { ...endpointAt(0), socketPath };
  expect(await checkServing({ ...loadPlan(endpoint) })).toBe(200);
  for (const keepAlive of [false, true]) {
    const plan = loadPlan(endpoint, { requests: 20, concurrency: 4, keepAlive, expect: { bodyBytes: 5 } });
    expect(await runLoad(plan)).toMatchObject({ ok: 20, errors: {} });
  }
  expect((await bench(`unix:${socketPath}`)).data).toMatchObject({
    endpoint: { url: `unix:${socketPath}` },
    throughput: { requests: 20, errors: {}, statuses: { 200: 20 } },
  });
});

test('IPv6', async () => {
  const server = createServer(hello);
  const port = await start(server, { port: 0, host: '::1' }).catch(() => null);
  // A machine without IPv6 has nothing to test here.
  if (port === null) return;
  const endpoint = { ...endpointAt(port), host: '::1' };
  expect(await runLoad(loadPlan(endpoint, { requests: 6, concurrency: 2 }))).toMatchObject({ ok: 6 });
});

test('method, headers and body arrive as given', async () => {
  const seen: [IncomingMessage, string][] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    seen.push([request, Buffer.concat(pieces).toString()]);
    response.end('ok');
  });
  const endpoint = endpointAt(await start(server));
  const headers = { 'content-type': 'application/json', 'X-Token': 'abc', host: 'app.example' };
  const plan = loadPlan(endpoint, {
    method: 'PUT',
    headers,
    body: '{"a":"é"}',
    requests: 2,
    keepAlive: true,
  });
  expect(await runLoad(plan)).toMatchObject({ ok: 2 });
  expect(seen).toHaveLength(2);
  for (const [{ method, headers: got }, body] of seen) {
    expect([method, body]).toEqual(['PUT', '{"a":"é"}']);
    expect(got).toMatchObject({ 'content-type': 'application/json', 'x-token': 'abc', host: 'app.example' });
  }
});

test.each(['Content-Length', 'transfer-encoding', 'Connection'])('the header %s is ours', (name) => {
  const plan = loadPlan(endpointAt(9), { headers: { [name]: 'x' } });
  expect(() => requestBytes(plan)).toThrow(/set by the bench itself/);
});

describe('several engine threads', () => {
  test('send together what one would have sent', async () => {
    let arrived = 0;
    const server = createServer((_, response) => {
      arrived++;
      setTimeout(() => response.end('ok'), 5);
    });
    const plan = loadPlan(endpointAt(await start(server)), { requests: 101, concurrency: 5 });
    const done: number[] = [];
    const options = { workers: 3, onProgress: (news: { done: number }) => void done.push(news.done) };
    const result = await runLoad(plan, options);
    expect(result).toMatchObject({ sent: 101, ok: 101, errors: {}, plan: { concurrency: 5, requests: 101 } });
    expect(arrived).toBe(101);
    const { startMs } = result.samples;
    expect([...startMs]).toEqual([...startMs].sort((a, b) => a - b));
    expect(Math.max(...done)).toBeLessThanOrEqual(101);
  });
});

describe('TLS', () => {
  test('a certificate that is trusted, and one that is not', { timeout: 60_000 }, async () => {
    const dir = await folder();
    const [key, cert] = [path.join(dir, 'key.pem'), path.join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', key, '-out', cert, '-days', '2', '-nodes'];
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject]);
    const server = createTls({ key: await readFile(key), cert: await readFile(cert) }, hello);
    const url = `https://localhost:${await start(server)}/`;
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: cert };
    for (const more of [[], ['--keep-alive']]) {
      expect((await bench(url, more, env)).data).toMatchObject({
        endpoint: { url: expect.stringMatching(/^https:/) },
        throughput: { requests: 20, errors: {}, statuses: { 200: 20 } },
      });
    }
    expect((await bench(url)).error).toMatchObject({
      code: 'DK_BENCH_NOT_SERVING',
      message: expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT/),
    });
  });

  test('no TLS at the other end is an error of its own', async () => {
    const endpoint = { ...endpointAt(await start(createServer(hello))), tls: true };
    const { errors } = await runLoad(loadPlan(endpoint, { requests: 3, timeoutMs: 2_000 }));
    expect(errors).toEqual({ tls_failed: 3 });
  });
});

/** The document of a short bench, whatever its verdict: 20 requests leave the generator no time to be at ease. */
async function bench(
  url: string,
  more: string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ data: unknown; error?: unknown }> {
  const args = [CLI, 'bench', '--url', url, '--no-wave', '-n', '20', '-c', '2', '--json', ...more];
  const ended = await run(process.execPath, args, { env }).catch((error: { stdout: string }) => error);
  return JSON.parse(ended.stdout);
}
