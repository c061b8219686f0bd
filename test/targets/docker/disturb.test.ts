import type Docker from 'dockerode';
import { expect, it } from 'vitest';
import { isHere } from '../../../src/targets/docker/disturb.js';
import { describeWith, docker, EL_BASE } from '../../helpers/rigs.js';

const inspected = (Id: string, Pid: number) => ({ Id, State: { Pid } }) as Docker.ContainerInspectInfo;

describeWith('docker', 'the process of a container', () => {
  it('is told from one of this machine that has its number', async () => {
    const id = docker('run', '-d', '--rm', '--network', 'none', '--entrypoint', 'cat', '-i', EL_BASE);
    try {
      const pid = Number(docker('inspect', '-f', '{{.State.Pid}}', id));
      expect(await isHere(inspected(id, pid))).toBe(true);
      expect(await isHere(inspected(id, process.pid))).toBe(false);
      expect(await isHere(inspected(id, 2 ** 22 + 1))).toBe(false);
    } finally {
      docker('rm', '-f', id);
    }
  });
});
