import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../helpers/cli.js';
import { DEBIAN_BASE, describeWith } from '../helpers/rigs.js';

interface Event {
  event: string;
  asExpected: boolean;
}

describeWith('docker', 'an engine that goes away in mid-update', () => {
  it('is DK_ENGINE_LOST; what was current serves again by itself, and the next up puts everything right', () => {
    const script = path.join(ROOT, 'test/rigs/drill/engine.mjs');
    const argv = [script, '--short', '--mode', 'off', '--base', DEBIAN_BASE, '--json'];
    const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const { events } = (JSON.parse(stdout) as { data: { events: Event[] } }).data;
    expect(events.map(({ event }) => event)).toEqual([
      'live-restore off, SIGTERM at wait',
      'live-restore off, power off and nothing else',
    ]);
    expect(events.every(({ asExpected }) => asExpected)).toBe(true);
  });
});
