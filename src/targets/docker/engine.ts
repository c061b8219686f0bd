import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';
import type { SshConnection } from '../../host/ssh-connection.js';
import type { TargetContext } from '../target.js';
import { type EngineAddress, type EngineWish, engineAddresses, parseSshAddress } from './engine-address.js';
import { engineConnection, engineRelay } from './engine-ssh.js';
import { tcpClientOptions } from './engine-tcp.js';
import { watchForLoss } from './lost.js';

/** An engine that answered. */
export interface Engine {
  docker: Docker;
  /** How it was found, for people: `DOCKER_HOST tcp://…`. */
  found: string;
  /** True for a unix socket: ports it publishes are on this machine. */
  local: boolean;
  /** Over ssh: its host, and a way from a port of this machine to an address there. */
  ssh: Pick<SshConnection, 'name' | 'forward'> | null;
}

const ANSWER_MS = 5000;
// A login there and the start of a command come first.
const ANSWER_SSH_MS = 20_000;

/** What is asked for, and the ssh configuration to use instead of the user's own. */
interface EngineRequest extends EngineWish {
  sshConfig?: string | undefined;
}

/** What a target asks for; the flag goes before the project file. @throws DeploykitError DK_CONFIG_INVALID. */
export function engineRequest({ project, dockerHost }: TargetContext, target: string): EngineRequest {
  const { docker_host: host, docker_context: context, ssh_config: sshConfig } = project.target[target] ?? {};
  if (host !== undefined && context !== undefined) {
    throw new DeploykitError('DK_CONFIG_INVALID', `[target.${target}] has docker_host and docker_context`, {
      hint: 'Keep one of them: each names an engine.',
    });
  }
  return { host: dockerHost ?? host, context, sshConfig };
}

/**
 * The first engine that answers, of those docker's own client would use.
 * An address that was named by the user is not passed over when it does not answer. From then on a connection that breaks
 * is DK_ENGINE_LOST.
 * @throws DeploykitError DK_ENGINE_MISSING, listing what was tried; DK_ENGINE_DENIED; DK_HOST_UNREACHABLE over ssh.
 */
export async function connectEngine(
  { sshConfig, ...wish }: EngineRequest,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Engine> {
  const tried: { where: string; error: NodeJS.ErrnoException }[] = [];
  for (const candidate of engineAddresses(wish, env)) {
    try {
      const engine = await connect(candidate, sshConfig);
      watchForLoss(engine.docker);
      return engine;
    } catch (error) {
      if (error instanceof DeploykitError) throw error;
      tried.push({ where: `${candidate.source} ${candidate.address}`, error: error as Error });
    }
  }
  const excerpt = tried.map(({ where, error }) => `${where}: ${error.message}`).join('\n');
  const denied = tried.find(({ error }) => error.code === 'EACCES');
  if (denied) {
    throw new DeploykitError('DK_ENGINE_DENIED', 'this user may not use the Docker engine', {
      hint: 'Join the group of its socket: sudo usermod -aG docker YOUR_LOGIN (that is as good as root), then log in anew.',
      excerpt,
    });
  }
  throw new DeploykitError('DK_ENGINE_MISSING', 'no Docker engine answers', {
    hint: 'Start one (on Debian: docker/engine.sh start, or systemctl start docker), or run without: deploykit up -t process',
    excerpt,
  });
}

async function connect(candidate: EngineAddress, sshConfig: string | undefined): Promise<Engine> {
  const { address, source } = candidate;
  const found = `${source} ${address}`;
  if (address.startsWith('ssh://')) return connectOverSsh(address, found, sshConfig);
  const local = address.startsWith('unix://');
  const docker = await client(
    local ? { socketPath: address.slice('unix://'.length) } : tcpClientOptions(candidate),
  );
  await withDeadline(docker.ping(), ANSWER_MS);
  return { docker, found, local, ssh: null };
}

async function connectOverSsh(
  address: string,
  found: string,
  sshConfig: string | undefined,
): Promise<Engine> {
  const parts = parseSshAddress(address);
  const ssh = engineConnection(parts, sshConfig);
  await ssh.open();
  const relay = await engineRelay(ssh, parts);
  const docker = await client({ socketPath: relay.path });
  try {
    await withDeadline(docker.ping(), ANSWER_SSH_MS);
  } catch (error) {
    throw relay.failure() ?? error;
  }
  return { docker, found, local: false, ssh };
}

// docker-modem fills in from DOCKER_HOST and its fellows what it is not told; here they have been heard already.
const UNTOLD = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  username: undefined,
  protocol: 'http',
  ca: undefined,
  cert: undefined,
  key: undefined,
} as const;

async function client(options: Docker.DockerOptions): Promise<Docker> {
  const { default: DockerClient } = await import('dockerode');
  return new DockerClient({ ...UNTOLD, ...options });
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
