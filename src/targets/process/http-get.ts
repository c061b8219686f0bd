import http from 'node:http';
import https from 'node:https';
import { type Endpoint, serverName } from '../../endpoint.js';

const LIMIT_MS = 60_000;

/** One GET; the answer's status and the first 2,000 characters of its body, or why there was none. */
export function httpGet(
  { host, port, hostHeader, tls }: Pick<Endpoint, 'host' | 'port' | 'hostHeader' | 'tls'>,
  path: string,
  signal: AbortSignal,
): Promise<{ status: number; body: string } | { failure: string }> {
  return new Promise((resolve) => {
    const headers = { Host: hostHeader, 'User-Agent': 'deploykit-probe', Connection: 'close' };
    const options = { host, port, path, headers, timeout: LIMIT_MS, signal };
    // Whether it answers is asked here, of an own server; who it says it is, a client asks.
    const get = tls
      ? https.get({ ...options, servername: serverName(hostHeader), rejectUnauthorized: false })
      : http.get(options);
    const request = get.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < 2000) body += chunk.slice(0, 2000 - body.length);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', (error) => resolve({ failure: error.message }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${LIMIT_MS / 1000} s`)));
    request.on('error', (error) => resolve({ failure: error.message }));
  });
}
