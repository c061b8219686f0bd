import type { ProjectFile } from './schema.js';

/** What installs the dependencies. */
export interface Requirements {
  /**
   * `requirements`: a file that pip reads itself. `declared`: a list of another format, given to pip as arguments.
   * `lock`: a lock file, written anew as a requirements file with hashes.
   */
  kind: 'requirements' | 'declared' | 'lock' | 'none';
  /** The file named, relative to the project folder; absent for `none`. */
  file?: string;
  /** All files the list comes from: the file itself and what its -r and -c lines name; relative, sorted. */
  files: string[];
  /** PEP 508 strings: for `declared` the dependencies to install; otherwise what is found, for checks. */
  specs: string[];
  /** True when pip checks hashes: then every requirement of the same run must have one. */
  hashed?: boolean;
  /** For `lock`. */
  lock?: Lock;
}

/** The content of a lock file. */
export interface Lock {
  /** Packages with hashes, sorted. */
  packages: LockedPackage[];
  /** What pip cannot check by hash: folders of the project, and repositories at a commit. */
  direct: string[];
  /** Package indexes beside PyPI. */
  indexes: string[];
}

/** One pinned package. */
export interface LockedPackage {
  name: string;
  /** `name==version ; marker`, or `name @ URL ; marker`. */
  requirement: string;
  /** `sha256:…`, sorted. */
  hashes: string[];
  /** Whether it has wheels with compiled code; null where the lock does not name files. */
  compiled: boolean | null;
}

/** A framework deploykit knows how to find; its value is also the name of its distribution on PyPI. */
export type Framework = 'django' | 'flask' | 'pyramid' | 'bottle' | 'falcon' | 'cherrypy';

/** A value that was found, not written, and the evidence for it. */
export interface Finding<T> {
  value: T;
  why: string;
  file?: string;
  /** 1-based. */
  line?: number;
}

/** How sure a finding is. */
export type Confidence = 'certain' | 'likely' | 'possible' | 'unlikely';

/** A WSGI callable that was found, `package.module:callable` or `package.module:factory()`. */
export interface CallableFinding extends Finding<string> {
  /** The folder its module is imported from, relative to the project folder: what app.dir must be. */
  dir: string;
  /** Lower is better; equal ranks are equally likely. */
  rank: number;
  framework: Framework | null;
}

/** Something that looks like an application and cannot be served as it is. */
export interface Obstacle {
  /** As in app.module. */
  callable: string;
  /** What and where. */
  text: string;
  /** What to do about it; null when the text says it. */
  wayOut: string | null;
  /** As of a callable, for an application of its own that is to be served otherwise; else null. */
  rank: number | null;
}

/** What reading the project told, without running any of it. */
export interface Detection {
  name: Finding<string>;
  framework: Finding<Framework> | null;
  /** Best first; more than one of the same `rank` at the top is ambiguous. */
  callables: CallableFinding[];
  python: Finding<string> | null;
  requirements: Finding<Requirements>;
  /** Python files seen; null when the search was not needed because the caller named the module. */
  pythonFiles: number | null;
  /** Why there is no callable although there is Python: an ASGI application, a name that cannot be imported. */
  obstacles: Obstacle[];
  /** Sentences for the user: evidence that was met and not used. */
  warnings: string[];
}

/** The validated input of everything else: file, flags, environment and detection merged. */
export interface Project {
  /** Absolute. */
  dir: string;
  /** Absolute path of the project file, or null when everything was detected. */
  file: string | null;
  name: string;
  app: Omit<ProjectFile['app'], 'module' | 'python' | 'requirements'> & {
    /** Dotted module, e.g. `s1`. */
    module: string;
    /** Callable or `factory()`. */
    callable: string;
    /** e.g. `3.11`; null when nothing says and the target chooses. */
    python: string | null;
    requirements: Requirements;
    framework: Framework | null;
  };
  server: ProjectFile['server'];
  image: ProjectFile['image'];
  front: ProjectFile['front'];
  bench: ProjectFile['bench'];
  target: ProjectFile['target'];
}

/** The layers of the precedence, strongest first. */
type OriginKind = 'flag' | 'environment' | 'file' | 'detection' | 'default';

/** Where an effective value came from: `config` prints it. Key: dotted path such as `server.async`. */
export type Origins = Record<string, Origin>;

/** `detail`: `--async`, `$DEPLOYKIT_SERVER_ASYNC`, `deploykit.toml:7`, or why the value was taken. */
export interface Origin {
  kind: OriginKind;
  detail: string;
}

/** What `loadProject` returns. */
export interface LoadedProject {
  project: Project;
  origins: Origins;
  warnings: string[];
}

/** Overrides by dotted path, e.g. `{'server.async': 100}`; undefined values are ignored. */
export type Overrides = Record<string, unknown>;
