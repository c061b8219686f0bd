import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { exec } from '../../src/targets/docker/exec.js';
import { DEBIAN_BASE, describeWith } from '../helpers/rigs.js';

// Of the engine, for a command that the runtime could not begin any more.
const NOT_BEGUN = 126;
const KILLED = 137;

describeWith('docker', 'a command in a container that ends', () => {
  const docker = new Docker();
  const runFor = async (seconds: number): Promise<Docker.Container> => {
    const container = await docker.createContainer({
      Image: DEBIAN_BASE,
      Cmd: ['sleep', String(seconds)],
      HostConfig: { AutoRemove: false, Init: true },
    });
    await container.start();
    return container;
  };

  // The engine, its runtime and containerd refuse such a command each in words of their own, and the rare ones come only
  // when the engine has much to do: so several containers end at once, for a while.
  it('is killed with it, whenever that is: never an error of the engine', async () => {
    const seen = new Set<number>();
    const printed = new Set<string>();
    const until = Date.now() + 8000;
    const endOften = async (): Promise<void> => {
      while (Date.now() < until) {
        const container = await runFor(0.1 + Math.random() * 0.5);
        try {
          for (let code = 0; code !== KILLED; seen.add(code)) {
            const result = await exec(container, ['true']);
            code = result.exitCode;
            printed.add(result.stdout);
          }
        } finally {
          await container.remove({ force: true });
        }
      }
    };
    await Promise.all(Array.from({ length: 4 }, endOften));
    expect([...printed]).toEqual(['']);
    expect(seen).toContain(KILLED);
    for (const code of seen) expect([0, NOT_BEGUN, KILLED]).toContain(code);
  });

  it('that is not there has not begun, and what the engine says is no output of it', async () => {
    const container = await runFor(30);
    try {
      const result = await exec(container, ['no-such-command']);
      expect(result).toMatchObject({ stdout: '', stderr: expect.stringContaining('no-such-command') });
      expect(result.exitCode).not.toBe(0);
    } finally {
      await container.remove({ force: true });
    }
  });

  it('has ended when the container is gone', async () => {
    const container = await runFor(30);
    await container.remove({ force: true });
    expect(await exec(container, ['true'])).toMatchObject({ exitCode: KILLED });
  });

  it('is refused while the container is paused', async () => {
    const container = await runFor(30);
    try {
      await container.pause();
      await expect(exec(container, ['true'])).rejects.toThrow(/paused/);
    } finally {
      await container.remove({ force: true });
    }
  });
});
