import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { CommandContext, Flags } from '../../src/commands/command.js';
import { command } from '../../src/commands/lint.js';
import { tempProject } from '../helpers/temp.js';

const BAD =
  '[uwsgi]\nstrict = true\nmaster = true ; yes\nneed-app = true\nmodule = a:b\nhttp-socket = :8000\ndie-on-term = true\nthreds = 4\n';

// Its --format has other words than that of render.
const run = (flags: Omit<Flags, 'format'> & { format?: string }) =>
  command({ flags, paint: (_: string, text: string) => text, width: 80 } as unknown as CommandContext);

// The parts of SARIF 2.1.0 that are used here, with what its schema requires of them.
const location = {
  type: 'object',
  required: ['artifactLocation', 'region'],
  properties: {
    artifactLocation: { type: 'object', required: ['uri'], properties: { uri: { type: 'string' } } },
    region: {
      type: 'object',
      additionalProperties: false,
      required: ['startLine', 'startColumn', 'endColumn'],
      properties: Object.fromEntries(
        ['startLine', 'startColumn', 'endColumn'].map((name) => [name, { type: 'integer', minimum: 1 }]),
      ),
    },
  },
};
const result = {
  type: 'object',
  required: ['message', 'ruleId', 'ruleIndex', 'level', 'locations'],
  properties: {
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message: { type: 'object', required: ['text'] },
    locations: { type: 'array', items: { type: 'object', properties: { physicalLocation: location } } },
    fixes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['artifactChanges'],
        properties: {
          artifactChanges: {
            type: 'array',
            items: { type: 'object', required: ['artifactLocation', 'replacements'] },
          },
        },
      },
    },
  },
};
const sarif = {
  type: 'object',
  required: ['version', 'runs'],
  properties: {
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: { results: { type: 'array', minItems: 1, items: result } },
      },
    },
  },
};

describe('deploykit lint', () => {
  it('ends with DK_LINT, exit 4, when there is an error; a warning alone does not', async () => {
    const dir = tempProject({
      'uwsgi.ini': BAD,
      'warn.ini': BAD.replace(' ; yes', '').replace('threds', 'http'),
    });
    const { problem, text, data } = await run({ files: [path.join(dir, 'uwsgi.ini')] });
    expect(problem).toMatchObject({ code: 'DK_LINT', exitCode: 4, message: '2 errors' });
    expect(data).toMatchObject({ errors: 2, warnings: 0 });
    expect(text).toContain('uwsgi.ini:8:1 error unknown-option (E11) uWSGI 2.0.31 has no option "threds"');
    expect(text).toContain('  8 | threds = 4\n    | ^^^^^^\n');
    expect(text).toContain('mend: Did you mean "threads"?');
    const warned = { files: [path.join(dir, 'warn.ini')] };
    expect((await run(warned)).problem).toBeUndefined();
    expect((await run({ ...warned, failOn: 'warning' })).problem).toMatchObject({ code: 'DK_LINT' });
    expect((await run({ files: [path.join(dir, 'uwsgi.ini')], failOn: 'never' })).problem).toBeUndefined();
  });

  it('without a file it looks for those of the project, and says when there is none', async () => {
    const dir = tempProject({
      'deploy/app.ini': BAD,
      'setup.ini': '[other]\na = b\n',
      Dockerfile: 'FROM debian:12\nENV UWSGI_X=1\n',
      'node_modules/x/uwsgi.ini': BAD,
    });
    const { data } = await run({ projectDir: dir });
    expect((data as { files: string[] }).files.map((file) => path.relative(dir, file))).toEqual([
      'Dockerfile',
      'deploy/app.ini',
    ]);
    await expect(run({ projectDir: tempProject() })).rejects.toMatchObject({ code: 'DK_USAGE' });
  });

  it('--fix shows the difference, and writes unless --dry-run', async () => {
    const dir = tempProject({ 'uwsgi.ini': BAD });
    const file = path.join(dir, 'uwsgi.ini');
    const shown = await run({ files: [file], fix: true, dryRun: true });
    expect(shown.text).toContain('-master = true ; yes\n+; yes\n+master = true');
    expect(readFileSync(file, 'utf8')).toBe(BAD);
    const written = await run({ files: [file], fix: true });
    expect(readFileSync(file, 'utf8')).toBe(BAD.replace('master = true ; yes', '; yes\nmaster = true'));
    expect(written.problem).toMatchObject({ message: '1 error' });
  });

  it('--format: JSON, SARIF 2.1.0, annotations', async () => {
    const dir = tempProject({ 'uwsgi.ini': BAD });
    const print = async (format: string): Promise<string> =>
      (await run({ files: [path.join(dir, 'uwsgi.ini')], format })).text;
    expect(JSON.parse(await print('json')).findings[0]).toMatchObject({
      rule: 'inline-comment',
      line: 3,
      docs: 'deploy/rules.md#inline-comment',
    });
    const document = JSON.parse(await print('sarif'));
    const validate = new Ajv({ strict: false }).compile(sarif);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.runs[0].results[0].fixes[0].artifactChanges[0].replacements[0]).toEqual({
      deletedRegion: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 },
      insertedContent: { text: '; yes\n' },
    });
    const [first] = (await print('github')).split('\n');
    expect(first).toMatch(/^::error file=.*uwsgi\.ini,line=3,col=15,endColumn=20,title=inline-comment%3A /);
  });

  it.each([
    ['app.xml', '<uwsgi><master/></uwsgi>', 'XML'],
    ['app.yaml', 'uwsgi:\n  master: true\n', 'YAML'],
    ['app.json', '{"uwsgi": {}}', 'JSON'],
  ])('%s is refused, with the way out', async (name, text, format) => {
    const dir = tempProject({ [name]: text });
    await expect(run({ files: [path.join(dir, name)] })).rejects.toMatchObject({
      code: 'DK_LINT_FORMAT',
      message: expect.stringContaining(format),
    });
  });
});
