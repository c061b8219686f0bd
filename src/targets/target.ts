import type { Endpoint } from '../endpoint.js';
import { DeploykitError } from '../errors.js';
import type { Artefact, Layout, MachineFacts, Plan, TargetKind, Topology } from '../plan/types.js';
import type { Project } from '../project/types.js';
import type { LogLine } from '../uwsgi/last-error.js';
import type { StatsSummary } from '../uwsgi/stats.js';
import type { DeploymentEvent, EventOptions } from './events.js';

/** Where progress goes; the user interface implements it. */
export interface Reporter {
  /** A step begins; it stays on the screen. */
  step(text: string): void;
  /** The newest line of a step that is under way. */
  detail(line: string): void;
  warn(text: string): void;
}

export interface TargetContext {
  project: Project;
  /** Engine address given with --docker-host. */
  dockerHost?: string | undefined;
  reporter: Reporter;
  signal: AbortSignal;
}

/** What planning needs to know of the place where the server will run. */
export interface Ground {
  facts: MachineFacts;
  layout: Layout;
  /** The public port; 0 only where the engine picks one. */
  port: number;
  /** How many replicas serve there now; null where none does. */
  replicas?: number | null;
}

/** A plan with its files as they are on disk, hand edits included. */
export interface Deployment {
  plan: Plan;
  artefacts: Artefact[];
  /** Folder of the artefacts relative to the project, with `/`. */
  folder: string;
}

/** What was promised when the release started; bench holds the server to it. */
export interface ReleaseClaim {
  topology: Topology;
  processes: number;
  perProcess: number;
  slots: number;
  listen: number;
}

export interface UpResult {
  changed: boolean;
  /** 12 hexadecimal digits: the same sources, files and base give the same release. */
  release: string;
  endpoint: Endpoint;
  claim: ReleaseClaim;
  /** Seconds from the first effect to a healthy server. */
  seconds: number;
  /** What had been changed from outside, and was put right. */
  mended?: Drift[];
  /** Of each host, where a target has hosts. */
  hosts?: { host: string; changed: boolean }[];
}

/** How a server is, the same questions to every target; null = not known there, or it does not answer. */
export interface Vitals {
  /** From the stats socket. */
  stats: StatsSummary | null;
  /** Requests that ended, over the last second. */
  requestsPerSecond: number | null;
  /**
   * Of the whole service: what its cgroup is charged with, page cache included (systemd) or without what the kernel may
   * drop at once (docker), or else the PSS of its processes.
   */
  memory: { bytes: number; limitBytes: number | null } | null;
  /** How often the supervisor started the server again, and the server its workers. */
  restarts: { service: number; workers: number } | null;
  /** The newest line of its log that tells of an error. */
  lastError: LogLine | null;
}

export interface Status extends Vitals {
  running: boolean;
  release: string | null;
  endpoint: Endpoint | null;
  claim: ReleaseClaim | null;
  /** ISO 8601. */
  startedAt: string | null;
  /** Container id, process id or unit, for people. */
  id: string | null;
  /** Of each host, where a target has several. */
  hosts?: HostStatus[];
  /** Of each container, where a target has them: nginx first, then the servers. */
  containers?: ContainerStatus[];
}

/** A container of a deployment; stats and requests a second only of a server. */
export interface ContainerStatus extends Omit<Vitals, 'lastError'> {
  /** `front`, the number of a replica, or `server`. */
  name: string;
  id: string;
  /** The engine's word: `running`, `exited`, `paused`, … */
  state: string;
  /** The engine's word: `healthy`, `unhealthy`, `starting`; null without a health check. */
  health: string | null;
  /** ISO 8601. */
  startedAt: string;
}

export type HostStatus = Omit<Status, 'hosts' | 'containers'> & { host: string };

/** One thing that was looked at before an up. */
export interface CheckRow {
  /** Empty for this machine. */
  host: string;
  what: string;
  ok: boolean;
  /** How bad it is when it is not ok; `error` when left out. */
  severity?: 'error' | 'warning';
  value: string;
  /** How to mend it; null when it is well. */
  hint: string | null;
}

/** What kind of thing is not as deploykit made it. */
export type DriftKind =
  | 'stopped'
  | 'started'
  | 'missing'
  | 'renamed'
  | 'limits'
  | 'policy'
  | 'isolation'
  | 'environment'
  | 'image'
  | 'network'
  | 'files'
  | 'site'
  | 'foreign'
  | 'unit'
  | 'drop-in';

/** Something that was changed behind deploykit's back. */
export interface Drift {
  kind: DriftKind;
  /** The container, volume or unit, with its host where there are hosts. */
  what: string;
  /** A sentence. */
  message: string;
  /** Unified, from what was given to what is there; empty where there is no text to compare. */
  diff: string;
  /** What `up` makes of it; null for what is not deploykit's to change. */
  mend: string | null;
}

/** A release that is kept where it runs. */
export interface ReleaseInfo {
  host: string;
  id: string;
  current: boolean;
  /** Whether it ever served well. */
  healthy: boolean;
}

/** How many replicas served, and serve. */
export interface ScaleResult {
  release: string;
  before: number;
  after: number;
}

