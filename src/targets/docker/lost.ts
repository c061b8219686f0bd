import http from 'node:http';
import https from 'node:https';
import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';

// A refused or broken connection, not an answer that says no.
const BROKEN = ['ECONNRESET', 'EPIPE', 'ENOTCONN', 'ETIMEDOUT'];
// What came in before the connection ended is read first.
const LAST_WORDS_MS = 250;

/** The error of an engine that answered before and is gone. */
export function engineLost(cause?: unknown): DeploykitError {
  const message =
    'the connection to the engine was lost: it was stopped, started again, or cannot be reached';
  return new DeploykitError('DK_ENGINE_LOST', message, {
    hint: 'What serves was not touched. When the engine answers again (docker info), run the same command once more: it finishes or undoes what was begun.',
    ...(cause instanceof Error ? { excerpt: cause.message } : {}),
    cause,
  });
}

/** An error of a connection to the engine by its name; any other as it is. */
export function nameLoss(error: Error): Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === 'connect' || BROKEN.includes(code ?? '') ? engineLost(error) : error;
}

/**
 * Makes every request of a client that loses its connection end with DK_ENGINE_LOST. Left alone, one whose answer breaks
 * off after its first byte would never end: docker-modem waits for the rest.
 */
export function watchForLoss(docker: Docker): void {
  // Both are there; the types do not say so.
  const modem = docker.modem as typeof docker.modem & { agent?: http.Agent; protocol: string };
  const dial = modem.dial.bind(modem);
  // Connections are kept for the next request: over ssh a new one takes several round trips.
  const shared = modem.agent ?? new (modem.protocol === 'https' ? https : http).Agent({ keepAlive: true });
  modem.dial = (options, callback) => {
    let answered = false;
    const once: typeof callback = (error, data) => {
      if (answered) return;
      answered = true;
      callback?.(error && nameLoss(error), data);
    };
    // One for each request, so that it is known whose connection ended.
    modem.agent = watching(shared, () => setTimeout(() => once(engineLost(), null), LAST_WORDS_MS));
    dial(options, once);
  };
}

interface Sender {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}

/** An agent that is another, and tells when the connection of its request ends before the request does. */
function watching(shared: http.Agent, onClose: () => void): http.Agent {
  const sender = shared as http.Agent & Sender;
  const agent = Object.create(shared) as http.Agent & Sender;
  agent.addRequest = (request, ...rest) => {
    request.once('socket', (socket) => {
      socket.once('close', onClose);
      request.once('close', () => socket.off('close', onClose));
    });
    sender.addRequest(request, ...rest);
  };
  return agent;
}
