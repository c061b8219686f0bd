import type { Endpoint } from '../../endpoint.js';
import { hashSource, readSource } from '../../host/source.js';
import { SshHost } from '../../host/ssh.js';
import { loadTemplate } from '../../host/templates.js';
import { DEFAULT_IGNORE, secretPaths } from '../../plan/ignore.js';
import { systemdLayout } from '../../plan/layout.js';
import { rowOfStep } from '../check-row.js';
import { appEnvironment, secretFiles } from '../environment.js';
import { releaseId } from '../release.js';
import {
  type BesideOptions,
  type CheckRow,
  claimOf,
  type Deployment,
  type Disturbance,
  type Ground,
  type Instance,
  NOTHING,
  notRunning,
  type ReleaseInfo,
  type ReleaseTarget,
  type Status,
  type TargetContext,
  type UpOptions,
  type UpResult,
} from '../target.js';
import { checkHost } from './check-host.js';
import { type HostFacts, readFacts, smallest } from './facts.js';
import { openHostBeside, tunnelRoute, unitMemory } from './host-beside.js';
import { reloadHost, rollbackHost, stopHost, unknownRelease } from './host-changes.js';
import { hostPython } from './host-python.js';
import { isCurrent, releaseOnHost } from './host-release.js';
import { hostEndpoint, hostStatus } from './host-status.js';
import { wheelhouseBuilder } from './local-build/wheelhouse.js';
import { followJournals } from './logs.js';
import { onEachHost } from './on-each.js';
import { OnHost } from './on-host.js';
import { hostPaths } from './paths.js';
import { hostSteps } from './steps.js';

/** systemd services on one or several machines over ssh: one socket unit, one instance a release. */
export class SystemdTarget implements ReleaseTarget {
  readonly kind = 'systemd';
  readonly disturbances = ['kill worker', 'kill server', 'terminate server'] as const;
  readonly #context: TargetContext;
  readonly #hosts: SshHost[];
  readonly #facts = new Map<string, Promise<HostFacts>>();

