import { defineConfig } from 'vitest/config';
import { TIMED } from './helpers/timed.js';

// Values in, values out, side by side; live servers that are held to a clock, those that a test mostly waits for, and those
// on a VM, one file after another. run.mjs says what runs beside what.
const live = {
  testTimeout: 300_000,
  hookTimeout: 600_000,
  sequence: { concurrent: false },
};
const onVm = 'test/live/vm*.test.ts';
const serving =
  'test/live/{async-truth,drill,engine-restart,front,front-tls,kill,operate,remote-engine,single,update}.test.ts';
const timed = 'test/live/{clean-clone,compare,readme,tutorial}.test.ts';

export default defineConfig({
  test: {
    globals: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/live/**', 'test/bench/**'],
          testTimeout: 30_000,
        },
      },
      // The engine against servers of its own, on the clock.
      {
        test: {
          name: 'engine',
          include: ['test/bench/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 30_000,
          ...TIMED,
        },
      },
      { test: { name: 'timed', include: [timed], fileParallelism: false, ...live } },
      { test: { name: 'serving', include: [serving], fileParallelism: false, ...live } },
      { test: { name: 'vm', include: [onVm], fileParallelism: false, ...live } },
      {
        test: { name: 'live', include: ['test/live/**/*.test.ts'], exclude: [onVm, serving, timed], ...live },
      },
    ],
  },
});
