import Handlebars from 'handlebars';
import { DeploykitError } from '../errors.js';
import type { Setting } from '../plan/types.js';
import { iniLine } from '../uwsgi/ini-write.js';
import {
  commandWord,
  dockerString,
  dockerText,
  execForm,
  nginxText,
  nginxWord,
  unitExec,
  unitExecWord,
  unitText,
  unitWord,
} from './quote.js';

const HELPERS = {
  iniLine: ([option, value]: Setting) => iniLine(option, value),
  shellWord: (value: string) => commandWord(value),
  shellWords: (values: string[]) => values.map(commandWord).join(' '),
  dockerString: (value: string) => dockerString(value),
  dockerText: (value: string) => dockerText(value),
  execForm: (argv: string[]) => execForm(argv),
  nginxWord: (value: string) => nginxWord(value),
  nginxText: (value: string) => nginxText(value),
  unitText: (value: string) => unitText(value),
  unitWord: (value: string) => unitWord(value),
  unitExecWord: (value: string) => unitExecWord(value),
  unitExec: (argv: string[]) => unitExec(argv),
};

const instance = Handlebars.create();
for (const [name, helper] of Object.entries(HELPERS)) instance.registerHelper(name, helper);
const compiled = new Map<string, Handlebars.TemplateDelegate>();

/**
 * Fills a template. Strict: a name that is missing in the context is an error; nothing is HTML-escaped, because every
 * value goes through the helper of its own format.
 * @throws DeploykitError DK_TEMPLATE, DK_RENDER_VALUE.
 */
export function fill(template: string, context: Record<string, unknown>): string {
  try {
    const filled = compiled.get(template) ?? compile(template);
    compiled.set(template, filled);
    return filled(context);
  } catch (error) {
    if (error instanceof DeploykitError) throw error;
    throw new DeploykitError('DK_TEMPLATE', `a template cannot be filled in: ${(error as Error).message}`, {
      hint: "Compare it with deploykit's own of that path, whose names and helpers it can use.",
      cause: error,
    });
  }
}

function compile(template: string): Handlebars.TemplateDelegate {
  return instance.compile(template, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true])),
  });
}
