import type Docker from 'dockerode';
import { DeploykitError } from '../../../errors.js';
import { findContainer } from '../container.js';
import { isOurs, LABEL, type Role } from '../labels.js';
import { objectNames } from '../names.js';
import { currentSet } from '../place.js';
import { RESTART } from '../restart.js';

type Container = Docker.ContainerInspectInfo;

/** The containers that serve one release together; a reload or another number of replicas makes a new set. */
export interface ReleaseSet {
  id: string;
  release: string;
  /** By number. */
  replicas: Container[];
  /** All of them. */
  running: boolean;
  /** It came up, answered and stayed up once. */
  proven: boolean;
  /** ISO 8601; when it last began to serve. */
  startedAt: string;
}

/** What a deployment has on its engine: the whole state of it, there is no other. */
export interface Deployed {
  front: Container | null;
  /** The set the front sends requests to. */
  current: ReleaseSet | null;
  /** Last started first. */
  sets: ReleaseSet[];
  /** The container that has the port itself, of a deployment without a front. */
  single: Container | null;
  /** The front before, while another takes its place. */
  frontAside: Container | null;
  /** What a run that was killed left of its release command. */
  command: Container | null;
  /** The lock that a run made, and has not taken: it is about to, or was killed. */
  untaken: Container | null;
}

/**
 * Reads what is there, by label.
 * @throws DeploykitError DK_NAME_TAKEN when something of our name belongs to another project folder or is not ours.
 */
export async function readDeployed(docker: Docker, name: string, projectDir: string): Promise<Deployed> {
  const names = objectNames(name);
  const listed = await docker.listContainers({ all: true, filters: { label: [`${LABEL.name}=${name}`] } });
  const ids = [...new Set([...listed.map(({ Id }) => Id), names.single, names.front])];
  const found = (await Promise.all(ids.map((id) => findContainer(docker, id)))).filter((one) => one !== null);
  const all = [...new Map(found.map((info) => [info.Id, info])).values()];
  for (const info of all) refuseForeign(info, projectDir);
  const named = (wanted: string): Container | null => all.find((info) => isNamed(info, wanted)) ?? null;
  // Whoever gave it another name did not take it away.
  const front =
    named(names.front) ??
    all.find((info) => isRole(info, 'front') && !isNamed(info, names.frontAside)) ??
    null;
  const sets = setsOf(all.filter(({ Config }) => isReplica(Config.Labels ?? {})));
  const link = front ? await currentSet(docker.getContainer(front.Id)) : null;
  return {
    front,
    sets,
    current: sets.find(({ id }) => id === link) ?? null,
    single: named(names.single) ?? all.find((info) => isSingle(info, names.single)) ?? null,
    frontAside: named(names.frontAside),
    command: named(names.command),
    untaken: all.find((info) => isNamed(info, names.lock) && info.State.Status === 'created') ?? null,
  };
}

/** The containers of the application that serve, or are meant to. */
export function serversOf({ single, current }: Deployed): Container[] {
  return single ? [single] : (current?.replicas ?? []);
}

function refuseForeign(info: Container, projectDir: string): void {
  if (isOurs(info.Config.Labels ?? {}, projectDir)) return;
  const owner = info.Config.Labels?.[LABEL.project];
  const whose = owner ? `the project in ${owner}` : 'something else';
  throw new DeploykitError(
    'DK_NAME_TAKEN',
    `a container named ${info.Name.replace('/', '')} belongs to ${whose}`,
    { hint: 'Give this project another name in deploykit.toml, or take that one down first.' },
  );
}

const isNamed = ({ Name }: Container, name: string): boolean => Name === `/${name}`;

const isRole = ({ Config }: Container, role: Role): boolean => Config.Labels?.[LABEL.role] === role;

function isSingle(info: Container, name: string): boolean {
  const inSet = info.Config.Labels?.[LABEL.set] !== undefined;
  return isRole(info, 'server') && !inSet && !isNamed(info, `${name}-next`);
}

// Bench makes copies of a replica, which have its labels and another role.
function isReplica(labels: Record<string, string>): boolean {
  return labels[LABEL.set] !== undefined && labels[LABEL.role] === ('server' satisfies Role);
}

function setsOf(containers: Container[]): ReleaseSet[] {
  const groups = new Map<string, Container[]>();
  for (const info of containers) {
    const id = info.Config.Labels?.[LABEL.set] ?? '';
    groups.set(id, [...(groups.get(id) ?? []), info]);
  }
  return [...groups].map(([id, replicas]) => setOf(id, replicas)).sort((a, b) => newestFirst(a, b));
}

function setOf(id: string, containers: Container[]): ReleaseSet {
  const replicas = [...containers].sort((a, b) => numberOf(a) - numberOf(b));
  return {
    id,
    release: replicas[0]?.Config.Labels?.[LABEL.release] ?? '',
    replicas,
    running: replicas.every(({ State }) => State.Running),
    proven: replicas.every(isProven),
    startedAt: replicas.map(({ State }) => State.StartedAt).sort()[0] ?? '',
  };
}

/** Only what came up has such a policy: it is the mark of it. */
export function isProven({ HostConfig }: Container): boolean {
  return Object.values<string | undefined>(RESTART).includes(HostConfig.RestartPolicy?.Name);
}

function newestFirst(a: ReleaseSet, b: ReleaseSet): number {
  return Date.parse(b.startedAt) - Date.parse(a.startedAt);
}

/** The number of a replica in its set, from 1. */
export function numberOf(info: Container): number {
  return Number(info.Config.Labels?.[LABEL.replica] ?? 0);
}
