import { Argument, Option } from 'commander';
import type { Command } from './command.js';
import { TOOLS } from './render-tool.js';
import {
  header,
  moment,
  positive,
  processes,
  repeated,
  replicas,
  seconds,
  uwsgiVersion,
  whole,
} from './values.js';

interface Verb {
  summary: string;
  /** Reaches the verb as `flags.files`. */
  argument?: Argument;
  options: Option[];
  /** Loaded only when the verb runs, so that `--help` costs commander alone. */
  load: () => Promise<{ command: Command }>;
}

const target = new Option(
  '-t, --target <name>',
  'where: docker, process, systemd, or a name of the project file',
);
const engine = new Option(
  '--docker-host <address>',
  'engine, instead of DOCKER_HOST, the docker context and the usual sockets',
);
const build = new Option(
  '--build <where>',
  'systemd: where wheels are built; local ships them to hosts without compiler or network',
).choices(['host', 'local']);
const dryRun = new Option('--dry-run', 'print the steps, do nothing');
const force = new Option('--force', 'write generated files anew, also those edited by hand');
const out = new Option('--out <folder>', 'the files in this folder of the project, not those of up');
const format = new Option(
  '--format <tool>',
  'docker: also compose.yaml, or Quadlet units for Podman',
).choices(TOOLS);
const wait = new Option('--wait <seconds>', 'time for the application to come up')
  .argParser(seconds)
  .default(60);
const shape = [
  new Option('--async <n>', 'gevent greenlets a process: processes × n requests at once').argParser(whole(0)),
  new Option('--threads <n>', 'threads a process').argParser(whole(1)),
  new Option('--processes <n>', 'worker processes, or auto').argParser(processes),
];
const place = [
  new Option('--port <n>', 'public port; 0 picks a free one').argParser(whole(0)),
  new Option('--bind <address>', 'public address (default 127.0.0.1)'),
  new Option('--base <image>', 'base image'),
];
const app = [
  new Option('--module <module:callable>', 'the WSGI callable'),
  new Option('--python <version>', 'Python version, e.g. 3.11'),
  new Option('--name <name>', 'name of the deployment'),
];

