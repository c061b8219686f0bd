import { optionAt } from '../option-table/table.js';
import type { Version } from '../option-table/versions.js';
import type { Setting } from './setting.js';

// More than any file means; a value that holds its own name grows for ever in uWSGI.
const MOST_REPLACED = 256;
const LONGEST = 65_536;

/**
 * Puts the values of placeholders in (core/utils.c, uwsgi_apply_config_pass), in the settings themselves: `%(name)` is
 * the first setting of that name, with arithmetic from left to right; `$(NAME)` and `@(file)` are known only where uWSGI
 * runs. Options that uWSGI takes the moment it reads them are never expanded.
 */
export function expand(settings: Setting[], version: Version): void {
  const first = new Map<string, Setting>();
  for (const setting of settings) if (!first.has(setting.key.text)) first.set(setting.key.text, setting);
  for (const setting of settings) {
    const { value } = setting;
    const mapped = setting.source.mapped;
    if (mapped.open.some((offset) => offset >= setting.raw.offset && offset < setting.raw.end))
      setting.open = true;
    if (!/[%$@]\(/.test(value) || isImmediate(setting, version)) continue;
    if (/[$@]\(/.test(value)) setting.open = true;
    setting.value = placeholders(value, first, setting);
  }
}

function isImmediate(setting: Setting, version: Version): boolean {
  return setting.variable || (optionAt(setting.key.text, version)?.immediate ?? false);
}

// The scanner of uWSGI itself, its oddities included: after a replacement it goes on at the second character, so that a
// placeholder that comes to stand at the very beginning stays.
function placeholders(value: string, first: Map<string, Setting>, setting: Setting): string {
  let [text, replaced] = [value, 0];
  let [state, depth, start] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '%') state = 1;
    else if (char === '(' && state === 1) [state, depth, start] = [2, 0, at + 1];
    else if (state < 2) state = 0;
    else if (char !== ')' || depth > 0) {
      state++;
      if (char === '(') depth++;
      else if (char === ')') depth--;
    } else {
      const known = state > 2 ? variable(text.slice(start, at), first, setting) : undefined;
      state = 0;
      if (known === undefined) continue;
      text = text.slice(0, start - 2) + known + text.slice(at + 1);
      at = 0;
      if (++replaced < MOST_REPLACED && text.length < LONGEST) continue;
      setting.endless = true;
      return value;
    }
  }
  return text;
}

function variable(key: string, first: Map<string, Setting>, setting: Setting): string | undefined {
  if (key === '_' && setting.block) {
    setting.open = true;
    return setting.block.raw.text;
  }
  const read = (name: string): string | undefined => {
    const found = first.get(name);
    if (found?.open || found?.block) setting.open = true;
    return found?.value;
  };
  if (!key.includes(' ')) return read(key);
  return pipeline(
    key.split(' ').filter((word) => word !== ''),
    read,
  );
}

// core/config.c, uwsgi_manage_placeholder: words are joined, unless an operator stands before them.
function pipeline(words: string[], read: (name: string) => string | undefined): string {
  let [current, operator] = ['', ''];
  for (const word of words) {
    if ('+-*/'.includes(word)) operator = word;
    else if (word === '++' || word === '--') {
      current = String(number(current) + (word === '++' ? 1 : -1));
      operator = '';
    } else {
      const value = /^\d+$/.test(word) ? word : (read(word) ?? '');
      current = operator === '' ? current + value : calculate(current, operator, value);
      operator = '';
    }
  }
  return current;
}

function calculate(left: string, operator: string, right: string): string {
  const [a, b] = [number(left), number(right)];
  const results: Record<string, number> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': b === 0 ? 0 : Math.trunc(a / b),
  };
  return String(results[operator] ?? 0);
}

/** C's strtoll: the digits at the start, else 0. */
export function number(text: string): number {
  return Number(/^\s*[-+]?\d+/.exec(text)?.[0] ?? 0);
}
