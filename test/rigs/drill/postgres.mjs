// A PostgreSQL of its own: a scratch folder, a free port of 127.0.0.1, a socket that any user of this machine reaches
// and a password that it asks for. Debian's package `postgresql` has the programs.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const DEBIAN = '/usr/lib/postgresql';
const START_MS = 30_000;

/** Starts a server with one database and its owner, both named `drill`. @throws Error when the package is missing. */
export async function startPostgres(password) {
  const bin = programs();
  const owner = serverUser();
  const root = mkdtempSync(path.join(os.tmpdir(), 'deploykit-postgres-'));
  const [data, sockets, secret] = ['data', 'sockets', 'password'].map((name) => path.join(root, name));
  mkdirSync(sockets);
  writeFileSync(secret, password, { mode: 0o600 });
  for (const each of [root, sockets, secret])
    if (owner.uid !== undefined) chownSync(each, owner.uid, owner.gid);
  for (const each of [root, sockets]) chmodSync(each, 0o755);
  const run = (program, ...args) =>
    execFileSync(path.join(bin, program), args, {
      ...owner,
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  run('initdb', '-D', data, '-U', 'drill', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8');
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: sockets,
    max_connections: 300,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const stdio = ['ignore', 'ignore', 'inherit'];
  const server = spawn(path.join(bin, 'postgres'), ['-D', data, '-c', 'log_min_messages=fatal', ...options], {
    ...owner,
    cwd: root,
    stdio,
  });
  const psql = (database, sql) =>
    execFileSync(path.join(bin, 'psql'), ['-h', sockets, '-p', port, '-U', 'drill', '-Atqc', sql, database], {
      env: { PGPASSWORD: password },
      encoding: 'utf8',
    }).trim();
  await accepts(sockets, port, server);
  psql('postgres', 'CREATE DATABASE drill');
  return {
    sockets,
    port,
    query: (sql) => psql('drill', sql),
    async stop() {
      server.kill('SIGINT'); // fast: clients are cut off
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(root, { recursive: true });
    },
  };
}

function programs() {
  const [newest] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  if (newest) return path.join(DEBIAN, newest, 'bin');
  throw new Error('PostgreSQL is missing; provide it with: apt-get install postgresql');
}

// PostgreSQL does not run as root.
function serverUser() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function accepts(sockets, port, server) {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
    if (await connects(path.join(sockets, `.s.PGSQL.${port}`))) return;
    if (Date.now() > deadline) throw new Error('PostgreSQL does not listen');
    await pause(50);
  }
}

function connects(socket) {
  return new Promise((resolve) => {
    const client = net.connect(socket, () => {
      client.destroy();
      resolve(true);
    });
    client.on('error', () => resolve(false));
  });
}
