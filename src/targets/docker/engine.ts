import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';

/** An engine that answered. */
export interface Engine {
  docker: Docker;
  /** How it was found, for people: `DOCKER_HOST tcp://…`. */
  found: string;
  /** True for a unix socket: ports it publishes are on this machine. */
  local: boolean;
}

interface Candidate {
  address: string;
  source: string;
}

const ANSWER_MS = 5000;

/**
 * The first engine that answers: flag or target setting, DOCKER_HOST, the current docker context, the usual sockets.
 * An address that was named by the user is not passed over when it does not answer.
 * @throws DeploykitError DK_ENGINE_MISSING, listing what was tried.
 */
export async function connectEngine(
  asked: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Engine> {
  const { default: DockerClient } = await import('dockerode');
  const tried: string[] = [];
  for (const candidate of candidates(asked, env)) {
    try {
      const docker = new DockerClient(clientOptions(candidate.address, env));
      await withDeadline(docker.ping());
      return {
        docker,
        found: `${candidate.source} ${candidate.address}`,
        local: candidate.address.startsWith('unix:'),
      };
    } catch (error) {
      if (error instanceof DeploykitError) throw error;
      tried.push(`${candidate.source} ${candidate.address}: ${(error as Error).message}`);
    }
  }
  throw new DeploykitError('DK_ENGINE_MISSING', 'no Docker engine answers', {
    hint: 'Start one (on Debian: docker/engine.sh start, or systemctl start docker), or run without: deploykit up -t process',
    excerpt: tried.join('\n'),
  });
}

function candidates(asked: string | undefined, env: NodeJS.ProcessEnv): Candidate[] {
  if (asked) return [{ address: asked, source: 'setting' }];
  if (env['DOCKER_HOST']) return [{ address: env['DOCKER_HOST'], source: 'DOCKER_HOST' }];
  const context = contextAddress(env);
  if (context) return [context];
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    path.join(os.homedir(), '.docker/run/docker.sock'),
    ...(runtime ? [`${runtime}/docker.sock`] : []),
  ].map((file) => ({ address: `unix://${file}`, source: 'socket' }));
}

// `docker context use` keeps the choice in config.json and each context under the SHA-256 of its name.
function contextAddress(env: NodeJS.ProcessEnv): Candidate | null {
  const folder = env['DOCKER_CONFIG'] ?? path.join(os.homedir(), '.docker');
  const name = env['DOCKER_CONTEXT'] ?? readJson(path.join(folder, 'config.json'))?.['currentContext'];
  if (typeof name !== 'string' || name === '' || name === 'default') return null;
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(path.join(folder, 'contexts/meta', id, 'meta.json')) as {
    Endpoints?: { docker?: { Host?: string } };
  } | null;
  const host = meta?.Endpoints?.docker?.Host;
  if (!host) {
    throw new DeploykitError('DK_ENGINE_MISSING', `the docker context "${name}" has no address`, {
      hint: 'Choose another with `docker context use`, or set DOCKER_HOST.',
    });
  }
  return { address: host, source: `context ${name}` };
}

function readJson(file: string): Record<string, unknown> | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new DeploykitError('DK_ENGINE_MISSING', 'the docker client configuration cannot be read', {
      file,
      hint: 'Mend the file, or set DOCKER_HOST.',
      cause: error,
    });
  }
}

function clientOptions(address: string, env: NodeJS.ProcessEnv): Docker.DockerOptions {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'ssh:') {
    throw new DeploykitError('DK_ENGINE_MISSING', 'an engine over ssh:// is not reached directly', {
      hint: 'Forward its socket with your own ssh, which checks host keys: ssh -NL /tmp/docker.sock:/var/run/docker.sock HOST, then DOCKER_HOST=unix:///tmp/docker.sock',
    });
  }
  if (!url || !['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    throw new DeploykitError('DK_ENGINE_MISSING', `"${address}" is not an engine address`, {
      hint: 'Use unix:///path/to/docker.sock or tcp://host:port.',
    });
  }
  const tls = url.protocol === 'https:' || Boolean(env['DOCKER_TLS_VERIFY']);
  const base = { host: url.hostname, port: Number(url.port || (tls ? 2376 : 2375)) };
  if (!tls) return { ...base, protocol: 'http' };
  const certs = env['DOCKER_CERT_PATH'] ?? path.join(os.homedir(), '.docker');
  const pem = (name: string): string => readFileSync(path.join(certs, name), 'utf8');
  return { ...base, protocol: 'https', ca: pem('ca.pem'), cert: pem('cert.pem'), key: pem('key.pem') };
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
