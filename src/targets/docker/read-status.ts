import type Docker from 'dockerode';
import type { Endpoint } from '../../endpoint.js';
import { NOTHING, type ReleaseClaim, type Status } from '../target.js';
import { planOf } from './create-options.js';
import type { Engine } from './engine.js';
import { LABEL } from './labels.js';
import { numberOf, readDeployed } from './release/deployed.js';
import { publishedEndpoint } from './route.js';
import { containerStatus, plainVitals, serverVitals, sumVitals } from './vitals.js';

/** Where a deployment listens; null when nothing has its port. */
export async function deployedEndpoint(
  engine: Engine,
  name: string,
  projectDir: string,
): Promise<Endpoint | null> {
  const { single, front } = await readDeployed(engine.docker, name, projectDir);
  const entry = single ?? front;
  return entry && publishedEndpoint(entry, engine);
}

/** What runs of a deployment, and how it is: behind its front, or the one container that has the port. */
export async function readStatus(engine: Engine, name: string, projectDir: string): Promise<Status> {
  const { docker } = engine;
  const { front, current, sets, single } = await readDeployed(docker, name, projectDir);
  const servers = single ? [single] : ((current ?? sets[0])?.replicas ?? []);
  const [first] = servers;
  if (!first) return NOTHING;
  const entry = single ?? front;
  const before = single ? null : front;
  const [vitals, nginx] = await Promise.all([
    Promise.all(servers.map((info) => serverVitals(docker, info))),
    before && plainVitals(docker, before),
  ]);
  const labels = first.Config.Labels ?? {};
  const isRunning = ({ State }: Docker.ContainerInspectInfo): boolean => State.Running && !State.Paused;
  return {
    running: entry !== null && [...servers, entry].every(isRunning),
    release: labels[LABEL.release] ?? null,
    endpoint: entry ? await publishedEndpoint(entry, engine, single ? undefined : planOf(first)) : null,
    claim: JSON.parse(labels[LABEL.claim] ?? 'null') as ReleaseClaim | null,
    startedAt: first.State.StartedAt,
    id: servers.map(({ Id }) => Id.slice(0, 12)).join(', '),
    ...sumVitals(vitals),
    containers: [
      ...(before && nginx ? [containerStatus('front', before, nginx)] : []),
      ...servers.map((info, i) =>
        containerStatus(single ? 'server' : String(numberOf(info)), info, vitals[i] ?? sumVitals([])),
      ),
    ],
  };
}
