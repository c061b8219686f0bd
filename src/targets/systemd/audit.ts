import os from 'node:os';
import type { Host } from '../../host/host.js';

/** Appends who did what to the audit log on the host; the log is for people and never decides anything. */
export async function audit(host: Host, root: string, action: string, result: string): Promise<void> {
  const line = `${new Date().toISOString()} ${os.userInfo().username}@${os.hostname()} ${action}: ${result}`;
  await host.run(['sh', '-c', 'echo "$2" >> "$1/audit.log"', 'sh', root, line.replace(/[\r\n]+/g, ' ')]);
}
