import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';

/** The stand-in for CentOS Stream 9 that docker/el9-like/build.sh makes. */
export const EL_BASE = 'deploykit/el9-like:9';
/** The stand-in for debian:12-slim. */
export const DEBIAN_BASE = 'deploykit/debian-like:12';

const RIGS = {
  docker: {
    provide: 'docker/engine.sh start && docker/el9-like/build.sh',
    there: () => answers('docker', ['image', 'inspect', EL_BASE, DEBIAN_BASE]),
  },
  process: {
    provide: 'apt-get install python3 python3-venv python3-dev gcc libc6-dev',
    there: () => answers('python3', ['-c', 'import venv, ensurepip']) && answers('gcc', ['--version']),
  },
  uwsgi: {
    provide: 'apt-get install uwsgi-core uwsgi-plugin-python3 uwsgi-plugin-gevent-python3',
    there: () => answers('uwsgi-core', ['--plugins', 'python3,gevent_python3', '--version']),
  },
  vm: {
    provide: 'test/rigs/vm/build.sh',
    there: () =>
      existsSync(path.join(process.env['DEPLOYKIT_VM_DIR'] ?? '/var/cache/deploykit-vm', 'ready.qcow2')),
  },
  ab: { provide: 'apt-get install apache2-utils', there: () => answers('ab', ['-V']) },
  nginx: { provide: 'apt-get install nginx-light', there: () => answers('nginx', ['-v']) },
  quadlet: {
    provide: 'Podman 5 (its generator: /usr/libexec/podman/quadlet), not in Debian 12',
    there: () => quadletGenerator() !== null,
  },
  sshd: {
    provide: 'apt-get install openssh-server && mkdir -p /run/sshd',
    there: () => existsSync('/usr/sbin/sshd') && existsSync('/run/sshd'),
  },
  acme: {
    provide: 'apt-get install pebble dehydrated',
    there: () => answers('dehydrated', ['--version']) && existsSync('/usr/bin/pebble'),
  },
  systemd: { provide: 'apt-get install systemd', there: () => answers('systemd-analyze', ['--version']) },
} as const;

export type Rig = keyof typeof RIGS;

const required = (process.env['DEPLOYKIT_REQUIRE'] ?? '').split(',');

/** describe, when the rig is there; else skipped loudly, or a failure where DEPLOYKIT_REQUIRE names the rig. */
export function describeWith(rig: Rig, title: string, body: () => void): void {
  if (RIGS[rig].there()) {
    describe(title, body);
    return;
  }
  const message = `the rig "${rig}" is missing; provide it with: ${RIGS[rig].provide}`;
  if (required.includes(rig)) {
    it(`${title}: ${message}`, () => {
      throw new Error(message);
    });
    return;
  }
  process.stderr.write(`SKIPPED ${title}: ${message}\n`);
  describe.skip(title, body);
}

/** docker CLI for looking from outside at what the product made; stdout trimmed. */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** The volumes of a deployment; what happened to it is kept until `down --purge`. */
export function volumesOf(name: string): string[] {
  const names = docker('volume', 'ls', '-q', '--filter', `name=deploykit-${name}.`).split('\n');
  return names.filter((volume) => volume !== '' && !volume.endsWith('.journal'));
}

/** The program that makes services of Quadlet units, or null. */
export function quadletGenerator(): string | null {
  const places = ['/usr/libexec/podman/quadlet', '/usr/lib/podman/quadlet', 'quadlet'];
  return places.find((command) => answers(command, ['-version'])) ?? null;
}

function answers(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
