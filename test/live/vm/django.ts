import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startDjangoProject } from '../../helpers/apps.js';
import { cli } from '../../helpers/cli.js';
import { tempProject } from '../../helpers/temp.js';
import { type Vm, vmTarget } from '../../helpers/vm.js';

/** Another framework, from nothing: only the host's name is written into the project file. */
export function django(vm: () => Vm): void {
  it('Django from nothing: init, up, and bench proves 2 × 100', { timeout: 900_000 }, async () => {
    const dir = tempProject();
    startDjangoProject(dir);
    const deploykit = (...args: string[]) => cli([...args, '--json'], { cwd: dir });
    expect((await deploykit('init', '--name', 'mysite')).json.ok).toBe(true);
    appendFileSync(path.join(dir, 'deploykit.toml'), `\n${vmTarget(vm(), 'vm', 'build = "local"')}`);
    const result = await deploykit('up', '-t', 'vm', '--async', '100');
    expect(result.json.ok, result.stdout).toBe(true);
    const bench = await deploykit('bench', '-t', 'vm', '--no-throughput');
    expect(bench.json.data, bench.stdout).toMatchObject({ verdict: 'PASS', wave: { waves: [200, 20] } });
    expect((await deploykit('down', '-t', 'vm', '--purge')).json.ok).toBe(true);
  });
}
