import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { recallFlags } from '../../src/flow/last-flags.js';
import { editedByHand } from '../../src/host/artefacts.js';
import { readRecord } from '../../src/host/files.js';
import { endRecorded } from '../../src/host/run.js';
import { readState } from '../../src/targets/process/state.js';
import { tempProject } from '../helpers/temp.js';

describe('what deploykit wrote down, damaged since', () => {
  test.each([
    ['.deploykit/manifest.json', (dir: string) => editedByHand(dir, 'deploykit.toml')],
    ['.deploykit/last-flags/process.json', (dir: string) => recallFlags(dir, 'process')],
    ['.deploykit/state.json', (dir: string) => readState(path.join(dir, '.deploykit'))],
    ['.deploykit/build.json', (dir: string) => endRecorded(path.join(dir, '.deploykit/build.json'))],
  ])('%s is named, with what follows from deleting it', async (name, read) => {
    const dir = tempProject({ 'deploykit.toml': '' });
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    for (const text of ['', '{"release": "1a2b']) {
      writeFileSync(file, text);
      await expect(read(dir)).rejects.toMatchObject({
        code: 'DK_CONFIG_INVALID',
        details: { file, hint: expect.stringMatching(/^Delete it: .+\.$/) },
      });
      expect(existsSync(file)).toBe(true);
    }
  });

  test('nothing written down is nothing', async () => {
    expect(await readRecord(path.join(tempProject({}), 'none.json'), '')).toBeNull();
  });
});
