import type { IniFile, Token } from './lines.js';

/** An option or a user's own variable, in the order uWSGI takes them. */
export interface Setting {
  key: Token;
  /** As it stands in the file, after the magic variables. */
  raw: Token;
  /** After the placeholders. */
  value: string;
  /** The value depends on the environment, a file or the host, and is not known here. */
  open: boolean;
  /** Its placeholders lead back to themselves: uWSGI never ends replacing them. */
  endless: boolean;
  source: IniFile;
  /** The `for…` or `if…` it stands in. */
  block: Setting | null;
  /** Made by set-placeholder and alike: a variable, not an option. */
  variable: boolean;
}
