// 20 real comparisons of a server with itself, then of the server with one that takes 10 % longer (ratio 0.909).
// `npm run bench:aa`; about three minutes.
import { createServer } from 'node:http';
import { compare } from '../../../dist/bench/compare/compare.js';
import { runLoad } from '../../../dist/bench/run-load.js';

const [SLOTS, TIMES] = [4, 20];
const same = await slotServer(20);
const slower = await slotServer(22);

let different = 0;
for (let i = 0; i < TIMES; i++) {
  const result = await compare(side('one', same), side('itself', same), { pairs: { first: 5, most: 5 } });
  if (result.difference !== 'not-shown') different++;
  print('itself', result);
}
let [found, promised] = [0, 0];
for (let i = 0; i < 6; i++) {
  const result = await compare(side('one', same), side('slower', slower), { pairs: { first: 5, most: 5 } });
  if (result.mde !== null && result.mde <= 0.1) {
    promised++;
    if (result.difference === 'slower') found++;
  }
  print('slower', result);
}
console.log(
  `itself: ${different} of ${TIMES} called different; slower: found ${found} of ${promised} promised`,
);
process.exit(0);

function side(label, port) {
  const plan = {
    endpoint: {
      host: '127.0.0.1',
      port,
      hostHeader: 'localhost',
      route: { kind: 'direct', note: 'straight' },
    },
    path: '/',
    method: 'GET',
    headers: {},
    mode: 'closed',
    requests: 120,
    concurrency: 2 * SLOTS,
    durationMs: null,
    timeoutMs: 5_000,
    keepAlive: false,
  };
  return { label, warm: () => runLoad({ ...plan, requests: 16 }), measure: () => runLoad(plan) };
}

function print(against, { verdict, difference, ratio, low, high, mde }) {
  const digits = (value) => value?.toFixed(3) ?? '–';
  console.log(
    `${against}  ${verdict.padEnd(12)} ${difference.padEnd(9)} ${digits(ratio)} [${digits(low)}, ${digits(high)}]  finds ${digits(mde)}`,
  );
}

/** Serves SLOTS requests at once, each in `serviceMs`. */
async function slotServer(serviceMs) {
  let free = SLOTS;
  const waiting = [];
  const server = createServer((_, response) => {
    const serve = () => {
      free--;
      setTimeout(() => {
        response.end('ok');
        free++;
        waiting.shift()?.();
      }, serviceMs);
    };
    if (free > 0) serve();
    else waiting.push(serve);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', 511, resolve));
  return server.address().port;
}
