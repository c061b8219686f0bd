import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '../../src/host/ports.js';

/** Let's Encrypt's test server, for which every name is this machine. */
export interface AcmeServer {
  /** Has a certificate made by an ordinary client; returns the folder with fullchain.pem and privkey.pem. */
  issue(name: string, challenges: string): string;
  stop(): void;
}

/** Starts one that asks for its challenges on a port of this machine. */
export async function startAcme(folder: string, httpPort: number): Promise<AcmeServer> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const to = ['-keyout', file('tls.key'), '-out', file('tls.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...names, ...to], {
    stdio: 'ignore',
  });
  const [port, management, dns, dnsManagement] = [
    await freePort('127.0.0.1'),
    await freePort('127.0.0.1'),
    await freePort('127.0.0.1'),
    await freePort('127.0.0.1'),
  ];
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${management}` },
    ...{ certificate: file('tls.pem'), privateKey: file('tls.key'), httpPort, tlsPort: 1 },
  };
  writeFileSync(file('pebble.json'), JSON.stringify({ pebble }));
  const off = ['http01', 'https01', 'tlsalpn01'].flatMap((kind) => [`-${kind}`, '']);
  const resolver = spawn(
    'pebble-challtestsrv',
    [...off, '-defaultIPv6', '', '-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`],
    { stdio: 'ignore' },
  );
  // It refuses one nonce in twenty and sleeps before it asks, on purpose.
  const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' };
  const asked = ['-config', file('pebble.json'), '-dnsserver', `127.0.0.1:${dns}`];
  const server = spawn('pebble', asked, { stdio: 'ignore', env });
  const all: ChildProcess[] = [resolver, server];
  const stop = (): void => {
    for (const child of all) child.kill();
  };
  await answering(port);
  return {
    stop,
    issue: (name, challenges) => {
      const config = file('dehydrated');
      const settings = {
        ...{ CA: `https://localhost:${port}/dir`, CURL_OPTS: `--cacert ${file('tls.pem')}`, BASEDIR: folder },
        ...{ CHALLENGETYPE: 'http-01', WELLKNOWN: challenges, CONTACT_EMAIL: `me@${name}` },
      };
      const lines = Object.entries(settings).map(([key, value]) => `${key}="${value}"\n`);
      writeFileSync(config, lines.join(''));
      execFileSync('dehydrated', ['--register', '--accept-terms', '-f', config], { stdio: 'pipe' });
      execFileSync('dehydrated', ['-c', '-f', config, '-d', name], { stdio: 'pipe' });
      return path.join(folder, 'certs', name);
    },
  };
}

async function answering(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (answers) return;
    if (Date.now() > deadline) throw new Error('the ACME server does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
