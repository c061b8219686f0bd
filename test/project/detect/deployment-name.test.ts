import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deploymentName } from '../../../src/project/detect/deployment-name.js';
import { NAME_PATTERN } from '../../../src/project/schema.js';

test.each([
  ['/srv/shop', 'shop', 'the name of the folder'],
  ['/srv/My Shop_2', 'my-shop-2', 'from the name of the folder, "My Shop_2"'],
  ['/srv/Café Ünïcode', 'cafe-unicode', 'from the name of the folder, "Café Ünïcode"'],
  ['/srv/2048', 'app-2048', 'from the name of the folder, "2048"'],
  ['/srv/--x--', 'x', 'from the name of the folder, "--x--"'],
  [`/srv/${'a'.repeat(39)}-b`, 'a'.repeat(39), `from the name of the folder, "${'a'.repeat(39)}-b"`],
  ['/srv/项目', 'app-c8d36f', `the folder's name, "项目", has no Latin letter or digit`],
])('%s is %s', (dir, value, why) => {
  const found = deploymentName(dir);
  if (value.startsWith('app-c')) expect(found.value).toMatch(/^app-[0-9a-f]{6}$/);
  else expect(found.value).toBe(value);
  expect(found.why).toBe(why);
});

test('any folder gives a valid name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (folder) => {
      expect(deploymentName(`/srv/${folder.replaceAll('\0', '')}`).value).toMatch(NAME_PATTERN);
    }),
  );
  expect(deploymentName('/').value).toMatch(NAME_PATTERN);
});

test('folders without Latin letters differ', () => {
  expect(deploymentName('/a/项目').value).not.toBe(deploymentName('/a/商店').value);
});
