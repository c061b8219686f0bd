import { rmSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runLoad } from '../../src/bench/run-load.js';
import { closedPlan } from '../../src/bench/target.js';
import type { Endpoint } from '../../src/endpoint.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { ask, formOf } from './front/ask.js';
import { STRICT_DJANGO } from './front/project.js';
import { DROPPED, REFUSED, SERVED } from './front/requests.js';
import { sendRaw } from './front/send-raw.js';
import { SPOOFED } from './front/spoofed.js';

const [PROCESSES, ASYNC] = [2, 20];
const SLOTS = PROCESSES * ASYNC;
const SHAPE = ['--base', EL_BASE, '--port', '0', '--processes', `${PROCESSES}`, '--async', `${ASYNC}`];
// More than /tmp has without a body_limit.
const LARGE = 270 * 1024 ** 2;
describeWith('docker', 'the front of a container', () => {
  const dir = tempProject(STRICT_DJANGO, { keep: true });
  const deploykit = (...args: string[]): Promise<CliResult> => cli([...args, '-t', 'docker'], { cwd: dir });
  let endpoint: Endpoint;
  async function up(): Promise<void> {
    const { json, stderr } = await deploykit('up', ...SHAPE, '--json');
    expect(json?.ok, stderr).toBe(true);
    endpoint = json.data.endpoint;
  }
  beforeAll(up);
  afterAll(async () => {
    await deploykit('down', '--purge');
    rmSync(dir, { recursive: true, force: true });
  });

  const get = (target: string, headers: Record<string, string> = { host: 'example.org' }) =>
    ask(endpoint.port, target, headers);
  const status = async (target: string): Promise<number> => (await get(target)).status;
  const environOf = async (headers: Record<string, string>, target = '/environ') =>
    JSON.parse((await get(target, headers)).body) as Record<string, string>;
  const containers = (role: string): string =>
    docker(
      'ps',
      '-q',
      `--filter=label=dev.deploykit.project=${dir}`,
      `--filter=label=dev.deploykit.role=${role}`,
    );
  const probe = (verb: string): string => {
    const command = `/opt/venv/bin/python /opt/deploykit/probe.py ${verb}; echo "exit $?"`;
    return docker('exec', containers('server'), 'sh', '-c', command);
  };

  it('Django that serves one host alone is healthy without an edit', async () => {
    expect((await get('/')).body).toBe('example.org\n');
    expect((await get('/', { host: 'localhost' })).status).toBe(400);
  });

  it('8 KB of cookies pass', async () => {
    const cookie = Array.from({ length: 8 }, (_, i) => `c${i}=${'x'.repeat(1020)}`).join('; ');
    const { body } = await get('/cookies', { host: 'example.org', cookie });
    expect(Object.values(JSON.parse(body))).toEqual(Array(8).fill(1020));
  });

  it('270 MB pass through a read-only root', async () => {
    const { headers, body } = formOf(Buffer.alloc(LARGE, 'x'));
    const answer = await ask(endpoint.port, '/upload', { ...headers, host: 'example.org' }, body);
    expect(JSON.parse(answer.body)).toMatchObject({ size: LARGE, at: expect.stringMatching(/^\/tmp\//) });
  });

  it('what is unclear is refused, and what hides in it is never seen', async () => {
    const all = [...REFUSED, ...SERVED, ...DROPPED];
    const answers = await Promise.all(all.map(({ bytes }) => sendRaw(endpoint.port, bytes)));
    const seen = (await get('/list')).body.trim().split('\n');
    const became = all.map(({ name }, i) => {
      const own = [`/seen/${name}`, `/seen/${name}-next`, `/hidden/${name}`];
      return { name, status: answers[i]?.[0], seen: seen.filter((each) => own.includes(each)) };
    });
    expect(became).toEqual(all.map(({ name, status, seen }) => ({ name, status, seen })));
    expect(REFUSED.length).toBeGreaterThan(40);
  });

  it('what a proxy says of a client is the front’s own word', async () => {
    const environ = await environOf(SPOOFED);
    expect(environ).toMatchObject({
      HTTP_HOST: 'example.org:81',
      HTTP_X_FORWARDED_FOR: environ['REMOTE_ADDR'],
      HTTP_X_REAL_IP: environ['REMOTE_ADDR'],
      HTTP_X_FORWARDED_PROTO: 'http',
      HTTP_X_FORWARDED_HOST: 'example.org:81',
      HTTP_X_FORWARDED_PORT: '81',
      'wsgi.url_scheme': 'http',
    });
    expect(JSON.stringify(environ)).not.toMatch(/198\.51|evil/);
    // The host of an absolute target goes before Host.
    const absolute = await environOf({ host: 'evil.example' }, 'http://example.org:81/environ');
    expect(absolute).toMatchObject({ HTTP_HOST: 'example.org:81', HTTP_X_FORWARDED_HOST: 'example.org:81' });
    expect(JSON.stringify(absolute)).not.toMatch(/evil/);
  });

  it('500 slow clients take no slot, busy is not dead, and who waits too long is told so when check says', async () => {
    const slow = Array.from({ length: 500 }, (_, i) => new SlowClient(endpoint.port, i % 2 === 0));
    await Promise.all(slow.map((client) => client.connected()));
    await pause(1500);
    expect(busyOf(probe('stats'))).toBe(0);
    const began = performance.now();
    const late = status('/sleep?12').then((code) => ({ code, seconds: (performance.now() - began) / 1000 }));
    const wave = Promise.all(Array.from({ length: SLOTS - 1 }, () => status('/sleep?3')));
    await until(() => busyOf(probe('stats')) === SLOTS);
    expect(probe('health')).toBe(`${PROCESSES} of ${PROCESSES} workers ready, 0 of these hung\nexit 0`);
    expect(await wave).toEqual(Array(SLOTS - 1).fill(200));
    expect(slow.filter(({ failure }) => failure !== null)).toEqual([]);
    for (const client of slow) client.close();
    const { timeouts } = (await deploykit('check', ...SHAPE, '--json')).json.data;
    const read = timeouts.find(({ setting }: { setting: string }) => setting === 'uwsgi_read_timeout');
    const { code, seconds } = await late;
    expect(code).toBe(504);
    expect(Math.abs(seconds - read.seconds)).toBeLessThan(2);
  });

  // Before the load that has workers recycled.
  it('hubs that stand still: unhealthy, replaced, and the log names the line', async () => {
    const first = status('/still?300');
    await pause(300);
    expect(await status('/light')).toBe(200);
    const second = status('/still?300');
    await until(() => probe('health') === `2 of 2 workers ready, 2 of these hung\nexit 1`);
    const { data } = (await deploykit('status', '--json')).json;
    expect(data.stats).toMatchObject({ workers: 2, hung: 2 });
    // The answer is the server's end, or the front's patience.
    for (const each of [await first, await second]) expect([502, 504]).toContain(each);
    await until(() => probe('health') === `2 of 2 workers ready, 0 of these hung\nexit 0`);
    expect(await status('/light')).toBe(200);
    const { stdout } = await deploykit('logs', '--lines', '100');
    const line = STRICT_DJANGO['shop/wsgi.py'].split('\n').findIndex((each) => each.includes('usleep')) + 1;
    const told = new RegExp(
      `worker \\d \\(pid \\d+\\) hung and was replaced: nothing else of it ran for 11 s, at /app/shop/wsgi.py:${line} in stand_still`,
      'g',
    );
    expect(stdout.match(told), stdout).toHaveLength(2);
  });

  it('20,000 requests on connections that are kept, and a worker recycled meanwhile: all well', async () => {
    const target = { endpoint, path: '/light', method: 'GET', headers: {}, timeoutMs: 20_000 };
    const load = { requests: 5000, concurrency: 16, durationMs: null, keepAlive: true };
    const before = restartsOf(probe('stats'));
    for (let sent = 0; sent < 20_000 || restartsOf(probe('stats')) === before; sent += load.requests) {
      expect(sent, 'requests without a worker recycled').toBeLessThan(100_000);
      const { errors, ok } = await runLoad(closedPlan(target, load));
      expect({ errors, ok }).toEqual({ errors: {}, ok: load.requests });
    }
  });
});

interface Stats {
  workers: { respawn_count: number; cores: { in_request: number }[] }[];
}

function workersOf(printed: string): Stats['workers'] {
  return (JSON.parse(printed.replace(/exit \d+$/, '')) as Stats).workers;
}

function busyOf(printed: string): number {
  return workersOf(printed)
    .flatMap(({ cores }) => cores)
    .filter(({ in_request }) => in_request === 1).length;
}

function restartsOf(printed: string): number {
  return workersOf(printed).reduce((sum, { respawn_count }) => sum + respawn_count - 1, 0);
}

async function until(holds: () => boolean, seconds = 15): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!holds()) {
    expect(Date.now()).toBeLessThan(deadline);
    await pause(100);
  }
}

/** Sends a byte a second: headers without end, or a body. */
class SlowClient {
  failure: string | null = null;
  readonly #socket: net.Socket;
  readonly #timer: NodeJS.Timeout;

  constructor(port: number, withBody: boolean) {
    const head = withBody
      ? 'POST /light HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n'
      : 'GET /light HTTP/1.1\r\nX-';
    this.#socket = net.connect(port, '127.0.0.1', () => this.#socket.write(head));
    this.#socket.on('error', (error) => {
      this.failure = error.message;
    });
    this.#socket.on('close', () => {
      this.failure ??= 'closed';
    });
    this.#timer = setInterval(() => this.#socket.write('x'), 1000);
  }

  async connected(): Promise<void> {
    if (this.#socket.connecting) await new Promise((resolve) => this.#socket.once('connect', resolve));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }
}
