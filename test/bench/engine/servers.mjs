// The servers that the generators are compared on, each alone on a core of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SERVER_CORE = '0';
const SLOW_SERVER = fileURLToPath(new URL('slow-server.mjs', import.meta.url));

/** One nginx worker that answers 200 bytes; `use` gets `{ port, pid }` of it. */
export async function withNginx(use) {
  const folder = await mkdtemp(join(tmpdir(), 'deploykit-nginx-'));
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  await writeFile(config, nginxConf(folder, port));
  const nginx = pinned('nginx', ['-p', folder, '-e', join(folder, 'error.log'), '-c', config]);
  try {
    return await whileRunning(nginx, port, async () => use({ port, pid: await childOf(nginx.pid) }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A server that answers after `delayMs`. */
export async function withSlowServer(delayMs, use) {
  const port = await freePort();
  const server = pinned(process.execPath, [SLOW_SERVER, String(port), String(delayMs)]);
  return await whileRunning(server, port, () => use({ port, pid: server.pid }));
}

function pinned(program, argv) {
  return spawn('taskset', ['-c', SERVER_CORE, program, ...argv], { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function whileRunning(server, port, use) {
  const ended = once(server, 'exit');
  try {
    await untilListening(port);
    return await use();
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

/** CPU time a process has used, ms. */
export async function cpuMs(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // After the name, which may hold spaces: utime and stime are the 14th and 15th field of proc(5), in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** nginx's worker: its master only waits. */
async function childOf(pid) {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid)]);
  return Number(stdout);
}

function nginxConf(folder, port) {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off; worker_processes 1; pid ${folder}/pid;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 100000000; ${temp.join(' ')}
  server { listen 127.0.0.1:${port}; location / { default_type text/plain; return 200 "${'x'.repeat(200)}"; } }
}
`;
}

async function freePort() {
  const server = createTcp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port) {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    const up = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (up) return;
    await sleep(20);
  }
  throw new Error(`nothing listens on port ${port} after 5 s`);
}
