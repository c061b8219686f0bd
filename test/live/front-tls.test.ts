import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDuring } from '../../src/bench/drill/load-during.js';
import { freePort } from '../../src/host/ports.js';
import { startAcme } from '../helpers/acme.js';
import { type CliResult, cli } from '../helpers/cli.js';
import { describeWith, docker, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

const APP = `from flask import Flask, request
app = Flask(__name__)
@app.route("/")
def hello():
    return request.scheme + "\\n", 200, {"Strict-Transport-Security": "max-age=1"}
`;

describeWith('docker', 'TLS of the front, from given files', () => {
  const dir = tempProject({ 's1.py': APP, 'requirements.txt': 'flask\n' }, { keep: true });
  const away = tempProject({ 'challenges/other': 'x' }, { keep: true });
  const challenges = path.join(away, 'challenges');
  const file = (name: string): string => path.join(dir, name);
  const deploykit = (...args: string[]): Promise<CliResult> =>
    cli([...args, '-t', 'docker', '--json'], { cwd: dir });
  let port: number;
  let plainPort: number;

  // Inside the project, under names that .dockerignore does not know: no image may have them.
  function newCertificate(): string {
    const what = ['-newkey', 'rsa:2048', '-nodes', '-days', '3', '-subj', '/CN=shop.test'];
    const names = ['-addext', 'subjectAltName=DNS:shop.test'];
    const to = ['-keyout', file('served-key'), '-out', file('served-chain')];
    execFileSync('openssl', ['req', '-x509', ...what, ...names, ...to], { stdio: 'ignore' });
    return readFileSync(file('served-chain'), 'utf8');
  }
  function servedFingerprint(): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername: 'shop.test', rejectUnauthorized: false };
      const socket = tls.connect(options, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }

  beforeAll(async () => {
    [port, plainPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
    newCertificate();
    writeFileSync(
      file('deploykit.toml'),
      `name = "live-tls"
[app]
module = "s1:app"
[server]
port = ${port}
async = 20
processes = 2
[image]
base = "${EL_BASE}"
[front]
kind = "nginx"
server_name = ["shop.test"]
tls_certificate = "${file('served-chain')}"
tls_key = "${file('served-key')}"
http_port = ${plainPort}
hsts = 86400
challenge_dir = "${challenges}"
`,
    );
    const { json, stderr, stdout } = await deploykit('up');
    expect(json?.ok, stderr + stdout).toBe(true);
    expect(json.data.url).toBe(`https://127.0.0.1:${port}`);
  });
  afterAll(async () => {
    await deploykit('down', '--purge');
    for (const each of [dir, away]) rmSync(each, { recursive: true, force: true });
  });

  it('serves HTTPS, sends HTTP on to it, and says so to browsers once', async () => {
    const secured = await get(https, {
      port,
      servername: 'shop.test',
      ca: readFileSync(file('served-chain')),
    });
    expect(secured).toMatchObject({ status: 200, body: 'https\n' });
    expect(secured.headers['strict-transport-security']).toBe('max-age=86400');
    const plain = await get(http, { port: plainPort, path: '/a?b=c' });
    expect(plain).toMatchObject({ status: 308, headers: { location: `https://shop.test:${port}/a?b=c` } });
    const old = { port, servername: 'shop.test', rejectUnauthorized: false, maxVersion: 'TLSv1.1' as const };
    await expect(get(https, old)).rejects.toThrow(/alert|version|protocol/i);
  });

  it('nobody but nginx can read the key', () => {
    const key = readFileSync(file('served-key'), 'utf8').split('\n').slice(1, 4);
    const front = 'deploykit-live-tls.front';
    const all = docker('ps', '-aq', '--filter', 'label=dev.deploykit.name=live-tls').split('\n');
    const image = docker('inspect', '-f', '{{.Config.Image}}', all.find((id) => !isFront(id)) ?? '');
    const said = docker('inspect', image, ...all) + docker('history', '--no-trunc', image);
    expect(key.filter((line) => said.includes(line))).toEqual([]);
    expect(docker('run', '--rm', '--entrypoint', 'ls', image, '/app')).toBe(
      'deploykit.toml\nrequirements.txt\ns1.py',
    );
    const place = '/etc/deploykit-front/current/tls-key.pem';
    expect(docker('exec', front, 'stat', '-L', '-c', '%a %u', place)).toBe('400 10001');
    for (const id of all.filter((one) => !isFront(one)))
      expect(docker('inspect', '-f', '{{json .Mounts}}', id)).not.toContain('live-tls.site');

    function isFront(id: string): boolean {
      return docker('inspect', '-f', '{{.Name}}', id) === `/${front}`;
    }
  });

  it('bench trusts the certificate that was given, and shows none', async () => {
    const { json, stderr } = await deploykit('bench', '--no-wave', '--requests', '20', '--concurrency', '2');
    expect(json?.data?.throughput, stderr).toMatchObject({ requests: 20, errors: {} });
    expect(json.data.endpoint).toMatchObject({
      tls: true,
      hostHeader: 'shop.test',
      url: `https://127.0.0.1:${port}`,
    });
    expect(JSON.stringify(json)).not.toContain('BEGIN');
  });

  it('a renewed certificate is taken over by up, without a new release and without a lost request', async () => {
    const before = readFileSync(file('served-chain'), 'utf8');
    const { endpoint, release } = (await deploykit('status')).json.data;
    const after = newCertificate();
    const target = {
      ...{ endpoint: { ...endpoint, trusted: before + after }, path: '/', method: 'GET' },
      ...{ headers: {}, timeoutMs: 30_000 },
    };
    const { count, outcome } = await loadDuring({ target, rate: 20, keepAlive: true, marginMs: 500 }, () =>
      deploykit('up'),
    );
    expect(count).toMatchObject({ failed: 0, errors: {} });
    expect(outcome).toMatchObject({ value: { json: { data: { changed: true, release } } } });
    expect(await servedFingerprint()).toBe(new X509Certificate(after).fingerprint256);
    expect((await deploykit('up')).json.data).toMatchObject({ changed: false, release });
  });

  describeWith('acme', 'with an ACME client of the user', () => {
    it('answers its challenges, and serves what it was given', async () => {
      const authority = await startAcme(path.join(away, 'acme'), plainPort);
      try {
        const issued = authority.issue('shop.test', challenges);
        cpSync(path.join(issued, 'fullchain.pem'), file('served-chain'), { dereference: true });
        cpSync(path.join(issued, 'privkey.pem'), file('served-key'), { dereference: true });
      } finally {
        authority.stop();
      }
      expect((await deploykit('up')).json).toMatchObject({ ok: true, data: { changed: true } });
      const chain = new X509Certificate(readFileSync(file('served-chain')));
      expect(chain.issuer).toContain('Pebble');
      expect(await servedFingerprint()).toBe(chain.fingerprint256);
    });
  });

  it('a key of another certificate is refused, and what served goes on', async () => {
    const served = await servedFingerprint();
    const key = readFileSync(file('served-key'), 'utf8');
    newCertificate();
    writeFileSync(file('served-key'), key);
    const { json, exitCode } = await deploykit('up');
    expect(exitCode).toBe(2);
    expect(json.error).toMatchObject({ code: 'DK_CONFIG_INVALID', file: file('served-key') });
    expect(await servedFingerprint()).toBe(served);
  });
});

interface Answer {
  status: number | undefined;
  headers: http.IncomingHttpHeaders;
  body: string;
}

function get(protocol: typeof http | typeof https, options: https.RequestOptions): Promise<Answer> {
  const asked = { host: '127.0.0.1', headers: { Host: 'shop.test' }, agent: false, ...options };
  return new Promise((resolve, reject) => {
    const request = protocol.get(asked, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    request.on('error', reject);
  });
}