/** Every verb with its flags, in the order of a first use. */
export const VERBS: Record<string, Verb> = {
  init: {
    summary: 'find out what the project is and write deploykit.toml',
    options: [...app, new Option('--from <uwsgi.ini>', 'take the settings of an existing deployment')],
    load: () => import('./init.js'),
  },
  up: {
    summary: 'render, build, start, wait until it is ready',
    options: [target, engine, build, ...shape, ...place, ...app, wait, force, dryRun],
    load: () => import('./up.js'),
  },
  bench: {
    summary: 'prove the concurrency and measure the throughput of what runs',
    options: [
      target,
      engine,
      new Option('-n, --requests <n>', 'requests of the closed loop').argParser(whole(1)),
      new Option('-c, --concurrency <n>', 'connections of the closed loop').argParser(whole(1)),
      new Option('-d, --duration <time>', 'length of the load, instead of -n').argParser(seconds),
      new Option('--path <path>', 'path to load'),
      new Option(
        '--url <url>',
        'measure this address instead of the deployment; give its shape with --processes, --async or --threads',
      ),
      new Option('--mine', 'the --url is yours to load although it is not on this machine'),
      new Option('--keep-alive', 'keep connections open between requests'),
      new Option(
        '--rate <n>',
        'requests a second, whatever the server does: latency as users feel it (open loop)',
      ).argParser(positive),
      new Option('--sweep', 'throughput over concurrency, up to twice the slots, and what limits it'),
      new Option('--with <path>', 'load this path meanwhile: how much does it disturb --path?'),
      new Option(
        '--soak <time>',
        'load for this long in ten parts; where do latency and memory go?',
      ).argParser(seconds),
      new Option('-X, --method <method>', 'method of the requests (default GET; POST with --data)'),
      new Option('-H, --header <name: value>', 'header of the requests; may be repeated').argParser(header),
      new Option('--data <text>', 'body of the requests, as a form unless -H says another Content-Type'),
      new Option(
        '--workers <n>',
        'threads of the load generator (default: as many as the load needs)',
      ).argParser(whole(1)),
      new Option(
        '--vs <what>',
        'compare, loaded in turn, with another shape (sync, threads, gevent, threads:8), release:ID, or the FILE.json of an earlier bench --json; several with commas',
      ).argParser(repeated),
      new Option(
        '--vs-target <name>',
        'compare with another target of the project, which runs as well',
      ).argParser(repeated),
      new Option(
        '--cross-check <tool>',
        'send the closed loop with another tool as well and show its numbers beside',
      ).choices(['ab', 'wrk', 'oha', 'hey']),
      new Option(
        '--expect <rule>',
        "hold the result to a rule such as 'p99<250ms', 'slots=200', 'rps>=100' or 'ratio>=4'; may be repeated",
      ).argParser(repeated),
      new Option('--html <file>', 'write the report as one page'),
      new Option('--raw', 'with --json: every request as well, in columns'),
      new Option('--junit <file>', 'write the verdicts as JUnit XML'),
      new Option('--github', 'print workflow annotations'),
      new Option('--no-wave', 'skip the wave test'),
      new Option('--no-throughput', 'skip the closed loop'),
      ...shape,
    ],
    load: () => import('./bench.js'),
  },
  drill: {
    summary: 'update, roll back, reload and break what runs under a constant load, and count lost requests',
    options: [
      target,
      engine,
      ...shape,
      ...place,
      ...app,
      new Option('--rate <n>', 'requests a second').argParser(positive).default(20),
      new Option('--path <path>', 'path to load'),
      new Option('--keep-alive', 'keep connections open between requests'),
      new Option('--event <name>', 'only this event; may be repeated').argParser(
        (name: string, names: string[] | undefined) => [...(names ?? []), name],
      ),
      wait,
    ],
    load: () => import('./drill.js'),
  },
  status: {
    summary: 'what runs, where it listens, how busy it is',
    options: [target],
    load: () => import('./status.js'),
  },
  logs: {
    summary: "the server's log",
    options: [
      target,
      engine,
      new Option('-f, --follow', 'go on until interrupted'),
      new Option('--lines <n>', 'how many of the last lines').argParser(whole(0)).default(100),
    ],
    load: () => import('./logs.js'),
  },
  events: {
    summary:
      'what happened to it: changes, drains, ended containers and workers, health; by whom, where it is known',
    options: [
      target,
      engine,
      new Option('-f, --follow', 'go on until interrupted; with --json a line of JSON each'),
      new Option('--since <when>', 'a time ago such as 30m, 2h or 7d, or a date').argParser(moment),
    ],
    load: () => import('./events.js'),
  },
  down: {
    summary: 'stop, after the requests in flight are finished',
    options: [target, engine, new Option('--purge', 'remove images, environments and state as well')],
    load: () => import('./down.js'),
  },
  check: {
    summary: 'what is wrong or will be: project, plan, files, the place it runs; changes nothing',
    options: [target, engine, build, ...shape, ...place, ...app],
    load: () => import('./check.js'),
  },
  diff: {
    summary: 'what render would change on disk, and what was changed in what runs; changes nothing',
    options: [target, engine, ...shape, ...place, ...app, out, format],
    load: () => import('./diff.js'),
  },
  lint: {
    summary:
      'say what uWSGI really does with an ini, a Dockerfile or a unit that starts it, and what is wrong with it',
    argument: new Argument('[file...]', 'the files (default: those of the project)'),
    options: [
      new Option('--fix', 'mend what is mechanical, and show the difference'),
      new Option('--dry-run', 'with --fix: show the difference, write nothing'),
      new Option('--format <format>', 'how to print')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
      new Option('--fail-on <severity>', 'which findings give exit code 4')
        .choices(['error', 'warning', 'never'])
        .default('error'),
      new Option(
        '--uwsgi-version <version>',
        'the uWSGI that will read it (default: the one deploykit installs)',
      ).argParser(uwsgiVersion),
      new Option(
        '--uwsgi-build <build>',
        'pip: plugins are embedded; distribution: they are files (default: by the plugin lines)',
      ).choices(['pip', 'distribution']),
    ],
    load: () => import('./lint.js'),
  },
  releases: {
    summary: 'the releases that are kept, and which one serves',
    options: [target],
    load: () => import('./releases.js'),
  },
  rollback: {
    summary: 'serve an earlier release: the last one that served well, or the one named',
    options: [target, engine, new Option('--to <id>', 'the release'), wait],
    load: () => import('./rollback.js'),
  },
  reload: {
    summary: 'replace every worker of the release that serves, without losing a request',
    options: [target, engine, wait],
    load: () => import('./reload.js'),
  },
  scale: {
    summary: 'serve with so many replicas behind the front, without losing a request (docker)',
    argument: new Argument('<n>', 'how many containers of the application').argParser(replicas),
    options: [target, engine, wait],
    load: () => import('./scale.js'),
  },
  plan: {
    summary: 'print every decision with its reason',
    options: [target, engine, ...shape, ...place, ...app],
    load: () => import('./plan.js'),
  },
  render: {
    summary: 'print the generated files, or write them with --out',
    options: [target, engine, ...shape, ...place, ...app, out, format, force],
    load: () => import('./render.js'),
  },
  config: {
    summary: 'print the effective settings and where each came from',
    options: [...shape, ...place, ...app],
    load: () => import('./config.js'),
  },
  completion: {
    summary: 'print a script by which a shell completes verbs, flags and target names',
    argument: new Argument('<shell>', 'whose script').choices(['bash', 'zsh', 'fish']),
    options: [],
    load: () => import('./completion.js'),
  },
  schema: {
    summary: 'print the JSON Schema of deploykit.toml',
    options: [new Option('--bench', 'of what bench --json prints')],
    load: () => import('./schema.js'),
  },
};
