import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nginxText, nginxWord } from '../../src/render/quote.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

const SITES = ['docker', 'systemd'].flatMap((kind) =>
  readdirSync('test/examples')
    .map((name) => path.join('test/examples', name, 'expected', kind))
    .filter((folder) => existsSync(path.join(folder, 'nginx-site.conf'))),
);

describeWith('nginx', 'the real nginx', () => {
  const folder = tempProject({}, { keep: true });
  let server: ChildProcess | null = null;
  afterAll(async () => {
    if (server?.kill('SIGTERM')) await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  describe('finds nothing to say about what is rendered', () => {
    it.each(SITES)('%s', (from) => {
      const dir = path.join(folder, from);
      mkdirSync(path.join(dir, 'temp'), { recursive: true });
      for (const name of ['nginx-site.conf', 'nginx-upstream.conf']) {
        // The name of a container resolves only beside it.
        const text = readFileSync(path.join(from, name), 'utf8').replace('"app:8001"', '"127.0.0.1:8001"');
        writeFileSync(
          path.join(dir, name),
          text.replaceAll('/var/log/nginx', dir).replace('/dev/stdout', `${dir}/access.log`),
        );
      }
      const own = path.join(from, 'nginx.conf');
      const main = existsSync(own) ? readFileSync(own, 'utf8') : hostConfiguration(dir);
      const config = path.join(dir, 'nginx.conf');
      writeFileSync(
        config,
        main.replaceAll('/run/deploykit', dir).replaceAll('/var/cache/deploykit', `${dir}/temp`),
      );
      const { stderr, status } = spawnSync('nginx', ['-t', '-c', config], { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      expect(stderr).not.toMatch(/warn|emerg/);
    });
  });

  it('reads every value back as it was', async () => {
    const anything = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    const nasty = fc.string({
      unit: fc.constantFrom('"', '\\', "'", ';', '{', '}', '#', '%', ' ', 'n', '/', '.', 'ä'),
    });
    const values = fc.sample(fc.oneof(anything, nasty), { numRuns: 400, seed: 1 }).filter(fits);
    expect(values.length).toBeGreaterThan(200);
    const socket = path.join(folder, 'values.sock');
    const config = path.join(folder, 'values.conf');
    writeFileSync(config, valuesConfiguration(values, socket));
    server = spawn('nginx', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    await serving(server, socket);
    for (const [index, value] of values.entries()) {
      expect(await get(socket, `/text/${index}`)).toBe(value);
      expect(await get(socket, `/word/${index}`)).toBe(value);
    }
  });
});

function fits(value: string): boolean {
  try {
    nginxText(value);
    return true;
  } catch {
    return false;
  }
}

// What a distribution's nginx.conf is to a site: the http level around it.
function hostConfiguration(dir: string): string {
  return `error_log stderr; pid ${dir}/nginx.pid; events {} http {
    access_log off; include nginx-upstream.conf; include nginx-site.conf; }\n`;
}

// A value that nginx expands, by map, and one that it takes as it is, by geo.
function valuesConfiguration(values: string[], socket: string): string {
  const text = values.map((value, index) => `    /text/${index} ${nginxText(value)};`);
  const word = values.map((value, index) => `geo $word${index} { default ${nginxWord(value)}; }`);
  const words = values.map((_, index) => `    /word/${index} $word${index};`);
  return [
    `daemon off; pid ${socket}.pid; error_log stderr notice; events {}`,
    'http { access_log off; map_hash_bucket_size 2048; variables_hash_max_size 4096;',
    ...word,
    'map $uri $answer {',
    ...text,
    ...words,
    '}',
    `server { listen unix:${socket}; location / { return 200 $answer; } }`,
    '}',
  ].join('\n');
}

async function serving(child: ChildProcess, socket: string): Promise<void> {
  let log = '';
  for await (const chunk of child.stderr ?? []) {
    log += chunk;
    if (log.includes('start worker process') && existsSync(socket)) break;
  }
  expect(log).not.toContain('emerg');
}

function get(socketPath: string, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path: target }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    request.on('error', reject);
  });
}
