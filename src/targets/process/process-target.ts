import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { localFacts } from '../../host/machine.js';
import { freePort, isPortTaken } from '../../host/ports.js';
import { run } from '../../host/run.js';
import { hashSource, readSource } from '../../host/source.js';
import { treeMemory } from '../../host/tree-memory.js';
import { DEFAULT_IGNORE, secretPaths } from '../../plan/ignore.js';
import type { Plan } from '../../plan/types.js';
import { appEnvironment, unsetSecrets } from '../environment.js';
import { releaseId } from '../release.js';
import {
  type BesideOptions,
  type CheckRow,
  claimOf,
  type Deployment,
  type Ground,
  type Instance,
  iniOf,
  NOTHING,
  notRunning,
  type Status,
  type Target,
  type TargetContext,
  type UpOptions,
  type UpResult,
  WATCHED,
} from '../target.js';
import { startAuxiliary, sweepAuxiliaries } from './auxiliary.js';
import { checkMachine } from './check-machine.js';
import { cleanEnvironment } from './clean-environment.js';
import { processLayout } from './layout.js';
import { fileLines } from './logs.js';
import { findPython, type Python } from './python.js';
import { type Next, Serving } from './serving.js';
import { clearState, readState, type State } from './state.js';
import { ensureVenv, pruneVenvs, venvFolder } from './venv.js';
import { vitalsOf } from './vitals.js';

/** Straight on this machine: a virtual environment under `.deploykit/`, uWSGI in the background, no root, no engine. */
export class ProcessTarget implements Target {
  readonly kind = 'process';
  // Nothing brings a whole server back here.
  readonly disturbances = ['kill worker'] as const;
  readonly #context: TargetContext;
  readonly #folder: string;
  readonly #serving: Serving;
  #python: Promise<Python> | undefined;

  constructor(
    readonly name: string,
    context: TargetContext,
  ) {
    this.#context = context;
    this.#folder = path.join(context.project.dir, '.deploykit', name);
    this.#serving = new Serving(this.#folder, context);
  }

