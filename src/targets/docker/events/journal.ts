import os from 'node:os';
import type Docker from 'dockerode';
import { byTime, type DeploymentEvent, type EventName, verbOf } from '../../events.js';
import { removeContainer } from '../container.js';
import { volume } from '../create-options.js';
import { objectNames } from '../names.js';
import { put } from '../put.js';
import { readFiles } from '../read-files.js';
import { openReader } from '../reader.js';

// Where whoever holds the lock has the volume with the journal.
const JOURNAL = '/run/deploykit-journal';
const FILE = 'events.jsonl';
const MOST = 2000;

/** What is written of an event: the rest is the same for all. */
export type Noted = Pick<DeploymentEvent, 'event' | 'message'> & {
  subject?: string;
  release?: string | null;
};

/**
 * The journal of a deployment: what deploykit did to it, in a volume of the engine, the newest 2000 entries. Written
 * under the lock, by the one who holds it.
 */
export class Journal {
  readonly #holder: Docker.Container;
  #lines: string[] = [];
  #release: string | null = null;

  private constructor(holder: Docker.Container) {
    this.#holder = holder;
  }

  /** @param holder the container of the lock. */
  static async open(holder: Docker.Container): Promise<Journal> {
    const journal = new Journal(holder);
    journal.#lines = (await readFiles(holder, `${JOURNAL}/${FILE}`)).flatMap(({ contents }) =>
      linesOf(contents),
    );
    return journal;
  }

  /** Adds an entry, at once. One without a release is about the last that was named. */
  async note({ event, message, subject = '', release = this.#release }: Noted): Promise<void> {
    this.#release = release;
    const by = `${os.userInfo().username}@${os.hostname()}`;
    const at = new Date().toISOString();
    const entry: DeploymentEvent = { at, event, source: 'journal', subject, release, by, message };
    this.#lines = [...this.#lines, JSON.stringify(entry)].slice(-MOST);
    await put(this.#holder, JOURNAL, [{ name: FILE, contents: `${this.#lines.join('\n')}\n`, mode: 0o644 }]);
  }
}

/** The volume of the journal as the lock's container mounts it. */
export function journalMount(name: string): Docker.MountSettings {
  return volume(objectNames(name).journal, JOURNAL);
}

/** Reads the journal of a deployment. @param image any that is on the engine. */
export async function readJournal(docker: Docker, place: JournalPlace): Promise<DeploymentEvent[]> {
  if (!(await hasVolume(docker, objectNames(place.name).journal))) return [];
  const reader = await openJournal(docker, place);
  try {
    return await reader.read();
  } finally {
    await reader.close();
  }
}

export interface JournalPlace {
  name: string;
  owner: string;
  image: string;
}

/** The journal, to be read several times: not through the lock's container, which ends under the reader. */
export async function openJournal(
  docker: Docker,
  { name, owner, image }: JournalPlace,
): Promise<{ read(): Promise<DeploymentEvent[]>; close(): Promise<void> }> {
  const options = { Image: image, HostConfig: { Mounts: [journalMount(name)] } };
  const reader = await openReader(docker, { name, owner }, `journal-${process.pid}`, options);
  return {
    read: async () => {
      const files = await readFiles(reader, `${JOURNAL}/${FILE}`);
      return files.flatMap(({ contents }) => linesOf(contents)).map((line) => JSON.parse(line));
    },
    close: () => removeContainer(docker, reader.id),
  };
}

/** Removes the journal with its volume. */
export async function removeJournal(docker: Docker, name: string): Promise<void> {
  if (await hasVolume(docker, objectNames(name).journal))
    await docker.getVolume(objectNames(name).journal).remove();
}

async function hasVolume(docker: Docker, name: string): Promise<boolean> {
  const { Volumes } = await docker.listVolumes({ filters: { name: [name] } });
  return (Volumes ?? []).some((one) => one.Name === name);
}

function linesOf(contents: string): string[] {
  return contents.split('\n').filter(Boolean);
}

/** A change by deploykit, from its first entry to its last; `to` is null while it goes on. */
export interface ChangeSpan {
  from: number;
  to: number | null;
}

/**
 * The journal with what follows from it: a change that began and has no end was cut, unless it is the one that goes on.
 * @param busy whether the lock is held now.
 */
export function withCuts(
  journal: readonly DeploymentEvent[],
  busy: boolean,
): { events: DeploymentEvent[]; changes: ChangeSpan[] } {
  const cuts: DeploymentEvent[] = [];
  const changes: ChangeSpan[] = [];
  let open: DeploymentEvent | null = null;
  const cut = (began: DeploymentEvent, until: string): void => {
    const event = `${verbOf(began.event.split('.')[0] ?? '')}.cut` as EventName;
    const message =
      'it has no end: its deploykit was ended, or lost the engine; the next up puts things right';
    cuts.push({ ...began, at: until, event, message });
    changes.push({ from: Date.parse(began.at), to: Date.parse(until) });
  };
  let last = '';
  for (const entry of journal) {
    if (entry.event.endsWith('.began')) {
      if (open) cut(open, last);
      open = entry;
    } else if (open && /\.(done|failed)$/.test(entry.event)) {
      changes.push({ from: Date.parse(open.at), to: Date.parse(entry.at) });
      open = null;
    }
    last = entry.at;
  }
  if (open && busy) changes.push({ from: Date.parse(open.at), to: null });
  else if (open) cut(open, last);
  return { events: byTime([...journal, ...cuts]), changes };
}
