import { expect, test } from 'vitest';
import { findPythonVersion } from '../../../src/project/detect/python-version.js';
import { project } from '../fixtures.js';

const requires = (specifier: string) => ({
  'pyproject.toml': `[project]\nrequires-python = "${specifier}"\n`,
});

test.each<[string, Record<string, string>, string | null]>([
  ['.python-version', { '.python-version': '3.12.4\n' }, '3.12'],
  ['.python-version, minor only', { '.python-version': '3.9' }, '3.9'],
  ['.python-version with a comment', { '.python-version': '# ours\n3.10.1 # pinned\n' }, '3.10'],
  ['.python-version of several', { '.python-version': '3.12.1\n3.11.2\n' }, '3.12'],
  ['.python-version of uv', { '.python-version': 'cpython-3.13.1\n' }, '3.13'],
  ['.python-version that names a virtualenv', { '.python-version': 'shop-env\n' }, null],
  ['.python-version system', { '.python-version': 'system\n' }, null],
  ['any of many', requires('>=3.8'), '3.11'],
  ['not 3.11', requires('>=3.12'), '3.12'],
  ['only older', requires('>=3.7,<3.11'), '3.10'],
  ['compatible release', requires('~=3.10.2'), '3.10'],
  ['exact', requires('==3.9.7'), '3.9'],
  ['wildcard', requires('==3.13.*'), '3.13'],
  ['excluded', requires('>=3.9,!=3.11.*'), '3.12'],
  ['a late patch', requires('>=3.11.9,<3.12'), '3.11'],
  ['nonsense', requires('^3.8'), null],
  ['nothing satisfies', requires('<3'), null],
  ['poetry', { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.12"\n' }, '3.12'],
  ['Pipfile', { Pipfile: '[requires]\npython_version = "3.10"\n' }, '3.10'],
  ['setup.py', { 'setup.py': 'setup(\n  python_requires=">=3.12",\n)\n' }, '3.12'],
  ['runtime.txt', { 'runtime.txt': 'python-3.10.13\n' }, '3.10'],
  ['.tool-versions', { '.tool-versions': 'nodejs 20.1.0\npython 3.12.0 3.11.1\n' }, '3.12'],
  [
    'setup.cfg',
    { 'setup.cfg': '[metadata]\nname = x\n\n[options]\npython_requires = >=3.8,<3.11\n' },
    '3.10',
  ],
  [
    '.python-version first',
    { '.python-version': '3.9\n', 'runtime.txt': 'python-3.10\n', ...requires('>=3.12') },
    '3.9',
  ],
  ['requires-python before runtime.txt', { 'runtime.txt': 'python-3.10\n', ...requires('>=3.12') }, '3.12'],
  ['Python 2 is passed over', { '.python-version': '2.7.18\n', 'runtime.txt': 'python-3.10\n' }, '3.10'],
  ['nothing', {}, null],
])('%s', async (_, files, version) => {
  expect((await findPythonVersion(await project(files))).finding?.value ?? null).toBe(version);
});

test('evidence has file and line', async () => {
  const { finding } = await findPythonVersion(
    await project({ '.tool-versions': 'nodejs 20\npython 3.12.0\n' }),
  );
  expect(finding).toEqual({ value: '3.12', why: 'it asks for Python 3.12', file: '.tool-versions', line: 2 });
});

test('what was not followed is said', async () => {
  const { warnings } = await findPythonVersion(
    await project({ '.python-version': '2.7.18\n', ...requires('^3') }),
  );
  expect(warnings).toEqual([
    '.python-version asks for Python 2.7, which is not supported; it was not followed',
    'pyproject.toml: no Python that deploykit knows satisfies requires-python = "^3"',
  ]);
});
