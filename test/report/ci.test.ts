import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/bench/compare/compare-runs.js';
import type { JudgedExpectation } from '../../src/bench/threshold.js';
import { githubAnnotations } from '../../src/report/github.js';
import { junitXml } from '../../src/report/junit.js';
import { BLOCKED, PASSED } from './fixture.js';

const EXPECTATIONS: JudgedExpectation[] = [
  { text: 'slots=200', measured: '200', ok: true },
  { text: 'p99<250ms', measured: '1004 ms', ok: false },
  { text: 'p50<1s', measured: 'only 10 answers, and p50 needs 20', ok: null },
];
const comparisons = [
  compareRuns(
    [4.9, 5, 5.1].map((b) => ({ a: 1, b, order: 'AB' as const })),
    { labels: { a: 'sync', b: 'gevent' } },
  ),
];

const XMLLINT = spawnSync('xmllint', ['--version']).error === undefined;

describe('JUnit', () => {
  test('a case for the verdict, the comparison and each expectation', () => {
    expect(junitXml({ bench: PASSED, expectations: EXPECTATIONS, comparisons })).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="deploykit" tests="5" failures="1" errors="1">
        <testsuite name="deploykit bench" tests="5" failures="1" errors="1" skipped="0">
          <testcase classname="deploykit.bench" name="http://127.0.0.1:8000/"><system-out>200 requests were in service at once and the other 20 had to wait: exactly 2 processes × 100 greenlets (3 of 3 runs agree).&#10;4.97 requests/s at 5 clients: 100 % of the 4.99 the slots allow.</system-out></testcase>
          <testcase classname="deploykit.bench" name="gevent against sync"><system-out>gevent serves 5.00 × the requests/s of sync (95 % interval 4.76 to 5.25, 3 pairs): faster.</system-out></testcase>
          <testcase classname="deploykit.bench" name="slots=200"><system-out>slots=200: measured 200</system-out></testcase>
          <testcase classname="deploykit.bench" name="p99&lt;250ms"><failure type="FAIL" message="p99&lt;250ms: measured 1004 ms">p99&lt;250ms: measured 1004 ms</failure></testcase>
          <testcase classname="deploykit.bench" name="p50&lt;1s"><error type="INCONCLUSIVE" message="p50&lt;1s: not decided, only 10 answers, and p50 needs 20">p50&lt;1s: not decided, only 10 answers, and p50 needs 20</error></testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test('a bench that failed', () => {
    const text = junitXml({ bench: BLOCKED, expectations: [] });
    expect(text).toContain('tests="1" failures="1" errors="0"');
    expect(text).toContain('<failure type="FAIL" message="Of 8 simultaneous requests');
  });

  test('is well-formed whatever the texts are', () => {
    fc.assert(
      fc.property(hostile(), hostile(), (text, other) => {
        const xml = junitXml(inputOf(text, other));
        expect(malformed(xml)).toBeNull();
        expect(unescapeXml(/<testcase [^>]*name="([^"]*)"/.exec(xml)?.[1] ?? '')).toBe(
          `${PASSED.endpoint.url}${clean(other)}`,
        );
      }),
    );
  });

  test.skipIf(!XMLLINT)('xmllint reads it (apt-get install libxml2-utils)', () => {
    const samples = ['<![CDATA[ ]]> & "\'', '\u0000\u0007\ud800 \ufffe', 'a\r\n\tb', '💥 ünï', ']]>', '-->'];
    for (const text of [...samples, ...fc.sample(hostile(), 20)]) {
      const xml = junitXml(inputOf(text, text));
      const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: xml, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    }
  });
});

describe('GitHub annotations', () => {
  test('the verdict, the comparison, and what is not kept', () => {
    expect(
      githubAnnotations({ bench: PASSED, expectations: EXPECTATIONS, comparisons }),
    ).toMatchInlineSnapshot(`
      "::notice title=deploykit bench%3A PASS::200 requests were in service at once and the other 20 had to wait: exactly 2 processes × 100 greenlets (3 of 3 runs agree).%0A4.97 requests/s at 5 clients: 100 %25 of the 4.99 the slots allow.
      ::notice title=gevent against sync%3A PASS::gevent serves 5.00 × the requests/s of sync (95 %25 interval 4.76 to 5.25, 3 pairs): faster.
      ::error title=broken%3A p99<250ms::measured 1004 ms
      ::warning title=not decided%3A p50<1s::only 10 answers, and p50 needs 20
      "
    `);
  });

  test.each([
    [PASSED, '::notice '],
    [BLOCKED, '::error '],
    [{ ...PASSED, verdict: 'INCONCLUSIVE' as const }, '::warning '],
    [{ ...PASSED, verdict: 'INVALID' as const }, '::error '],
  ])('the level follows the verdict', (bench, start) => {
    expect(githubAnnotations({ bench, expectations: [] })).toMatch(new RegExp(`^${start}`));
  });

  test('one line each whatever the texts are; nothing escapes its place', () => {
    fc.assert(
      fc.property(hostile(), hostile(), (text, other) => {
        const lines = githubAnnotations(inputOf(text, other)).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toHaveLength(2);
        for (const line of lines) expect(line).toMatch(/^::(notice|error) title=[^:,\r\n]*::[^\r\n]*$/);
        const message = decodeURIComponent(encodeEverything(lines[0]?.split('::').slice(2).join('::') ?? ''));
        expect(message).toBe(wellFormed(text));
      }),
    );
  });
});

function inputOf(text: string, other: string) {
  return {
    bench: { ...PASSED, path: other, reasons: [text] },
    expectations: [{ text, measured: other, ok: false }],
  };
}

function hostile() {
  return fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'<>&"\'%:,\r\n\t]-!', '\u0000', '\ud800', '\uffff'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    maxLength: 12,
  });
}

/** Percent-encodes what the annotation left alone, so that the standard decoder can read it. */
function encodeEverything(text: string): string {
  return wellFormed(text)
    .replace(/[^%]/gu, (char) => encodeURIComponent(char))
    .replace(/%(?![0-9A-F]{2})/g, '%25');
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function clean(text: string): string {
  return wellFormed(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

function unescapeXml(text: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code ? String.fromCharCode(Number(code)) : (names[name] ?? ''),
  );
}

/** Why the text is not well-formed XML, null when it is: a checker of the little that these files use. */
function malformed(xml: string): string | null {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml) || wellFormed(xml) !== xml)
    return 'character';
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml [^?]*\?>/, '')
    .replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<&]*(?:&(?:#\d+|\w+);[^"<&]*)*")*)>/g, (_, slash, name) => {
      if (slash === '') open.push(name);
      else if (open.pop() !== name) open.push('mismatch');
      return '';
    });
  if (open.length > 0) return `open: ${open.join(' ')}`;
  return /[<>]|&(?!(?:#\d+|\w+);)/.test(rest) ? `left: ${rest}` : null;
}
