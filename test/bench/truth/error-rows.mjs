// Servers that do something wrong, or something right in an unusual way.
import { runLoad } from '../../../dist/bench/run-load.js';
import { withServer } from './limit-rows.mjs';
import { childServer, failingServer, rawServer } from './servers.mjs';

const OK = 'HTTP/1.1 200 OK\r\n';
const N = 200;
// Long enough to be read by itself: of data and a reset that are read at once, libuv reports data and an end.
const later = (act) => () => setTimeout(act, 150);

export const errorRows = [
  row('RST before an answer', { reset_before_response: N }, () =>
    rawServer((socket) => socket.resetAndDestroy()),
  ),
  row('RST in the middle of a body', { reset_mid_response: N }, () =>
    rawServer((socket) =>
      socket.write(
        `${OK}Content-Length: 9\r\n\r\nabc`,
        later(() => socket.resetAndDestroy()),
      ),
    ),
  ),
  row('closed without an answer', { closed_before_response: N }, () => rawServer((socket) => socket.end())),
  row('a body shorter than announced', { short_body: N }, () =>
    rawServer((socket) => socket.end(`${OK}Content-Length: 300\r\n\r\nabc`)),
  ),
  row('bodies that end with the connection', {}, () =>
    rawServer((socket) => socket.end(`${OK}\r\n${'x'.repeat(50_000)}`)),
  ),
  row('chunked bodies with trailers', {}, () =>
    rawServer((socket) =>
      socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n`),
    ),
  ),
  row('5xx for 7 of 100', { http_5xx: 14 }, () => failingServer(7, 100)),
  row(
    'kept connections that die idle',
    {},
    () =>
      rawServer((socket, _, place) =>
        place === 0 ? socket.write(`${OK}Content-Length: 2\r\n\r\nok`) : socket.end(),
      ),
    { keepAlive: true, staleKeepalive: N - 4 },
  ),
  {
    name: 'a server that is slow to accept',
    truth: 'connections wait a second or more',
    short: false,
    run: () =>
      withServer(childServer('slow-accept', 4), async (endpoint) => {
        const { connect, errors } = await runLoad({ ...planOf(endpoint), concurrency: 40, requests: 40 });
        const waited = Math.max(connect?.max ?? 0, errors.timeout_connect ? 8_000 : 0);
        return { measured: `up to ${(waited / 1000).toFixed(1)} s`, right: waited >= 900 };
      }),
  },
];

/** Exactly these errors among 200 requests, and every other answer good. */
function row(name, errors, start, { keepAlive = false, staleKeepalive = 0 } = {}) {
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const words = (counts, ok) =>
    [...Object.entries(counts).map(([error, count]) => `${count} ${error}`), `${ok} good`].join(', ');
  return {
    name,
    truth: words(errors, N - failed),
    short: true,
    run: () =>
      withServer(start(), async (endpoint) => {
        const result = await runLoad({ ...planOf(endpoint), keepAlive });
        const right =
          words(result.errors, result.ok) === words(errors, N - failed) &&
          result.staleKeepalive === staleKeepalive;
        const stale = result.staleKeepalive > 0 ? `, ${result.staleKeepalive} sent again` : '';
        return { measured: `${words(result.errors, result.ok)}${stale}`, right };
      }),
  };
}

function planOf(endpoint) {
  return {
    endpoint,
    path: '/',
    method: 'GET',
    headers: {},
    mode: 'closed',
    requests: N,
    concurrency: 4,
    durationMs: null,
    timeoutMs: 8_000,
    keepAlive: false,
  };
}
