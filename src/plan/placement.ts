import type { Project } from '../project/types.js';
import { UWSGI_VERSION } from '../uwsgi/options.js';
import { hardening } from './hardening.js';
import type { ContainerPlan, Decision, FrontPlan, ServerPlan, ServicePlan } from './types.js';

/** The port the server has inside its container; what is published is `Plan.port`. */
export const CONTAINER_PORT = 8000;
/** The port of a front's container where plain HTTP is sent on to HTTPS. */
export const CONTAINER_PLAIN_PORT = 8080;

/** So many of the largest bodies find room in a container's /tmp at once: frameworks write an upload into a file there. */
export const UPLOADS = 4;
const LEAST_TMP = parseSize('256m');

type Server = Omit<ServerPlan, 'settings'>;

/**
 * The container of the docker target `name`.
 * @param running how many replicas serve now, or null.
 */
export function planContainer(
  project: Project,
  name: string,
  server: Server,
  front: FrontPlan | null,
  running: number | null,
): ContainerPlan {
  const limits = project.target[name];
  return {
    name: `deploykit-${project.name}`,
    containerPort: CONTAINER_PORT,
    memoryBytes: limits?.memory ? parseSize(limits.memory) : null,
    cpus: limits?.cpus ?? null,
    pidsLimit: tasksOf(server),
    nofile: descriptorsOf(server),
    tmpBytes: Math.max(LEAST_TMP, front ? UPLOADS * parseSize(front.bodyLimit) : 0),
    replicas: limits?.replicas ?? running ?? 1,
    volumes: (limits?.volumes ?? []).map(volumeOf),
    network: limits?.network ?? null,
    releaseCommand: project.app.release_command ?? null,
    keep: limits?.keep ?? 5,
  };
}

function volumeOf(text: string): ContainerPlan['volumes'][number] {
  const [source = '', target = '', mode] = text.split(':');
  return { source, target, readOnly: mode === 'ro' };
}

/** Why a container's /tmp is as large as it is. */
export function tmpDecision({ tmpBytes }: ContainerPlan, front: FrontPlan): Decision {
  const least = `and at least ${wholeMegabytes(LEAST_TMP)} MB`;
  const why = `${UPLOADS} bodies of ${front.bodyLimit} at once, ${least}; what is in it counts as memory`;
  return { what: '/tmp', value: `${wholeMegabytes(tmpBytes)} MB`, why };
}

/** Why there are so many replicas: what the project file says, else what `scale` made of them. */
export function replicasDecision(project: Project, name: string, running: number | null): Decision {
  const asked = project.target[name]?.replicas;
  const what = 'replicas';
  if (asked !== undefined) return { what, value: String(asked), why: `[target.${name}] replicas` };
  if (running === null) return { what, value: '1', why: `default; [target.${name}] replicas, or scale` };
  return { what, value: String(running), why: 'as many as serve now; the project file does not say' };
}

/**
 * The service of the systemd target `name`.
 * @param publicSocket `address:port`, or the path of a socket where nginx has the port.
 */
export function planService(
  project: Project,
  name: string,
  publicSocket: string,
  server: Server,
): ServicePlan {
  const settings = project.target[name];
  const { memory, cpus } = settings ?? {};
  return {
    listenStream: publicSocket,
    workingDirectory: project.app.dir === '.' ? 'app' : `app/${project.app.dir}`,
    nofile: descriptorsOf(server),
    tasks: tasksOf(server),
    limits: [
      ...(memory ? [`MemoryMax=${parseSize(memory)}`] : []),
      ...(cpus ? [`CPUQuota=${Math.round(cpus * 100)}%`] : []),
    ],
    hardening: hardening(settings?.relax ?? []),
    uwsgiVersion: UWSGI_VERSION,
    build: settings?.build ?? 'host',
    wheelhouse: settings?.wheelhouse ?? null,
    releaseCommand: project.app.release_command ?? null,
    keep: settings?.keep ?? 5,
  };
}

// Workers, their threads, gevent's resolver pool (10 a worker), the watchdog's timer, and room for the app's own children.
function tasksOf({ processes, threads }: Server): number {
  return 64 + processes * (threads + 30);
}

// A request may hold a few descriptors: client, database, upstream.
function descriptorsOf(server: Server): number {
  return Math.max(4096, 1024 + 4 * Math.max(server.async, server.threads));
}

/** `address:port` with brackets for IPv6. */
export function socketAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Megabytes (powers of 1024) in which so many bytes find room. */
export function wholeMegabytes(bytes: number): number {
  return Math.ceil(bytes / parseSize('1m'));
}

/** Bytes of `512m`, `2g`, `65536k` (powers of 1024). */
export function parseSize(size: string): number {
  const factor = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[size.slice(-1).toLowerCase()] ?? 1;
  return Number.parseInt(size, 10) * factor;
}
