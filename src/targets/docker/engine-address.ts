import os from 'node:os';
import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { currentContext, type DockerContext, dockerConfigFolder, readContext } from './context.js';

/** What was asked for, by a flag or in the project file. */
export interface EngineWish {
  /** As DOCKER_HOST. */
  host?: string | undefined;
  /** The name of a docker context. */
  context?: string | undefined;
}

/** TLS of a tcp address. */
export interface EngineTls {
  /** Folder of ca.pem, cert.pem and key.pem, if there is one. */
  folder: string | null;
  /** The engine's certificate is checked, against ca.pem or the usual authorities. */
  verify: boolean;
  /** Files that are not there are done without, as docker's own client does in its default folder. */
  optional: boolean;
}

/** Where an engine may be. */
export interface EngineAddress {
  address: string;
  /** Who says so, for people. */
  source: string;
  tls: EngineTls | null;
}

/**
 * The addresses to try, in the order of docker's own client: what is asked for, DOCKER_HOST, DOCKER_CONTEXT, the context
 * in use; without any of them, the usual sockets.
 * @throws DeploykitError DK_ENGINE_MISSING for a context that is not there.
 */
export function engineAddresses({ host, context }: EngineWish, env: NodeJS.ProcessEnv): EngineAddress[] {
  if (host) return [{ address: host, source: 'setting', tls: tlsOfEnvironment(env) }];
  if (context) return [ofContext(readContext(context, env))];
  const named = env['DOCKER_HOST'];
  if (named) return [{ address: named, source: 'DOCKER_HOST', tls: tlsOfEnvironment(env) }];
  const current = currentContext(env);
  if (current) return [ofContext(current)];
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    path.join(os.homedir(), '.docker/run/docker.sock'),
    ...(runtime ? [`${runtime}/docker.sock`] : []),
  ].map((file) => ({ address: `unix://${file}`, source: 'socket', tls: null }));
}

/** Whether an engine is on another machine, as far as its address tells. */
export function isElsewhere({ address }: EngineAddress): boolean {
  return !address.startsWith('unix://');
}

// DOCKER_TLS_VERIFY asks for TLS with a check, DOCKER_TLS for TLS without; any text that is not empty counts.
function tlsOfEnvironment(env: NodeJS.ProcessEnv): EngineTls | null {
  const verify = Boolean(env['DOCKER_TLS_VERIFY']);
  if (!verify && !env['DOCKER_TLS']) return null;
  const given = env['DOCKER_CERT_PATH'];
  return { folder: given || dockerConfigFolder(env), verify, optional: !given };
}

function ofContext({ name, address, certificates, unverified }: DockerContext): EngineAddress {
  const secured = certificates !== null || unverified;
  return {
    address,
    source: `context ${name}`,
    tls: secured ? { folder: certificates, verify: !unverified, optional: true } : null,
  };
}

/** The parts of `ssh://user@host:port/path/of.sock`. */
export interface SshAddress {
  host: string;
  user: string | undefined;
  port: number | undefined;
  /** The engine's socket on the host; undefined = what `docker` there uses. */
  socket: string | undefined;
}

/** Reads an ssh address. @throws DeploykitError DK_CONFIG_INVALID for parts that ssh does not take from an address. */
export function parseSshAddress(address: string): SshAddress {
  const url = URL.canParse(address) ? new URL(address) : null;
  const host = url ? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') : '';
  if (!url || host === '' || host.startsWith('-') || url.password || url.search || url.hash) {
    throw new DeploykitError('DK_CONFIG_INVALID', `"${withoutPassword(address)}" is not an ssh address`, {
      hint: 'Use ssh://user@host:port; a password is never part of it: ssh uses your keys and agent.',
    });
  }
  return {
    host,
    user: url.username ? decodeURIComponent(url.username) : undefined,
    port: url.port ? Number(url.port) : undefined,
    socket: url.pathname.replace(/\/+$/, '') || undefined,
  };
}

function withoutPassword(address: string): string {
  return address.replace(/:[^:@/]*@/, ':***@');
}
