import { expect, it } from 'vitest';
import { failedRequirement } from '../../src/targets/failed-requirement.js';

it.each([
  [
    'ERROR: Could not find a version that satisfies the requirement nope==9.9 (from versions: none)',
    'nope==9.9',
  ],
  ['ERROR: No matching distribution found for nope==9.9', 'nope==9.9'],
  ['  ERROR: Failed building wheel for psycopg2', 'psycopg2'],
  ['ERROR: Connection refused', undefined],
])('pip says %j: %s', (output, name) => {
  expect(failedRequirement(output)).toBe(name);
});
