import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { LOCKED_REQUIREMENTS } from '../../plan/layout.js';
import type { Layout } from '../../plan/types.js';

// uWSGI's own limit for a unix socket's path (core/socket.c); the longest name put below the run folder is counted in.
const SOCKET_PATH_MAX = 102;
const LONGEST_NAME = '-verify/master.fifo'.length;

/** Paths of a server on this machine: everything below `.deploykit/`, the sockets elsewhere when that is too deep. */
export function processLayout(projectDir: string, targetName: string, appDir: string, venv: string): Layout {
  const folder = path.join(projectDir, '.deploykit', targetName);
  return {
    project: projectDir,
    app: path.join(projectDir, appDir),
    venv,
    run: runFolder(path.join(folder, 'run')),
    ini: path.join(folder, 'uwsgi.ini'),
    helpers: folder,
    requirements: path.posix.join('.deploykit', targetName, LOCKED_REQUIREMENTS),
  };
}

function runFolder(wanted: string): string {
  if (Buffer.byteLength(wanted) + LONGEST_NAME <= SOCKET_PATH_MAX) return wanted;
  const id = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return path.join(process.env['XDG_RUNTIME_DIR'] ?? os.tmpdir(), `deploykit-${id}`);
}
