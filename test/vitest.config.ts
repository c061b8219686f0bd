import { defineConfig } from 'vitest/config';
import { TIMED } from './helpers/timed.js';

// Values in, values out, side by side; live servers one file after another: those that are held to a clock, those on a VM,
// and all others. run.mjs says what runs beside what.
const live = {
  fileParallelism: false,
  testTimeout: 300_000,
  hookTimeout: 600_000,
  sequence: { concurrent: false },
};
const alone = 'test/live/{again,weight}.test.ts';
const onVm = 'test/live/vm.test.ts';
const onVmToo = 'test/live/vm-service.test.ts';
const timed = 'test/live/{clean-clone,compare,readme,tutorial,vs-target}.test.ts';

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
      // The bench's engine against servers of its own, and an `up` that has nothing to do: on the clock.
      {
        test: {
          name: 'alone',
          include: ['test/bench/**/*.test.ts', alone],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 600_000,
          ...TIMED,
        },
      },
      { test: { name: 'timed', include: [timed], ...live, ...TIMED } },
      { test: { name: 'vm', include: [onVm], ...live } },
      { test: { name: 'vm-service', include: [onVmToo], ...live } },
      {
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          exclude: [alone, onVm, onVmToo, timed],
          ...live,
        },
      },
    ],
  },
});
