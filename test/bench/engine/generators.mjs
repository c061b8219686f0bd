// The generators, each a process of its own on the same core. All report `rate` (requests/s) and `cpuUs` (CPU time a
// request, µs), which does not depend on how much the server can take.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const CLIENT_CORE = String(Math.min(1, availableParallelism() - 1));
const run = promisify(execFile);
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

export const generators = {
  wrk,
  engine: (load) => node('engine-load.mjs', load),
  bare: (load) => node('bare-loop.mjs', load),
};

async function wrk({ port, connections, keepAlive, seconds }) {
  const close = keepAlive ? [] : ['-H', 'Connection: close'];
  const load = ['-t1', `-c${connections}`, `-d${seconds}s`, ...close, `http://127.0.0.1:${port}/`];
  // `times` of the shell: the CPU time of its ended children, which Node does not tell.
  const { stdout } = await pinned('sh', ['-c', '"$@"; times', 'sh', 'wrk', ...load]);
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(`wrk met errors:\n${stdout}`);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const [user, system] = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2).map(([, m, s]) => m * 60 + +s);
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    cpuUs: ((user + system) * 1e6) / requests,
  };
}

async function node(name, load) {
  const { stdout } = await pinned(process.execPath, [script(name), JSON.stringify(load)]);
  return JSON.parse(stdout);
}

function pinned(program, argv) {
  return run('taskset', ['-c', CLIENT_CORE, program, ...argv]);
}
