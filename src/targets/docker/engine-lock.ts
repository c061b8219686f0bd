import os from 'node:os';
import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';
import { createContainer, findContainer, removeContainer, waitGone } from './container.js';
import { journalMount } from './events/journal.js';
import { LABEL, type Role } from './labels.js';
import { engineLost } from './lost.js';
import { objectNames } from './names.js';

/** The lock while it is held. */
export interface EngineLock {
  /** Aborted when the connection breaks, and the lock is gone with it. */
  lost: AbortSignal;
  /** Asks the engine: one that is stopping ends the lock before the connection. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

interface LockInput {
  docker: Docker;
  /** Of the deployment. */
  name: string;
  projectDir: string;
  /** Any image that is on the engine and has a shell and coreutils. */
  image: string;
  command: string;
}

const RETRY_MS = 150;
// Created and not started within this time: whoever took it ended in between.
const START_MS = 10_000;
// One that ended is removed by the engine.
const PATIENCE_MS = START_MS + 3000;

// Of a connection that broke without a word, as networks do, the engine does not hear for hours: the holder says that it
// is there, and the lock ends with its words.
const ALIVE_MS = 15_000;
const LISTEN = 'while word=$(timeout 60 dd bs=64 count=1 2>/dev/null) && [ -n "$word" ]; do :; done';

/**
 * Takes the one lock of a deployment on its engine: a container that ends when the connection of its holder does, at the
 * latest after a minute of silence, so that the lock cannot become stale, whatever machine held it.
 * @throws DeploykitError DK_LOCKED, naming who holds it and since when.
 */
export async function lockEngine(input: LockInput): Promise<EngineLock> {
  const { docker, name } = input;
  const lock = objectNames(name).lock;
  for (const began = Date.now(); ; ) {
    try {
      return await hold(docker, await createContainer(docker, lock, lockOptions(input)));
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 409) throw error;
    }
    const holder = await findContainer(docker, lock);
    if (holder && (holder.State.Running || Date.now() - began > PATIENCE_MS)) throw locked(holder);
    if (holder && Date.now() - Date.parse(holder.Created) > START_MS) await removeContainer(docker, lock);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function lockOptions({ name, projectDir, image, command }: LockInput): Docker.ContainerCreateOptions {
  const who = `${command} (process ${process.pid} on ${os.hostname()}, since ${new Date().toISOString()})`;
  return {
    Image: image,
    Entrypoint: ['sh', '-c', LISTEN],
    Cmd: [],
    User: '65534:65534',
    // A shell as process 1 ignores any other: an engine that stops would wait for it.
    StopSignal: 'SIGKILL',
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    Healthcheck: { Test: ['NONE'] },
    Labels: {
      [LABEL.name]: name,
      [LABEL.project]: projectDir,
      [LABEL.role]: 'lock' satisfies Role,
      [LABEL.holder]: who,
    },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Mounts: [journalMount(name)],
    },
  };
}

// StdinOnce: the engine closes the container's input when the attached connection ends, by whatever cause.
async function hold(docker: Docker, container: Docker.Container): Promise<EngineLock> {
  const lost = new AbortController();
  const broke = (): void => lost.abort(engineLost());
  try {
    const input = await container.attach({ stream: true, stdin: true, hijack: true });
    const alive = setInterval(() => input.write('alive\n'), ALIVE_MS);
    input.once('close', () => clearInterval(alive));
    input.once('close', broke).once('error', broke).resume();
    await container.start();
    return {
      lost: lost.signal,
      isHeld: async () => !lost.signal.aborted && (await isRunning(container)),
      release: async () => {
        clearInterval(alive);
        input.off('close', broke).end();
        await waitGone(docker, container.id);
      },
    };
  } catch (error) {
    await removeContainer(docker, container.id);
    throw error;
  }
}

// Of an engine that does not answer the lock is gone as well.
function isRunning(container: Docker.Container): Promise<boolean> {
  return container.inspect().then(
    ({ State }) => State.Running,
    () => false,
  );
}

function locked(holder: Docker.ContainerInspectInfo): DeploykitError {
  const who = holder.Config.Labels?.[LABEL.holder] ?? 'another run';
  return new DeploykitError('DK_LOCKED', `this deployment is locked by ${who}`, {
    hint: 'Wait until it ends; the lock goes with its connection to the engine.',
  });
}
