import type { IniFile } from '../ini/lines.js';
import type { Setting } from '../ini/setting.js';
import type { View } from './view.js';

export type Severity = 'error' | 'warning' | 'note';

/** A change of a file's text that mends a finding. */
export interface Edit {
  offset: number;
  end: number;
  text: string;
}

/** Where a rule found something, before it is given its line and column. */
export interface Hit {
  source: Pick<IniFile, 'file' | 'text'>;
  offset: number;
  end: number;
  /** What is wrong here, with the names and values of this file. */
  message: string;
  /** What uWSGI will do, where this place differs from the rule's general sentence. */
  does?: string;
  mend?: string;
  severity?: Severity;
  /** uWSGI under `strict` does not come up. */
  stopsBoot?: boolean;
  fix?: Edit[];
}

/** What every rule says about itself; the list in deploy/rules.md is made of it. */
export interface RuleText {
  /** Also the anchor of its paragraph in deploy/rules.md. */
  id: string;
  /** Its number in the list. */
  code: string;
  severity: Severity;
  /** One line: the mistake. */
  title: string;
  /** What uWSGI really does. */
  does: string;
  /** How to mend it. */
  mend: string;
  /** The page of uWSGI's documentation. */
  page: string;
}

/** A rule over the settings of a configuration. */
export interface Rule extends RuleText {
  find: (view: View) => Hit[];
}

/** One thing that is wrong in a file. */
export interface Finding {
  rule: string;
  code: string;
  severity: Severity;
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units. */
  column: number;
  endColumn: number;
  message: string;
  does: string;
  mend: string;
  page: string;
  stopsBoot: boolean;
  fix?: Edit[];
}

const PAGES = 'https://uwsgi-docs.readthedocs.io/en/latest/';

/** A page of uWSGI's documentation. */
export const page = (name: string): string => `${PAGES}${name}.html`;

/** A hit on the value of a setting; on its name where it has no value. */
export function atValue(setting: Setting, message: string, more: Partial<Hit> = {}): Hit {
  const { raw, key, source } = setting;
  const token = raw.text === '' ? key : raw;
  return { source, offset: token.offset, end: token.end, message, ...more };
}

/** A hit on the name of a setting. */
export function atKey({ key, source }: Setting, message: string, more: Partial<Hit> = {}): Hit {
  return { source, offset: key.offset, end: key.end, message, ...more };
}
