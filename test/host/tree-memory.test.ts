import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { treeMemory } from '../../src/host/tree-memory.js';

const READABLE =
  existsSync('/proc/self/smaps_rollup') && existsSync(`/proc/self/task/${process.pid}/children`);

test.skipIf(!READABLE)('the memory of a process counts its children', async () => {
  // A shell that stays, with a child that holds 64 MiB.
  const holder = `const b=Buffer.alloc(64<<20,1);console.log(b.length);setInterval(()=>b,1e6)`;
  const shell = spawn('sh', ['-c', `"$0" -e '${holder}'; exit 0`, process.execPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => void process.kill(-(shell.pid ?? 0), 'SIGKILL'));
  await once(shell.stdout, 'data');
  expect(await treeMemory(shell.pid ?? 0)).toBeGreaterThan(64 * 1024 ** 2);
});

test('a process that is gone', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  expect(await treeMemory(child.pid ?? 0)).toBeNull();
});
