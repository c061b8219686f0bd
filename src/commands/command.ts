import type { CrossTool } from '../bench/cross-check/types.js';
import type { DeploykitError } from '../errors.js';
import type { Overrides } from '../project/types.js';
import type { Paint } from '../ui/colour.js';
import type { Progress } from '../ui/progress.js';
import type { Version } from '../uwsgi/option-table/versions.js';

/** Flags as commander gives them: camel-cased names. */
export interface Flags {
  /** Arguments of the verb, where it takes any. */
  files?: string[];
  fix?: boolean;
  failOn?: 'error' | 'warning' | 'never';
  uwsgiVersion?: Version;
  uwsgiBuild?: 'pip' | 'distribution';
  from?: string;
  vs?: string[];
  vsTarget?: string[];
  crossCheck?: CrossTool;
  raw?: boolean;
  bench?: boolean;
  expect?: string[];
  html?: string;
  junit?: string;
  github?: boolean;
  projectDir?: string;
  config?: string;
  target?: string;
  dockerHost?: string;
  build?: 'host' | 'local';
  json?: boolean;
  quiet?: boolean;
  verbose?: number;
  dryRun?: boolean;
  yes?: boolean;
  input?: boolean;
  async?: number;
  threads?: number;
  processes?: number | 'auto';
  port?: number;
  bind?: string;
  base?: string;
  module?: string;
  python?: string;
  name?: string;
  wait?: number;
  force?: boolean;
  purge?: boolean;
  follow?: boolean;
  lines?: number;
  /** ms since the epoch. */
  since?: number;
  to?: string;
  out?: string;
  /** Of lint how to print, of render and diff for which tool. */
  format?: string;
  requests?: number;
  concurrency?: number;
  duration?: number;
  path?: string;
  url?: string;
  mine?: boolean;
  keepAlive?: boolean;
  rate?: number;
  event?: string[];
  sweep?: boolean;
  with?: string;
  soak?: number;
  method?: string;
  header?: Record<string, string>;
  data?: string;
  workers?: number;
  wave?: boolean;
  throughput?: boolean;
}

/** A verb as it was declared. */
export interface DeclaredVerb {
  name: string;
  summary: string;
  /** What its argument may be, where that is a choice. */
  words: readonly string[];
  /** Whether it takes names of files. */
  files: boolean;
  options: {
    /** With their dashes. */
    names: string[];
    description: string;
    /** Whether a value follows. */
    value: boolean;
    choices: readonly string[];
  }[];
}

export interface CommandContext {
  flags: Flags;
  progress: Progress;
  signal: AbortSignal;
  /** Paints for stdout. */
  paint: Paint;
  /** Columns of stdout. */
  width: number;
  colour: boolean;
  warnings: string[];
  /** All verbs, for what is made of them. */
  verbs: () => DeclaredVerb[];
  /** Writes a line of a streaming answer (logs) to stdout. */
  writeLine: (line: string) => void;
}

/** The answer of a command: data for `--json`, text for people. */
export interface Answer {
  data: unknown;
  text: string;
  /** The answer is printed all the same, and this decides the exit code: `bench` with a verdict that is not PASS. */
  problem?: DeploykitError;
  /** It was written line by line already, also under `--json`: nothing is printed at its end. */
  streamed?: boolean;
}

/** What a verb's module exports. */
export type Command = (context: CommandContext) => Promise<Answer>;

const FLAG_PATHS: Partial<Record<keyof Flags, string>> = {
  async: 'server.async',
  threads: 'server.threads',
  processes: 'server.processes',
  port: 'server.port',
  bind: 'server.bind',
  base: 'image.base',
  module: 'app.module',
  python: 'app.python',
  name: 'name',
};

/** The flags that override the project file, by dotted path. */
export function overridesOf(flags: Flags): Overrides {
  const overrides: Overrides = {};
  for (const [flag, dotted] of Object.entries(FLAG_PATHS)) {
    const value = flags[flag as keyof Flags];
    if (value !== undefined) overrides[dotted] = value;
  }
  return overrides;
}
