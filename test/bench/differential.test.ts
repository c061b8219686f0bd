import { request } from 'undici';
import { expect, test } from 'vitest';
import { runLoad } from '../../src/bench/run-load.js';
import { endpointUrl } from '../../src/endpoint.js';
import { FRAMINGS } from './framings.js';
import { loadPlan, rawServer } from './servers.js';

test.each(FRAMINGS)('undici reads the same from: $name', async ({ bytes, method = 'GET' }) => {
  const endpoint = await rawServer(bytes);
  const answer = await request(endpointUrl(endpoint), { method, reset: true });
  const body = await answer.body.text();
  const plan = loadPlan(endpoint, { method, expect: { status: answer.statusCode, bodyBytes: body.length } });
  expect(await runLoad(plan)).toMatchObject({ ok: 1, errors: {} });
});

test.each([
  ['short body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
  ['no answer', ''],
  ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
])('undici refuses it too: %s', async (_, bytes) => {
  const endpoint = await rawServer(bytes);
  const read = request(endpointUrl(endpoint), { reset: true }).then((answer) => answer.body.text());
  await expect(read).rejects.toThrow();
  expect(await runLoad(loadPlan(endpoint))).toMatchObject({ ok: 0 });
});
