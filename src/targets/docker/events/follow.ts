import type Docker from 'dockerode';
import type { DeploymentEvent } from '../../events.js';
import { findContainer } from '../container.js';
import { LABEL } from '../labels.js';
import { containerLines } from '../logs.js';
import { Channel } from './channel.js';
import { type EngineEvent, engineEvents, Teller } from './engine-events.js';
import { type ChangeSpan, openJournal } from './journal.js';
import type { Place } from './place.js';
import { lineEvent } from './told.js';

interface Start {
  /** ms since the epoch: what is older was told. */
  now: number;
  servers: readonly Docker.ContainerInspectInfo[];
  /** Entries of the journal that were told. */
  told: number;
}

const POLL_MS = 500;

/** What happens to a deployment from now on, until the signal. */
export async function* nextEvents(place: Place, start: Start): AsyncIterable<DeploymentEvent> {
  const { signal } = place;
  const channel = new Channel<DeploymentEvent>();
  signal.addEventListener('abort', () => channel.close(), { once: true });
  const listener = new Listener(place, start, channel);
  listener.run().then(
    () => channel.close(),
    (error: unknown) => channel.close(signal.aborted ? undefined : error),
  );
  yield* channel;
}

/** Hears the engine; by it the logs of new servers, and the journal while a change is made. */
class Listener {
  readonly #place: Place;
  readonly #start: Start;
  readonly #channel: Channel<DeploymentEvent>;
  readonly #changes: ChangeSpan[] = [];
  readonly #followed = new Set<string>();
  #told: number;
  #holder: string | null = null;

  constructor(place: Place, start: Start, channel: Channel<DeploymentEvent>) {
    this.#place = place;
    this.#start = start;
    this.#channel = channel;
    this.#told = start.told;
  }

  async run(): Promise<void> {
    const { docker, name, signal } = this.#place;
    const teller = new Teller(this.#changes);
    for (const { Id } of this.#start.servers) this.#followLog(Id);
    for await (const event of engineEvents(docker, name, { since: this.#start.now, until: null }, signal)) {
      const role = event.Actor.Attributes[LABEL.role];
      if (role === 'lock') this.#onLock(event);
      if (role === 'server' && event.Action === 'start') this.#followLog(event.Actor.ID);
      const told = teller.tell(event);
      if (told) this.#channel.push(told);
    }
  }

  #onLock({ Action, Actor, timeNano }: EngineEvent): void {
    if (Action === 'start') {
      this.#changes.push({ from: timeNano / 1e6, to: null });
      this.#holder = Actor.ID;
      this.#watch(this.#readWhileHeld(Actor.ID, Actor.Attributes['image'] ?? ''));
    }
    if (Action === 'die') {
      const open = this.#changes.at(-1);
      if (open) open.to = timeNano / 1e6;
      this.#holder = null;
    }
  }

  async #readWhileHeld(id: string, image: string): Promise<void> {
    const { docker, signal } = this.#place;
    const journal = await openJournal(docker, { ...this.#place, image });
    try {
      while (this.#holder === id && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        this.#tell(await journal.read());
      }
      this.#tell(await journal.read());
    } finally {
      await journal.close();
    }
  }

  #tell(journal: readonly DeploymentEvent[]): void {
    for (const entry of journal.slice(this.#told)) this.#channel.push(entry);
    this.#told = Math.max(this.#told, journal.length);
  }

  #followLog(id: string): void {
    if (this.#followed.has(id)) return;
    this.#followed.add(id);
    this.#watch(this.#readLog(id));
  }

  async #readLog(id: string): Promise<void> {
    const { docker, signal } = this.#place;
    const info = await findContainer(docker, id);
    if (!info) return;
    const options = { follow: true, lines: 0, timestamps: true };
    for await (const line of containerLines(docker.getContainer(id), options, signal)) {
      const event = lineEvent(info, line);
      if (event) this.#channel.push(event);
    }
  }

  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#channel.close(this.#place.signal.aborted ? undefined : error));
  }
}
