import type { VerdictWord } from '../../bench/types.js';
import { html, type Markup } from './markup.js';

/** The word in its colour; the word itself says it too, for those who see no colours. */
export function badge(verdict: VerdictWord): Markup {
  return html`<span class="badge ${verdict.toLowerCase()}">${verdict}</span>`;
}
