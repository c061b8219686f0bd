import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanRequirements } from '../../../src/project/detect/requirement-lines.js';
import { distributionName } from '../../../src/project/distribution-name.js';

const specs = (text: string) =>
  scanRequirements(text).flatMap((entry) => (entry.kind === 'requirement' ? [entry.spec] : []));

describe('requirements', () => {
  test.each([
    ['flask', ['flask']],
    ['  Flask == 3.0.3  ', ['Flask == 3.0.3']],
    ['flask>=2,<4 ; python_version < "3.12"', ['flask>=2,<4 ; python_version < "3.12"']],
    ['requests[security,socks] ~= 2.31', ['requests[security,socks] ~= 2.31']],
    ['zope.interface===5.0-odd', ['zope.interface===5.0-odd']],
    ['flask (>=2)', ['flask (>=2)']],
    ['numpy==1.*', ['numpy==1.*']],
    ['flask  # the framework', ['flask']],
    ['# flask', []],
    ['', []],
    ['flask==3.0 --hash=sha256:aa --hash=sha256:bb', ['flask==3.0']],
    ['flask==3.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\ndjango', ['flask==3.0', 'django']],
    ['flask==3.0 \\\n# a comment between\n    --hash=sha256:aa', ['flask==3.0']],
    ['lxml --config-settings="a=b"', ['lxml']],
    ['pip @ https://h/pip.zip#sha1=aa', ['pip @ https://h/pip.zip#sha1=aa']],
    ['git+https://github.com/x/y.git@main#egg=why', ['why @ git+https://github.com/x/y.git@main#egg=why']],
    ['-e git+ssh://git@github.com/x/y.git#egg=why', ['why @ git+ssh://git@github.com/x/y.git#egg=why']],
    ['git+https://github.com/x/y.git', ['git+https://github.com/x/y.git']],
    ['https://h/x-1.0-py3-none-any.whl', ['https://h/x-1.0-py3-none-any.whl']],
    ['-e .', ['-e .']],
    ['-e ./lib[extra]', ['-e ./lib[extra]']],
    ['--editable=lib', ['-e lib']],
    ['./lib', ['./lib']],
    ['.', ['.']],
    ['vendor/x-1.0.tar.gz', ['./vendor/x-1.0.tar.gz']],
    ['x-1.0-py3-none-any.whl', ['./x-1.0-py3-none-any.whl']],
    ['--index-url https://h/simple\n--no-binary :all:\nflask', ['flask']],
    ['flask\r\ndjango\rsix', ['flask', 'django', 'six']],
    ['flask = 2', []],
    ['<<<<<<< HEAD', []],
    ['two words', []],
  ])('%j', (text, expected) => {
    expect(specs(text)).toEqual(expected);
  });

  test.each([
    ['https://u:p@h/x.whl', 'https://***@h/x.whl'],
    ['x @ git+https://token@h/x.git', 'x @ git+https://***@h/x.git'],
    ['x @ https://${USER}:${PASSWORD}@h/x.whl', 'x @ https://${USER}:${PASSWORD}@h/x.whl'],
  ])('no password is kept: %s', (text, expected) => {
    expect(specs(text)).toEqual([expected]);
  });
});

describe('other lines', () => {
  test.each([
    ['-r base.txt', { kind: 'include', installs: true, target: 'base.txt', line: 1 }],
    ['-rbase.txt', { kind: 'include', installs: true, target: 'base.txt', line: 1 }],
    ['--requirement=base.txt', { kind: 'include', installs: true, target: 'base.txt', line: 1 }],
    ['-c pins.txt', { kind: 'include', installs: false, target: 'pins.txt', line: 1 }],
    ['--constraint pins.txt', { kind: 'include', installs: false, target: 'pins.txt', line: 1 }],
    ['--pre', { kind: 'option', text: '--pre', line: 1 }],
    ['flask = 2', { kind: 'unknown', text: 'flask = 2', line: 1 }],
  ])('%s', (text, expected) => {
    expect(scanRequirements(text)).toEqual([expected]);
  });

  test('a continued line counts where it begins', () => {
    expect(scanRequirements('\nflask \\\n  >= 2\n\nsix').map(({ line }) => line)).toEqual([2, 5]);
  });
});

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,6}([-_.][A-Za-z0-9]{1,4})?$/);
const version = fc
  .tuple(fc.constantFrom('==', '>=', '<', '~=', '!='), fc.nat(9), fc.nat(9))
  .map(([op, a, b]) => `${op}${a}.${b}`);
const extras = fc
  .array(fc.constantFrom('async', 'dotenv'), { maxLength: 2 })
  .map((list) => (list.length ? `[${list.join(',')}]` : ''));
const marker = fc.constantFrom('', ' ; python_version < "3.9"', '; sys_platform == "win32"');
const requirement = fc
  .tuple(name, extras, fc.array(version, { maxLength: 2 }), marker)
  .map(([n, e, v, m]) => ({ name: n, spec: `${n}${e}${v.join(',')}${m}` }));
const noise = fc.constantFrom('', '   ', '# comment', '--index-url https://h/simple', '\t# x \\');
const tail = fc.constantFrom('', '  # why', ' --hash=sha256:ab', ' \\\n    --hash=sha256:ab');

describe('properties', () => {
  test('every requirement is found again, in order, whatever stands between', () => {
    const lines = fc.array(fc.tuple(requirement, tail, fc.array(noise, { maxLength: 2 })), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n'), (list, end) => {
        const text = list.flatMap(([{ spec }, after, between]) => [...between, `${spec}${after}`]).join('\n');
        expect(specs(text.replaceAll('\n', end))).toEqual(list.map(([{ spec }]) => spec));
      }),
    );
  });

  test('any text is read, and lines are in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const lines = scanRequirements(text).map(({ line }) => line);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
      }),
    );
    // What would take a careless pattern hours; the test's own deadline judges.
    for (const text of [
      'a'.repeat(50_000),
      `a${'-'.repeat(50_000)}!`,
      `a[${' '.repeat(50_000)}`,
      ' #'.repeat(20_000),
    ]) {
      expect(scanRequirements(text).length).toBeLessThanOrEqual(1);
    }
  });

  test('normalising a name twice is normalising it once (PEP 503)', () => {
    fc.assert(
      fc.property(requirement, ({ name: written, spec }) => {
        const normal = distributionName(spec);
        expect(normal).toBe(written.toLowerCase().replace(/[-_.]+/g, '-'));
        expect(distributionName(normal)).toBe(normal);
      }),
    );
  });
});
