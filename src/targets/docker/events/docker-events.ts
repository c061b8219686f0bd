import type Docker from 'dockerode';
import { byTime, type DeploymentEvent, type EventOptions } from '../../events.js';
import { containerLog, findContainer } from '../container.js';
import { LABEL } from '../labels.js';
import { objectNames } from '../names.js';
import { readDeployed } from '../release/deployed.js';
import { engineEvents, Teller } from './engine-events.js';
import { nextEvents } from './follow.js';
import { type ChangeSpan, readJournal, withCuts } from './journal.js';
import type { Place } from './place.js';
import { lineEvent, notYetTold, stateEvents } from './told.js';

type Info = Docker.ContainerInspectInfo;

// Of the log of each container; what is older is not read.
const LOG_LINES = 20_000;
// The engine forgets much earlier.
const ENGINE_MS = 24 * 3600 * 1000;

/** What happened to a deployment, from all who know a part of it; then, with `follow`, what happens. */
export async function* deploymentEvents(
  place: Place,
  { follow, since }: EventOptions,
): AsyncIterable<DeploymentEvent> {
  const now = Date.now();
  const { containers, images } = await present(place);
  const { events: journal, changes } = await journalOf(place, images[0]);
  const engine = await engineSide(place, { since: Math.max(since, now - ENGINE_MS), until: now }, changes);
  const logs = await Promise.all(containers.filter(isServer).map((info) => logEvents(place.docker, info)));
  const state = notYetTold(containers.flatMap(stateEvents), engine);
  const all = byTime([...journal, ...engine, ...state, ...logs.flat()]);
  yield* all.filter(({ at }) => Date.parse(at) >= since);
  if (follow) {
    const servers = containers.filter((info) => isServer(info) && info.State.Running);
    yield* nextEvents(place, { now, servers, told: journal.length });
  }
}

async function present({
  docker,
  name,
  projectDir,
}: Place): Promise<{ containers: Info[]; images: string[] }> {
  const { front, single, sets } = await readDeployed(docker, name, projectDir);
  const found = [front, single, ...sets.flatMap(({ replicas }) => replicas)];
  const containers = found.filter((info) => info !== null);
  const listed = await docker.listImages({ filters: { label: [`${LABEL.name}=${name}`] } });
  return { containers, images: [...containers.map(({ Image }) => Image), ...listed.map(({ Id }) => Id)] };
}

async function journalOf(
  { docker, name, owner }: Place,
  image: string | undefined,
): Promise<{ events: DeploymentEvent[]; changes: ChangeSpan[] }> {
  if (image === undefined) return { events: [], changes: [] };
  const journal = await readJournal(docker, { name, owner, image });
  const lock = await findContainer(docker, objectNames(name).lock);
  return withCuts(journal, lock !== null);
}

async function engineSide(
  { docker, name, signal }: Place,
  span: { since: number; until: number },
  changes: readonly ChangeSpan[],
): Promise<DeploymentEvent[]> {
  const teller = new Teller(changes);
  const told: DeploymentEvent[] = [];
  for await (const event of engineEvents(docker, name, span, signal)) {
    const one = teller.tell(event);
    if (one) told.push(one);
  }
  return told;
}

function isServer({ Config }: Info): boolean {
  return Config.Labels?.[LABEL.role] === 'server';
}

async function logEvents(docker: Docker, info: Info): Promise<DeploymentEvent[]> {
  const log = await containerLog(docker.getContainer(info.Id), LOG_LINES, { timestamps: true });
  return log
    .split('\n')
    .map((line) => lineEvent(info, line))
    .filter((event) => event !== null);
}
