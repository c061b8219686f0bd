import type Docker from 'dockerode';
import type { Endpoint } from '../../endpoint.js';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import { containerLayout } from '../../plan/layout.js';
import { parseSize } from '../../plan/placement.js';
import { unsetSecrets } from '../environment.js';
import type { DeploymentEvent, EventOptions } from '../events.js';
import {
  type BesideOptions,
  type CheckRow,
  claimOf,
  type Deployment,
  type Disturbance,
  type Drift,
  type Ground,
  type Instance,
  notRunning,
  type ReleaseClaim,
  type ReleaseInfo,
  type ReleaseTarget,
  type ScaleResult,
  type Status,
  type TargetContext,
  type UpOptions,
  type UpResult,
  WATCHED,
} from '../target.js';
import { ensureBase, imageId } from './base-image.js';
import { openBeside } from './beside.js';
import { buildImage } from './build-image.js';
import { checkEngine } from './check-engine.js';
import { besideOptions } from './create-options.js';
import { disturbServer } from './disturb.js';
import { readDrift } from './drift/read-drift.js';
import { connectEngine, type Engine, engineRequest } from './engine.js';
import { deploymentEvents } from './events/docker-events.js';
import { certificateFiles } from './front/certificate.js';
import { ensureFrontImage } from './front/front-image.js';
import { renewCertificate } from './front/renew-certificate.js';
import { servingReplicas } from './front/serving-replicas.js';
import { LABEL, ownerOn } from './labels.js';
import { deploymentLines } from './logs.js';
import { containerMemory } from './memory.js';
import { type ObjectNames, objectNames } from './names.js';
import { type Reached, reachPublished } from './reach.js';
import { deployedEndpoint, readStatus } from './read-status.js';
import { renew, rollbackTo, unknownRelease } from './release/change-release.js';
import { readDeployed, serversOf } from './release/deployed.js';
import { scaleTo } from './release/scale.js';
import type { Wanted } from './release/types.js';
import { applyUpdate } from './release/update.js';
import { upSteps } from './steps.js';
import { takeDown } from './take-down.js';
import { applySingle } from './up-single.js';
import { isWanted, wantedRelease } from './wanted.js';

/**
 * Containers on a Docker engine: nginx before the replicas of a release, which are replaced without a lost request; or,
 * without a front, one container that has the port, which an update interrupts.
 */
export class DockerTarget implements ReleaseTarget {
  readonly kind = 'docker';
  readonly disturbances = ['kill worker', 'kill server', 'terminate server'] as const;
  readonly #context: TargetContext;
  #engine: Promise<Engine> | undefined;

