import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { benchHtml } from '../../../src/report/html/page.js';
import { FAILED, FULL, hostile, SAMPLES, WORKLOADS } from './fixture.js';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (CHROMIUM === undefined) {
  console.warn('SKIPPED: the page in a real browser. Provide it with: apt-get install chromium');
  if (process.env.DEPLOYKIT_REQUIRE?.split(',').includes('chromium')) throw new Error('chromium is required');
}

const OPTIONS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-file-access-from-files',
  '--enable-logging=stderr',
  '--virtual-time-budget=2000',
  '--window-size=1000,900',
];
const LONG = 90_000;

interface Finding {
  scrollWidth: number;
  outside: string[];
  overlaps: string[];
}

describe.skipIf(CHROMIUM === undefined)('in a real browser', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'deploykit-html-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases = {
    FULL: { ...FULL, samples: SAMPLES, bench: { ...FULL.bench, s0Ms: 50 } },
    FAILED,
    WORKLOADS: { ...FAILED, bench: WORKLOADS },
    hostile: hostile('</script><script>console.error(1)</script>' + 'x'.repeat(300)),
  };
  for (const [name, input] of Object.entries(cases)) {
    test.each([390, 320, 900])(
      `${name} at %i px: nothing is cut, overlaps or complains`,
      { timeout: LONG },
      async (width) => {
        writeFileSync(path.join(folder, `${name}.html`), benchHtml(input));
        const probe = path.join(folder, `probe-${name}-${width}.html`);
        writeFileSync(probe, probePage(`${name}.html`, width));
        const { stdout, stderr } = await browse(probe, path.join(folder, `profile-${name}-${width}`));
        expect(stderr.split('\n').filter((line) => line.includes(':CONSOLE'))).toEqual([]);
        const text = /<pre id="found">([^<]*)<\/pre>/.exec(stdout)?.[1] ?? '';
        const found = JSON.parse(
          text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
        ) as Finding;
        expect(found).toEqual({ scrollWidth: width, outside: [], overlaps: [] });
      },
    );
  }
});

/** Loads the page in a frame of that width (a window of chromium has a least width) and measures what it shows. */
function probePage(page: string, width: number): string {
  return `<body><iframe src="${page}" style="border:0;width:${width}px;height:40000px"></iframe><pre id="found"></pre><script>
const frame = document.querySelector('iframe');
frame.onload = () => {
  const inner = frame.contentDocument;
  const seen = (e) => e.getClientRects().length > 0;
  const label = (e) => e.tagName + ' ' + e.textContent.trim().slice(0, 30);
  const outside = [...inner.querySelectorAll('main *')].filter((e) => seen(e) && !e.closest('.scroll')).filter((e) => {
    const box = e.getBoundingClientRect();
    return box.right > ${width} + 0.5 || box.left < -0.5;
  });
  const overlaps = [];
  for (const svg of [...inner.querySelectorAll('figure svg')].filter(seen)) {
    const frameBox = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((e) => [e, e.getBoundingClientRect()]);
    for (const [i, [e, a]] of texts.entries()) {
      if (a.left < frameBox.left - 1 || a.right > frameBox.right + 1 || a.bottom > frameBox.bottom + 1) overlaps.push('cut: ' + label(e));
      for (const [f, b] of texts.slice(i + 1)) {
        if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom - 2 && b.top + 2 < a.bottom - 2) overlaps.push(label(e) + ' / ' + label(f));
      }
    }
  }
  document.getElementById('found').textContent = JSON.stringify({ scrollWidth: inner.documentElement.scrollWidth, outside: outside.map(label), overlaps });
};
</script></body>`;
}

function browse(file: string, profile: string): Promise<{ stdout: string; stderr: string }> {
  const browser = spawn(
    CHROMIUM ?? '',
    [...OPTIONS, `--user-data-dir=${profile}`, '--dump-dom', `file://${file}`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONG,
    },
  );
  const output = { stdout: '', stderr: '' };
  browser.stdout.on('data', (data) => (output.stdout += data));
  browser.stderr.on('data', (data) => (output.stderr += data));
  return new Promise((resolve, reject) => {
    browser.on('error', reject);
    browser.on('close', () => resolve(output));
  });
}
