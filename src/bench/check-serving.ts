import { type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { endpointUrl } from '../endpoint.js';
import { DeploykitError, throwIfAborted } from '../errors.js';
import { addressOf, trustOf } from './open-socket.js';
import type { Target } from './target.js';

const EXCERPT_BYTES = 300;

interface Answer {
  status: number;
  excerpt: string;
}

/**
 * One request before any load: a bench that counts error pages proves nothing. Returns the status.
 * @throws DeploykitError DK_BENCH_NOT_SERVING with the beginning of the body when there is no answer or its status is
 * 400 or more.
 */
export async function checkServing(target: Target): Promise<number> {
  const answer = await ask(target).catch((error: NodeJS.ErrnoException) => {
    throwIfAborted(target.signal);
    throw notServing(target, `does not answer: ${error.code ?? error.message}`, undefined, error);
  });
  if (answer.status < 400) return answer.status;
  throw notServing(target, `answers with HTTP status ${answer.status}`, answer.excerpt, undefined);
}

function ask(target: Target): Promise<Answer> {
  const { endpoint, path, method, headers, body, timeoutMs, signal } = target;
  const options = {
    ...addressOf(endpoint),
    ...trustOf(endpoint),
    socketPath: endpoint.socketPath,
    path,
    method,
    headers: { Host: endpoint.hostHeader, Connection: 'close', ...bodyType(body), ...headers },
    agent: false,
    timeout: timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  };
  return new Promise((resolve, reject) => {
    const send = endpoint.tls ? requestTls : request;
    const sent = send(options, (response) => readAnswer(response).then(resolve, reject));
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

function bodyType(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length >= EXCERPT_BYTES) break;
  }
  return {
    status: response.statusCode ?? 0,
    excerpt: Buffer.concat(pieces).subarray(0, EXCERPT_BYTES).toString('utf8'),
  };
}

function notServing(
  target: Target,
  what: string,
  excerpt: string | undefined,
  cause: unknown,
): DeploykitError {
  return new DeploykitError('DK_BENCH_NOT_SERVING', `${endpointUrl(target.endpoint)}${target.path} ${what}`, {
    hint: 'A bench needs a path that answers below 400; choose one with --path, or look at the log of the server.',
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(cause === undefined ? {} : { cause }),
  });
}
