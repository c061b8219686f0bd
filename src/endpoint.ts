/** Where a server answers and which way a request takes to it; part of every result. */
export interface Endpoint {
  /** A literal address, e.g. `127.0.0.1`: resolved once, so that ::1 and 127.0.0.1 are never mixed. */
  host: string;
  port: number;
  /** The Host header sent, e.g. `localhost`: Django answers 400 to a Host it does not know. */
  hostHeader: string;
  /** What stands between client and server. */
  route: Route;
  /** Path of a unix socket; then `host` and `port` are not used. */
  socketPath?: string;
  /** HTTPS: the certificate must be valid for the name of `hostHeader`. */
  tls?: boolean;
  /** PEM certificates that are trusted instead of the usual authorities; no result shows them. */
  trusted?: string;
}

export interface Route {
  kind: 'direct' | 'published-port' | 'docker-proxy' | 'remote-engine' | 'ssh-tunnel' | 'given';
  /** One sentence for people. */
  note: string;
}

/** `http://127.0.0.1:8000`, with brackets for IPv6; `unix:/run/app.sock` for a unix socket. */
export function endpointUrl(endpoint: Pick<Endpoint, 'host' | 'port' | 'socketPath' | 'tls'>): string {
  if (endpoint.socketPath !== undefined) return `unix:${endpoint.socketPath}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${endpoint.tls ? 'https' : 'http'}://${host}:${endpoint.port}`;
}

/** The name for TLS of a Host header; empty for an address, which TLS cannot send as a name. */
export function serverName(hostHeader: string): string {
  const name = hostHeader.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return /^[\d.]+$|:/.test(name) ? '' : name;
}
