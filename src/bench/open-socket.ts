import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Endpoint } from '../endpoint.js';

/** Opens a socket to the endpoint; `ready` is called when a request can be written, with TLS after the handshake. */
export function openSocket(
  endpoint: Endpoint,
  options: { noDelay: boolean; allowHalfOpen: boolean; onread: OnReadOpts },
  ready: () => void,
): Socket {
  if (!endpoint.tls) return connect({ ...addressOf(endpoint), ...options }).on('connect', ready);
  const { noDelay, onread } = options;
  // node:tls reads in this way too, although its type does not list it.
  const given: ConnectionOptions & { onread: OnReadOpts } = { ...addressOf(endpoint), onread };
  const socket = connectTls(given);
  socket.setNoDelay(noDelay);
  return socket.on('secureConnect', ready);
}

/** Where to connect to, in the words of node:net; with TLS also the name the certificate must carry. */
export function addressOf(
  endpoint: Endpoint,
): { path: string } | { host: string; port: number; servername?: string } {
  const { host, port, socketPath, tls, hostHeader } = endpoint;
  if (socketPath !== undefined) return { path: socketPath };
  const name = hostHeader.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  // An address cannot be sent as a server name; node:tls then checks the certificate against `host`.
  return { host, port, ...(tls && isIP(name) === 0 ? { servername: name } : {}) };
}
