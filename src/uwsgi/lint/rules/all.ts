import type { Rule } from '../types.js';
import * as application from './application.js';
import * as blocks from './blocks.js';
import * as dialect from './dialect.js';
import * as gevent from './gevent.js';
import * as limits from './limits.js';
import * as names from './names.js';
import * as process from './process.js';
import * as sockets from './sockets.js';
import * as typed from './typed-values.js';

const isRule = (value: unknown): value is Rule =>
  typeof value === 'object' && value !== null && 'find' in value;

/** Every rule over a uwsgi.ini, in the order of its number. */
export const RULES: readonly Rule[] = [
  application,
  blocks,
  dialect,
  gevent,
  limits,
  names,
  process,
  sockets,
  typed,
]
  .flatMap((family) => Object.values(family).filter(isRule))
  .sort((a, b) => order(a.code) - order(b.code) || (a.id < b.id ? -1 : 1));

function order(code: string): number {
  return 'EWMP'.indexOf(code[0] ?? '') * 1000 + Number(code.slice(1));
}
