import { Markup } from './markup.js';

/** Data for programs: an element that no browser runs, and that no text inside can end. */
export function jsonBlock(id: string, data: unknown): Markup {
  const json = JSON.stringify(data).replace(/</g, '\\u003c');
  return new Markup(`<script type="application/json" id="${id}">${json}</script>`);
}
