import type { IniOption } from '../../uwsgi/ini-parse.js';

const PLACEHOLDER = /%\(([^)]*)\)/g;
const FOREIGN = /\$\([^)]*\)|@\(|%[a-zA-Z(]/;

/** An option whose `%(name)` were replaced by what the file itself says. */
export interface Expanded extends IniOption {
  /** True when a part is left that only the old machine could fill in: environment, included files, `%` magic. */
  foreign: boolean;
  /** True when another value of the file uses this one: a name of the user's own. */
  placeholder: boolean;
}

/**
 * Replaces `%(name)` by the value of that option, as uWSGI does: the first one written (core/config.c,
 * uwsgi_get_exported_opt). `%d` is kept: it stands for the ini's own folder.
 */
export function expand(options: readonly IniOption[]): Expanded[] {
  const values = new Map(options.toReversed().map(({ option, value }) => [option, value]));
  const used = new Set(
    options.flatMap(({ value }) => [...value.matchAll(PLACEHOLDER)].map(([, name]) => name)),
  );
  return options.map((each) => {
    let { value } = each;
    // Bounded: two names may stand for each other.
    for (let depth = 0; depth < 8 && value.includes('%('); depth++) {
      value = value.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
    }
    const foreign = FOREIGN.test(value.replace(/^%d/, ''));
    return { ...each, value, foreign, placeholder: used.has(each.option) };
  });
}
