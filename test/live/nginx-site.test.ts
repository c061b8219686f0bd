import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/host/ports.js';
import { loadTemplate } from '../../src/host/templates.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../../src/plan/layout.js';
import { renderFront } from '../../src/render/nginx.js';
import { FACTS, makeProject } from '../helpers/project.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';
import { ask } from './front/ask.js';
import { REFUSED, SERVED } from './front/requests.js';
import { sendRaw } from './front/send-raw.js';
import { SPOOFED } from './front/spoofed.js';
import { listenUwsgi } from './front/uwsgi-listener.js';

// The site as it is rendered, in a real nginx, and what reaches the server behind it.
describeWith('nginx', 'the site', () => {
  describe.each(['docker', 'systemd'] as const)('of a %s target', (kind) => {
    const dir = tempProject({}, { keep: true });
    const log = path.join(dir, 'access.log');
    const nginx: ChildProcess[] = [];
    let behind: Awaited<ReturnType<typeof listenUwsgi>>;
    const port = { own: 0, trusting: 0 };
    beforeAll(async () => {
      behind = await listenUwsgi();
      port.own = await serve([]);
      port.trusting = await serve(['127.0.0.0/8', '203.0.113.0/24']);
    });
    afterAll(async () => {
      for (const child of nginx) if (child.kill('SIGTERM')) await once(child, 'exit');
      behind.server.close();
      rmSync(dir, { recursive: true, force: true });
    });

    async function serve(trusted: string[]): Promise<number> {
      const free = await freePort('127.0.0.1');
      const folder = path.join(dir, `nginx-${trusted.length}`);
      mkdirSync(folder);
      const child = spawn('nginx', ['-c', writeSite(folder, free, trusted)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      nginx.push(child);
      for await (const chunk of child.stderr) if (String(chunk).includes('start worker process')) break;
      return free;
    }

    // What is not the machine's own is put where this test may listen and write.
    function writeSite(folder: string, free: number, trusted: string[]): string {
      const layout = kind === 'systemd' ? systemdLayout('shop', '.') : containerLayout('.');
      const project = makeProject({ front: { kind: 'nginx', trusted_proxies: trusted } });
      const plan = buildPlan({ project, target: { name: kind, kind }, facts: FACTS, layout, port: 8000 });
      for (const { path: name, contents } of renderFront(plan, loadTemplate)) {
        const text = contents
          .replace(/^( {4}listen )[^;]*;/m, `$1127.0.0.1:${free};`)
          .replace(/server "unix:[^"]*"/, `server 127.0.0.1:${behind.port}`)
          .replace(/access_log "[^"]*"/, `access_log "${log}"`);
        writeFileSync(path.join(folder, name), text);
      }
      const config = path.join(folder, 'test.conf');
      writeFileSync(
        config,
        `daemon off; error_log stderr notice; pid ${folder}/pid; events {} http { client_body_temp_path ${folder}/body;
        include nginx-upstream.conf; include nginx-site.conf; }\n`,
      );
      return config;
    }

    const seen = async (at: number, headers: Record<string, string>, target = '/') =>
      JSON.parse((await ask(at, target, headers)).body) as Record<string, string>;

    it('refuses with 400 what is unclear', async () => {
      const all = [...REFUSED, ...SERVED];
      const answers = await Promise.all(all.map(({ bytes }) => sendRaw(port.own, bytes)));
      const became = all.map(({ name }, i) => [name, answers[i]]);
      expect(became).toEqual(all.map(({ name, status }) => [name, [status]]));
    });

    it('says of a client what it saw itself', async () => {
      const variables = await seen(port.own, SPOOFED);
      expect(variables).toMatchObject({
        REMOTE_ADDR: '127.0.0.1',
        REQUEST_SCHEME: 'http',
        HTTP_HOST: 'example.org:81',
        HTTP_X_FORWARDED_FOR: '127.0.0.1',
        HTTP_X_FORWARDED_PROTO: 'http',
        HTTP_X_FORWARDED_HOST: 'example.org:81',
        HTTP_X_FORWARDED_PORT: '81',
      });
      expect(await seen(port.own, { host: '[::1]' })).toMatchObject({ HTTP_X_FORWARDED_PORT: '80' });
      expect(JSON.stringify(variables)).not.toMatch(/198\.51|evil/);
    });

    it('takes the host of an absolute target, whatever Host says', async () => {
      const variables = await seen(port.own, { host: 'evil.example' }, 'http://example.org:81/a?b');
      expect(variables).toMatchObject({
        HTTP_HOST: 'example.org:81',
        HTTP_X_FORWARDED_HOST: 'example.org:81',
        SERVER_NAME: 'example.org',
        PATH_INFO: '/a',
      });
      expect(JSON.stringify(variables)).not.toMatch(/evil/);
    });

    it('believes a trusted proxy its client and its scheme, and nobody behind it', async () => {
      const elsewhere = { host: 'example.org', 'x-forwarded-proto': 'https' };
      expect(await seen(port.trusting, elsewhere)).toMatchObject({ HTTP_X_FORWARDED_PORT: '443' });
      const forwarded = { ...SPOOFED, 'x-forwarded-for': '198.51.100.66, 192.0.2.7, 203.0.113.9' };
      expect(await seen(port.trusting, forwarded)).toMatchObject({
        REMOTE_ADDR: '192.0.2.7',
        REQUEST_SCHEME: 'https',
        HTTPS: 'on',
        HTTP_X_FORWARDED_FOR: '192.0.2.7',
        HTTP_X_FORWARDED_PROTO: 'https',
        HTTP_X_FORWARDED_HOST: 'example.org:81',
      });
    });

    it('logs JSON, whatever the client says', async () => {
      writeFileSync(log, '');
      const sent = HOSTILE.flatMap((value) => [
        [`/${value}`, 'a', 'agent', ''],
        [`/?secret${value}`, 'a', 'agent', ''],
        ['/', `a${value}`, 'agent', ''],
        ['/', 'a', value, ''],
        ['/', 'a', 'agent', value],
      ]);
      for (const [target, host, agent, referer] of sent) {
        const head = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${agent}\r\nReferer: ${referer}\r\n`;
        await sendRaw(port.own, Buffer.from(`${head}Connection: close\r\n\r\n`, 'latin1'));
      }
      // fatal: what is no UTF-8 is no JSON.
      const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(log));
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.length).toBe(sent.length);
      expect(text).not.toContain('secret');
      expect(lines.map(({ agent }) => agent)).toEqual(
        expect.arrayContaining(['a"b\\c', 'ä😀', '(not UTF-8)']),
      );
      expect(lines.map(({ path: each }) => each)).toEqual(
        expect.arrayContaining(['/ä😀', '(not UTF-8)', '/']),
      );
    });
  });
});

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
// As bytes: quotes, control characters, cut and overlong characters, halves of pairs, beyond Unicode.
const HOSTILE = [
  ...['"', '\\', 'a"b\\c', '{}', "'", '</script>', '%22%ff%00%0a', '\x01\x1b[2J', '\x7f', '\t'],
  ...[utf8('ä😀'), utf8('\u2028'), utf8('ä'.repeat(4000))],
  ...['\xff\xfe', '\xc3', '\xc0\xaf', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\xe2\x82', 'a\x80'],
];
