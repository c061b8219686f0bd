/** HTML that may stand as it is. Only `html` makes it, so that no text of others gets in unescaped. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Fill = Markup | string | number | null | readonly Fill[];

/** A template whose fillings are escaped for elements and quoted attributes, except those that are markup already. */
export function html(parts: TemplateStringsArray, ...fills: Fill[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + fillText(fills[i - 1] ?? null) + part));
}

function fillText(fill: Fill): string {
  if (fill === null) return '';
  if (fill instanceof Markup) return fill.toString();
  if (typeof fill === 'number') return String(Math.round(fill * 100) / 100);
  return typeof fill === 'string' ? escapeText(fill) : fill.map(fillText).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Surrogate}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
