// One load by deploykit's engine in one thread: `node engine-load.mjs '{"port":…,"connections":…,"keepAlive":…,"seconds":…}'`.
import { runLoad } from '../../../dist/bench/run-load.js';
import { CpuCost } from './cpu-cost.mjs';

const { port, connections, keepAlive, seconds = null, requests = null } = JSON.parse(process.argv[2]);
const plan = {
  endpoint: { host: '127.0.0.1', port, hostHeader: 'localhost', route: { kind: 'direct', note: '' } },
  path: '/',
  method: 'GET',
  headers: {},
  mode: 'closed',
  requests,
  concurrency: connections,
  durationMs: seconds === null ? null : seconds * 1000,
  timeoutMs: 5_000,
  keepAlive,
};
const cost = new CpuCost();
const result = await runLoad(plan, { onProgress: ({ done }) => cost.seen(done) });
if (result.ok !== result.sent) throw new Error(`the engine met errors: ${JSON.stringify(result.errors)}`);
const peakMiB = process.resourceUsage().maxRSS / 1024;
const measured = { rate: result.requestsPerSecond, cpuUs: cost.perRequest(result.sent), peakMiB };
process.stdout.write(JSON.stringify(measured));
