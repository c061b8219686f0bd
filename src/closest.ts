const FAR = 60_000;

// Kept between calls: one word is compared with a thousand others.
let longest = 64;
let rows: [Uint16Array, Uint16Array] = [new Uint16Array(longest), new Uint16Array(longest)];

/**
 * The candidate nearest to `word` by edit distance, when it is near enough to be a typing slip
 * (at most a third of the longer word's letters); undefined otherwise.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    const least = Math.min(limit, bestDistance - 1);
    // As many letters as the lengths differ have to come or go.
    if (Math.abs(word.length - candidate.length) > least) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), least);
    if (distance <= least) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * Levenshtein distance: insertions, deletions and substitutions of one letter.
 * @param most a distance above it may be given as any number above it.
 */
export function editDistance(a: string, b: string, most = a.length + b.length): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  if (b.length >= longest) longest = b.length + 1;
  if (rows[0].length < longest) rows = [new Uint16Array(longest), new Uint16Array(longest)];
  let [previous, row] = rows;
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    // A path outside this band has more than `most` letters that come or go.
    const [first, last] = [Math.max(1, i - most), Math.min(b.length, i + most)];
    let least = first === 1 ? i : FAR;
    row[first - 1] = least;
    const letter = a.charCodeAt(i - 1);
    for (let j = first; j <= last; j++) {
      const same = letter === b.charCodeAt(j - 1) ? 0 : 1;
      const above = j === i + most ? FAR : (previous[j] as number);
      const cost = Math.min((row[j - 1] as number) + 1, above + 1, (previous[j - 1] as number) + same);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [previous, row] = [row, previous];
  }
  return previous[b.length] ?? 0;
}
