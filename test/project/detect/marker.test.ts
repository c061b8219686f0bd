import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Condition, markerText, parseMarker } from '../../../src/project/detect/lock/marker.js';

const VARIABLES = ['a', 'b', 'c'];
// A marker over three variables that are "0" or "1", and what it means.
interface Meaning {
  text: string;
  holds: (values: Record<string, string>) => boolean;
}
const comparison: fc.Arbitrary<Meaning> = fc
  .record({ name: fc.constantFrom(...VARIABLES), value: fc.constantFrom('0', '1'), not: fc.boolean() })
  .map(({ name, value, not }) => ({
    text: `${name} ${not ? '!=' : '=='} '${value}'`,
    holds: (values) => (values[name] === value) !== not,
  }));
const { marker } = fc.letrec<{ marker: Meaning }>((tie) => ({
  marker: fc.oneof(
    { maxDepth: 4 },
    comparison,
    fc.tuple(tie('marker'), tie('marker'), fc.boolean()).map(([a, b, both]) => ({
      text: `(${a.text}) ${both ? 'and' : 'or'} (${b.text})`,
      holds: (values: Record<string, string>) =>
        both ? a.holds(values) && b.holds(values) : a.holds(values) || b.holds(values),
    })),
  ),
}));
const ALL = Array.from({ length: 8 }, (_, bits) =>
  Object.fromEntries(VARIABLES.map((name, at) => [name, String((bits >> at) & 1)])),
);

function holds(condition: Condition, values: Record<string, string>): boolean {
  return condition.some((row) =>
    row.every((each) => {
      const [name = '', operator, value] = each.split(' ');
      return (values[name] === value?.replaceAll('"', '')) === (operator === '==');
    }),
  );
}

describe('markers', () => {
  test('keep their meaning, and keep it when written and read again', () => {
    fc.assert(
      fc.property(marker, ({ text, holds: expected }) => {
        const read = parseMarker(text);
        const written = markerText(read);
        const again = written === null ? [[]] : written === '' ? [] : parseMarker(written);
        for (const values of ALL) {
          expect(holds(read, values)).toBe(expected(values));
          expect(holds(again, values)).toBe(expected(values));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [
      "python_version<'3.9' and sys_platform not  in 'win32'",
      'python_version < "3.9" and sys_platform not in "win32"',
    ],
    ["a >= '1' or a < '1'", null],
    ["a < '1' or (a >= '1' and b == '2')", '(a < "1") or (b == "2")'],
    [`a == 'it"s'`, `a == 'it"s'`],
  ])('%s', (text, expected) => {
    expect(markerText(parseMarker(text))).toBe(expected);
  });

  test('decided comparisons disappear', () => {
    const decide = (left: string) => (left === 'extra' ? false : null);
    expect(parseMarker("extra == 'x' and a == '1'", decide)).toEqual([]);
    expect(markerText(parseMarker("extra == 'x' or a == '1'", decide))).toBe('a == "1"');
  });

  test.each(['a', "a == '1' and", "a == '1' b", "(a == '1'", "a $ '1'", "and == '1'"])(
    '%s is none',
    (text) => {
      expect(() => parseMarker(text)).toThrow(SyntaxError);
    },
  );
});
