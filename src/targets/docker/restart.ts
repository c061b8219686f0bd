import type Docker from 'dockerode';

/**
 * What the engine does with a container that came up once. After a crash of its own it takes its start for a stop by the
 * user (seen with 20.10), and leaves what is `unless-stopped` ended: so what serves is `always`. What is
 * kept to go back to must not come back by itself, which stopped and `always` would.
 */
export const RESTART = { serving: 'always', kept: 'unless-stopped' } as const;

/** Marks a container as proven: from here on the engine restarts it, whatever ended it. */
export async function keepRunning(container: Docker.Container): Promise<void> {
  await container.update({ RestartPolicy: { Name: RESTART.serving } });
}

/** Marks a proven container as one that is kept: when it is stopped, it stays so. */
export async function keepStopped(container: Docker.Container): Promise<void> {
  await container.update({ RestartPolicy: { Name: RESTART.kept } });
}
