import type { OnReadOpts, Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
} from 'node:tls';
import { type Endpoint, serverName } from '../endpoint.js';
import { DirectSocket, type SocketHandler, socketOptions } from './direct-socket.js';

/** Opens a socket that fills the buffer of `onread` and reports to `handler`. */
export type Dial = (onread: OnReadOpts, handler: SocketHandler) => Socket;

/** Opens sockets to one endpoint. */
export function dialer(endpoint: Endpoint, noDelay: boolean): Dial {
  const address = addressOf(endpoint);
  if (endpoint.tls) {
    const tls = { ...address, ...trustOf(endpoint) };
    return (onread, handler) => dialTls({ ...tls, onread }, noDelay, handler);
  }
  return (onread, handler) => new DirectSocket(socketOptions(noDelay, onread), handler).connect(address);
}

function dialTls(
  // node:tls reads in this way too, although its type does not list it.
  options: ConnectionOptions & { onread: OnReadOpts },
  noDelay: boolean,
  handler: SocketHandler,
): Socket {
  return connectTls(options)
    .setNoDelay(noDelay)
    .on('secureConnect', () => handler.ready())
    .on('end', () => handler.ended())
    .on('error', (error) => handler.failed(error))
    .on('close', () => handler.closed());
}

/** Where to connect to, in the words of node:net; with TLS also the name the certificate must carry. */
export function addressOf(
  endpoint: Endpoint,
): { path: string } | { host: string; port: number; servername?: string } {
  const { host, port, socketPath, tls, hostHeader } = endpoint;
  if (socketPath !== undefined) return { path: socketPath };
  const name = serverName(hostHeader);
  // An address cannot be sent as a server name; node:tls then checks the certificate against `host`.
  return { host, port, ...(tls && name !== '' ? { servername: name } : {}) };
}

/** The certificates to trust, where they are not the usual authorities; a server's own may be among them. */
export function trustOf({ trusted }: Endpoint): { secureContext?: SecureContext } {
  if (trusted === undefined) return {};
  return { secureContext: createSecureContext({ ca: trusted, allowPartialTrustChain: true }) };
}
