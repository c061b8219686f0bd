import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { type Build, optionsOf } from '../../src/uwsgi/option-table/build.js';
import { parseVersion } from '../../src/uwsgi/option-table/versions.js';
import { describeWith } from '../helpers/rigs.js';
import { DEBIAN_UWSGI, pipUwsgi } from '../helpers/uwsgi.js';

const ask = (binary: string, ...args: string[]): string => execFileSync(binary, args, { encoding: 'utf8' });
const dumped = (...argv: [string, ...string[]]): string[] => {
  const names = ask(...argv, '--dump-options').split('\n');
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))].sort();
};

/** What a binary says about itself: its release, the libraries it was built with, the plugins inside it. */
function buildOf(binary: string): Build {
  const version = parseVersion(ask(binary, '--version'));
  if (!version) throw new Error('an unknown release');
  const flags = ask(binary, '--cflags');
  const features = ['ssl', 'xml', 'yaml', 'json', 'zlib', 'routing', 'cap', 'pcre', 'spdy'].filter((name) =>
    new RegExp(`-DUWSGI_${name.toUpperCase()}2?(\\s|$)`).test(flags),
  );
  return { version, features, plugins: [...flags.matchAll(/UDEP\((\w+)\)/g)].map((match) => match[1] ?? '') };
}

describeWith('uwsgi', 'the option table against the binaries', () => {
  const named = (build: Build): string[] =>
    optionsOf(build)
      .map(({ name }) => name)
      .sort();

  it("pip's, with its plugins embedded", async () => {
    const binary = await pipUwsgi();
    expect(buildOf(binary)).toMatchObject({ version: '2.0.31' });
    expect(named(buildOf(binary))).toEqual(dumped(binary));
  });

  it.each([
    [[], []],
    [
      ['python3', 'gevent_python3', 'http', 'rrdtool'],
      ['python', 'gevent', 'http', 'rrdtool'],
    ],
  ])("Debian's, with %j loaded", (loaded, plugins) => {
    const build = buildOf(DEBIAN_UWSGI);
    expect(build.version).toBe('2.0.21');
    const args = loaded.length > 0 ? ['--plugins', loaded.join(',')] : [];
    expect(named({ ...build, plugins })).toEqual(dumped(DEBIAN_UWSGI, ...args));
  });
});
