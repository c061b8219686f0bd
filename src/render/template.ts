import Handlebars from 'handlebars';
import type { Setting } from '../plan/types.js';
import { iniLine } from '../uwsgi/ini-write.js';
import {
  commandWord,
  dockerString,
  execForm,
  nginxText,
  nginxWord,
  unitExec,
  unitText,
  unitWord,
} from './quote.js';

const HELPERS = {
  iniLine: ([option, value]: Setting) => iniLine(option, value),
  shellWord: (value: string) => commandWord(value),
  shellWords: (values: string[]) => values.map(commandWord).join(' '),
  dockerString: (value: string) => dockerString(value),
  execForm: (argv: string[]) => execForm(argv),
  nginxWord: (value: string) => nginxWord(value),
  nginxText: (value: string) => nginxText(value),
  unitText: (value: string) => unitText(value),
  unitWord: (value: string) => unitWord(value),
  unitExec: (argv: string[]) => unitExec(argv),
};

const instance = Handlebars.create();
for (const [name, helper] of Object.entries(HELPERS)) instance.registerHelper(name, helper);

/**
 * Fills a template. Strict: a name that is missing in the context throws; nothing is HTML-escaped, because every value
 * goes through the helper of its own format.
 */
export function fill(template: string, context: Record<string, unknown>): string {
  return instance.compile(template, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true])),
  })(context);
}
