import type Docker from 'dockerode';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { hashSource, readSource } from '../../host/source.js';
import { DEFAULT_IGNORE, secretPaths } from '../../plan/ignore.js';
import { containerLayout } from '../../plan/layout.js';
import { parseSize } from '../../plan/placement.js';
import { appEnvironment } from '../environment.js';
import { releaseId } from '../release.js';
import {
  type BesideOptions,
  type CheckRow,
  claimOf,
  type Deployment,
  type Ground,
  type Instance,
  LIFELESS,
  NOTHING,
  notRunning,
  type ReleaseClaim,
  type Status,
  type Target,
  type TargetContext,
  type UpOptions,
  type UpResult,
} from '../target.js';
import { ensureBase, imageId } from './base-image.js';
import { openBeside } from './beside.js';
import { buildImage } from './build-image.js';
import { checkEngine } from './check-engine.js';
import { findContainer, refuseForeign, removeContainer, stopContainer } from './container.js';
import { besideOptions, createOptions } from './create-options.js';
import { connectEngine, type Engine } from './engine.js';
import { pruneImages } from './images.js';
import { LABEL } from './labels.js';
import { containerLines } from './logs.js';
import { containerMemory } from './memory.js';
import { readStats } from './ready.js';
import { publishedEndpoint } from './route.js';
import { switchTo } from './switch.js';

/** One container on a Docker engine. Its name is `deploykit-NAME`; `…-next`, `…-verify` and `…-beside` live
 * for a moment only. */
export class DockerTarget implements Target {
  readonly kind = 'docker';
  readonly #context: TargetContext;
  readonly #container: string;
  #engine: Promise<Engine> | undefined;

  constructor(
    readonly name: string,
    context: TargetContext,
    engine?: Engine,
  ) {
    this.#context = context;
    this.#container = `deploykit-${context.project.name}`;
    if (engine) this.#engine = Promise.resolve(engine);
  }

  async prepare(): Promise<Ground> {
    const { project } = this.#context;
    const { docker } = await this.#connect();
    const info = (await docker.info()) as { NCPU: number; MemTotal: number };
    const settings = project.target[this.name];
    const limited = settings?.cpus !== undefined && settings.cpus < info.NCPU;
    return {
      facts: {
        cpus: Math.min(info.NCPU, settings?.cpus ?? info.NCPU),
        memoryBytes: Math.min(info.MemTotal, settings?.memory ? parseSize(settings.memory) : info.MemTotal),
        somaxconn: null,
        source: limited ? 'the CPU limit of the target' : 'CPUs of the engine',
      },
      layout: containerLayout(project.app.dir),
      port: project.server.port,
    };
  }

