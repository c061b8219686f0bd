import { DeploykitError } from '../errors.js';
import type { Project } from '../project/types.js';
import { planConcurrency } from './concurrency.js';
import { hasFront, planFront } from './front.js';
import { planHang } from './hang.js';
import { planImage } from './image.js';
import { planListen } from './listen.js';
import { pipInstalls } from './pip-installs.js';
import {
  CONTAINER_PORT,
  planContainer,
  planService,
  replicasDecision,
  socketAddress,
  tmpDecision,
} from './placement.js';
import { planSettings, type ServerSocket } from './settings.js';
import { planTimeouts } from './timeouts.js';
import type { Decision, FrontPlan, Layout, MachineFacts, Plan, TargetKind } from './types.js';

interface PlanInput {
  project: Project;
  target: { name: string; kind: TargetKind };
  facts: MachineFacts;
  layout: Layout;
  /** The public port; the process target has already replaced 0 by a free one. */
  port: number;
  /** How many replicas serve there now, or null; they stay as many when the project file does not say. */
  replicas?: number | null;
  /** Where the CA bundle lies in the build context, or null. */
  caFileInContext?: string | null;
}

/**
 * Every decision, from the project and the facts of the machine that will run it. Pure: the same input gives the same
 * plan, so that a hash of it tells whether anything changed.
 * @throws DeploykitError DK_PLAN_*, DK_UWSGI_OPTION, DK_IMAGE_FAMILY, DK_CONFIG_INVALID.
 */
export function buildPlan(input: PlanInput): Plan {
  const { project, target, facts, layout } = input;
  refuseUnused(project, target.kind);
  refuseTwoWheelhouses(project, target.name);
  const inContainer = target.kind === 'docker';
  const { concurrency, decisions: whyConcurrency } = planConcurrency(project.server, facts);
  const { timeouts, decisions: whyTimeouts } = planTimeouts(project.server);
  const { listen, decision: whyListen } = planListen(
    project.server.listen,
    concurrency.slots,
    facts,
    hasFront(project, target.kind),
  );
  const image = inContainer ? planImage(project, input.caFileInContext ?? null) : null;
  const { hangTimeout, decision: whyHang } = planHang(project.server, concurrency.topology);
  const server = { ...concurrency, listen, timeouts, hangTimeout };
  const { front, decisions: whyFront } = planFront({ ...input, server });
  const publicSocket = front?.socket ?? socketAddress(project.server.bind, input.port);
  const settings = planSettings({
    project,
    server,
    layout,
    sockets: socketsOf(input, front),
    masterFifo: target.kind !== 'docker' || project.server.max_requests > 0,
  });
  const container = inContainer
    ? planContainer(project, target.name, server, front, input.replicas ?? null)
    : null;
  return {
    schemaVersion: 1,
    name: project.name,
    target: { name: target.name, kind: target.kind },
    app: planApp(project, layout, front),
    bind: project.server.bind,
    port: input.port,
    layout,
    server: { ...server, settings },
    image: image?.image ?? null,
    container,
    service: target.kind === 'systemd' ? planService(project, target.name, publicSocket, server) : null,
    front,
    decisions: [
      ...whyConcurrency,
      whyListen,
      ...whyTimeouts,
      whyHang,
      ...whyFront,
      ...(front && container
        ? [tmpDecision(container, front), replicasDecision(project, target.name, input.replicas ?? null)]
        : []),
      ...recycleDecision(project, server.processes),
      endpointDecision(project.server.bind, input.port),
      ...(image?.decisions ?? []),
    ],
    warnings: image?.warnings ?? [],
  };
}

// A setting that would silently do nothing is worse than none: migrations would be believed to have run.
function refuseUnused({ app }: Project, kind: TargetKind): void {
  if (app.release_command && kind === 'process') {
    throw new DeploykitError('DK_CONFIG_INVALID', '[app] release_command is not run by the process target', {
      hint: 'Remove it, and run the command yourself before deploykit up.',
    });
  }
  if (kind === 'systemd') return;
  if (Object.keys(app.secret_files).length > 0) {
    throw new DeploykitError(
      'DK_CONFIG_INVALID',
      `[app] secret_files are handed over by systemd targets only, and this one is ${kind}`,
      { hint: 'Name variables in [app] secrets instead; every target has them.' },
    );
  }
}

function refuseTwoWheelhouses(project: Project, name: string): void {
  const settings = project.target[name];
  if (settings?.build !== 'local' || !settings.wheelhouse) return;
  throw new DeploykitError(
    'DK_CONFIG_INVALID',
    `[target.${name}] has a wheelhouse on the host, and wheels built here would not be taken from it`,
    { hint: 'Remove wheelhouse, or build = "local" and --build local.' },
  );
}

// A service gets the public socket from systemd as descriptor 3. Behind a front the public socket speaks uwsgi, and a
// private one speaks HTTP: the probe and bench ask the server itself. A container behind a front gets the path of its
// public socket as an argument when it is made: each replica has its own.
function socketsOf({ target, project, port, layout }: PlanInput, front: FrontPlan | null): ServerSocket[] {
  const publicOption = front ? 'uwsgi-socket' : 'http-socket';
  if (target.kind === 'docker') {
    return [['http-socket', `0.0.0.0:${CONTAINER_PORT}`]];
  }
  if (target.kind === 'systemd') {
    return [
      [publicOption, 'fd://3'],
      ['http-socket', `${layout.run}/probe.sock`],
    ];
  }
  return [['http-socket', socketAddress(project.server.bind, port)]];
}

function planApp(project: Project, layout: Layout, front: FrontPlan | null): Plan['app'] {
  const { app } = project;
  return {
    module: app.module,
    callable: app.callable,
    dir: app.dir,
    python: app.python,
    requirements: app.requirements,
    pipInstalls: pipInstalls(project, layout.requirements),
    healthPath: app.health,
    hostHeader: hostHeaderOf(app.host, front),
    env: sorted(app.env),
    envFile: app.env_file ?? null,
    secretNames: [...app.secrets].sort(),
    secretFiles: sorted(app.secret_files),
  };
}

// A certificate is for the name that is served.
function hostHeaderOf(asked: string, front: FrontPlan | null): string {
  const name = front?.tls ? front.serverNames.find((one) => !one.startsWith('*.')) : undefined;
  return asked === 'localhost' && name !== undefined ? name : asked;
}

function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function recycleDecision({ server }: Project, processes: number): Decision[] {
  if (server.max_requests === 0) return [];
  const why =
    processes > 1
      ? 'all workers one after another: the next leaves when the last has loaded the application again'
      : 'requests wait while the only worker loads the application again; processes = 2 avoids that';
  return [{ what: 'recycling', value: `after ${server.max_requests} requests of a worker`, why }];
}

function endpointDecision(bind: string, port: number): Decision {
  const shown = port === 0 ? `${bind}, a free port` : socketAddress(bind, port);
  const why =
    bind === '127.0.0.1' || bind === '::1'
      ? 'loopback only; set [server] bind to serve other machines'
      : 'reachable from other machines';
  return { what: 'listens on', value: shown, why };
}
