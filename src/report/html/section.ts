import { type Fill, html, type Markup } from './markup.js';
import { prose } from './prose.js';

/** A part of the page with its heading and a sentence that says what is seen. */
export function section(id: string, heading: string, lead: Fill, body: Fill): Markup {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${
    lead === null ? null : html`<p class="lead">${typeof lead === 'string' ? prose(lead) : lead}</p>`
  }${body}</section>`;
}

/** Rows of cells, the first of each row its head; numbers stand at the right. */
export function table(head: readonly string[], rows: readonly (readonly Fill[])[]): Markup {
  const cells = ([first = '', ...rest]: readonly Fill[]) =>
    html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  return html`<div class="scroll"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.map(cells)}</tbody></table></div>`;
}
