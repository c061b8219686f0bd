import { isIP } from 'node:net';
import type { Draft } from './draft.js';
import type { Expanded } from './expand.js';

// In the order of preference: the address that browsers used is the public one.
const KINDS: Record<string, string | null> = {
  http: 'the http router was one more process in the way; deploykit serves HTTP from the workers themselves',
  'http-socket': null,
  'http11-socket': 'it holds a slot for each idle connection; deploykit closes them, or puts nginx in front',
  socket:
    'it spoke the uwsgi protocol; here it speaks HTTP: an nginx of your own needs proxy_pass, not uwsgi_pass',
};
const ALIASES: Record<string, string> = { s: 'socket', 'uwsgi-socket': 'socket', h: 'http' };

/** The options that say where the server listens. */
export const isAddress = (option: string): boolean => (ALIASES[option] ?? option) in KINDS;

/** server.bind and server.port, from the first TCP address of the best kind. */
export function importAddress(options: readonly Expanded[], draft: Draft): void {
  const kind = (each: Expanded): string => ALIASES[each.option] ?? each.option;
  const addresses = options.filter(({ option }) => isAddress(option));
  const order = Object.keys(KINDS);
  const ranked = addresses.toSorted((a, b) => order.indexOf(kind(a)) - order.indexOf(kind(b)));
  const chosen = ranked.find(({ value }) => tcp(value));
  for (const each of addresses) {
    if (each === chosen) continue;
    draft.remark(
      each,
      tcp(each.value)
        ? 'a deployment has one public address'
        : 'deploykit listens on an IP address and a port',
    );
  }
  const address = chosen && tcp(chosen.value);
  if (!chosen || !address) return;
  draft.set('server.bind', address.bind, chosen);
  draft.set('server.port', address.port, chosen);
  const changed = KINDS[kind(chosen)];
  if (changed) draft.remark(chosen, changed);
}

// `:5000`, `*:5000` and `0.0.0.0:5000` are every address; a socket path, a host name or a shared socket is none.
function tcp(text: string): { bind: string; port: number } | null {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:/=]*):(\d+)$/.exec(text) ?? [];
  if (port === undefined) return null;
  const bind = host === '' || host === '*' ? '0.0.0.0' : host.replace(/^\[|\]$/g, '');
  return isIP(bind) === 0 ? null : { bind, port: Number(port) };
}
