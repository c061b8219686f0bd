import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { SOCKETS } from '../../plan/front.js';
import type { ContainerPlan, Plan } from '../../plan/types.js';
import { containerFacts } from '../../render/container.js';
import { type BesideOptions, claimOf, iniOf } from '../target.js';
import { LABEL, type Role } from './labels.js';
import { objectNames } from './names.js';
import { socketPath } from './place.js';

export interface CreateInput {
  plan: Plan;
  projectDir: string;
  image: string;
  release: string;
  env: Record<string, string>;
  role: Role;
  /** Behind a front: the set it belongs to and its number there. */
  place?: { set: string; replica: number };
}

const NANO = 1_000_000_000;

/**
 * The Engine's create request of a container of the application; pure. A server without a front publishes the port; one
 * behind a front has a socket in the shared volume; a trial has neither.
 */
export function createOptions(input: CreateInput): Docker.ContainerCreateOptions {
  const { plan, image, env, place } = input;
  const container = required(plan);
  const port = `${container.containerPort}/tcp`;
  const options: Docker.ContainerCreateOptions = {
    Image: image,
    User: `${plan.image?.uid}:${plan.image?.gid}`,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: { [port]: {} },
    StopSignal: 'SIGTERM',
    StopTimeout: plan.server.timeouts.stopGrace,
    HostConfig: {
      ...isolation(plan),
      ...(input.role === 'server' && !plan.front
        ? { PortBindings: { [port]: [{ HostIp: plan.bind, HostPort: String(plan.port) }] } }
        : {}),
      ...limits(plan),
      ...(container.memoryBytes ? { Memory: container.memoryBytes } : {}),
      ...(container.network ? { NetworkMode: container.network } : {}),
      // As Mounts, not Binds: a folder that is missing is an error, and not made, as root's, by the engine.
      ...(container.volumes.length > 0 ? { Mounts: container.volumes.map(folder) } : {}),
      ...(container.cpus ? { NanoCpus: Math.round(container.cpus * NANO) } : {}),
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    },
  };
  const configHash = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 12);
  const labelled = { ...options, Labels: labels(input, configHash) };
  return place ? behindFront(labelled, plan.name, place) : labelled;
}

/** The same container as a replica of a set: its socket, its labels, the volume of the sockets. */
function behindFront(
  options: Docker.ContainerCreateOptions,
  name: string,
  { set, replica }: { set: string; replica: number },
): Docker.ContainerCreateOptions {
  const own = (options.HostConfig?.Mounts ?? []).filter(({ Target }) => Target !== SOCKETS);
  return {
    ...options,
    Cmd: ['--uwsgi-socket', socketPath(set, replica)],
    Labels: { ...options.Labels, [LABEL.set]: set, [LABEL.replica]: String(replica) },
    HostConfig: { ...options.HostConfig, Mounts: [...own, volume(objectNames(name).sockets, SOCKETS)] },
  };
}

/** A replica of another set with the settings of one that is there, whatever the project file says today. */
export function copyOptions(
  info: Docker.ContainerInspectInfo,
  name: string,
  place: { set: string; replica: number },
): Docker.ContainerCreateOptions {
  const { Image, User, Env, ExposedPorts, Labels } = info.Config;
  const { StopSignal, StopTimeout } = info.Config as { StopSignal?: string; StopTimeout?: number };
  const options = {
    ...{ Image, User, Env, StopSignal, StopTimeout, Labels },
    ...(ExposedPorts ? { ExposedPorts } : {}),
    HostConfig: { ...info.HostConfig, RestartPolicy: { Name: 'no' } },
  } as Docker.ContainerCreateOptions;
  return behindFront(options, name, place);
}

function folder({ source, target, readOnly }: ContainerPlan['volumes'][number]): Docker.MountSettings {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: readOnly };
}

/** A named volume of the engine; the front, made first, gives it its owner. */
export function volume(source: string, target: string): Docker.MountSettings {
  return { Type: 'volume', Source: source, Target: target };
}

/** The create request of the one-off container that runs the release command. */
export function commandOptions(
  input: Omit<CreateInput, 'role' | 'place'>,
  command: string,
): Docker.ContainerCreateOptions {
  const options = createOptions({ ...input, role: 'command' });
  return { ...options, Entrypoint: ['/bin/sh', '-c', command], Cmd: [], Healthcheck: { Test: ['NONE'] } };
}

