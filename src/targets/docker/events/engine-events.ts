import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { DeploymentEvent, EventName } from '../../events.js';
import { LABEL } from '../labels.js';
import type { ChangeSpan } from './journal.js';

/** An event of a container as the engine sends it. */
export interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  timeNano: number;
}

const ACTIONS = [
  'start',
  'die',
  'kill',
  'oom',
  'pause',
  'unpause',
  'update',
  'rename',
  'destroy',
  'health_status',
] as const;

/** The engine's own events of a deployment; endless when `until` is null. It remembers its last 256, of all it has. */
export async function* engineEvents(
  docker: Docker,
  name: string,
  { since, until }: { since: number; until: number | null },
  signal: AbortSignal,
): AsyncIterable<EngineEvent> {
  const stream = (await docker.getEvents({
    since: (since / 1000).toFixed(3),
    ...(until === null ? {} : { until: (until / 1000).toFixed(3) }),
    filters: { type: ['container'], label: [`${LABEL.name}=${name}`], event: [...ACTIONS] },
  } as unknown as Docker.GetEventsOptions)) as Readable;
  const stop = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of createInterface({ input: stream }))
      if (line) yield JSON.parse(line) as EngineEvent;
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** What an event of the engine is for people, by the container's own story so far. */
export class Teller {
  readonly #changes: readonly ChangeSpan[];
  /** Of each container, whether it ended without being told to. */
  readonly #endedItself = new Map<string, boolean>();
  readonly #signalled = new Map<string, number>();

  constructor(changes: readonly ChangeSpan[]) {
    this.#changes = changes;
  }

  /** null for a container that does not serve, and for what says nothing. */
  tell({ Action, Actor, timeNano }: EngineEvent): DeploymentEvent | null {
    const { Attributes: all, ID } = Actor;
    if (!['server', 'front'].includes(all[LABEL.role] ?? '')) return null;
    const ms = timeNano / 1e6;
    const [action = '', state = ''] = Action.split(': ');
    const make = (event: EventName, by: string | null, message: string): DeploymentEvent => ({
      ...{ at: new Date(ms).toISOString(), event, source: 'engine' },
      ...{ subject: all['name'] ?? ID.slice(0, 12), release: all[LABEL.release] ?? null, by, message },
    });
    switch (action) {
      case 'start': {
        const again = this.#endedItself.get(ID) === true;
        return make(
          'container.started',
          again ? 'engine' : this.#who(ms),
          again ? 'started again' : 'started',
        );
      }
      case 'kill':
        this.#signalled.set(ID, ms);
        return make('container.killed', this.#who(ms), `signal ${signalName(all['signal'] ?? '')}`);
      case 'die': {
        // `docker stop` and `docker kill` are told as a kill first.
        const told = this.#signalled.has(ID);
        this.#endedItself.set(ID, !told);
        this.#signalled.delete(ID);
        return make('container.died', told ? this.#who(ms) : null, `ended with code ${all['exitCode']}`);
      }
      case 'oom':
        return make('container.oom', null, 'out of memory');
      case 'health_status':
        return make(state === 'healthy' ? 'container.healthy' : 'container.unhealthy', null, state);
      case 'pause':
        return make('container.paused', this.#who(ms), 'paused');
      case 'unpause':
        return make('container.unpaused', this.#who(ms), 'goes on');
      case 'update':
        return make('container.changed', this.#who(ms), 'limits or restart policy were changed');
      case 'rename':
        return make('container.renamed', this.#who(ms), `was ${(all['oldName'] ?? '').replace('/', '')}`);
      case 'destroy':
        return make('container.removed', this.#who(ms), 'removed');
    }
    return null;
  }

  // The engine does not say who asked it; while deploykit made a change it was that, as far as can be known.
  #who(ms: number): string {
    const within = this.#changes.some(({ from, to }) => ms >= from - SLACK_MS && ms <= (to ?? ms) + SLACK_MS);
    return within ? 'deploykit' : 'outside';
  }
}

// The clocks are the engine's and ours.
const SLACK_MS = 2000;

const SIGNALS: Readonly<Record<string, string>> = { 1: 'HUP', 2: 'INT', 3: 'QUIT', 9: 'KILL', 15: 'TERM' };

function signalName(number: string): string {
  return SIGNALS[number] ?? number;
}
