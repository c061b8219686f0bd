// Servers whose behaviour is known exactly. Each returns { endpoint, close }.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** At most `slots` requests at once, each in `serviceMs` (a number or a function of the request's number). */
export async function slotServer(slots, serviceMs) {
  let free = slots;
  let count = 0;
  const waiting = [];
  const server = createHttp((_, response) => {
    const nth = count++;
    const serve = () => {
      free--;
      setTimeout(
        () => {
          response.end('ok');
          free++;
          waiting.shift()?.();
        },
        typeof serviceMs === 'function' ? serviceMs(nth) : serviceMs,
      );
    };
    if (free > 0) serve();
    else waiting.push(serve);
  });
  return await listening(server);
}

/** Serves everything in `serviceMs`, but nothing at all for `stallMs` of every `everyMs`. */
export async function stallServer({ everyMs, stallMs, serviceMs }) {
  const began = performance.now();
  const server = createHttp((_, response) => {
    const phase = (performance.now() - began) % everyMs;
    setTimeout(() => response.end('ok'), serviceMs + Math.max(0, stallMs - phase));
  });
  return await listening(server);
}

/** Answers with status 500 to `bad` of every `of` requests. */
export async function failingServer(bad, of) {
  let count = 0;
  const server = createHttp((_, response) => response.writeHead(count++ % of < bad ? 500 : 200).end('ok'));
  return await listening(server);
}

/** Gives each request's socket, the number of the request and of its place on the connection to `answer`. */
export async function rawServer(answer) {
  let count = 0;
  const sockets = new Set();
  const server = createServer((socket) => {
    let place = 0;
    sockets.add(socket);
    // Resets are what some of these servers are about.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', () => answer(socket, count++, place++));
  });
  server.closeAllConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return await listening(server);
}

/** A process of its own: `kind` is one of child.mjs. */
export async function childServer(kind, setting) {
  const child = fork(fileURLToPath(new URL('child.mjs', import.meta.url)), [kind, String(setting)]);
  const [port] = await once(child, 'message');
  return { endpoint: endpointAt(port), close: () => child.kill('SIGKILL') };
}

async function listening(server) {
  server.listen(0, '127.0.0.1', 2048);
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: endpointAt(server.address().port), close };
}

function endpointAt(port) {
  return { host: '127.0.0.1', port, hostHeader: 'localhost', route: { kind: 'direct', note: 'straight' } };
}