/** What grows with the slots. */
function limits(plan: Plan): Docker.HostConfig {
  const { pidsLimit, nofile } = required(plan);
  return {
    PidsLimit: pidsLimit,
    Ulimits: [{ Name: 'nofile', Soft: nofile, Hard: nofile }],
    Sysctls: { 'net.core.somaxconn': String(plan.server.listen) },
  };
}

function isolation(plan: Plan): Docker.HostConfig {
  return {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    // uWSGI is process 1 and reaps its children itself.
    Init: false,
    Tmpfs: Object.fromEntries(containerFacts(plan).tmpfs.map(({ path, options }) => [path, options])),
  };
}

function labels(
  { plan, projectDir, release, role }: CreateInput,
  configHash: string,
): Record<string, string> {
  return {
    [LABEL.name]: plan.name,
    [LABEL.project]: projectDir,
    [LABEL.role]: role,
    [LABEL.release]: release,
    [LABEL.config]: configHash,
    [LABEL.claim]: JSON.stringify(claimOf(plan)),
    [LABEL.plan]: JSON.stringify(judgedPart(plan)),
    [LABEL.app]: `${plan.app.module}:${plan.app.callable}`,
    [LABEL.hostHeader]: plan.app.hostHeader,
  };
}

// What a release is held to later, whatever the project file says then; no values of the environment.
function judgedPart(plan: Plan): Plan {
  const server = { ...plan.server, settings: [] };
  return { ...plan, app: { ...plan.app, env: {} }, server, image: null, decisions: [] };
}

/** The plan a server's container was made with, as far as it is held to it. */
export function planOf(info: Docker.ContainerInspectInfo): Plan {
  return JSON.parse(info.Config.Labels?.[LABEL.plan] ?? 'null') as Plan;
}

/**
 * The create request of a second container: the running one's own settings, the same image, on a loopback port the
 * engine picks. An ini of another shape, which the image does not hold, comes by a variable into /tmp; a sleeping one
 * has the verification module in place of the application.
 */
export function besideOptions(
  running: Docker.ContainerInspectInfo,
  shape: BesideOptions['shape'],
  sleeping: boolean,
  variables: Readonly<Record<string, string>>,
): Docker.ContainerCreateOptions {
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const [uwsgi = '', ...own] = [running.Config.Entrypoint ?? []].flat();
  const module = sleeping ? ['--pythonpath', '/opt/deploykit', '--module', 'verify:application'] : [];
  if (shape === undefined) return auxiliaryOptions(running, [uwsgi, ...own, ...module], env, {});
  const script = `printf %s "$DEPLOYKIT_INI" > /tmp/beside.ini && exec "$0" --ini /tmp/beside.ini "$@"`;
  const argv = ['/bin/sh', '-c', script, uwsgi, ...module];
  return auxiliaryOptions(running, argv, [`DEPLOYKIT_INI=${iniOf(shape)}`, ...env], limits(shape.plan));
}

function auxiliaryOptions(
  running: Docker.ContainerInspectInfo,
  entrypoint: string[],
  env: string[],
  host: Docker.HostConfig,
): Docker.ContainerCreateOptions {
  const { Config, HostConfig, Image } = running;
  const labels = Config.Labels ?? {};
  const port = Object.keys(Config.ExposedPorts ?? {})[0] ?? '';
  return {
    Image,
    User: Config.User,
    Env: [...(Config.Env ?? []), `DEPLOYKIT_APP=${labels[LABEL.app] ?? ''}`, ...env],
    Entrypoint: entrypoint,
    // Without it the engine appends the image's own arguments.
    Cmd: [],
    ExposedPorts: { [port]: {} },
    Labels: { ...labels, [LABEL.role]: 'verification' satisfies Role },
    HostConfig: {
      ...HostConfig,
      ...host,
      PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '0' }] },
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
    },
  };
}

function required(plan: Plan): NonNullable<Plan['container']> {
  if (!plan.container) throw new TypeError('a docker plan has a container');
  return plan.container;
}
