import type { Edit, Finding } from './types.js';

/**
 * The text of a file with the mechanical findings mended, and those that were. Where two edits touch the same place the
 * earlier finding wins; running it again mends the other.
 */
export function applyFixes(text: string, findings: readonly Finding[]): { text: string; fixed: Finding[] } {
  const fixed: Finding[] = [];
  const edits: Edit[] = [];
  for (const finding of findings) {
    const own = finding.fix;
    if (!own || own.some((edit) => edits.some((other) => overlap(edit, other)))) continue;
    edits.push(...own);
    fixed.push(finding);
  }
  const ordered = edits.sort((a, b) => b.offset - a.offset || b.end - a.end);
  const result = ordered.reduce(
    (all, edit) => all.slice(0, edit.offset) + edit.text + all.slice(edit.end),
    text,
  );
  return { text: result, fixed };
}

// Two insertions at one place stand one after the other; anything else that shares a character is in the way.
function overlap(a: Edit, b: Edit): boolean {
  return a.offset < b.end && b.offset < a.end;
}
