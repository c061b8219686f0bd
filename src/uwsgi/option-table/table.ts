import { CORE_ROWS } from './core-rows.js';
import { PLUGINS_ROWS } from './plugins-rows.js';
import { atLeast, VERSIONS, type Version } from './versions.js';

/** What uWSGI does with the value. */
type OptionKind = 'boolean' | 'inverted' | 'integer' | 'megabytes' | 'text' | 'list' | 'logic' | 'action';

/** One long option, as uWSGI's own table has it (core/uwsgi.c, plugins). */
export interface UwsgiOption {
  name: string;
  /** The first name of those that set the same variable. */
  canonical: string;
  kind: OptionKind;
  /** The C function that takes the value, without `uwsgi_opt_`. */
  handler: string;
  /** Of the long option on a command line. */
  argument: 'no' | 'required' | 'optional';
  /** Taken the moment its line is read: placeholders are never expanded in it. */
  immediate: boolean;
  /** Other switches its presence turns on, whatever its value: MASTER, LOG_MASTER, THREADS, … */
  implies: readonly string[];
  /** `core`, or the plugin that brings it. */
  owner: string;
  /** Features the build must have: ssl, pcre, xml, … */
  needs: readonly string[];
  since: Version;
  /** The last release that has it. */
  until: Version;
}

const OLDEST: Version = VERSIONS[0];
const NEWEST: Version = VERSIONS[VERSIONS.length - 1] ?? OLDEST;

const ARGUMENTS = { n: 'no', r: 'required', o: 'optional' } as const;
const KINDS: Record<string, OptionKind> = {
  true: 'boolean',
  false: 'inverted',
  set_int: 'integer',
  set_rawint: 'integer',
  set_64bit: 'integer',
  set_16bit: 'integer',
  max_vars: 'integer',
  setup_gevent: 'integer',
  setup_asyncio: 'integer',
  setup_tornado: 'integer',
  setup_coroae: 'integer',
  setup_goroutines: 'integer',
  set_megabytes: 'megabytes',
  logic: 'logic',
  noop: 'logic',
};
// These act when they are read, and some end the process.
const ACTION =
  /^(help|print|print_sym|exit|cflags|dot_h|config_py|build_plugin|pidfile_signal|connect_and_read|extract|binary_append_data|pcre_jit|ldap_dump|ldap_dump_ldif|pyver|signal)$/;
const LIST =
  /^(add_|corerouter|undeferred_|https|http_to_https|sslrouter|load|set_env|unset_env|static_map|check_static|set_logger|set_req_logger|set_placeholder|legion|scd|ssa|sni|pythonpath|envdir|flock|safe_fd|resolve|forkpty|tuntap_opt|zabbix|custom|deprecated|pyrun)/;

function kindOf(handler: string): OptionKind {
  if (KINDS[handler]) return KINDS[handler];
  if (ACTION.test(handler)) return 'action';
  return LIST.test(handler) ? 'list' : 'text';
}

function parseRow(row: string): UwsgiOption[] {
  const [head = '', names = ''] = row.split(' : ');
  const [owner = '', handler = '', argument = '', flags = '', needs = '', range = ''] = head.split(' ');
  const [since, until] = range.split('..');
  const all = flags === '-' ? [] : flags.split('+');
  return names.split(' ').flatMap((group) => {
    const aliases = group.split('=');
    return aliases.map((name) => ({
      name,
      canonical: aliases[0] ?? name,
      kind: kindOf(handler),
      handler,
      argument: ARGUMENTS[argument as keyof typeof ARGUMENTS],
      immediate: all.includes('IMMEDIATE'),
      implies: all.filter((flag) => flag !== 'IMMEDIATE'),
      owner,
      needs: needs === '-' ? [] : needs.split('+'),
      since: (since || OLDEST) as Version,
      until: (until || NEWEST) as Version,
    }));
  });
}

/** Every option of every known release; one that changed between releases has several entries. */
export const OPTIONS: readonly UwsgiOption[] = `${CORE_ROWS}${PLUGINS_ROWS}`
  .split('\n')
  .filter((row) => row !== '')
  .flatMap(parseRow);

const BY_NAME = new Map<string, UwsgiOption[]>();
for (const option of OPTIONS) BY_NAME.set(option.name, [...(BY_NAME.get(option.name) ?? []), option]);

/** Every entry of a name, oldest release first; empty when no known release has it. */
export function optionEntries(name: string): readonly UwsgiOption[] {
  return BY_NAME.get(name) ?? [];
}

const BY_VERSION = new Map<Version, Map<string, UwsgiOption>>();

/** The option as that release has it, or undefined. */
export function optionAt(name: string, version: Version): UwsgiOption | undefined {
  let options = BY_VERSION.get(version);
  if (!options) {
    const there = OPTIONS.filter(({ since, until }) => atLeast(version, since) && atLeast(until, version));
    options = new Map(there.map((option) => [option.name, option]));
    BY_VERSION.set(version, options);
  }
  return options.get(name);
}