/** Which second instance to start beside the one that serves. */
export interface BesideOptions {
  /** Another shape: its plan and files. Default: the shape the release has. */
  shape?: Pick<Deployment, 'plan' | 'artefacts'>;
  /** A kept release, on a target that keeps them. Default: the one that serves. */
  release?: string;
  /** Whether it has a path that sleeps, beside the application's own. */
  sleeping?: boolean;
  /** Whether gevent reports to its log what keeps the hub from running; Instance.log is there then. */
  watched?: boolean;
}

/** A second instance; lives until closed. One with a sleeping path and one without may live at once. */
export interface Instance {
  endpoint: Endpoint;
  claim: ReleaseClaim;
  /** Bytes its processes hold; null when it cannot be read. */
  memory(): Promise<number | null>;
  /** What it has logged so far; only of a watched instance. */
  log?(): Promise<string>;
  close(): Promise<void>;
}

/** Of a watched instance: gevent's monitor thread, and the seconds after which a greenlet counts as blocking. */
export const WATCHED: Readonly<Record<string, string>> = {
  GEVENT_MONITOR_THREAD_ENABLE: '1',
  GEVENT_MAX_BLOCKING_TIME: '0.02',
};

/** The path of a sleeping instance whose answer takes so long. */
export function sleepPath(ms: number): string {
  return `/.deploykit/sleep/${ms}`;
}

/** What a drill does to a server that serves; the words are those of its events. */
export type Disturbance = 'kill worker' | 'kill server' | 'terminate server';

export interface UpOptions {
  /** Seconds to wait for a healthy server. */
  waitSeconds: number;
}

/** A place where servers run. Every method throws DeploykitError and leaves nothing half-made behind. */
export interface Target {
  readonly name: string;
  readonly kind: TargetKind;
  prepare(): Promise<Ground>;
  /** What `up` would do, one line a step, without doing it. */
  steps(deployment: Deployment): Promise<string[]>;
  up(deployment: Deployment, options: UpOptions): Promise<UpResult>;
  /** What runs and is not as it was made; changes nothing. Only of a target that can tell. */
  drift?(deployment: Deployment): Promise<Drift[]>;
  /** @returns false when nothing was running. */
  down(options: { purge: boolean }): Promise<boolean>;
  status(): Promise<Status>;
  logs(options: { follow: boolean; lines: number }): AsyncIterable<string>;
  /** What happened to it, oldest first; with `follow` it goes on. Only of a target that can tell. */
  events?(options: EventOptions): AsyncIterable<DeploymentEvent>;
  /** Starts a second instance. @throws DeploykitError DK_NOT_RUNNING, DK_RELEASE_UNKNOWN, DK_APP_*, DK_SERVER_FAILED. */
  beside(options: BesideOptions): Promise<Instance>;
  /** Bytes the processes that serve hold; null when it cannot be read. */
  memory(): Promise<number | null>;
  /** Looks at the machine, changes nothing. */
  check(): Promise<CheckRow[]>;
  /** What a drill can do to it. */
  readonly disturbances: readonly Disturbance[];
  /** Hurts what serves, as a fault would; whatever brings it back is not awaited. @throws DeploykitError DK_NOT_RUNNING. */
  disturb(what: Disturbance): Promise<void>;
  /** A way to the endpoint from this machine, where it is not on it. */
  reach?(endpoint: Endpoint): Promise<{ endpoint: Endpoint; close(): Promise<void> }>;
}

/** A target that keeps releases and can go back to one. */
export interface ReleaseTarget extends Target {
  reload(options: UpOptions): Promise<void>;
  /** @param id default: the last one that served well, before the current. @returns what serves now. */
  rollback(id: string | undefined, options: UpOptions): Promise<string>;
  releases(): Promise<ReleaseInfo[]>;
  /**
   * Makes the replicas that serve so many; only of a target that has replicas.
   * @throws DeploykitError DK_SCALE, DK_NOT_RUNNING; as up for a replica that does not come up.
   */
  scale?(replicas: number, options: UpOptions): Promise<ScaleResult>;
}

/** The text of a deployment's uwsgi.ini. */
export function iniOf({ artefacts }: Pick<Deployment, 'artefacts'>): string {
  return artefacts.find((file) => file.path === 'uwsgi.ini')?.contents ?? '';
}

/** The claim of a plan. */
export function claimOf(plan: Plan): ReleaseClaim {
  const { topology, processes, threads, async, slots, listen } = plan.server;
  return { topology, processes, perProcess: topology === 'gevent' ? async : threads, slots, listen };
}

/** The vitals of a server that does not run. */
export const LIFELESS: Vitals = {
  stats: null,
  requestsPerSecond: null,
  memory: null,
  restarts: null,
  lastError: null,
};

/** The status of a target on which nothing is. */
export const NOTHING: Status = {
  ...LIFELESS,
  running: false,
  release: null,
  endpoint: null,
  claim: null,
  startedAt: null,
  id: null,
};

/** The error of a verb that needs a running server. */
export function notRunning(name: string): DeploykitError {
  return new DeploykitError('DK_NOT_RUNNING', `nothing is running for ${name}`, {
    hint: 'Start it: deploykit up --async 100',
  });
}
