import { chmodSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashSource, readSource } from '../../src/host/source.js';
import { DEFAULT_IGNORE } from '../../src/plan/ignore.js';
import { tempProject } from '../helpers/temp.js';

const FILES = {
  'app.py': 'x',
  'pkg/__init__.py': '',
  'pkg/__pycache__/a.pyc': 'x',
  '.git/config': 'x',
  '.env': 'SECRET=1',
  'certs/server.key': 'x',
  'db.sqlite3': 'x',
  'node_modules/a/index.js': 'x',
  'data/keep.log': 'x',
};
const paths = async (dir: string) => (await readSource(dir, DEFAULT_IGNORE)).map((entry) => entry.path);

describe('the source of a release', () => {
  it('leaves out version control, secrets, caches and databases', async () => {
    expect(await paths(tempProject(FILES))).toEqual(['app.py', 'pkg/__init__.py']);
  });

  it('follows .dockerignore, which may bring something back', async () => {
    const dir = tempProject({ ...FILES, '.dockerignore': 'pkg\n!data/keep.log\n' });
    expect(await paths(dir)).toEqual(['.dockerignore', 'app.py', 'data/keep.log']);
  });

  it('never has the files of secrets, whatever .dockerignore says', async () => {
    const dir = tempProject({ 'app.py': '', 'prod.env': 'A=1', '.dockerignore': '!prod.env\n' });
    const source = await readSource(dir, DEFAULT_IGNORE, ['prod.env']);
    expect(source.map((entry) => entry.path)).toEqual(['.dockerignore', 'app.py']);
  });

  it('hashes contents and execute bits, not times, owners or the order of the folder', async () => {
    const dir = tempProject({ 'b.py': '1', 'a.py': '2' });
    const hash = async () => hashSource(await readSource(dir, DEFAULT_IGNORE));
    const first = await hash();
    utimesSync(path.join(dir, 'a.py'), 1, 1);
    chmodSync(path.join(dir, 'a.py'), 0o600);
    expect(await hash()).toBe(first);
    chmodSync(path.join(dir, 'a.py'), 0o755);
    expect(await hash()).not.toBe(first);
    chmodSync(path.join(dir, 'a.py'), 0o644);
    writeFileSync(path.join(dir, 'a.py'), '3');
    expect(await hash()).not.toBe(first);
  });

  it('keeps symbolic links as links, also to nowhere', async () => {
    const dir = tempProject({ 'a.py': '' });
    symlinkSync('/nowhere', path.join(dir, 'link'));
    expect((await readSource(dir, DEFAULT_IGNORE)).at(-1)).toMatchObject({ path: 'link', kind: 'link' });
  });
});