  constructor(
    readonly name: string,
    context: TargetContext,
  ) {
    this.#context = context;
    const settings = context.project.target[name];
    this.#hosts = (settings?.hosts ?? []).map(
      (host) => new SshHost(host, { configFile: settings?.ssh_config }),
    );
  }

  async prepare(): Promise<Ground> {
    const { project } = this.#context;
    const all = await Promise.all(this.#hosts.map((host) => this.#factsOf(host)));
    return {
      facts: smallest(all.map((facts) => facts.machine)),
      layout: systemdLayout(project.name, project.app.dir),
      port: project.server.port || 8000,
    };
  }

  async check(): Promise<CheckRow[]> {
    return (await Promise.all(this.#hosts.map((host) => this.#checkOne(host)))).flat();
  }

  // A host that is not reached, or where nothing may be done, has that one row; the others have theirs all the same.
  async #checkOne(host: SshHost): Promise<CheckRow[]> {
    const { project, reporter, signal } = this.#context;
    let facts: HostFacts | undefined;
    const login = await rowOfStep(host.name, 'login', async () => {
      facts = await this.#factsOf(host);
      return 'root, or sudo without a password';
    });
    if (!facts) return [login];
    const on = new OnHost(host, reporter, signal);
    return [login, ...(await checkHost(on, project, this.name, facts))];
  }

  async steps(deployment: Deployment): Promise<string[]> {
    return this.#hosts.flatMap((host) => hostSteps(host.name, deployment));
  }

  async up(deployment: Deployment, options: UpOptions): Promise<UpResult> {
    const { project, reporter, signal } = this.#context;
    const { plan, artefacts } = deployment;
    const began = Date.now();
    const env = await appEnvironment(plan, project.dir);
    const source = await readSource(project.dir, DEFAULT_IGNORE, secretPaths(plan.app));
    const sourceHash = hashSource(source);
    const secrets = await secretFiles(plan, project.dir);
    const release = releaseId(sourceHash, deployment, [JSON.stringify([env, secrets])]);
    const wheelhouse = wheelhouseBuilder({ plan, artefacts, projectDir: project.dir, reporter, signal });
    const paths = hostPaths(plan.name);
    const changed = await onEachHost(this.#hosts, async (host, index) => {
      const facts = await this.#factsOf(host);
      if (isCurrent(facts, release)) return false;
      const on = new OnHost(host, reporter, signal);
      const python = hostPython(on, project, facts, plan.service?.build ?? 'host');
      python.catch(() => undefined); // told of where it is needed, unless the lock is refused before
      const common = { on, plan, paths, facts, release, artefacts, source, sourceHash, env, secrets, python };
      return releaseOnHost({
        ...common,
        wheelhouse,
        projectDir: project.dir,
        canary: index === 0,
        seconds: options.waitSeconds,
      });
    });
    this.#facts.clear();
    const seconds = (Date.now() - began) / 1000;
    return {
      changed: changed.includes(true),
      release,
      endpoint: hostEndpoint(this.#hosts[0]?.name ?? '', plan),
      claim: claimOf(plan),
      seconds,
      hosts: this.#hosts.map(({ name }, index) => ({ host: name, changed: changed[index] ?? false })),
    };
  }

  async down({ purge }: { purge: boolean }): Promise<boolean> {
    const stopped = await this.#change(0, (change) => stopHost(change, purge));
    return stopped.includes(true);
  }

  async status(): Promise<Status> {
    const { project, reporter, signal } = this.#context;
    const all = await Promise.all(
      this.#hosts.map(async (host) =>
        hostStatus(new OnHost(host, reporter, signal), project.name, await this.#factsOf(host)),
      ),
    );
    const [first] = all;
    return first ? { ...first, hosts: all } : NOTHING;
  }

  async *logs(options: { follow: boolean; lines: number }): AsyncIterable<string> {
    yield* followJournals(this.#hosts, this.#context.project.name, options, this.#context.signal);
  }

  async releases(): Promise<ReleaseInfo[]> {
    const all = await Promise.all(
      this.#hosts.map(async (host) => ({ host, facts: await this.#factsOf(host) })),
    );
    return all.flatMap(({ host, facts }) =>
      facts.releases.map((id) => ({
        host: host.name,
        id,
        current: id === facts.current,
        healthy: facts.healthy.includes(id),
      })),
    );
  }

  async rollback(id: string | undefined, options: UpOptions): Promise<string> {
    const ids = await this.#change(options.waitSeconds, (change) => rollbackHost(change, id));
    return ids[0] ?? '';
  }

  async reload(options: UpOptions): Promise<void> {
    await this.#change(options.waitSeconds, reloadHost);
  }

  // A change on every host, the canary first; what was known of the hosts before it is forgotten.
  async #change<T>(
    seconds: number,
    work: (change: Parameters<typeof reloadHost>[0]) => Promise<T>,
  ): Promise<T[]> {
    const { reporter, signal, project } = this.#context;
    try {
      return await onEachHost(this.#hosts, async (host) => {
        const facts = await this.#factsOf(host);
        return work({ on: new OnHost(host, reporter, signal), name: project.name, facts, seconds });
      });
    } finally {
      this.#facts.clear();
    }
  }

  async reach(endpoint: Endpoint): Promise<{ endpoint: Endpoint; close(): Promise<void> }> {
    const [host] = this.#hosts;
    if (!host) throw notRunning(this.#context.project.name);
    const { port, close } = await host.forward(endpoint.host, endpoint.port);
    return { endpoint: { ...endpoint, host: '127.0.0.1', port, route: tunnelRoute(host.name) }, close };
  }

  async beside(options: BesideOptions): Promise<Instance> {
    const { on, release, facts } = await this.#serving();
    const wanted = options.release ?? release;
    if (!facts.releases.includes(wanted)) throw unknownRelease(on.host.name, wanted, facts);
    return openHostBeside(on, this.#context.project.name, wanted, options);
  }

  async memory(): Promise<number | null> {
    const { on, release } = await this.#serving();
    return unitMemory(on, hostPaths(this.#context.project.name).unit(release));
  }

  async disturb(what: Disturbance): Promise<void> {
    const { on, release } = await this.#serving();
    const unit = hostPaths(this.#context.project.name).unit(release);
    if (what !== 'kill worker') {
      const all = what === 'kill server';
      await on.run([
        'systemctl',
        'kill',
        all ? '--signal=KILL' : '--signal=TERM',
        `--kill-who=${all ? 'all' : 'main'}`,
        unit,
      ]);
      return;
    }
    const [worker] = (await this.status()).stats?.workerPids ?? [];
    if (!worker) throw notRunning(this.#context.project.name);
    await on.run(['kill', '-9', String(worker)]);
  }

  // The first host and what serves there.
  async #serving(): Promise<{ on: OnHost; release: string; facts: HostFacts }> {
    const [host] = this.#hosts;
    const { project, reporter, signal } = this.#context;
    const facts = host ? await this.#factsOf(host) : null;
    if (!host || !facts?.current) throw notRunning(project.name);
    return { on: new OnHost(host, reporter, signal), release: facts.current, facts };
  }

  #factsOf(host: SshHost): Promise<HostFacts> {
    const known = this.#facts.get(host.name);
    if (known) return known;
    const { project, signal } = this.#context;
    const asked = readFacts(host, project.name, loadTemplate('host/facts.sh'), signal);
    this.#facts.set(host.name, asked);
    return asked;
  }
}
