import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort } from '../../src/host/ports.js';

/** A login to this machine over ssh, by a server of its own. */
export interface Sshd {
  port: number;
  /** ssh configuration by which the host `engine` is this login, and `stranger` the same without a known key. */
  config: string;
  /** Breaks every connection, as a network that goes away does. */
  cut(): void;
  stop(): void;
}

/** Starts one in a folder, with keys of its own. @param path where the login finds commands; default: as it is set up. */
export async function startSshd(folder: string, { commands }: { commands?: string } = {}): Promise<Sshd> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
  const port = await freePort('127.0.0.1');
  const server = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: file('host'),
    AuthorizedKeysFile: file('user.pub'),
    PidFile: 'none',
    UsePAM: 'no',
    StrictModes: 'no',
    PasswordAuthentication: 'no',
    ...(commands ? { SetEnv: `PATH=${commands}` } : {}),
  };
  writeFileSync(file('sshd_config'), lines(server));
  const key = execFileSync('cut', ['-d ', '-f1,2', file('host.pub')], { encoding: 'utf8' });
  writeFileSync(file('known'), `[127.0.0.1]:${port} ${key}`);
  writeFileSync(file('nobody-known'), '');
  const client = { HostName: '127.0.0.1', Port: port, User: 'root', IdentityFile: file('user') };
  writeFileSync(
    file('config'),
    `Host engine\n${lines({ ...client, UserKnownHostsFile: file('known') })}` +
      `Host stranger\n${lines({ ...client, UserKnownHostsFile: file('nobody-known') })}`,
  );
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], { stdio: 'ignore' });
  await answering(port);
  return {
    port,
    config: file('config'),
    cut: () => {
      const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(daemon.pid)], { encoding: 'utf8' });
      for (const pid of children.trim().split(/\s+/)) process.kill(Number(pid), 'SIGKILL');
    },
    stop: () => {
      daemon.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lines(settings: Record<string, string | number>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

async function answering(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (greeted) return;
    if (Date.now() > deadline) throw new Error('sshd does not answer: is /run/sshd there?');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
