import { OPTIONS, optionAt, type UwsgiOption } from './table.js';
import type { Version } from './versions.js';

/** What an installed binary brings: the plugins inside it or loaded by it, and the libraries it was built with. */
export interface Build {
  version: Version;
  plugins: readonly string[];
  features: readonly string[];
}

// buildconf/base.ini and default.ini, those that have options; the features are what the usual headers bring.
const EMBEDDED =
  'python gevent ping nagios rrdtool carbon fastrouter http ugreen rsyslog zergpool rawrouter sslrouter cheaper_busyness symcall';
const FEATURES = 'ssl pcre xml yaml zlib routing';

/** `pip install uwsgi`: no plugin is a file, the usual ones are embedded. */
export function pipBuild(version: Version): Build {
  return { version, plugins: EMBEDDED.split(' '), features: FEATURES.split(' ') };
}

/** A distribution's build: only the core is in the binary, plugins are loaded by name (`python3`, `gevent_python3`). */
export function modularBuild(version: Version, loaded: readonly string[]): Build {
  return { version, plugins: loaded.map(sourceName), features: [...FEATURES.split(' '), 'json', 'cap'] };
}

// A distribution builds one source plugin for several interpreters: python3, python311, gevent_python3, gevent3.
function sourceName(plugin: string): string {
  return plugin.replace(/^(python|gevent|greenlet|tornado|asyncio)[-_]?(python)?[0-9]*$/, '$1');
}

/** Whether the build has the option. */
export function has(build: Build, option: UwsgiOption): boolean {
  const owned = option.owner === 'core' || build.plugins.includes(option.owner);
  return owned && option.needs.every((feature) => build.features.includes(feature));
}

/** Every long option of the build: what its `--dump-options` prints. */
export function optionsOf(build: Build): UwsgiOption[] {
  return OPTIONS.filter((option) => optionAt(option.name, build.version) === option && has(build, option));
}
