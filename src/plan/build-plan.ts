import type { Project } from '../project/types.js';
import { planConcurrency } from './concurrency.js';
import { pipArguments, planImage } from './image.js';
import { planListen } from './listen.js';
import { planSettings } from './settings.js';
import { planTimeouts } from './timeouts.js';
import type { ContainerPlan, Decision, Layout, MachineFacts, Plan, ServerPlan, TargetKind } from './types.js';

interface PlanInput {
  project: Project;
  target: { name: string; kind: TargetKind; memory?: string | undefined; cpus?: number | undefined };
  facts: MachineFacts;
  layout: Layout;
  /** The public port; the process target has already replaced 0 by a free one. */
  port: number;
  /** Where the CA bundle lies in the build context, or null. */
  caFileInContext?: string | null;
}

/** The port the server has inside its container; what is published is `Plan.port`. */
const CONTAINER_PORT = 8000;

/**
 * Every decision, from the project and the facts of the machine that will run it. Pure: the same input gives the same
 * plan, so that a hash of it tells whether anything changed.
 * @throws DeploykitError DK_PLAN_*, DK_UWSGI_OPTION, DK_IMAGE_FAMILY, DK_CONFIG_INVALID.
 */
export function buildPlan(input: PlanInput): Plan {
  const { project, target, facts, layout } = input;
  const { concurrency, decisions: whyConcurrency } = planConcurrency(project.server, facts);
  const { timeouts, decisions: whyTimeouts } = planTimeouts(project.server);
  const { listen, decision: whyListen } = planListen(project.server.listen, concurrency.slots, facts);
  const inContainer = target.kind === 'docker';
  const image = inContainer ? planImage(project, input.caFileInContext ?? null) : null;
  const server = { ...concurrency, listen, timeouts };
  const httpSocket = inContainer
    ? `0.0.0.0:${CONTAINER_PORT}`
    : socketAddress(project.server.bind, input.port);
  const settings = planSettings({
    project,
    server,
    layout,
    httpSocket,
    masterFifo: target.kind !== 'docker',
  });
  return {
    schemaVersion: 1,
    name: project.name,
    target: { name: target.name, kind: target.kind },
    app: planApp(project),
    bind: project.server.bind,
    port: input.port,
    layout,
    server: { ...server, settings },
    image: image?.image ?? null,
    container: inContainer ? planContainer(project.name, target, server) : null,
    decisions: [
      ...whyConcurrency,
      whyListen,
      ...whyTimeouts,
      endpointDecision(project.server.bind, input.port),
      ...(image?.decisions ?? []),
    ],
  };
}

/** `address:port` with brackets for IPv6. */
export function socketAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function planApp(project: Project): Plan['app'] {
  const { app } = project;
  return {
    module: app.module,
    callable: app.callable,
    dir: app.dir,
    python: app.python,
    requirements: app.requirements,
    pipArguments: pipArguments(project),
    healthPath: app.health,
    hostHeader: app.host,
    env: Object.fromEntries(Object.entries(app.env).sort(([a], [b]) => (a < b ? -1 : 1))),
    envFile: app.env_file ?? null,
    secretNames: [...app.secrets].sort(),
  };
}

function planContainer(
  name: string,
  target: PlanInput['target'],
  server: Omit<ServerPlan, 'settings'>,
): ContainerPlan {
  return {
    name: `deploykit-${name}`,
    containerPort: CONTAINER_PORT,
    memoryBytes: target.memory ? parseSize(target.memory) : null,
    cpus: target.cpus ?? null,
    // Workers, their threads, gevent's resolver pool (10 a worker) and room for the app's own children.
    pidsLimit: 64 + server.processes * (server.threads + 30),
    // A request may hold a few descriptors: client, database, upstream.
    nofile: Math.max(4096, 1024 + 4 * Math.max(server.async, server.threads)),
  };
}

/** Bytes of `512m`, `2g`, `65536k` (powers of 1024). */
export function parseSize(size: string): number {
  const factor = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[size.slice(-1).toLowerCase()] ?? 1;
  return Number.parseInt(size, 10) * factor;
}

function endpointDecision(bind: string, port: number): Decision {
  const shown = port === 0 ? `${bind}, a free port` : socketAddress(bind, port);
  const why =
    bind === '127.0.0.1' || bind === '::1'
      ? 'loopback only; set [server] bind to serve other machines'
      : 'reachable from other machines';
  return { what: 'listens on', value: shown, why };
}
