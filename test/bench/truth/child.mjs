// A server in a process of its own: `computing` burns CPU for every request to /heavy (and to / when it is alone),
// `slow-accept` accepts connections only every second and a half.
import { createServer } from 'node:http';

const [kind, setting] = process.argv.slice(2);
const ms = Number(setting);
const server = createServer((request, response) => {
  if (kind === 'computing' && request.url !== '/light') burn(ms);
  response.end('ok');
});
const backlog = kind === 'slow-accept' ? ms : 511;
server.listen({ port: 0, host: '127.0.0.1', backlog }, () => process.send?.(server.address().port));
// The parent is gone: nobody asks any more.
process.on('disconnect', () => process.exit());
if (kind === 'slow-accept') setInterval(() => sleepHard(1_500), 50);

function burn(duration) {
  const until = performance.now() + duration;
  while (performance.now() < until);
}

function sleepHard(duration) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration);
}
