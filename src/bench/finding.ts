import type { VerdictWord } from './types.js';

/** One sentence of a verdict and what it is worth. */
export interface Finding {
  verdict: VerdictWord;
  text: string;
}
