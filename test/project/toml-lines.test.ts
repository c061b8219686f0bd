import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { expect, test } from 'vitest';
import { formatKeyPath } from '../../src/project/key-path.js';
import { tomlLines } from '../../src/project/toml-lines.js';

const DOCUMENT = `# comment with [brackets] = 1
name = "a]b"

[app]
module = 'x:y' # trailing
env = { A = "1", "b c" = '}', C = [1, 2] }
text = """
[server]
fake = 1
"""
literal = '''it''s'''
list = [
  "one", # ]
  { deep = true },
]
a . "b.c" = 2

[ server . static ]
"/static" = "x"
[[points]]
x = 1
[target.web]
kind = "docker"
`;

test.each([
  ['name', 2],
  ['app', 4],
  ['app.module', 5],
  ['app.env', 6],
  ['app.env.A', 6],
  ['app.env."b c"', 6],
  ['app.env.C', 6],
  ['app.text', 7],
  ['app.literal', 11],
  ['app.list', 12],
  ['app.list.deep', 14],
  ['app.a."b.c"', 16],
  ['server.static', 18],
  ['server.static."/static"', 19],
  ['points', 20],
  ['points.x', 21],
  ['target.web', 22],
  ['target.web.kind', 23],
])('%s is on line %i', (key, line) => {
  expect(() => parse(DOCUMENT)).not.toThrow();
  expect(tomlLines(DOCUMENT).get(key)).toBe(line);
});

test('text inside strings is no key', () => {
  expect(tomlLines(DOCUMENT).has('server.fake')).toBe(false);
});

test('CRLF counts as one line end', () => {
  expect(tomlLines('a = 1\r\n\r\nb = 2\r\n').get('b')).toBe(3);
});

test('every key of any document has a line that holds it', () => {
  const key = fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 6 })
    .filter((text) => text !== '__proto__');
  const value = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }));
  const table = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
  fc.assert(
    fc.property(table, fc.dictionary(key, table, { maxKeys: 3, noNullPrototype: true }), (top, sections) => {
      const document = { ...top, ...sections };
      const lines = tomlLines(stringify(document));
      for (const [name, each] of Object.entries(document)) {
        expect(lines.has(formatKeyPath([name]))).toBe(true);
        if (typeof each !== 'object' || Array.isArray(each)) continue;
        for (const inner of Object.keys(each)) expect(lines.has(formatKeyPath([name, inner]))).toBe(true);
      }
    }),
  );
});
