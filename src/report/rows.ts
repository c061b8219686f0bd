import type { Style } from './style.js';
import { wrap } from './wrap.js';

const LABEL_WIDTH = 12;

/** `  label       value`, the value wrapped and indented under itself. Values are plain text. */
export function row(label: string, value: string, width: number, paint: Style): string[] {
  const indent = ' '.repeat(2 + LABEL_WIDTH);
  const [first = '', ...rest] = wrap(value, width - indent.length);
  return [`  ${paint.dim(label.padEnd(LABEL_WIDTH))}${first}`, ...rest.map((line) => indent + line)];
}

/** `Title  remark`, the remark dimmed and wrapped under itself. */
export function heading(title: string, remark: string, width: number, paint: Style): string[] {
  const indent = ' '.repeat(title.length + 2);
  const [first = '', ...rest] = wrap(remark, width - indent.length);
  return [`${paint.bold(title)}  ${paint.dim(first)}`, ...rest.map((line) => `${indent}${paint.dim(line)}`)];
}
