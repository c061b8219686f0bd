import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { BenchData } from '../../src/report/bench-data.js';
import { benchSchema } from '../../src/report/bench-schema.js';
import { ROOT } from '../helpers/cli.js';
import { schemaOfType } from '../helpers/type-schema.js';
import { FAILED, FULL, WORKLOADS } from './html/fixture.js';

const FILE = path.join(ROOT, 'templates/bench/bench-data.schema.json');

const text = `${JSON.stringify(schemaOfType('src/report/bench-data.ts', 'BenchData'), null, 1)}\n`;
if (process.env['UPDATE']) writeFileSync(FILE, text);

test('the schema that is shipped is that of the types (UPDATE=1 rewrites it)', () => {
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});

const validate = new Ajv({ strict: false, allErrors: true }).compile(benchSchema(readFileSync(FILE, 'utf8')));
const request = { method: 'GET', headers: [], bodyBytes: 0 };
const document = (data: BenchData): unknown =>
  JSON.parse(JSON.stringify({ schemaVersion: 1, command: 'bench', ok: true, data, warnings: [] }));

test('what bench prints is valid', () => {
  const { comparisons = [], sides = [], expectations = [], environment } = FULL;
  for (const bench of [FULL.bench, FAILED.bench, WORKLOADS]) {
    const good = document({ ...bench, comparisons, sides, expectations, environment, request });
    validate(good);
    expect(validate.errors).toBeNull();
  }
});

test('an error has no data; anything else is not valid', () => {
  const error = { code: 'DK_USAGE', message: 'no' };
  const failed = { schemaVersion: 1, command: 'bench', ok: false, data: null, warnings: [], error };
  expect(validate(failed)).toBe(true);
  const { environment } = FULL;
  const good = document({ ...FULL.bench, environment, request }) as { data: Record<string, unknown> };
  expect(validate(good)).toBe(true);
  expect(validate({ ...good, data: { ...good.data, s0Ms: '1' } })).toBe(false);
  expect(validate({ ...good, data: { ...good.data, verdict: 'MAYBE' } })).toBe(false);
  expect(validate({ ...good, data: { ...good.data, more: 1 } })).toBe(false);
});
