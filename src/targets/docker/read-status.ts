import type Docker from 'dockerode';
import { containerLayout } from '../../plan/layout.js';
import type { StatsSummary } from '../../uwsgi/stats.js';
import { LIFELESS, NOTHING, type ReleaseClaim, type Status } from '../target.js';
import type { Engine } from './engine.js';
import { LABEL } from './labels.js';
import { readStats } from './ready.js';
import { readDeployed } from './release/deployed.js';
import { publishedEndpoint } from './route.js';

/** What runs of a deployment: behind its front, or the one container that has the port. */
export async function readStatus(engine: Engine, name: string, projectDir: string): Promise<Status> {
  const { front, current, sets, single } = await readDeployed(engine.docker, name, projectDir);
  const servers = single ? [single] : ((current ?? sets[0])?.replicas ?? []);
  const [first] = servers;
  if (!first) return NOTHING;
  const entry = single ?? front;
  const all = [...servers, ...(single || !front ? [] : [front])];
  const labels = first.Config.Labels ?? {};
  return {
    ...LIFELESS,
    running: entry !== null && all.every(({ State }) => State.Running),
    release: labels[LABEL.release] ?? null,
    endpoint: entry ? await publishedEndpoint(entry, engine.local) : null,
    claim: JSON.parse(labels[LABEL.claim] ?? 'null') as ReleaseClaim | null,
    stats: sumStats(await Promise.all(servers.map((info) => statsOf(engine.docker, info)))),
    startedAt: first.State.StartedAt,
    id: servers.map(({ Id }) => Id.slice(0, 12)).join(', '),
  };
}

function statsOf(docker: Docker, info: Docker.ContainerInspectInfo): Promise<StatsSummary | null> {
  if (!info.State.Running) return Promise.resolve(null);
  return readStats(docker.getContainer(info.Id), { layout: containerLayout('.') });
}

const COUNTED = [
  'workers',
  'ready',
  'slots',
  'busy',
  'requests',
  'exceptions',
  'restarts',
  'queue',
  'queueMax',
] as const;

function sumStats(all: (StatsSummary | null)[]): StatsSummary | null {
  const there = all.filter((stats) => stats !== null);
  const [first] = there;
  if (!first || there.length < all.length) return null;
  const sum = (key: (typeof COUNTED)[number]): number => there.reduce((total, one) => total + one[key], 0);
  return { ...first, ...Object.fromEntries(COUNTED.map((key) => [key, sum(key)])) };
}
