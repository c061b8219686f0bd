import http from 'node:http';

const LIMIT_MS = 60_000;

/** One GET; the answer's status and the first 2,000 characters of its body, or why there was none. */
export function httpGet(
  host: string,
  port: number,
  path: string,
  hostHeader: string,
  signal: AbortSignal,
): Promise<{ status: number; body: string } | { failure: string }> {
  return new Promise((resolve) => {
    const headers = { Host: hostHeader, 'User-Agent': 'deploykit-probe', Connection: 'close' };
    const request = http.get({ host, port, path, headers, timeout: LIMIT_MS, signal }, (response) => {
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