  async check(): Promise<CheckRow[]> {
    const engine = await this.#connect();
    const { endpoint } = await this.status();
    return checkEngine(engine, this.#context.project, this.name, endpoint?.port ?? null);
  }

  async steps(deployment: Deployment): Promise<string[]> {
    const { docker } = await this.#connect();
    const { plan } = deployment;
    const base = plan.image?.base ?? '';
    const here = await imageId(docker, base);
    const running = await findContainer(docker, this.#container);
    return [
      ...(here ? [] : [`POST /images/create?fromImage=${base}`]),
      `POST /build?t=deploykit/${plan.name}:RELEASE&dockerfile=${deployment.folder}/Dockerfile`,
      ...(running?.State.Running
        ? [`start a trial container without a port, wait until it is ready, remove it`]
        : []),
      ...(running ? [`POST /containers/${this.#container}/stop?t=${plan.server.timeouts.stopGrace}`] : []),
      `POST /containers/create?name=${this.#container}-next`,
      `POST /containers/${this.#container}-next/start, published on ${plan.bind}:${plan.port}`,
      `wait until ${plan.app.healthPath} answers below 500 and ${plan.server.slots} slots are there`,
      `POST /containers/${this.#container}-next/rename?name=${this.#container}`,
    ];
  }

  async up(deployment: Deployment, options: UpOptions): Promise<UpResult> {
    const { project, reporter, signal } = this.#context;
    const engine = await this.#connect();
    const { docker } = engine;
    const started = Date.now();
    const { plan } = deployment;
    await removeContainer(docker, `${this.#container}-next`); // left by a run that was killed
    const old = await findContainer(docker, this.#container);
    refuseForeign(old, this.#container, project.dir);
    const env = await appEnvironment(plan, project.dir);
    const base = await ensureBase(docker, plan.image?.base ?? '', reporter, signal);
    const source = await readSource(project.dir, DEFAULT_IGNORE, secretPaths(plan.app));
    const release = releaseId(hashSource(source), deployment, [base]);
    const tag = `deploykit/${plan.name}:${release}`;
    const create = createOptions({ plan, projectDir: project.dir, image: tag, release, env, role: 'server' });
    if (old && isCurrent(old, create)) return this.#result(old, plan, release, false, started);
    if (!(await imageId(docker, tag))) {
      reporter.step(`Building ${tag} from ${plan.image?.base}`);
      await buildImage({ docker, deployment, source, tag, release, reporter, signal });
    }
    throwIfAborted(signal);
    const trial = createOptions({ plan, projectDir: project.dir, image: tag, release, env, role: 'trial' });
    await switchTo({
      docker,
      name: this.#container,
      old,
      create,
      trial,
      plan,
      reporter,
      signal,
      seconds: options.waitSeconds,
    });
    await pruneImages(docker, plan.name, [tag, old?.Config.Image ?? tag]);
    const now = await findContainer(docker, this.#container);
    if (!now) throw new DeploykitError('DK_SERVER_FAILED', 'the container was removed by someone else');
    return this.#result(now, plan, release, true, started);
  }

  async down({ purge }: { purge: boolean }): Promise<boolean> {
    const { docker } = await this.#connect();
    const { project } = this.#context;
    const info = await findContainer(docker, this.#container);
    refuseForeign(info, this.#container, project.dir);
    for (const suffix of ['-next', '-verify', '-beside'])
      await removeContainer(docker, this.#container + suffix);
    if (info) {
      if (info.State.Running) this.#context.reporter.step('Stopping: requests in flight are finished first');
      await stopContainer(docker, this.#container);
      await removeContainer(docker, this.#container);
    }
    if (purge) await pruneImages(docker, project.name, []);
    return info?.State.Running ?? false;
  }

  async status(): Promise<Status> {
    const engine = await this.#connect();
    const info = await findContainer(engine.docker, this.#container);
    if (!info || info.Config.Labels?.[LABEL.project] !== this.#context.project.dir) return NOTHING;
    const container = engine.docker.getContainer(info.Id);
    const layout = containerLayout(this.#context.project.app.dir);
    return {
      ...LIFELESS,
      running: info.State.Running,
      release: info.Config.Labels?.[LABEL.release] ?? null,
      endpoint: await publishedEndpoint(info, engine.local),
      claim: claimOfContainer(info),
      stats: info.State.Running ? await readStats(container, { layout }) : null,
      startedAt: info.State.StartedAt,
      id: info.Id.slice(0, 12),
    };
  }

  async *logs(options: { follow: boolean; lines: number }): AsyncIterable<string> {
    const { docker } = await this.#connect();
    if (!(await findContainer(docker, this.#container))) throw notRunning(this.#context.project.name);
    yield* containerLines(docker.getContainer(this.#container), options, this.#context.signal);
  }

  async beside({ shape, sleeping = false }: BesideOptions): Promise<Instance> {
    const engine = await this.#connect();
    const running = await findContainer(engine.docker, this.#container);
    if (!running?.State.Running) throw notRunning(this.#context.project.name);
    const name = `${this.#container}-${sleeping ? 'verify' : 'beside'}`;
    const options = besideOptions(running, shape, sleeping);
    const instance = await openBeside(engine, options, name, this.#context.signal);
    return { ...instance, claim: shape ? claimOf(shape.plan) : claimOfContainer(running) };
  }

  async memory(): Promise<number | null> {
    const { docker } = await this.#connect();
    const running = await findContainer(docker, this.#container);
    return running?.State.Running ? containerMemory(docker.getContainer(running.Id)) : null;
  }

  #connect(): Promise<Engine> {
    this.#engine ??= connectEngine(
      this.#context.dockerHost ?? this.#context.project.target[this.name]?.docker_host,
    );
    return this.#engine;
  }

  async #result(
    info: Docker.ContainerInspectInfo,
    plan: Deployment['plan'],
    release: string,
    changed: boolean,
    started: number,
  ): Promise<UpResult> {
    const endpoint = await publishedEndpoint(info, (await this.#connect()).local);
    if (!endpoint) throw new DeploykitError('DK_SERVER_FAILED', 'the container publishes no port');
    return { changed, release, endpoint, claim: claimOf(plan), seconds: (Date.now() - started) / 1000 };
  }
}

// A container of ours always has it.
function claimOfContainer({ Config }: Docker.ContainerInspectInfo): ReleaseClaim {
  return JSON.parse(Config.Labels?.[LABEL.claim] ?? 'null') as ReleaseClaim;
}

function isCurrent(old: Docker.ContainerInspectInfo, create: Docker.ContainerCreateOptions): boolean {
  const labels = old.Config.Labels ?? {};
  const wanted = create.Labels ?? {};
  return old.State.Running && [LABEL.config, LABEL.release].every((key) => labels[key] === wanted[key]);
}
