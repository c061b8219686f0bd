import type { PairOrder } from './types.js';

/**
 * Which side is loaded first in pair `index` (from 0): AB BA BA AB BA AB AB BA …, the sequence of Thue and Morse.
 * Each four cancel a linear drift of the machine, each eight also a quadratic one.
 */
export function pairOrder(index: number): PairOrder {
  let swapped = false;
  for (let rest = index; rest > 0; rest >>= 1) if (rest & 1) swapped = !swapped;
  return swapped ? 'BA' : 'AB';
}

/** `ABBA BA` from the orders of the pairs. */
export function orderText(orders: readonly PairOrder[]): string {
  return orders.join('').replace(/(.{4})(?=.)/g, '$1 ');
}
