import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is removed when the test ends, with these files in it. */
export function tempProject(files: Record<string, string> = {}, options: { keep?: boolean } = {}): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'dk-'));
  if (!options.keep) onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), contents);
  }
  return dir;
}
