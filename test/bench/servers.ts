import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll } from 'vitest';
import type { LoadPlan } from '../../src/bench/types.js';
import type { Endpoint } from '../../src/endpoint.js';

const closers: (() => void)[] = [];

// Tests of a file may run at the same time, so servers live as long as the file.
afterAll(() => {
  for (const close of closers.splice(0)) close();
});

/** What a raw server does with the first bytes of a request: text to send and then close, or its own way. */
export type Answer = string | Buffer | ((socket: Socket, nth: number) => void);

/** A TCP server that answers every request with the given bytes, right or wrong; closed when the tests of the file end. */
export async function rawServer(answer: Answer): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Resets are what some fixtures are about.
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      const nth = requests++;
      if (typeof answer === 'function') answer(socket, nth);
      else socket.end(answer);
    });
  });
  const endpoint = await listen(server);
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return endpoint;
}

export interface SlotServer {
  endpoint: Endpoint;
  /** Requests that arrived. */
  arrived(): number;
}

/** An HTTP server that serves at most `slots` requests at once, each in `serviceMs`; the others wait in order. */
export async function slotServer(slots: number, serviceMs: number): Promise<SlotServer> {
  let free = slots;
  let arrived = 0;
  const waiting: (() => void)[] = [];
  const server = createHttp((request, response) => {
    arrived++;
    const sleepMs = Number(/sleep=(\d+)/.exec(request.url ?? '')?.[1] ?? serviceMs);
    const serve = () => {
      free--;
      setTimeout(() => {
        response.end('ok');
        free++;
        waiting.shift()?.();
      }, sleepMs);
    };
    if (free > 0) serve();
    else waiting.push(serve);
  });
  const endpoint = await listen(server);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint, arrived: () => arrived };
}

/** An endpoint on which nothing listens. */
export async function closedEndpoint(): Promise<Endpoint> {
  const server = createServer();
  const endpoint = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return endpoint;
}

export function endpointAt(port: number): Endpoint {
  return { host: '127.0.0.1', port, hostHeader: 'localhost', route: { kind: 'direct', note: 'straight' } };
}

/** A closed loop of one request, changed by `change`. */
export function loadPlan(endpoint: Endpoint, change: Partial<LoadPlan> = {}): LoadPlan {
  return {
    endpoint,
    path: '/',
    method: 'GET',
    headers: {},
    mode: 'closed',
    requests: 1,
    concurrency: 1,
    durationMs: null,
    timeoutMs: 5_000,
    keepAlive: false,
    ...change,
  };
}

async function listen(server: Server): Promise<Endpoint> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 511, resolve));
  return endpointAt((server.address() as AddressInfo).port);
}
