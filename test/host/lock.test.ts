import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../src/host/lock.js';
import { identify } from '../../src/host/processes.js';
import { tempProject } from '../helpers/temp.js';

describe('the lock of a deployment', () => {
  it('is taken once, names its holder, and is free again afterwards', async () => {
    const file = path.join(tempProject(), 'x.lock');
    const release = await takeLock(file, 'deploykit up');
    await expect(takeLock(file, 'deploykit down')).rejects.toMatchObject({
      code: 'DK_LOCKED',
      message: expect.stringContaining(`deploykit up (process ${process.pid}`),
    });
    await release();
    await (await takeLock(file, 'deploykit down'))();
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it('of a process that is gone is taken over', async () => {
    const file = path.join(tempProject(), 'x.lock');
    const child = spawn('sleep', ['60']);
    const holder = { ...(await identify(child.pid ?? 0)), machine: os.hostname(), command: 'x', since: '' };
    child.kill('SIGKILL');
    await once(child, 'exit');
    writeFileSync(file, JSON.stringify(holder));
    await (await takeLock(file, 'deploykit up'))();
    expect(existsSync(file)).toBe(false);
  });

  it('of a reused process id is taken over: the start time differs', async () => {
    const file = path.join(tempProject(), 'x.lock');
    writeFileSync(
      file,
      JSON.stringify({ pid: process.pid, startTime: '1', machine: os.hostname(), command: 'x', since: '' }),
    );
    await (await takeLock(file, 'deploykit up'))();
  });

  it('of another machine is never taken over', async () => {
    const file = path.join(tempProject(), 'x.lock');
    writeFileSync(
      file,
      JSON.stringify({ pid: 1, startTime: '1', machine: 'elsewhere', command: 'x', since: '' }),
    );
    await expect(takeLock(file, 'deploykit up')).rejects.toMatchObject({ code: 'DK_LOCKED' });
  });

  it('that was cut off while it was written is taken over', async () => {
    const file = path.join(tempProject(), 'x.lock');
    writeFileSync(file, '{"pid":');
    await (await takeLock(file, 'deploykit up'))();
  });
});
