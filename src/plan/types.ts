import type { Requirements } from '../project/types.js';

export type Topology = 'sync' | 'threads' | 'gevent';
export type TargetKind = 'docker' | 'process' | 'systemd';

/** What the machine (or container) that will run the server offers; read there, never on the CLI's machine. */
export interface MachineFacts {
  /** CPUs usable: the smallest of online CPUs, cpuset and CFS quota; may be fractional under a quota. */
  cpus: number;
  /** Bytes usable: the smaller of physical memory and the cgroup limit. */
  memoryBytes: number;
  /** net.core.somaxconn, the kernel's cap of a listen queue; null = deploykit sets it (containers). */
  somaxconn: number | null;
  /** Where the numbers came from, e.g. `cgroup v2: cpu.max 150000 100000`. */
  source: string;
}

/** A value with uWSGI's magic variables left to uWSGI: `%d` the folder of the ini, `%c` that folder's name. */
export interface Magic {
  magic: string;
}

/** One line of uwsgi.ini. Boolean options are written `true`; an absent option is simply not in the list. */
export type Setting = readonly [option: string, value: string | number | true | Magic];

/** A choice and its reason: `deploykit plan` prints them. */
export interface Decision {
  what: string;
  value: string;
  why: string;
}

export interface ServerPlan {
  topology: Topology;
  processes: number;
  /** Threads a process; 1 unless the topology is `threads`. */
  threads: number;
  /** Greenlets a process; 0 unless the topology is `gevent`. */
  async: number;
  /** Requests in service at once: processes × (async | threads | 1). */
  slots: number;
  listen: number;
  /** Seconds: request <= reloadMercy < stopGrace. */
  timeouts: { request: number; reloadMercy: number; stopGrace: number };
  /** Seconds the hub of a gevent worker may stand still before the worker is replaced; null = not watched. */
  hangTimeout: number | null;
  /** uwsgi.ini, in order. */
  settings: Setting[];
}

/** Paths as the server sees them: absolute, or, with `magic`, relative to the ini by uWSGI's own variables. */
export interface Layout {
  magic?: true;
  /** The project folder: what [server] static is relative to. */
  project: string;
  /** Folder the server starts in: [app] dir of the project. */
  app: string;
  venv: string;
  /** Writable run-time folder: sockets. */
  run: string;
  /** The rendered uwsgi.ini. */
  ini: string;
  /** Folder with deploykit's own helper scripts. */
  helpers: string;
  /** The requirements file rendered from a lock file, as pip finds it from the folder it runs in. */
  requirements: string;
}

export interface ImagePlan {
  base: string;
  family: 'el' | 'debian';
  packageManager: 'dnf' | 'microdnf' | 'yum' | 'apt-get';
  /** Folder of vault.centos.org with the packages of a release that has no mirrors any more, or null. */
  archive: string | null;
  /** The interpreter's command in the image, e.g. `python3.11`. */
  python: string;
  /** Requirements that come before all others: pip itself, where the interpreter's own is too old. */
  installers: string[];
  buildPackages: string[];
  runPackages: string[];
  uwsgiVersion: string;
  /** Path inside the build context, or null. */
  caFile: string | null;
  /** Files copied before the dependencies are installed, so that a source change does not reinstall them. */
  requirementFiles: string[];
  /** True when the requirements need the whole source (local paths). */
  needsSource: boolean;
  uid: number;
  gid: number;
}

export interface ContainerPlan {
  name: string;
  /** Port inside the container. */
  containerPort: number;
  memoryBytes: number | null;
  cpus: number | null;
  pidsLimit: number;
  nofile: number;
  /** What /tmp may hold; it is memory, as the root is read-only. */
  tmpBytes: number;
  /** Containers that serve one release together; more than one needs a front. */
  replicas: number;
  /** Folders of the engine's host that the application has too. */
  volumes: { source: string; target: string; readOnly: boolean }[];
  /** Name of the engine's network that is joined, or null for its default. */
  network: string | null;
  /** Run by a shell once for a new release, or null. */
  releaseCommand: string | null;
  /** Releases kept to go back to. */
  keep: number;
}

/** What a systemd service needs beyond the server. */
export interface ServicePlan {
  /** ListenStream=: `address:port`, or the path of the socket that nginx connects to. */
  listenStream: string;
  /** Below the release folder, e.g. `app` or `app/src`. */
  workingDirectory: string;
  nofile: number;
  tasks: number;
  /** MemoryMax=, CPUQuota=. */
  limits: string[];
  hardening: string[];
  uwsgiVersion: string;
  /** Where the virtual environment's wheels are made: by the host, or on the machine of the command. */
  build: 'host' | 'local';
  /** Folder of wheels on the host, or null for the package index. */
  wheelhouse: string | null;
  /** Run by a shell once for a new release, or null. */
  releaseCommand: string | null;
  keep: number;
}

/** TLS of a front. The files are read on the host of a service, and on the machine of the command for containers. */
export interface FrontTls {
  certificate: string;
  key: string;
  /** Where plain HTTP is sent on to HTTPS, as nginx listens, and the public port; null = nowhere. */
  plain: { listen: string; port: number } | null;
  /** Seconds of Strict-Transport-Security, or null. */
  hsts: number | null;
}

/** nginx before uWSGI: what its configuration is made of. */
export interface FrontPlan {
  kind: 'nginx';
  serverNames: string[];
  /** `address:port` or `port`, as nginx listens. */
  listen: string;
  tls: FrontTls | null;
  /** Folder of its machine with the answers for an ACME server, or null. */
  challenges: string | null;
  /** Where uWSGI takes the uwsgi protocol, as uWSGI binds it: `address:port` or a path. */
  socket: string;
  /** nginx's size notation, e.g. `64m`. */
  bodyLimit: string;
  /** Bytes a request line and headers may have together. */
  headerBytes: number;
  /**
   * Seconds. header: for all of it; body, send: between two pieces; read: from the request sent to the first byte; retry:
   * into a request, until which another worker is tried when this one ended.
   */
  timeouts: Record<'header' | 'body' | 'send' | 'keepAlive' | 'connect' | 'read' | 'retry', number>;
  trustedProxies: string[];
  /** URL prefix without a slash at the end, and the folder as nginx sees it. */
  static: { prefix: string; folder: string }[];
  workers: number;
  /** Of each worker. */
  workerConnections: number;
  nofile: number;
}

export interface Plan {
  schemaVersion: 1;
  name: string;
  target: { name: string; kind: TargetKind };
  app: {
    module: string;
    callable: string;
    /** Relative to the project folder. */
    dir: string;
    python: string | null;
    requirements: Requirements;
    /** Arguments of each `pip install`, in order, for everything but uWSGI, which is built on its own. */
    pipInstalls: string[][];
    healthPath: string;
    hostHeader: string;
    env: Record<string, string>;
    envFile: string | null;
    secretNames: string[];
    /** Name of a credential -> file, relative to the project folder. */
    secretFiles: Record<string, string>;
  };
  bind: string;
  /** 0 = a free one is picked when the server starts. */
  port: number;
  layout: Layout;
  server: ServerPlan;
  image: ImagePlan | null;
  container: ContainerPlan | null;
  service: ServicePlan | null;
  /** null: uWSGI takes the connections itself. */
  front: FrontPlan | null;
  decisions: Decision[];
  /** Sentences for the user: what was decided as asked, and is better not asked for. */
  warnings: string[];
}

/** A rendered file. */
export interface Artefact {
  /** Relative to the folder the artefacts go to, with `/`. */
  path: string;
  contents: string;
  mode: number;
}
