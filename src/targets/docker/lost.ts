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
  modem.dial = (options, callback) => {
    let answered = false;
    const once: typeof callback = (error, data) => {
      if (answered) return;
      answered = true;
      callback?.(error && nameLoss(error), data);
    };
    // One for each request, so that it is known whose connection ended.
    modem.agent = agentOf(modem.protocol, () => setTimeout(() => once(engineLost(), null), LAST_WORDS_MS));
    dial(options, once);
  };
}

function agentOf(protocol: string, onClose: () => void): http.Agent {
  const agent = protocol === 'https' ? new https.Agent() : new http.Agent();
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    socket?.once('close', onClose);
    return socket;
  };
  return agent;
}
