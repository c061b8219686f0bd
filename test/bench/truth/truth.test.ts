import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url));

interface Row {
  name: string;
  truth: string;
  measured: string;
  right: boolean;
}

test('the short rows of the truth table are right', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN, '--short', '--json'], {
    timeout: 110_000,
  }).catch((error: { stdout: string }) => error);
  const { rows } = JSON.parse(stdout) as { rows: Row[] };
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ right }) => !right)).toEqual([]);
});
