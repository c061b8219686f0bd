import { cpSync, rmSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

interface Example {
  name: string;
  target: 'process' | 'docker';
  args: string[];
  /** What runs: topology, and requests a process at once. */
  shape: [topology: string, perProcess: number];
}

const process = (name: string, topology: string, perProcess: number, ...args: string[]): Example => {
  return { name, target: 'process', args, shape: [topology, perProcess] };
};
const docker = (name: string, base: string, topology: string, perProcess: number): Example => {
  return { name, target: 'docker', args: ['--base', base], shape: [topology, perProcess] };
};

// Of test/examples, as they are: each framework, each way to install, each topology, both families of images.
const EXAMPLES: Example[] = [
  process('flask-uv', 'gevent', 10), // uv.lock, src layout, factory
  process('flask-poetry', 'threads', 4), // poetry.lock
  process('flask-pipenv', 'sync', 1), // Pipfile.lock
  process('flask-pdm', 'threads', 4), // pdm.lock
  process('flask-factory', 'gevent', 10), // requirements.txt with -r and -c
  process('django-split-settings', 'threads', 4), // ALLOWED_HOSTS without localhost
  process('pyramid-hashed', 'gevent', 10), // requirements.txt with hashes
  process('bottle-app', 'sync', 1, '--processes', '2'),
  process('falcon-pylock', 'threads', 4), // pylock.toml
  process('plain-wsgi', 'gevent', 10), // no requirements at all
  docker('flask-uv', EL_BASE, 'gevent', 10),
  docker('flask-poetry', DEBIAN_BASE, 'threads', 4),
];
const PROCESSES = 2;
// Installing is mostly waiting; measuring is done one after the other.
const AT_ONCE = 3;

for (const target of ['process', 'docker'] as const) {
  describeWith(target, `examples on ${target}`, () => {
    const examples = EXAMPLES.filter((each) => each.target === target).map((each) => ({
      ...each,
      dir: path.join(tempProject({}, { keep: true }), each.name),
    }));
    const ups = new Map<string, Awaited<ReturnType<typeof cli>>>();
    beforeAll(async () => {
      const waiting = [...examples];
      const work = async (): Promise<void> => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          cpSync(path.join('test/examples', next.name, 'project'), next.dir, { recursive: true });
          const args = ['up', '-t', target, '--port', '0', ...next.args, '--json'];
          ups.set(next.name, await cli(args, { cwd: next.dir }));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    });
    afterAll(async () => {
      for (const { dir } of examples) {
        await cli(['down', '-t', target, '--purge'], { cwd: dir });
        rmSync(path.dirname(dir), { recursive: true, force: true });
      }
    });

    describe.each(examples)('$name', ({ name, dir, shape: [topology, perProcess] }) => {
      it(`answers, and serves ${PROCESSES} × ${perProcess} at once by ${topology}`, async () => {
        const up = ups.get(name);
        if (!up?.json.ok) throw new Error(`${up?.stdout}${up?.stderr}`);
        const { url, claim } = up.json.data;
        expect(claim).toMatchObject({ topology, processes: PROCESSES, perProcess });
        expect(await answer(url, dir)).toBe(`hello from ${name}\n`);
        const { json, stdout } = await cli(['bench', '--no-throughput', '--json'], { cwd: dir });
        const slots = PROCESSES * perProcess;
        expect(json.data, stdout).toMatchObject({ verdict: 'PASS', wave: { effectiveConcurrency: slots } });
      });
    });
  });
}

// As a client that asks for the host the application accepts.
async function answer(url: string, dir: string): Promise<string> {
  const { json } = await cli(['config', '--json'], { cwd: dir });
  const settings: { path: string; value: unknown }[] = json.data.settings;
  const host = String(settings.find((each) => each.path === 'app.host')?.value);
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers: { Host: host }, agent: false, timeout: 10_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve(body));
    });
    request.on('timeout', () => request.destroy(new Error(`${url} did not answer`)));
    request.on('error', reject);
  });
}
