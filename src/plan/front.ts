import { DeploykitError } from '../errors.js';
import type { Project } from '../project/types.js';
import { baseImage } from './base-image.js';
import { CONTAINER_PLAIN_PORT, CONTAINER_PORT, socketAddress } from './placement.js';
import type { Decision, FrontPlan, FrontTls, MachineFacts, ServerPlan, TargetKind } from './types.js';

interface FrontInput {
  project: Project;
  target: { name: string; kind: TargetKind };
  server: Omit<ServerPlan, 'settings'>;
  facts: MachineFacts;
  port: number;
}

/** Where the front's container and those of the application share their sockets; `current` is a link to what serves. */
export const SOCKETS = '/run/deploykit-front';

// nginx gives up after the server has: what killed the request then stands in the log, and the client gets an answer.
const READ_MARGIN_S = 5;
// Room for clients that are between two requests or slow to send one: they cost a connection and no slot.
const IDLE_CONNECTIONS = 4096;

/**
 * Whether nginx takes the connections: on docker unless another answer is written, because an update of the one
 * container that has the port interrupts; on systemd, which holds the port itself, when asked for.
 * @throws DeploykitError DK_IMAGE_FAMILY.
 */
export function hasFront(project: Project, target: TargetKind): boolean {
  const { kind } = project.front;
  if (kind !== undefined) return kind === 'nginx' && target !== 'process';
  return target === 'docker' && packagesNginx(project);
}

// EL 7 has nginx in no repository of its own.
function packagesNginx({ image }: Project): boolean {
  return baseImage(image.base, image.family).packageManager !== 'yum';
}

/**
 * nginx before uWSGI, or null where uWSGI takes the connections itself.
 * @throws DeploykitError DK_CONFIG_INVALID for a certificate without its key.
 */
export function planFront(input: FrontInput): { front: FrontPlan | null; decisions: Decision[] } {
  const asked = input.project.front;
  if (!hasFront(input.project, input.target.kind)) {
    return { front: null, decisions: [{ what: 'front', value: 'none', why: whyNone(input) }] };
  }
  const { server } = input;
  const workers = Math.max(1, Math.min(4, Math.floor(input.facts.cpus)));
  const workerConnections = 2 * (server.slots + server.listen) + IDLE_CONNECTIONS;
  const front: FrontPlan = {
    kind: 'nginx',
    serverNames: asked.server_name,
    ...placeOf(input),
    tls: tlsOf(input),
    challenges: asked.challenge_dir ?? null,
    bodyLimit: asked.body_limit.toLowerCase(),
    headerBytes: Math.floor((input.project.server.buffer_size * 3) / 4),
    timeouts: {
      ...{ header: 15, body: 30, send: 30, keepAlive: 65, connect: 5 },
      read: server.timeouts.request + READ_MARGIN_S,
      retry: retryTime(server),
    },
    trustedProxies: asked.trusted_proxies,
    workers,
    workerConnections,
    // A connection, and a temporary file for what is buffered for it.
    nofile: 2 * workerConnections,
  };
  return { front, decisions: decisionsOf(front, input.project, server) };
}

// Sooner than a worker is ended for a request that never ends: the next worker would be, too.
function retryTime({ timeouts, hangTimeout }: FrontInput['server']): number {
  return Math.max(1, Math.min(timeouts.request, hangTimeout ?? timeouts.request) - 2);
}

function placeOf({ project, target, port }: FrontInput): Pick<FrontPlan, 'listen' | 'socket' | 'static'> {
  const { name, server } = project;
  const inContainer = target.kind === 'docker';
  return {
    listen: inContainer ? String(CONTAINER_PORT) : socketAddress(server.bind, port),
    socket: inContainer ? `${SOCKETS}/current/1.sock` : `/run/deploykit-${name}.sock`,
    // The front's container has no files of the project: there uWSGI serves them.
    static: inContainer
      ? []
      : Object.entries(server.static)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([prefix, folder]) => ({
            prefix: prefix.replace(/\/+$/, ''),
            folder: `/srv/${name}/current/app/${folder}`,
          })),
  };
}

function tlsOf({ project, target, port }: FrontInput): FrontTls | null {
  const { tls_certificate: certificate, tls_key: key, http_port: plain, hsts = null } = project.front;
  if (!certificate && !key) {
    if (plain === undefined && hsts === null) return null;
    const alone = plain === undefined ? 'hsts' : 'http_port';
    throw new DeploykitError('DK_CONFIG_INVALID', `[front] ${alone} is for a front with TLS`, {
      hint: 'Give tls_certificate and tls_key, or leave it out.',
    });
  }
  if (!certificate || !key) {
    throw new DeploykitError(
      'DK_CONFIG_INVALID',
      `[front] has ${key ? 'tls_key' : 'tls_certificate'} alone`,
      { hint: 'Give both tls_certificate and tls_key, or neither.' },
    );
  }
  if (plain === undefined) return { certificate, key, plain: null, hsts };
  if (port === 0 || port === plain) {
    throw new DeploykitError('DK_CONFIG_INVALID', '[front] http_port needs another, fixed [server] port', {
      hint: 'For example port = 443 and http_port = 80.',
    });
  }
  const listen =
    target.kind === 'docker' ? String(CONTAINER_PLAIN_PORT) : socketAddress(project.server.bind, plain);
  return { certificate, key, plain: { listen, port: plain }, hsts };
}

function whyNone({ project, target }: FrontInput): string {
  if (target.kind === 'process') return 'the process target serves directly, without nginx';
  if (target.kind === 'systemd')
    return project.front.kind ? 'asked for' : 'systemd holds the port while a release is replaced';
  const cost = 'an update refuses requests for a moment';
  return project.front.kind ? `asked for: ${cost}` : `${project.image.base} packages no nginx: ${cost}`;
}

function decisionsOf(front: FrontPlan, project: Project, server: FrontInput['server']): Decision[] {
  const { timeouts, headerBytes, workerConnections } = front;
  const { request } = server.timeouts;
  return [
    {
      what: 'front',
      value: `nginx${front.tls ? ', TLS' : ''}, uwsgi protocol to ${front.socket}`,
      why: `${project.front.kind ? 'asked for: ' : ''}an update loses no request, and slow clients take no slot`,
    },
    {
      what: 'front limits',
      value: `body ${front.bodyLimit}, headers ${headerBytes} bytes, read ${timeouts.read} s`,
      why: `headers fit into buffer_size ${project.server.buffer_size} with what nginx adds; read > request timeout ${request} s`,
    },
    {
      what: 'front connections',
      value: `${workerConnections} a worker`,
      why: `two for each of ${server.slots} slots and ${server.listen} waiting, and ${IDLE_CONNECTIONS} idle or slow`,
    },
  ];
}