  constructor(
    readonly name: string,
    context: TargetContext,
    engine?: Engine,
  ) {
    this.#context = context;
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
      replicas: await servingReplicas(docker, project.name, project.dir),
    };
  }

  async check(): Promise<CheckRow[]> {
    const engine = await this.#connect();
    const { project } = this.#context;
    const endpoint = await deployedEndpoint(engine, project.name, project.dir);
    return checkEngine(engine, project, this.name, endpoint?.port ?? null);
  }

  async steps(deployment: Deployment): Promise<string[]> {
    const engine = await this.#connect();
    const { project } = this.#context;
    const deployed = await readDeployed(engine.docker, project.name, project.dir);
    const wanted = await this.#wanted(engine, deployment);
    const drift = wanted ? await readDrift(engine.docker, deployed, wanted) : [];
    return upSteps(engine, deployment, { deployed, wanted, drift });
  }

  async drift(deployment: Deployment): Promise<Drift[]> {
    const engine = await this.#connect();
    const { project } = this.#context;
    const deployed = await readDeployed(engine.docker, project.name, project.dir);
    const wanted = await this.#wanted(engine, deployment);
    return wanted ? readDrift(engine.docker, deployed, wanted) : [];
  }

  // Without the base image on the engine no release is known, and none can be there.
  async #wanted(engine: Engine, deployment: Deployment): Promise<Wanted | null> {
    const { project, reporter } = this.#context;
    const unset = unsetSecrets(deployment.plan);
    if (unset.length > 0) {
      reporter.warn(`without the secrets ${unset.join(', ')} it is not known whether what runs is the same`);
      return null;
    }
    const base = await imageId(engine.docker, deployment.plan.image?.base ?? '');
    return base === null ? null : wantedRelease(deployment, project.dir, ownerOn(engine, project.dir), base);
  }

  async up(deployment: Deployment, options: UpOptions): Promise<UpResult> {
    const { project, reporter, signal } = this.#context;
    const engine = await this.#connect();
    const { docker } = engine;
    const started = Date.now();
    const { plan } = deployment;
    await readDeployed(docker, plan.name, project.dir); // refuses what is not ours before anything is built
    const base = await ensureBase(docker, plan.image?.base ?? '', reporter, signal);
    const wanted = await wantedRelease(deployment, project.dir, ownerOn(engine, project.dir), base);
    const deployed = await readDeployed(docker, plan.name, project.dir);
    const drift = await readDrift(docker, deployed, wanted);
    for (const { what, message, mend } of drift) {
      if (mend === null) reporter.warn(`${what}: ${message}; it is left alone`);
      else reporter.step(`Mending ${what}: ${message}; ${mend}`);
    }
    const mended = drift.filter(({ mend }) => mend !== null);
    const isNew = mended.length > 0 || !isWanted(wanted, deployed);
    if (isNew) await this.#change(engine, deployment, wanted, options);
    const operator = { engine, context: this.#context };
    const renewed = await renewCertificate(operator, wanted.certificate);
    const changed = isNew || renewed;
    const { release } = wanted;
    const endpoint = await deployedEndpoint(engine, plan.name, project.dir);
    if (!endpoint) throw new DeploykitError('DK_SERVER_FAILED', 'the container was removed by someone else');
    const seconds = (Date.now() - started) / 1000;
    return { changed, release, endpoint, claim: claimOf(plan), seconds, mended };
  }

  async #change(engine: Engine, deployment: Deployment, wanted: Wanted, options: UpOptions): Promise<void> {
    const { docker } = engine;
    const { reporter, signal } = this.#context;
    const { plan, image, release, source, front } = wanted;
    const build = { docker, deployment, reporter, signal };
    // First: where nginx cannot be had, that is said before the minutes of the other build.
    const fronted = front ? { ...wanted, front, frontImage: await ensureFrontImage(build) } : null;
    if (!(await imageId(docker, image))) {
      reporter.step(`Building ${image} from ${plan.image?.base}`);
      const labels = { [LABEL.name]: plan.name, [LABEL.release]: release };
      await buildImage({ ...build, source, tag: image, dockerfile: 'Dockerfile', labels });
    }
    throwIfAborted(signal);
    const operator = { engine, context: this.#context };
    if (fronted) await applyUpdate(operator, fronted, options.waitSeconds);
    else await applySingle(operator, wanted, options.waitSeconds);
  }

  async down({ purge }: { purge: boolean }): Promise<boolean> {
    return takeDown({ engine: await this.#connect(), context: this.#context }, purge);
  }

  async status(): Promise<Status> {
    const { name, dir } = this.#context.project;
    return readStatus(await this.#connect(), name, dir);
  }

  async reach(endpoint: Endpoint): Promise<Reached> {
    return reachPublished(await this.#connect(), endpoint, this.#context.project.name);
  }

  async releases(): Promise<ReleaseInfo[]> {
    const { name, dir } = this.#context.project;
    const { docker, found } = await this.#connect();
    const { sets, current } = await readDeployed(docker, name, dir);
    return sets.map((set) => ({
      host: found,
      id: set.release,
      current: set === current,
      healthy: set.proven,
    }));
  }

  async rollback(id: string | undefined, options: UpOptions): Promise<string> {
    return rollbackTo({ engine: await this.#connect(), context: this.#context }, id, options);
  }

  async reload(options: UpOptions): Promise<void> {
    const operator = { engine: await this.#connect(), context: this.#context };
    const { tls_certificate: certificate, tls_key: key } = this.#context.project.front;
    if (certificate && key) await renewCertificate(operator, await certificateFiles({ certificate, key }));
    await renew(operator, options);
  }

  async scale(replicas: number, options: UpOptions): Promise<ScaleResult> {
    return scaleTo({ engine: await this.#connect(), context: this.#context }, replicas, options);
  }

  async *logs(options: { follow: boolean; lines: number }): AsyncIterable<string> {
    const { docker } = await this.#connect();
    const { project, signal } = this.#context;
    yield* deploymentLines(docker, project, options, signal);
  }

  async beside({ shape, release, sleeping = false, watched = false }: BesideOptions): Promise<Instance> {
    const engine = await this.#connect();
    const running = await this.#server(engine);
    const model = release === undefined ? running : await this.#kept(engine, release);
    const name = this.#names[sleeping ? 'verification' : 'beside'];
    const options = besideOptions(model, shape, sleeping, watched ? WATCHED : {});
    const instance = await openBeside(engine, options, name, this.#context.signal);
    return { ...instance, claim: shape ? claimOf(shape.plan) : claimOfContainer(model) };
  }

  // A container of a kept release: it has the release's image, settings and secrets, running or not.
  async #kept({ docker }: Engine, release: string): Promise<Docker.ContainerInspectInfo> {
    const { name, dir } = this.#context.project;
    const deployed = await readDeployed(docker, name, dir);
    const [replica] = deployed.sets.find((set) => set.release === release)?.replicas ?? [];
    if (!replica) throw unknownRelease(release, deployed);
    return replica;
  }

  async memory(): Promise<number | null> {
    const { docker } = await this.#connect();
    const { name, dir } = this.#context.project;
    const servers = serversOf(await readDeployed(docker, name, dir)).filter(({ State }) => State.Running);
    const all = await Promise.all(servers.map(({ Id }) => containerMemory(docker.getContainer(Id))));
    return all.reduce((sum, one) => (sum === null || one === null ? null : sum + one), all[0] ? 0 : null);
  }

  async disturb(what: Disturbance): Promise<void> {
    const engine = await this.#connect();
    await disturbServer(engine, await this.#server(engine), what);
  }

  async *events(options: EventOptions): AsyncIterable<DeploymentEvent> {
    const engine = await this.#connect();
    const { project, signal } = this.#context;
    const { name, dir: projectDir } = project;
    const owner = ownerOn(engine, projectDir);
    yield* deploymentEvents({ docker: engine.docker, name, projectDir, owner, signal }, options);
  }

  // A container of the release that serves.
  async #server({ docker }: Engine): Promise<Docker.ContainerInspectInfo> {
    const { name, dir } = this.#context.project;
    const [running] = serversOf(await readDeployed(docker, name, dir));
    if (!running?.State.Running) throw notRunning(name);
    return running;
  }

  get #names(): ObjectNames {
    return objectNames(this.#context.project.name);
  }

  #connect(): Promise<Engine> {
    this.#engine ??= connectEngine(engineRequest(this.#context, this.name));
    return this.#engine;
  }
}

// A container of ours always has it.
function claimOfContainer({ Config }: Docker.ContainerInspectInfo): ReleaseClaim {
  return JSON.parse(Config.Labels?.[LABEL.claim] ?? 'null') as ReleaseClaim;
}
