import type Docker from 'dockerode';
import type { Endpoint } from '../../endpoint.js';
import { NOTHING, type ReleaseClaim, type Status } from '../target.js';
import { planOf } from './create-options.js';
import type { Engine } from './engine.js';
import { LABEL } from './labels.js';
import { type Deployed, numberOf, readDeployed } from './release/deployed.js';
import { publishedEndpoint } from './route.js';
import { containerStatus, plainVitals, serverVitals, sumVitals } from './vitals.js';

/** Where a deployment listens; null when nothing has its port. */
export async function deployedEndpoint(
  engine: Engine,
  name: string,
  projectDir: string,
): Promise<Endpoint | null> {
  return endpointOf(engine, await readDeployed(engine.docker, name, projectDir));
}

// What the front speaks, and for whom, is known from what it is the front of.
async function endpointOf(
  engine: Engine,
  { single, front, current, sets }: Deployed,
): Promise<Endpoint | null> {
  if (single) return publishedEndpoint(single, engine);
  const [first] = (current ?? sets[0])?.replicas ?? [];
  return front && publishedEndpoint(front, engine, first && planOf(first));
}

/** What runs of a deployment, and how it is: behind its front, or the one container that has the port. */
export async function readStatus(engine: Engine, name: string, projectDir: string): Promise<Status> {
  const { docker } = engine;
  const deployed = await readDeployed(docker, name, projectDir);
  const { front, current, sets, single } = deployed;
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
    endpoint: await endpointOf(engine, deployed),
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
