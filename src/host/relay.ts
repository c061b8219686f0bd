import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import net from 'node:net';
import type { Piped } from './pipe.js';

/** A unix socket of this machine whose connections lead elsewhere, for as long as this process lives. */
export interface Relay {
  path: string;
  /** Why the last connection failed; null when none did. */
  failure(): Error | null;
}

/** A connection that was dialled, and why it ended: null when in peace. */
export interface Dialled extends Omit<Piped, 'ended'> {
  ended: Promise<Error | null>;
}

/**
 * Opens a relay at a path in a folder that nobody else may enter. One connection is always dialled ahead: dialling takes
 * several round trips, and a client that asks for one is not kept waiting.
 */
export async function openRelay(path: string, dial: () => Promise<Dialled>): Promise<Relay> {
  let failure: Error | null = null;
  const next = dialAhead(dial);
  // A client may end its half and still be answered.
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined); // its end is what counts
    next().then(
      (far) =>
        join(client, far, (error) => {
          failure = error;
        }),
      (error: Error) => {
        failure = error;
        client.destroy();
      },
    );
  });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  process.once('exit', () => rmSync(path, { force: true }));
  return { path, failure: () => failure };
}

function dialAhead(dial: () => Promise<Dialled>): () => Promise<Dialled> {
  let ahead: Promise<Dialled> | null = null;
  const prepare = (): void => {
    const made = dial();
    ahead = made;
    const forget = (): void => {
      if (ahead === made) ahead = null;
    };
    made.then(({ ended }) => ended.then(forget), forget);
  };
  return async () => {
    const made = ahead ?? dial();
    ahead = null;
    const far = await made;
    prepare();
    return far;
  };
}

function join(client: net.Socket, far: Dialled, onFailure: (error: Error) => void): void {
  client.pipe(far.stdin);
  far.stdout.pipe(client, { end: false });
  client.once('close', far.end);
  far.ended.then((error) => {
    if (error === null || client.destroyed) {
      client.end();
      return;
    }
    onFailure(error);
    client.destroy();
  });
}
