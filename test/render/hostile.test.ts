import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DeploykitError } from '../../src/errors.js';
import { loadTemplate } from '../../src/host/templates.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../../src/plan/layout.js';
import type { TargetKind } from '../../src/plan/types.js';
import { type RenderFormat, render } from '../../src/render/render.js';
import { FACTS, makeProject } from '../helpers/project.js';
import { nginxDirectives } from './nginx-directives.js';

// Values as no schema would let them through. A file either keeps the shape it has with plain values, or is refused.
const NASTY = [
  ...[
    'a\nb',
    'a\r\nUSER root',
    'a\\',
    '"',
    "'",
    '%',
    '%i%n',
    '$HOME',
    '${PATH}',
    '$(id)',
    '`id`',
    ';',
    '#x',
    ' # x',
  ],
  ...[
    '{{header}}',
    '{{{x}}}',
    '../../etc',
    'ä€😀',
    '\0',
    '\u2028',
    '\u0085',
    '} server {',
    '%(module)',
    '@(/etc/passwd)',
  ],
  ...[
    'a: b',
    '- a',
    '*x',
    '&x',
    '!!binary x',
    '[a]',
    'yes',
    '~',
    '1e3',
    'x\t',
    ' x',
    'x ',
    'x'.repeat(10_000),
  ],
];
const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc
    .array(fc.constantFrom(...NASTY, 'x', ' '), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
);
const values = fc.record({
  env: nasty,
  folder: nasty,
  prefix: nasty,
  dir: nasty,
  file: nasty,
  option: nasty,
});
type Values = typeof values extends fc.Arbitrary<infer T> ? T : never;
const PLAIN: Values = { env: 'e', folder: 'f', prefix: 'p', dir: 'd', file: 'r', option: 'o' };

const SHAPES: [name: RegExp, shape: (text: string) => unknown][] = [
  [/\.ini$/, (text) => lines(text).map((line) => line.split(' = ')[0])],
  [/Dockerfile$/, (text) => instructions(text).map((line) => line.split(' ')[0])],
  [/\.dockerignore$/, (text) => lines(text).map((line) => line[0])],
  [/\.(service|socket|container|network|conf)$/, unitKeys],
  [/install\.txt$/, (text) => text.split('\n').map((line) => line.split(' ')[0])],
  [/\.yaml$/, (text) => keysOf(parse(text))],
];

describe.each([
  ['docker', 'compose'],
  ['docker', 'quadlet'],
  ['systemd', 'target'],
] as const)('hostile values, %s, %s', (kind, format) => {
  const plain = renderWith(PLAIN, kind, format);
  it('no value changes the shape of a file', () => {
    let rendered = 0;
    fc.assert(
      fc.property(
        values,
        fc.subarray(Object.keys(PLAIN) as (keyof Values)[], { minLength: 1 }),
        (evil, used) => {
          const chosen = { ...PLAIN, ...Object.fromEntries(used.map((key) => [key, evil[key]])) };
          const files = attempt(() => renderWith(chosen, kind, format));
          if (files === null) return;
          rendered++;
          expect([...files.keys()]).toEqual([...plain.keys()]);
          for (const [name, text] of files)
            expect(shapeOf(name, text), name).toEqual(shapeOf(name, plain.get(name)));
        },
      ),
      { numRuns: 400, seed: 7 },
    );
    expect(rendered).toBeGreaterThan(100);
  });
});

it('an environment reaches Compose as it is, ambiguous words included', () => {
  fc.assert(
    fc.property(nasty, (value) => {
      const yaml = renderWith({ ...PLAIN, env: value }, 'docker', 'compose').get('compose.yaml') ?? '';
      for (const version of ['1.1', '1.2'] as const) {
        const written = parse(yaml, { version }).services.app.environment.A;
        expect(interpolate(written)).toBe(value);
      }
    }),
  );
});

function renderWith(value: Values, kind: TargetKind, format: RenderFormat): Map<string, string> {
  const project = makeProject({
    app: {
      env: { A: value.env },
      dir: value.dir,
      requirements: { kind: 'requirements', file: value.file, files: [value.file], specs: ['flask'] },
    },
    server: { static: { [`/${value.prefix}`]: value.folder }, uwsgi: { 'add-header': value.option } },
    front: { kind: 'nginx' },
  });
  const layout = kind === 'docker' ? containerLayout(value.dir) : systemdLayout('shop', value.dir);
  const plan = buildPlan({ project, target: { name: kind, kind }, facts: FACTS, layout, port: 8000 });
  return new Map(render(plan, loadTemplate, 'x', format).map(({ path, contents }) => [path, contents]));
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof DeploykitError && error.code === 'DK_RENDER_VALUE') return null;
    throw error;
  }
}

function shapeOf(name: string, text = ''): unknown {
  if (name.startsWith('nginx')) return nginxDirectives(text);
  const shape = SHAPES.find(([pattern]) => pattern.test(name))?.[1];
  return shape ? shape(text) : text;
}

const lines = (text: string): string[] =>
  text.split(/\r\n|[\n\r]/).filter((line) => line !== '' && !line.startsWith('#'));

function instructions(text: string): string[] {
  return lines(text.replace(/^#.*\n/gm, '').replaceAll('\\\n', ''));
}

function unitKeys(text: string): string[] {
  return lines(text.replaceAll('\\\n', '')).map((line) =>
    line.startsWith('[') ? line : (line.split('=')[0] ?? ''),
  );
}

function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]);
}

// Compose: `$$` is a dollar sign, and any other `$` begins something.
function interpolate(text: string): string {
  expect(text.replaceAll('$$', '')).not.toContain('$');
  return text.replaceAll('$$', '$');
}
