import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/cli.js';

describe('what the toolkit itself weighs', () => {
  it('deploykit --help costs less than twice an empty node, best of seven', () => {
    const time = (args: string[]): number => {
      const runs = Array.from({ length: 7 }, () => {
        const began = performance.now();
        spawnSync(process.execPath, args, { stdio: 'ignore' });
        return performance.now() - began;
      });
      return Math.min(...runs);
    };
    const empty = time(['-e', '0']);
    const help = time([path.join(ROOT, 'dist/cli.js'), '--help']);
    expect(help / empty, `${help.toFixed(0)} ms against ${empty.toFixed(0)} ms`).toBeLessThan(2);
  });
});
