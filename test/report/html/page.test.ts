import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benchHtml } from '../../../src/report/html/page.js';
import { waveSamplesOf } from '../../../src/report/html/wave-samples.js';
import { FAILED, FULL, hostile, WORKLOADS } from './fixture.js';

const ATTACKS = [
  '</script><script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '<!-- <script>',
  '&lt;b&gt;',
  '</title></desc></svg></pre>',
  ']]>\u0000\u0008\ud800\u2028',
  'javascript:alert(1)',
];

describe('the page', () => {
  test('has a section for everything that was measured', () => {
    const page = benchHtml(FULL);
    expect(headings(page)).toEqual([
      'Wave test',
      'Side by side',
      'gevent against threads',
      'Throughput over concurrency',
      'Latency',
      'Errors',
      'Load generator',
      'Environment',
    ]);
    for (const text of ['slots=200', 'not decided', FULL.command, 'Some CPU', 'ABBA BA']) {
      expect(page).toContain(text);
    }
  });

  test('and none for what was not', () => {
    expect(headings(benchHtml(FAILED))).toEqual([
      'Wave test',
      'Latency',
      'Errors',
      'Load generator',
      'Environment',
    ]);
    const bare = { ...FAILED, bench: { ...FAILED.bench, wave: null, throughput: null } };
    expect(headings(benchHtml(bare))).toEqual(['Environment']);
    expect(benchHtml(bare)).toContain('not measured');
  });

  test('is one small file that asks nobody for anything and runs nothing', () => {
    for (const input of [FULL, FAILED]) {
      const page = benchHtml(input);
      expect(page.length).toBeLessThan(200_000);
      expect(page).not.toMatch(/\s(?:src|href|srcset|action|style|on\w+)=|url\(|@import/i);
      expect(page.match(/<script[^>]*>/g)).toEqual([
        '<script type="application/json" id="deploykit-result">',
      ]);
    }
  });

  test('every element ends, every id is the only one of its name', () => {
    for (const input of [FULL, FAILED]) {
      const page = benchHtml(input);
      expect(unclosed(page)).toEqual([]);
      const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, names = ''] of page.matchAll(/aria-labelledby="([^"]*)"/g)) {
        for (const name of names.split(' ')) expect(ids).toContain(name);
      }
    }
  });

  test('no coordinate is without a number', () => {
    for (const input of [FULL, FAILED, degenerate()]) {
      expect(benchHtml(input)).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  test('the result for programs is what went in', () => {
    const { waveSamples: _, samples: __, ...rest } = FULL;
    expect(resultOf(benchHtml(FULL))).toEqual(JSON.parse(JSON.stringify(rest)));
  });

  test('the other workloads have their sections, and a partial run says so', () => {
    const page = benchHtml({ ...FULL, bench: WORKLOADS, sweep: undefined, openLoop: undefined });
    expect(headings(page).slice(3)).toEqual([
      'Throughput over concurrency',
      'Latency',
      'Interference',
      'Soak',
      'Errors',
      'Load generator',
      'Environment',
    ]);
    expect(page).toContain('PARTIAL</span>');
    expect(page).toContain('soak, part 3: 2 × timeout response');
    expect(unclosed(page)).toEqual([]);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('the bars of a wave are its good answers', () => {
    const samples = {
      ...samplesOf(3, (i) => 1_000 + i),
      connectMs: Float64Array.of(1, 2, 3),
      firstByteMs: new Float64Array(3),
      ok: Uint8Array.of(1, 0, 1),
    };
    expect(waveSamplesOf(samples)).toEqual([
      { startMs: 0, connectMs: 1, totalMs: 1_000 },
      { startMs: 0, connectMs: 3, totalMs: 1_002 },
    ]);
  });

  test('a run long enough has a timeline', () => {
    const startMs = Float64Array.from({ length: 3_000 }, (_, i) => i * 10);
    const samples = { ...samplesOf(3_000, () => 50), startMs };
    const bench = { ...FULL.bench, s0Ms: 50 };
    expect(benchHtml({ ...FULL, bench, samples })).toContain('Between 95.0 and 100 good answers/s');
    samples.ok.fill(0, 1_000, 1_500);
    expect(benchHtml({ ...FULL, bench, samples })).toContain('failed/s');
  });

  test('many bars are thinned out, and the page says so', () => {
    const waveSamples = Array.from({ length: 20_000 }, () => ({ startMs: 0, connectMs: 1, totalMs: 1_000 }));
    const page = benchHtml({ ...FULL, waveSamples });
    expect(page).toContain('one request of 84 is drawn');
    expect(page.length).toBeLessThan(200_000);
  });

  test('a spectrum from raw latencies ends where ten answers lie beyond', () => {
    const page = benchHtml({ ...FULL, samples: samplesOf(5_000, (i) => 10 + i / 100) });
    expect(page).toContain('closed loop: up to 59.9 ms at 99.80 %');
  });
});

describe('texts of others', () => {
  const plain = skeleton(benchHtml(hostile('plain')));

  test.each(ATTACKS)('stay texts: %j', (attack) => {
    const page = benchHtml(hostile(attack));
    expect(skeleton(page)).toEqual(plain);
    expect(unclosed(page)).toEqual([]);
    expect(resultOf(page)).toMatchObject({ command: attack });
  });

  test('whatever they are, the elements and attributes of the page are the same', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'<>"\'&/=! -`\u0000\ud800', 'script', 'svg'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
      minLength: 1,
      maxLength: 15,
    });
    fc.assert(
      fc.property(text, (attack) => {
        expect(skeleton(benchHtml(hostile(attack)))).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });
});

function samplesOf(n: number, totalMs: (i: number) => number) {
  return {
    startMs: new Float64Array(n),
    totalMs: Float64Array.from({ length: n }, (_, i) => totalMs(i)),
    ok: new Uint8Array(n).fill(1),
  };
}

/** One point, equal values, nothing answered. */
function degenerate() {
  const { sweep, comparisons = [], bench } = FULL;
  const one = sweep?.points.slice(0, 1) ?? [];
  return {
    ...FULL,
    bench: { ...bench, s0Ms: 0 },
    sweep: sweep && { ...sweep, points: one, bounds: { slots: 0, cpu: null, measuredMax: 0 }, knee: 0 },
    comparisons: comparisons.map((one) => ({
      ...one,
      pairs: one.pairs.slice(0, 1),
      ratio: 1,
      low: null,
      high: null,
      mde: null,
    })),
    waveSamples: [{ startMs: 0, connectMs: Number.NaN, totalMs: 1_000 }],
    samples: samplesOf(0, () => 0),
  };
}

function headings(page: string): string[] {
  return [...page.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, text = '']) => text);
}

/** The elements and the names of their attributes, in order: what an injected text would change. */
function skeleton(page: string): string[] {
  const body = page
    .replace(/(<script[^>]*>)[^<]*(?=<\/script>)/, '$1')
    .replace(/<style>[\s\S]*?<\/style>/, '');
  const tags = body.match(/<(?:"[^"]*"|[^>"])*>/g) ?? [];
  return tags.map((tag) => tag.replace(/"[^"]*"/g, '""'));
}

function unclosed(page: string): string[] {
  const open: string[] = [];
  for (const tag of skeleton(page)) {
    const [, slash, name = ''] = /^<(\/?)([a-z0-9!]+)/.exec(tag) ?? [];
    if (/^(meta|!doctype)$/.test(name) || tag.endsWith('/>')) continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else open.push(`/${name}`);
  }
  return open;
}

function resultOf(page: string): unknown {
  return JSON.parse(/id="deploykit-result">([^<]*)<\/script>/.exec(page)?.[1] ?? '');
}
