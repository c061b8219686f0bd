// The least that a client can do with node:net, to know what the platform allows: connect, write, read once, close; no
// parser, no samples, no deadlines. `node bare-loop.mjs '{"port":…,"connections":…,"seconds":…}'` prints its rate.
import { Socket } from 'node:net';
import { CpuCost } from './cpu-cost.mjs';

const { port, connections, seconds } = JSON.parse(process.argv[2]);
const address = { host: '127.0.0.1', port };
const request = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
const onread = { buffer: Buffer.allocUnsafeSlow(65_536), callback: answered };
const options = { allowHalfOpen: true, emitClose: false, autoDestroy: true, decodeStrings: false, onread };

class BareSocket extends Socket {
  emit(event, argument) {
    if (event === 'connect') this.write(request);
    else if (event === 'end') this.destroy();
    else if (event === 'error') throw argument;
    return true;
  }
}

let done = 0;
const began = performance.now();
const cost = new CpuCost();
for (let i = 0; i < connections; i++) new BareSocket(options).connect(address);

function answered() {
  cost.seen(++done);
  const spent = performance.now() - began;
  if (spent < seconds * 1000) new BareSocket(options).connect(address);
  else finish(spent);
  return true;
}

function finish(spentMs) {
  process.stdout.write(JSON.stringify({ rate: (done / spentMs) * 1000, cpuUs: cost.perRequest(done) }));
  process.exit(0);
}
