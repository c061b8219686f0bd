import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from './columns.js';
import { Engine } from './engine.js';
import type { EngineOutput } from './engine-output.js';
import type { LoadProgress } from './load-progress.js';
import type { LoadPlan } from './types.js';

/** Messages to the engine thread. */
export type EngineOrder = 'stop' | 'finish';

/** Messages of the engine thread. */
export type EngineMessage =
  | { type: 'progress'; progress: LoadProgress }
  | { type: 'finished'; output: EngineOutput };

const port = parentPort;
if (port === null) throw new Error('engine-worker.js runs in a worker thread only');

// Event-loop utilization counts from the first turn of the loop, so the engine starts in a turn of its own.
setImmediate(() => {
  const engine = new Engine(workerData as LoadPlan, {
    progress: (progress) => port.postMessage({ type: 'progress', progress }),
    finished: (output) => {
      port.postMessage({ type: 'finished', output }, buffersOf(output.columns));
      port.close();
    },
  });
  port.on('message', (order: EngineOrder) => engine[order]());
});
