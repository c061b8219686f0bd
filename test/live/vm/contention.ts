import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Deployment, GET, startLoad } from './deployment.js';

/** What happens when the connection ends in the middle, and when two work on the same deployment. */
export function contention({ dir, vm, file, up, release }: Deployment): void {
  const state = (): string[] => vm().sh(STATE).split('\n');

  it('ssh cut at each step of an update: the host settles by itself, requests are served all the time', async () => {
    const load = await startLoad(vm());
    const serving = await release();
    appendFileSync(file('s1.py'), '# whole\n');
    const steps = stepsOf((await up()).stderr);
    expect(steps.length).toBeGreaterThan(3);
    for (const step of steps) {
      appendFileSync(file('s1.py'), `# cut at: ${step}\n`);
      const before = await release();
      let cut = false;
      const { exitCode, json } = await up({
        onStderr: (text) => {
          if (cut || !stepsOf(text).includes(step)) return;
          cut = true;
          cutConnection(vm().config);
        },
      });
      expect({ step, cut, exitCode, code: json.error?.code }).toEqual({
        ...{ step, cut: true, exitCode: 3, code: 'DK_HOST_UNREACHABLE' },
      });
      await expect.poll(state, { timeout: 60_000 }).toHaveLength(1);
      // Once it had been made current, what is left is to end the other.
      if (!step.startsWith('draining')) expect(state()).toEqual([`shop@${before}.service`]);
      expect(vm().sh(GET)).toBe('200');
    }
    expect((await up()).json.ok).toBe(true);
    expect(await release()).not.toBe(serving);
    expect(await load.stop()).toMatchObject({ failed: 0 });
  });

  it('two ups at once: one does it, the other exits 5 and says who holds the lock', async () => {
    const clone = `${dir}-clone`;
    appendFileSync(file('s1.py'), '# twice\n');
    cpSync(dir, clone, { recursive: true });
    const both = await Promise.all([up(), up({ cwd: clone })]);
    rmSync(clone, { recursive: true });
    const said = both.map(({ json }) => json.error?.message ?? 'done').sort();
    expect(said).toEqual(['done', expect.stringMatching(/held by \S+@\S+: deploykit up/)]);
    const [winner, loser] = both[0].exitCode === 0 ? both : both.toReversed();
    expect(winner?.json).toMatchObject({ ok: true, data: { changed: true } });
    expect(loser).toMatchObject({ exitCode: 5, json: { error: { code: 'DK_LOCKED' } } });
    expect(state()).toEqual([`shop@${winner?.json.data.release}.service`]);
  });
}

// Instances and trials that run, and what lies half-made.
const STATE = `systemctl list-units --plain --no-legend --state=active,activating,deactivating 'shop@*' 'shop-*' | awk '{ print $1 }'
ls -d /srv/shop/releases/*.partial /srv/shop/changing 2> /dev/null || true`;

// What `up` reports while it works, without the release's name.
function stepsOf(stderr: string): string[] {
  return [...stderr.matchAll(/^\S+ \S+: (.+?)( [0-9a-f]{12}.*)?\n/gm)].map((match) => match[1] ?? '');
}

// Ends the shared connection, and with it every command that runs over it.
function cutConnection(config: string): void {
  const folder = path.join(
    process.env['XDG_RUNTIME_DIR'] ?? os.tmpdir(),
    `deploykit-ssh-${process.getuid?.()}`,
  );
  spawnSync('ssh', ['-F', config, '-o', `ControlPath=${folder}/%C`, '-O', 'exit', 'vm-deploy']);
}
