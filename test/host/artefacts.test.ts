import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeArtefacts } from '../../src/host/artefacts.js';
import { tempProject } from '../helpers/temp.js';

const file = (contents: string) => [{ path: 'uwsgi.ini', contents, mode: 0o644 }];
const write = (dir: string, contents: string, force = false) =>
  writeArtefacts(dir, 'deploy', file(contents), { force });

describe('generated files', () => {
  it('are written once, then unchanged, then replaced', async () => {
    const dir = tempProject();
    expect((await write(dir, 'one\n')).written).toEqual(['deploy/uwsgi.ini']);
    expect((await write(dir, 'one\n')).unchanged).toEqual(['deploy/uwsgi.ini']);
    expect((await write(dir, 'two\n')).written).toEqual(['deploy/uwsgi.ini']);
    expect(readFileSync(path.join(dir, 'deploy/uwsgi.ini'), 'utf8')).toBe('two\n');
  });

  it('edited by hand: kept, shown as a diff, and what is on disk is what counts', async () => {
    const dir = tempProject();
    await write(dir, 'one\n');
    writeFileSync(path.join(dir, 'deploy/uwsgi.ini'), 'mine\n');
    const report = await write(dir, 'two\n');
    expect(report.kept[0]?.diff).toContain('-mine\n+two');
    expect(report.onDisk[0]?.contents).toBe('mine\n');
    expect(readFileSync(path.join(dir, 'deploy/uwsgi.ini'), 'utf8')).toBe('mine\n');
    expect((await write(dir, 'two\n', true)).written).toEqual(['deploy/uwsgi.ini']);
  });

  it('a file that was there before deploykit is the user’s', async () => {
    const dir = tempProject({ 'deploy/uwsgi.ini': 'mine\n' });
    expect((await write(dir, 'one\n')).kept).toHaveLength(1);
  });

  it('do not leave the project', async () => {
    const dir = tempProject();
    const outside = writeArtefacts(dir, '../elsewhere', file('x\n'), { force: false });
    await expect(outside).rejects.toMatchObject({ code: 'DK_FILE_OUTSIDE' });
  });
});
