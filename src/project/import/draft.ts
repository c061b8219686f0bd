import { formatKeyPath, parseKeyPath } from '../key-path.js';
import { validate } from '../problems.js';
import type { Expanded } from './expand.js';

/** A line of the ini that is not in the project file, or is there with another meaning. */
export interface Remark {
  option: string;
  /** As written; a value that may be a secret is not repeated. */
  value: string;
  /** 1-based, in the ini. */
  line: number;
  why: string;
}

/** A setting and the line of the ini it comes from. */
export interface ImportedValue {
  value: unknown;
  line: number;
}

/** The project file while it is being written from an ini. */
export class Draft {
  readonly values = new Map<string, ImportedValue>();
  readonly remarks: Remark[] = [];

  /**
   * Sets a key, unless the schema refuses the value: then the line is remarked on.
   * @param path dotted, or its parts where one of them may have dots.
   */
  set(path: string | string[], value: unknown, from: Expanded): void {
    const parts = typeof path === 'string' ? parseKeyPath(path) : path;
    const key = formatKeyPath(parts);
    const table = parts.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
    const [problem] = validate(table).problems;
    if (problem) this.remark(from, problem.message);
    else this.values.set(key, { value, line: from.line });
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  remark({ option, value, line }: Expanded, why: string, shown = value): void {
    this.remarks.push({ option, value: shown, line, why });
  }
}

/** A number as uWSGI reads it, with C's atoi: leading digits count, what follows is ignored. */
export function atoi(text: string): number {
  return Number.parseInt(/^[ \t]*([+-]?\d+)/.exec(text)?.[1] ?? '0', 10);
}
