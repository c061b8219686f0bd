const VERBS = ['update', 'rollback', 'reload', 'scale', 'down'] as const;
const ENDS = ['began', 'done', 'failed', 'cut'] as const;

type Verb = (typeof VERBS)[number];

/** What can happen to a deployment, by the name that stays: how it is known follows in brackets. */
export const EVENTS = {
  switch: 'new requests go to another set of replicas [journal]',
  drain:
    'a set of replicas, or some of it, gets no new requests, finished those it had and was stopped [journal]',
  'container.started': 'a container was started [engine, container]',
  'container.died': 'a container ended; the message has its exit code [engine, container]',
  'container.killed': 'a signal was sent to a container through the engine [engine]',
  'container.oom': 'the kernel killed a process of a container for memory [engine, container]',
  'container.healthy': 'the health check of a container went well again [engine]',
  'container.unhealthy': 'the health check of a container failed three times [engine]',
  'container.paused': 'a container was paused [engine]',
  'container.unpaused': 'a container goes on after a pause [engine]',
  'container.changed': 'limits or the restart policy of a container were changed [engine]',
  'container.renamed': 'a container got another name [engine]',
  'container.removed': 'a container was removed [engine]',
  'worker.died': 'a worker of uWSGI ended by a signal or a fault [log]',
  'worker.respawned': 'the master started a worker again [log]',
  'worker.harakiri': 'a worker was killed because a request took longer than request_timeout [log]',
  'worker.hung': 'a worker whose hub hung was replaced [log]',
} as const;

/** `update.began`, `scale.done`, …: a change by deploykit, and every name of EVENTS. */
export type EventName = keyof typeof EVENTS | `${Verb}.${(typeof ENDS)[number]}`;

/** Something that happened to a deployment. */
export interface DeploymentEvent {
  /** ISO 8601. */
  at: string;
  event: EventName;
  /** How it is known: deploykit's journal, the engine's events, the state of a container, or a log. */
  source: 'journal' | 'engine' | 'container' | 'log';
  /** The container or set of replicas; empty for the deployment as a whole. */
  subject: string;
  release: string | null;
  /**
   * Who did it: `user@machine` of a deploykit, `deploykit` while one made a change, `outside` for whoever else asked the
   * engine, `engine` for its own restarts; null where nobody did, or it is not known.
   */
  by: string | null;
  /** A sentence for people. */
  message: string;
}

/** Which of the events are asked for. */
export interface EventOptions {
  follow: boolean;
  /** ms since the epoch; 0 for all that is known. */
  since: number;
}

const VERB_OF: Readonly<Record<string, Verb>> = { up: 'update', certificate: 'reload' };

/** The verb of a command: `up 1a2b` is an update. */
export function verbOf(command: string): Verb {
  const [word = ''] = command.split(' ');
  return VERB_OF[word] ?? VERBS.find((verb) => verb === word) ?? 'update';
}

/** The events by time; of the same moment in the order they were given. */
export function byTime(events: readonly DeploymentEvent[]): DeploymentEvent[] {
  return [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
