import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Deployment, GET, startLoad } from './deployment.js';

const HANG_SECONDS = 15;
const MAX_REQUESTS = 20;

const STILL = `
import ctypes

@app.route("/still")
def still():
    ctypes.CDLL(None).usleep(300 * 1000000)
    return "moved"
`;

// The client does not wait for what never comes: the worker stands still all the same.
const ASK_STILL = `${GET.replace('8000/', '8000/still').replace('timeout=60', 'timeout=1')} 2> /dev/null || true`;

/** Workers that are replaced under the unit's hardening: one whose hub stands still, and those that served their number. */
export function replaced({ vm, file, deploykit, up, release }: Deployment): void {
  const stats = async (): Promise<{ workerPids: number[]; hung: number; restarts: number }> =>
    (await deploykit('status')).json.data.stats;

  it('a hub that stands still: status counts it, it is replaced, and the journal names the line', async () => {
    appendFileSync(file('s1.py'), STILL);
    const settings = `[server]\nhang_timeout = ${HANG_SECONDS}\nmax_requests = ${MAX_REQUESTS}\n`;
    writeFileSync(
      file('deploykit.toml'),
      readFileSync(file('deploykit.toml'), 'utf8').replace('[server]\n', settings),
    );
    const result = await up();
    expect(result.json.data, result.stdout).toMatchObject({ changed: true });
    const before = await stats();
    expect(before).toMatchObject({ workers: 2, hung: 0 });
    vm().sh(ASK_STILL);
    await expect.poll(stats, { timeout: 15_000 }).toMatchObject({ workers: 2, hung: 1 });
    const lines = readFileSync(file('s1.py'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('usleep')) + 1;
    const told = `hung and was replaced: nothing else of it ran for ${HANG_SECONDS} s, at /srv/shop/releases/${await release()}/app/s1.py:${line} in still`;
    const journal = (): string => vm().sh('journalctl --no-pager -o cat -u "shop@*" -n 100');
    await expect.poll(journal, { timeout: 40_000, interval: 1000 }).toContain(told);
    expect(vm().sh(GET)).toBe('200');
    expect(await stats()).toMatchObject({ workers: 2, hung: 0, restarts: 1 });
  });

  it('workers that served max_requests are replaced one after another, and no request is lost', async () => {
    const { workerPids: old } = await stats();
    const load = await startLoad(vm());
    const deadline = Date.now() + 90_000;
    const left = async (): Promise<number[]> => (await stats()).workerPids.filter((pid) => old.includes(pid));
    while ((await left()).length > 0 && Date.now() < deadline) await pause(1000);
    const { sent, failed } = await load.stop();
    expect(await left()).toEqual([]);
    expect(failed).toBe(0);
    expect(sent).toBeGreaterThan(MAX_REQUESTS);
  });
}
