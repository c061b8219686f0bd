import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/host/run.js';
import { askPython, type Python } from '../../../src/targets/process/python.js';
import { sendWheels } from '../../../src/targets/systemd/local-build/send-wheels.js';
import { difference, findTwin } from '../../../src/targets/systemd/local-build/twin.js';
import { onHost } from '../../helpers/local-host.js';
import { tempProject } from '../../helpers/temp.js';

const PYTHON: Python = {
  executable: '/usr/bin/python3.11',
  version: '3.11',
  release: '3.11.2',
  soabi: 'cpython-311-x86_64-linux-gnu',
  glibc: '2.36',
  hasHeaders: true,
  hasVenv: true,
  hasPip: true,
  key: '0',
};

describe('the interpreter that builds for a host', () => {
  it.each<[string, Partial<Python>, Partial<Python>, RegExp | null]>([
    ['the same', {}, {}, null],
    ['another patch release', { release: '3.11.7' }, {}, null],
    ['an older glibc here', { glibc: '2.31' }, {}, null],
    ['a newer glibc here', { glibc: '2.36' }, { glibc: '2.34' }, /glibc 2\.36, and the host has the older/],
    ['numbers, not text', { glibc: '2.5' }, { glibc: '2.36' }, null],
    ['another minor version', { version: '3.12' }, {}, /is Python 3\.12, and the host has 3\.11/],
    ['another architecture', {}, { soabi: 'cpython-311-aarch64-linux-gnu' }, /aarch64/],
    ['another C library', { glibc: '' }, { glibc: '' }, /glibc only/],
  ])('%s', (_, here, there, reason) => {
    const found = difference({ ...PYTHON, ...here }, { ...PYTHON, ...there });
    if (reason) expect(found).toMatch(reason);
    else expect(found).toBeNull();
  });

  it('is found on this machine for a host like it, and refused with the way out for another', async () => {
    const ask = (argv: string[]) => run(argv);
    const own = (await askPython('python3', ask)) as Python;
    const host = { name: 'web1', python: own };
    await expect(findTwin(host, ask)).resolves.toMatchObject({ soabi: own.soabi });
    const foreign = { ...own, soabi: own.soabi?.replace(/cpython-\d+/, 'cpython-399') ?? null };
    await expect(findTwin({ name: 'web1', python: foreign }, ask)).rejects.toMatchObject({
      code: 'DK_BUILD_FOREIGN',
      details: {
        excerpt: expect.stringContaining('python3: is built for'),
        hint: expect.stringContaining('wheelhouse'),
      },
    });
  });
});

describe('wheels on a host', () => {
  const put = (dir: string, files: Record<string, string>) =>
    Object.entries(files).map(([name, contents]) => {
      const file = path.join(dir, name);
      writeFileSync(file, contents);
      return { name, file, sha256: createHash('sha256').update(contents).digest('hex') };
    });

  it('are sent once; a part of one, a damaged one and one that is no longer wanted are made good', async () => {
    const dir = tempProject();
    const wheels = put(dir, { 'a-1.whl': 'a', 'b-1.whl': 'b' });
    const folder = path.join(dir, "on the host's");
    const { on } = onHost();
    expect(await sendWheels(on, folder, wheels)).toEqual(['a-1.whl', 'b-1.whl']);
    expect(await sendWheels(on, folder, wheels)).toEqual([]);
    put(folder, { 'a-1.whl': 'damaged', 'old-1.whl': 'old', 'b-2.whl.partial': 'cut' });
    expect(await sendWheels(on, folder, wheels)).toEqual(['a-1.whl']);
    expect(readdirSync(folder).sort()).toEqual(['a-1.whl', 'b-1.whl']);
    expect(readFileSync(path.join(folder, 'a-1.whl'), 'utf8')).toBe('a');
  });

  it('with another digest than was read are not put in place', async () => {
    const dir = tempProject();
    const wheels = put(dir, { 'a-1.whl': 'a' }).map((wheel) => ({ ...wheel, sha256: '0'.repeat(64) }));
    await expect(sendWheels(onHost().on, path.join(dir, 'host'), wheels)).rejects.toMatchObject({
      code: 'DK_HOST_FAILED',
    });
    expect(readdirSync(path.join(dir, 'host'))).toEqual(['a-1.whl.partial']);
  });
});
