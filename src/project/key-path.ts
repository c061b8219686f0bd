import { parse } from 'smol-toml';

/** A place in the project file, e.g. `['server', 'static', '/static']`. */
export type KeyPath = readonly string[];

/** The path as TOML writes a dotted key: `server.static."/static"`. */
export function formatKeyPath(path: KeyPath): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : quote(key))).join('.');
}

/** The reverse of formatKeyPath. A text that is no dotted key is one key, so that it is reported as unknown. */
export function parseKeyPath(text: string): string[] {
  if (/^[\w-]+(\.[\w-]+)*$/.test(text)) return text.split('.');
  const keys: string[] = [];
  try {
    let table: unknown = parse(`${text} = 0`);
    while (isTable(table)) {
      const [key] = Object.keys(table);
      if (key === undefined) break;
      keys.push(key);
      table = table[key];
    }
  } catch {
    return [text];
  }
  return keys;
}

/** True for what TOML calls a table; dates and lists are none. */
export function isTable(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

// JSON's escapes are TOML's too, but JSON leaves DEL as it is.
function quote(key: string): string {
  return JSON.stringify(key).replaceAll('\x7f', '\\u007f');
}
