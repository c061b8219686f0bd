import { lookup } from 'node:dns/promises';
import type { Endpoint } from '../endpoint.js';
import { DeploykitError } from '../errors.js';

const UNIX = 'unix:';
const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/**
 * The endpoint and path of `http://…`, `https://…` or `unix:/run/app.sock`. A name is resolved once and the address is
 * named in the result: ::1 and 127.0.0.1 may be two servers.
 * @throws DeploykitError DK_USAGE for another kind of address, DK_BENCH_NOT_SERVING for a name that does not resolve.
 */
export async function endpointOfUrl(text: string): Promise<{ endpoint: Endpoint; path: string }> {
  if (text.startsWith(`${UNIX}/`)) return { endpoint: unixEndpoint(text.slice(UNIX.length)), path: '/' };
  const url = URL.canParse(text) ? new URL(text) : null;
  const port = DEFAULT_PORTS[url?.protocol ?? ''];
  if (url === null || port === undefined) {
    throw new DeploykitError('DK_USAGE', `--url ${text} is not an address of a server`, {
      hint: 'For example --url http://127.0.0.1:8000/, an https:// address, or --url unix:/run/app.sock',
    });
  }
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const { address } = await lookup(name).catch((error: unknown) => {
    throw new DeploykitError('DK_BENCH_NOT_SERVING', `the name ${name} cannot be resolved`, { cause: error });
  });
  return {
    endpoint: {
      host: address,
      port: Number(url.port || port),
      hostHeader: url.host,
      route: { kind: 'given', note: `the address given, ${address}` },
      ...(url.protocol === 'https:' ? { tls: true } : {}),
    },
    path: url.pathname + url.search,
  };
}

function unixEndpoint(socketPath: string): Endpoint {
  const route = { kind: 'given' as const, note: 'the unix socket given' };
  return { host: '127.0.0.1', port: 0, hostHeader: 'localhost', route, socketPath };
}
