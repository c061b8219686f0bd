import type Docker from 'dockerode';
import type { Endpoint } from '../../endpoint.js';
import { containerLayout } from '../../plan/layout.js';
import { parseSize } from '../../plan/placement.js';
import type { DeploymentEvent, EventOptions } from '../events.js';
import {
  type BesideOptions,
  type CheckRow,
  type Deployment,
  type Disturbance,
  type Drift,
  type Ground,
  type Instance,
  notRunning,
  type ReleaseInfo,
  type ReleaseTarget,
  type ScaleResult,
  type Status,
  type TargetContext,
  type UpOptions,
  type UpResult,
} from '../target.js';
import { besideModel } from './beside.js';
import { checkEngine } from './check-engine.js';
import { compared } from './compared.js';
import { disturbServer } from './disturb.js';
import { connectEngine, type Engine, engineRequest } from './engine.js';
import { deploymentEvents } from './events/docker-events.js';
import { certificateFiles } from './front/certificate.js';
import { renewCertificate } from './front/renew-certificate.js';
import { servingReplicas } from './front/serving-replicas.js';
import { ownerOn } from './labels.js';
import { deploymentLines } from './logs.js';
import { containerMemory } from './memory.js';
import { type Reached, reachPublished } from './reach.js';
import { deployedEndpoint, readStatus } from './read-status.js';
import type { Operator } from './release/change.js';
import { renew, replicaOf, rollbackTo } from './release/change-release.js';
import { type Deployed, readDeployed, serversOf } from './release/deployed.js';
import { scaleTo } from './release/scale.js';
import { upSteps } from './steps.js';
import { takeDown } from './take-down.js';
import { bringUp } from './up.js';

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
    const operator = await this.#operator();
    return upSteps(operator.engine, deployment, await compared(operator, deployment));
  }

  async drift(deployment: Deployment): Promise<Drift[]> {
    return (await compared(await this.#operator(), deployment)).drift;
  }

  async up(deployment: Deployment, options: UpOptions): Promise<UpResult> {
    return bringUp(await this.#operator(), deployment, options);
  }

  async down({ purge }: { purge: boolean }): Promise<boolean> {
    return takeDown(await this.#operator(), purge);
  }

  async status(): Promise<Status> {
    const { name, dir } = this.#context.project;
    return readStatus(await this.#connect(), name, dir);
  }

  async reach(endpoint: Endpoint): Promise<Reached> {
    return reachPublished(await this.#connect(), endpoint, this.#context.project.name);
  }

  async releases(): Promise<ReleaseInfo[]> {
    const { found } = await this.#connect();
    const { sets, current } = await this.#deployed();
    return sets.map((set) => ({
      host: found,
      id: set.release,
      current: set === current,
      healthy: set.proven,
    }));
  }

  async rollback(id: string | undefined, options: UpOptions): Promise<string> {
    return rollbackTo(await this.#operator(), id, options);
  }

  async reload(options: UpOptions): Promise<void> {
    const operator = await this.#operator();
    const { tls_certificate: certificate, tls_key: key } = this.#context.project.front;
    if (certificate && key) await renewCertificate(operator, await certificateFiles({ certificate, key }));
    await renew(operator, options);
  }

  async scale(replicas: number, options: UpOptions): Promise<ScaleResult> {
    return scaleTo(await this.#operator(), replicas, options);
  }

  async *logs(options: { follow: boolean; lines: number }): AsyncIterable<string> {
    const { docker } = await this.#connect();
    const { project, signal } = this.#context;
    yield* deploymentLines(docker, project, options, signal);
  }

  async beside(options: BesideOptions): Promise<Instance> {
    const { release } = options;
    const engine = await this.#connect();
    const deployed = await this.#deployed();
    const model = release === undefined ? this.#serving(deployed) : replicaOf(deployed, release);
    return besideModel({ engine, context: this.#context }, model, options);
  }

  async memory(): Promise<number | null> {
    const { docker } = await this.#connect();
    const servers = serversOf(await this.#deployed()).filter(({ State }) => State.Running);
    const all = await Promise.all(servers.map(({ Id }) => containerMemory(docker.getContainer(Id))));
    return all.reduce((sum, one) => (sum === null || one === null ? null : sum + one), all[0] ? 0 : null);
  }

  async disturb(what: Disturbance): Promise<void> {
    await disturbServer(await this.#connect(), this.#serving(await this.#deployed()), what);
  }

  async *events(options: EventOptions): AsyncIterable<DeploymentEvent> {
    const engine = await this.#connect();
    const { project, signal } = this.#context;
    const { name, dir: projectDir } = project;
    const owner = ownerOn(engine, projectDir);
    yield* deploymentEvents({ docker: engine.docker, name, projectDir, owner, signal }, options);
  }

  // A container of the release that serves.
  #serving(deployed: Deployed): Docker.ContainerInspectInfo {
    const [running] = serversOf(deployed);
    if (!running?.State.Running) throw notRunning(this.#context.project.name);
    return running;
  }

  async #deployed(): Promise<Deployed> {
    const { name, dir } = this.#context.project;
    return readDeployed((await this.#connect()).docker, name, dir);
  }

  async #operator(): Promise<Operator> {
    return { engine: await this.#connect(), context: this.#context };
  }

  #connect(): Promise<Engine> {
    this.#engine ??= connectEngine(engineRequest(this.#context, this.name));
    return this.#engine;
  }
}