  async prepare(): Promise<Ground> {
    const { project } = this.#context;
    const venv = await venvFolder(project, this.name, await this.#findPython());
    return {
      facts: localFacts(),
      layout: processLayout(project.dir, this.name, project.app.dir, venv),
      port: project.server.port === 0 ? await this.#pickPort() : project.server.port,
    };
  }

  async check(): Promise<CheckRow[]> {
    const { project, signal } = this.#context;
    const state = await readState(this.#folder);
    return checkMachine({
      project,
      target: this.name,
      findPython: () => this.#findPython(),
      ownPort: state?.alive ? state.endpoint.port : null,
      signal,
    });
  }

  async steps(deployment: Deployment): Promise<string[]> {
    const { plan } = deployment;
    const { venv, ini, run } = plan.layout;
    const { project } = this.#context;
    const state = await readState(this.#folder);
    if (state?.alive && state.healthy && (await this.#isRelease(deployment, state.release))) return [];
    const python = await this.#findPython();
    const environmentHash = hashOf(await appEnvironment(plan, project.dir));
    const renews = state?.alive && this.#serving.canRenew(state, { release: '', plan, environmentHash });
    const serve = `wait until ${plan.app.healthPath} answers below 500 and ${plan.server.slots} slots are there`;
    return [
      ...(existsSync(path.join(venv, '.deploykit-complete'))
        ? []
        : [
            `${python.executable} -m venv ${venv}`,
            `${venv}/bin/pip install uwsgi (built for ${python.executable})`,
            ...plan.app.pipInstalls.map((each) => `${venv}/bin/pip install ${each.join(' ')}`),
          ]),
      ...(state?.alive ? ['start a trial instance on a free port, wait until it is ready, stop it'] : []),
      ...(renews
        ? [`write r to ${run}/master.fifo: uWSGI loads ${ini} again, and keeps the port`]
        : [
            ...(state?.alive
              ? [`write q to ${run}/master.fifo, wait for the end of process ${state.master.pid}`]
              : []),
            `${venv}/bin/uwsgi --ini ${ini}`,
          ]),
      serve,
    ];
  }

  async up(deployment: Deployment, options: UpOptions): Promise<UpResult> {
    const { project, reporter, signal } = this.#context;
    const { plan } = deployment;
    const began = Date.now();
    await mkdir(this.#folder, { recursive: true });
    const old = await this.#serving.settle(plan.layout.run);
    const appEnv = await appEnvironment(plan, project.dir);
    const release = await this.#releaseOf(deployment, appEnv);
    if (old && old.release === release) return result(old, false, began);
    if (old?.plan.port !== plan.port || old.plan.bind !== plan.bind) await refuseTakenPort(plan);
    const env = { ...cleanEnvironment(process.env, 'serve'), ...appEnv };
    const python = await this.#findPython();
    const buildEnv = cleanEnvironment(process.env, 'build');
    await ensureVenv({ plan, projectDir: project.dir, python, env: buildEnv, reporter, signal });
    throwIfAborted(signal);
    if (old) await this.#tryBesideOld(deployment, env, options);
    const next = { release, plan, environmentHash: hashOf(appEnv) };
    const state = await this.#become(old, next, env, options.waitSeconds);
    await pruneVenvs(project.dir, plan.layout.venv);
    return result(state, true, began);
  }

  async #releaseOf(deployment: Deployment, env: Record<string, string>): Promise<string> {
    const { plan } = deployment;
    const source = await readSource(this.#context.project.dir, DEFAULT_IGNORE, secretPaths(plan.app));
    return releaseId(hashSource(source), deployment, [plan.layout.venv, JSON.stringify(env)]);
  }

  // Without its secrets it is none that could run.
  async #isRelease(deployment: Deployment, release: string): Promise<boolean> {
    const { plan } = deployment;
    if (unsetSecrets(plan).length > 0) return false;
    const env = await appEnvironment(plan, this.#context.project.dir);
    return (await this.#releaseOf(deployment, env)) === release;
  }

  async disturb(): Promise<void> {
    const [worker] = (await this.status()).stats?.workerPids ?? [];
    if (!worker) throw notRunning(this.#context.project.name);
    process.kill(worker, 'SIGKILL');
  }

  async down({ purge }: { purge: boolean }): Promise<boolean> {
    const state = await readState(this.#folder);
    if (state) await sweepAuxiliaries(this.#folder, state.plan.layout.run);
    if (state?.alive) await this.#serving.stop(state, 'Stopping: requests in flight are finished first');
    else if (state) await clearState(this.#folder);
    if (purge) {
      await rm(this.#folder, { recursive: true, force: true });
      await rm(path.join(this.#context.project.dir, '.deploykit', 'venvs'), { recursive: true, force: true });
    }
    return state?.alive ?? false;
  }

  async status(): Promise<Status> {
    const state = await readState(this.#folder);
    if (!state) return NOTHING;
    return {
      running: state.alive,
      release: state.release,
      endpoint: state.endpoint,
      claim: claimOf(state.plan),
      ...(await vitalsOf(state, path.join(this.#folder, 'uwsgi.log'))),
      startedAt: state.startedAt,
      id: String(state.master.pid),
    };
  }

  async *logs(options: { follow: boolean; lines: number }): AsyncIterable<string> {
    const file = path.join(this.#folder, 'uwsgi.log');
    if (!existsSync(file)) throw notRunning(this.#context.project.name);
    yield* fileLines(file, options, this.#context.signal);
  }

  async memory(): Promise<number | null> {
    const state = await readState(this.#folder);
    return state?.alive ? treeMemory(state.master.pid) : null;
  }

  async #running(): Promise<State> {
    const state = await readState(this.#folder);
    if (!state?.alive) throw notRunning(this.#context.project.name);
    return state;
  }

  async beside({ shape, sleeping = false, watched = false }: BesideOptions): Promise<Instance> {
    const state = await this.#running();
    const { layout } = state.plan;
    const plan = shape ? { ...shape.plan, layout } : state.plan;
    // The environment of what runs, also when the requirements were changed since.
    const ini = shape
      ? iniOf(shape).replaceAll(shape.plan.layout.venv, layout.venv)
      : await readFile(layout.ini, 'utf8');
    const own = sleeping ? { module: 'verify:application', pythonpath: layout.helpers } : {};
    const { project, signal } = this.#context;
    const env = {
      ...cleanEnvironment(process.env, 'serve'),
      ...(await appEnvironment(state.plan, project.dir)),
      DEPLOYKIT_APP: `${state.plan.app.module}:${state.plan.app.callable}`,
      ...(watched ? WATCHED : {}),
    };
    const { port, master, log, close } = await startAuxiliary({
      folder: this.#folder,
      kind: sleeping ? 'verify' : 'beside',
      plan,
      ini,
      env,
      ...own,
      seconds: 60,
      signal,
    });
    const endpoint = { ...state.endpoint, host: '127.0.0.1', port };
    const instance = { endpoint, claim: claimOf(plan), memory: () => treeMemory(master.pid), close };
    return watched ? { ...instance, log } : instance;
  }

  #findPython(): Promise<Python> {
    const { project, signal } = this.#context;
    this.#python ??= findPython(project.app.python, (argv) => run(argv, { signal, timeoutMs: 20_000 }));
    return this.#python;
  }

  async #pickPort(): Promise<number> {
    const state = await readState(this.#folder);
    return state?.alive ? state.endpoint.port : freePort(this.#context.project.server.bind);
  }

  // Another port, virtual environment or variable needs another process, and the port is closed in between.
  async #become(old: State | null, next: Next, env: Record<string, string>, seconds: number): Promise<State> {
    if (old && this.#serving.canRenew(old, next)) return this.#serving.renew(old, next, seconds);
    if (old) await this.#serving.stop(old, 'Stopping the old release: requests in flight are finished first');
    return this.#serving.start(next, env, seconds);
  }

  async #tryBesideOld({ plan }: Deployment, env: Record<string, string>, options: UpOptions): Promise<void> {
    this.#context.reporter.step('Trying the new release beside the running one');
    const ini = await readFile(plan.layout.ini, 'utf8');
    const { signal } = this.#context;
    const trial = await startAuxiliary({
      folder: this.#folder,
      kind: 'trial',
      plan,
      ini,
      env,
      seconds: options.waitSeconds,
      signal,
    });
    await trial.close();
  }
}

function hashOf(environment: Record<string, string>): string {
  return createHash('sha256').update(JSON.stringify(environment)).digest('hex');
}

async function refuseTakenPort(plan: Plan): Promise<void> {
  if (!(await isPortTaken(plan.bind, plan.port))) return;
  throw new DeploykitError('DK_PORT_TAKEN', `${plan.bind}:${plan.port} is in use`, {
    hint: 'Stop what listens there, or choose another port: deploykit up --port 8001 (0 picks a free one).',
  });
}

function result(state: State, changed: boolean, began: number): UpResult {
  const { release, endpoint, plan } = state;
  return { changed, release, endpoint, claim: claimOf(plan), seconds: (Date.now() - began) / 1000 };
}
