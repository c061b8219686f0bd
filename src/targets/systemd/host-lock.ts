import os from 'node:os';
import { DeploykitError } from '../../errors.js';
import type { Host } from '../../host/host.js';

// The lock is the kernel's, held by a process on the host that ends with the connection: it cannot become stale.
const SCRIPT = `mkdir -p "$1" && exec 9>>"$1/lock"
flock -n 9 || { echo "held by $(cat "$1/lock.holder")"; exit 75; }
printf '%s\\n' "$2" > "$1/lock.holder"
echo locked
cat > /dev/null`;

/** Takes a deployment's lock on a host until released, or until the connection or this process ends. @throws DK_LOCKED. */
export async function lockHost(host: Host, root: string, command: string): Promise<() => Promise<void>> {
  const who = `${os.userInfo().username}@${os.hostname()}: ${command}, since ${new Date().toISOString()}`;
  const held = await host.hold(['sh', '-c', SCRIPT, 'sh', root, who]);
  if (held.line === 'locked') return held.release;
  await held.release();
  if (held.line.startsWith('held by ')) {
    throw new DeploykitError('DK_LOCKED', `${host.name}: this deployment is ${held.line.trim()}`, {
      hint: 'Wait until it ends; the lock goes with its connection.',
    });
  }
  throw new DeploykitError('DK_HOST_FAILED', `${host.name}: the lock cannot be taken`, {
    excerpt: held.line.trim(),
    hint: 'The login must be root, or may run sudo without a password.',
  });
}
