import { describe, expect, test } from 'vitest';
import { rememberFlags } from '../../src/flow/last-flags.js';
import { openSession, type Session } from '../../src/flow/session.js';
import { tempProject } from '../helpers/temp.js';

const reporter = { step: () => {}, detail: () => {}, warn: () => {} };
const FILES = { 's1.py': 'from flask import Flask\napp = Flask("a")\n' };

function open(dir: string, running: boolean, overrides = {}): Promise<Session> {
  const { signal } = new AbortController();
  return openSession({ dir, target: 'process', running, overrides, reporter, signal });
}

describe('the flags of the last up', () => {
  const given = { name: 'shop', 'image.base': 'debian:12', 'server.port': 8123, 'server.async': 50 };

  test('count for what is about the deployment, except the shape, which is asked of the target', async () => {
    const dir = tempProject(FILES);
    await rememberFlags(dir, 'process', given);
    const { project } = (await open(dir, true)).loaded;
    expect(project).toMatchObject({ name: 'shop', image: { base: 'debian:12' }, server: { port: 8123 } });
    expect(project.server.async).toBeUndefined();
  });

  test('give way to what is given now, and are kept by what brings it up again', async () => {
    const dir = tempProject(FILES);
    await rememberFlags(dir, 'process', given);
    const { loaded, applied } = await open(dir, true, { name: 'other' });
    expect(loaded.project.name).toBe('other');
    expect(applied).toMatchObject({ name: 'other', 'image.base': 'debian:12' });
  });

  test('say nothing to an up, nor about another target', async () => {
    const dir = tempProject(FILES);
    await rememberFlags(dir, 'docker', given);
    expect((await open(dir, true)).loaded.project.name).not.toBe('shop');
    await rememberFlags(dir, 'process', given);
    expect((await open(dir, false)).loaded.project.name).not.toBe('shop');
  });
});
