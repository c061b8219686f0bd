import { readFileSync, rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { TUTORIAL } from '../helpers/apps.js';
import { cli } from '../helpers/cli.js';
import { describeWith } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

// Every command of the README, in its order. The two npm commands are the clean-clone test and this run itself.
const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
  (match) => match[1] ?? '',
);
const commands = blocks
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => line.replace(/\s+#.*/, ''));

describeWith('process', 'the commands of the README', () => {
  // Quicker than the tutorial's: what the commands do is the same.
  const quick = TUTORIAL['s1.py'].replace('time.sleep(1)', 'time.sleep(0.2)');
  const dir = tempProject({ ...TUTORIAL, 's1.py': quick }, { keep: true });
  // Where they run must not decide whether they work: the README says so of both.
  const env = { DEPLOYKIT_SERVER_PORT: '0', DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  afterAll(async () => {
    await cli(['down', '--purge'], { cwd: dir, env });
    rmSync(dir, { recursive: true, force: true });
  });

  it('are all known to this test', () => {
    expect(commands.filter((line) => !line.startsWith('deploykit '))).toEqual(['npm run demo', 'npm test']);
  });

  it.each(commands.filter((line) => line.startsWith('deploykit ')))('%s', async (line) => {
    const { exitCode, stdout, stderr } = await cli(line.split(' ').slice(1), { cwd: dir, env });
    expect(exitCode, stdout + stderr).toBe(0);
    if (line.includes('--vs')) expect(rowsOf(stdout)).toEqual(rowsOf(readFileSync('README.md', 'utf8')));
    expect(stdout).not.toBe('');
  });
});

/** The names of the lines of the table in which shapes stand side by side. */
function rowsOf(text: string): string[] {
  const [, table = ''] = text.split(/^(?=Side by side)/m);
  const lines = table.split('\n').slice(1);
  const end = lines.findIndex((line) => !line.startsWith('  '));
  return lines.slice(0, end < 0 ? undefined : end).map((line) => line.trim().split(/ {2,}/)[0] ?? '');
}
