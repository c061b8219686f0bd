import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Deployment } from './deployment.js';

// What the two starts of an update take on two quiet cores under emulation, in seconds: a machine with other work to do
// takes longer for them and for the rest alike.
const QUIET_STARTS = 8;
// The tutorial's handler sleeps so long, in seconds; the instance is asked once before the other is let go.
const ANSWER = 1;

/** What `up` itself takes, apart from the application. */
export function cost({ vm, file, deploykit, up }: Deployment): void {
  it('no changes take under 3 s, and a change of the source under 10 s apart from the application', async () => {
    const timed = async (): Promise<number> => {
      const began = performance.now();
      expect((await up()).json.ok).toBe(true);
      return (performance.now() - began) / 1000;
    };
    // As root: sudo takes 0.1 s for each command, and more under emulation.
    const settings = readFileSync(file('deploykit.toml'), 'utf8');
    writeFileSync(file('deploykit.toml'), settings.replace('"vm-deploy"', '"vm"'));
    expect((await deploykit('status')).json.ok).toBe(true);
    const since = vm().sh('date +%s');
    appendFileSync(file('s1.py'), '# what it costs\n');
    const changed = await timed();
    const unchanged = await timed();
    writeFileSync(file('deploykit.toml'), settings);
    const starts = startSeconds(
      vm().sh(`journalctl --no-pager -o short-unix --since @${since} -u shop-trial -u 'shop@*'`),
    );
    expect(starts.length).toBe(2);
    const application = starts.reduce((sum, one) => sum + one, 0);
    const load = Math.max(1, application / QUIET_STARTS);
    const figures = `changed ${changed}, unchanged ${unchanged}, starts ${starts}`;
    expect((changed - application - ANSWER) / load, figures).toBeLessThan(10);
    expect(unchanged / load, figures).toBeLessThan(3);
  });
}

// From each start of a unit until its last worker has loaded the application.
function startSeconds(journal: string): number[] {
  const starts: { began: number; loaded: number }[] = [];
  for (const line of journal.split('\n')) {
    const at = Number(line.split(' ')[0]);
    if (/systemd\[1\]: Starting /.test(line)) starts.push({ began: at, loaded: Number.NaN });
    const last = starts.at(-1);
    if (last && /: WSGI app 0 .* ready in /.test(line)) last.loaded = at;
  }
  return starts.map(({ began, loaded }) => loaded - began);
}
