import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { CliOptions, CliResult } from '../../helpers/cli.js';
import type { Vm } from '../../helpers/vm.js';

/** The one deployment that the tests on a VM share; what is not there before the tests run is a function. */
export interface Deployment {
  /** The project folder. */
  dir: string;
  vm: () => Vm;
  /** A path in the project. */
  file(name: string): string;
  /** The command line, with `-t vm --json`. */
  deploykit(...args: string[]): Promise<CliResult>;
  up(options?: CliOptions): Promise<CliResult>;
  /** The release that serves. */
  release(): Promise<string>;
}

/** One GET on the VM itself; what it prints is the status. */
export const GET = `python3 -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:8000/", timeout=60).status)'`;

interface Load {
  stop(): Promise<{ sent: number; failed: number }>;
}

/** One request every 200 ms through a tunnel of its own, until stopped. */
export async function startLoad(vm: Vm): Promise<Load> {
  const port = await freePort();
  const ssh = spawn('ssh', ['-F', vm.config, '-N', '-L', `127.0.0.1:${port}:127.0.0.1:8000`, 'vm'], {
    stdio: 'ignore',
  });
  await expect.poll(() => get(port), { timeout: 20_000 }).toBe(true);
  const results: Promise<boolean>[] = [];
  const timer = setInterval(() => results.push(get(port)), 200);
  // Of a test that failed before it stopped its load, the next ones are told nothing.
  onTestFinished(() => {
    clearInterval(timer);
    ssh.kill();
  });
  return {
    stop: async () => {
      clearInterval(timer);
      const all = await Promise.all(results);
      ssh.kill();
      return { sent: all.length, failed: all.filter((ok) => !ok).length };
    },
  };
}

function get(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    http
      .get({ host: '127.0.0.1', port, agent: false, timeout: 60_000 }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 200));
      })
      .on('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
