import os from 'node:os';
import { DeploykitError } from '../../errors.js';
import { loadTemplate } from '../../host/templates.js';
import { changeArguments } from './change.js';
import { type HostFacts, readFacts } from './facts.js';
import { OnHost } from './on-host.js';

// The host waits for a minute at most: of a connection that broke without a word it would never know.
const ALIVE_MS = 15_000;

export interface Held {
  /** Its signal fires when the lock is lost, too. */
  on: OnHost;
  /** As they are under the lock. */
  facts: HostFacts;
}

/**
 * Changes a deployment on a host under its lock. When the work fails, is interrupted, or this process or the connection
 * ends, the host itself undoes what was begun.
 * @param action what to write to the audit log on the host, e.g. `up 1a2b3c4d5e6f`.
 * @throws DeploykitError DK_LOCKED naming the holder; DK_HOST_UNREACHABLE when the connection breaks.
 */
export async function underLock<T>(
  on: OnHost,
  name: string,
  action: string,
  facts: HostFacts,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const { line, say, release, ended } = await takeLock(on, name, action);
  const lost = new AbortController();
  let working = true;
  ended.then(() => {
    if (working) lost.abort(connectionBroke(on.host.name));
  });
  const alive = setInterval(() => say('alive\n'), ALIVE_MS);
  const held = new OnHost(on.host, on.reporter, AbortSignal.any([on.signal, lost.signal]));
  let end = '';
  try {
    const same = line === state(facts);
    const now = same ? facts : await readFacts(held.host, name, loadTemplate('host/facts.sh'), held.signal);
    const result = await work({ on: held, facts: now });
    end = 'done\n';
    return result;
  } catch (error) {
    end = `failed, ${(error as Error).message.replace(/\s+/g, ' ')}\n`;
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    working = false;
    clearInterval(alive);
    await release(end);
  }
}

async function takeLock(on: OnHost, name: string, action: string): ReturnType<OnHost['host']['hold']> {
  const who = `${os.userInfo().username}@${os.hostname()}: deploykit ${action}`;
  const held = await on.host.hold(changeArguments('hold', name, [who]));
  if (held.line.startsWith('locked ')) return held;
  await held.release('');
  if (held.line.startsWith('held by ')) {
    throw new DeploykitError('DK_LOCKED', `${on.host.name}: this deployment is ${held.line.trim()}`, {
      hint: 'Wait until it ends; the lock goes with its connection.',
    });
  }
  throw new DeploykitError('DK_HOST_FAILED', `${on.host.name}: the lock cannot be taken`, {
    excerpt: held.line.trim(),
    hint: 'The login must be root, or may run sudo without a password.',
  });
}

// What change.sh says of the host once it holds the lock: another change may have come between facts and lock.
function state({ current, releases, active }: HostFacts): string {
  const each = (items: string[]): string => items.map((item) => `${item} `).join('');
  return `locked ${current ?? ''} | ${each(releases)}| ${each(active)}`;
}

function connectionBroke(host: string): DeploykitError {
  return new DeploykitError('DK_HOST_UNREACHABLE', `the connection to ${host} broke during the change`, {
    hint: `What served goes on serving; ${host} undoes by itself what was begun. When "ssh ${host} true" works: deploykit up`,
  });
}
