import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Progress } from '../../src/ui/progress.js';

type Options = NonNullable<ConstructorParameters<typeof Progress>[0]>;

/** What two steps print on a stream of that kind. */
async function printed(isTTY: boolean, options: Options, lasts = 0): Promise<string> {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 80 });
  const progress = new Progress({ stream, ...options });
  progress.step('Building');
  progress.detail('pip install \x1b[1mflask');
  await pause(lasts);
  progress.warn('old');
  progress.step('Switching');
  progress.stop();
  await pause(lasts);
  return String(stream.read() ?? '');
}

describe('progress', () => {
  it('is a line a step where there is no terminal, and where a program reads the answer', async () => {
    const lines = '• Building\nwarning: old\n• Switching\n';
    expect(await printed(false, {})).toBe(lines);
    expect(await printed(true, { plain: true, colour: 'never' })).toBe(lines);
  });

  it('is a live line on a terminal', async () => {
    const text = await printed(true, { colour: 'never' });
    expect(text).toContain('\r\x1b[2K');
    expect(text).toMatch(/• Building\n[\s\S]*• Switching\n/);
  });

  it('a plain step that takes long says so, and where it is; none does after its end', async () => {
    const text = await printed(false, { goesOnMs: 40 }, 100);
    expect(text).toMatch(/^• Building\n(?: {2}0 s: pip install \[1mflask\n)+warning: old\n• Switching\n$/);
  });

  it('quiet leaves the warnings', async () => {
    const options = { quiet: true, colour: 'never', goesOnMs: 10 } as const;
    for (const isTTY of [false, true]) expect(await printed(isTTY, options, 50)).toBe('warning: old\n');
  });
});
