import { describe, expect, it } from 'vitest';
import { DeploykitError } from '../../../src/errors.js';
import { onEachHost } from '../../../src/targets/systemd/on-each.js';

const hosts = (n: number) => Array.from({ length: n }, (_, index) => ({ name: `web${index + 1}` }));
const broken = (name: string) => new DeploykitError('DK_HOST_FAILED', `${name}: disk full`);

// Steps that say when they begin and end when they are told to.
function steps() {
  const begun: string[] = [];
  const ends = new Map<string, { ok(): void; fail(): void }>();
  const step = ({ name }: { name: string }) =>
    new Promise<string>((resolve, reject) => {
      begun.push(name);
      ends.set(name, { ok: () => resolve(name), fail: () => reject(broken(name)) });
    });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string, how: 'ok' | 'fail') => {
    ends.get(name)?.[how]();
    await settled();
  };
  return { begun, step, end };
}

describe('a step on every host', () => {
  it('is the canary alone first, then the others side by side; results keep the order', async () => {
    const { begun, step, end } = steps();
    const all = onEachHost(hosts(3), step);
    expect(begun).toEqual(['web1']);
    await end('web1', 'ok');
    expect(begun).toEqual(['web1', 'web2', 'web3']);
    await end('web3', 'ok');
    await end('web2', 'ok');
    expect(await all).toEqual(['web1', 'web2', 'web3']);
  });

  it('a canary that fails is the only one begun', async () => {
    const { begun, step, end } = steps();
    const all = onEachHost(hosts(3), step);
    const failure = expect(all).rejects.toMatchObject({
      code: 'DK_HOST_FAILED',
      message: 'web1: disk full',
      details: {
        hosts: [
          { host: 'web1', outcome: 'failed', message: 'web1: disk full' },
          { host: 'web2', outcome: 'not begun' },
          { host: 'web3', outcome: 'not begun' },
        ],
      },
    });
    await end('web1', 'fail');
    await failure;
    expect(begun).toEqual(['web1']);
  });

  it('a later failure lets those that are under way end, and begins no other', async () => {
    const { begun, step, end } = steps();
    const all = onEachHost(hosts(12), step);
    const failure = all.catch((error: unknown) => error as DeploykitError);
    await end('web1', 'ok');
    expect(begun).toHaveLength(9);
    await end('web5', 'fail');
    for (const name of ['web2', 'web3', 'web4', 'web6', 'web7', 'web8', 'web9']) await end(name, 'ok');
    const { message, details } = (await failure) as DeploykitError;
    expect(message).toBe('web5: disk full');
    expect(details.hosts?.map(({ outcome }) => outcome)).toEqual([
      ...['done', 'done', 'done', 'done', 'failed', 'done', 'done', 'done', 'done'],
      ...['not begun', 'not begun', 'not begun'],
    ]);
    expect(begun).toHaveLength(9);
  });

  it('one host alone fails as it is; no host is nothing to do', async () => {
    const error = broken('web1');
    await expect(onEachHost(hosts(1), () => Promise.reject(error))).rejects.toBe(error);
    expect(await onEachHost([], () => Promise.reject(error))).toEqual([]);
  });
});
