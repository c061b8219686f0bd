import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../../src/uwsgi/lint/fix.js';
import { RULES } from '../../../src/uwsgi/lint/rules/all.js';
import { CORPUS, corpus, findingsOf, lineOf } from './corpus.js';

const FILES = corpus();

describe('the corpus', () => {
  it.each(FILES)('$name has the findings it should have, no more and no less', (file) => {
    const found = `${file.head}${findingsOf(file).map(lineOf).join('')}`;
    if (process.env['UPDATE'] === '1') writeFileSync(path.join(CORPUS, `${file.name}.txt`), found);
    else expect(found).toBe(file.expected);
  });

  it('holds at least 60 files, and each rule finds something in one of them', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(60);
    const found = new Set(FILES.flatMap((file) => findingsOf(file).map(({ rule }) => rule)));
    expect(RULES.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });

  it('a file that was mended has none of the findings that were, and mending it again changes nothing', () => {
    for (const file of FILES) {
      let { text } = file;
      for (let round = 0; round < 5; round++) text = applyFixes(text, findingsOf({ ...file, text })).text;
      const left = findingsOf({ ...file, text });
      expect(
        left.filter(({ fix }) => fix),
        file.name,
      ).toEqual([]);
    }
  });
});
