import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';

const run = promisify(execFile);

// What it prints is the machine's; that each server serves is its own.
describeWith('nginx', 'npm run bench:topology', () => {
  it('measures each server on both paths', async () => {
    const script = path.join(ROOT, 'test/bench/topology.mjs');
    const args = [script, '--rounds', '1', '--seconds', '1', '--json'];
    const { stdout } = await run(process.execPath, args);
    const rows: { server: string; Flask: number; WSGI: number }[] = JSON.parse(stdout);
    expect(rows.map(({ server }) => server.split(/[ ,]/)[0])).toEqual([
      'http=',
      'http-socket',
      'nginx',
      'gunicorn',
    ]);
    for (const { Flask, WSGI } of rows) expect(Math.min(Flask, WSGI)).toBeGreaterThan(0);
  });
});
